"""A siting search cut short, at whatever moment, still says how good its plan is, and can prove it."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.engines.siting.plan import Status
from folkmoot.engines.siting.problem import Problem
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.verify import verify


@pytest.fixture(scope="module")
def hard() -> Problem:
    rng = np.random.default_rng(12)
    return Problem("p-median", cost=np.floor(rng.random((150, 150)) * 10_000), p=8)


@pytest.mark.parametrize("polls", [0, 1, 3, 8, 12, 15, 18, 40, 80])
def test_a_search_that_is_cut_short_gives_a_plan_a_bound_and_its_proof(hard, polls):
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > polls

    plan = solve(hard, should_stop=stop)
    assert len(plan.open) == 8
    assert 0 < plan.bound < plan.value
    assert plan.status is Status.FEASIBLE
    found = verify(hard, plan)
    assert found.holds, found.statements


def test_the_bound_told_on_the_way_never_passes_the_value(hard):
    told = []
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 60

    solve(hard, should_stop=stop, progress=lambda what, value, bound: told.append((what, value, bound)))
    assert {what for what, _, _ in told} >= {"Swapping sites", "Climbing", "Branching"}
    assert all(bound <= value for _, value, bound in told)
    values = [value for _, value, _ in told]
    assert values == sorted(values, reverse=True)
