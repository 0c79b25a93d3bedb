"""Streets as a graph: lines cut where they meet, with the minutes each piece takes.

Lines meet where they share a point, as OpenStreetMap's do at junctions and do not at bridges; `crossings=True` also cuts
lines that cross without sharing a point, for sources that draw streets across each other. Speeds come from the posted
limit, else from the class of street; both are inputs, stated in `Network.statements`.

>>> streets = network([[(0, 0), (0.01, 0)], [(0.01, 0), (0.01, 0.01)]], speeds=Speeds(default_kmh=60))
>>> streets.nodes.shape, streets.minutes.round(2).tolist()
((3, 2), [1.11, 1.11])
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.problem import ProblemError

type Floats = NDArray[np.float64]

EARTH_RADIUS_METRES = 6_371_008.8
KMH_PER_MPH = 1.609344
PLACES = 9
"""Decimal places of a degree to which points must agree to be one; 9 is a tenth of a millimetre."""
NOT_FOR = {
    "car": frozenset({"cycleway", "footway", "path", "pedestrian", "steps", "rail", "bridleway", "track"}),
    "walk": frozenset({"rail", "motorway", "motorway_link", "trunk", "trunk_link"}),
}
LIMIT = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Speeds:
    """How fast streets are. `share_of_limit`: what part of the posted limit is driven on average."""

    mode: str = "car"
    default_kmh: float = 48.0
    by_class: Mapping[str, float] = field(default_factory=dict)
    share_of_limit: float = 1.0
    walking_kmh: float = 4.8
    limits_in: str = "km/h"
    """Unit of a posted limit written without one; OpenStreetMap's rule is km/h."""

    def kmh(self, kind: str, limit: str | None) -> float:
        """Speed on a street of a class, with its posted limit as text where there is one."""
        if self.mode == "walk":
            return self.walking_kmh
        found = LIMIT.match(limit.strip()) if limit else None
        if found is None:
            return self.by_class.get(kind, self.default_kmh)
        unit = (found[2] or self.limits_in).lower()
        return float(found[1]) * (KMH_PER_MPH if unit == "mph" else 1.0) * self.share_of_limit


@dataclass(frozen=True, eq=False)
class Network:
    """`nodes` (v × 2) longitude and latitude; edges `start`, `end`, `minutes` (e,), also back where `both_ways`."""

    nodes: Floats
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    minutes: Floats
    both_ways: NDArray[np.bool_]
    statements: tuple[str, ...] = ()


def roads(path: Path | str, *, speeds: Speeds | None = None, crossings: bool = False) -> Network:
    """Streets of a GeoJSON file with `highway`, `maxspeed` and `oneway` as OpenStreetMap has them."""
    path, speeds = Path(path), speeds or Speeds()
    if not path.exists():
        raise ProblemError(f"There is no file “{path}”.")
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise ProblemError(f"“{path.name}” is not GeoJSON with features.") from None
    lines, kinds, limits, ways = [], [], [], []
    left_out: Counter[str] = Counter()
    for number, feature in enumerate(features, start=1):
        shape, facts = feature.get("geometry") or {}, feature.get("properties") or {}
        kind = str(facts.get("highway") or "")
        if kind in NOT_FOR.get(speeds.mode, frozenset()):
            left_out[kind] += 1
            continue
        parts: dict[str, Any] = {"LineString": [shape.get("coordinates")], "MultiLineString": shape.get("coordinates")}
        for part in parts.get(str(shape.get("type")), []) or []:
            if len(part) < 2 or not np.isfinite(np.array(part, dtype=float)[:, :2]).all():
                raise ProblemError(
                    f"Feature {number} of “{path.name}” is a line of {len(part)} points without a place."
                )
            lines.append([(p[0], p[1]) for p in part])
            kinds.append(kind)
            limits.append(facts.get("maxspeed"))
            ways.append(str(facts.get("oneway") or "no").lower())
    if not lines:
        raise ProblemError(f"“{path.name}” has no line that can be travelled by {speeds.mode}.")
    made = network(lines, kinds=kinds, limits=limits, oneway=ways, speeds=speeds, crossings=crossings)
    said = [f"{count:,} lines of class “{kind}” are not for {speeds.mode}." for kind, count in left_out.items()]
    return Network(made.nodes, made.start, made.end, made.minutes, made.both_ways, (*said, *made.statements))


