"""From trips to the rows that count: origin, destination, hour, and still the device, for `disclose` and nobody else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.instants import LONDON, local_hour

if TYPE_CHECKING:
    import ibis.expr.types as ir

OUTSIDE = "outside"
"""The zone of cells that lie in no zone: a trip that comes in or goes out is kept, and says so."""


def likely(cell_zone: ir.Table, *, most_outside: float = 0.5) -> ir.Table:
    """cell_id, zone_id, probability: for each cell the zone it most probably serves; ties go to the first code.

    A cell has a null zone where it serves none with a probability above `most_outside`. Raise that where it is known that
    devices are in the zones, as when nobody lives around them.
    """
    import ibis

    table: Any = cell_zone
    if "probability" not in table.columns:
        only: Any = table.select("cell_id", "zone_id").mutate(probability=ibis.literal(1.0))
        return only
    table = table.select("cell_id", "zone_id", "probability")
    # Outside goes first or last of its cell, by what is allowed.
    rank = ibis.cases(
        (table.zone_id.isnull() & (table.probability > most_outside), 0), (table.zone_id.notnull(), 1), else_=2
    )
    ranked = table.mutate(rank=rank)
    order = ibis.window(
        group_by="cell_id", order_by=[ranked["rank"].asc(), ranked.probability.desc(), ranked.zone_id.asc()]
    )
    ranked = ranked.mutate(place=ibis.row_number().over(order))
    found: Any = ranked.filter(ranked.place == 0).drop("rank", "place")
    return found


def contributions(
    trips: ir.Table,
    cell_zone: ir.Table,
    *,
    first: date | None = None,
    last: date | None = None,
    hour: bool = False,
    mode: bool = False,
    purpose: bool = False,
    outside: str | None = OUTSIDE,
    zone: str = LONDON,
) -> ir.Table:
    """origin, destination [, hour] [, mode] [, purpose], user_id, trips: how often a device made this journey.

    Rows hold devices and may not leave: `disclose` counts devices, suppresses and only then releases. `cell_zone` has
    cell_id, zone_id and perhaps probability (then the likely zone counts), or user_id, cell_id, zone_id: a zone for each
    device and cell, as `drawn` gives it.
    The hour is that of the departure by the clock on the wall, and needs `first` and `last`, the local dates of the data.
    Journeys within a zone count. With `outside=None` journeys that touch no known zone at one end are left out.
    """
    table: Any = trips
    wanted = {"hour": hour, "mode": mode, "purpose": purpose}
    for name in ("mode", "purpose"):
        if wanted[name] and name not in table.columns:
            raise MobilityError(f"Trips have no column {name}; call trips.{name} on them first.")
    if hour and (first is None or last is None):
        raise MobilityError("Trips by hour need the first and last local date of the data; give first and last.")
    own = "user_id" in cell_zone.columns
    zones: Any = cell_zone if own else likely(cell_zone)
    for end, column in (("origin", "origin_cell"), ("destination", "destination_cell")):
        there = zones.select(**{f"{end}_of": "cell_id", end: "zone_id"}, **({f"{end}_user": "user_id"} if own else {}))
        same = [table[column] == there[f"{end}_of"], *([table.user_id == there[f"{end}_user"]] if own else [])]
        table = table.left_join(there, same).drop(*(name for name in there.columns if name != end))
    if outside is None:
        table = table.filter(table.origin.notnull() & table.destination.notnull())
    else:
        table = table.mutate(
            origin=table.origin.cast("string").fill_null(outside),
            destination=table.destination.cast("string").fill_null(outside),
        )
    if hour and first is not None and last is not None:
        table = table.mutate(hour=local_hour(table.departed, first=first, last=last, zone=zone))
    keys = ["origin", "destination", *(name for name, asked in wanted.items() if asked), "user_id"]
    found: Any = table.group_by(*keys).agg(trips=table.count().cast("int64"))
    return found
