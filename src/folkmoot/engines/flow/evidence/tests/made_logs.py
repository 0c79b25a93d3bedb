"""Small logs made by hand: what the tests of this room begin with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from folkmoot.engines.flow.logs import EventLog
from folkmoot.engines.flow.logs.log import SCHEMA

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)

type Event = tuple[str, str, str | None, float | None, float]


def made_log(*events: Event, zone: str = "Europe/London", day_resolution: bool = False) -> EventLog:
    """A log of events (case, activity, resource, start, end), times in hours since Monday 5 January 2026."""
    rows = [
        {
            "case_id": case, "activity": activity, "resource": resource, "row": number,
            "started_at": None if start is None else MONDAY + timedelta(hours=start),
            "completed_at": MONDAY + timedelta(hours=end),
        }
        for number, (case, activity, resource, start, end) in enumerate(events, start=1)
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    table = table.sort_by([("case_id", "ascending"), ("completed_at", "ascending"), ("row", "ascending")])
    return EventLog(table, zone, day_resolution, table["started_at"].null_count < len(table))
