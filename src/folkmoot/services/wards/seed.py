"""The demonstration hospital: the town's, with its history, as it stood at nine this morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.utils import timezone

from folkmoot import town
from folkmoot.engines.flow import Scenario, census, planned_discharge, simulate
from folkmoot.engines.flow.model import DONE, RUNNING
from folkmoot.foundation.identity.models import Organisation
from folkmoot.services.wards import history
from folkmoot.services.wards.models import Hospital, Stay, Task, TaskStatus, Team, Ward

WEEKS_OF_HISTORY = 8
NAME = "Aldermoor General"
STAMP = pa.timestamp("us", "UTC")


def demo(now: datetime | None = None) -> Hospital | None:
    """Make the hospital once for the first demo organisation; run again it changes nothing."""
    organisation = Organisation.objects.filter(code="RM1").first()
    if organisation is None or Hospital.objects.for_organisation(organisation).filter(name=NAME).exists():
        return None
    return hospital(organisation, town.build(seed=1, scale="demo").tables, now or timezone.now())


@transaction.atomic
def hospital(organisation: Organisation, tables: Any, now: datetime) -> Hospital:
    """A hospital of the town's tables, its times moved by whole weeks so that its census falls on `now`."""
    scenario = Scenario.from_tables(tables)
    moment = scenario.origin + timedelta(weeks=WEEKS_OF_HISTORY)
    weeks = (now - moment) // timedelta(weeks=1)
    at = scenario.hours(now - weeks * timedelta(weeks=1))
    result = simulate(scenario, "rounds", until=at + 1.0)
    morning = census(result, at)
    place = Hospital.objects.for_organisation(organisation).create(organisation=organisation, name=NAME)
    teams = _teams(place, tables)
    wards = _wards(place, tables)
    _patients(place, morning, teams, wards, weeks)
    history.keep(place, _moved(tables, weeks))
    return place


def _moved(tables: Any, weeks: int) -> dict[str, pa.Table]:
    people = tables["patients"]
    shift = pa.scalar(timedelta(weeks=weeks), pa.duration("us"))
    for name in ("admitted_at", "leaves_at"):
        if name in people.column_names:
            column = pc.cast(people[name], STAMP)
            people = people.set_column(people.column_names.index(name), name, pc.add(column, shift))
    return {**tables, "patients": people}


def _teams(place: Hospital, tables: Any) -> dict[str, Team]:
    shifts: dict[str, list[list[int]]] = {}
    for row in tables["shifts"].to_pylist():
        shifts.setdefault(row["resource_id"], []).append(
            [row["weekday"], row["start_minute"], row["end_minute"], row["staff"]]
        )
    rows = [
        Team(
            organisation=place.organisation, hospital=place, code=row["resource_id"], name=row["name"], rank=rank,
            shifts=shifts.get(row["resource_id"], []),
        )
        for rank, row in enumerate(tables["resources"].to_pylist())
    ]  # fmt: skip
    Team.objects.for_organisation(place.organisation).bulk_create(rows)
    return {team.code: team for team in rows}


def _wards(place: Hospital, tables: Any) -> dict[str, Ward]:
    rows = [
        Ward(organisation=place.organisation, hospital=place, code=w["ward_id"].lower(), name=w["name"], beds=w["beds"])
        for w in tables["wards"].to_pylist()
    ]
    Ward.objects.for_organisation(place.organisation).bulk_create(rows)
    return {ward.code: ward for ward in rows}


def _patients(place: Hospital, morning: Scenario, teams: dict[str, Team], wards: dict[str, Ward], weeks: int) -> None:
    shift = timedelta(weeks=weeks)
    tasks, ward_codes = morning.tasks, [w.id.lower() for w in morning.wards]

    def moment(hours: float) -> datetime | None:
        return None if np.isnan(hours) else (morning.at(hours) + shift).astimezone(UTC)

    stays, rows = [], []
    for p in range(len(morning.patients)):
        first, last = int(morning.task_ptr[p]), int(morning.task_ptr[p + 1])
        begun = [j for j in range(first, last) if tasks.status[j] in (DONE, RUNNING) and tasks.ward[j] >= 0]
        due = planned_discharge(morning, p) + shift
        recovered = any(tasks.code[j] == "recovery" and tasks.status[j] == DONE for j in range(first, last))
        # Recovery needs nobody, so it pauses for nothing: it ended its own length after it began.
        recovered_at = max(
            (moment(float(tasks.started[j] + tasks.work[j])) or due
             for j in range(first, last) if tasks.code[j] == "recovery" and tasks.status[j] == DONE),
            default=None,
        )  # fmt: skip
        stay = Stay(
            organisation=place.organisation,
            hospital=place,
            ward=wards[ward_codes[tasks.ward[begun[-1]]]] if begun else None,
            pseudonym=f"P-{str(morning.patients.id[p])[-5:]}",
            admitted_at=moment(float(morning.patients.admitted[p])),
            first_planned_discharge=due,
            planned_discharge=due,
            clinical_priority=int(morning.patients.priority[p]),
            meets_criteria_to_reside=not recovered,
            discharge_ready_at=recovered_at if recovered else None,
        )
        stays.append(stay)
        rows += [_task(place, stay, morning, j, first, teams, moment) for j in range(first, last)]
    Stay.objects.for_organisation(place.organisation).bulk_create(stays)
    Task.objects.for_organisation(place.organisation).bulk_create(rows, batch_size=500)


def _task(
    place: Hospital, stay: Stay, morning: Scenario, j: int, first: int, teams: dict[str, Team], moment: Any
) -> Task:
    tasks = morning.tasks
    status = {DONE: TaskStatus.DONE, RUNNING: TaskStatus.RUNNING}.get(int(tasks.status[j]), TaskStatus.OPEN)
    before = [i - first for i in range(first, j) if j in tasks.succ[tasks.succ_ptr[i] : tasks.succ_ptr[i + 1]]]
    started = moment(float(tasks.started[j]))
    ended = moment(min(float(tasks.started[j] + tasks.work[j]), morning.start))
    resource = int(tasks.resource[j])
    return Task(
        organisation=place.organisation,
        stay=stay,
        team=teams[morning.resources[resource].id] if resource >= 0 else None,
        code=str(tasks.code[j]),
        number=j - first,
        after=before,
        estimate_hours=float(tasks.estimate[j]),
        status=status,
        ready_at=moment(float(tasks.ready[j])),
        started_at=started,
        ended_at=ended if status == TaskStatus.DONE else None,
    )
