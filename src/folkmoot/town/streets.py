"""The streets of Aldermoor: junctions, the streets between them, and how many minutes it takes to drive anywhere.

Junctions are the neighbourhoods' middles and a jittered grid between them. Two junctions are joined where the circle on
the line between them holds no third one (the graph of Gabriel and Sokal 1969), which is planar and connected and looks
like a town. Radial roads and a ring are fast, the streets of the centre slow. Every minute of travel in the town is a
shortest path over the table `streets`, so whoever reads that table can compute the same times.

>>> from folkmoot.town import borough
>>> web = lay(1, borough.places(1, 20))
>>> bool(np.isfinite(web.minutes(np.array([0]))).all())
True
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from folkmoot.town.borough import CENTRE_LAT, CENTRE_LON, Floats, Ints
from folkmoot.town.randomness import generator

SPACING_KM, EDGE_KM = 0.85, 7.6
CLEAR_KM = 0.15
WINDING = 1.15
RADIALS = 7
KPH = {"main road": 52.0, "street": 30.0, "high street": 17.0}
KM_PER_DEGREE = 111.32


@dataclass(frozen=True, eq=False, slots=True)
class Streets:
    """Junctions (`east`, `north`: km from the centre; the first `places` are the neighbourhoods) and streets, both ways."""

    places: int
    east: Floats
    north: Floats
    start: Ints
    end: Ints
    km: Floats
    minutes_along: Floats
    road: pa.Array

    def minutes(self, origins: Ints) -> Floats:
        """Driving minutes from each of these junctions (rows) to every junction (columns), to a hundredth."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import dijkstra

        n = len(self.east)
        graph = coo_array((self.minutes_along, (self.start, self.end)), shape=(n, n)).tocsr()
        minutes: Floats = np.round(dijkstra(graph, directed=False, indices=origins), 2)
        return minutes

    def lon(self, nodes: Ints) -> Floats:
        """Longitudes of junctions, to five places."""
        degrees: Floats = np.round(CENTRE_LON + self.east[nodes] / (KM_PER_DEGREE * np.cos(np.radians(CENTRE_LAT))), 5)
        return degrees

    def lat(self, nodes: Ints) -> Floats:
        """Latitudes of junctions, to five places."""
        return np.round(CENTRE_LAT + self.north[nodes] / KM_PER_DEGREE, 5)

    def nearest_free(self, east: float, north: float, taken: set[int]) -> int:
        """The junction, not a neighbourhood's and not taken, nearest to a position; it is taken from now on."""
        away = np.hypot(self.east - east, self.north - north)
        away[: self.places] = np.inf
        away[list(taken)] = np.inf
        node = int(np.argmin(away))
        taken.add(node)
        return node

    def tables(self) -> dict[str, pa.Table]:
        """The tables `junctions` and `streets`."""
        nodes = np.arange(len(self.east))
        return {
            "junctions": pa.table(
                {"node": pa.array(nodes), "lon": pa.array(self.lon(nodes)), "lat": pa.array(self.lat(nodes))}
            ),
            "streets": pa.table(
                {
                    "from_node": pa.array(self.start),
                    "to_node": pa.array(self.end),
                    "minutes": pa.array(self.minutes_along),
                    "metres": pa.array(np.round(self.km * 1000, 0)),
                    "road": self.road,
                    "from_lon": pa.array(self.lon(self.start)),
                    "from_lat": pa.array(self.lat(self.start)),
                    "to_lon": pa.array(self.lon(self.end)),
                    "to_lat": pa.array(self.lat(self.end)),
                }
            ),
        }


def lay(seed: int, places: pa.Table) -> Streets:
    """The streets through these neighbourhoods."""
    lon, lat = places["lon"].to_numpy(), places["lat"].to_numpy()
    east = (lon - CENTRE_LON) * KM_PER_DEGREE * np.cos(np.radians(CENTRE_LAT))
    north = (lat - CENTRE_LAT) * KM_PER_DEGREE
    more_east, more_north = _grid(seed, east, north)
    x, y = np.concatenate([east, more_east]), np.concatenate([north, more_north])
    start, end = _gabriel(x, y)
    km = WINDING * np.hypot(x[start] - x[end], y[start] - y[end])
    road = _road(x, y, start, end)
    speed = np.array(list(KPH.values()))[road]
    minutes = np.maximum(np.round(60.0 * km / speed, 3), 0.05)
    return Streets(len(lon), x, y, start, end, km, minutes, pa.array(list(KPH), pa.string()).take(pa.array(road)))


def _grid(seed: int, east: Floats, north: Floats) -> tuple[Floats, Floats]:
    """A jittered grid over the town, clear of the neighbourhoods' own junctions."""
    steps = np.arange(-EDGE_KM, EDGE_KM + SPACING_KM, SPACING_KM)
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps))
    x = x + (generator(seed, "junctions-east").random(len(x)) - 0.5) * 0.7 * SPACING_KM
    y = y + (generator(seed, "junctions-north").random(len(y)) - 0.5) * 0.7 * SPACING_KM
    nearest = np.hypot(x[:, None] - east, y[:, None] - north).min(axis=1)
    keep = (np.hypot(x, y) <= EDGE_KM) & (nearest > CLEAR_KM)
    return x[keep], y[keep]


def _gabriel(x: Floats, y: Floats) -> tuple[Ints, Ints]:
    """Pairs of points whose circle holds no third; they are among the edges of the Delaunay triangulation."""
    from scipy.spatial import Delaunay, cKDTree

    triangles = Delaunay(np.column_stack([x, y])).simplices
    pairs = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]), axis=1)
    pairs = np.unique(pairs, axis=0).astype(np.int64)
    middle = np.column_stack([x[pairs].mean(axis=1), y[pairs].mean(axis=1)])
    radius = 0.5 * np.hypot(x[pairs[:, 0]] - x[pairs[:, 1]], y[pairs[:, 0]] - y[pairs[:, 1]])
    nearest, _ = cKDTree(np.column_stack([x, y])).query(middle)
    keep = nearest >= radius * (1 - 1e-9)
    return pairs[keep, 0], pairs[keep, 1]


def _road(x: Floats, y: Floats, start: Ints, end: Ints) -> Ints:
    """0 main road, 1 street, 2 high street: by where the middle of the street lies and which way it runs."""
    mid_x, mid_y = 0.5 * (x[start] + x[end]), 0.5 * (y[start] + y[end])
    away, bearing = np.hypot(mid_x, mid_y), np.arctan2(mid_y, mid_x)
    off = np.abs((bearing * RADIALS / (2 * np.pi) + 0.5) % 1.0 - 0.5) * 2 * np.pi / RADIALS * away
    run_x, run_y = x[end] - x[start], y[end] - y[start]
    outward = np.abs(run_x * mid_x + run_y * mid_y) / np.maximum(np.hypot(run_x, run_y) * away, 1e-12)
    main = ((off < 0.45) & (outward > 0.6)) | ((np.abs(away - 4.4) < 0.5) & (outward < 0.6))
    return np.where(away < 1.1, 2, np.where(main, 0, 1))
