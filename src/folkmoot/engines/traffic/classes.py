"""What a road of a class is taken to be where its source says nothing: lanes, capacity, speed.

One table, `CLASSES`; hand your own to the readers to override it. Capacities are passenger-car units an hour and lane and
are assumptions, not measurements. Where they come from, each recalled and not checked against the text:
motorways and dual carriageways after the speed–flow curves of COBA 11 and TAG M3-1 (2,330 and 2,100 a lane); single
carriageways after TA 79/99, Traffic Capacity of Urban Roads, busiest direction, 7.3 m wide: 1,590 (UAP1) for A roads,
1,300 (UAP3) for B roads, 1,140 (UAP4) for lesser through roads; streets below that are ours. Speeds are the usual limits.
b = 0.15 and power 4 are those of the Bureau of Public Roads (1964).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KMH_PER_MPH = 1.609344


@dataclass(frozen=True, slots=True)
class RoadClass:
    """A class of road, each way."""

    lanes: float
    capacity_per_lane: float
    mph: float
    one_way: bool = False
    """Whether its carriageways are drawn one by one, each in the direction of traffic."""


CLASSES: Mapping[str, RoadClass] = {
    "motorway": RoadClass(3, 2330, 70, one_way=True),
    "motorway_link": RoadClass(2, 1800, 50, one_way=True),
    "trunk": RoadClass(2, 2100, 60),
    "trunk_link": RoadClass(1, 1600, 40),
    "primary": RoadClass(1, 1590, 40),
    "primary_link": RoadClass(1, 1300, 30),
    "secondary": RoadClass(1, 1300, 35),
    "secondary_link": RoadClass(1, 1100, 30),
    "tertiary": RoadClass(1, 1140, 30),
    "tertiary_link": RoadClass(1, 900, 30),
    "unclassified": RoadClass(1, 800, 30),
    "residential": RoadClass(1, 600, 20),
    "living_street": RoadClass(1, 300, 10),
    "dual_carriageway": RoadClass(2, 2100, 70, one_way=True),
}
NOT_FOR_CARS = frozenset(
    {"cycleway", "footway", "path", "pedestrian", "steps", "rail", "bridleway", "track", "corridor", "busway"}
    | {"bus_guideway", "construction", "proposed", "raceway", "platform", "service", "elevator"}
)
BY_LETTER = {"M": "motorway", "A": "primary", "B": "secondary", "": "tertiary"}


def of_british_road(ref: str, mph: float | None, meets_motorway: bool) -> str:
    """The class of a way that is only called a road: by the letter of its number, its limit, and what it meets.

    Seventy miles an hour is lawful on dual carriageways alone, whose two sides are drawn apart and each one way. A road
    without a number that meets a motorway is its slip road.
    """
    kind = BY_LETTER.get(ref[:1].upper(), "tertiary")
    fast = mph is not None and mph >= 70
    if kind == "tertiary" and (fast or meets_motorway):
        return "motorway_link"
    return "dual_carriageway" if kind != "motorway" and fast else kind
