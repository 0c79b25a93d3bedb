"""The roads of the place: A-roads to the centre, a ring, a motorway on the west edge, and one bridge that all must use.

Junctions are the zones' middles and a jittered grid, joined where the circle on the line between two holds no third
(Gabriel and Sokal 1969). What crosses the river is taken away except the town bridge, an old and narrow one on
an A-road of two lanes each way, and slow bridges far north and south. Radials and ring are shortest paths, so each is one
road from end to end.

>>> from folkmoot.town.movement import geography
>>> land = geography.lay(1, 3_000)
>>> web = lay(1, land)
>>> sorted(set(web.highway.tolist()))
['motorway', 'motorway_link', 'primary', 'residential', 'secondary', 'tertiary', 'trunk']
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.movement.geography import Land, lat, lon
from folkmoot.town.randomness import generator

SPACING_KM, CLEAR_KM = 0.85, 0.25
# A large place has more bridges, and wide ones but for the old one in the centre.
SMALL, LARGE, BRIDGE_EVERY_KM, IN_LARGE_KM = 60_000, 150_000, 6.0, 2.0
BEARINGS = np.radians([0.0, 52.0, 98.0, 142.0, 180.0, 222.0, 268.0, 315.0])
# Class: mph, lanes in both directions together (one direction on a motorway), vehicles per lane and hour.
CLASSES = {
    "motorway": (70, 3, 2_000),
    "motorway_link": (50, 2, 1_600),
    "trunk": (60, 2, 1_500),
    "primary": (40, 4, 1_000),
    "secondary": (40, 2, 900),
    "tertiary": (30, 2, 700),
    "residential": (20, 2, 400),
}
KM_PER_MILE = 1.609344
BRIDGES = {"town": "Town Bridge", "minor": "Old Bridge"}


@dataclass(frozen=True, eq=False, slots=True)
class Roads:
    """Nodes (the first are the places, gateways included) and ways; a way with `oneway` runs from start to end only."""

    x: Floats
    y: Floats
    start: Ints
    end: Ints
    km: Floats
    highway: NDArray[np.str_]
    mph: Ints
    lanes: Ints
    oneway: NDArray[np.bool_]
    bridge: NDArray[np.str_]
    ref: NDArray[np.str_]

    @property
    def minutes(self) -> Floats:
        """Minutes along each way when it is empty."""
        along: Floats = 60.0 * self.km / (self.mph * KM_PER_MILE)
        return along

    def capacity(self) -> Ints:
        """Vehicles an hour in one direction, by class and lanes."""
        per_lane = np.array([CLASSES[each][2] for each in self.highway])
        return per_lane * np.where(self.oneway, self.lanes, np.maximum(self.lanes // 2, 1))

    def table(self) -> pa.Table:
        """The table `ways`, with OpenStreetMap's keys; geometry as well-known binary in WGS 84."""
        from shapely import linestrings, to_wkb

        ends = np.stack([self.start, self.end], axis=1)
        lines = linestrings(np.stack([lon(self.x[ends]), lat(self.y[ends])], axis=2))
        return pa.table(
            {
                "way_id": pa.array([f"W{i:05d}" for i in range(len(self.km))], pa.string()),
                "from_node": pa.array(self.start),
                "to_node": pa.array(self.end),
                "highway": pa.array(self.highway.tolist(), pa.string()),
                "ref": pa.array([each or None for each in self.ref.tolist()], pa.string()),
                "maxspeed": pa.array([f"{mph} mph" for mph in self.mph], pa.string()),
                "oneway": pa.array(np.where(self.oneway, "yes", "no").tolist(), pa.string()),
                "lanes": pa.array(self.lanes),
                "bridge": pa.array(["yes" if each else None for each in self.bridge.tolist()], pa.string()),
                "name": pa.array([BRIDGES.get(each) for each in self.bridge.tolist()], pa.string()),
                "capacity": pa.array(self.capacity()),
                "metres": pa.array(np.round(self.km * 1000, 1)),
                "wkb": pa.array(to_wkb(lines).tolist(), pa.binary()),
            }
        )


