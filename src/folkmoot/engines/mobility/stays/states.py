"""States of a device's time: it stays, it moves, or nothing is known of it (names of eurostat/multimno).

A run of events in one cell is a `stay` when it lasts, a `move` when it does not; between two runs further apart than the
gap allowed is `unknown`, without a cell. What passes between two runs closer than that is the way from one to the other and
has no row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir

STAY, MOVE, UNKNOWN = "stay", "move", "unknown"
STATES = (STAY, MOVE, UNKNOWN)
INSTANT = "timestamp('UTC', 6)"
"""Spark's instants know no zone until they are cast, and would come out of it without one."""
MICROSECONDS = 1_000_000


def microseconds(seconds: float) -> int:
    """Seconds as the whole microseconds that instants are compared in."""
    return round(seconds * MICROSECONDS)


def lasting(start: ir.TimestampValue, end: ir.TimestampValue) -> ir.IntegerValue:
    """Microseconds between two instants, exactly, alike on every backend."""
    found: Any = end.delta(start, unit="microsecond")
    return found


def told(runs: ir.Table, *, min_stay_seconds: float) -> ir.Table:
    """Rows of stays from runs with user_id, start, end, cell_id, events, open, and `since`.

    `since`: the end of the run before, where it is too long ago to know what passed; else null.
    """
    import ibis

    lasts = lasting(runs.start, runs.end) >= microseconds(min_stay_seconds)
    known, unknown = ibis.literal(0, "int8"), ibis.literal(1, "int8")
    both = runs.mutate(
        state=ibis.ifelse(lasts, STAY, MOVE),
        kind=ibis.ifelse(runs.since.notnull(), ibis.array([known, unknown]), ibis.array([known])).unnest(),
    )
    gap = both.kind == 1
    return both.select(
        user_id=both.user_id,
        start=ibis.ifelse(gap, both.since, both.start).cast(INSTANT),
        end=ibis.ifelse(gap, both.start, both.end).cast(INSTANT),
        cell_id=ibis.ifelse(gap, ibis.null("string"), both.cell_id),
        events=ibis.ifelse(gap, ibis.literal(0, "int64"), both.events),
        state=ibis.ifelse(gap, UNKNOWN, both.state),
        open=ibis.ifelse(gap, False, both.open),
    )
