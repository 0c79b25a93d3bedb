"""Which local days a batch of events touches, and batches that arrive late.

A day is checked again as a whole when more of it arrives: `union` of what was there and what came, then `check`. Events that
come twice are duplicates, so a day that is run again, or a batch that is sent again, changes nothing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.instants import LONDON, seconds
from folkmoot.engines.mobility.quality.columns import typed

if TYPE_CHECKING:
    import ibis.expr.types as ir

DAY_ZERO = date(1970, 1, 1)


def days_touched(events: ir.Table, *, zone: str = LONDON) -> dict[date, int]:
    """{local day: events on it} of a batch, in order; events without an instant are not counted. Runs the expression."""
    found: dict[date, int] = {}
    for row in _by_hour(events).to_pyarrow().to_pylist():
        day = datetime.fromtimestamp(row["hour"] * 3600, UTC).astimezone(ZoneInfo(zone)).date()
        found[day] = found.get(day, 0) + row["events"]
    return dict(sorted(found.items()))


def _by_hour(events: Any) -> Any:
    table = typed(events).table if "timestamp" not in events.columns or events.timestamp.type().is_string() else events
    held = table.filter(table.timestamp.notnull()).select(hour=(seconds(table.timestamp) // 3600).cast("int64"))
    return held.group_by("hour").aggregate(events=held.count())


def period_of(events: ir.Table, *, zone: str = LONDON) -> tuple[date, date]:
    """First and last local day of the events. Runs the expression."""
    at = events.aggregate(first=seconds(events.timestamp.min()), last=seconds(events.timestamp.max()))
    row: Any = at.to_pyarrow().to_pylist()[0]
    if row["first"] is None:
        raise MobilityError("There is no event with an instant. Check the column timestamp.")
    tz = ZoneInfo(zone)
    first, last = (datetime.fromtimestamp(row[end], UTC).astimezone(tz).date() for end in ("first", "last"))
    return first, last


def union(*batches: ir.Table) -> ir.Table:
    """All events of the batches, those that came twice too: `check` finds them."""
    if not batches:
        raise MobilityError("There is no batch of events to put together.")
    names = [name for name in batches[0].columns if all(name in each.columns for each in batches)]
    lost = sorted({name for each in batches for name in each.columns} - set(names))
    if lost:
        raise MobilityError(
            f"Batches differ in their columns: {', '.join(lost)} is not in all of them. Write them with the same columns."
        )
    made: Any = batches[0].select(*names)
    for each in batches[1:]:
        made = made.union(each.select(*names))
    return made


def local_hours(first: date, last: date, *, zone: str = LONDON) -> list[tuple[int, str]]:
    """[(hour since 1970 in UTC, how the wall clock shows it)] of the days: 23 or 25 of them where the clock changes.

    >>> len(local_hours(date(2026, 3, 29), date(2026, 3, 29))), len(local_hours(date(2026, 10, 25), date(2026, 10, 25)))
    (23, 25)
    """
    tz = ZoneInfo(zone)
    start = datetime(first.year, first.month, first.day, tzinfo=tz).astimezone(UTC)
    after = last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=tz).astimezone(UTC)
    hours = range(int(start.timestamp()) // 3600, int(end.timestamp()) // 3600)
    return [(hour, f"{datetime.fromtimestamp(hour * 3600, tz):%Y-%m-%d %H:%M %Z}") for hour in hours]