def lay(seed: int, land: Land) -> Roads:
    """The roads of this land."""
    x, y, places = _junctions(seed, land)
    start, end = _streets(land, x, y, places)
    km = _km(x, y, start, end)
    bridge = _bridges(land, x, y, start, end)
    highway, ref = _classes(land, x, y, start, end, km, bridge, places)
    wide = (bridge == "minor") & (land.residents >= LARGE)
    highway[bridge == "town"] = "residential" if land.residents < SMALL else "tertiary"
    highway[wide] = "primary"
    motorway = _motorway(land, x, y, places)
    x, y = np.concatenate([x, motorway.x]), np.concatenate([y, motorway.y])
    start, end = np.concatenate([start, motorway.start]), np.concatenate([end, motorway.end])
    km = np.concatenate([km, _km(x, y, motorway.start, motorway.end)])
    highway, ref = np.concatenate([highway, motorway.highway]), np.concatenate([ref, motorway.ref])
    bridge = np.concatenate([bridge, np.full(len(motorway.start), "")])
    mph = np.array([CLASSES[each][0] for each in highway])
    lanes = np.array([CLASSES[each][1] for each in highway])
    mph = np.where((bridge == "minor") & (highway != "primary"), 20, mph)
    centre = np.hypot(x[start] + x[end], y[start] + y[end]) < 1.6
    mph = np.where(centre & (highway != "residential"), np.minimum(mph, 30), mph)
    return Roads(x, y, start, end, km, highway, mph, lanes, highway == "motorway", bridge, ref)


def _km(x: Floats, y: Floats, start: Ints, end: Ints) -> Floats:
    km: Floats = np.hypot(x[start] - x[end], y[start] - y[end])
    return np.maximum(km, 0.01)


def _junctions(seed: int, land: Land) -> tuple[Floats, Floats, Ints]:
    """All nodes except the motorway's, and which of them are streets' (gateways are not)."""
    spot = generator(seed, "movement", "junctions")
    right = land.dormitory[0] + 3.0
    across = np.arange(-land.radius * 1.1, right, SPACING_KM)
    up = np.arange(-land.radius * 1.1, land.radius * 1.1, SPACING_KM)
    gx, gy = (axis.ravel() for axis in np.meshgrid(across, up))
    gx, gy = gx + 0.6 * SPACING_KM * (spot.random(len(gx)) - 0.5), gy + 0.6 * SPACING_KM * (spot.random(len(gx)) - 0.5)
    in_town = np.hypot(gx, gy) < land.radius * 1.05
    out = np.hypot(gx - land.dormitory[0], gy - land.dormitory[1]) < 1.6 + 0.16 * land.radius
    along = (gx > 0) & (gx < land.dormitory[0]) & (np.abs(gy - 0.12 * land.radius * gx / land.dormitory[0]) < 0.9)
    clear = np.hypot(gx[:, None] - land.x[: land.zones], gy[:, None] - land.y[: land.zones]).min(axis=1) > CLEAR_KM
    dry = np.abs(gx - land.river(gy)) > 0.2
    keep = (in_town | out | along) & clear & dry
    x, y = np.concatenate([land.x, gx[keep]]), np.concatenate([land.y, gy[keep]])
    return x, y, np.setdiff1d(np.arange(len(x)), land.gateways)


