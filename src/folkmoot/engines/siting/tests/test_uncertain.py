"""Demand that is not known: draws keep their mean, regret is never negative and told against a bound."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.engines.siting.problem import Problem, ProblemError
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.uncertain import draws, stress, value_of

RNG = np.random.default_rng(3)
COST = RNG.integers(1, 60, (20, 7)).astype(float)
DEMAND = np.r_[RNG.integers(1, 20, 19), 0].astype(float)


@pytest.mark.parametrize("shape", ["gamma", "lognormal"])
def test_draws_have_the_mean_and_the_spread_asked_for(shape):
    found = draws(DEMAND, 20_000, np.random.default_rng(1), spread=0.3, shape=shape)
    assert found.mean(axis=0)[:19] == pytest.approx(DEMAND[:19], rel=0.02)
    assert (found.std(axis=0)[:19] / DEMAND[:19]) == pytest.approx(0.3, rel=0.05)
    assert not found[:, 19].any()


def test_what_swings_together_does_not_average_out():
    alone = draws(DEMAND, 4_000, np.random.default_rng(1), spread=0.3).sum(axis=1)
    both = draws(DEMAND, 4_000, np.random.default_rng(1), spread=0.3, together=0.3).sum(axis=1)
    assert both.std() > 3 * alone.std()


@pytest.mark.parametrize("objective", ["mclp", "uflp", "p-center", "lscp"])
def test_the_best_plan_of_a_draw_is_not_regretted(objective):
    given = {
        "mclp": {"p": 2, "radius": 12},
        "uflp": {"opening_cost": np.full(7, 150)},
        "p-center": {"p": 2},
        "lscp": {"radius": 40},
    }
    problem = Problem(objective, cost=COST, demand=DEMAND, **given[objective])
    plan = solve(problem)
    found = stress(problem, plan.open, DEMAND[None, :])
    assert found.regret[0] == pytest.approx(0, abs=1e-9)
    assert value_of(problem, plan.open) == pytest.approx(plan.value)


def test_a_bad_plan_is_regretted_and_sites_are_counted():
    problem = Problem("uflp", cost=COST, demand=DEMAND, opening_cost=np.full(7, 150))
    seen = []
    found = stress(
        problem, ("1", "2", "3", "4", "5", "6", "7"), draws(DEMAND, 8, np.random.default_rng(2)),
        progress=lambda done, of: seen.append((done, of)),
    )  # fmt: skip
    assert found.draws == found.proved == 8
    assert (found.regret > 0).all()
    assert found.worst_regret >= found.mean_regret
    assert seen[-1] == (8, 8)
    assert max(share for _, share in found.chosen) <= 1


def test_a_stop_leaves_the_draws_done_so_far():
    problem = Problem("mclp", cost=COST, demand=DEMAND, p=2, radius=12)
    left = [40]

    def stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    found = stress(problem, ("1", "2"), draws(DEMAND, 50, np.random.default_rng(2)), should_stop=stop)
    assert found.draws < 50
    assert len(found.regret) == found.draws


def test_draws_of_another_shape_are_refused():
    problem = Problem("mclp", cost=COST, demand=DEMAND, p=2, radius=12)
    with pytest.raises(ProblemError, match="each area"):
        stress(problem, ("1",), np.ones((3, 5)))
    with pytest.raises(ProblemError, match="gamma or lognormal"):
        draws(DEMAND, 3, np.random.default_rng(0), shape="normal")
