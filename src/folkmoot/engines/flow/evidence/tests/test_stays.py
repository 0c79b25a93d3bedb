"""Stays: from the first admission to the last discharge, and which cases have none."""

from __future__ import annotations

import pytest

from folkmoot.engines.flow.evidence import stays
from folkmoot.engines.flow.evidence.tests.made_logs import made_log
from folkmoot.engines.flow.logs import LogError


def test_a_stay_runs_from_the_first_admission_to_the_last_discharge() -> None:
    log = made_log(
        ("1", "ER", None, None, 0), ("1", "Admission NC", None, None, 2), ("1", "Admission IC", None, None, 5),
        ("1", "Release A", None, None, 20), ("1", "Release B", None, None, 32), ("1", "Return ER", None, None, 100),
    )  # fmt: skip
    found = stays(log, admission="Admission*", discharge="Release*")
    assert found.hours.tolist() == [30.0]
    assert found.summary() == {"count": 1, "mean_hours": 30.0, "median_hours": 30.0, "p95_hours": 30.0}


def test_common_names_are_recognised_and_said() -> None:
    log = made_log(
        ("1", "Admission NC", None, None, 2), ("1", "Test", None, None, 5), ("1", "Discharge home", None, None, 9)
    )
    found = stays(log)
    assert found.statement == "Stays run from the first “Admission*” to the last “Discharge*”."
    assert found.hours.tolist() == [7.0]


def test_without_such_names_a_stay_runs_from_first_to_last_event() -> None:
    found = stays(made_log(("1", "A", None, None, 2), ("1", "B", None, None, 5), ("2", "A", None, None, 1)))
    assert found.hours.tolist() == [3.0, 0.0]
    assert found.statement == "Stays run from the first event to the last event of a case."


def test_a_stay_begins_when_its_admission_starts() -> None:
    assert stays(made_log(("1", "Registration", "r", 1, 2), ("1", "Check-out", "r", 4, 5))).hours.tolist() == [4.0]


def test_open_cases_and_cases_never_admitted_are_counted_and_left_out() -> None:
    log = made_log(
        ("in", "Admission", None, None, 2), ("never", "Release", None, None, 3),
        ("whole", "Admission", None, None, 2), ("whole", "Release", None, None, 3),
    )  # fmt: skip
    found = stays(log)
    assert (found.case_id, found.open_cases, found.never_admitted) == (["whole"], 1, 1)


def test_a_discharge_before_the_admission_is_a_negative_stay() -> None:
    log = made_log(("1", "Release", None, None, 2), ("1", "Admission", None, None, 3))
    found = stays(log)
    assert found.backward_cases == ("1",)
    assert len(found.hours) == 0


def test_a_pattern_that_matches_nothing_is_refused_with_what_there_is() -> None:
    with pytest.raises(LogError, match=r"No activity matches the discharge “Exit\*”. Activities are: A, B"):
        stays(made_log(("1", "A", None, None, 2), ("1", "B", None, None, 5)), discharge="Exit*")
