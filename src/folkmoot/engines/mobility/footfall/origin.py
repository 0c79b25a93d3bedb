"""Where visitors come from: contributions by home zone, and from the released counts rings of distance and who lives there.

Who visitors are is told by where they live, at area level only: the mix of the zones they come from, weighted by how many
come. Nobody's age or means are known, and people of one zone are taken to visit alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.footfall.shares import by_area
from folkmoot.engines.mobility.trips.counts import OUTSIDE, likely
from folkmoot.engines.mobility.trips.distance import MEAN_RADIUS_METRES

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from folkmoot.engines.mobility.disclose import Releasable

UNKNOWN = "unknown"
RINGS = (0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class Ring:
    """The distance within which a share of an area's visitors live, as far as they are released."""

    area: str
    share: float
    kilometres: float
    zones: int
    visitors: float
    """Released visitors with a home zone: what the ring is a share of."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Share of a group among an area's visitors, beside its share among all people of the zones given."""

    area: str
    kind: str
    group: str
    share: float
    of_everybody: float

    @property
    def index(self) -> float:
        """100 where the group is as common among visitors as among everybody; 0 where there is nobody of it."""
        return 100 * self.share / self.of_everybody if self.of_everybody else 0.0


def catchment(
    visits: ir.Table, places: ir.Table, cell_zone: ir.Table, *, most_outside: float = 0.5, outside: str = OUTSIDE
) -> ir.Table:
    """area, home_zone, user_id, trips (1): contributions of an area's devices by where their home is.

    `visits` are rows with area and user_id (visits, visitors, or those of one role). The home zone is the likely one of the
    home's cell, or of each device its own where `cell_zone` has user_id and home_zone (`od.placing.homes`); “outside” beyond
    all zones, “unknown” for devices without a home label.
    """
    import ibis

    table: Any = visits
    devices = table.select("area", "user_id").distinct()
    labels: Any = places.select(labelled_user="user_id", home_cell="home_cell")
    joined = devices.left_join(labels, devices.user_id == labels.labelled_user)
    if "user_id" in cell_zone.columns:
        own: Any = cell_zone.select(zoned_user="user_id", home_zone="home_zone")
        joined = joined.left_join(own, joined.user_id == own.zoned_user)
    else:
        zones: Any = likely(cell_zone, most_outside=most_outside).select(home_of="cell_id", home_zone="zone_id")
        joined = joined.left_join(zones, joined.home_cell == zones.home_of)
    zone = ibis.ifelse(joined.home_cell.isnull(), UNKNOWN, joined.home_zone.cast("string").fill_null(outside))
    found: Any = joined.select("area", "user_id", home_zone=zone, trips=ibis.literal(1, "int64"))
    return found.select("area", "home_zone", "user_id", "trips")


def rings(
    released: Releasable,
    centres: Mapping[str, tuple[float, float]],
    area_centres: Mapping[str, tuple[float, float]],
    *,
    shares: tuple[float, ...] = RINGS,
) -> list[Ring]:
    """Distances within which shares of the released visitors live; centres are (longitude, latitude) in degrees.

    A zone is in a ring whole. Visitors from outside, of unknown home or suppressed are not in it, so far-away places with
    few visitors each are missing: rings are rather too small than too large.
    """
    found = []
    for area, counts in by_area(released, "home_zone").items():
        if area not in area_centres:
            raise MobilityError(f"Area “{area}” has no centre; give its longitude and latitude.")
        reached = sorted(
            (_kilometres(centres[zone], area_centres[area]), zone, count)
            for zone, count in counts.items()
            if zone in centres and count > 0
        )
        total = sum(count for *_, count in reached)
        for share in shares:
            within, zones = 0.0, 0
            for kilometres, _, count in reached:
                within, zones = within + count, zones + 1
                if within >= share * total - 1e-9:
                    found.append(Ring(area, share, kilometres, zones, total))
                    break
    return found


def demographics(released: Releasable, people: pa.Table) -> list[Mix]:
    """The mix of an area's visitors by that of the zones they live in, weighted by released visitors of each zone.

    `people` has zone_id, kind (as age band, deprivation decile), group, people. Zones it does not know are left out.
    """
    if gone := {"zone_id", "kind", "group", "people"} - set(people.column_names):
        raise MobilityError(f"The table of people has no column {', '.join(sorted(gone))}.")
    held: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    everybody: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in people.to_pylist():
        zone, kind, group = str(row["zone_id"]), str(row["kind"]), str(row["group"])
        held[kind][zone][group] = held[kind][zone].get(group, 0.0) + float(row["people"])
        everybody[kind][group] += float(row["people"])
    found = []
    for area, counts in by_area(released, "home_zone").items():
        for kind, zones in held.items():
            shares: dict[str, float] = defaultdict(float)
            total = 0.0
            for zone, count in counts.items():
                if living := sum(zones.get(zone, {}).values()):
                    total += count
                    for group, number in zones[zone].items():
                        shares[group] += count * number / living
            whole = sum(everybody[kind].values())
            found += [
                Mix(area, kind, group, shares[group] / total, number / whole)
                for group, number in sorted(everybody[kind].items())
                if total
            ]
    return found


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    up, along = radians(other[1] - one[1]) / 2, radians(other[0] - one[0]) / 2
    chord = sin(up) ** 2 + cos(radians(one[1])) * cos(radians(other[1])) * sin(along) ** 2
    return 2 * MEAN_RADIUS_METRES / 1_000 * asin(min(1.0, sqrt(chord)))
