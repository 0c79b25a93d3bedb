"""The hospital of this minute, as the engine wants it: rows of the database made into a scenario and its lists."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from folkmoot.engines.flow import Scenario, Worklist
from folkmoot.services.wards.models import Hospital, Task, TaskStatus

if TYPE_CHECKING:
    from uuid import UUID

STAMP = pa.timestamp("us", "UTC")


def scenario(hospital: Hospital, now: datetime) -> Scenario | None:
    """Everybody who is in, with what is done, in hand and open; None when nobody is."""
    stays = list(
        hospital.stays.filter(left_at=None, admitted_at__lte=now).select_related("ward").order_by("admitted_at", "pk")
    )
    if not stays:
        return None
    tasks = list(
        Task.objects.for_organisation(hospital.organisation_id)
        .filter(stay__hospital=hospital, stay__left_at=None, stay__admitted_at__lte=now)
        .exclude(status=TaskStatus.CANCELLED)
        .select_related("team")
        .order_by("stay__admitted_at", "stay_id", "number")
    )
    return Scenario.from_tables(_tables(hospital, stays, tasks), now=now)


def worklist(hospital: Hospital, now: datetime) -> Worklist | None:
    """The ordered lists of this minute, by the hospital's own order."""
    found = scenario(hospital, now)
    return Worklist(found, policy=hospital.policy) if found else None


def _tables(hospital: Hospital, stays: list[Any], tasks: list[Task]) -> dict[str, pa.Table]:
    present = {(task.stay_id, task.number): str(task.pk) for task in tasks}
    edges = [
        (before, str(task.pk))
        for task in tasks
        for number in task.after
        if (before := present.get((task.stay_id, number)))
    ]
    return {
        "patients": pa.table(
            {
                "patient_id": [str(s.pk) for s in stays],
                "admitted_at": pa.array([s.admitted_at for s in stays], STAMP),
                "clinical_priority": pa.array([s.clinical_priority for s in stays], pa.int64()),
                "buffer_hours": [(s.first_planned_discharge - s.admitted_at).total_seconds() / 3600.0 for s in stays],
            }
        ),
        "tasks": pa.table(
            {
                "task_id": pa.array([str(t.pk) for t in tasks], pa.string()),
                "patient_id": pa.array([str(t.stay_id) for t in tasks], pa.string()),
                "code": pa.array([t.code for t in tasks], pa.string()),
                "resource_id": pa.array([t.team.code if t.team else None for t in tasks], pa.string()),
                "work_hours": pa.array([t.estimate_hours for t in tasks], pa.float64()),
                "estimate_hours": pa.array([t.estimate_hours for t in tasks], pa.float64()),
                "status": pa.array([t.status for t in tasks], pa.string()),
                "ready_at": pa.array([t.ready_at for t in tasks], STAMP),
                "started_at": pa.array([t.started_at for t in tasks], STAMP),
            }
        ),
        "edges": pa.table(
            {
                "before": pa.array([a for a, _ in edges], pa.string()),
                "after": pa.array([b for _, b in edges], pa.string()),
            }
        ),
        **team_tables(hospital),
    }


def team_tables(hospital: Hospital) -> dict[str, pa.Table]:
    """Resources and shifts."""
    teams = list(hospital.teams.all())
    shifts = [(team.code, *shift) for team in teams for shift in team.shifts]
    return {
        "resources": pa.table({"resource_id": [t.code for t in teams], "name": [t.name for t in teams]}),
        "shifts": pa.table(
            {
                "resource_id": pa.array([s[0] for s in shifts], pa.string()),
                **{
                    name: pa.array([s[k] for s in shifts], pa.int64())
                    for k, name in enumerate(("weekday", "start_minute", "end_minute", "staff"), start=1)
                },
            }
        ),
    }


def key(identifier: str) -> UUID:
    """The primary key behind an identifier of the scenario."""
    from uuid import UUID

    return UUID(identifier)
