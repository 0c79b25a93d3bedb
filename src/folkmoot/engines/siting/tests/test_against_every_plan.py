"""Every objective but the p-median, on small problems with every kind of limit, against trying every plan."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from folkmoot.engines.siting.plan import Status
from folkmoot.engines.siting.problem import Problem, ProblemError
from folkmoot.engines.siting.proofs import center, covering, facility, unreached
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.tests.brute import best_value, some_problem

OBJECTIVES = ("lscp", "mclp", "p-center", "uflp", "cflp", "capacitated-p-median")
REPLAYED = {
    "covering": covering.bound,
    "center": center.bound,
    "nearest": center.nearest,
    "facility": facility.bound,
    "unreached": unreached.bound,
}
EACH = 60


def problems(objective: str, seed: int) -> list[Problem]:
    rng = np.random.default_rng([seed, OBJECTIVES.index(objective)])
    found = [some_problem(objective, rng) for _ in range(EACH)]
    return [problem for problem in found if problem is not None]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_no_plan_is_better_than_the_one_found_and_its_proof_replays(objective):
    solved = 0
    for problem in problems(objective, 1):
        try:
            plan = solve(problem)
        except ProblemError:  # a group that reaches no existing site has no mean of today
            continue
        best = best_value(problem)
        solved += 1
        if best is None:
            assert plan.status is Status.INFEASIBLE
            assert plan.value is None
        else:
            assert plan.status is Status.OPTIMAL
            assert plan.value == pytest.approx(best, abs=1e-9)
        if plan.certificate.kind == "solver-trusted":
            continue
        proved = REPLAYED[plan.certificate.kind](problem, plan.certificate.data)
        if best is None:
            assert math.isinf(proved)
        else:
            sign = -1 if problem.objective.maximises else 1
            assert sign * plan.bound - 1e-9 <= sign * proved <= sign * best + 1e-9
    assert solved >= 35


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_order_of_rows_and_columns_changes_nothing(objective):
    rng = np.random.default_rng(7)
    for problem in problems(objective, 2)[:15]:
        rows, columns = rng.permutation(problem.n), rng.permutation(problem.m)

        def by(values, order):
            return None if values is None else np.asarray(values)[order]

        mixed = replace(
            problem,
            cost=np.asarray(problem.cost)[np.ix_(rows, columns)],
            demand=by(problem.demand, rows),
            areas=tuple(problem.areas[i] for i in rows),
            sites=tuple(problem.sites[j] for j in columns),
            opening_cost=by(problem.opening_cost, columns),
            capacity=by(problem.capacity, columns),
            group=by(problem.group, rows),
        )
        assert mixed.fingerprint == problem.fingerprint
        try:
            one = solve(problem)
        except ProblemError:
            continue
        other = solve(mixed)
        assert (one.open, one.status) == (other.open, other.status)
        assert one.value == pytest.approx(other.value) if one.value is not None else other.value is None


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_nothing_stopped_early_is_called_better_than_it_is(objective):
    """Stopped at every point of the search, a plan's value is real and its bound holds."""
    for problem in problems(objective, 3)[:20]:
        best = best_value(problem)
        for asks in (0, 1, 2, 3, 5, 8):
            left = [asks]

            def stop(left=left) -> bool:
                left[0] -= 1
                return left[0] < 0

            try:
                plan = solve(problem, should_stop=stop)
            except ProblemError:
                break
            if best is None:
                assert plan.value is None
                continue
            sign = -1 if problem.objective.maximises else 1
            assert plan.status is not Status.INFEASIBLE
            assert sign * plan.bound <= sign * best + 1e-9
            if plan.value is not None:
                assert sign * plan.value >= sign * best - 1e-9
                if plan.status is Status.OPTIMAL:
                    assert plan.value == pytest.approx(best, abs=1e-9)
