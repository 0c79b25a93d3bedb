"""People are not vehicles: how many cars carry so many people by road.

Car occupancy per trip, all-week averages of DfT TAG data book table A1.3.3 as updated from the National Travel Survey 2023
and 2024 (announced 16 April 2026 for v2.03): commuting 1.07, other 1.69, business 1.11, all purposes 1.55. A home-based work
trip is taken as commuting and a home-based other trip as other; a trip that is not home-based, or of unknown purpose, mixes
all, which is an assumption.

>>> OCCUPANCY["unknown"]
1.55
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError

if TYPE_CHECKING:
    import ibis.expr.types as ir

OCCUPANCY: Mapping[str, float] = MappingProxyType({"HBW": 1.07, "HBO": 1.69, "NHB": 1.55, "unknown": 1.55})


def vehicles(
    counts: ir.Table, *, people: str = "trips", occupancy: float | Mapping[str, float] = OCCUPANCY
) -> ir.Table:
    """Rows of travel by road with `vehicles` = people ÷ occupancy, by purpose where the rows have one.

    Takes counts of people after disclosure and expansion; a driver and a passenger are two people in one vehicle. Rows of
    another mode than road keep a null.
    """
    import ibis

    table: Any = counts
    by_purpose = dict(occupancy) if isinstance(occupancy, Mapping) else {"unknown": float(occupancy)}
    for name, value in by_purpose.items():
        if not value >= 1:
            raise MobilityError(f"An occupancy of {value} for {name} leaves cars without a driver; give 1 or more.")
    usual = by_purpose.get("unknown", 1.0)
    each: Any = ibis.literal(usual)
    if "purpose" in table.columns and isinstance(occupancy, Mapping):
        each = ibis.cases(*((table.purpose == name, value) for name, value in by_purpose.items()), else_=usual)
    carried = table[people].cast("float64") / each
    by_road = carried if "mode" not in table.columns else ibis.ifelse(table["mode"] == "road", carried, None)
    found: Any = table.mutate(vehicles=by_road)
    return found
