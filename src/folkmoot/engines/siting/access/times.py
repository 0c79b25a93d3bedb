"""Travel times between places by the shortest way over streets (Dijkstra 1959, as SciPy has it).

A place is joined to the nearest street point within `snap_metres`, and walks there. Where there is no way the time is
infinity, never a large number that could be taken for one.

>>> from folkmoot.engines.siting.access.streets import Speeds, network
>>> streets = network([[(0, 0), (0.01, 0)], [(1, 1), (1.01, 1)]], speeds=Speeds(default_kmh=60))
>>> found = travel_times(streets, [(0, 0)], [(0.01, 0), (1, 1), (5, 5)])
>>> found.minutes.round(2).tolist(), found.off_destinations
([[1.11, inf, inf]], (2,))
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from folkmoot.engines.siting.access.streets import EARTH_RADIUS_METRES, Network
from folkmoot.engines.siting.problem import ProblemError

type Floats = NDArray[np.float64]
AT_ONCE = 4_000_000
"""Distances held at once while searching: 32 MB."""


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """`minutes` (n × m); the indices of places too far from any street, whose rows or columns are infinite."""

    minutes: Floats
    off_origins: tuple[int, ...]
    off_destinations: tuple[int, ...]
    statements: tuple[str, ...]


def travel_times(
    streets: Network,
    origins: Any,
    destinations: Any,
    *,
    snap_metres: float = 500.0,
    walking_kmh: float = 4.8,
    progress: Callable[[int, int], None] | None = None,
) -> TravelTimes:
    """Minutes from each origin (n × 2: longitude, latitude) to each destination (m × 2)."""
    a, b = _places(origins, "origins"), _places(destinations, "destinations")
    tree = cKDTree(_on_sphere(streets.nodes))
    (from_node, from_walk, far_a), (to_node, to_walk, far_b) = (
        _snap(tree, at, snap_metres, walking_kmh) for at in (a, b)
    )
    graph = _graph(streets)
    fewer_sources = len(a) <= len(b)
    sources, targets = (from_node, to_node) if fewer_sources else (to_node, from_node)
    start, back = np.unique(sources, return_inverse=True)
    over = graph if fewer_sources else csr_array(graph.T)
    found = np.empty((len(start), len(targets)))
    step = max(1, AT_ONCE // max(1, len(streets.nodes)))
    for k in range(0, len(start), step):
        found[k : k + step] = dijkstra(over, directed=True, indices=start[k : k + step])[:, targets]
        if progress:
            progress(min(k + step, len(start)), len(start))
    minutes = found[back] if fewer_sources else found[back].T
    minutes = minutes + from_walk[:, None] + to_walk[None, :]
    minutes[far_a, :] = math.inf
    minutes[:, far_b] = math.inf
    off_a, off_b = (tuple(np.flatnonzero(far).tolist()) for far in (far_a, far_b))
    said = []
    for what, off in (("origins", off_a), ("destinations", off_b)):
        if off:
            said.append(f"{len(off):,} {what} are more than {snap_metres:g} m from any street and reach nothing.")
    apart = int(np.isinf(minutes).sum() - len(off_a) * len(b) - len(off_b) * len(a) + len(off_a) * len(off_b))
    if apart:
        said.append(f"{apart:,} pairs have no way over these streets and are unreachable.")
    return TravelTimes(minutes, off_a, off_b, (*streets.statements, *said))


def _graph(streets: Network) -> Any:
    """Of streets side by side the quicker counts; SciPy would add them up."""
    both = streets.both_ways
    start = np.concatenate([streets.start, streets.end[both]])
    end = np.concatenate([streets.end, streets.start[both]])
    minutes = np.concatenate([streets.minutes, streets.minutes[both]])
    order = np.lexsort((minutes, end, start))
    start, end, minutes = start[order], end[order], minutes[order]
    first = np.ones(len(start), dtype=bool)
    first[1:] = (np.diff(start) != 0) | (np.diff(end) != 0)
    return csr_array((minutes[first], (start[first], end[first])), shape=(len(streets.nodes),) * 2)


def _snap(
    tree: Any, at: Floats, most: float, walking_kmh: float
) -> tuple[NDArray[np.int64], Floats, NDArray[np.bool_]]:
    chord, node = tree.query(_on_sphere(at))
    metres = 2 * EARTH_RADIUS_METRES * np.arcsin(np.minimum(1.0, chord / (2 * EARTH_RADIUS_METRES)))
    return node, metres / (walking_kmh * 1000 / 60), metres > most


def _on_sphere(lonlat: Floats) -> Floats:
    lon, lat = np.radians(lonlat).T
    return EARTH_RADIUS_METRES * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _places(given: Any, what: str) -> Floats:
    at = np.asarray(given, dtype=float)
    if at.ndim != 2 or at.shape[1] != 2 or not len(at):
        raise ProblemError(f"The {what} must be pairs of longitude and latitude, at least one.")
    bad = ~np.isfinite(at).all(axis=1) | (np.abs(at[:, 0]) > 180) | (np.abs(at[:, 1]) > 90)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ProblemError(
            f"Number {row + 1} of the {what} is at {at[row, 0]:g}, {at[row, 1]:g}, which is no longitude and latitude in "
            "degrees. Eastings and northings must be converted to WGS 84 first."
        )
    return at
