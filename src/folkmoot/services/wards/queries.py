"""Questions the pages ask, answered with frozen dataclasses. Seeing patients is recorded before they are handed over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from folkmoot.engines.flow import Entry
from folkmoot.foundation import audit
from folkmoot.services.wards import census, path
from folkmoot.services.wards.models import Analysis, Delay, Hospital, Stay, Task, TaskStatus, Team, WhatIf

COLOURS = ("green", "amber", "red", "black")


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One patient as the board shows them."""

    key: UUID
    patient: str
    ward: str
    admitted_at: datetime
    due: datetime
    moves: int
    used: float
    colour: str
    late_hours: float
    next_task: str
    next_team: str
    holder: str
    waiting: bool
    since: datetime | None
    ready_since: datetime | None
    priority: bool
    delay: str
    day: str


@dataclass(frozen=True, slots=True)
class Step:
    """One task of a patient's path."""

    task: UUID
    code: str
    team: str
    team_code: str
    status: str
    ready_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    holder: str
    delay: str
    position: int | None


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient: the board's row, the path home, and what decides when they leave."""

    row: BoardRow
    steps: tuple[Step, ...]
    first_due: datetime
    meets_criteria: bool


@dataclass(frozen=True, slots=True)
class Board:
    """All patients of a hospital, the most urgent buffer first, and counts for the top of the page."""

    rows: tuple[BoardRow, ...]
    wards: tuple[tuple[str, str, int, int], ...]
    counts: dict[str, int]
    due_today: int
    ready: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a team's list."""

    entry: Entry
    task: UUID
    stay: UUID
    patient: str
    ward: str
    due: datetime
    delay: str


@dataclass(frozen=True, slots=True)
class InHand:
    """A task somebody is at."""

    task: UUID
    patient: str
    code: str
    holder: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class TeamList:
    """What a team has in hand and who waits for it, in order."""

    team: Team
    lines: tuple[Line, ...]
    in_hand: tuple[InHand, ...]


@dataclass(frozen=True, slots=True)
class Morning:
    """The meeting at nine on one page."""

    board: Board
    waiting: tuple[tuple[Team, int, float], ...]
    reasons: tuple[tuple[str, int], ...]
    latest: Analysis | None


def hospital(user: Any) -> Hospital | None:
    """The hospital this person works in: the first of their organisations' that has one."""
    found: Hospital | None = Hospital.objects.visible_to(user).select_related("organisation").order_by("name").first()
    return found


def board(*, hospital: Hospital, by: Any, ward: str = "", now: datetime | None = None) -> Board:
    """The board, of one ward or of all."""
    at = now or timezone.now()
    stays = list(hospital.stays.filter(left_at=None, admitted_at__lte=at).select_related("ward"))
    shown = [s for s in stays if not ward or (s.ward and s.ward.code == ward)]
    audit.consulted(targets=shown, by=by, purpose="patient flow", organisation=hospital.organisation, query="board")
    tasks = _tasks_of(hospital, at)
    delays = _latest_delays(hospital)
    rows = sorted((_row(s, tasks.get(s.pk, []), delays, at) for s in shown), key=lambda r: -r.used)
    inside = Counter(s.ward.code for s in stays if s.ward)
    wards = tuple((w.code, w.name, inside[w.code], w.beds) for w in hospital.wards.all())
    end_of_day = timezone.localtime(at).replace(hour=23, minute=59)
    return Board(
        rows=tuple(rows),
        wards=wards,
        counts={c: sum(r.colour == c for r in rows) for c in COLOURS},
        due_today=sum(r.due <= end_of_day for r in rows),
        ready=sum(r.ready_since is not None for r in rows),
    )


def team_list(*, hospital: Hospital, team: Team, by: Any, now: datetime | None = None) -> TeamList:
    """One team's list in the hospital's order, with the reasons."""
    at = now or timezone.now()
    lists = census.worklist(hospital, at)
    if lists is None or team.code not in lists.scenario.resource_ids:
        return TeamList(team, (), ())
    entries = lists.ranked(team.code)
    stays = {s.pk: s for s in hospital.stays.filter(left_at=None).select_related("ward")}
    delays = _latest_delays(hospital)
    lines = tuple(
        Line(
            entry=entry,
            task=UUID(entry.task_id),
            stay=UUID(entry.patient_id),
            patient=stays[UUID(entry.patient_id)].pseudonym,
            ward=_ward(stays[UUID(entry.patient_id)]),
            due=stays[UUID(entry.patient_id)].planned_discharge,
            delay=delays.get(UUID(entry.task_id), ""),
        )
        for entry in entries
    )
    seen = [stays[UUID(entry.patient_id)] for entry in entries]
    audit.consulted(targets=seen, by=by, purpose="patient flow", organisation=hospital.organisation, query=team.code)
    busy = (
        Task.objects.for_organisation(hospital.organisation_id)
        .filter(team=team, status=TaskStatus.RUNNING, stay__left_at=None)
        .select_related("stay", "held_by")
        .order_by("started_at")
    )
    in_hand = tuple(
        InHand(t.pk, t.stay.pseudonym, t.code, t.held_by.name if t.held_by else team.name, t.started_at) for t in busy
    )
    return TeamList(team, lines, in_hand)


