"""Alternatives are as good as they say, differ, and claim a proof only where there is one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from folkmoot.engines.siting.alternatives import alternatives, worst_allowed
from folkmoot.engines.siting.problem import Problem, ProblemError
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.tests.brute import _value

RNG = np.random.default_rng(11)
COST = np.floor(
    np.hypot(*(RNG.random((25, 2))[:, None] * 100 - RNG.random((9, 2))[None] * 100).transpose(2, 0, 1))
)  # fmt: skip
DEMAND = RNG.integers(1, 9, 25).astype(float)
PROBLEMS = {
    "mclp": Problem("mclp", cost=COST, demand=DEMAND, p=3, radius=20, group=np.arange(25) % 3),
    "lscp": Problem("lscp", cost=COST, demand=DEMAND, radius=45),
    "p-center": Problem("p-center", cost=COST, demand=DEMAND, p=3),
    "uflp": Problem("uflp", cost=COST, demand=DEMAND, opening_cost=np.full(9, 300)),
    "cflp": Problem("cflp", cost=COST, demand=DEMAND, opening_cost=np.full(9, 300), capacity=np.full(9, 40)),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_alternative_is_within_the_limit_and_new(name):
    problem = PROBLEMS[name]
    best = solve(problem)
    found = alternatives(problem, best, count=3, within=0.25)
    assert found.plans
    known = [set(best.open)]
    for each in found.plans:
        columns = [problem.site_index[code] for code in each.plan.open]
        if problem.capacity is None:
            assert each.plan.value == pytest.approx(_value(problem, columns))
        limit = worst_allowed(problem, best, 0.25)
        assert each.plan.value >= limit - 1e-9 if problem.objective.maximises else each.plan.value <= limit + 1e-9
        assert each.distance == min(len(set(each.plan.open) ^ other) for other in known) >= 1
        assert set(each.opened) == set(each.plan.open) - set(best.open)
        known.append(set(each.plan.open))


@pytest.mark.parametrize("name", ["mclp", "lscp", "p-center"])
def test_where_it_is_proved_no_plan_differs_more(name):
    problem = PROBLEMS[name]
    best = solve(problem)
    first = alternatives(problem, best, count=1, within=0.25).plans[0]
    assert first.proved
    limit = worst_allowed(problem, best, 0.25)
    most = 0
    for size in range(problem.m + 1):
        for columns in itertools.combinations(range(problem.m), size):
            value = _value(problem, list(columns))
            if value is not None and (value >= limit if problem.objective.maximises else value <= limit):
                most = max(most, len({problem.sites[j] for j in columns} ^ set(best.open)))
    assert first.distance == most


def test_the_reason_says_what_is_exchanged_and_who_loses():
    problem = PROBLEMS["mclp"]
    found = alternatives(problem, solve(problem), count=1, within=0.3)
    said = found.plans[0].reason
    assert f"“{found.plans[0].closed[0]}” closes" in said
    assert "worse" in said
    assert "loses most" in said


def test_when_no_other_plan_is_near_that_is_said():
    problem = Problem("mclp", cost=[[1, 9], [9, 1]], demand=[100, 1], p=1, radius=2)
    found = alternatives(problem, solve(problem), within=0.01)
    assert not found.plans
    assert "No further plan within 1.00%" in found.statements[0]


def test_alternatives_to_no_plan_are_refused():
    problem = Problem("lscp", cost=[[9]], radius=1)
    with pytest.raises(ProblemError, match="no plan"):
        alternatives(problem, solve(problem))
