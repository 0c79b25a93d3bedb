"""Least-cost trees and what flows along them: a compiled Dijkstra on a 4-ary heap, one tree for each origin.

A tree ends when every destination of its origin is settled; trips are then walked up it in the reverse order of
settling, so that each link is added to once. Origins are dealt to threads in fixed portions and portions are summed in
their order: the result does not depend on how many threads there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines._compiled import inlined, jit

if TYPE_CHECKING:
    from folkmoot.engines.traffic.network import Floats, Ints, RoadNetwork

PORTIONS = 8


@dataclass(frozen=True, eq=False)
class Graph:
    """Links sorted by their start (forward star). `order` leads from here to the network's links."""

    first: Ints
    tail: Ints
    head: Ints
    order: NDArray[np.int64]
    thru: int

    @staticmethod
    def of(network: RoadNetwork) -> Graph:
        """The forward star of a network."""
        order = np.argsort(network.start, kind="stable")
        first = np.zeros(network.n + 1, dtype=np.int32)
        np.cumsum(np.bincount(network.start, minlength=network.n), out=first[1:])
        return Graph(first, network.start[order], network.end[order], order, int(network.first_thru_node))


@dataclass(frozen=True, eq=False)
class Wanted:
    """Who goes where, by origin: `zone[first[i]:first[i+1]]` with `trips` are the destinations of `origins[i]`."""

    origins: Ints
    first: Ints
    zone: Ints
    trips: Floats

    @staticmethod
    def of(matrix: Floats) -> Wanted:
        """From a zone × zone matrix; what stays within a zone is left out."""
        between = matrix.copy()
        np.fill_diagonal(between, 0.0)
        origin, zone = np.nonzero(between > 0)
        origins, count = np.unique(origin, return_counts=True)
        first = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
        return Wanted(origins.astype(np.int32), first, zone.astype(np.int32), between[origin, zone])


@jit
def tree(first, head, cost, thru, root, wanted, stamp, left, dist, via, place, heap, key, settled):  # type: ignore[no-untyped-def]
    """Settle nodes from `root` until `left` wanted ones are; returns how many were settled."""
    n = first.size - 1
    for v in range(n):
        dist[v] = np.inf
        place[v] = -1
        via[v] = -1
    dist[root] = 0.0
    place[root] = 0
    heap[0] = root
    key[0] = 0.0
    size = 1
    done = 0
    while size > 0:
        u = heap[0]
        du = key[0]
        place[u] = -2
        settled[done] = u
        done += 1
        if wanted[u] == stamp:
            left -= 1
            if left == 0:
                break
        size -= 1
        if size > 0:  # the last one sinks from the top
            last, weight = heap[size], key[size]
            i = 0
            while True:
                child = 4 * i + 1
                if child >= size:
                    break
                best = child
                end = min(child + 4, size)
                for j in range(child + 1, end):
                    if key[j] < key[best]:
                        best = j
                if key[best] >= weight:
                    break
                heap[i] = heap[best]
                key[i] = key[best]
                place[heap[i]] = i
                i = best
            heap[i] = last
            key[i] = weight
            place[last] = i
        if u < thru and u != root:
            continue
        for a in range(first[u], first[u + 1]):
            v = head[a]
            through = du + cost[a]
            if through < dist[v]:
                dist[v] = through
                via[v] = a
                i = place[v]
                if i < 0:
                    i = size
                    size += 1
                while i > 0:
                    parent = (i - 1) >> 2
                    if key[parent] <= through:
                        break
                    heap[i] = heap[parent]
                    key[i] = key[parent]
                    place[heap[i]] = i
                    i = parent
                heap[i] = v
                key[i] = through
                place[v] = i
    return done


@inlined
def _scratch(n):  # type: ignore[no-untyped-def]
    """What `tree` writes into: dist, via, place, heap, key and settled, for `n` nodes."""
    nodes = np.int32
    return np.empty(n), np.empty(n, nodes), np.empty(n, nodes), np.empty(n, nodes), np.empty(n), np.empty(n, nodes)


@inlined
def _carry(settled, done, via, tail, through, flow):  # type: ignore[no-untyped-def]
    """Walk what goes `through` each node up the tree to its root, adding it to each link's flow; `through` is empty then."""
    for j in range(done - 1, 0, -1):
        v = settled[j]
        carried = through[v]
        if carried != 0.0:
            a = via[v]
            flow[a] += carried
            through[tail[a]] += carried
            through[v] = 0.0
    through[settled[0]] = 0.0


@jit
def load(first, tail, head, cost, thru, origins, dfirst, dzone, dtrips, flow):  # type: ignore[no-untyped-def]
    """All or nothing: add the trips of some origins to `flow` (m,); returns Σ trips × least cost."""
    n = first.size - 1
    dist, via, place, heap, key, settled = _scratch(n)
    wanted = np.full(n, -1, np.int32)
    through = np.zeros(n)
    total = 0.0
    for i in range(origins.size):
        root = origins[i]
        low, high = dfirst[i], dfirst[i + 1]
        for j in range(low, high):
            wanted[dzone[j]] = i
            through[dzone[j]] = dtrips[j]
        done = tree(first, head, cost, thru, root, wanted, i, high - low, dist, via, place, heap, key, settled)
        for j in range(low, high):
            total += dtrips[j] * dist[dzone[j]]
        _carry(settled, done, via, tail, through, flow)
    return total


