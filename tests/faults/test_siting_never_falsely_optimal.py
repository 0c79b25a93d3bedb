"""Two hundred generated siting problems, each cut short somewhere, against the whole model solved by HiGHS.

Whatever the moment at which a search ends: its value is that of its sites, its bound is below (or, where more is
better, above) the true best, it is called optimal only where nothing better exists, and `verify` says so too.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from folkmoot.engines.siting.plan import Plan, Status
from folkmoot.engines.siting.problem import Problem
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.verify import verify

EACH = {"p-median": 80, "uflp": 30, "cflp": 25, "capacitated-p-median": 15, "mclp": 20, "lscp": 15, "p-center": 15}
BUDGETS = (0, 2, 5, 12, 30, None)  # how often a search may ask; None: one second of its own CPU time


def some(objective: str, number: int) -> Problem:
    rng = np.random.default_rng([number, list(EACH).index(objective)])
    small = objective in ("cflp", "capacitated-p-median")
    n, m = (int(rng.integers(10, 16)), int(rng.integers(5, 8))) if small else (int(rng.integers(25, 36)),) * 2
    if rng.random() < 0.5:  # no geometry: the hard kind
        cost = np.floor(rng.random((n, m)) * 1000)
    else:
        areas = rng.random((n, 2))
        spots = areas if n == m else rng.random((m, 2))
        cost = np.floor(1000 * np.hypot(*(areas[:, None, :] - spots[None, :, :]).transpose(2, 0, 1)))
    demand = np.ones(n) if rng.random() < 0.5 else rng.integers(0, 9, n).astype(float)
    demand[0] = 3.0
    given: dict = {"cost": cost, "demand": demand}
    if objective in ("p-median", "mclp", "p-center"):
        given["p"] = int(rng.integers(3, 9))
    if objective in ("uflp", "cflp"):
        given["opening_cost"] = rng.integers(500, 2500, m).astype(float)
    if objective in ("lscp", "mclp"):
        given["radius"] = float(np.quantile(cost, 0.12)) if objective == "mclp" else float(cost.min(axis=1).max()) * 1.5
    if small:
        given["capacity"] = np.full(m, math.ceil(demand.sum() * 1.6 / m))
    if objective == "capacitated-p-median":
        given["p"] = m - 1
    return Problem(objective, **given)


def best_of_highs(problem: Problem) -> float:
    """The optimum by the textbook model: y opens a site, x serves an area, in whole numbers."""
    cost, demand = np.asarray(problem.cost), np.asarray(problem.total)
    n, m = cost.shape
    if problem.objective.needs_radius:
        return _covering(problem, (cost <= problem.radius).astype(float), demand)
    opening = np.zeros(m) if problem.opening_cost is None else np.asarray(problem.opening_cost)
    worst = problem.objective == "p-center"
    x, number = np.arange(n * m), n * m + m + worst
    area, site = x // m, x % m
    one = coo_array((np.ones(n * m), (area, x)), shape=(n, number))
    link = coo_array((np.ones(n * m), (x, x)), shape=(n * m, number)) - coo_array(
        (np.ones(n * m), (x, n * m + site)), shape=(n * m, number)
    )
    limits = [LinearConstraint(csr_array(one), 1, 1), LinearConstraint(csr_array(link), -np.inf, 0)]
    if problem.p is not None:
        count = np.zeros((1, number))
        count[0, n * m : n * m + m] = 1
        limits.append(LinearConstraint(count, problem.p, problem.p))
    if problem.capacity is not None:
        load = coo_array((demand[area], (site, x)), shape=(m, number)).tolil()
        for j in range(m):
            load[j, n * m + j] = -float(np.asarray(problem.capacity).reshape(m, -1)[j, 0])
        limits.append(LinearConstraint(csr_array(load), -np.inf, 0))
    objective = np.zeros(number)
    if worst:
        objective[-1] = 1
        kept = np.flatnonzero(demand[area] > 0)
        far = coo_array((cost.ravel()[kept], (area[kept], kept)), shape=(n, number)).tolil()
        far[:, [number - 1]] = -1
        limits.append(LinearConstraint(csr_array(far), -np.inf, 0))
    else:
        objective[: n * m], objective[n * m : n * m + m] = (demand[:, None] * cost).ravel(), opening
    whole = np.ones(number)
    whole[n * m + m :] = 0
    upper = np.ones(number)
    upper[n * m + m :] = np.inf
    return _solved(objective, limits, whole, upper)


def _covering(problem: Problem, near: np.ndarray, demand: np.ndarray) -> float:
    n, m = near.shape
    if problem.objective == "lscp":
        asked = demand > 0
        return _solved(np.ones(m), [LinearConstraint(near[asked], 1, np.inf)], np.ones(m), np.ones(m))
    cover = hstack([csr_array(near), -csr_array(np.eye(n))])
    count = csr_array(np.concatenate([np.ones(m), np.zeros(n)])[None, :])
    limits = LinearConstraint(vstack([cover, count]), np.r_[np.zeros(n), 0], np.r_[np.full(n, np.inf), problem.p])
    return -_solved(np.concatenate([np.zeros(m), -demand]), [limits], np.ones(m + n), np.ones(m + n))


def _solved(objective: np.ndarray, limits: list[LinearConstraint], whole: np.ndarray, upper: np.ndarray) -> float:
    found = milp(objective, constraints=limits, integrality=whole, bounds=Bounds(0, upper), options={"mip_rel_gap": 0})
    assert found.status == 0, found.message
    return float(found.fun)


def budget(asks: int | None) -> Callable[[], bool]:
    if asks is None:
        begun = time.process_time()
        return lambda: time.process_time() - begun > 1
    left = [asks]

    def stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    return stop


def hold(problem: Problem, plan: Plan, best: float) -> None:
    sign, room = (-1 if problem.objective.maximises else 1), 1e-6 * max(1.0, abs(best))
    assert plan.status is not Status.INFEASIBLE
    assert sign * plan.bound <= sign * best + room
    if plan.value is not None:
        assert sign * plan.value >= sign * best - room
    if plan.status is Status.OPTIMAL:
        assert plan.value == pytest.approx(best, rel=1e-6)
    found = verify(problem, plan)
    if plan.replayable or plan.certificate.kind == "none":
        assert found.holds, found.statements
    else:  # single-source capacities: HiGHS closes what prices leave open, and `verify` says just that
        assert problem.objective.needs_capacity
        assert found.value_holds
        assert not found.bound_holds
        assert found.bound is not None
        assert 0.9 * best <= found.bound <= best + room


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("objective", EACH)
def test_a_plan_is_called_optimal_only_where_nothing_is_better(objective: str, part: int) -> None:
    ended: Counter[Status] = Counter()
    for number in range(part, EACH[objective], 4):
        problem = some(objective, number)
        plan = solve(problem, should_stop=budget(BUDGETS[number % len(BUDGETS)]))
        hold(problem, plan, best_of_highs(problem))
        ended[plan.status] += 1
    assert sum(ended.values()) == len(range(part, EACH[objective], 4))


@pytest.mark.parametrize("objective", ["uflp", "cflp", "capacitated-p-median"])
def test_given_its_time_a_small_plan_is_proved_so_that_no_solver_need_be_believed(objective: str) -> None:
    for number in range(8):
        problem = some(objective, number)
        plan = solve(problem)
        assert plan.status is Status.OPTIMAL
        assert plan.replayable
        assert verify(problem, plan).holds


@pytest.mark.parametrize("number", range(6))
def test_one_second_on_a_problem_too_hard_for_it_ends_honestly(number: int) -> None:
    rng = np.random.default_rng(number)
    problem = Problem("p-median", cost=np.floor(rng.random((220, 220)) * 10_000), p=10 + number)
    plan = solve(problem, should_stop=budget(None))
    assert plan.status is Status.FEASIBLE
    assert plan.value is not None
    assert 0 < plan.bound < plan.value
    found = verify(problem, plan)
    assert found.holds, found.statements