def patient(*, stay: Stay, by: Any, now: datetime | None = None) -> Patient:
    """One patient's path home."""
    at = now or timezone.now()
    place = stay.hospital
    audit.consulted(targets=[stay], by=by, purpose="patient flow", organisation=stay.organisation, query="patient")
    tasks = list(stay.tasks.select_related("team", "held_by"))
    delays = _latest_delays(place)
    lists = census.worklist(place, at)
    places = (
        {e.task_id: e.position for code in lists.scenario.resource_ids for e in lists.ranked(code)} if lists else {}
    )
    steps = tuple(
        Step(
            task=t.pk,
            code=t.code,
            team=t.team.name if t.team else "",
            team_code=t.team.code if t.team else "",
            status=t.status,
            ready_at=t.ready_at,
            started_at=t.started_at,
            ended_at=t.ended_at,
            holder=t.held_by.name if t.held_by else "",
            delay=delays.get(t.pk, "") if t.status == TaskStatus.OPEN else "",
            position=places.get(str(t.pk)),
        )
        for t in tasks
    )
    return Patient(_row(stay, tasks, delays, at), steps, stay.first_planned_discharge, stay.meets_criteria_to_reside)


def position(*, task: Task, now: datetime | None = None) -> int | None:
    """Where a task stands in its team's list now; None when it is not waiting there."""
    lists = census.worklist(task.stay.hospital, now or timezone.now())
    if lists is None or task.team is None or task.team.code not in lists.scenario.resource_ids:
        return None
    return next((e.position for e in lists.ranked(task.team.code) if e.task_id == str(task.pk)), None)


def lists(*, hospital: Hospital, by: Any, now: datetime | None = None) -> tuple[TeamList, ...]:
    """Every team's list."""
    return tuple(team_list(hospital=hospital, team=team, by=by, now=now) for team in hospital.teams.all())


def morning(*, hospital: Hospital, by: Any, now: datetime | None = None) -> Morning:
    """What the meeting at nine wants to see."""
    at = now or timezone.now()
    waiting = []
    queue: dict[Any, list[float]] = {}
    rows = (
        Task.objects.for_organisation(hospital.organisation_id)
        .filter(stay__hospital=hospital, stay__left_at=None, status=TaskStatus.OPEN, ready_at__lte=at)
        .exclude(team=None)
        .values_list("team_id", "ready_at")
    )
    for team_id, ready_at in rows:
        queue.setdefault(team_id, []).append((at - ready_at).total_seconds() / 3600.0)
    for team in hospital.teams.all():
        hours = queue.get(team.pk, [])
        waiting.append((team, len(hours), sum(hours)))
    since = at - timedelta(days=7)
    reasons = Counter(
        str(d.get_reason_display())
        for d in Delay.objects.for_organisation(hospital.organisation_id).filter(
            task__stay__hospital=hospital, at__gte=since, out_of_order=False
        )
    )
    return Morning(
        board=board(hospital=hospital, by=by, now=at),
        waiting=tuple(sorted(waiting, key=lambda row: -row[2])),
        reasons=tuple(reasons.most_common()),
        latest=analyses(by).filter(kind="hospital").exclude(result={}).first(),
    )


def analyses(user: Any) -> Any:
    """Analyses this person's organisations have made."""
    return Analysis.objects.visible_to(user).select_related("by")


def consult(*, analysis: Analysis, by: Any, part: str) -> Analysis:
    """Note that somebody reads an analysis or its rows, for a log may name patients."""
    audit.consulted(targets=[analysis], by=by, purpose="patient flow", organisation=analysis.organisation, query=part)
    return analysis


def what_ifs(hospital: Hospital) -> list[WhatIf]:
    """Questions asked of a hospital, the newest first."""
    return list(hospital.what_ifs.select_related("by")[:30])


def _tasks_of(hospital: Hospital, at: datetime) -> dict[Any, list[Task]]:
    found: dict[Any, list[Task]] = {}
    for task in (
        Task.objects.for_organisation(hospital.organisation_id)
        .filter(stay__hospital=hospital, stay__left_at=None)
        .select_related("team", "held_by")
        .order_by("number")
    ):
        found.setdefault(task.stay_id, []).append(task)
    return found


def _latest_delays(hospital: Hospital) -> dict[Any, str]:
    found: dict[Any, str] = {}
    for delay in Delay.objects.for_organisation(hospital.organisation_id).filter(
        task__stay__hospital=hospital, task__stay__left_at=None, out_of_order=False
    ):
        found.setdefault(delay.task_id, str(delay.get_reason_display()))
    return found


def _ward(stay: Stay) -> str:
    return stay.ward.name if stay.ward else ""


def _row(stay: Stay, tasks: list[Task], delays: dict[Any, str], at: datetime) -> BoardRow:
    buffer = (stay.first_planned_discharge - stay.admitted_at).total_seconds()
    used = (at - stay.admitted_at).total_seconds() / buffer
    shown = path.decides(tasks)
    day = "green" if path.moved_on(tasks, timezone.localtime(at).date()) else "red"
    if day == "red" and shown and shown.code == "recovery" and shown.status == TaskStatus.RUNNING:
        day = "recovering"
    return BoardRow(
        key=stay.pk,
        patient=stay.pseudonym,
        ward=_ward(stay),
        admitted_at=stay.admitted_at,
        due=stay.planned_discharge,
        moves=stay.planned_discharge_moves,
        used=used,
        colour=COLOURS[max(0, min(3, int(used * 3)))],
        late_hours=(at - stay.first_planned_discharge).total_seconds() / 3600.0,
        next_task=shown.code if shown else "",
        next_team=shown.team.name if shown and shown.team else "",
        holder=shown.held_by.name if shown and shown.held_by else "",
        waiting=bool(shown and shown.status == TaskStatus.OPEN),
        since=(shown.started_at or shown.ready_at) if shown else None,
        ready_since=stay.discharge_ready_at,
        priority=stay.clinical_priority < 1,
        delay=delays.get(shown.pk, "") if shown else "",
        day=day,
    )
