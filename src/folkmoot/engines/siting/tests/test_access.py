"""Travel over streets, shared supply and travel by group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.siting.access import (
    Speeds,
    by_group,
    enhanced_two_step,
    network,
    panel,
    quantile,
    travel_times,
    two_step,
)
from folkmoot.engines.siting.access.streets import haversine
from folkmoot.engines.siting.problem import Problem, ProblemError

CROSS = [[(0, 0), (0.02, 0)], [(0.01, -0.01), (0.01, 0.01)]]
MINUTES = 0.01 * np.pi / 180 * 6_371.0088  # of a hundredth of a degree at 60 km/h


def test_lines_that_cross_without_a_shared_point_are_a_bridge_unless_told_otherwise():
    ends = [(0, 0)], [(0.01, 0.01)]
    assert np.isinf(travel_times(network(CROSS, speeds=Speeds(default_kmh=60)), *ends).minutes[0, 0])
    joined = network(CROSS, speeds=Speeds(default_kmh=60), crossings=True)
    assert travel_times(joined, *ends).minutes[0, 0] == pytest.approx(2 * MINUTES, rel=1e-3)


def test_one_way_streets_are_one_way_and_walkers_do_not_mind():
    lines = [[(0, 0), (0.01, 0)]]
    there, back = ([(0, 0)], [(0.01, 0)]), ([(0.01, 0)], [(0, 0)])
    driven = network(lines, oneway=["yes"], speeds=Speeds(default_kmh=60))
    assert np.isfinite(travel_times(driven, *there).minutes[0, 0])
    assert np.isinf(travel_times(driven, *back).minutes[0, 0])
    against = network(lines, oneway=["-1"], speeds=Speeds(default_kmh=60))
    assert np.isfinite(travel_times(against, *back).minutes[0, 0])
    walked = network(lines, oneway=["yes"], speeds=Speeds(mode="walk"))
    assert travel_times(walked, *back).minutes[0, 0] == pytest.approx(MINUTES * 60 / 4.8, rel=1e-3)


def test_of_two_streets_side_by_side_the_quicker_counts():
    streets = network(
        [[(0, 0), (0.01, 0)], [(0, 0), (0.01, 0)]], limits=["30 mph", "60"], speeds=Speeds(default_kmh=10)
    )
    assert travel_times(streets, [(0, 0)], [(0.01, 0)]).minutes[0, 0] == pytest.approx(MINUTES, rel=1e-3)


def test_times_are_the_same_from_either_side():
    rng = np.random.default_rng(2)
    points = np.round(rng.random((40, 2)) * 0.05, 3)
    streets = network([[tuple(points[a]), tuple(points[b])] for a, b in rng.integers(0, 40, (90, 2)) if a != b])
    few, many = points[:3], points[3:20]
    forth, back = travel_times(streets, few, many).minutes, travel_times(streets, many, few).minutes
    assert forth == pytest.approx(back.T)


def test_a_place_far_from_any_street_is_said_to_be():
    found = travel_times(network(CROSS), [(1, 1), (0, 0)], [(0.02, 0)])
    assert found.off_origins == (0,)
    assert "1 origins are more than 500 m" in " ".join(found.statements)


@given(st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_shared_supply_is_conserved(seed):
    rng = np.random.default_rng(seed)
    travel = rng.uniform(0, 50, (12, 4))
    demand, supply = rng.uniform(0, 9, 12), rng.uniform(1, 5, 4)
    for found, near in (
        (two_step(travel, demand=demand, supply=supply, within=20), travel <= 20),
        (enhanced_two_step(travel, demand=demand, supply=supply), travel <= 30),
    ):
        reached = (demand @ near) > 0
        assert demand @ found.access == pytest.approx(supply[reached].sum())


def test_zones_without_a_weight_are_refused():
    with pytest.raises(ProblemError, match="weight"):
        enhanced_two_step(np.ones((1, 1)), demand=np.ones(1), supply=np.ones(1), zones=(10, 20))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), min_size=1, max_size=30), st.floats(0.01, 0.99))
@settings(max_examples=120, deadline=None)
def test_a_quantile_is_the_least_time_that_share_is_within(pairs, share):
    cost, demand = np.array(pairs, dtype=float).T
    if not demand.sum():
        return
    found = quantile(cost, demand, share)
    assert demand[cost <= found].sum() >= share * demand.sum() - 1e-6
    assert demand[cost < found].sum() < share * demand.sum() + 1e-6


def test_groups_come_by_number_and_the_worst_tenth_is_no_better_than_the_mean():
    rng = np.random.default_rng(1)
    found = by_group(rng.uniform(1, 90, 200), rng.integers(0, 9, 200), np.arange(200) % 10 + 1)
    assert [g.group for g in found] == ["all", *map(str, range(1, 11))]
    assert all(g.longest >= g.worst_tenth >= g.p90 >= g.median and g.worst_tenth >= g.mean for g in found)
    assert sum(g.demand for g in found[1:]) == found[0].demand


def test_who_gains_and_who_loses_is_counted_and_a_closing_site_served_before():
    problem = Problem(
        "p-median", cost=[[1, 20], [30, 2], [5, 5]], demand=[10, 20, 40], p=1, must_close={"1"}, group=["a", "b", "b"]
    )
    found = panel(problem, before={"1"}, after={"2"}, within=(10,))
    assert (found.opened, found.closed) == (("2",), ("1",))
    assert (found.everybody.gained, found.everybody.lost, found.everybody.most_lost) == (20, 10, 19)
    assert found.everybody.before.within == ((10, pytest.approx(50 / 70)),)
    assert [g.group for g in found.groups] == ["a", "b"]


def test_distances_between_all_pairs_keep_rows_and_columns_apart():
    areas, sites = np.array([[-0.5, 53.0], [-0.4, 53.0], [-0.3, 53.0]]), np.array([[-0.5, 53.0], [-0.3, 53.0]])
    metres = haversine(areas[:, None, :], sites[None, :, :])
    assert metres.shape == (3, 2)
    assert metres[0, 0] == metres[2, 1] == 0
    assert metres[0, 1] == pytest.approx(13_384, rel=1e-3)
    assert metres[1].tolist() == pytest.approx([6_692, 6_692], rel=1e-3)
