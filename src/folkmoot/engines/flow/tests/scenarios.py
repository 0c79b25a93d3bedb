"""Tiny hospitals for tests, in one line a patient; everything goes through the tables, as real hospitals do.

>>> hospital({"ann": at(9)}, [task("ann", "x-ray", "imaging", 0.5)], {"imaging": 1}).tasks.work.tolist()
[0.5]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from folkmoot.engines.flow.model import Scenario
from folkmoot.engines.flow.sim.simulate import Result

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
ALWAYS = [(day, 0, 1440, 1) for day in range(7)]


def at(hour: float, **columns: Any) -> dict[str, Any]:
    """A patient admitted so many hours after Monday midnight."""
    return {"admitted_at": MONDAY + timedelta(hours=hour), **columns}


def task(patient: str, code: str, resource: str | None, hours: float, *after: str, **columns: Any) -> dict[str, Any]:
    """A task called `patient/code` that follows the tasks `after` (codes of the same patient)."""
    return {
        "task_id": f"{patient}/{code}",
        "patient_id": patient,
        "code": code,
        "resource_id": resource,
        "work_hours": hours,
        "after": [f"{patient}/{name}" for name in after],
        **columns,
    }


def office(staff: int = 1, start: int = 9, end: int = 17) -> list[tuple[int, int, int, int]]:
    """Weekday shifts."""
    return [(day, start * 60, end * 60, staff) for day in range(5)]


def tables(
    patients: Mapping[str, Mapping[str, Any]],
    tasks: Sequence[Mapping[str, Any]],
    teams: Mapping[str, int | Sequence[tuple[int, int, int, int]]],
    *,
    rounds: Mapping[str, Sequence[tuple[int, int, int]]] | None = None,
    wards: Mapping[str, int] | None = None,
) -> dict[str, pa.Table]:
    """The Arrow tables of a hospital. A team is a number of people day and night, or (weekday, start, end, staff)s."""
    shifts = [
        (name, *shift)
        for name, hours in teams.items()
        for shift in ([(d, s, e, hours) for d, s, e, _ in ALWAYS] if isinstance(hours, int) else hours)
    ]
    visits = [(name, *visit) for name, hours in (rounds or {}).items() for visit in hours]
    edges = [(before, row["task_id"]) for row in tasks for before in row["after"]]
    names, ward_names = list(teams), list(wards or {})
    return {
        "patients": _table([{"patient_id": name, **row} for name, row in patients.items()], PATIENTS),
        "tasks": _table([{k: v for k, v in row.items() if k != "after"} for row in tasks], TASKS),
        "edges": _rows(edges, {"before": pa.string(), "after": pa.string()}),
        "resources": _rows([(n, n.capitalize()) for n in names], {"resource_id": pa.string(), "name": pa.string()}),
        "shifts": _rows(shifts, SHIFT),
        "rounds": _rows(visits, {name: kind for name, kind in SHIFT.items() if name != "staff"}),
        "wards": _rows([(n, n, (wards or {})[n]) for n in ward_names], WARD),
    }


def hospital(*arguments: Any, now: float | None = None, **options: Any) -> Scenario:
    """The scenario of `tables(...)`; `now` (hours after Monday midnight) makes it a live census."""
    moment = None if now is None else MONDAY + timedelta(hours=now)
    return Scenario.from_tables(tables(*arguments, **options), now=moment)


def hour(hours: float) -> datetime:
    """So many hours after Monday midnight."""
    return MONDAY + timedelta(hours=hours)


def began(result: Result) -> dict[str, float]:
    """Hours at which each task began."""
    return dict(zip(result.scenario.tasks.id.tolist(), result.begun.tolist()))


def ended(result: Result) -> dict[str, float]:
    """Hours at which each task ended."""
    return dict(zip(result.scenario.tasks.id.tolist(), result.ended.tolist()))


def left(result: Result) -> dict[str, float]:
    """Hours at which each patient left."""
    return dict(zip(result.scenario.patients.id.tolist(), result.discharged.tolist()))


def sequence(result: Result, resource: str = "team") -> list[str]:
    """Patients in the order in which a resource began their tasks."""
    tasks = result.scenario.tasks
    mine = np.flatnonzero((tasks.resource == result.scenario.resource_index(resource)) & np.isfinite(result.begun))
    mine = mine[np.argsort(result.begun[mine], kind="stable")]
    return [str(name) for name in result.scenario.patients.id[tasks.patient[mine]]]


STAMP = pa.timestamp("us", "UTC")
SHIFT = {
    "resource_id": pa.string(), "weekday": pa.int64(), "start_minute": pa.int64(), "end_minute": pa.int64(),
    "staff": pa.int64(),
}  # fmt: skip
WARD = {"ward_id": pa.string(), "name": pa.string(), "beds": pa.int64()}
PATIENTS = {
    "patient_id": pa.string(), "admitted_at": STAMP, "clinical_priority": pa.int64(), "buffer_hours": pa.float64(),
    "leaves_at": STAMP,
}  # fmt: skip
TASKS = {
    "task_id": pa.string(), "patient_id": pa.string(), "code": pa.string(), "resource_id": pa.string(),
    "work_hours": pa.float64(), "estimate_hours": pa.float64(), "ward_id": pa.string(), "status": pa.string(),
    "ready_at": STAMP, "started_at": STAMP,
}  # fmt: skip


def _rows(rows: Sequence[Sequence[Any]], schema: Mapping[str, Any]) -> pa.Table:
    return pa.table({name: pa.array([row[i] for row in rows], kind) for i, (name, kind) in enumerate(schema.items())})


def _table(rows: Sequence[Mapping[str, Any]], schema: Mapping[str, Any]) -> pa.Table:
    """The columns of `schema` that any row has; a missing status is open."""
    optional = {
        "clinical_priority",
        "buffer_hours",
        "leaves_at",
        "estimate_hours",
        "ward_id",
        "status",
        "ready_at",
        "started_at",
    }
    used = {name: kind for name, kind in schema.items() if name not in optional or any(name in row for row in rows)}
    default = {"status": "open"}
    return pa.table({n: pa.array([row.get(n, default.get(n)) for row in rows], k) for n, k in used.items()})
