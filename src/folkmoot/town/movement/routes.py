"""How long a journey takes and where it passes: by road along the quickest path, by rail along the line.

Every pair of places has a row of points, evenly spaced in time, so that where anybody is at any moment of a journey is
one look-up: `Routes.where` for millions of moments at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.movement.geography import Land
from folkmoot.town.movement.roads import Roads

type Points = NDArray[np.float32]

POINTS = 24
WALK_KPH, CYCLE_KPH, ACCESS_KPH, TRAIN_KPH = 4.8, 14.0, 12.0, 85.0
PLATFORM_MINUTES, DWELL_MINUTES = 6.0, 1.0
STATION_REACH_KM, SHORTEST_RIDE_KM = 3.6, 3.5


@dataclass(frozen=True, eq=False, slots=True)
class Rail:
    """The line, west to east: its stations (the first is the gateway), and minutes from the first."""

    name: tuple[str, ...]
    x: Floats
    y: Floats
    minutes: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Routes:
    """Matrices over places; `rail_row` numbers the pairs that have a train, −1 for those that have none."""

    road_km: Floats
    road_minutes: Floats
    road_x: Points
    road_y: Points
    rail_row: Ints
    rail_minutes: Floats
    rail_x: Points
    rail_y: Points

    def where(self, origin: Ints, destination: Ints, by_rail: np.ndarray, share: Floats) -> tuple[Floats, Floats]:
        """Where one is after a share of the journey's time, from place to place."""
        step = share * (POINTS - 1)
        left = np.minimum(step.astype(np.int64), POINTS - 2)
        part = step - left
        n = len(self.road_km)
        pair = origin * n + destination
        at = pair * POINTS + left
        x, y = _between(self.road_x, at, part), _between(self.road_y, at, part)
        train = np.flatnonzero(by_rail)
        if len(train):
            at = self.rail_row.ravel()[pair[train]] * POINTS + left[train]
            x[train], y[train] = _between(self.rail_x, at, part[train]), _between(self.rail_y, at, part[train])
        return x, y


def _between(points: Points, at: Ints, part: Floats) -> Floats:
    a = points[at]
    return np.asarray(a + part * (points[at + 1] - a), dtype=np.float64)


def railway(land: Land) -> Rail:
    """Gateway, central station, a halt at the east edge of town, and the dormitory town."""
    station = land.of_kind("station")
    gate = int(land.gateways[2])
    x = np.array([land.x[gate], land.x[station], 0.66 * land.radius, land.dormitory[0]])
    y = np.array([land.y[gate], land.y[station], 0.03 * land.radius, land.dormitory[1]])
    ride = 60.0 * np.hypot(np.diff(x), np.diff(y)) / TRAIN_KPH + DWELL_MINUTES
    return Rail(
        ("Railway west", "Aldermoor Central", "Eastbrook Halt", "Staithe"), x, y, np.concatenate([[0], np.cumsum(ride)])
    )


def survey(land: Land, roads: Roads, rail: Rail) -> Routes:
    """The quickest paths between all places when roads are empty, and the rides that exist."""
    road_km, minutes, x, y = _by_road(len(land.x), roads)
    row, rail_minutes, rail_x, rail_y = _by_rail(land, rail)
    return Routes(road_km, minutes, x, y, row, rail_minutes, rail_x, rail_y)


def _by_road(places: int, roads: Roads) -> tuple[Floats, Floats, Points, Points]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    both = ~roads.oneway
    start = np.concatenate([roads.start, roads.end[both]])
    end = np.concatenate([roads.end, roads.start[both]])
    minutes = np.concatenate([roads.minutes, roads.minutes[both]])
    n = len(roads.x)
    graph = coo_array((minutes, (start, end)), shape=(n, n)).tocsr()
    road_km = np.zeros((places, places))
    total = np.zeros((places, places))
    x = np.empty((places, places, POINTS), dtype=np.float32)
    y = np.empty((places, places, POINTS), dtype=np.float32)
    for origin in range(places):
        away, before = dijkstra(graph, indices=origin, return_predecessors=True)
        total[origin] = away[:places]
        x[origin], y[origin], road_km[origin] = _back(roads, origin, places, away, before)
    return road_km, total, x.ravel(), y.ravel()


