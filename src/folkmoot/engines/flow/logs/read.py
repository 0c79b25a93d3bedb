"""Open a log of any kind, told apart by name and first bytes: separated text, XES, OCEL 2.0, or our own Parquet."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

from folkmoot.engines.flow.logs.log import SCHEMA, EventLog, LogError, LogRead, Rejected
from folkmoot.engines.flow.logs.mapping import Mapping
from folkmoot.engines.flow.logs.opening import LARGEST, opened

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_log(
    path: str | Path, mapping: Mapping | None = None, *, zone: str = "Europe/London", largest: int = LARGEST
) -> LogRead:
    """Read a log. `zone` is for times without an offset, `largest` the bytes it may unfold to.

    Raises `LogError` when it is no log at all; rows that are none are in the result's `rejected`.
    """
    path = Path(path)
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise LogError(f"“{zone}” is not a time zone; write it like Europe/London.") from None
    if not path.is_file():
        raise LogError(f"There is no file “{path}”.")
    with opened(path, largest) as file:
        start = file.peek(4096)[:4096]
        if start.startswith(b"PAR1"):
            return _read_parquet(path, mapping)
        for bom, name in BOMS:
            if start.startswith(bom):
                start = start.decode(name, errors="ignore").encode()
                break
        start = start.lstrip()
        kind = path.name.lower().removesuffix(".gz")
        if kind.endswith(".xes") or start.startswith((b"<?xml", b"<log")):
            from folkmoot.engines.flow.logs.xes import read_xes

            return read_xes(file, mapping, zone=zone)
        data = file.read()
    if kind.endswith((".json", ".jsonocel")) or start.startswith(b"{"):
        from folkmoot.engines.flow.logs.ocel import read_ocel

        return read_ocel(data, mapping, zone=zone)
    from folkmoot.engines.flow.logs.separated import read_separated

    return read_separated(data, mapping, zone=zone)


def _read_parquet(path: Path, given: Mapping | None) -> LogRead:
    """A normalised log written by `folkmoot flow analyse`: nothing in it needs reading twice."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        said = json.loads((table.schema.metadata or {})[b"folkmoot.log"])
        log = EventLog(
            table.select([*SCHEMA.names, *(n for n in table.column_names if n not in SCHEMA.names)]),
            str(said["zone"]),
            bool(said["day_resolution"]),
            table["started_at"].null_count < len(table),
        )
    except (pa.ArrowException, KeyError, ValueError) as error:
        raise LogError(
            f"“{path.name}” is Parquet, but not a log that `folkmoot flow analyse` wrote. Export the log as CSV."
        ) from error
    rejected = Rejected(pa.table({"row": pa.array([], pa.int64()), "reason": [], "fields": []}))
    mapping = Mapping(case="case_id", activity="activity", timestamp="completed_at", resource="resource")
    if given:
        mapping = mapping.with_given(Mapping(admission=given.admission, discharge=given.discharge))
    return LogRead(log, mapping, rejected, ("The log was normalised before.",), len(table), 0)
