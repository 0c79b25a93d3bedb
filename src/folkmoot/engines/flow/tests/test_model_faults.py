"""Hospitals that cannot be: each refused with a sentence that names the row and says what to do."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from folkmoot.engines.flow import ModelError, Scenario, Shift
from folkmoot.engines.flow.tests.scenarios import at, office, tables, task


def built(change: Any = None, **parts: Any) -> Scenario:
    patients = parts.get("patients", {"ann": at(8), "bob": at(9)})
    tasks = parts.get("tasks", [task("ann", "x-ray", "imaging", 1), task("bob", "x-ray", "imaging", 2)])
    found = tables(patients, tasks, parts.get("teams", {"imaging": 1}), wards=parts.get("wards"))
    if change:
        change(found)
    return Scenario.from_tables(found)


def test_a_cycle_is_refused_and_named() -> None:
    tasks = [task("ann", "a", "imaging", 1, "b"), task("ann", "b", "imaging", 1, "a")]
    with pytest.raises(ModelError, match="waits for itself: its predecessors form a cycle"):
        built(tasks=tasks)


def test_a_team_that_never_works_is_refused() -> None:
    with pytest.raises(ModelError, match="never has anybody on duty, and task “ann/x-ray” needs it"):
        built(teams={"imaging": office(staff=0)})


def test_a_resource_nobody_described_is_refused_with_its_row() -> None:
    with pytest.raises(ModelError, match=r"“scanner” \(resource_id of row 1.*is not among the resources"):
        built(tasks=[task("ann", "x-ray", "scanner", 1)])


@pytest.mark.parametrize("hours", [-1.0, float("nan")])
def test_a_duration_below_zero_or_missing_is_refused(hours: float) -> None:
    with pytest.raises(ModelError, match="negative, endless or missing duration"):
        built(tasks=[task("ann", "x-ray", "imaging", hours)])


def test_a_duration_of_zero_is_fine() -> None:
    assert len(built(tasks=[task("ann", "x-ray", "imaging", 0.0)]).tasks) == 1


def test_a_planned_date_before_admission_is_refused() -> None:
    with pytest.raises(ModelError, match="“ann” has a planned discharge date at or before admission"):
        built(patients={"ann": at(8, buffer_hours=-3.0), "bob": at(9, buffer_hours=5.0)})


def test_a_predecessor_of_another_patient_is_refused() -> None:
    def swap(found: dict[str, pa.Table]) -> None:
        found["edges"] = pa.table({"before": ["ann/x-ray"], "after": ["bob/x-ray"]})

    with pytest.raises(ModelError, match="of another patient"):
        built(swap)


def test_the_same_patient_twice_is_refused() -> None:
    def twice(found: dict[str, pa.Table]) -> None:
        found["patients"] = pa.concat_tables([found["patients"], found["patients"].slice(0, 1)])

    with pytest.raises(ModelError, match="“ann” is in the table twice"):
        built(twice)


def test_a_task_of_nobody_is_refused() -> None:
    with pytest.raises(ModelError, match="is not among the patients"):
        built(tasks=[task("zoe", "x-ray", "imaging", 1)])


def test_a_missing_table_is_named() -> None:
    with pytest.raises(ModelError, match="The table “edges” is missing"):
        built(lambda found: found.pop("edges"))


def test_leaving_before_coming_is_refused() -> None:
    early = at(8)["admitted_at"].replace(hour=2)
    with pytest.raises(ModelError, match="“ann” leaves before being admitted"):
        built(patients={"ann": at(8, leaves_at=early), "bob": at(9, leaves_at=None)})


@pytest.mark.parametrize(
    ("shift", "sentence"),
    [
        ((7, 0, 60, 1), "Monday is 0"),
        ((0, 600, 540, 1), "Split a night shift at midnight"),
        ((0, 0, 60, -1), "negative"),
    ],
)
def test_an_impossible_shift_is_refused(shift: tuple[int, int, int, int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Shift(*shift)
