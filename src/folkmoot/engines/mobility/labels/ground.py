"""The usual ground of a device: how lasting its presence at each cell is, and which cells make up its everyday life."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.instants import LONDON
from folkmoot.engines.mobility.labels.dwell import staying
from folkmoot.engines.mobility.labels.windows import clipped

if TYPE_CHECKING:
    import ibis.expr.types as ir

WHOLE_DAY = (0, 24)


def permanence(stays: ir.Table, *, first: date, last: date, zone: str = LONDON) -> ir.Table:
    """user_id, cell_id, seconds, days (local days seen there), permanence (share of all dwell), frequency (of days seen).

    A cell with permanence 0.6 and frequency 1 is where the device spends 60 % of the time that is known, every day.
    """
    import ibis

    cut: Any = clipped(staying(stays), WHOLE_DAY, first=first, last=last, zone=zone)
    once = cut.group_by("user_id", "cell_id", "window").agg(seconds=cut.seconds.sum())
    seen = once.group_by("user_id", "window").agg(dwelled=once.seconds.sum())
    days: Any = seen.group_by(seen_user="user_id").agg(days_seen=seen.count())
    cells = once.group_by("user_id", "cell_id").agg(seconds=once.seconds.sum().cast("int64"), days=once.count())
    total = cells.seconds.sum().over(ibis.window(group_by="user_id")).cast("float64")
    cells = cells.mutate(permanence=cells.seconds.cast("float64") / total)
    joined = cells.inner_join(days, cells.user_id == days.seen_user)
    found: Any = joined.mutate(frequency=joined.days.cast("float64") / joined.days_seen.cast("float64")).drop(
        "seen_user", "days_seen"
    )
    return found


def usual_environment(
    stays: ir.Table, *, first: date, last: date, share: float = 0.9, min_days: int = 1, zone: str = LONDON
) -> ir.Table:
    """The fewest cells that hold `share` of a device's dwell, of those seen on `min_days` days or more: `permanence`'s rows.

    A device outside its usual environment is on a trip out of the ordinary (multimno's term). The cell with which the
    share is reached belongs to it.
    """
    import ibis

    cells: Any = permanence(stays, first=first, last=last, zone=zone)
    order = [cells.seconds.desc(), cells.cell_id.asc()]
    held = cells.seconds.sum().over(ibis.cumulative_window(group_by="user_id", order_by=order))
    total = cells.seconds.sum().over(ibis.window(group_by="user_id"))
    # Held before this cell: counted in whole seconds, so that the last cell does not hang on a rounded share.
    marked = cells.mutate(before=(held - cells.seconds).cast("float64"), total=total.cast("float64"))
    found: Any = marked.filter((marked.before < marked.total * share) & (marked.days >= min_days)).drop(
        "before", "total"
    )
    return found
