"""Roads from GeoJSON ways with `highway`, `maxspeed`, `oneway`, `lanes` and `ref` as OpenStreetMap has them.

Ways meet where they share a point, so bridges do not join. What is only called “road” gets its class from the letter of
its number and its limit. What cars may not use is left out and counted; what was assumed is said in `statements`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.engines.traffic.classes import CLASSES, KMH_PER_MPH, NOT_FOR_CARS, RoadClass, of_british_road
from folkmoot.engines.traffic.network import Floats, RoadNetwork, TrafficError

LIMIT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?\s*(?:;|,|$)", re.IGNORECASE)
ONE_WAY = {"yes": 1, "1": 1, "true": 1, "-1": -1, "reverse": -1, "no": 0, "0": 0, "false": 0}


@dataclass(frozen=True, slots=True)
class Way:
    """A line that cars may use. `direction`: 1 as drawn only, -1 against it only, 0 both."""

    key: str
    points: Floats
    kind: str
    name: str
    kmh: float
    lanes: float
    capacity: float
    direction: int


def read_ways(
    path: Path | str,
    *,
    classes: Mapping[str, RoadClass] = CLASSES,
    limits_in: str = "mph",
    share_of_limit: float = 1.0,
    simplify: bool = True,
    join_ends_m: float | None = None,
) -> RoadNetwork:
    """A network without zones from a GeoJSON file of lines in longitude and latitude.

    `limits_in`: unit of a limit written without one. `share_of_limit`: what part of it an empty road is driven at.
    `join_ends_m`: join road ends to roads so near; left out, they are joined within 60 m if otherwise more than a twentieth
    of all road is cut off.
    Raises `TrafficError` for a file that is no GeoJSON, a line without a place, or degrees that are none.
    """
    from folkmoot.engines.traffic.noding import network_of

    path = Path(path)
    features = features_of(path)
    read = _Reader(path.name, classes, limits_in, share_of_limit)
    read.motorway_points = _on_motorways(features)
    ways = [way for number, feature in enumerate(features, start=1) for way in read.ways(number, feature)]
    if not ways:
        raise TrafficError(
            f"“{path.name}” has no line that cars may use among its {len(features):,} features. Its lines need a "
            "property highway such as primary, residential or road."
        )
    return network_of(ways, simplify=simplify, join_ends_m=join_ends_m, statements=read.said())


def features_of(path: Path) -> list[Any]:
    if not path.exists():
        raise TrafficError(f"There is no file “{path}”.")
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise TrafficError(f"“{path.name}” is not GeoJSON with features. Export the roads as GeoJSON.") from None
    if not isinstance(features, list):
        raise TrafficError(f"“{path.name}” is not GeoJSON with features. Export the roads as GeoJSON.")
    return features


def _on_motorways(features: list[Any]) -> frozenset[tuple[float, ...]]:
    """The points of ways that are only called roads and have the number of a motorway."""
    found: set[tuple[float, ...]] = set()
    for feature in features:
        facts, shape = feature.get("properties") or {}, feature.get("geometry") or {}
        motorway = facts.get("highway") == "road" and str(facts.get("ref") or "")[:1] == "M"
        if motorway and shape.get("type") == "LineString":
            found.update(tuple(point) for point in shape.get("coordinates") or [])
    return frozenset(found)


class _Reader:
    """Reads features one by one and remembers what it left out and assumed."""

    def __init__(self, file: str, classes: Mapping[str, RoadClass], limits_in: str, share: float) -> None:
        if limits_in not in ("mph", "km/h"):
            raise TrafficError(f"Limits are in mph or km/h, not in “{limits_in}”.")
        self.file, self.classes, self.limits_in, self.share = file, classes, limits_in, share
        self.left_out: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.unsaid: Counter[str] = Counter()
        self.total = 0
        self.motorway_points: frozenset[tuple[float, ...]] = frozenset()

    def ways(self, number: int, feature: Any) -> list[Way]:
        shape, facts = feature.get("geometry") or {}, feature.get("properties") or {}
        given = str(facts.get("highway") or "")
        if given in NOT_FOR_CARS or (given not in self.classes and given not in ("road", "")):
            self.left_out[given] += 1
            return []
        by_type = {"LineString": [shape.get("coordinates")], "MultiLineString": shape.get("coordinates")}
        parts = by_type.get(str(shape.get("type"))) or []
        if not given or not parts:
            self.left_out[given or "without highway"] += 1
            return []
        self.total += 1
        key = str(facts.get("osm_id") or facts.get("way_id") or feature.get("id") or facts.get("id") or number)
        made = [self._way(number, key, facts, given, part) for part in parts]
        if len(made) == 1:
            return made
        return [Way(f"{w.key}-{k}", w.points, w.kind, w.name, w.kmh, w.lanes, w.capacity, w.direction)
                for k, w in enumerate(made, start=1)]  # fmt: skip

    def _way(self, number: int, key: str, facts: Mapping[str, Any], given: str, part: Any) -> Way:
        try:
            points = np.array([point[:2] for point in part], dtype=float)
        except (TypeError, ValueError, IndexError):
            points = np.zeros((0, 2))
        if points.ndim != 2 or len(points) < 2 or not np.isfinite(points).all():
            raise TrafficError(
                f"Feature {number} of “{self.file}” is a line without two points that are numbers. Correct or delete it."
            )
        if np.abs(points).max() > 180:
            raise TrafficError(
                f"Feature {number} of “{self.file}” has the coordinate {np.abs(points).max():g}, which is no degree. "
                "Convert the file to WGS 84 (EPSG:4326) first."
            )
        ref, mph = str(facts.get("ref") or "").strip(), self._mph(facts.get("maxspeed"))
        meets = not self.motorway_points.isdisjoint((tuple(part[0]), tuple(part[-1])))
        kind = of_british_road(ref, mph, meets) if given == "road" else given
        road = self.classes[kind]
        self.kinds[kind] += 1
        kmh = (road.mph if mph is None else mph * self.share) * KMH_PER_MPH
        if not kmh > 0:
            raise TrafficError(f"Feature {number} of “{self.file}” has a speed limit of {kmh:g}. Correct its maxspeed.")
        if mph is None:
            self.unsaid["maxspeed"] += 1
        direction = ONE_WAY.get(str(facts.get("oneway") or "").lower())
        if direction is None:
            self.unsaid["oneway"] += 1
            round_about = str(facts.get("junction") or "") in ("roundabout", "circular")
            direction = 1 if road.one_way or round_about else 0
        lanes = self._lanes(number, facts.get("lanes"), road, direction)
        capacity = _number(facts.get("capacity")) or lanes * road.capacity_per_lane
        name = str(ref or facts.get("name") or "")
        return Way(key, points, kind, name, kmh, lanes, capacity, direction)

    def _mph(self, limit: Any) -> float | None:
        found = LIMIT.match(str(limit)) if limit is not None else None
        if found is None:
            return None
        unit = (found[2] or self.limits_in).lower()
        return float(found[1]) / (1.0 if unit == "mph" else KMH_PER_MPH)

    def _lanes(self, number: int, given: Any, road: RoadClass, direction: int) -> float:
        if given is None or str(given).strip() == "":
            self.unsaid["lanes"] += 1
            return road.lanes
        lanes = _number(given)
        if lanes is None or not lanes > 0:
            raise TrafficError(
                f"Feature {number} of “{self.file}” has {given!r} lanes. Give a number above 0, or nothing."
            )
        return lanes if direction else max(1.0, lanes / 2)

    def said(self) -> tuple[str, ...]:
        said = [f"{count:,} lines of “{kind}” are not for cars and are left out." for kind, count in
                self.left_out.most_common()]  # fmt: skip
        by_kind = ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in self.kinds.most_common())
        said.append(f"{self.total:,} roads are used: {by_kind}.")
        assumed = {
            "maxspeed": "have no limit and are driven at the speed of their class",
            "lanes": "do not say their lanes, which are those of their class",
            "oneway": "do not say whether they are one way: motorways, dual carriageways and roundabouts are taken one "
            "way as drawn, all others both ways",
        }
        said += [f"{self.unsaid[what]:,} roads {how}." for what, how in assumed.items() if self.unsaid[what]]
        return tuple(said)


def _number(text: Any) -> float | None:
    try:
        return float(str(text).split(";")[0])
    except ValueError:
        return None
