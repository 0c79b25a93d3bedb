"""Travel minutes over a road network to a position that is not in the table of travel times.

Shortest paths by Dijkstra over streets that can be driven both ways; a position is joined to the nearest junction.

>>> import numpy as np
>>> minutes, metres = road_minutes(
...     np.array([[-0.56, 53.0], [-0.55, 53.0], [-0.54, 53.0]]), [0, 1], [1, 2], [2.0, 3.0],
...     origins=[[-0.56, 53.0]], destination=(-0.54, 53.0),
... )
>>> minutes.tolist(), round(metres)
([5.0], 0)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from folkmoot.engines.retail.model import Floats, RetailError
from folkmoot.vocabulary.places import EARTH_RADIUS_METRES


def road_minutes(
    junctions: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    minutes: ArrayLike,
    *,
    origins: ArrayLike,
    destination: tuple[float, float],
) -> tuple[Floats, float]:
    """Minutes from each origin (lon, lat) to the destination, infinite where there is no way, and how many metres the
    destination lies from its junction. `start` and `end` are rows of `junctions` (lon, lat)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    nodes = np.asarray(junctions, dtype=np.float64)
    time = np.asarray(minutes, dtype=np.float64)
    if not len(nodes) or np.isnan(time).any() or (time <= 0).any():
        raise RetailError("The road network needs junctions, and minutes above zero on every street.")
    a, b = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
    # A sparse matrix adds up doubles; of two streets between the same junctions the faster is driven.
    order = np.lexsort((time, np.maximum(a, b), np.minimum(a, b)))
    low, high, time = np.minimum(a, b)[order], np.maximum(a, b)[order], time[order]
    first = np.ones(len(low), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    n = len(nodes)
    graph = coo_array((time[first], (low[first], high[first])), shape=(n, n)).tocsr()
    away = _metres(nodes, *destination)
    target = int(np.argmin(away))
    found = dijkstra(graph, directed=False, indices=target)
    homes = [int(np.argmin(_metres(nodes, float(lon), float(lat)))) for lon, lat in np.asarray(origins, float)]
    return np.asarray(found[homes], dtype=np.float64), float(away[target])


def _metres(nodes: Floats, lon: float, lat: float) -> Floats:
    """Distance on the ground, flat over the few kilometres that matter."""
    east = np.radians(nodes[:, 0] - lon) * np.cos(np.radians(lat))
    north = np.radians(nodes[:, 1] - lat)
    return np.asarray(EARTH_RADIUS_METRES * np.hypot(east, north))