def _back(roads: Roads, origin: int, places: int, away: Floats, before: Ints) -> tuple[Floats, Floats, Floats]:
    """From every destination at once back to the origin, laying down the points passed, and the kilometres."""
    node = np.arange(places)
    want = np.linspace(0.0, 1.0, POINTS) * away[:places, None]
    x = np.repeat(roads.x[node][:, None], POINTS, axis=1)
    y = np.repeat(roads.y[node][:, None], POINTS, axis=1)
    km = np.zeros(places)
    moving = np.flatnonzero(node != origin)
    while len(moving):
        here = node[moving]
        last = before[here]
        t0, t1 = away[last], away[here]
        part = (want[moving] - t0[:, None]) / (t1 - t0)[:, None]
        on = (part >= 0) & (part <= 1)
        rows, columns = np.nonzero(on)
        who, share = moving[rows], part[rows, columns]
        x[who, columns] = roads.x[last[rows]] + share * (roads.x[here[rows]] - roads.x[last[rows]])
        y[who, columns] = roads.y[last[rows]] + share * (roads.y[here[rows]] - roads.y[last[rows]])
        km[moving] += np.hypot(roads.x[last] - roads.x[here], roads.y[last] - roads.y[here])
        node[moving] = last
        moving = moving[last != origin]
    return x, y, km


def _by_rail(land: Land, rail: Rail) -> tuple[Ints, Floats, Points, Points]:
    """For pairs of places near two stations: to the platform, the wait, the ride, and on foot at the other end."""
    away = np.hypot(land.x[:, None] - rail.x, land.y[:, None] - rail.y)
    away[land.gateways[:2]] = np.inf
    away[: land.zones, 0] = np.inf
    nearest, gap = np.argmin(away, axis=1), away.min(axis=1)
    origin, destination = np.nonzero(
        (gap[:, None] < STATION_REACH_KM)
        & (gap[None, :] < STATION_REACH_KM)
        & (np.abs(rail.x[nearest][:, None] - rail.x[nearest][None, :]) > SHORTEST_RIDE_KM)
    )
    a, b = nearest[origin], nearest[destination]
    to = 60 * gap[origin] / ACCESS_KPH + PLATFORM_MINUTES
    ride = np.abs(rail.minutes[a] - rail.minutes[b])
    total = to + ride + 60 * gap[destination] / (2 * WALK_KPH)
    row = np.full((len(land.x), len(land.x)), -1)
    row[origin, destination] = np.arange(len(origin))
    minutes = np.full(row.shape, np.inf)
    minutes[origin, destination] = total
    t = np.linspace(0, 1, POINTS) * total[:, None]
    access = np.clip(t / np.maximum(to - PLATFORM_MINUTES, 1e-9)[:, None], 0, 1)
    on = np.clip((t - to[:, None]) / ride[:, None], 0, 1)
    clock = rail.minutes[a][:, None] + on * (rail.minutes[b] - rail.minutes[a])[:, None]
    egress = np.clip((t - (to + ride)[:, None]) / np.maximum(total - to - ride, 1e-9)[:, None], 0, 1)
    points = []
    for place, line in ((land.x, rail.x), (land.y, rail.y)):
        start, train = place[origin][:, None], np.interp(clock, rail.minutes, line)
        at = np.where(on <= 0, start + access * (line[a][:, None] - start), train)
        finish = place[destination][:, None]
        at = np.where(on >= 1, line[b][:, None] + egress * (finish - line[b][:, None]), at)
        points.append(at.astype(np.float32).ravel())
    return row, minutes, points[0], points[1]
