"""Where event data lives: normalised logs as Parquet files, and tables for people as CSV that no spreadsheet can obey."""

from folkmoot.store.events import read_events, write_events
from folkmoot.store.sheets import write_csv

__all__ = ["read_events", "write_csv", "write_events"]
