"""The lower bound is below everything that can be done: every policy, and the optimum of small snapshots (CP-SAT)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from folkmoot import town
from folkmoot.engines.flow import RULES, Scenario, lower_bound, simulate
from folkmoot.engines.flow.tests.random_hospitals import hospitals
from folkmoot.engines.flow.tests.scenarios import at, hospital, office, task

CLOSE = 1e-6


@settings(max_examples=60)
@given(scenario=hospitals(), name=st.sampled_from(sorted(set(RULES) - {"given"})))
def test_no_policy_in_any_small_hospital_goes_below_the_bound(scenario: Scenario, name: str) -> None:
    result = simulate(scenario, name)
    if not result.finished.all() or not len(scenario.patients):
        return
    assert result.stays.mean() >= lower_bound(scenario).mean_hours - CLOSE


@pytest.mark.parametrize("hours", ["24/7", "office"])
@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_no_policy_in_the_archetype_hospitals_goes_below_the_bound(name: str, hours: str) -> None:
    scenario = Scenario.from_tables(town.hospital(name, rho=0.95, hours=hours, patients=2500, seed=9))
    bound = lower_bound(scenario)
    assert bound.mean_hours >= bound.critical_path
    for policy in ("fcfs", "toc", "index", "index-ageing", "clairvoyant", "rounds"):
        assert simulate(scenario, policy).stays.mean() >= bound.mean_hours - CLOSE, policy


def test_a_patient_alone_is_bounded_by_the_critical_path_exactly() -> None:
    alone = hospital(
        {"ann": at(8)},
        [
            task("ann", "x-ray", "imaging", 1),
            task("ann", "rest", None, 5),
            task("ann", "home", "doctor", 2, "x-ray", "rest"),
        ],
        {"imaging": 1, "doctor": office()},
    )
    assert lower_bound(alone).mean_hours == pytest.approx(simulate(alone, "fcfs").stays.mean()) == pytest.approx(7)


def test_one_server_by_size_is_bounded_exactly() -> None:
    waiting = hospital(
        {name: at(0) for name in "abc"}, [task(n, "see", "doctor", h) for n, h in zip("abc", (5, 1, 3))], {"doctor": 1}
    )
    assert lower_bound(waiting).mean_hours == pytest.approx((1 + 4 + 9) / 3)
    assert simulate(waiting, "clairvoyant").stays.mean() == pytest.approx((1 + 4 + 9) / 3)


def test_the_half_duration_that_one_person_cannot_skip_tightens_the_bound() -> None:
    pair = hospital({name: at(0) for name in "ab"}, [task(n, "see", "team", 10) for n in "ab"], {"team": 2})
    assert lower_bound(pair).mean_hours == pytest.approx(10)


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_is_below_the_optimum_and_the_index_near_it(seed: int) -> None:
    rng = np.random.Generator(np.random.Philox(key=seed))
    n, staff = 8, 2
    arrivals = np.sort(rng.integers(0, 12, n))
    work, after = rng.integers(1, 9, n), rng.integers(0, 10, n)
    names = [f"p{i}" for i in range(n)]
    snapshot = hospital(
        {name: at(float(a)) for name, a in zip(names, arrivals)},
        [
            entry
            for name, w, rest in zip(names, work, after)
            for entry in (task(name, "assess", "team", float(w)), task(name, "place", None, float(rest), "assess"))
        ],
        {"team": staff},
    )
    best = _optimum(arrivals, work, after, staff) / n
    assert lower_bound(snapshot).mean_hours <= best + CLOSE
    clairvoyant = simulate(snapshot, "clairvoyant").stays.mean()
    assert best - CLOSE <= clairvoyant <= 1.25 * best


def _optimum(arrivals: np.ndarray, work: np.ndarray, after: np.ndarray, staff: int) -> float:
    """The smallest possible sum of stays, proved by CP-SAT."""
    model = cp_model.CpModel()
    last = int(arrivals.max() + work.sum()) + 1
    starts = [model.new_int_var(int(a), last, f"start{i}") for i, a in enumerate(arrivals)]
    spans = [model.new_fixed_size_interval_var(s, int(w), f"work{i}") for i, (s, w) in enumerate(zip(starts, work))]
    model.add_cumulative(spans, [1] * len(spans), staff)
    model.minimize(sum(starts))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return solver.objective_value + float(work.sum() + after.sum() - arrivals.sum())
