"""Every hospital that cannot be simulated is refused with the row that is wrong and what to do; every odd one is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from folkmoot.engines.flow.model import ModelError, Scenario
from folkmoot.engines.flow.sim.simulate import simulate
from folkmoot.engines.flow.tests.scenarios import at, hour, left, office, tables, task

Tables = dict[str, pa.Table]


def good() -> Tables:
    """Two patients, a team and a desk, a ward: simulates as it is."""
    return tables(
        {"ann": at(1, clinical_priority=1, buffer_hours=48.0, leaves_at=hour(90)), "bob": at(2)},
        [
            task("ann", "x", "team", 1.0, ward_id="home", status="open", ready_at=None, started_at=None),
            task("ann", "y", "desk", 2.0, "x", estimate_hours=1.0),
            task("bob", "x", "team", 1.0),
        ],
        {"team": 1, "desk": office()},
        rounds={"team": [(0, 540, 600)]},
        wards={"home": 4},
    )


def put(table: pa.Table, column: str, row: int, value: Any) -> pa.Table:
    """The table with one cell changed."""
    values = table[column].to_pylist()
    values[row] = value
    index = table.column_names.index(column)
    return table.set_column(index, column, pa.array(values, table.schema.field(column).type))


def edge(table: pa.Table, before: str | None, after: str | None) -> pa.Table:
    """The table with one more edge."""
    return pa.table(
        {"before": table["before"].to_pylist() + [before], "after": table["after"].to_pylist() + [after]}, table.schema
    )


def cell(name: str, column: str, row: int, value: Any) -> Callable[[Tables], None]:
    def spoil(hospital: Tables) -> None:
        hospital[name] = put(hospital[name], column, row, value)

    return spoil


def joined(*pairs: tuple[str | None, str | None]) -> Callable[[Tables], None]:
    def spoil(hospital: Tables) -> None:
        for pair in pairs:
            hospital["edges"] = edge(hospital["edges"], *pair)

    return spoil


def doubled(name: str, row: int) -> Callable[[Tables], None]:
    def spoil(hospital: Tables) -> None:
        hospital[name] = pa.concat_tables([hospital[name], hospital[name].slice(row, 1)])

    return spoil


def without(name: str) -> Callable[[Tables], None]:
    return lambda hospital: hospital.pop(name) and None


def no_shifts(hospital: Tables) -> None:
    mine = [row["resource_id"] != "team" for row in hospital["shifts"].to_pylist()]
    hospital["shifts"] = hospital["shifts"].filter(pa.array(mine))


def nobody_on_shift(hospital: Tables) -> None:
    staff = [0 if r["resource_id"] == "team" else r["staff"] for r in hospital["shifts"].to_pylist()]
    hospital["shifts"] = hospital["shifts"].set_column(4, "staff", pa.array(staff))


FAULTS: dict[str, tuple[Callable[[Tables], None], str]] = {
    "no tasks table": (without("tasks"), "The table “tasks” is missing; a hospital needs patients, tasks, edges"),
    "a task after itself": (
        joined(("ann/x", "ann/x")),
        "Task “ann/x” (row 1) waits for itself, because its predecessors form a cycle; the same holds for 1 more row. Remove",
    ),
    "a cycle": (joined(("ann/y", "ann/x")), "Task “ann/x” (row 1) waits for itself, because its predecessors form a cycle"),
    "an edge to another patient": (
        joined(("ann/x", "bob/x")),
        "Edge 2 joins task “ann/x” to “bob/x” of another patient; a predecessor must be of the same patient.",
    ),
    "an edge from an unknown task": (
        joined(("ann/z", "ann/y")),
        "“ann/z” (before of row 2, after “ann/y”) is not among the tasks.",
    ),
    "an edge to an unknown task": (
        joined(("ann/y", "ann/z")),
        "“ann/z” (after of row 2, before “ann/y”) is not among the tasks.",
    ),
    "an edge from nowhere": (joined((None, "ann/y")), "Edge 2 names no task in “before”; name one or remove the row."),
    "an edge to nowhere": (joined(("ann/y", None)), "Edge 2 names no task in “after”; name one or remove the row."),
    "an unknown resource": (
        cell("tasks", "resource_id", 1, "porter"),
        "“porter” (resource_id of row 2, task_id “ann/y”) is not among the resources.",
    ),
    "an unknown patient": (
        cell("tasks", "patient_id", 1, "eve"),
        "“eve” (patient_id of row 2, task_id “ann/y”) is not among the patients.",
    ),
    "an unknown ward": (
        cell("tasks", "ward_id", 0, "attic"),
        "“attic” (ward_id of row 1, task_id “ann/x”) is not among the wards.",
    ),
    "a task of nobody": (cell("tasks", "patient_id", 2, None), "Task “bob/x” (row 3) belongs to no patient."),
    "a patient twice": (doubled("patients", 0), "Patient “ann” is in the table twice; merge the two rows."),
    "a task twice": (doubled("tasks", 2), "Task “bob/x” is in the table twice; merge the two rows."),
    "a ward twice": (doubled("wards", 0), "Ward “home” is in the table twice; merge the two rows."),
    "a resource twice": (doubled("resources", 1), "The resource “desk” is described twice; keep one row."),
    "a patient without a name": (cell("patients", "patient_id", 1, None), "Patient in row 2 has no identifier"),
    "a task without a name": (cell("tasks", "task_id", 2, None), "Task in row 3 has no identifier; give it one."),
    "shifts of a stranger": (cell("shifts", "resource_id", 0, "porter"), "There are shifts for “porter”, which is not"),
    "a shift that ends before it starts": (
        cell("shifts", "end_minute", 0, 0),
        "Shift 1, of “team”: A shift runs from minute 0 to 0; it must end after it starts and within the day.",
    ),
    "a shift of minus two": (cell("shifts", "staff", 0, -2), "Shift 1, of “team”: A shift has -2 staff; the number"),
    "an eighth weekday": (cell("shifts", "weekday", 0, 7), "Shift 1, of “team”: A shift names weekday 7; Monday is 0"),
    "a team of nobody": (
        nobody_on_shift,
        "“Team” never has anybody on duty, and task “ann/x” needs it. Give it a shift, or the task another resource.",
    ),
    "a team closed for ever": (no_shifts, "“Team” never has anybody on duty, and task “ann/x” needs it."),
    "a ward without beds": (cell("wards", "beds", 0, 0), "Ward “home” has no beds, and patients need one there."),
    "a ward of minus one bed": (cell("wards", "beds", 0, -1), "Ward “home” has -1 beds; the number cannot be negative."),
    "no admission": (cell("patients", "admitted_at", 1, None), "Patient “bob” (row 2) has no time of admission."),
    "a planned discharge before admission": (
        cell("patients", "buffer_hours", 0, -5.0),
        "Patient “ann” has a planned discharge date at or before admission (-5.0 hours); correct the date or leave it",
    ),
    "a planned discharge at admission": (cell("patients", "buffer_hours", 0, 0.0), "Patient “ann” has a planned discharge"),
    "leaving before coming": (
        cell("patients", "leaves_at", 0, hour(0.5)),
        "Patient “ann” leaves before being admitted; correct one of the two times.",
    ),
    "negative work": (cell("tasks", "work_hours", 1, -0.5), "“ann/y” (row 2) has a negative, endless or missing"),
    "work without end": (cell("tasks", "work_hours", 1, float("inf")), "Task “ann/y” (row 2) has a negative, endless or"),
    "work unknown": (cell("tasks", "work_hours", 1, None), "Task “ann/y” (row 2) has a negative, endless or missing"),
    "a negative estimate": (cell("tasks", "estimate_hours", 1, -1.0), "(row 2) has a negative, endless or missing estimate"),
    "an estimate without end": (cell("tasks", "estimate_hours", 1, float("inf")), "missing estimate (estimate_hours)."),
    "an unknown status": (
        cell("tasks", "status", 2, "paused"),
        "Task “bob/x” (row 3) has a status other than open, running or done.",
    ),
    "running too soon": (
        cell("tasks", "status", 1, "running"),
        "Task “ann/y” is running although a predecessor is not done; correct one of the two.",
    ),
    "done too soon": (
        cell("tasks", "status", 1, "done"),
        "Task “ann/y” is done although a predecessor is not done; correct one of the two.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_the_hospital_is_refused_with_a_sentence(fault: str) -> None:
    spoil, sentence = FAULTS[fault]
    hospital = good()
    spoil(hospital)
    with pytest.raises(ModelError) as refused:
        Scenario.from_tables(hospital)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


def test_the_hospital_without_a_fault_is_simulated() -> None:
    assert left(simulate(Scenario.from_tables(good()), "fcfs")) == {"ann": 11.0, "bob": 3.0}


def test_work_of_no_duration_is_no_fault() -> None:
    hospital = good()
    hospital["tasks"] = put(put(hospital["tasks"], "work_hours", 0, 0.0), "estimate_hours", 1, 0.0)
    assert left(simulate(Scenario.from_tables(hospital), "index-ageing"))["ann"] == 11.0


def test_the_same_edge_twice_is_no_fault() -> None:
    hospital = good()
    hospital["edges"] = edge(hospital["edges"], "ann/x", "ann/y")
    assert left(simulate(Scenario.from_tables(hospital), "fcfs"))["ann"] == 11.0


def test_what_is_done_may_have_been_done_by_a_team_that_is_no_more() -> None:
    hospital = good()
    no_shifts(hospital)
    hospital["tasks"] = put(hospital["tasks"], "status", 0, "done")
    hospital["tasks"] = put(hospital["tasks"], "status", 2, "done")
    result = simulate(Scenario.from_tables(hospital, now=hour(5)), "fcfs")
    assert left(result) == {"ann": 11.0, "bob": 5.0}


@pytest.mark.parametrize("policy", ["fcfs", "index-ageing", "rounds"])
def test_ten_times_the_patients_are_worked_off(policy: str) -> None:
    patients = {f"p{i:03d}": at(9.0 + i / 100) for i in range(400)}
    tasks = [task(name, code, "team", 0.25) for name in patients for code in "ab"]
    rounds = {"team": [(day, 540, 660) for day in range(5)]}
    result = simulate(Scenario.from_tables(tables(patients, tasks, {"team": office()}, rounds=rounds)), policy)
    assert result.finished.all()
    assert result.busy_hours().tolist() == [200.0]


@pytest.mark.parametrize("policy", ["fcfs", "toc", "index-ageing"])
def test_a_death_a_transfer_and_a_self_discharge_leave_nothing_behind(policy: str) -> None:
    patients = {
        "dies at work": at(0, leaves_at=hour(1)),
        "transferred in the queue": at(0.5, leaves_at=hour(2)),
        "goes home at the door": at(0.75, leaves_at=hour(0.75)),
        "stays": at(0.9),
    }
    scenario = Scenario.from_tables(tables(patients, [task(name, "x", "team", 4.0) for name in patients], {"team": 1}))
    assert left(simulate(scenario, policy)) == {
        "dies at work": 1.0, "transferred in the queue": 2.0, "goes home at the door": 0.75,
        "stays": 6.0,
    }  # fmt: skip


def test_an_unknown_policy_and_an_unknown_resource_are_answered_with_those_there_are() -> None:
    scenario = Scenario.from_tables(good())
    with pytest.raises(ValueError, match=r"There is no policy “fastest”\. The policies are: fcfs, admission"):
        simulate(scenario, "fastest")
    with pytest.raises(ModelError, match=r"There is no resource “porter”\. The resources are: team, desk\."):
        scenario.resource_index("porter")
