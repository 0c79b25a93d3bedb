"""The land of Aldermoor and its corridor: zones, what stands in them, the river, and the ways out of the map.

The town is round, with its centre in the middle; a river runs past the centre on the west; a dormitory town lies to
the east at the end of a corridor of road and rail. Zones are Voronoi cells of seeds that follow where people live
(Lloyd 1982), about one for every 1,700 residents as lower super output areas are, and one for each place that draws
people: centre, station, retail park, industrial estate, university, hospital, stadium and business park. All is in
kilometres east and north of the centre.

>>> land = lay(1, 3_000)
>>> land.kind[:3], len(land.gateways)
(('town centre', 'station', 'retail park'), 3)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.town.borough import CENTRE_LAT, CENTRE_LON, FIRST_LSOA, Floats, Ints
from folkmoot.town.randomness import generator

KM_PER_DEGREE = 111.32
RESIDENTS_PER_ZONE, FEWEST, MOST = 1_700, 6, 592
CORRIDOR_KM = 9.0
SPECIAL = (
    # Kind, name, where (in radii), homes relative to a residential zone, share of the jobs.
    ("town centre", "Market Place", (0.0, 0.0), 0.45, 0.28),
    ("station", "Aldermoor Central", (0.17, -0.07), 0.25, 0.04),
    ("retail park", "Staithe Retail Park", (0.62, 0.42), 0.05, 0.07),
    ("industrial estate", "Gasworks Industrial Estate", (-0.74, -0.28), 0.03, 0.20),
    ("university", "University of Aldermoor", (0.12, 0.52), 0.60, 0.07),
    ("hospital", "Aldermoor General Hospital", (-0.12, -0.50), 0.08, 0.09),
    ("stadium", "Abbey Park Stadium", (0.38, -0.62), 0.10, 0.01),
    ("business park", "Moorside Business Park", (-0.62, 0.45), 0.03, 0.14),
)
KINDS = tuple(row[0] for row in SPECIAL)


@dataclass(frozen=True, eq=False, slots=True)
class Land:
    """Places are the zones and, after them, the gateways: where people come from who do not live on the map."""

    residents: int
    radius: float
    dormitory: tuple[float, float]
    x: Floats
    y: Floats
    kind: tuple[str, ...]
    name: tuple[str, ...]
    zone_id: tuple[str, ...]
    polygons: tuple[Any, ...]
    homes: Floats
    imd_decile: Ints

    @property
    def zones(self) -> int:
        """How many zones there are."""
        return len(self.polygons)

    @property
    def gateways(self) -> Ints:
        """The numbers of the gateways: motorway north, motorway south, rail west."""
        return np.arange(self.zones, len(self.x))

    def of_kind(self, kind: str) -> int:
        """The first zone of a kind."""
        return self.kind.index(kind)

    def river(self, north: Any) -> Any:
        """Where the river is, in km east, at a distance north of the centre."""
        return self.radius * (-0.34 + 0.05 * np.sin(3.1 * np.asarray(north) / self.radius))

    def west_of_river(self, east: Any, north: Any) -> Any:
        """Whether a point lies on the far bank."""
        return np.asarray(east) < self.river(north)


def lon(east: Any) -> Any:
    """Longitudes of kilometres east, to six places."""
    return np.round(CENTRE_LON + np.asarray(east) / (KM_PER_DEGREE * np.cos(np.radians(CENTRE_LAT))), 6)


def lat(north: Any) -> Any:
    """Latitudes of kilometres north, to six places."""
    return np.round(CENTRE_LAT + np.asarray(north) / KM_PER_DEGREE, 6)


def lay(seed: int, residents: int) -> Land:
    """The land for so many residents; its radius grows with the cube root, so that large places are denser."""
    from shapely import Point

    radius = max(4.0, 6.5 * (residents / 40_000) ** (1 / 3))
    dormitory = (radius + CORRIDOR_KM, 0.12 * radius)
    residential = int(np.clip(round(residents / RESIDENTS_PER_ZONE), FEWEST, MOST))
    commuters = max(2, round(0.12 * residential))
    spot = generator(seed, "movement", "zones")
    special = np.array([row[2] for row in SPECIAL]) * radius
    away = radius * (0.15 + 0.8 * spot.random(residential - commuters) ** 0.6)
    angle = 2 * np.pi * spot.random(residential - commuters)
    seeds = np.column_stack([away * np.cos(angle), away * np.sin(angle)])
    seeds = _settle(spot, special, seeds, _scatter_town(spot, radius, 40 * (residential + 40)))
    reach = 1.6 + 0.16 * radius
    around = np.array(dormitory) + _scatter_town(spot, reach, commuters)
    around = _settle(spot, np.empty((0, 2)), around, np.array(dormitory) + _scatter_town(spot, reach, 60 * commuters))
    village = np.array([[radius + 0.45 * CORRIDOR_KM, 0.06 * radius]])
    points = np.concatenate([special, seeds, around, village])
    outline = Point(0, 0).buffer(radius * 1.05).union(Point(*dormitory).buffer(reach * 1.1))
    outline = outline.union(_strip(radius, dormitory))
    polygons = _cells(points, outline)
    middle = np.array([(p.representative_point().x, p.representative_point().y) for p in polygons])
    fixed = np.arange(len(points)) < len(SPECIAL)
    x, y = np.where(fixed, points[:, 0], middle[:, 0]), np.where(fixed, points[:, 1], middle[:, 1])
    kind = (*KINDS, *["residential"] * (residential - commuters), *["dormitory"] * commuters, "village")
    crowding = 0.6 + spot.random(len(points))
    homes = np.where(fixed, np.concatenate([[row[3] for row in SPECIAL], np.ones(len(points) - len(SPECIAL))]), 1.0)
    gate_x = np.array([-(radius + 1.2), -(radius + 1.2), -(radius + 7.0)])
    gate_y = np.array([radius + 6.0, -(radius + 6.0), -0.10 * radius])
    affluence = 0.55 * np.hypot(x, y) * 6.5 / radius - 0.25 * x + 1.6 * spot.standard_normal(len(x))
    rank = np.argsort(np.argsort(affluence, kind="stable"), kind="stable")
    return Land(
        residents,
        radius,
        dormitory,
        np.concatenate([x, gate_x]),
        np.concatenate([y, gate_y]),
        (*kind, "gateway", "gateway", "gateway"),
        (*_names(kind), "M99 north", "M99 south", "Railway west"),
        tuple(f"E{FIRST_LSOA + i:08d}" for i in range(len(points))),
        tuple(polygons),
        homes * crowding,
        1 + rank * 10 // len(rank),
    )


def _names(kind: tuple[str, ...]) -> list[str]:
    names = [row[1] for row in SPECIAL]
    town = {"residential": "Aldermoor", "dormitory": "Staithe", "village": "Fen End"}
    count = dict.fromkeys(town, 0)
    for each in kind[len(SPECIAL) :]:
        i = count[each]
        count[each] += 1
        names.append(f"{town[each]} {i // 5 + 1:03d}{'ABCDE'[i % 5]}")
    return names


def _scatter_town(spot: np.random.Generator, radius: float, n: int) -> Floats:
    """Points of a disc, denser towards its middle."""
    away, angle = radius * spot.random(n) ** 0.62, 2 * np.pi * spot.random(n)
    return np.column_stack([away * np.cos(angle), away * np.sin(angle)])


def _settle(spot: np.random.Generator, fixed: Floats, moving: Floats, sample: Floats) -> Floats:
    """Lloyd's algorithm: each moving seed goes to the middle of the sample nearest to it; the fixed ones stay."""
    from scipy.spatial import cKDTree

    for _ in range(10):
        _, nearest = cKDTree(np.concatenate([fixed, moving])).query(sample)
        mine = nearest - len(fixed)
        kept = mine >= 0
        count = np.bincount(mine[kept], minlength=len(moving))
        total = [np.bincount(mine[kept], sample[kept, axis], minlength=len(moving)) for axis in (0, 1)]
        middle = np.column_stack(total) / np.maximum(count, 1)[:, None]
        moving = np.where(count[:, None] > 0, middle, moving)
    return moving + 0.01 * spot.standard_normal(moving.shape)


