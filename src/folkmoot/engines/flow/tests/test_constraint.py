"""The constraint finder against towns whose constraint is known by construction, and against one whose moves."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot import town
from folkmoot.engines.flow import Scenario, identify, simulate, watch


@pytest.mark.slow
def test_the_planted_constraint_is_named_first_in_95_of_100_towns():
    found, busiest_differs, by_waiting = 0, 0, 0
    for seed in range(1, 101):
        tables, truth = town.planted(seed)
        answer = identify(Scenario.from_tables(tables), "fcfs")
        found += answer.resource_id == truth.constraint
        busiest_differs += truth.busiest != truth.constraint
        by_waiting += max(answer.pressures, key=lambda p: p.critical_wait_hours).resource_id == truth.constraint
    assert found >= 95
    assert by_waiting >= 95
    assert busiest_differs >= 15, "the towns must include ones where the busiest is not the constraint"


def test_the_busiest_resource_is_not_taken_for_the_constraint():
    seed = next(s for s in range(1, 101) if town.planted(s)[1].kind == "busiest is not the constraint")
    tables, truth = town.planted(seed)
    answer = identify(Scenario.from_tables(tables), "fcfs")
    assert answer.busiest.resource_id == truth.busiest != truth.constraint
    assert answer.resource_id == truth.constraint
    assert "The busiest resource is" in answer.evidence
    assert answer.confidence > 0.9


@pytest.mark.slow
def test_a_shift_of_the_constraint_is_noticed_within_14_days():
    days, false_alarms = [], 0
    for seed in range(1, 41):
        tables, truth = town.shifting(seed)
        result = simulate(Scenario.from_tables(tables), "fcfs")
        seen = watch(result)
        assert truth.shift_at is not None
        after = [hours / 24 - truth.shift_at for hours, name in seen if name == truth.then]
        noticed = [late for late in after if late >= 0]
        days.append(noticed[0] if noticed else np.inf)
        false_alarms += any(name != truth.constraint for hours, name in seen if hours / 24 < truth.shift_at)
    assert max(days) <= 14.0
    assert false_alarms <= 2


def test_watching_uses_only_what_was_known_at_the_time():
    tables, _ = town.shifting(3)
    result = simulate(Scenario.from_tables(tables), "fcfs")
    whole = watch(result)
    changes = [hours for hours, _ in whole]
    cut = changes[-1] + 1.0
    scenario = result.scenario
    before = scenario.patients.admitted <= cut
    known = before[scenario.tasks.patient]
    blind = type(result)(
        scenario,
        result.policy,
        np.where(known & (result.ready <= cut), result.ready, np.nan),
        np.where(known & (result.bed_at <= cut), result.bed_at, np.nan),
        np.where(known & (result.begun <= cut), result.begun, np.nan),
        np.where(known & (result.ended - scenario.tasks.work <= cut), result.ended, np.nan),
        np.where(before & (result.discharged <= cut), result.discharged, np.nan),
        result.events,
        cut,
    )
    assert [c for c in watch(blind) if c[0] <= cut] == [c for c in whole if c[0] <= cut]
