"""The p-median on small problems of every shape, against trying every plan."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from folkmoot.engines.siting.plan import Status
from folkmoot.engines.siting.problem import EquityLimit, Problem
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.verify import verify


def best(problem: Problem) -> float:
    """The value of the best of all plans; infinity if there is none."""
    least = math.inf
    for open_sites in combinations(sorted(set(problem.sites) - problem.must_close), problem.p or 0):
        if problem.must_open <= set(open_sites):
            columns = problem.columns(open_sites)
            near = problem.weighted[:, columns].min(axis=1)
            least = min(least, math.fsum(near))
    return least


def some(seed: int) -> Problem:
    """Ties, duplicates, no demand, no way, sites that must open or close: something of each."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 14)), int(rng.integers(1, 10))
    kind = seed % 4
    cost = np.floor(rng.random((n, m)) * (4 if kind == 0 else 50))
    if kind == 1:
        cost = rng.random((n, m)) * 9
    if kind == 2:
        cost[rng.random((n, m)) < 0.2] = math.inf
    if kind == 3 and m > 1:
        cost[:, -1] = cost[:, 0]
    demand = np.floor(rng.random(n) * 5) / (3 if seed % 5 == 0 else 1)
    p = int(rng.integers(1, m + 1))
    sites = [str(j + 1) for j in range(m)]
    shut = (
        set(rng.choice(sites, size=int(rng.integers(0, m - p + 1)), replace=False).tolist()) if seed % 3 == 0 else set()
    )
    left = [code for code in sites if code not in shut]
    kept = set(rng.choice(left, size=int(rng.integers(0, p + 1)), replace=False).tolist()) if seed % 3 == 1 else set()
    return Problem("p-median", cost=cost, demand=demand, p=p, must_open=kept, must_close=shut)


@pytest.mark.parametrize("part", range(4))
def test_no_plan_is_better_and_the_proof_replays(part):
    for seed in range(part, 400, 4):
        problem = some(seed)
        plan, least = solve(problem), best(problem)
        if math.isinf(least):
            assert plan.status is Status.INFEASIBLE, seed
            assert plan.explanation, seed
        else:
            assert plan.status is Status.OPTIMAL, seed
            assert plan.value == pytest.approx(least, rel=1e-9, abs=1e-9), seed
        assert verify(problem, plan).holds, (seed, verify(problem, plan).statements)


def medium(seed: int) -> Problem:
    """Large enough to need a search."""
    rng = np.random.default_rng(seed)
    at = rng.random((60, 2)) * 100
    cost = np.floor(np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)))
    return Problem("p-median", cost=cost, demand=1 + seed % 3 * rng.integers(0, 9, 60), p=int(rng.integers(3, 9)))


def test_a_search_that_is_stopped_anywhere_never_says_more_than_it_proves():
    for seed in range(200):
        problem = medium(seed % 20)
        whole = known[seed % 20] if seed >= 20 else known.setdefault(seed, solve(problem).value)
        left = [seed // 20]

        def stop(left: list[int] = left) -> bool:
            left[0] -= 1
            return left[0] < 0

        plan = solve(problem, should_stop=stop)
        assert plan.bound <= whole <= plan.value
        assert (plan.status is Status.OPTIMAL) == (plan.bound == plan.value)
        assert verify(problem, plan).holds


known: dict[int, float] = {}


def test_the_order_of_rows_and_columns_changes_nothing():
    problem = medium(3)
    rng = np.random.default_rng(0)
    rows, columns = rng.permutation(60), rng.permutation(60)
    mixed = Problem(
        "p-median",
        cost=np.asarray(problem.cost)[np.ix_(rows, columns)],
        demand=np.asarray(problem.demand)[rows],
        p=problem.p,
        areas=tuple(problem.areas[i] for i in rows),
        sites=tuple(problem.sites[j] for j in columns),
    )
    assert solve(mixed).open == solve(problem).open
    assert solve(mixed).value == solve(problem).value


def test_costs_near_the_limit_of_exact_floats_are_proved():
    cost = np.array([[0, 2**50, 2**50 - 1], [2**50, 0, 3], [2**50 - 1, 3, 0]], dtype=float)
    plan = solve(Problem("p-median", cost=cost, p=1))
    assert (plan.value, plan.status) == (2.0**50 + 2, Status.OPTIMAL)


def test_an_area_that_reaches_no_site_is_named():
    problem = Problem("p-median", cost=[[1, 2], [9, 9]], areas=("Here", "Far"), p=1, max_cost=5)
    plan = solve(problem)
    assert plan.status is Status.INFEASIBLE
    assert "“Far”" in plan.explanation[0]
    assert "5" in plan.explanation[0]
    assert verify(problem, plan).holds


def test_too_few_sites_for_everybody_is_proved():
    problem = Problem("p-median", cost=1 + 10 * (1 - np.eye(4)), p=2, max_cost=5)
    plan = solve(problem)
    assert plan.status is Status.INFEASIBLE
    assert verify(problem, plan).holds


def test_a_gap_asked_for_is_kept():
    plan = solve(medium(5), gap=0.05)
    assert plan.gap <= 0.05
    assert verify(medium(5), plan).holds


def test_no_group_travels_further_than_the_equity_limit_allows():
    cost = np.array([[0, 9, 9, 1], [9, 0, 9, 8], [9, 9, 0, 8], [9, 9, 9, 7]], dtype=float)
    limited = Problem(
        "p-median", cost=cost, demand=[9, 9, 1, 1], p=2, existing={"3", "4"},
        group=["a", "a", "b", "b"], equity=EquityLimit(0.0),
    )  # fmt: skip
    free = replace(limited, equity=None, group=None)
    assert solve(free).value < solve(limited).value
    assert solve(limited).status is Status.OPTIMAL
    assert verify(limited, solve(limited)).value_holds
    assert not verify(limited, replace(solve(free), fingerprint=limited.fingerprint)).value_holds
