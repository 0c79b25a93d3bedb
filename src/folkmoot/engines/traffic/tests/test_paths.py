"""The compiled trees against SciPy's, on random networks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from folkmoot.engines.traffic import RoadNetwork
from folkmoot.engines.traffic.paths import Graph, Loader, Wanted, distances


def random_network(seed: int) -> tuple[RoadNetwork, np.ndarray]:
    rng = np.random.default_rng(seed)
    n, zones = int(rng.integers(4, 40)), 3
    ring = [(k + 1, (k + 1) % n + 1) for k in range(n)]
    extra = rng.integers(1, n + 1, size=(3 * n, 2))
    pairs = sorted({*ring, *((int(a), int(b)) for a, b in extra if a != b)})
    rows = [(str(a), str(b), float(rng.integers(0, 9)), 100.0) for a, b in pairs]
    return RoadNetwork.of(rows, zones=zones), rng.random((zones, zones)) * 10


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_trees_have_the_least_costs_and_loading_pays_exactly_these(seed: int) -> None:
    network, trips = random_network(seed)
    graph = Graph.of(network)
    cost = network.free_flow_minutes[graph.order] + 0.01
    matrix = coo_array((network.free_flow_minutes + 0.01, (network.start, network.end)), shape=(network.n,) * 2)
    wanted = dijkstra(matrix.tocsr(), indices=range(3))[:, :3]
    out = np.empty((3, 3))
    distances(graph.first, graph.head, cost, 0, np.arange(3, dtype=np.int32), 3, out)
    assert out == pytest.approx(wanted)
    flow, paid = Loader(graph, Wanted.of(trips), 1).load(cost)
    np.fill_diagonal(trips, 0.0)
    assert paid == pytest.approx(float((trips * wanted).sum()))
    assert float(flow @ cost) == pytest.approx(paid)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_selected_trips_and_the_others_are_all_trips(seed: int) -> None:
    network, trips = random_network(seed)
    graph = Graph.of(network)
    cost = network.free_flow_minutes[graph.order] + 0.01
    loader = Loader(graph, Wanted.of(trips), 1)
    flow, _ = loader.load(cost)
    for chosen in range(0, network.m, 5):
        mark = np.zeros(network.m, dtype=np.int8)
        mark[chosen] = 1
        part, uses = loader.selected(cost, mark)
        assert part[chosen] == pytest.approx(flow[chosen])
        assert float(uses @ loader.wanted.trips) == pytest.approx(flow[chosen])
        assert (part <= flow + 1e-9).all()
