"""Why there is no plan, with the area, the limit and by how much."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.engines.siting.problem import EquityLimit, Problem
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.why import explain

COST = np.array([[1, 71, 90], [90, 66, 65], [5, 80, 80], [70, 3, 70.0]])


def sentences(problem: Problem) -> str:
    return " ".join(reason.sentence for reason in explain(problem))


def test_an_area_too_far_is_named_with_its_nearest_site():
    (reason,) = explain(Problem("lscp", cost=COST, radius=60, areas=("Ash", "Birch", "Cedar", "Dale")))
    assert (reason.kind, reason.area, reason.by) == ("too far", "Birch", 5)
    assert "nearest site is “3”, at 65" in reason.sentence


def test_an_area_nobody_reaches_is_told_from_one_that_is_kept_out():
    assert "reaches no site at all" in sentences(Problem("uflp", cost=[[np.inf], [1]], opening_cost=[1]))
    assert "must be closed" in sentences(
        Problem("uflp", cost=[[1, np.inf], [1, 1]], opening_cost=[1, 1], must_close={"1"})
    )
    assert "forbidden" in sentences(Problem("p-center", cost=[[1], [1]], p=1, forbidden={("1", "1")}))


def test_too_few_sites_are_counted_and_the_limit_that_would_do_is_named():
    few, tight = explain(Problem("p-center", cost=COST, p=1, max_cost=69))
    assert few.by == 1
    assert "at least 2 sites" in few.sentence
    assert tight.by == 11
    assert "80" in tight.sentence


def test_missing_capacity_is_counted_by_service():
    problem = Problem(
        "capacitated-p-median", cost=COST, p=2, services=("imaging", "therapy"),
        demand=np.ones((4, 2)), capacity=[[2, 1], [2, 1], [2, 1]],
    )  # fmt: skip
    (reason,) = explain(problem)
    assert (reason.kind, reason.by) == ("capacity", pytest.approx(2))
    assert "“therapy” is short by 2" in reason.sentence


def test_an_area_larger_than_any_site_is_named():
    (reason,) = explain(Problem("cflp", cost=COST, opening_cost=[1, 1, 1], capacity=[4, 4, 4], demand=[5, 1, 1, 1]))
    assert (reason.area, reason.by) == ("1", 1)


def test_areas_that_fit_only_split_are_told_apart():
    said = sentences(Problem("cflp", cost=COST, opening_cost=[1, 1, 1], capacity=[3, 3, 3], demand=[2, 2, 2, 2]))
    assert "split" in said
    assert "short by 2" in said


def test_a_group_that_must_lose_is_named_with_today():
    problem = Problem(
        "uflp", cost=COST, opening_cost=[1, 1, 1], must_close={"1"}, existing={"1", "2"},
        group=["poor", "poor", "rich", "rich"], equity=EquityLimit(1),
    )  # fmt: skip
    said = sentences(problem)
    assert "group “poor” within 1 of today's mean of 33.5" in said
    assert solve(problem).explanation == tuple(reason.sentence for reason in explain(problem))


def test_a_problem_with_a_plan_is_not_explained_away():
    assert explain(Problem("p-center", cost=COST, p=2, max_cost=80)) == ()


def test_many_areas_are_counted_and_the_furthest_named():
    cost = 100.0 + np.arange(40)[:, None]
    reasons = explain(Problem("lscp", cost=cost, radius=50))
    assert [reason.area for reason in reasons[:2]] == ["40", "39"]
    assert "35 further areas" in reasons[-1].sentence
