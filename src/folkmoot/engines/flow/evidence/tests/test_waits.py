"""Waits: on the path only, ranges where only completions are known, and how sure the constraint is."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.flow.evidence import constraint_of, stays, waits
from folkmoot.engines.flow.evidence.clock import hour_of_week, local
from folkmoot.engines.flow.evidence.opening import hours_open, opening_hours
from folkmoot.engines.flow.evidence.tests.made_logs import made_log
from folkmoot.engines.flow.evidence.waits import NOBODY


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=seed))


def by_name(rows) -> dict:
    return {row.name: row for row in rows}


def test_with_starts_a_wait_runs_from_the_enabling_completion_to_the_start() -> None:
    log = made_log(("1", "A", "ann", 0, 1), ("1", "B", "bob", 4, 6), ("1", "C", "cat", 6, 7))
    found = waits(log, stays(log))
    assert found.separable
    assert found.statements == ()
    assert {w.name: w.wait_hours for w in found.resources} == {"bob": 3.0, "ann": 0.0, "cat": 0.0}
    assert by_name(found.resources)["bob"].wait_hours_low == 3.0


def test_work_beside_the_path_holds_nobody_up() -> None:
    log = made_log(
        ("1", "A", "ann", 0, 1), ("1", "blood", "lab", 5, 6), ("1", "scan", "mri", 3, 9), ("1", "D", "doc", 10, 11)
    )
    found = waits(log, stays(log))
    assert {w.name: w.wait_hours for w in found.resources} == {"mri": 2.0, "doc": 1.0, "ann": 0.0, "lab": 0.0}


def test_an_event_of_no_length_does_not_enable_itself() -> None:
    log = made_log(("1", "A", "ann", 0, 1), ("1", "B", "bob", 5, 5), ("1", "C", "cat", 5, 5))
    assert {w.name: w.wait_hours for w in waits(log, stays(log)).resources} == {"bob": 4.0, "ann": 0.0, "cat": 0.0}


def test_what_came_before_the_admission_is_not_waited_for() -> None:
    log = made_log(("1", "ER", "er", None, 0), ("1", "Admission", "ward", None, 10), ("1", "Release", "ward", None, 14))
    found = waits(log, stays(log))
    assert {w.name: w.wait_hours for w in found.resources} == {"ward": 4.0, "er": 0.0}


EVENT = st.tuples(st.sampled_from("ABC"), st.integers(0, 50), st.integers(0, 20))


@settings(max_examples=200, deadline=None)
@given(cases=st.lists(st.lists(EVENT, min_size=1, max_size=8), min_size=1, max_size=4))
def test_waits_and_services_on_the_path_add_up_to_the_stay(cases: list[list[tuple[str, int, int]]]) -> None:
    events = [(str(k), a, a, float(s), float(s + d)) for k, case in enumerate(cases) for a, s, d in case]
    log = made_log(*events)
    found = stays(log)
    seen = waits(log, found)
    rows = log.table.to_pylist()
    begin = np.array([r["started_at"].timestamp() / 3600 for r in rows])
    end = np.array([r["completed_at"].timestamp() / 3600 for r in rows])
    for case, first, last, hours in zip(found.case_id, found.first, found.last, found.hours):
        mine = np.array([r["case_id"] == case for r in rows]) & seen.on_path
        service = end[mine] - np.maximum(begin[mine], begin[first])
        assert seen.on_path[last]
        assert seen.high[mine].sum() + np.maximum(service, 0).sum() == pytest.approx(hours, abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(
    cases=st.lists(
        st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 99)), min_size=1, max_size=8), min_size=1, max_size=4
    )
)
def test_with_completions_only_the_upper_figures_add_up_to_the_stays(cases: list[list[tuple[str, int]]]) -> None:
    log = made_log(*[(str(k), a, a, None, float(t)) for k, case in enumerate(cases) for a, t in case])
    found = stays(log)
    seen = waits(log, found)
    assert sum(w.wait_hours for w in seen.resources) == pytest.approx(found.hours.sum())
    assert all(0 <= w.wait_hours_low <= w.wait_hours for w in (*seen.resources, *seen.activities))


def test_with_completions_only_the_lower_figure_is_what_exceeds_the_median_and_that_is_said() -> None:
    events = [(str(k), "B", "bob", None, float(gap)) for k, gap in enumerate((1, 2, 3, 4, 10))]
    log = made_log(*events, *[(str(k), "A", "ann", None, 0.0) for k in range(5)])
    found = waits(log, stays(log))
    bob = by_name(found.resources)["bob"]
    assert (bob.wait_hours, bob.wait_hours_low) == (20.0, 8.0)
    assert not found.separable
    assert "cannot be told apart" in found.statements[0]


def test_hours_in_which_the_team_is_closed_are_told_apart() -> None:
    hours = [168.0 * w + 24.0 * d + h for w in range(30) for d in range(5) for h in range(9, 17)]
    office = [(f"o{at}", "T", "therapy", None, at) for at in hours]
    friday = [("p", "A", "ward", None, 4 * 24 + 16.5), ("p", "T", "therapy", None, 7 * 24 + 9.5)]
    log = made_log(*office, *friday, zone="UTC")
    found = stays(log)
    therapy = by_name(waits(log, found).resources)["therapy"]
    assert therapy.wait_hours == pytest.approx(65.0)
    assert therapy.wait_hours_open == pytest.approx(1.0)


def test_the_constraint_is_surer_the_more_cases_agree() -> None:
    def log(cases: int, gap: float):
        return made_log(
            *[e for k in range(cases) for e in (
                (str(k), "A", "ann", 0.0, 1.0),
                (str(k), "B", "bob", 1.0 + (gap if k % 2 else 1.0), 8.0),
                (str(k), "C", "cat", 8.0 + (1.0 if k % 2 else 3.0), 14.0),
            )]
        )  # fmt: skip

    unsure = log(6, 3.2)
    found = constraint_of(waits(unsure, stays(unsure)), rng())
    assert found is not None
    assert found.name == "bob"
    assert found.confidence < 0.8
    assert "This is not settled" in found.evidence
    many = log(400, 4.0)
    sure = constraint_of(waits(many, stays(many)), rng())
    assert sure is not None
    assert sure.confidence > 0.99
    assert sure.evidence == (
        "Patients waited 1,000 hours for bob, 56 % of all waiting, before cat with 44 %. Somebody was free all that time: "
        "it is delay, not queueing."
    )


def test_the_constraint_is_where_patients_queue_not_where_they_wait_longest() -> None:
    draw = np.random.default_rng(4)
    free, events = 0.0, []
    for k, at in enumerate(np.cumsum(draw.exponential(1.1, 500)).tolist()):
        begin = max(at + 0.1, free)
        free = begin + float(draw.exponential(1.0))
        events += [
            (str(k), "Admission", "desk", at, at + 0.1), (str(k), "Doctor", "doctor", begin, free),
            (str(k), "Porter", "porter", free + 90.0, free + 90.2),
        ]  # fmt: skip
    log = made_log(*events, zone="UTC")
    seen = waits(log, stays(log))
    found = constraint_of(seen, rng())
    assert seen.resources[0].name == "porter"
    assert seen.resources[0].queue_hours is not None
    assert seen.resources[0].queue_hours < 0.2 * seen.resources[0].wait_hours
    doctor = by_name(seen.resources)["doctor"]
    assert doctor.queue_hours == pytest.approx(doctor.wait_hours, rel=0.01)
    assert found is not None
    assert found.name == "doctor"
    assert "The longest waits" in found.evidence
    assert "are for porter" in found.evidence


def test_the_same_seed_gives_the_same_confidence() -> None:
    log = made_log(
        *[
            e
            for k in range(9)
            for e in ((str(k), "A", "a", 0.0, 1.0), (str(k), "B", "b", 2.0 + k, 40.0), (str(k), "C", "c", 45.0, 50.0))
        ]
    )
    seen = waits(log, stays(log))
    assert constraint_of(seen, rng(3)) == constraint_of(seen, rng(3))


def test_events_that_name_nobody_are_no_constraint_but_are_counted() -> None:
    log = made_log(("1", "A", "ann", None, 0), ("1", "B", None, None, 50), ("1", "C", "cat", None, 60))
    seen = waits(log, stays(log))
    assert seen.resources[0].name == NOBODY
    found = constraint_of(seen, rng())
    assert found is not None
    assert found.name == "cat"
    assert "Events that name no resource hold 83 %" in found.evidence


def test_a_log_in_which_nobody_waits_has_no_constraint() -> None:
    log = made_log(("1", "A", "ann", 0, 1), ("1", "B", "bob", 1, 2))
    assert constraint_of(waits(log, stays(log)), rng()) is None


def test_office_hours_are_found_also_across_the_change_of_clocks() -> None:
    opened = np.zeros(168, dtype=bool)
    moments = []
    for week in range(52):
        for day in range(5):
            opened[24 * day + 9 : 24 * day + 17] = True
            for hour in range(9, 17):
                at = datetime(2026, 1, 5, tzinfo=UTC).timestamp() + (7 * week + day) * 86400 + hour * 3600 + 900
                summer = 12 <= week < 42  # 29 March to 25 October
                moments.append(int((at - 3600 * summer) * 1e6))
    moments += [int((datetime(2026, 2, 1, 3, 30, tzinfo=UTC).timestamp()) * 1e6)]  # one night call on a Sunday
    found = opening_hours(np.array(moments, dtype=np.int64), "Europe/London")
    assert np.array_equal(found, opened)


def test_few_events_say_nothing_of_opening_hours() -> None:
    assert opening_hours(np.array([0, 1], dtype=np.int64), "Europe/London").all()


def test_the_local_clock_knows_summer_time_and_half_hours() -> None:
    july = np.array([int(datetime(2026, 7, 6, 23, 30, tzinfo=UTC).timestamp() * 1e6)], dtype=np.int64)
    assert hour_of_week(local(july, "Europe/London")).tolist() == [24]
    assert hour_of_week(local(july, "UTC")).tolist() == [23]
    assert ((local(july, "Asia/Kolkata") - july) / 3.6e9).tolist() == [5.5]


@settings(max_examples=50, deadline=None)
@given(start=st.integers(0, 10**6), minutes=st.integers(0, 30_000), seed=st.integers(0, 9))
def test_open_hours_of_an_interval_equal_a_count_by_the_minute(start: int, minutes: int, seed: int) -> None:
    opened = np.random.default_rng(seed).random(168) < 0.5
    begin = np.array([start * 60_000_000], dtype=np.int64)
    end = begin + minutes * 60_000_000
    each = begin + np.arange(minutes) * 60_000_000
    expected = opened[hour_of_week(each)].sum() / 60
    assert hours_open(begin, end, opened)[0] == pytest.approx(expected)
