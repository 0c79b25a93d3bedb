"""Pages of estates: may they, do it, show it."""