def network(
    lines: Sequence[Sequence[tuple[float, float]]],
    *,
    kinds: Sequence[str] | None = None,
    limits: Sequence[str | None] | None = None,
    oneway: Sequence[str] | None = None,
    speeds: Speeds | None = None,
    crossings: bool = False,
) -> Network:
    """A graph from lines in longitude and latitude. `oneway`: yes, no or -1 (against the line's direction)."""
    speeds = speeds or Speeds()
    kinds = kinds or [""] * len(lines)
    limits = limits or [None] * len(lines)
    oneway = oneway or ["no"] * len(lines)
    paths = _crossed(lines) if crossings else [np.asarray(line, dtype=float) for line in lines]
    worst = max(float(np.abs(path).max()) for path in paths)
    if worst > 180:
        raise ProblemError(
            f"A street has the coordinate {worst:g}, which is no degree. Convert it to WGS 84 (EPSG:4326) first."
        )
    size = np.array([len(path) for path in paths])
    points = np.round(np.concatenate(paths), PLACES)
    nodes, of = np.unique(points, axis=0, return_inverse=True)
    of = of.reshape(-1)
    inner = np.ones(len(points) - 1, dtype=bool)
    inner[np.cumsum(size)[:-1] - 1] = False  # from the last point of a line to the first of the next is no street
    line_of = np.repeat(np.arange(len(paths)), size)[:-1][inner]
    start, end = of[:-1][inner], of[1:][inner]
    metres = haversine(nodes[start], nodes[end])
    kmh = np.array([speeds.kmh(kind, limit) for kind, limit in zip(kinds, limits)])
    if not (kmh > 0).all():
        raise ProblemError("Every street needs a speed above 0.")
    minutes = metres / (kmh[line_of] * 1000 / 60)
    way = np.array([0 if speeds.mode == "walk" else {"yes": 1, "1": 1, "true": 1, "-1": -1}.get(w, 0) for w in oneway])
    back = way[line_of] == -1
    start, end = np.where(back, end, start), np.where(back, start, end)
    without = sum(limit is None for limit in limits)
    said = []
    if speeds.mode != "walk" and without:
        said.append(
            f"{without:,} of {len(limits):,} lines have no posted limit; they are taken at the speed of their class, or "
            f"{speeds.default_kmh:g} km/h."
        )
    return Network(nodes, start, end, minutes, way[line_of] == 0, tuple(said))


def haversine(a: Floats, b: Floats) -> Floats:
    """Metres between points (… × 2) of longitude and latitude; what comes before the last axis is broadcast."""
    a, b = np.radians(a), np.radians(b)
    lon_a, lat_a, lon_b, lat_b = a[..., 0], a[..., 1], b[..., 0], b[..., 1]
    chord = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.minimum(1.0, chord))))


def _crossed(lines: Sequence[Sequence[tuple[float, float]]]) -> list[Floats]:
    """Every line with a point added wherever another crosses or touches it."""
    import shapely

    shapes = [shapely.LineString(line) for line in lines]
    tree = shapely.STRtree(shapes)
    pairs = tree.query(shapes, predicate="intersects").T
    met: dict[int, list[Any]] = {}
    for a, b in pairs[pairs[:, 0] < pairs[:, 1]]:
        shared = shapely.get_parts(shapely.intersection(shapes[a], shapes[b]))
        for point in shapely.get_coordinates(shared):
            met.setdefault(int(a), []).append(tuple(point))
            met.setdefault(int(b), []).append(tuple(point))
    return [_with_points(shape, met.get(k, [])) for k, shape in enumerate(shapes)]


def _with_points(shape: Any, extra: list[tuple[float, float]]) -> Floats:
    import shapely

    own = shapely.get_coordinates(shape)
    if not extra:
        return np.asarray(own)
    along = np.concatenate([[0.0], np.cumsum([math.dist(a, b) for a, b in pairwise(own)])])
    added = np.array(sorted(set(extra)))
    at = shapely.line_locate_point(shape, shapely.points(added))
    order = np.argsort(np.concatenate([along, at]), kind="stable")
    return np.concatenate([own, added])[order]
