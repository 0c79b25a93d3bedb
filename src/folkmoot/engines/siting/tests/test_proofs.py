"""A certificate that was tampered with proves nothing, or less than it claims."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest

from folkmoot.engines.siting.problem import Problem
from folkmoot.engines.siting.proofs import ProofError, center, covering, facility, unreached
from folkmoot.engines.siting.proofs.leaves import complete
from folkmoot.engines.siting.solve import solve


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    rng = np.random.default_rng(4)
    at, to = rng.random((30, 2)) * 100, rng.random((12, 2)) * 100
    return np.floor(np.hypot(*(at[:, None] - to[None]).transpose(2, 0, 1)))


@pytest.fixture(scope="module")
def cover(points):
    problem = Problem("mclp", cost=points, demand=np.arange(1, 31), p=3, radius=18)
    return problem, solve(problem)


@pytest.fixture(scope="module")
def opened(points):
    problem = Problem("uflp", cost=points, opening_cost=np.full(12, 60))
    return problem, solve(problem)


def test_the_proof_of_a_cover_says_what_the_plan_says(cover):
    problem, plan = cover
    assert plan.certificate.kind == "covering"
    assert covering.bound(problem, plan.certificate.data) == plan.bound == plan.value


def test_larger_multipliers_do_not_prove_more(cover):
    problem, plan = cover
    data = copy.deepcopy(plan.certificate.data)
    for leaf in data["leaves"]:
        leaf["gain"] = [[area, 3 * number] for area, number in leaf["gain"]]
    assert covering.bound(problem, data) > plan.bound  # a maximum: a larger bound says less


def test_a_leaf_left_out_is_noticed(cover):
    problem, plan = cover
    data = copy.deepcopy(plan.certificate.data)
    spare = data["leaves"][0]
    data["leaves"] = [{**spare, "open": [problem.sites[0]]}]
    with pytest.raises(ProofError, match="not all choices"):
        covering.bound(problem, data)


def test_a_site_is_not_left_out_for_one_that_does_less(points):
    problem = Problem("lscp", cost=points, radius=45)
    data = copy.deepcopy(solve(problem).certificate.data)
    near = points <= 45
    alone = next(
        (j, k) for j in range(12) for k in range(12) if (near[:, j] & ~near[:, k]).any() and j != k
    )  # fmt: skip
    data["like"] = {problem.sites[alone[0]]: problem.sites[alone[1]]}
    data["leaves"][0]["reach"] += [[problem.areas[i], 0] for i in np.flatnonzero(near[:, alone[0]])]
    with pytest.raises(ProofError, match="does not replace"):
        covering.bound(problem, data)


@pytest.mark.parametrize("bad", [-1, 1.5, True, "7"])
def test_a_multiplier_is_a_whole_number_of_at_least_0(cover, bad):
    problem, plan = cover
    data = copy.deepcopy(plan.certificate.data)
    data["leaves"][0]["sites"] = bad
    with pytest.raises(ProofError, match="whole number"):
        covering.bound(problem, data)


def test_rounding_up_needs_a_unit_in_which_demand_is_whole(points):
    problem = Problem("mclp", cost=points, demand=np.arange(1, 31) / 3, p=3, radius=18)
    data = copy.deepcopy(solve(problem).certificate.data)
    assert data["per_one"] == 3
    data["per_one"] = 1
    with pytest.raises(ProofError, match="not whole"):
        covering.bound(problem, data)


def test_prices_prove_the_bound_of_opening_costs(opened):
    problem, plan = opened
    assert plan.certificate.kind == "facility"
    assert facility.bound(problem, plan.certificate.data) == plan.bound == plan.value


@pytest.mark.parametrize("factor", [0, 2])
def test_other_prices_never_prove_more_than_the_best(opened, factor):
    problem, plan = opened
    data = copy.deepcopy(plan.certificate.data)
    for leaf in data["leaves"]:
        leaf["prices"] = [factor * price for price in leaf["prices"]]
    assert facility.bound(problem, data) < plan.value


def test_a_client_is_not_priced_twice(opened):
    problem, plan = opened
    data = copy.deepcopy(plan.certificate.data)
    data["clients"][1] = data["clients"][0]
    with pytest.raises(ProofError, match="twice"):
        facility.bound(problem, data)


def test_a_centre_is_proved_at_the_next_smaller_radius_only(points):
    problem = Problem("p-center", cost=points, p=3)
    plan = solve(problem)
    assert plan.certificate.kind == "center"
    assert center.bound(problem, plan.certificate.data) == plan.value
    with pytest.raises(ProofError, match=r"not more than p|does not replace"):
        center.bound(problem, {**plan.certificate.data, "radius": plan.value})


def test_an_area_with_a_site_is_not_unreached():
    problem = Problem("lscp", cost=[[1, 5], [9, 8]], radius=6)
    assert unreached.bound(problem, {"area": "2"}) == math.inf
    with pytest.raises(ProofError, match="it has"):
        unreached.bound(problem, {"area": "1"})


def test_leaves_that_overlap_or_leave_out_are_not_complete():
    assert complete([([], [])])
    assert complete([(["A"], []), (["B"], ["A"]), ([], ["A", "B"])])
    assert not complete([(["A"], []), (["B"], ["A"])])
    assert not complete([(["A"], []), (["B"], []), ([], ["A", "B"])])
    assert not complete([(["A"], ["A"])])


@pytest.fixture(scope="module")
def packed():
    minutes = np.abs(np.array([0.0, 4, 8, 20])[:, None] - np.array([0.0, 8, 20])[None, :])
    problem = Problem(
        "cflp", cost=minutes, demand=[400, 300, 200, 100], capacity=[650, 450, 300], opening_cost=[1000, 1200, 800]
    )
    return problem, solve(problem)


def test_who_is_served_where_is_part_of_the_proof_where_room_is_limited(packed):
    problem, plan = packed
    assert plan.certificate.kind == "facility"
    assert any("served" in leaf for leaf in plan.certificate.data["leaves"])
    assert facility.bound(problem, plan.certificate.data) == plan.bound == plan.value == 5800


@pytest.mark.parametrize("what", ["served", "refused"])
def test_a_pair_that_a_leaf_does_not_fix_any_more_is_noticed(packed, what):
    problem, plan = packed
    data = copy.deepcopy(plan.certificate.data)
    next(leaf for leaf in data["leaves"] if what in leaf).pop(what)
    with pytest.raises(ProofError, match="not all choices"):
        facility.bound(problem, data)


def test_a_pair_of_nobody_is_refused(packed):
    problem, plan = packed
    data = copy.deepcopy(plan.certificate.data)
    leaf = next(leaf for leaf in data["leaves"] if "served" in leaf)
    plain = Problem("uflp", cost=problem.cost, demand=problem.demand, opening_cost=problem.opening_cost)
    data["leaves"] = [{**leaf, "open": [], "closed": [], "served": []}, leaf]
    with pytest.raises(ProofError):
        facility.bound(plain, data)
