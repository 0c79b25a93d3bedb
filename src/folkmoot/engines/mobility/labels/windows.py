"""Stays cut into windows of local time: nights, working hours, single hours.

A window belongs to the local day on which it begins, so the night of 2 March ends on the morning of the 3rd. Its length is
in real seconds: the night in which clocks go forward is an hour shorter.

>>> begins_and_lasts((21, 7)), begins_and_lasts((9, 17))
((75600, 36000), (32400, 28800))
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.instants import DAY, HOUR, LONDON, offsets, seconds

if TYPE_CHECKING:
    import ibis.expr.types as ir


def begins_and_lasts(window: tuple[int, int]) -> tuple[int, int]:
    """(seconds after midnight at which a window of local hours begins, seconds it lasts on a day without clock change)."""
    begins, ends = window
    if not (0 <= begins < 24 and 0 <= ends <= 24):
        raise MobilityError(f"A window from hour {begins} to hour {ends} is no part of a day; give hours from 0 to 24.")
    return begins * HOUR, ((ends - begins - 1) % 24 + 1) * HOUR


def bounded(stays: ir.Table, *, first: date, last: date) -> ir.Table:
    """Stays with `from_second` and `to_second` (UTC), cut to a day before `first` until a day after `last`.

    A clock that went wrong by years would otherwise be cut into thousands of windows.
    """
    import ibis

    if last < first:
        raise MobilityError(f"The period ends on {last}, before it begins on {first}; exchange the two dates.")
    low = int(datetime.combine(first - timedelta(days=1), time(), UTC).timestamp())
    high = int(datetime.combine(last + timedelta(days=2), time(), UTC).timestamp())
    cut: Any = stays.mutate(
        from_second=ibis.greatest(seconds(stays.start), ibis.literal(low, "int64")),
        to_second=ibis.least(seconds(stays.end), ibis.literal(high, "int64")),
    )
    found: Any = cut.filter(cut.from_second < cut.to_second)
    return found


def clipped(stays: ir.Table, window: tuple[int, int], *, first: date, last: date, zone: str = LONDON) -> ir.Table:
    """Every stay once for each window it reaches into: `window` (local day of its beginning), `seconds` within."""
    import ibis

    begins, lasts = begins_and_lasts(window)
    steps = offsets(zone, first, last)
    cut: Any = bounded(stays, first=first, last=last)
    cut = cut.mutate(
        low=(_local(cut.from_second, steps) - (begins + lasts)) // DAY,
        high=(_local(cut.to_second, steps) - begins) // DAY,
    )
    cut = cut.mutate(window=ibis.range(cut.low.cast("int64"), cut.high.cast("int64") + 1).unnest().cast("int64"))
    opens: Any = cut.window * DAY + begins
    cut = cut.mutate(
        seconds=ibis.least(cut.to_second, _universal(opens + lasts, steps))
        - ibis.greatest(cut.from_second, _universal(opens, steps))
    )
    found: Any = cut.filter(cut.seconds > 0).drop("low", "high", "from_second", "to_second")
    return found


def hours(stays: ir.Table, *, first: date, last: date, zone: str = LONDON) -> ir.Table:
    """Every stay once for each hour it reaches into: `day` (local, days since 1970), `hour` (local), `seconds` within.

    Hours are those of UTC, shown in local time; that is the same for zones that are whole hours ahead. When clocks go
    back, the hour that happens twice is one hour.
    """
    import ibis

    cut: Any = bounded(stays, first=first, last=last)
    cut = cut.mutate(slot=ibis.range(cut.from_second // HOUR, (cut.to_second - 1) // HOUR + 1).unnest().cast("int64"))
    shown = _local(cut.slot * HOUR, offsets(zone, first, last))
    cut = cut.mutate(
        day=(shown // DAY).cast("int64"),
        hour=(shown % DAY // HOUR).cast("int64"),
        seconds=ibis.least(cut.to_second, (cut.slot + 1) * HOUR) - ibis.greatest(cut.from_second, cut.slot * HOUR),
    )
    found: Any = cut.drop("slot", "from_second", "to_second")
    return found


def _local(at: Any, steps: tuple[tuple[int, int], ...]) -> Any:
    """Local seconds of seconds in UTC."""
    return at + _ahead(at, [(since, offset) for since, offset in steps])


def _universal(shown: Any, steps: tuple[tuple[int, int], ...]) -> Any:
    """Seconds in UTC of local seconds. Of the hour that happens twice, the second; of the one that never does, after it."""
    return shown - _ahead(shown, [(since + offset, offset) for since, offset in steps])


def _ahead(at: Any, steps: list[tuple[int, int]]) -> Any:
    import ibis

    ahead: Any = ibis.literal(steps[0][1], "int64")
    for since, offset in steps[1:]:
        ahead = ibis.ifelse(at >= since, ibis.literal(offset, "int64"), ahead)
    return ahead
