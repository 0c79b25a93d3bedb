"""Where event data lives: schemas, Parquet, retention."""
