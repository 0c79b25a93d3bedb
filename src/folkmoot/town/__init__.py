"""The synthetic town: the only source of demo, test and benchmark data of our own."""
