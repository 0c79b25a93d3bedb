"""Road ends that stop short of another road, joined to it: sources that leave out roundabouts and lesser streets have many.

Each end that meets nothing is joined by a straight piece of its own class to up to three roads within reach. Motorways and
dual carriageways are joined only to each other's ends, or by their own: a road ending beside one does not enter it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from folkmoot.engines.traffic.classes import CLASSES
from folkmoot.engines.traffic.network import Floats
from folkmoot.engines.traffic.ways import Way

MOST = 3
APART = frozenset(kind for kind, road in CLASSES.items() if road.one_way)


def join_ends(ways: Sequence[Way], reach_m: float) -> tuple[list[Way], int, int]:
    """The ways with joining pieces after them, how many ends there were, and how many were joined."""
    import shapely

    from folkmoot.engines.traffic.noding import EARTH_RADIUS_METRES, PLACES

    scale = np.radians(1.0) * EARTH_RADIUS_METRES
    lat = np.radians(np.concatenate([way.points for way in ways])[:, 1].mean())
    flat = np.array([scale * np.cos(lat), scale])
    lines = [shapely.LineString(way.points * flat) for way in ways]
    tree = shapely.STRtree(lines)
    ends = _ends(ways, PLACES)
    loose = {tuple(np.round(ways[k].points[-1 if last else 0], PLACES)) for k, last in ends}
    added: dict[int, list[Floats]] = {}
    pieces: dict[frozenset[tuple[float, float]], Way] = {}
    joined = 0
    for k, last in ends:
        point = ways[k].points[-1 if last else 0]
        here = shapely.Point(point * flat)
        found = sorted(
            (lines[j].distance(here), int(j)) for j in tree.query(here, predicate="dwithin", distance=reach_m) if j != k
        )
        count = 0
        for _, j in found:
            other = shapely.get_coordinates(lines[j].interpolate(lines[j].project(here)))[0] / flat
            own = ways[j].points
            nearest = own[np.abs((own - other) * flat).sum(axis=1).argmin()]
            if np.abs((nearest - other) * flat).max() < 1.0:
                other = nearest
            other = np.round(other, PLACES)
            if (
                not _may_meet(ways[k].kind, ways[j].kind, tuple(other) in loose)
                or (other == np.round(point, PLACES)).all()
            ):
                continue
            added.setdefault(j, []).append(other)
            pair = frozenset({tuple(np.round(point, PLACES)), tuple(other)})
            pieces.setdefault(pair, _piece(ways[k], len(pieces), point, other, last))
            count += 1
            if count == MOST:
                break
        joined += count > 0
    whole = [
        replace(way, points=_with(way.points, added[k], flat)) if k in added else way for k, way in enumerate(ways)
    ]
    return [*whole, *pieces.values()], len(ends), joined


def _ends(ways: Sequence[Way], places: int) -> list[tuple[int, bool]]:
    """Which ways end (last or first point) where no other has a point."""
    met: Counter[tuple[float, float]] = Counter()
    for way in ways:
        met.update(map(tuple, np.round(way.points, places).tolist()))
    return [
        (k, last)
        for k, way in enumerate(ways)
        for last in (False, True)
        if met[tuple(np.round(way.points[-1 if last else 0], places).tolist())] == 1
    ]


def _may_meet(kind: str, other: str, at_end: bool) -> bool:
    return other not in APART or kind in APART or at_end


def _piece(way: Way, number: int, point: Floats, other: Floats, last: bool) -> Way:
    """From the end on to the other road; against it where a one-way road begins here."""
    direction = way.direction if last else -way.direction
    return replace(way, key=f"join{number + 1}", points=np.array([point, other]), direction=direction)


def _with(points: Floats, extra: list[Floats], flat: Floats) -> Floats:
    """A line with points put in where they lie nearest."""
    import shapely

    line = shapely.LineString(points * flat)
    own = _along(points * flat)
    at = np.array([line.project(shapely.Point(p * flat)) for p in extra])
    everything = np.concatenate([points, np.array(extra)])
    order = np.argsort(np.concatenate([own, at]), kind="stable")
    sorted_points = everything[order]
    keep = np.concatenate([[True], (np.abs(np.diff(sorted_points, axis=0)) > 1e-12).any(axis=1)])
    return np.asarray(sorted_points[keep])


def _along(points: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
