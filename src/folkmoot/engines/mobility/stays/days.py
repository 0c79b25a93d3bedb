"""Days joined: the run that one day left open goes on in the next, across midnight and whatever the time zone.

Each day's runs are computed and kept by themselves, so that a day whose events came late is computed again from all of them
and replaced, and the days are joined anew. Joining what is joined already changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.engines.mobility.stays.cell import MAX_GAP_SECONDS, MIN_STAY_SECONDS
from folkmoot.engines.mobility.stays.states import UNKNOWN, lasting, microseconds, told

if TYPE_CHECKING:
    import ibis.expr.types as ir

RUN = ("user_id", "start", "end", "cell_id", "events")


def join(
    first: ir.Table,
    second: ir.Table,
    *,
    max_gap_seconds: float = MAX_GAP_SECONDS,
    min_stay_seconds: float = MIN_STAY_SECONDS,
) -> ir.Table:
    """All rows of both days as if they had been one, by the same limits as each of them.

    Both are what `cell.runs` gives, all states: two short runs on either side of midnight may be one stay together. `first`
    may be a join itself. Ping-pong is handled after joining (`pingpong.smooth`), since it may cross midnight too.
    """
    both = known(first).union(known(second), distinct=False)
    return merged(_once(both), max_gap_seconds=max_gap_seconds, min_stay_seconds=min_stay_seconds)


def known(stays: ir.Table) -> ir.Table:
    """The runs among rows of stays: gaps are found anew where runs change."""
    return stays.filter(stays.state != UNKNOWN).select(*RUN)


def _once(runs: ir.Table) -> ir.Table:
    """Without runs that lie within another of the same device and cell: they are parts of it, joined before."""
    import ibis

    here = ibis.rows_window(group_by=["user_id", "cell_id"], order_by=["start", ibis.desc("end")], preceding=(None, 1))
    seen = runs.mutate(reached=runs.end.max().over(here))
    return seen.filter(seen.reached.isnull() | (seen.end > seen.reached)).drop("reached")


def merged(runs: ir.Table, *, max_gap_seconds: float, min_stay_seconds: float) -> ir.Table:
    """Rows of stays from runs, of which neighbours in time in one cell become one."""
    import ibis

    each = ibis.window(group_by="user_id", order_by=["start", "end", "cell_id"])
    seen = runs.mutate(cell_before=runs.cell_id.lag().over(each), before=runs.end.lag().over(each))
    late = lasting(seen.before, seen.start) > microseconds(max_gap_seconds)
    begins = seen.before.isnull() | (seen.cell_id != seen.cell_before) | late
    counted = seen.mutate(
        begins=begins.ifelse(1, 0), since=late.fill_null(False).ifelse(seen.before, ibis.null(seen.before.type()))
    )
    numbered = counted.mutate(
        number=counted.begins.sum().over(
            ibis.cumulative_window(group_by="user_id", order_by=["start", "end", "cell_id"])
        )
    )
    one = numbered.group_by("user_id", "number").aggregate(
        start=numbered.start.min(),
        end=numbered.end.max(),
        cell_id=numbered.cell_id.min(),
        events=numbered.events.sum(),
        # Only the first of the runs that become one can come after a gap.
        since=numbered.since.min(),
    )
    last = one.number == one.number.max().over(ibis.window(group_by="user_id"))
    return told(one.mutate(open=last), min_stay_seconds=min_stay_seconds)