def _strip(radius: float, dormitory: tuple[float, float]) -> Any:
    from shapely import LineString

    return LineString([(0.5 * radius, 0.0), dormitory]).buffer(1.0)


def _cells(points: Floats, outline: Any) -> list[Any]:
    """The Voronoi cell of each point within the outline."""
    from shapely import MultiPoint, Polygon, voronoi_polygons

    cells = voronoi_polygons(MultiPoint(points), extend_to=outline.envelope.buffer(5.0), ordered=True).geoms
    inside = [cell.intersection(outline) for cell in cells]
    return [max(each.geoms, key=lambda part: part.area) if not isinstance(each, Polygon) else each for each in inside]


def scatter(spot: np.random.Generator, land: Land, zone: Ints) -> tuple[Floats, Floats]:
    """A random point of each of these zones."""
    from shapely import contains_xy, prepare

    east, north = np.empty(len(zone)), np.empty(len(zone))
    order = np.argsort(zone, kind="stable")
    bounds = np.searchsorted(zone[order], np.arange(land.zones + 1))
    for number, polygon in enumerate(land.polygons):
        mine = order[bounds[number] : bounds[number + 1]]
        prepare(polygon)
        left, low, right, high = polygon.bounds
        while len(mine):
            x = left + (right - left) * spot.random(len(mine))
            y = low + (high - low) * spot.random(len(mine))
            good = contains_xy(polygon, x, y)
            east[mine[good]], north[mine[good]] = x[good], y[good]
            mine = mine[~good]
    return east, north
