"""Who is in an area, hour by hour and day by day. Rows hold devices, for `disclose` and nobody else.

>>> import pyarrow as pa
>>> dated(pa.table({"day": [20514]}))["day"].to_pylist()
['2026-03-02']
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.footfall.ground import in_areas
from folkmoot.engines.mobility.instants import LONDON
from folkmoot.engines.mobility.labels.windows import clipped, hours

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

STATES = ("stay",)
"""Who passes through does not stay; with ("stay", "move") passers-by count as well."""
EPOCH = date(1970, 1, 1).toordinal()


def presence(
    stays: ir.Table,
    served: ir.Table,
    *,
    first: date,
    last: date,
    states: tuple[str, ...] = STATES,
    min_seconds: int = 1,
    zone: str = LONDON,
) -> ir.Table:
    """area, day, hour, user_id, trips (1), seconds: contributions of devices present in each local hour.

    A device in several hours counts in each. `day` is in days since 1970 (`dated` writes it out); `served` is of `areas`;
    present is who was there `min_seconds` of the hour. The hour that happens twice in October is one.
    """
    cut: Any = hours(in_areas(stays, served, states=states), first=first, last=last, zone=zone)
    return _there(cut, ("area", "day", "hour"), min_seconds)


def visitors(
    stays: ir.Table,
    served: ir.Table,
    *,
    first: date,
    last: date,
    states: tuple[str, ...] = STATES,
    min_seconds: int = 1,
    zone: str = LONDON,
) -> ir.Table:
    """area, day, user_id, trips (1), seconds: contributions of distinct devices a local day."""
    cut: Any = clipped(in_areas(stays, served, states=states), (0, 24), first=first, last=last, zone=zone)
    return _there(cut.rename(day="window"), ("area", "day"), min_seconds)


def _there(cut: Any, keys: tuple[str, ...], min_seconds: int) -> Any:
    """A row for each key and device that was there long enough, in all its pieces together."""
    import ibis

    each = cut.group_by(*keys, "user_id").agg(seconds=cut.seconds.sum().cast("int64"))
    found = each.filter(each.seconds >= min_seconds).mutate(trips=ibis.literal(1, "int64"))
    return found.select(*keys, "user_id", "trips", "seconds")


def dated(contributions: pa.Table) -> pa.Table:
    """The same rows with `day` written as 2026-03-02."""
    import pyarrow as pa

    at = contributions.column_names.index("day")
    days = contributions.column("day").combine_chunks().dictionary_encode()
    said = [date.fromordinal(EPOCH + day).isoformat() for day in days.dictionary.to_pylist()]
    text = pa.DictionaryArray.from_arrays(days.indices, pa.array(said, pa.string())).cast(pa.string())
    return contributions.set_column(at, "day", text)
