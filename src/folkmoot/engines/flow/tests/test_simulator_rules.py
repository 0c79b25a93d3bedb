"""What the simulator does, on hospitals small enough to follow by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from folkmoot.engines.flow.calendar import Calendar
from folkmoot.engines.flow.live import census
from folkmoot.engines.flow.model import Scenario
from folkmoot.engines.flow.policy import RULES
from folkmoot.engines.flow.sim.simulate import Result, simulate
from folkmoot.engines.flow.tests.scenarios import at, began, ended, hospital, left, office, sequence, task

ORDER = {
    "fcfs": "abcd",
    "rounds": "abcd",
    "admission": "bacd",
    "edd": "dcba",
    "toc": "dbca",
    "colours": "dbca",
    "critical-ratio": "dcab",
    "sept": "bdca",
    "srpt": "bdca",
    "index": "bdca",
    "index-ageing": "bdca",
    "clairvoyant": "acdb",
}
SIMULATED = sorted(set(RULES) - {"given"})


def queue_of_four() -> Scenario:
    """At 20 h the team comes free and a, b, c, d wait, ready at 3, 4, 5 and 6 h.

    Admitted at 2, 1, 3, 4; planned discharge at 202, 64, 63, 24; estimates 9, 1, 4, 2 hours; truth 1, 9, 4, 5.
    """
    patients = {
        "blocker": at(0),
        "a": at(2, buffer_hours=200.0),
        "b": at(1, buffer_hours=63.0),
        "c": at(3, buffer_hours=60.0),
        "d": at(4, buffer_hours=20.0),
    }
    tasks = [task("blocker", "x", "team", 20.0)]
    for name, wait, estimate, truth in (
        ("a", 1.0, 9.0, 1.0),
        ("b", 3.0, 1.0, 9.0),
        ("c", 2.0, 4.0, 4.0),
        ("d", 2.0, 2.0, 5.0),
    ):
        tasks.append(task(name, "wait", None, wait))
        tasks.append(task(name, "x", "team", truth, "wait", estimate_hours=estimate))
    return hospital(patients, tasks, {"team": 1})


@pytest.mark.parametrize("policy", ORDER)
def test_each_policy_takes_the_queue_in_its_own_order(policy: str) -> None:
    assert sequence(simulate(queue_of_four(), policy))[1:] == list(ORDER[policy])


def test_every_policy_has_an_order_to_check() -> None:
    assert sorted(ORDER) == SIMULATED


def test_a_score_given_beforehand_is_followed() -> None:
    scenario = queue_of_four()
    score = np.array([{"d": 0.0, "a": 1.0, "c": 2.0, "b": 3.0}.get(name[0], 9.0) for name in scenario.tasks.id])
    assert sequence(simulate(scenario, "given", given=score))[1:] == list("dacb")
    with pytest.raises(ValueError, match="needs `given`, one score a task"):
        simulate(scenario, "given")
    with pytest.raises(ValueError, match="no other policy takes it"):
        simulate(scenario, "fcfs", given=score)
    for wrong in (score[1:], np.where(score > 1, np.nan, score)):
        with pytest.raises(ValueError, match="needs 9 numbers, one a task"):
            simulate(scenario, "given", given=wrong)


def test_within_one_colour_the_order_is_first_come_first_served() -> None:
    patients = {"blocker": at(0), "early": at(1, buffer_hours=30.0), "tight": at(2, buffer_hours=25.0)}
    tasks = [task("blocker", "x", "team", 12.0), task("early", "x", "team", 1.0), task("tight", "x", "team", 1.0)]
    scenario = hospital(patients, tasks, {"team": 1})  # both amber at 12 h: 11/30 and 10/25
    assert sequence(simulate(scenario, "colours")) == ["blocker", "early", "tight"]
    assert sequence(simulate(scenario, "toc")) == ["blocker", "tight", "early"]


@pytest.mark.parametrize("policy", SIMULATED)
def test_clinical_priority_stands_above_every_policy(policy: str) -> None:
    scenario = queue_of_four()
    for urgent in "abcd":
        priority = np.where(scenario.patients.id == urgent, 0, 1)
        first = sequence(simulate(replace(scenario, patients=replace(scenario.patients, priority=priority)), policy))[1]
        assert first == urgent


@pytest.mark.parametrize("policy", SIMULATED)
def test_equals_are_taken_in_the_order_of_the_table(policy: str) -> None:
    names = [f"p{i:02d}" for i in range(20)]
    patients = {name: at(1, buffer_hours=10.0) for name in names}
    scenario = hospital(patients, [task(name, "x", "team", 0.5) for name in names], {"team": 1})
    assert sequence(simulate(scenario, policy)) == names


@pytest.mark.parametrize("policy", ["index", "index-ageing", "srpt", "clairvoyant"])
def test_the_index_looks_at_all_work_still_to_come_here_not_at_the_next_task_alone(policy: str) -> None:
    patients = {"blocker": at(0), "many": at(1), "one": at(1)}
    tasks = [
        task("blocker", "x", "team", 5.0),
        task("many", "x", "team", 1.0),
        task("many", "y", "team", 8.0, "x"),
        task("one", "x", "team", 2.0),
    ]
    scenario = hospital(patients, tasks, {"team": 1})
    assert sequence(simulate(scenario, policy))[1] == "one"
    assert sequence(simulate(scenario, "sept"))[1] == "many"


def test_slack_beside_a_longer_branch_puts_a_task_back() -> None:
    patients = {"blocker": at(0), "slack": at(1), "critical": at(1)}
    tasks = [
        task("blocker", "x", "team", 5.0),
        task("slack", "bed rest", None, 300.0),
        task("slack", "x", "team", 1.0),
        task("critical", "x", "team", 3.0),
    ]
    scenario = hospital(patients, tasks, {"team": 1})
    assert sequence(simulate(scenario, "index"))[1] == "critical"
    assert sequence(simulate(scenario, "sept"))[1] == "slack"


def test_under_ageing_a_long_task_overtakes_short_ones_in_the_end() -> None:
    shorts = {f"s{i:04d}": at(float(i)) for i in range(3000)}
    tasks = [task(name, "x", "team", 1.0) for name in shorts] + [task("long", "x", "team", 3.0)]
    scenario = hospital({**shorts, "long": at(0.5)}, tasks, {"team": 1})
    assert sequence(simulate(scenario, "index")).index("long") == 3000
    assert sequence(simulate(scenario, "index-ageing")).index("long") < 2000


# ----------------------------------------------------------------------------------------------------- calendars


def test_work_pauses_at_closing_time_and_goes_on_next_morning() -> None:
    scenario = hospital({"ann": at(15)}, [task("ann", "x", "team", 3.0)], {"team": office()})
    result = simulate(scenario, "fcfs")
    assert began(result) == {"ann/x": 15.0}
    assert ended(result) == {"ann/x": 24.0 + 10.0}


def test_a_task_that_ends_at_closing_time_is_done_that_day() -> None:
    scenario = hospital(
        {"ann": at(15), "bob": at(15)}, [task("ann", "x", "t", 2.0), task("bob", "x", "t", 1.0)], {"t": office()}
    )
    assert ended(simulate(scenario, "fcfs")) == {"ann/x": 17.0, "bob/x": 24.0 + 10.0}


def test_a_team_closed_at_the_weekend_goes_on_on_monday() -> None:
    friday = 4 * 24.0
    scenario = hospital({"ann": at(friday + 16)}, [task("ann", "x", "team", 2.0)], {"team": office()})
    assert ended(simulate(scenario, "fcfs")) == {"ann/x": 3 * 24 + 10.0}  # from Friday midnight


def test_paused_work_goes_on_before_anything_new_is_begun() -> None:
    patients = {"routine": at(16, clinical_priority=5), "urgent": at(18, clinical_priority=0)}
    tasks = [task("routine", "x", "team", 3.0), task("urgent", "x", "team", 1.0)]
    result = simulate(hospital(patients, tasks, {"team": office()}), "fcfs")
    assert ended(result) == {"routine/x": 24.0 + 11.0, "urgent/x": 24.0 + 12.0}


def test_when_the_team_shrinks_the_work_begun_last_pauses() -> None:
    day = [(0, 9 * 60, 12 * 60, 2), (0, 12 * 60, 17 * 60, 1), (1, 9 * 60, 17 * 60, 1)]
    patients = {"first": at(9), "second": at(10)}
    tasks = [task("first", "x", "team", 4.0), task("second", "x", "team", 4.0)]
    result = simulate(hospital(patients, tasks, {"team": day}), "fcfs")
    assert ended(result) == {"first/x": 13.0, "second/x": 15.0}  # two hours before noon, two from one o'clock


def test_more_people_coming_on_duty_start_what_waits() -> None:
    day = [(0, 9 * 60, 12 * 60, 1), (0, 12 * 60, 17 * 60, 3)]
    names = ["a", "b", "c", "d"]
    scenario = hospital({n: at(9) for n in names}, [task(n, "x", "team", 4.0) for n in names], {"team": day})
    assert began(simulate(scenario, "fcfs")) == {"a/x": 9.0, "b/x": 12.0, "c/x": 12.0, "d/x": 13.0}


def test_over_the_march_weekend_an_hour_of_the_night_shift_is_missing() -> None:
    saturday = (28 - 5 + 31 + 28) * 24.0  # 28 March 2026, 00:00 UTC, still winter time
    night = [(5, 22 * 60, 1440, 1), (6, 0, 6 * 60, 1)]
    patients = {"early": at(0), "ann": at(saturday + 22)}
    result = simulate(hospital(patients, [task("ann", "x", "team", 7.5)], {"team": night}), "fcfs")
    # The shift has seven hours, 22–01 and 02–06 by the clock; the rest waits for Saturday 22:00 BST, that is 21:00 UTC.
    assert ended(result)["ann/x"] == saturday + 7 * 24 + 21.5


def test_over_the_october_weekend_the_night_shift_has_an_hour_more() -> None:
    patients = {"ann": {"admitted_at": hour_utc(2026, 10, 24, 21)}}  # 22:00 BST
    night = [(5, 22 * 60, 1440, 1), (6, 0, 6 * 60, 1)]
    result = simulate(hospital(patients, [task("ann", "x", "team", 9.0)], {"team": night}), "fcfs")
    assert result.scenario.at(result.ended[0]) == hour_utc(2026, 10, 25, 6)  # 06:00 GMT, nine hours later


def hour_utc(*parts: int):  # type: ignore[no-untyped-def]
    from datetime import UTC, datetime

    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


# -------------------------------------------------------------------------------------------------------- rounds


def test_under_rounds_a_task_waits_for_the_next_round_and_on_a_live_list_it_does_not() -> None:
    visits = {"doctor": [(day, 9 * 60, 11 * 60) for day in range(7)]}
    patients = {"morning": at(10), "noon": at(12)}
    tasks = [task("morning", "x", "doctor", 3.0), task("noon", "x", "doctor", 1.0)]
    scenario = hospital(patients, tasks, {"doctor": 2}, rounds=visits)
    assert began(simulate(scenario, "rounds")) == {"morning/x": 10.0, "noon/x": 24.0 + 9.0}
    assert began(simulate(scenario, "fcfs")) == {"morning/x": 10.0, "noon/x": 12.0}


def test_a_task_left_over_by_one_round_may_be_begun_after_it() -> None:
    visits = {"doctor": [(day, 9 * 60, 10 * 60) for day in range(7)]}
    tasks = [task("a", "x", "doctor", 3.0), task("b", "x", "doctor", 1.0)]
    scenario = hospital({"a": at(1), "b": at(2)}, tasks, {"doctor": 1}, rounds=visits)
    assert began(simulate(scenario, "rounds")) == {"a/x": 9.0, "b/x": 12.0}


# ---------------------------------------------------------------------------------------------------------- beds


def test_a_full_ward_blocks_the_bed_behind_it() -> None:
    patients = {"first": at(0), "second": at(1), "third": at(2)}
    tasks = [
        task("first", "stay", None, 10.0, ward_id="home"),
        task("second", "assess", None, 2.0, ward_id="amu"),
        task("second", "stay", None, 5.0, "assess", ward_id="home"),
        task("third", "assess", None, 1.0, ward_id="amu"),
    ]
    result = simulate(hospital(patients, tasks, {"team": 1}, wards={"amu": 1, "home": 1}), "fcfs")
    assert left(result) == {"first": 10.0, "second": 15.0, "third": 11.0}
    boarding = result.critical_waits().bed
    waits = dict(zip(result.scenario.tasks.id.tolist(), boarding.tolist()))
    # Second lies in the AMU from 3 until a bed upstairs is free at 10, and third waits from 2 for the AMU bed.
    assert waits == {"first/stay": 0.0, "second/assess": 0.0, "second/stay": 7.0, "third/assess": 8.0}


def test_the_most_urgent_patient_gets_the_bed_and_then_the_one_who_waits_longest() -> None:
    patients = {
        "lying": at(0),
        "early": at(1, clinical_priority=2),
        "late": at(2, clinical_priority=2),
        "urgent": at(3, clinical_priority=0),
    }
    tasks = [task(name, "stay", None, 10.0, ward_id="w") for name in patients]
    result = simulate(hospital(patients, tasks, {"team": 1}, wards={"w": 1}), "fcfs")
    assert began(result) == {"lying/stay": 0.0, "urgent/stay": 10.0, "early/stay": 20.0, "late/stay": 30.0}


def test_two_tasks_of_one_patient_need_one_bed() -> None:
    patients = {"lying": at(0), "other": at(0), "double": at(1), "next": at(2)}
    tasks = [
        task("lying", "stay", None, 10.0, ward_id="w"),
        task("other", "stay", None, 12.0, ward_id="w"),
        task("double", "review", "team", 1.0, ward_id="w"),
        task("double", "recover", None, 20.0, ward_id="w"),
        task("next", "stay", None, 5.0, ward_id="w"),
    ]
    result = simulate(hospital(patients, tasks, {"team": 1}, wards={"w": 2}), "fcfs")
    assert began(result)["double/review"] == began(result)["double/recover"] == 10.0
    assert began(result)["next/stay"] == 12.0


def test_a_patient_already_in_the_ward_goes_on_there_without_a_second_bed() -> None:
    tasks = [task("ann", "a", None, 1.0, ward_id="w"), task("ann", "b", None, 1.0, "a", ward_id="w")]
    result = simulate(hospital({"ann": at(0)}, tasks, {"team": 1}, wards={"w": 1}), "fcfs")
    assert left(result) == {"ann": 2.0}


def test_a_chain_of_moves_happens_at_one_instant() -> None:
    wards = {"a": 1, "b": 1, "c": 1}
    patients = {"x": at(0), "y": at(0), "z": at(0), "door": at(1)}
    tasks = [
        task("x", "1", None, 10.0, ward_id="c"),
        task("y", "1", None, 4.0, ward_id="b"),
        task("y", "2", None, 1.0, "1", ward_id="c"),
        task("z", "1", None, 5.0, ward_id="a"),
        task("z", "2", None, 1.0, "1", ward_id="b"),
        task("door", "1", None, 1.0, ward_id="a"),
    ]
    result = simulate(hospital(patients, tasks, {"team": 1}, wards=wards), "fcfs")
    assert [began(result)[t] for t in ("y/2", "z/2", "door/1")] == [10.0, 10.0, 10.0]


def test_two_full_wards_that_want_to_swap_stand_still_and_the_simulation_ends() -> None:
    patients = {"x": at(0), "y": at(0), "free": at(1)}
    tasks = [
        task("x", "1", None, 2.0, ward_id="a"),
        task("x", "2", None, 2.0, "1", ward_id="b"),
        task("y", "1", None, 2.0, ward_id="b"),
        task("y", "2", None, 2.0, "1", ward_id="a"),
        task("free", "1", "team", 1.0),
    ]
    result = simulate(hospital(patients, tasks, {"team": office()}, wards={"a": 1, "b": 1}), "fcfs")
    assert np.isnan(left(result)["x"])
    assert np.isnan(left(result)["y"])
    assert left(result)["free"] == 10.0
    assert result.finished.tolist() == [False, False, True]
    assert result.stays.tolist() == [9.0]


# --------------------------------------------------------------------------------------------- leaving, odd patients


def test_a_patient_who_leaves_frees_the_person_and_the_bed_at_once() -> None:
    patients = {"leaver": at(0, leaves_at=at(3)["admitted_at"]), "next": at(1)}
    tasks = [
        task("leaver", "x", "team", 10.0, ward_id="w"),
        task("leaver", "y", "team", 10.0, "x", ward_id="w"),
        task("next", "x", "team", 2.0, ward_id="w"),
    ]
    result = simulate(hospital(patients, tasks, {"team": 1}, wards={"w": 1}), "fcfs")
    assert left(result) == {"leaver": 3.0, "next": 5.0}
    assert np.isnan(ended(result)["leaver/x"])
    assert np.isnan(began(result)["leaver/y"])


@pytest.mark.parametrize("policy", SIMULATED)
def test_a_patient_may_leave_while_queueing_paused_gated_or_waiting_for_a_bed(policy: str) -> None:
    gone = at(20)["admitted_at"]
    visits = {"doctor": [(day, 9 * 60, 10 * 60) for day in range(7)]}
    patients = {
        "stays": at(0),
        "queueing": at(9.5, leaves_at=gone),
        "paused": at(16, leaves_at=gone),
        "gated": at(11, leaves_at=gone),
        "bedless": at(12, leaves_at=gone),
        "after": at(21),
    }
    tasks = [
        task("stays", "lie", None, 40.0, ward_id="w"),
        task("stays", "x", "machine", 30.0),
        task("queueing", "x", "machine", 5.0),
        task("paused", "x", "team", 4.0),
        task("gated", "x", "doctor", 1.0),
        task("bedless", "x", "machine", 1.0, ward_id="w"),
        task("after", "x", "machine", 1.0),
        task("after", "y", "team", 1.0),
    ]
    teams = {"machine": 1, "team": office(), "doctor": 1}
    result = simulate(hospital(patients, tasks, teams, rounds=visits, wards={"w": 1}), policy)
    assert [left(result)[name] for name in ("queueing", "paused", "bedless")] == [20.0, 20.0, 20.0]
    assert left(result)["gated"] == (20.0 if policy == "rounds" else 12.0)
    assert ended(result)["after/x"] == 31.0
    assert ended(result)["after/y"] == 24.0 + 10.0
    assert left(result)["stays"] == 40.0


def test_a_patient_with_nothing_to_be_done_leaves_on_arrival() -> None:
    result = simulate(hospital({"idle": at(3), "ann": at(1)}, [task("ann", "x", "team", 1.0)], {"team": 1}), "fcfs")
    assert left(result) == {"idle": 3.0, "ann": 2.0}


@pytest.mark.parametrize("policy", SIMULATED)
def test_an_empty_hospital_is_simulated_in_no_time(policy: str) -> None:
    result = simulate(hospital({}, [], {"team": office()}), policy)
    assert len(result.stays) == 0
    assert result.critical_waits().on_path.tolist() == []


def test_a_hospital_without_teams_lets_delays_pass() -> None:
    tasks = [task("ann", "rest", None, 5.0), task("ann", "more", None, 2.0, "rest")]
    assert left(simulate(hospital({"ann": at(1)}, tasks, {}), "fcfs")) == {"ann": 8.0}


def test_a_task_of_no_duration_still_needs_the_team_and_takes_no_time() -> None:
    patients = {"busy": at(0), "blink": at(1), "evening": at(18)}
    tasks = [
        task("busy", "x", "team", 10.0),
        task("blink", "x", "team", 0.0),
        task("blink", "y", None, 0.0, "x"),
        task("blink", "z", "team", 0.0, "y"),
        task("evening", "x", "team", 0.0),
    ]
    result = simulate(hospital(patients, tasks, {"team": [(d, 0, 17 * 60, 1) for d in range(7)]}), "fcfs")
    assert left(result) == {"busy": 10.0, "blink": 10.0, "evening": 24.0}


def test_simultaneous_arrivals_are_all_seen_before_anyone_is_taken() -> None:
    patients = {"low": at(5, clinical_priority=3), "high": at(5, clinical_priority=1)}
    tasks = [task("low", "x", "team", 1.0), task("high", "x", "team", 1.0)]
    assert sequence(simulate(hospital(patients, tasks, {"team": 1}), "fcfs")) == ["high", "low"]


def test_nothing_is_known_beyond_the_horizon_asked_for() -> None:
    patients = {"done": at(0), "at work": at(1), "not yet": at(50)}
    tasks = [task(name, "x", "team", 4.0) for name in patients]
    result = simulate(hospital(patients, tasks, {"team": 1}), "fcfs", until=6.0)
    assert result.finished.tolist() == [True, False, False]
    assert began(result)["at work/x"] == 4.0
    assert np.isnan(ended(result)["at work/x"])
    assert np.isnan(began(result)["not yet/x"])
    assert result.until == 4.0


def test_a_tenfold_surge_is_worked_off_even_in_office_hours() -> None:
    arrivals = {f"p{i:04d}": at(i * 0.1) for i in range(800)}
    tasks = [task(name, "x", "team", 1.0) for name in arrivals]
    result = simulate(hospital(arrivals, tasks, {"team": office(staff=1)}), "index-ageing")
    assert result.finished.all()
    assert result.discharged.max() == pytest.approx(
        19 * 168.0 + 4 * 24.0 + 16.0
    )  # 800 hours at 40 a week, by then in BST


def test_work_paused_again_and_again_is_not_forgotten_when_the_event_list_is_cleared() -> None:
    patients = {f"p{i}": at(8) for i in range(6)}
    tasks = [task(name, "x", "team", 400.0 + 10 * i) for i, name in enumerate(patients)]
    result = simulate(hospital(patients, tasks, {"team": [(d, 540, 600, 6) for d in range(7)]}), "fcfs")
    assert np.round(result.ended / 24.0 - 9 / 24, 1).tolist() == [400.0 - 1 + i * 10 for i in range(6)]


def test_a_team_taken_off_duty_by_a_lever_leaves_its_patients_unfinished_instead_of_running_for_ever() -> None:
    scenario = hospital({"ann": at(0), "bob": at(1)}, [task("ann", "x", "team", 1.0), task("bob", "y", "desk", 1.0)],
                        {"team": 1, "desk": office()})  # fmt: skip
    closed = scenario.with_resource(replace(scenario.resources[0], calendar=Calendar.always(0)))
    result = simulate(closed, "fcfs")
    assert result.finished.tolist() == [False, True]


# ----------------------------------------------------------------------------------------------------- warm start


def test_a_live_census_goes_on_from_what_is_done_in_hand_and_waiting() -> None:
    patients = {"ann": at(0), "bob": at(1), "cat": at(2), "new": at(30)}
    tasks = [
        task("ann", "done", "team", 2.0, status="done", started_at=at(1)["admitted_at"]),
        task("ann", "next", "team", 1.0, "done", ready_at=at(3)["admitted_at"]),
        task("bob", "now", "team", 5.0, status="running", started_at=at(22)["admitted_at"]),
        task("cat", "x", "team", 1.0, ready_at=at(2)["admitted_at"]),
        task("new", "x", "team", 1.0),
    ]
    scenario = hospital(patients, tasks, {"team": 1}, now=24.0)
    result = simulate(scenario, "fcfs")
    assert began(result)["bob/now"] == 22.0
    assert left(result) == {"bob": 27.0, "cat": 28.0, "ann": 29.0, "new": 31.0}
    assert result.ready[scenario.tasks.id == "cat/x"] == 2.0


def test_work_in_hand_over_a_closed_night_has_only_the_open_hours_behind_it() -> None:
    tasks = [task("ann", "x", "team", 5.0, status="running", started_at=at(16)["admitted_at"])]
    result = simulate(hospital({"ann": at(9)}, tasks, {"team": office()}, now=24.0 + 10.0), "fcfs")
    assert ended(result) == {"ann/x": 24.0 + 13.0}  # one hour on Monday, one this morning, three to go


def test_a_census_finds_its_beds_taken_and_gives_them_on() -> None:
    patients = {"in": at(0), "gone": at(0, leaves_at=at(9)["admitted_at"]), "waiting": at(8), "new": at(11)}
    tasks = [
        task("in", "stay", None, 20.0, status="running", started_at=at(0)["admitted_at"], ward_id="w"),
        task("gone", "stay", None, 90.0, status="running", started_at=at(0)["admitted_at"], ward_id="w"),
        task("waiting", "stay", None, 3.0, ready_at=at(8)["admitted_at"], ward_id="w"),
        task("new", "stay", None, 3.0, ward_id="w"),
    ]
    result = simulate(hospital(patients, tasks, {"team": 1}, wards={"w": 2}, now=10.0), "fcfs")
    assert left(result) == {"in": 20.0, "gone": 10.0, "waiting": 13.0, "new": 16.0}


# Not the ageing index: it measures work against the typical work of the patients it knows, and a census knows fewer.
@pytest.mark.parametrize("policy", sorted(set(SIMULATED) - {"index-ageing"}))
@pytest.mark.parametrize("now", [61.0, 85.25, 130.25])
def test_a_census_of_a_simulated_history_has_the_same_future(policy: str, now: float) -> None:
    rng = np.random.default_rng(7)
    patients, tasks = {}, []
    for i in range(60):
        name = f"p{i:02d}"
        patients[name] = at(float(np.round(rng.uniform(0, 120), 3)), clinical_priority=int(rng.integers(1, 3)))
        first, second, third = (float(np.round(h, 3)) for h in rng.exponential([1.0, 8.0, 1.2]))
        tasks += [
            task(name, "a", "team", first),
            task(name, "b", None, second, "a"),
            task(name, "c", "desk", third, "a"),
            task(name, "d", "team", 0.5, "b", "c"),
        ]
    scenario = hospital(patients, tasks, {"team": office(2, 8, 20), "desk": office(1)})
    whole = simulate(scenario, policy)
    inside = (scenario.patients.admitted <= now) & ~(whole.discharged <= now)
    later = scenario.patients.admitted > now
    assert inside.sum() > 5
    after = simulate(with_arrivals(census(whole, now), scenario, later), policy)
    expected = np.concatenate([whole.discharged[inside], whole.discharged[later]])
    np.testing.assert_allclose(after.discharged, expected, atol=1e-9)


def with_arrivals(live: Scenario, history: Scenario, later: np.ndarray) -> Scenario:
    """The census and the patients who came after it."""
    from folkmoot.engines.flow.resample import join, take

    return join(live, replace(take(history, np.flatnonzero(later)), start=live.start))


# --------------------------------------------------------------------------------------------------------- results


def test_a_second_run_does_not_change_the_first() -> None:
    scenario = queue_of_four()
    first: Result = simulate(scenario, "fcfs")
    before = began(first)
    simulate(scenario, "sept")
    assert began(first) == before
    assert np.isnan(scenario.tasks.started).all()


def test_only_waits_on_the_critical_path_count() -> None:
    patients = {"blocker": at(0), "ann": at(1)}
    tasks = [
        task("blocker", "x", "team", 6.0),
        task("ann", "recover", None, 20.0),
        task("ann", "x", "team", 1.0),
        task("ann", "home", "team", 1.0, "recover", "x"),
    ]
    result = simulate(hospital(patients, tasks, {"team": 1}), "fcfs")
    waits = result.critical_waits()
    by_task = dict(zip(result.scenario.tasks.id.tolist(), zip(waits.on_path.tolist(), waits.wait.tolist())))
    assert by_task == {
        "blocker/x": (True, 0.0), "ann/recover": (True, 0.0), "ann/x": (False, 0.0), "ann/home": (True, 0.0),
    }  # fmt: skip


def test_busy_hours_and_utilisation_count_the_work_done() -> None:
    tasks = [task("ann", "x", "team", 3.0), task("ann", "y", "desk", 1.0, "x")]
    result = simulate(hospital({"ann": at(9)}, tasks, {"team": office(2), "desk": office(1)}), "fcfs")
    assert result.busy_hours().tolist() == [3.0, 1.0]
    assert result.utilisation(0.0, 24.0).tolist() == [3.0 / 16.0, 1.0 / 8.0]


def test_first_come_first_served_is_the_same_in_lines_and_in_a_heap() -> None:
    """Few priorities are kept as lines, many as a heap; neither an early leaver nor a wait for a bed may tell them apart."""
    rng = np.random.default_rng(11)
    patients, tasks = {}, []
    for i in range(300):
        name, when = f"p{i:03d}", float(np.round(rng.uniform(0, 100), 1))
        extra = {"leaves_at": at(when + 5.0)["admitted_at"]} if i % 7 == 0 else {}
        patients[name] = at(when, clinical_priority=int(rng.integers(1, 4)), **extra)
        tasks.append(task(name, "a", "team", float(rng.exponential(0.5)), ward_id="w"))
        tasks.append(task(name, "b", "team", float(rng.exponential(0.5)), "a"))
    scenario = hospital(patients, tasks, {"team": 3}, wards={"w": 12})
    spread = replace(scenario, patients=replace(scenario.patients, priority=scenario.patients.priority * 1000))
    assert began(simulate(scenario, "fcfs")) == pytest.approx(began(simulate(spread, "fcfs")), abs=0.0, nan_ok=True)


def test_a_patient_who_waited_for_a_bed_keeps_the_place_of_the_moment_the_task_was_ready() -> None:
    patients = {"lying": at(0), "busy": at(0), "boarding": at(1), "later": at(2), "last": at(3)}
    tasks = [
        task("lying", "stay", None, 5.0, ward_id="w"),
        task("busy", "x", "team", 10.0),
        task("boarding", "x", "team", 1.0, ward_id="w"),
        task("later", "x", "team", 1.0),
        task("last", "x", "team", 1.0),
    ]
    scenario = hospital(patients, tasks, {"team": 1}, wards={"w": 1})
    assert sequence(simulate(scenario, "fcfs")) == ["busy", "boarding", "later", "last"]
