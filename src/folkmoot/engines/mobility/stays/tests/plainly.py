"""Stays as anybody would write them down with pencil and paper: slow, and no code in common with what is tested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
COLUMNS = ("user_id", "start", "end", "cell_id", "events", "state", "open")

type Event = tuple[str, datetime, str]
type Row = tuple[Any, ...]


def at(seconds: float) -> datetime:
    return NOON + timedelta(microseconds=round(seconds * 1e6))


@dataclass
class Run:
    user: str
    cell: str
    times: list[datetime]


def runs(events: Iterable[Event], *, max_gap: float = 3600, min_stay: float = 600) -> list[Row]:
    """Rows of `COLUMNS`, sorted."""
    found: list[Run] = []
    for user, when, cell in sorted(events):
        last = found[-1] if found else None
        near = last and last.user == user and when - last.times[-1] <= timedelta(seconds=max_gap)
        if last and near and last.cell == cell:
            last.times.append(when)
        else:
            found.append(Run(user, cell, [when]))
    rows: list[Row] = []
    for run, following in zip(found, [*found[1:], None]):
        start, end = run.times[0], run.times[-1]
        state = "stay" if end - start >= timedelta(seconds=min_stay) else "move"
        alone = following is None or following.user != run.user
        rows.append((run.user, start, end, run.cell, len(run.times), state, alone))
        if following and not alone and following.times[0] - end > timedelta(seconds=max_gap):
            rows.append((run.user, end, following.times[0], None, 0, "unknown", False))
    return ordered(rows)


def ordered(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row[0], row[1], row[2], row[3] or "", row[5]))


def table(events: Iterable[Event]) -> pa.Table:
    """Events as Arrow, in the order given."""
    listed = list(events)
    return pa.table(
        {
            "user_id": pa.array([user for user, _, _ in listed], pa.string()),
            "timestamp": pa.array([when for _, when, _ in listed], pa.timestamp("us", "UTC")),
            "cell_id": pa.array([cell for _, _, cell in listed], pa.string()),
        }
    )


def rows(found: pa.Table) -> list[Row]:
    """What was found, as rows in the order of `ordered`."""
    return ordered(tuple(row[name] for name in COLUMNS) for row in found.to_pylist())
