"""This morning's lists: right order, right reasons, kept up to date by events, equal to a list built anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from folkmoot import town
from folkmoot.engines.flow import ModelError, Scenario, Worklist, census, simulate
from folkmoot.engines.flow.policy import RULES, Rule


@pytest.fixture(scope="module")
def morning() -> Scenario:
    tables = town.hospital("C", rho=0.97, hours="office", patients=4000, seed=2)
    scenario = Scenario.from_tables(tables)
    urgent = np.where(np.arange(len(scenario.patients)) % 3 == 0, 0, 9)
    scenario = replace(scenario, patients=replace(scenario.patients, priority=urgent), _cache={})
    history = simulate(replace(scenario, patients=replace(scenario.patients, priority=urgent * 0), _cache={}), "fcfs")
    history = replace(history, scenario=scenario)
    social = scenario.tasks.resource == scenario.resource_index("social")
    hours = np.arange(500.0, 4000.0, 24.0) + 9.0
    queue = [int(np.sum(social & (history.ready <= h) & (history.begun > h))) for h in hours]
    busiest = int(np.argmax(queue))
    assert queue[busiest] >= 20
    return census(history, float(hours[busiest]))


def test_clinical_priority_stands_above_every_rule(morning):
    for name in RULES:
        if name == "given":
            continue
        priorities = [entry.clinical_priority for entry in Worklist(morning, policy=name).ranked("social")]
        assert priorities == sorted(priorities), name
        assert len(set(priorities)) == 2


def test_positions_count_from_one_and_scores_rise_within_a_priority(morning):
    entries = Worklist(morning).ranked("social")
    assert [e.position for e in entries] == list(range(1, len(entries) + 1))
    routine = [e.score for e in entries if e.clinical_priority == 9]
    assert routine == sorted(routine)


def test_a_list_kept_up_by_events_equals_a_list_built_anew(morning):
    lists = Worklist(morning)
    first, second, third = (entry.task_id for entry in lists.ranked("social")[:3])
    lists.start(first, at=morning.start + 0.5)
    lists.finish(second, at=morning.start + 1.0)
    lists.cancel(third, at=morning.start + 1.5)
    tasks = morning.tasks
    status, ready, started = tasks.status.copy(), tasks.ready.copy(), tasks.started.copy()
    place = {str(name): j for j, name in enumerate(tasks.id)}
    status[place[first]], started[place[first]] = 1, morning.start + 0.5
    for name, at in ((second, 1.0), (third, 1.5)):
        task = place[name]
        status[task] = 2
        for after in tasks.succ[tasks.succ_ptr[task] : tasks.succ_ptr[task + 1]]:
            others = np.flatnonzero(
                [(task2 != task and after in _successors(tasks, task2)) for task2 in range(len(tasks))]
            )
            if all(status[o] == 2 for o in others):
                ready[after] = morning.start + at
                if tasks.resource[after] < 0:
                    status[after], started[after] = 1, morning.start + at
    fresh = replace(tasks, status=status, ready=ready, started=started)
    again = Worklist(replace(morning, tasks=fresh, _cache={}), now=morning.start + 1.5)
    for resource in morning.resource_ids:
        assert [e.task_id for e in lists.ranked(resource)] == [e.task_id for e in again.ranked(resource)]


def _successors(tasks, task):
    return tasks.succ[tasks.succ_ptr[task] : tasks.succ_ptr[task + 1]]


def test_every_rank_is_explained_in_words(morning):
    for entry in Worklist(morning).ranked("social"):
        codes = [reason.code for reason in entry.reasons]
        assert ("late" in codes) == (entry.penetration >= 1)
        assert ("slack" in codes) == (entry.slack_hours > 1)
        assert all(reason.text.endswith(".") for reason in entry.reasons)
        assert entry.why.startswith("Clinical priority") == (entry.clinical_priority == 0)


def test_a_patient_who_leaves_is_on_no_list(morning):
    lists = Worklist(morning)
    patient = lists.ranked("social")[0].patient_id
    lists.leave(patient, at=morning.start)
    for resource in morning.resource_ids:
        assert patient not in {entry.patient_id for entry in lists.ranked(resource)}


def test_what_cannot_happen_is_refused_in_a_sentence(morning):
    lists = Worklist(morning)
    task = lists.ranked("social")[0].task_id
    lists.finish(task, at=morning.start)
    with pytest.raises(ModelError, match="cannot start: it is done"):
        lists.start(task, at=morning.start)
    with pytest.raises(ModelError, match="cannot be cancelled: it is done"):
        lists.cancel(task, at=morning.start)
    with pytest.raises(ModelError, match="There is no task “ghost”"):
        lists.start("ghost", at=morning.start)
    with pytest.raises(ModelError, match="There is no patient “ghost”"):
        lists.leave("ghost", at=morning.start)


def test_ties_go_by_ready_time_and_then_by_number(morning):
    class Flat:
        name = "flat"

        def scores(self, waiting, now):
            return np.zeros(len(waiting.ready))

    entries = [e for e in Worklist(morning, policy=Flat()).ranked("social") if e.clinical_priority == 9]
    waited = [e.waited_hours for e in entries]
    assert waited == sorted(waited, reverse=True)


@pytest.mark.parametrize("name", ["slack_scale", "grace", "patience"])
def test_a_rule_whose_hours_are_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"The {name} of a rule must be more than 0 hours"):
        Rule("mine", "Mine", RULES["index-ageing"].code, **{name: 0.0})


def test_an_order_given_beforehand_has_no_score_of_its_own() -> None:
    with pytest.raises(ValueError, match="no score of its own"):
        RULES["given"].scores(None, 0.0)  # type: ignore[arg-type]
