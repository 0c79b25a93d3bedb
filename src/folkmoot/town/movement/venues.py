"""Where people go: workplaces, schools, shops, places of leisure, the stadium and hotels, each a point in a zone.

A few draw most: the town centre has three jobs in ten and most of the shops, the retail park most of the rest. People
choose by gravity, weight × exp(−β · km) from where they are (the singly constrained model of Wilson 1971).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.movement.geography import SPECIAL, Land, scatter
from folkmoot.town.randomness import generator

BETA = {"work": 0.10, "shop": 0.42, "leisure": 0.24, "hotel": 0.0}
SPREAD_KM = 0.22
SHOPS = {"town centre": 1.0, "retail park": 0.75, "station": 0.10, "university": 0.05, "hospital": 0.02}
LEISURE = {"town centre": 1.0, "retail park": 0.30, "university": 0.15, "stadium": 0.05, "station": 0.12}


@dataclass(frozen=True, eq=False, slots=True)
class Venues:
    """Points of one purpose: `place` is the zone; `reach[place]` the cumulative choice of a venue from any place."""

    place: Ints
    x: Floats
    y: Floats
    reach: Floats

    def pick(self, origin: Ints, chance: Floats) -> Ints:
        """The venue chosen from each origin by a uniform number."""
        chosen = np.empty(len(origin), dtype=np.int64)
        # Per origin, so that a town of 600 zones needs no matrix of people by venues.
        order = np.argsort(origin, kind="stable")
        starts = np.searchsorted(origin[order], np.arange(len(self.reach) + 1))
        for number in np.unique(origin):
            mine = order[starts[number] : starts[number + 1]]
            chosen[mine] = np.searchsorted(self.reach[number], chance[mine], side="right")
        return np.minimum(chosen, len(self.place) - 1)


def lay(seed: int, land: Land) -> dict[str, Venues]:
    """`work`, `primary`, `secondary`, `lecture`, `shop`, `leisure`, `match` and `hotel`."""
    spot = generator(seed, "movement", "venues")
    kind = np.array(land.kind[: land.zones])
    local = np.flatnonzero(np.isin(kind, ("residential", "dormitory", "village")))
    district = local[::30] if len(local) > 60 else local[:0]
    jobs = np.zeros(land.zones)
    jobs[: len(SPECIAL)] = [row[4] for row in SPECIAL]
    jobs[local] = (1 - jobs.sum()) / len(local)
    shops, leisure = _weights(land, SHOPS), _weights(land, LEISURE)
    shops[local] = 0.9 / max(len(local), 12)
    leisure[local] = 1.3 / max(len(local), 12)
    if len(district):
        jobs[0] -= 0.10
        jobs[district] += 0.10 / len(district)
        shops[district] += 0.8 / len(district)
        leisure[district] += 0.6 / len(district)
    one = np.zeros(land.zones)
    stadium, university, hotel = one.copy(), one.copy(), one.copy()
    stadium[land.of_kind("stadium")] = university[land.of_kind("university")] = 1.0
    hotel[:2] = (0.7, 0.3)
    primary, secondary = _every(land, local, 2), _every(land, local, 7)
    return {
        "work": _venues(spot, land, jobs, np.ceil(jobs * 14), BETA["work"]),
        "primary": _venues(spot, land, primary, primary, 3.0),
        "secondary": _venues(spot, land, secondary, secondary, 1.2),
        "lecture": _venues(spot, land, university, 3 * university, 0.0),
        "shop": _venues(spot, land, shops, np.ceil(4 * shops), BETA["shop"]),
        "leisure": _venues(spot, land, leisure, np.ceil(4 * leisure), BETA["leisure"]),
        "match": _venues(spot, land, stadium, stadium, 0.0),
        "hotel": _venues(spot, land, hotel, np.ceil(3 * hotel), BETA["hotel"]),
    }


def _weights(land: Land, of_kind: dict[str, float]) -> Floats:
    return np.array([of_kind.get(kind, 0.0) for kind in land.kind[: land.zones]])


def _every(land: Land, local: Ints, step: int) -> Floats:
    """A school in every so many zones, by their order around the town, and one in the dormitory town."""
    angle = np.arctan2(land.y[local], land.x[local])
    chosen = local[np.argsort(angle, kind="stable")][::step]
    dormitory = np.flatnonzero(np.array(land.kind) == "dormitory")[:1]
    weight = np.zeros(land.zones)
    weight[np.concatenate([chosen, dormitory])] = 1.0
    return weight


def _venues(spot: np.random.Generator, land: Land, weight: Floats, sites: Floats, beta: float) -> Venues:
    """So many sites in each zone, near its middle, sharing the zone's weight unevenly."""
    place = np.repeat(np.arange(land.zones), sites.astype(np.int64))
    x = land.x[place] + SPREAD_KM * spot.standard_normal(len(place))
    y = land.y[place] + SPREAD_KM * spot.standard_normal(len(place))
    inside = _inside(land, place, x, y)
    other_x, other_y = scatter(spot, land, place)
    x, y = np.where(inside, x, other_x), np.where(inside, y, other_y)
    share = 0.5 + spot.random(len(place))
    share = weight[place] * share / np.bincount(place, share, minlength=land.zones)[place]
    away = np.hypot(land.x[:, None] - x, land.y[:, None] - y)
    pull = share * np.exp(-beta * away)
    # From a gateway, distance has been travelled already: only weight counts.
    pull[land.gateways] = share
    reach = np.cumsum(pull, axis=1)
    return Venues(place, x, y, reach / reach[:, -1:])


def _inside(land: Land, place: Ints, x: Floats, y: Floats) -> np.ndarray:
    from shapely import contains_xy

    return np.array([bool(contains_xy(land.polygons[p], a, b)) for p, a, b in zip(place, x, y)], dtype=bool)
