"""Visits: an area entered and left again, how long they last, and on how many days a device comes. For `disclose`.

>>> dwell_labels((15, 60))
('under 15 min', '15 to 60 min', '60 min and over')
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.footfall.ground import in_areas
from folkmoot.engines.mobility.footfall.present import STATES
from folkmoot.engines.mobility.instants import LONDON, local_day, seconds

if TYPE_CHECKING:
    import ibis.expr.types as ir

DWELL_BANDS = (15, 30, 60, 120, 240, 480)
"""Minutes at which bands of dwell begin."""
RETURN_BANDS = (("1 day", 1), ("2 days", 2), ("3 to 4 days", 4))
OFTEN = "5 days and more"
MAX_AWAY_SECONDS = 1_800
"""Away for longer, a device comes anew. Assumed."""


def visits(
    stays: ir.Table, served: ir.Table, *, max_away_seconds: int = MAX_AWAY_SECONDS, states: tuple[str, ...] = STATES
) -> ir.Table:
    """area, user_id, visit (1, 2…), arrived, left, seconds (from arriving to leaving, breaks included).

    Stays in cells of the same area are one visit while the device is never away for longer than `max_away_seconds`.
    """
    import ibis

    there: Any = in_areas(stays, served, states=states)
    order = ["start", "end", "cell_id"]
    each = ibis.window(group_by=["area", "user_id"], order_by=order)
    away = seconds(there.start) - seconds(there.end.lag().over(each))
    begun = there.mutate(begins=ibis.ifelse((away <= max_away_seconds).fill_null(False), 0, 1))
    upto = ibis.cumulative_window(group_by=["area", "user_id"], order_by=order)
    numbered = begun.mutate(visit=begun.begins.sum().over(upto).cast("int64"))
    found = numbered.group_by("area", "user_id", "visit").agg(arrived=numbered.start.min(), left=numbered.end.max())
    lasted: Any = found.mutate(seconds=seconds(found["left"]) - seconds(found.arrived))
    return lasted


def dwell(visits: ir.Table, *, bands: tuple[int, ...] = DWELL_BANDS) -> ir.Table:
    """area, dwell (band of minutes), user_id, trips (visits): contributions to the distribution of dwell.

    Quantiles are computed from released bands (`dwell_quantiles`); a quantile of the visits themselves is somebody's visit.
    """
    import ibis

    labels = dwell_labels(bands)
    table: Any = visits
    band = ibis.cases(
        *((table.seconds < minutes * 60, label) for minutes, label in zip(bands, labels)), else_=labels[-1]
    )
    marked = table.mutate(dwell=band)
    found: Any = marked.group_by("area", "dwell", "user_id").agg(trips=marked.count().cast("int64"))
    return found


def returns(visits: ir.Table, *, first: date, last: date, zone: str = LONDON) -> ir.Table:
    """area, days (band of how many local days it came), user_id, trips (1): contributions to the return rate.

    Who comes on one day of the data may well have come before it: the longer the data, the truer the rate.
    """
    import ibis

    table: Any = visits
    came = table.mutate(day=local_day(table.arrived, first=first, last=last, zone=zone))
    days = came.select("area", "user_id", "day").distinct()
    counted = days.group_by("area", "user_id").agg(number=days.count())
    band = ibis.cases(*((counted.number <= most, label) for label, most in RETURN_BANDS), else_=OFTEN)
    found: Any = counted.select("area", "user_id", days=band, trips=ibis.literal(1, "int64"))
    return found.select("area", "days", "user_id", "trips")


def newcomers(visits: ir.Table, *, first: date, last: date, zone: str = LONDON) -> ir.Table:
    """area, day, kind (first, returned), user_id, trips (1): who comes for the first time in the data, day by day."""
    import ibis

    table: Any = visits
    came = table.mutate(day=local_day(table.arrived, first=first, last=last, zone=zone))
    days = came.select("area", "user_id", "day").distinct()
    earliest = days.day.min().over(ibis.window(group_by=["area", "user_id"]))
    kind = ibis.ifelse(days.day == earliest, "first", "returned")
    found: Any = days.mutate(kind=kind, trips=ibis.literal(1, "int64"))
    return found.select("area", "day", "kind", "user_id", "trips")


def dwell_labels(bands: tuple[int, ...] = DWELL_BANDS) -> tuple[str, ...]:
    """Names of the bands, in order."""
    if not bands or list(bands) != sorted(set(bands)) or bands[0] <= 0:
        raise MobilityError(f"Bands of dwell begin at minutes that rise, above 0; {bands} do not.")
    between = [f"{low} to {high} min" for low, high in pairwise(bands)]
    return (f"under {bands[0]} min", *between, f"{bands[-1]} min and over")
