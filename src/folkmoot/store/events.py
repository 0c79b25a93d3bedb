"""Normalised events as one Parquet file, with the schema checked on the way in and out."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

STAMP = pa.timestamp("us", "UTC")
EVENTS = pa.schema(
    [
        ("case_id", pa.string()),
        ("activity", pa.string()),
        ("resource", pa.string()),
        ("started_at", STAMP),
        ("completed_at", STAMP),
        ("row", pa.int64()),
    ]
)


def write_events(table: pa.Table, path: Path) -> None:
    """Write events; raises `ValueError` when the table is not one of events."""
    if not table.schema.equals(EVENTS):
        raise ValueError(f"These are not normalised events: the columns are {', '.join(table.column_names)}.")
    pq.write_table(table, path, compression="zstd")


def read_events(path: Path) -> pa.Table:
    """Read events written by `write_events`."""
    table = pq.read_table(path)
    if not table.schema.equals(EVENTS):
        raise ValueError(
            f"“{path.name}” does not hold normalised events: its columns are {', '.join(table.column_names)}."
        )
    return table
