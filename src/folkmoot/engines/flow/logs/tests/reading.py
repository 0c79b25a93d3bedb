"""Write a few lines to a file and read them as a log: what the tests of this room begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from folkmoot.engines.flow.logs import LogRead, Mapping, read_log

HEAD = "case,activity,time,group\n"


def log_of(folder: Path, text: str | bytes, mapping: Mapping | None = None, **options: Any) -> LogRead:
    """The log that a file holding `text` is read as."""
    path = folder / "log.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_log(path, mapping, **options)


def times_of(read: LogRead) -> list[str]:
    """When events completed, as ISO 8601 in UTC, in the order of the file."""
    rows = sorted(read.log.table.to_pylist(), key=lambda row: row["row"])
    return [row["completed_at"].isoformat().replace("+00:00", "Z") for row in rows]


def reasons_of(read: LogRead) -> dict[int, str]:
    """Why each row was set aside, by its number."""
    return dict(zip(read.rejected.table["row"].to_pylist(), read.rejected.table["reason"].to_pylist()))
