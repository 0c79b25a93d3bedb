"""Instants in expressions that mean the same on every backend.

`EPOCH()` has fractions on DuckDB and none on Spark, and each has its own idea of time zones; so seconds are cut before
they are counted, and local time is an offset looked up in the transitions of the zone, written into the expression.

>>> offsets("Europe/London", date(2026, 3, 28), date(2026, 3, 30))
((1774569600, 0), (1774746000, 3600))
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import ibis.expr.types as ir

LONDON = "Europe/London"
HOUR, DAY = 3600, 86_400


def seconds(instant: ir.TimestampValue) -> ir.IntegerValue:
    """Whole seconds since 1970 in UTC, floor.

    Cutting the instant first would ask a calendar for every row on DuckDB, at ten times the cost; the floor of EPOCH's
    fraction is the same number, since microseconds are four steps of a double of that size.
    """
    found: Any = instant.epoch_seconds().cast("float64").floor().cast("int64")
    return found


def offsets(zone: str, first: date, last: date) -> tuple[tuple[int, int], ...]:
    """(instant in seconds from which it holds, seconds ahead of UTC), from the day before `first` to the day after `last`."""
    tz = ZoneInfo(zone)
    at = int(datetime.combine(first - timedelta(days=1), time(), UTC).timestamp())
    end = int(datetime.combine(last + timedelta(days=2), time(), UTC).timestamp())
    found: list[tuple[int, int]] = []
    while at <= end:
        ahead = datetime.fromtimestamp(at, tz).utcoffset()
        assert ahead is not None
        if not found or found[-1][1] != ahead.total_seconds():
            found.append((at, int(ahead.total_seconds())))
        at += HOUR
    return tuple(found)


def local_seconds(instant: ir.TimestampValue, *, first: date, last: date, zone: str = LONDON) -> ir.IntegerValue:
    """Seconds since 1970 that the clock on the wall shows in `zone`, clock changes between `first` and `last` included."""
    import ibis

    whole = seconds(instant)
    steps = offsets(zone, first, last)
    ahead: Any = ibis.literal(steps[0][1], "int64")
    for since, offset in steps[1:]:
        ahead = ibis.ifelse(whole >= since, ibis.literal(offset, "int64"), ahead)
    found: Any = whole + ahead
    return found


def local_hour(instant: ir.TimestampValue, *, first: date, last: date, zone: str = LONDON) -> ir.IntegerValue:
    """Hour of the local day, 0 to 23."""
    shown: Any = local_seconds(instant, first=first, last=last, zone=zone)
    return (shown % DAY // HOUR).cast("int64")


def local_day(instant: ir.TimestampValue, *, first: date, last: date, zone: str = LONDON) -> ir.IntegerValue:
    """Local date as days since 1970-01-01."""
    shown: Any = local_seconds(instant, first=first, last=last, zone=zone)
    return (shown // DAY).cast("int64")
