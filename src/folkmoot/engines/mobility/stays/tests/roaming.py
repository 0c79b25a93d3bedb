"""Stays on coordinates as anybody would write them down: slow, with the textbook distance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

import pyarrow as pa

EARTH_METRES = 6_371_000.0

type Fix = tuple[str, datetime, float, float]


def metres(one: Fix, two: Fix) -> float:
    up, along = radians(two[2] - one[2]), radians(two[3] - one[3])
    a = sin(up / 2) ** 2 + cos(radians(one[2])) * cos(radians(two[2])) * sin(along / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(a))


def stays(
    fixes: Iterable[Fix],
    *,
    radius: float,
    min_stay: float,
    max_gap: float,
    drop_at_gap: bool = False,
    last: bool = True,
) -> Iterator[tuple[Any, ...]]:
    """User, start, end, number of fixes and whether it is open."""
    by_user: dict[str, list[Fix]] = {}
    for fix in sorted(fixes):
        by_user.setdefault(fix[0], []).append(fix)
    least = timedelta(seconds=min_stay)
    for user, track in sorted(by_user.items()):
        held = [track[0]]
        for fix in [*track[1:], None]:
            if fix and fix[1] - held[-1][1] <= timedelta(seconds=max_gap):
                if metres(held[0], fix) < radius:
                    held.append(fix)
                    continue
                until, counts = fix[1], True
            else:
                until, counts = held[-1][1], last if fix is None else not drop_at_gap
            if counts and until - held[0][1] >= least:
                yield user, held[0][1], until, len(held), fix is None
            if fix:
                held = [fix]


def table(fixes: Iterable[Fix]) -> pa.Table:
    """Fixes as Arrow, in the order given."""
    listed = list(fixes)
    return pa.table(
        {
            "user_id": pa.array([fix[0] for fix in listed], pa.string()),
            "timestamp": pa.array([fix[1] for fix in listed], pa.timestamp("us", "UTC")),
            "latitude": pa.array([fix[2] for fix in listed], pa.float64()),
            "longitude": pa.array([fix[3] for fix in listed], pa.float64()),
        }
    )


def found(rows: pa.Table) -> list[tuple[Any, ...]]:
    """The stays among the rows, as `stays` gives them."""
    names = ("user_id", "start", "end", "events", "open")
    return sorted(tuple(row[name] for name in names) for row in rows.to_pylist() if row["state"] == "stay")
