"""Normalised events as one Parquet file, with the schema checked on the way in and out."""

from __future__ import annotations

import json
from collections.abc import Mapping
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


ABOUT = b"folkmoot.log"


def write_events(table: pa.Table, path: Path, *, about: Mapping[str, object] | None = None) -> None:
    """Write events, which may have further columns of text; `about` goes with them as JSON.

    Raises `ValueError` when the table is not one of events. The file appears when it is whole.
    """
    _check(table, "The table")
    metadata = {ABOUT: json.dumps(dict(about or {}))}
    part = path.with_name(path.name + ".part")
    pq.write_table(table.replace_schema_metadata(metadata), part, compression="zstd")
    part.replace(path)


def read_events(path: Path) -> tuple[pa.Table, dict[str, object]]:
    """Read what `write_events` wrote: the events and what was said about them."""
    table = pq.read_table(path)
    _check(table, f"“{path.name}”")
    return table, dict(json.loads((table.schema.metadata or {}).get(ABOUT, b"{}")))


def _check(table: pa.Table, what: str) -> None:
    events = pa.schema(list(table.schema)[: len(EVENTS)])
    further = list(table.schema)[len(EVENTS) :]
    if not events.equals(EVENTS) or any(field.type != pa.string() for field in further):
        columns = ", ".join(f"{field.name} ({field.type})" for field in table.schema)
        raise ValueError(f"{what} does not hold normalised events: its columns are {columns}.")
