"""What holds in every hospital under every policy, on random small ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.flow.model import Scenario
from folkmoot.engines.flow.policy import RULES
from folkmoot.engines.flow.sim.simulate import Result, capacity_steps, simulate
from folkmoot.engines.flow.tests.random_hospitals import hospitals

POLICIES = st.sampled_from(sorted(set(RULES) - {"given"}))
CLOSE = 1e-6


def edges(scenario: Scenario) -> tuple[np.ndarray, np.ndarray]:
    tasks = scenario.tasks
    return np.repeat(np.arange(len(tasks)), np.diff(tasks.succ_ptr)), tasks.succ


@settings(max_examples=300, deadline=None, derandomize=True)
@given(hospitals(), POLICIES)
def test_every_task_is_done_in_its_turn(scenario: Scenario, policy: str) -> None:
    result = simulate(scenario, policy)
    tasks = scenario.tasks
    done = np.isfinite(result.ended)
    assert np.all(result.ready[done] <= result.begun[done])
    assert np.all(result.begun[done] + tasks.work[done] <= result.ended[done] + CLOSE)
    assert np.all(result.ready[done] >= scenario.patients.admitted[tasks.patient[done]])
    before, after = edges(scenario)
    both = done[after]
    assert np.all(done[before][both])
    assert np.all(result.ended[before][both] <= result.ready[after][both])
    delays = done & (tasks.resource < 0)
    np.testing.assert_allclose(result.begun[delays] + tasks.work[delays], result.ended[delays], atol=CLOSE)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(hospitals(), POLICIES)
def test_a_patient_leaves_with_the_last_task_or_when_they_choose(scenario: Scenario, policy: str) -> None:
    result = simulate(scenario, policy)
    people = scenario.patients
    for p in range(len(people)):
        mine = slice(scenario.task_ptr[p], scenario.task_ptr[p + 1])
        last = np.max(result.ended[mine], initial=people.admitted[p])  # NaN while anything is unfinished
        if result.discharged[p] == people.leaves[p]:
            assert not last < people.leaves[p]
        elif np.isfinite(result.discharged[p]):
            assert result.discharged[p] == last
            assert last <= people.leaves[p]
        else:
            assert np.isnan(last)
            assert people.leaves[p] == np.inf


@settings(max_examples=300, deadline=None, derandomize=True)
@given(hospitals(beds=False), POLICIES)
def test_without_beds_everybody_who_stays_is_discharged(scenario: Scenario, policy: str) -> None:
    assert simulate(scenario, policy).finished.all()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(hospitals(leavers=False), POLICIES)
def test_no_more_people_are_at_work_than_are_on_duty(scenario: Scenario, policy: str) -> None:
    """The work done fits into the hours on duty, and where those never change nobody works on two tasks at once."""
    result = simulate(scenario, policy)
    tasks = scenario.tasks
    for r, steps in enumerate(capacity_steps(scenario)):
        mine = np.flatnonzero((tasks.resource == r) & np.isfinite(result.ended))
        if not len(mine):
            continue
        peak = int(steps.capacity.max())
        if not scenario.resources[r].calendar.is_constant:
            first, last = result.begun[mine].min(), result.ended[mine].max()
            assert tasks.work[mine].sum() <= steps.staff_hours(first, last) + CLOSE
        else:
            # Someone at work is at work all the time between begin and end.
            moments = result.begun[mine][tasks.work[mine] > 0]
            for moment in moments:
                at_work = (result.begun[mine] <= moment) & (moment < result.ended[mine])
                assert at_work.sum() <= peak


@settings(max_examples=200, deadline=None, derandomize=True)
@given(hospitals(beds=False, leavers=False))
def test_all_the_work_is_done_once_under_every_policy(scenario: Scenario) -> None:
    wanted = np.bincount(
        scenario.tasks.resource[scenario.tasks.resource >= 0],
        scenario.tasks.work[scenario.tasks.resource >= 0],
        len(scenario.resources),
    )
    for policy in ("fcfs", "toc", "index-ageing"):
        np.testing.assert_allclose(simulate(scenario, policy).busy_hours(), wanted)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(hospitals(beds=False), POLICIES)
def test_nobody_idles_while_a_patient_waits(scenario: Scenario, policy: str) -> None:
    """When a task begins later than it was ready, the team was full (or closed) the moment before."""
    if policy == "rounds":
        return
    result = simulate(scenario, policy)
    tasks = scenario.tasks
    steps = capacity_steps(scenario)
    for j in np.flatnonzero((tasks.resource >= 0) & (result.begun > result.ready)):
        r = tasks.resource[j]
        gone = result.discharged[tasks.patient]
        until = np.where(np.isfinite(result.ended), result.ended, gone)
        mine = (tasks.resource == r) & np.isfinite(result.begun)
        for moment in (result.ready[j], (result.ready[j] + result.begun[j]) / 2):
            on_duty = steps[r].capacity[np.searchsorted(steps[r].times, moment, side="right") - 1]
            in_hand = mine & (result.begun <= moment) & (moment < until)
            assert in_hand.sum() >= on_duty


@settings(max_examples=200, deadline=None, derandomize=True)
@given(hospitals(), POLICIES)
def test_waits_on_the_critical_path_add_up_to_the_stay(scenario: Scenario, policy: str) -> None:
    """From admission to discharge the critical path is work, waiting for people and waiting for beds, and nothing else."""
    result: Result = simulate(scenario, policy)
    waits = result.critical_waits()
    for p in np.flatnonzero(result.finished & ~(result.discharged == scenario.patients.leaves)):
        mine = slice(scenario.task_ptr[p], scenario.task_ptr[p + 1])
        path = waits.on_path[mine]
        total = scenario.tasks.work[mine][path].sum() + waits.wait[mine].sum() + waits.bed[mine].sum()
        np.testing.assert_allclose(total, result.discharged[p] - scenario.patients.admitted[p], atol=CLOSE)
