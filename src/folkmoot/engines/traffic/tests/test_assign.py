"""Equilibrium on networks whose answer is known: by hand, by the literature, by another method."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.engines.traffic import (
    Assignment,
    Demand,
    RoadNetwork,
    TrafficError,
    VehicleClass,
    equilibrium,
    select_link,
)
from folkmoot.engines.traffic.mixture import along_paths, load_trips
from folkmoot.engines.traffic.tests.sioux_falls import LINKS, OPTIMUM, TRIPS


def sioux_falls() -> tuple[RoadNetwork, Demand]:
    network = RoadNetwork.of(LINKS, zones=24)
    return network, Demand.of(network.zones, car=np.array(TRIPS) * 100.0)


@pytest.fixture(scope="module")
def tight() -> Assignment:
    return equilibrium(*sioux_falls(), gap=1e-6, keep_paths=True)


def test_sioux_falls_is_solved_to_its_known_optimum(tight: Assignment) -> None:
    assert tight.demand.total("car") == 360_600
    assert tight.converged
    assert tight.gap <= 1e-6
    assert tight.objective == pytest.approx(OPTIMUM, rel=1e-5)
    assert tight.lower_bound <= OPTIMUM * (1 + 1e-12) <= tight.objective * (1 + 2e-12)


def test_every_used_path_of_sioux_falls_takes_the_least_time(tight: Assignment) -> None:
    mean = along_paths(tight, tight.minutes)
    least = along_paths(equilibrium_at(tight), tight.minutes)
    between = tight.demand.trips[0] * (1 - np.eye(24)) > 0
    assert (mean[between] >= least[between] - 1e-9).all()
    assert (mean - least)[between].max() < 0.2  # of times between 2 and 60


def equilibrium_at(found: Assignment) -> Assignment:
    """All trips on the least paths at the found times: what nobody could better."""
    from dataclasses import replace

    from folkmoot.engines.traffic.assign import Problem
    from folkmoot.engines.traffic.result import PathMix

    order = Problem.of(found.network, found.demand).graph.order
    return replace(found, mix=PathMix((found.minutes[order],), np.ones(1)))


def test_what_enters_a_node_leaves_it(tight: Assignment) -> None:
    network, flow = tight.network, tight.flows[0]
    balance = np.bincount(network.start, flow, network.n) - np.bincount(network.end, flow, network.n)
    trips = tight.demand.trips[0]
    assert balance == pytest.approx(trips.sum(axis=1) - trips.sum(axis=0), abs=1e-6)


@pytest.mark.parametrize("algorithm", ["bfw", "cfw", "fw", "msa"])
def test_all_algorithms_go_to_the_same_flows(algorithm: str, tight: Assignment) -> None:
    found = equilibrium(*sioux_falls(), gap=2e-3, algorithm=algorithm)
    assert found.converged
    # What is above the optimum is at most the gap of all time, which is 1.8 times the objective here.
    assert found.objective == pytest.approx(tight.objective, rel=1.8 * 2e-3)


def test_bi_conjugate_directions_need_the_fewest_iterations() -> None:
    count = {name: equilibrium(*sioux_falls(), gap=1e-4, algorithm=name).iterations for name in ("bfw", "cfw", "fw")}
    assert count["bfw"] < count["cfw"] < count["fw"]


def test_the_result_does_not_depend_on_the_number_of_threads() -> None:
    one, two = (equilibrium(*sioux_falls(), gap=1e-4, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.flows, two.flows)


def test_in_braesss_paradox_the_new_road_makes_all_slower() -> None:
    ten = [(1, 3, 1e-9, 1e-10, 1, 1), (4, 2, 1e-9, 1e-10, 1, 1)]  # 10 minutes for each vehicle
    outer = [(1, 4, 50, 50, 1, 1), (3, 2, 50, 50, 1, 1)]  # 50 + 1 for each
    bridge = [(3, 4, 10, 10, 1, 1)]  # 10 + 1 for each
    demand = [[0, 6], [0, 0]]
    without = RoadNetwork.of([*ten, *outer], zones=2)
    with_it = RoadNetwork.of([*ten, *outer, *bridge], zones=2)
    times = []
    for network in (without, with_it):
        found = equilibrium(network, Demand.of(network.zones, car=demand), gap=1e-9)
        times.append(found.vehicle_hours * 60 / 6)
    assert times == pytest.approx([83, 92], rel=1e-4)


def test_traffic_does_not_pass_through_a_zone() -> None:
    rows = [(1, 3, 1, 1e3), (3, 2, 1, 1e3), (1, 4, 5, 1e3), (4, 2, 5, 1e3)]
    network = RoadNetwork.of(rows, zones=3, first_thru_node=3)
    found = equilibrium(network, Demand.of(network.zones, car=[[0, 9, 4], [0, 0, 0], [0, 0, 0]]))
    assert found.flows[0].tolist() == [4, 0, 9, 9]


def test_selected_flows_are_exactly_the_assigned_ones(tight: Assignment) -> None:
    for link in ("1", "16", "43", "76"):
        at = tight.network.index(link)
        part = select_link(tight, [link])
        assert part.flows[0, at] == pytest.approx(tight.flows[0, at], rel=1e-9)
        assert part.trips.sum() == pytest.approx(tight.flows[0, at], rel=1e-9)
        assert (part.flows <= tight.flows + 1e-6).all()


def test_links_selected_at_the_start_tell_the_same(tight: Assignment) -> None:
    found = equilibrium(*sioux_falls(), gap=1e-3, select={"both ways": ["16", "19"]})
    part = found.select["both ways"]
    at = [found.network.index(link) for link in part.links]
    assert part.trips.sum() == pytest.approx(found.flows[0, at].sum(), rel=1e-9)  # nobody takes both
    assert found.mix is None


def test_loading_the_demand_on_kept_paths_gives_the_flows_again(tight: Assignment) -> None:
    assert load_trips(tight, tight.demand.trips[0]) == pytest.approx(tight.flows[0], rel=1e-9)


def test_starting_from_the_answer_ends_at_once(tight: Assignment) -> None:
    again = equilibrium(*sioux_falls(), gap=1e-6, start=tight.flows)
    assert again.iterations == 1
    with pytest.raises(TrafficError, match="do not carry"):
        equilibrium(*sioux_falls(), gap=1e-6, start=tight.flows * 0.9)


def test_heavy_goods_share_the_road_and_avoid_what_they_may_not_use() -> None:
    rows = [(1, 2, 10, 1000), (1, 3, 6, 1000), (3, 2, 6, 1000)]
    network = RoadNetwork.of(rows, zones=2)
    heavy = VehicleClass("heavy", pcu=2.5, banned_links=frozenset({"2"}))
    cars, lorries = [[0, 2000], [0, 0]], [[0, 100], [0, 0]]
    found = equilibrium(network, Demand.of(network.zones, classes={"heavy": heavy}, car=cars, heavy=lorries), gap=1e-8)
    assert found.flows[1].tolist() == [100, 0, 0]
    assert found.pcu[0] == pytest.approx(found.flows[0, 0] + 250)
    assert found.minutes[0] == pytest.approx(found.minutes[1] + found.minutes[2], rel=1e-5)


def test_distance_that_costs_moves_a_class_to_the_shorter_road() -> None:
    rows = [(1, 2, 10, 1e6, 0.15, 4, 5000), (1, 3, 5, 1e6, 0.15, 4, 9000), (3, 2, 4, 1e6, 0.15, 4, 9000)]
    network = RoadNetwork.of(rows, zones=2)
    dear = VehicleClass("dear", minutes_per_km=1.0)
    demand = Demand.of(network.zones, classes={"dear": dear}, car=[[0, 5], [0, 0]], dear=[[0, 5], [0, 0]])
    found = equilibrium(network, demand)
    assert found.flows[0].tolist() == [0, 5, 5]
    assert found.flows[1].tolist() == [5, 0, 0]


def test_trips_without_a_road_are_named_and_those_within_a_zone_counted() -> None:
    network = RoadNetwork.of([(1, 2, 5, 1000), (2, 1, 5, 1000)], zones=3)
    found = equilibrium(network, Demand.of(network.zones, car=[[7, 20, 3], [0, 0, 0], [0, 4, 0]]))
    assert found.flows[0].tolist() == [20, 0]
    assert [(u.origin, u.destination, u.trips) for u in found.unserved] == [("1", "3", 3.0), ("3", "2", 4.0)]
    assert found.intrazonal.tolist() == [7]
    said = " ".join(found.statements())
    assert "20 of 34 trips" in said
    assert "3 to 2 (4)" in said


def test_it_stops_when_asked_and_says_so() -> None:
    seen: list[int] = []
    found = equilibrium(
        *sioux_falls(), gap=1e-9, progress=lambda k, gap, value: seen.append(k), should_stop=lambda: len(seen) >= 5
    )
    assert seen == [1, 2, 3, 4, 5]
    assert found.stopped
    assert not found.converged
    assert "was not reached" in found.statements()[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"algorithm": "best"}, "no algorithm"),
        ({"gap": 0.0}, "above 0"),
        ({"select": {"x": ["999"]}}, "no link “999”"),
    ],
)
def test_what_cannot_be_meant_is_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(TrafficError, match=said):
        equilibrium(*sioux_falls(), **changed)  # type: ignore[arg-type]
