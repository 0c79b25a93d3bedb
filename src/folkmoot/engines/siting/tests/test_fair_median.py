"""A p-median under an equity limit is solved as a facility problem, and is still a p-median."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from folkmoot.engines.siting import EquityLimit, Problem
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.verify import verify


def fair(**extra: object) -> Problem:
    rng = np.random.Generator(np.random.Philox(key=5))
    places, at = rng.integers(0, 40, (14, 2)), rng.integers(0, 40, (6, 2))
    cost = np.abs(places[:, None] - at[None]).sum(axis=2)
    return Problem(
        "p-median", cost=cost, demand=rng.integers(1, 9, 14), p=2, existing=frozenset({"1", "2"}),
        group=rng.integers(0, 3, 14), equity=EquityLimit(1.0), **extra,  # type: ignore[arg-type]
    )  # fmt: skip


def test_opening_costs_are_not_in_the_value_of_a_p_median() -> None:
    plain, priced = solve(fair()), solve(fair(opening_cost=[5000, 1, 5000, 1, 1, 5000]))
    assert plain.open == priced.open
    assert plain.value == priced.value


def test_a_fair_p_median_is_the_best_of_all_fair_plans() -> None:
    problem = fair(opening_cost=[5000, 1, 5000, 1, 1, 5000])
    cost, group = np.asarray(problem.cost), np.asarray(problem.group)
    today, best = cost[:, :2].min(axis=1), np.inf
    for pair in combinations(range(6), 2):
        near = cost[:, pair].min(axis=1)
        rows = [problem.total * (group == g) for g in range(3)]
        if all(w @ near <= w @ today + w.sum() * 1.0 + 1e-9 for w in rows):
            best = min(best, float(problem.total @ near))
    plan = solve(problem)
    assert plan.value == best
    checked = verify(problem, plan)
    assert checked.value_holds
    assert checked.bound is None or checked.bound <= best
