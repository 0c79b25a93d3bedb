"""Trips' ends and homes put into zones: homes as residents are spread, everything else as devices themselves tell.

A cell at which a device lives is taken to be where people live, in proportion to residents; any other cell where something
goes on, in proportion to what is known of that or learned (`where.learned`). Then each device and cell is drawn a zone
(`trips.drawn`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from folkmoot.engines.mobility.where import Confusion, Footprint, Zones


@dataclass(frozen=True, eq=False)
class Placed:
    """`zones`: user_id, cell_id, zone_id (null outside) of trips' ends; `homes`: user_id, home_zone of every device."""

    zones: pa.Table = field(repr=False)
    homes: pa.Table = field(repr=False)
    confusion: Confusion = field(repr=False)
    statements: tuple[str, ...]


def placed(
    made: Any,
    places: Any,
    even: Footprint,
    zones: Zones,
    *,
    residents: Mapping[str, float] | None,
    activity: Mapping[str, float] | None,
) -> Placed:
    """Zones for the ends of trips (`trips.between`) and for homes (`labels.places`), from a footprint under an even prior.

    `residents`, `activity`: numbers for every zone; what is not given is learned from the devices.
    """
    from folkmoot.engines.mobility.trips import drawn
    from folkmoot.engines.mobility.where import Confusion

    ends = _ends(made, places)
    lived, at_home = homes(places, even, zones, residents)
    there = ends["at_home"].combine_chunks()
    elsewhere = ends.filter(pc.invert(there))
    away = _under(even, zones, activity, _numbers(elsewhere["cell_id"], elsewhere["ends"]))
    who, cells = ends["user_id"], ends["cell_id"]
    zone = pc.if_else(there, drawn(who, cells, at_home), drawn(who, cells, away))
    total = pc.sum(ends["ends"]).as_py() or 1
    part = round(20 * (pc.sum(ends["ends"].filter(there)).as_py() or 0) / total) / 20
    said = "A device is counted in one of the zones that its cell serves, drawn with their chances, and always in the same."
    return Placed(
        pa.table({"user_id": who, "cell_id": cells, "zone_id": zone}),
        lived,
        Confusion.drawn([(at_home, part), (away, 1 - part)]),
        (*dict.fromkeys((*even.statements, *at_home.statements, *away.statements)), said),
    )


def homes(
    places: Any, even: Footprint, zones: Zones, residents: Mapping[str, float] | None
) -> tuple[pa.Table, Footprint]:
    """user_id and home_zone (null outside and without a home) of every device, and the footprint they were drawn from."""
    from folkmoot.engines.mobility.trips import drawn

    lived = places.select("user_id", "home_cell").to_pyarrow()
    held = _under(even, zones, residents, _numbers(lived["home_cell"]))
    return pa.table({"user_id": lived["user_id"], "home_zone": drawn(lived["user_id"], lived["home_cell"], held)}), held


def _ends(made: Any, places: Any) -> pa.Table:
    """user_id, cell_id, at_home, ends: how many ends of trips each device has at a cell."""
    import ibis

    both = ibis.union(*(made.select("user_id", cell_id=column) for column in ("origin_cell", "destination_cell")))
    counted = both.group_by("user_id", "cell_id").agg(ends=both.count())
    lived = places.select(home_user="user_id", home_cell="home_cell")
    joined = counted.left_join(lived, counted.user_id == lived.home_user)
    at_home = (joined.home_cell == joined.cell_id).fill_null(False)
    found: pa.Table = joined.select("user_id", "cell_id", "ends", at_home=at_home).to_pyarrow()
    return found


def _numbers(cells: Any, ends: Any = None) -> dict[str, float]:
    """{cell: how often it is there, or how many ends it has}."""
    table = pa.table({"cell": cells, "ends": pa.array(np.ones(len(cells))) if ends is None else ends})
    summed = table.filter(pc.is_valid(table["cell"])).group_by("cell").aggregate([("ends", "sum")])
    return dict(zip(summed["cell"].to_pylist(), summed["ends_sum"].to_pylist()))


def _under(even: Footprint, zones: Zones, known: Mapping[str, float] | None, devices: Mapping[str, float]) -> Footprint:
    from folkmoot.engines.mobility.where import learned
    from folkmoot.engines.mobility.where.prior import zone_density

    cells = set(even.cell_id)
    there = {cell: number for cell, number in devices.items() if cell in cells}
    return learned(even, there, density=None if known is None else zone_density(zones, known)[0])