def _streets(land: Land, x: Floats, y: Floats, nodes: Ints) -> tuple[Ints, Ints]:
    """The Gabriel graph with few bridges, and the shortest joins of what falls apart."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import Delaunay, cKDTree

    at = np.column_stack([x[nodes], y[nodes]])
    triangles = Delaunay(at).simplices
    pairs = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]), axis=1)
    pairs = np.unique(pairs, axis=0).astype(np.int64)
    middle, radius = at[pairs].mean(axis=1), 0.5 * np.hypot(*(at[pairs[:, 0]] - at[pairs[:, 1]]).T)
    nearest, _ = cKDTree(at).query(middle)
    pairs = pairs[(nearest >= radius * (1 - 1e-9)) & (radius < 1.6)]
    pairs = pairs[_kept(land, at, pairs)]
    while True:
        graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(at), len(at)))
        parts, part = connected_components(graph, directed=False)
        if parts == 1:
            return nodes[pairs[:, 0]], nodes[pairs[:, 1]]
        rest = np.flatnonzero(part != np.argmax(np.bincount(part)))
        main = np.flatnonzero(part == np.argmax(np.bincount(part)))
        gap, to = cKDTree(at[main]).query(at[rest])
        join = np.sort([rest[np.argmin(gap)], main[to[np.argmin(gap)]]])
        pairs = np.concatenate([pairs, join[None, :]])


def _kept(land: Land, at: Floats, pairs: Ints) -> NDArray[np.bool_]:
    """Which edges stay: all that do not cross the river, and the few that are bridges."""
    west = land.west_of_river(at[:, 0], at[:, 1])
    crossing = np.flatnonzero(west[pairs[:, 0]] != west[pairs[:, 1]])
    north = at[pairs[crossing], 1].mean(axis=1)
    every = IN_LARGE_KM if land.residents >= LARGE else BRIDGE_EVERY_KM
    wanted = np.concatenate([[0.0], *[[s, -s] for s in np.arange(every, 0.8 * land.radius, every)]])
    wanted = np.concatenate([wanted, [0.86 * land.radius, -0.86 * land.radius]])
    kept = np.ones(len(pairs), dtype=bool)
    kept[crossing] = False
    kept[[crossing[np.argmin(np.abs(north - each))] for each in wanted]] = True
    return kept


def _bridges(land: Land, x: Floats, y: Floats, start: Ints, end: Ints) -> NDArray[np.str_]:
    """“town” for the bridge nearest to the centre, “minor” for the others, else nothing."""
    over = land.west_of_river(x[start], y[start]) != land.west_of_river(x[end], y[end])
    kind = np.where(over, "minor", "").astype("<U8")
    kind[np.flatnonzero(over)[np.argmin(np.abs(y[start] + y[end])[over])]] = "town"
    return kind


def _classes(
    land: Land, x: Floats, y: Floats, start: Ints, end: Ints, km: Floats, bridge: NDArray[np.str_], nodes: Ints
) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Radials to the edge and the ring as shortest paths; every third of the other streets is a tertiary road."""
    highway = np.where((np.arange(len(km)) % 3 == 0) | (bridge != ""), "tertiary", "residential").astype("<U13")
    ref = np.full(len(km), "", dtype="<U8")
    edge_of = {(int(a), int(b)): i for i, (a, b) in enumerate(zip(start, end))}
    edge_of |= {(b, a): i for (a, b), i in edge_of.items()}
    ring = [_nearest(x, y, nodes, 0.6 * land.radius, float(b)) for b in np.linspace(0, 2 * np.pi, 13)[:-1]]
    for i, here in enumerate(ring):
        for edge in _path(x, start, end, km, here, ring[(i + 1) % 12], edge_of):
            highway[edge], ref[edge] = "secondary", "A9000"
    for number, bearing in enumerate(BEARINGS):
        gate = _nearest(x, y, nodes, 1.02 * land.radius, float(bearing))
        for edge in _path(x, start, end, km, 0, gate, edge_of):
            highway[edge], ref[edge] = "primary", f"A90{number + 1:02d}"
    corridor = int(np.flatnonzero(np.array(land.kind) == "dormitory")[0])
    for edge in _path(x, start, end, km, 0, corridor, edge_of):
        outside = max(np.hypot(x[start[edge]], y[start[edge]]), np.hypot(x[end[edge]], y[end[edge]])) > land.radius
        highway[edge], ref[edge] = ("trunk" if outside else "primary"), "A99"
    return highway, ref


def _nearest(x: Floats, y: Floats, nodes: Ints, away: float, bearing: float) -> int:
    gap = np.hypot(x[nodes] - away * np.cos(bearing), y[nodes] - away * np.sin(bearing))
    return int(nodes[np.argmin(gap)])


def _path(
    x: Floats, start: Ints, end: Ints, km: Floats, a: int, b: int, edge_of: dict[tuple[int, int], int]
) -> list[int]:
    """The edges of the shortest path from a to b."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    graph = coo_array((km, (start, end)), shape=(len(x), len(x))).tocsr()
    _, before = dijkstra(graph, directed=False, indices=a, return_predecessors=True)
    edges, node = [], b
    while node != a and before[node] >= 0:
        edges.append(edge_of[(int(before[node]), node)])
        node = int(before[node])
    return edges


@dataclass(frozen=True, eq=False, slots=True)
class _Motorway:
    x: Floats
    y: Floats
    start: Ints
    end: Ints
    highway: NDArray[np.str_]
    ref: NDArray[np.str_]


def _motorway(land: Land, x: Floats, y: Floats, nodes: Ints) -> _Motorway:
    """Two carriageways along the west edge between the gateways, a junction for each A-road, and the way west."""
    north, south = int(land.gateways[0]), int(land.gateways[1])
    steps = np.arange(-land.radius - 3.0, land.radius + 3.1, 2.0)
    new = len(x) + np.arange(len(steps))
    line = np.concatenate([[south], new, [north]])
    ends = [_nearest(x, y, nodes, 1.02 * land.radius, float(each)) for each in BEARINGS if np.cos(each) < -0.7]
    junctions = new[[int(np.argmin(np.abs(steps - y[each]))) for each in ends]]
    west, meets = int(land.gateways[2]), int(junctions[np.argmin(np.abs(steps[junctions - len(x)]))])
    start = np.concatenate([line[:-1], line[1:], junctions, [west]])
    end = np.concatenate([line[1:], line[:-1], ends, [meets]])
    kinds = ["motorway"] * (2 * len(line) - 2) + ["motorway_link"] * len(junctions) + ["trunk"]
    highway = np.array(kinds, dtype="<U13")
    ref = np.where(highway == "motorway", "M99", np.where(highway == "trunk", "A99", "")).astype("<U8")
    return _Motorway(np.full(len(steps), -(land.radius + 1.2)), steps, start, end, highway, ref)