@jit
def load_selected(first, tail, head, cost, thru, origins, dfirst, dzone, dtrips, chosen, flow, pairs):  # type: ignore[no-untyped-def]
    """As `load`, for the trips only whose path uses a chosen link; `pairs` (demand entries) tells which trips did."""
    n = first.size - 1
    dist, via, place, heap, key, settled = _scratch(n)
    wanted = np.full(n, -1, np.int32)
    through = np.zeros(n)
    uses = np.zeros(n, np.int8)
    for i in range(origins.size):
        root = origins[i]
        low, high = dfirst[i], dfirst[i + 1]
        for j in range(low, high):
            wanted[dzone[j]] = i
        done = tree(first, head, cost, thru, root, wanted, i, high - low, dist, via, place, heap, key, settled)
        uses[root] = 0
        for j in range(1, done):
            v = settled[j]
            a = via[v]
            uses[v] = 1 if chosen[a] == 1 or uses[tail[a]] == 1 else 0
        for j in range(low, high):
            v = dzone[j]
            pairs[j] = 1.0 if uses[v] == 1 else 0.0
            if uses[v] == 1:
                through[v] = dtrips[j]
        _carry(settled, done, via, tail, through, flow)


@jit
def distances(first, head, cost, thru, origins, zones, out):  # type: ignore[no-untyped-def]
    """Least cost from each origin to the first `zones` nodes, into `out` (origins × zones)."""
    n = first.size - 1
    dist, via, place, heap, key, settled = _scratch(n)
    wanted = np.full(n, -1, np.int32)
    wanted[:zones] = 0
    for i in range(origins.size):
        tree(first, head, cost, thru, origins[i], wanted, 0, zones, dist, via, place, heap, key, settled)
        for j in range(zones):
            out[i, j] = dist[j]


@jit
def along_trees(first, tail, head, cost, thru, origins, zones, values, out):  # type: ignore[no-untyped-def]
    """Σ of `values` (m,) along the least-cost paths, into `out` (origins × zones); nan where there is none."""
    n = first.size - 1
    dist, via, place, heap, key, settled = _scratch(n)
    wanted = np.full(n, -1, np.int32)
    wanted[:zones] = 0
    gathered = np.zeros(n)
    for i in range(origins.size):
        root = origins[i]
        done = tree(first, head, cost, thru, root, wanted, 0, zones, dist, via, place, heap, key, settled)
        gathered[:] = np.nan
        gathered[root] = 0.0
        for j in range(1, done):
            v = settled[j]
            gathered[v] = gathered[tail[via[v]]] + values[via[v]]
        for j in range(zones):
            out[i, j] = gathered[j]


class Loader:
    """All-or-nothing loading of one class of demand, again and again with other costs, on some threads."""

    def __init__(self, graph: Graph, wanted: Wanted, threads: int) -> None:
        self.graph, self.wanted = graph, wanted
        count = min(PORTIONS, max(1, len(wanted.origins)))
        cut = np.linspace(0, len(wanted.origins), count + 1).astype(int)
        self.portions = [(wanted.origins[a:b], wanted.first[a : b + 1]) for a, b in pairwise(cut)]
        self.run = spread(threads, len(self.portions))

    def load(self, cost: Floats) -> tuple[Floats, float]:
        """Flows (m,) in the graph's order when all take the least-cost path, and what they then pay in all."""
        g, w = self.graph, self.wanted

        def one(portion: Any) -> tuple[Floats, float]:
            origins, first = portion
            flow = np.zeros(len(cost))
            paid = load(g.first, g.tail, g.head, cost, g.thru, origins, first, w.zone, w.trips, flow)
            return flow, float(paid)

        parts = self.run(one, self.portions)
        return np.asarray(sum((flow for flow, _ in parts[1:]), parts[0][0])), sum(paid for _, paid in parts)

    def selected(self, cost: Floats, chosen: NDArray[np.int8]) -> tuple[Floats, Floats]:
        """Flows (m,) of the trips whose least-cost path uses a chosen link, and 1 or 0 for each entry of demand."""
        g, w = self.graph, self.wanted
        pairs = np.zeros(len(w.trips))

        def one(portion: Any) -> Floats:
            origins, first = portion
            flow = np.zeros(len(cost))
            load_selected(g.first, g.tail, g.head, cost, g.thru, origins, first, w.zone, w.trips, chosen, flow, pairs)
            return flow

        parts = self.run(one, self.portions)
        return np.asarray(sum(parts[1:], parts[0])), pairs


def spread(threads: int, most: int) -> Callable[[Callable[[Any], Any], Any], list[Any]]:
    """A map over portions on some threads, in the order of the portions."""
    if threads <= 1 or most <= 1:
        return lambda function, portions: [function(portion) for portion in portions]
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(min(threads, most), thread_name_prefix="folkmoot-roads")
    return lambda function, portions: list(pool.map(function, portions))
