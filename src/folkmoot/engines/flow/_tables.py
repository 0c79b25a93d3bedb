"""From Arrow tables to the arrays of a `Scenario`: look every name up once, check everything, sort tasks by patient.

Everything that would make a simulation meaningless is refused here with the row that causes it: a cycle, a task of an
unknown resource or patient, a negative duration, a predecessor of another patient, a task for a team that never works.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from folkmoot.engines._compiled import jit
from folkmoot.engines.flow.calendar import Calendar, Shift
from folkmoot.engines.flow.model import (
    DONE,
    OPEN,
    RUNNING,
    Floats,
    Ints,
    ModelError,
    Patients,
    Resource,
    Scenario,
    Tasks,
    Ward,
    refuse_what_began_too_soon,
)

MICROSECONDS_IN_AN_HOUR = 3_600_000_000.0
STATUS = {"open": OPEN, "running": RUNNING, "done": DONE}


def scenario_from_tables(tables: Mapping[str, pa.Table], *, zone: str, now: datetime | None) -> Scenario:
    """See `Scenario.from_tables`."""
    for name in ("patients", "tasks", "edges", "resources", "shifts"):
        if name not in tables:
            raise ModelError(
                f"The table “{name}” is missing; a hospital needs patients, tasks, edges, resources, shifts."
            )
    resources = _resources(tables, zone)
    wards = _wards(tables.get("wards"))
    people, jobs = tables["patients"], tables["tasks"]

    admitted_us = pc.cast(people["admitted_at"], pa.timestamp("us", "UTC")).cast(pa.int64())
    if admitted_us.null_count:
        raise ModelError(_first(people, "patient_id", _mask_null(admitted_us), "has no time of admission"))
    origin = _midnight_before(pc.min(admitted_us).as_py() if len(people) else 0)
    origin_us = int(origin.timestamp() * 1_000_000)

    def hours(column: Any) -> Floats:
        micro = pc.cast(column, pa.timestamp("us", "UTC")).cast(pa.int64())
        values = pc.fill_null(micro.cast(pa.float64()), float("nan")).to_numpy()
        return np.asarray((values - origin_us) / MICROSECONDS_IN_AN_HOUR, dtype=np.float64)

    patients = _patients(people, hours)
    order, tasks, task_ptr = _tasks(people, jobs, tables["edges"], resources, wards, hours)
    del order
    scenario = Scenario(
        origin=origin,
        resources=resources,
        wards=wards,
        patients=patients,
        tasks=tasks,
        task_ptr=task_ptr,
        start=0.0 if now is None else (now - origin).total_seconds() / 3600.0,
    )
    _refuse_the_impossible(scenario)
    return scenario


def _resources(tables: Mapping[str, pa.Table], zone: str) -> tuple[Resource, ...]:
    table = tables["resources"].to_pylist()
    shifts = _calendars(tables["shifts"], zone)
    rounds = _calendars(tables["rounds"], zone) if "rounds" in tables else {}
    seen: set[str] = set()
    for row in table:
        if row["resource_id"] in seen:
            raise ModelError(f"The resource “{row['resource_id']}” is described twice; keep one row.")
        seen.add(row["resource_id"])
    for owner in [*shifts, *rounds]:
        if owner not in seen:
            raise ModelError(f"There are shifts for “{owner}”, which is not among the resources.")
    return tuple(
        Resource(
            id=row["resource_id"],
            name=row.get("name") or row["resource_id"],
            calendar=shifts.get(row["resource_id"], Calendar((), zone)),
            rounds=rounds.get(row["resource_id"]),
            kind=row.get("kind") or "team",
        )
        for row in table
    )


def _calendars(table: pa.Table, zone: str) -> dict[str, Calendar]:
    shifts: dict[str, list[Shift]] = {}
    for number, row in enumerate(table.to_pylist(), start=1):
        try:
            shift = Shift(row["weekday"], row["start_minute"], row["end_minute"], row.get("staff", 1))
        except ValueError as error:
            raise ModelError(f"Shift {number}, of “{row['resource_id']}”: {error}") from error
        shifts.setdefault(row["resource_id"], []).append(shift)
    return {name: Calendar(tuple(rows), zone) for name, rows in shifts.items()}


def _wards(table: pa.Table | None) -> tuple[Ward, ...]:
    if table is None:
        return ()
    wards = tuple(Ward(r["ward_id"], r.get("name") or r["ward_id"], int(r["beds"])) for r in table.to_pylist())
    _refuse_twice(table["ward_id"], "Ward")
    for ward in wards:
        if ward.beds < 0:
            raise ModelError(f"Ward “{ward.id}” has {ward.beds} beds; the number cannot be negative.")
    return wards


def _patients(table: pa.Table, hours: Any) -> Patients:
    n = len(table)
    ids = _texts(table["patient_id"])
    _refuse_twice(table["patient_id"], "Patient")
    admitted = hours(table["admitted_at"])
    buffer = _numbers(table, "buffer_hours", float("nan"))
    bad = np.flatnonzero(buffer <= 0)
    if len(bad):
        raise ModelError(
            f"Patient “{ids[bad[0]]}” has a planned discharge date at or before admission "
            f"({buffer[bad[0]]:.1f} hours); correct the date or leave it empty to have it computed."
        )
    leaves = hours(table["leaves_at"]) if "leaves_at" in table.column_names else np.full(n, np.nan)
    early = np.flatnonzero(leaves < admitted)
    if len(early):
        raise ModelError(f"Patient “{ids[early[0]]}” leaves before being admitted; correct one of the two times.")
    return Patients(
        id=ids,
        admitted=admitted,
        patient_class=_texts(table["patient_class"]) if "patient_class" in table.column_names else np.full(n, ""),
        priority=_numbers(table, "clinical_priority", 9.0).astype(np.int64),
        buffer=buffer,
        leaves=np.where(np.isnan(leaves), np.inf, leaves),
        age=_numbers(table, "age", -1.0).astype(np.int64),
        sex=_texts(table["sex"]) if "sex" in table.column_names else np.full(n, ""),
        imd_decile=_numbers(table, "imd_decile", -1.0).astype(np.int64),
    )


def _tasks(
    people: pa.Table,
    jobs: pa.Table,
    edges: pa.Table,
    resources: tuple[Resource, ...],
    wards: tuple[Ward, ...],
    hours: Any,
) -> tuple[Ints, Tasks, Ints]:
    n_patients, n = len(people), len(jobs)
    patient = _look_up(jobs, "patient_id", people["patient_id"], "patients", owner="task_id")
    resource = _look_up(jobs, "resource_id", pa.array([r.id for r in resources], pa.string()), "resources", "task_id")
    ward = np.full(n, -1, dtype=np.int64)
    if "ward_id" in jobs.column_names:
        ward = _look_up(jobs, "ward_id", pa.array([w.id for w in wards], pa.string()), "wards", owner="task_id")
    if np.any(patient < 0):
        raise ModelError(_first(jobs, "task_id", patient < 0, "belongs to no patient"))
    work, estimate = _numbers(jobs, "work_hours", np.nan), _numbers(jobs, "estimate_hours", np.nan)
    estimate = np.where(np.isnan(estimate), work, estimate)
    for hours_given, noun in ((work, "duration (work_hours)"), (estimate, "estimate (estimate_hours)")):
        bad = ~((hours_given >= 0) & np.isfinite(hours_given))
        if np.any(bad):
            raise ModelError(_first(jobs, "task_id", bad, f"has a negative, endless or missing {noun}"))
    task_ids = jobs["task_id"]
    _refuse_twice(task_ids, "Task")
    for end in ("before", "after"):
        if edges[end].null_count:
            row = int(np.flatnonzero(_mask_null(edges[end]))[0])
            raise ModelError(f"Edge {row + 1} names no task in “{end}”; name one or remove the row.")
    before = _look_up(edges, "before", task_ids, "tasks", owner="after")
    after = _look_up(edges, "after", task_ids, "tasks", owner="before")
    if len(edges) and np.any(patient[before] != patient[after]):
        row = int(np.flatnonzero(patient[before] != patient[after])[0])
        raise ModelError(
            f"Edge {row + 1} joins task “{edges['before'][row]}” to “{edges['after'][row]}” of another patient; "
            "a predecessor must be of the same patient."
        )
    level = _levels(n, before, after)
    if np.any(level < 0):
        stuck = _first(jobs, "task_id", level < 0, "waits for itself, because its predecessors form a cycle")
        raise ModelError(f"{stuck} Remove one of the edges.")
    order = np.lexsort((np.arange(n), level, patient))
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    source, target = place[before], place[after]
    by_source = np.lexsort((target, source))
    succ_ptr = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64)
    status = np.zeros(n, dtype=np.int64)
    if "status" in jobs.column_names:
        texts = _texts(jobs["status"])
        unknown = ~np.isin(texts, list(STATUS))
        if np.any(unknown):
            raise ModelError(_first(jobs, "task_id", unknown, "has a status other than open, running or done"))
        status = np.select([texts == "running", texts == "done"], [RUNNING, DONE], OPEN).astype(np.int64)
    ready = hours(jobs["ready_at"]) if "ready_at" in jobs.column_names else np.full(n, np.nan)
    started = hours(jobs["started_at"]) if "started_at" in jobs.column_names else np.full(n, np.nan)
    tasks = Tasks(
        id=_texts(task_ids)[order],
        code=_texts(jobs["code"])[order],
        patient=patient[order],
        resource=resource[order],
        ward=ward[order],
        work=work[order],
        estimate=estimate[order],
        n_pred=np.bincount(target, minlength=n).astype(np.int64),
        succ_ptr=succ_ptr,
        succ=target[by_source],
        status=status[order],
        ready=ready[order],
        started=started[order],
    )
    counts = np.bincount(patient, minlength=n_patients)
    return order, tasks, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


@jit
def _levels_loop(n, ptr, succ, n_pred, level, queue):  # type: ignore[no-untyped-def]
    head = tail = 0
    for j in range(n):
        if n_pred[j] == 0:
            level[j] = 0
            queue[tail] = j
            tail += 1
    while head < tail:
        j = queue[head]
        head += 1
        for k in range(ptr[j], ptr[j + 1]):
            i = succ[k]
            n_pred[i] -= 1
            if n_pred[i] == 0:
                level[i] = level[j] + 1
                queue[tail] = i
                tail += 1


def _levels(n: int, before: Ints, after: Ints) -> Ints:
    """Longest number of predecessors in a row (Kahn 1962); −1 for tasks on or behind a cycle."""
    by_source = np.argsort(before, kind="stable")
    ptr = np.concatenate([[0], np.cumsum(np.bincount(before, minlength=n))]).astype(np.int64)
    level = np.full(n, -1, dtype=np.int64)
    n_pred = np.bincount(after, minlength=n).astype(np.int64)
    _levels_loop(n, ptr, after[by_source], n_pred, level, np.zeros(max(n, 1), dtype=np.int64))
    return level


def _refuse_the_impossible(scenario: Scenario) -> None:
    tasks = scenario.tasks
    still_open = np.repeat(tasks.status != DONE, np.diff(tasks.succ_ptr))
    refuse_what_began_too_soon(tasks, np.bincount(tasks.succ[still_open], minlength=len(tasks)))
    used = np.unique(tasks.resource[tasks.status != DONE])
    for index in used[used >= 0]:
        resource = scenario.resources[index]
        if resource.calendar.peak_staff == 0:
            task = scenario.tasks.id[np.flatnonzero(scenario.tasks.resource == index)[0]]
            raise ModelError(
                f"“{resource.name}” never has anybody on duty, and task “{task}” needs it. Give it a shift, or the "
                "task another resource."
            )
        if resource.rounds is not None and resource.rounds.peak_staff == 0:
            raise ModelError(f"The rounds of “{resource.name}” never take place; give them hours or remove them.")
    needed = np.unique(scenario.tasks.ward[scenario.tasks.status != DONE])
    for index in needed[needed >= 0]:
        if scenario.wards[index].beds == 0:
            raise ModelError(f"Ward “{scenario.wards[index].name}” has no beds, and patients need one there.")


def _look_up(table: pa.Table, column: str, values: Any, where: str, owner: str) -> NDArray[np.int64]:
    """Positions of `column` in `values`; null becomes −1; an unknown name is refused."""
    found = pc.index_in(table[column].cast(pa.string()), value_set=_whole(values).cast(pa.string()))
    positions = np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.int64)
    unknown = (positions < 0) & ~_mask_null(table[column])
    if np.any(unknown):
        row = int(np.flatnonzero(unknown)[0])
        raise ModelError(
            f"“{table[column][row]}” ({column} of row {row + 1}, {owner} “{table[owner][row]}”) "
            f"is not among the {where}."
        )
    return positions


def _refuse_twice(ids: pa.ChunkedArray, noun: str) -> None:
    if ids.null_count:
        row = int(np.flatnonzero(_mask_null(ids))[0])
        raise ModelError(f"{noun} in row {row + 1} has no identifier; give it one.")
    counts = pc.value_counts(_whole(ids)) if pc.count_distinct(ids).as_py() != len(ids) else []
    for count in counts:
        if count["counts"].as_py() > 1:
            raise ModelError(f"{noun} “{count['values']}” is in the table twice; merge the two rows.")


def _whole(values: Any) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _mask_null(column: Any) -> NDArray[np.bool_]:
    return np.asarray(
        pc.is_null(column).to_numpy(zero_copy_only=False)
        if isinstance(column, pa.Array)
        else pc.is_null(column).to_numpy()
    )


def _texts(column: Any) -> NDArray[np.str_]:
    return np.asarray(pc.fill_null(column.cast(pa.string()), "").to_numpy(), dtype=np.str_)


def _numbers(table: pa.Table, column: str, default: float) -> Floats:
    if column not in table.column_names:
        return np.full(len(table), default)
    return np.asarray(pc.fill_null(table[column].cast(pa.float64()), default).to_numpy(), dtype=np.float64)


def _first(table: pa.Table, column: str, mask: NDArray[np.bool_], what: str) -> str:
    row = int(np.flatnonzero(mask)[0])
    noun = column.removesuffix("_id").capitalize()
    others = int(mask.sum()) - 1
    more = f"; the same holds for {others} more {'row' if others == 1 else 'rows'}" if others else ""
    return f"{noun} “{table[column][row]}” (row {row + 1}) {what}{more}."


def _midnight_before(microseconds: int) -> datetime:
    moment = datetime.fromtimestamp(microseconds // 1_000_000, UTC)
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
