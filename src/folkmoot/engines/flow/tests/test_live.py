"""The census and what follows from it: a simulation started in the middle goes on as the whole one did."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from folkmoot import town
from folkmoot.engines.flow import DischargeReady, PlannedDischarge, Scenario, census, future, simulate
from folkmoot.engines.flow.resample import bootstrap, join, take


def hospital(seed: int = 5, n: int = 2500) -> Scenario:
    return Scenario.from_tables(town.hospital("B", rho=0.9, hours="office", patients=n, seed=seed))


def test_a_simulation_from_the_census_ends_as_the_whole_one():
    scenario = hospital()
    whole = simulate(scenario, "fcfs")
    now = 1500.0
    inside = np.flatnonzero((scenario.patients.admitted <= now) & (whole.discharged > now))
    later = np.flatnonzero(scenario.patients.admitted > now)
    morning = census(whole, now)
    rest = replace(take(scenario, later), start=now)
    again = simulate(join(morning, rest), "fcfs")
    np.testing.assert_allclose(again.discharged[: len(inside)], whole.discharged[inside], rtol=0, atol=1e-6)
    np.testing.assert_allclose(again.discharged[len(inside) :], whole.discharged[later], rtol=0, atol=1e-6)


def test_a_future_keeps_the_census_and_adds_arrivals_of_the_same_rate():
    scenario = hospital(n=4000)
    morning = census(simulate(scenario, "fcfs"), 2000.0)
    days = 28
    ahead = future(morning, scenario, np.random.Generator(np.random.Philox(key=1)), days=days)
    arrivals = ahead.patients.admitted[len(morning.patients) :]
    assert arrivals.min() >= morning.start
    span = (scenario.patients.admitted.max() - scenario.patients.admitted.min()) / 24
    expected = len(scenario.patients) / span * days
    assert abs(len(arrivals) - expected) < 5 * expected**0.5
    assert np.all(np.isfinite(simulate(ahead, "index-ageing").discharged))


def test_bootstrapped_histories_differ_by_seed_and_repeat_by_seed():
    scenario = hospital()
    one, again, two = (bootstrap(scenario, np.random.Generator(np.random.Philox(key=k))) for k in (1, 1, 2))
    assert one.tasks.work.tobytes() == again.tasks.work.tobytes()
    assert one.tasks.work.tobytes() != two.tasks.work.tobytes()


def test_a_planned_date_that_moves_keeps_the_first_and_is_counted():
    plan = PlannedDischarge.of(date(2026, 3, 2))
    assert plan.moved(date(2026, 3, 2)) == plan
    moved = plan.moved(date(2026, 3, 4)).moved(date(2026, 3, 9))
    assert (moved.first, moved.current, moved.moves) == (date(2026, 3, 2), date(2026, 3, 9), 2)


def test_a_discharge_ready_date_is_kept_rescinded_and_set_anew():
    day = datetime(2026, 3, 2, 10, tzinfo=UTC)
    ready = DischargeReady().assessed(meets_criteria_to_reside=False, at=day)
    assert ready.assessed(meets_criteria_to_reside=False, at=day + timedelta(days=1)) == ready
    worse = ready.assessed(meets_criteria_to_reside=True, at=day + timedelta(days=2))
    assert worse.since is None
    assert worse.rescinded == 1
    better = worse.assessed(meets_criteria_to_reside=False, at=day + timedelta(days=3))
    assert better.since == day + timedelta(days=3)
    assert better.delay(day + timedelta(days=5)) == timedelta(days=2)


def test_a_discharge_ready_date_is_blank_for_a_discharge_the_same_day():
    day = datetime(2026, 3, 2, 10, tzinfo=UTC)
    ready = DischargeReady().assessed(meets_criteria_to_reside=False, at=day)
    assert ready.reported(discharged=day + timedelta(hours=5)) is None
    assert ready.reported(discharged=day + timedelta(days=1)) == day
