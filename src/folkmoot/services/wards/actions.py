"""What people do on the wards. Each verb is one transaction, audited, and returns what it changed."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.engines.flow.policy import RULES
from folkmoot.foundation import audit, jobs, outbox
from folkmoot.foundation.identifiers import uuid7
from folkmoot.services.wards import history, wording
from folkmoot.services.wards.models import Analysis, Delay, Hospital, Reason, Stay, Task, TaskStatus, WhatIf
from folkmoot.vocabulary.events import PatientDeparted


class NotPossible(ValueError):
    """The thing asked for cannot be done now; the message says why, to the person who asked."""


OFFERED = ("index-ageing", "toc", "fcfs", "admission", "edd", "index")


@transaction.atomic
def take(*, task: Task, at: datetime, position: int, reason: str, by: Any) -> Task:
    """Begin a task. Taking anybody but the first asks for a reason; clinical judgement is always free to."""
    task = _locked(task)
    if task.status != TaskStatus.OPEN or task.ready_at is None:
        raise NotPossible(
            _("%(task)s cannot be taken: it is not waiting any more.") % {"task": wording.task(task.code)}
        )
    if position != 1 and reason not in Reason.values:
        raise NotPossible(_("This patient is not the first of the list. Say why the others cannot be taken now."))
    task.status, task.started_at, task.held_by = TaskStatus.RUNNING, at, by
    task.save(update_fields=["status", "started_at", "held_by"])
    if position != 1:
        Delay.objects.for_organisation(task.organisation_id).create(
            task=task, reason=reason, out_of_order=True, position=position, by=by, at=at
        )
    _record("wards.take", task, by, {"status": TaskStatus.OPEN}, {"status": task.status, "position": position})
    return task


@transaction.atomic
def finish(*, task: Task, at: datetime, by: Any) -> Task:
    """A task is done; whatever waited only for it is ready now, and a patient with nothing left goes home."""
    return _end(task=task, status=TaskStatus.DONE, at=at, by=by)


@transaction.atomic
def cancel(*, task: Task, at: datetime, by: Any) -> Task:
    """A task is not needed after all."""
    return _end(task=task, status=TaskStatus.CANCELLED, at=at, by=by)


@transaction.atomic
def delay(*, task: Task, reason: str, at: datetime, by: Any) -> Delay:
    """Say why a task waits."""
    if reason not in Reason.values:
        raise NotPossible(_("Choose one of the reasons."))
    made = Delay.objects.for_organisation(task.organisation_id).create(task=task, reason=reason, by=by, at=at)
    _record("wards.delay", task, by, {}, {"reason": reason})
    return made


@transaction.atomic
def plan(*, stay: Stay, discharge: datetime, by: Any) -> Stay:
    """Move the planned discharge date. The first one stays, and keeps counting for the order."""
    if discharge <= stay.admitted_at:
        raise NotPossible(_("The planned discharge must come after the admission."))
    before = stay.planned_discharge
    if before != discharge:
        stay.planned_discharge, stay.planned_discharge_moves = discharge, stay.planned_discharge_moves + 1
        stay.save(update_fields=["planned_discharge", "planned_discharge_moves"])
    _record("wards.plan", stay, by, {"planned": before.isoformat()}, {"planned": discharge.isoformat()})
    return stay


@transaction.atomic
def assess(*, stay: Stay, meets_criteria: bool, at: datetime, by: Any) -> Stay:
    """Record the criteria to reside; the discharge-ready date begins, stays or is rescinded with them."""
    before = stay.meets_criteria_to_reside
    stay.meets_criteria_to_reside = meets_criteria
    stay.discharge_ready_at = None if meets_criteria else (stay.discharge_ready_at or at)
    stay.save(update_fields=["meets_criteria_to_reside", "discharge_ready_at"])
    _record("wards.assess", stay, by, {"meets_criteria": before}, {"meets_criteria": meets_criteria})
    return stay


@transaction.atomic
def choose_order(*, hospital: Hospital, policy: str, by: Any) -> Hospital:
    """All lists of a hospital follow this order from now on."""
    if policy not in OFFERED or policy not in RULES:
        raise NotPossible(_("Choose one of the orders offered."))
    before, hospital.policy = hospital.policy, policy
    hospital.save(update_fields=["policy"])
    _record("wards.choose_order", hospital, by, {"policy": before}, {"policy": policy})
    return hospital


@transaction.atomic
def analyse_hospital(*, hospital: Hospital, by: Any) -> Any:
    """Work through the five focusing steps on the hospital's own history, in the background."""
    found = Analysis.objects.for_organisation(hospital.organisation_id).create(
        kind="hospital", name=hospital.name, by=by
    )
    _record("wards.analyse", found, by, {}, {"kind": "hospital"})
    return jobs.start(
        "wards.five_steps", by=by, organisation=hospital.organisation, analysis=str(found.pk), hospital=str(hospital.pk)
    )


@transaction.atomic
def upload(*, organisation: Any, file: UploadedFile, by: Any) -> Analysis:
    """Keep a log under the hash of its contents; nothing is read yet."""
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    suffix = "".join(c for c in (file.name or "")[-12:].lower() if c.isalnum() or c == ".")
    name = f"{digest.hexdigest()[:40]}-{suffix}"
    with (history.folder("logs") / name).open("wb") as kept:
        file.seek(0)
        for chunk in file.chunks():
            kept.write(chunk)
    found = Analysis.objects.for_organisation(organisation).create(
        kind="log", name=(file.name or "log")[:200], file=name, by=by
    )
    _record("wards.upload", found, by, {}, {"sha256": digest.hexdigest(), "bytes": file.size})
    return found


@transaction.atomic
def analyse_log(*, analysis: Analysis, mapping: dict[str, str], by: Any) -> Any:
    """Read an uploaded log by a mapping and analyse it, in the background."""
    analysis.mapping = {name: value for name, value in mapping.items() if value}
    analysis.result = {}
    analysis.save(update_fields=["mapping", "result"])
    _record("wards.analyse", analysis, by, {}, {"kind": "log"})
    return jobs.start("wards.log", by=by, organisation=analysis.organisation, analysis=str(analysis.pk))


@transaction.atomic
def ask(*, hospital: Hospital, question: dict[str, Any], by: Any) -> Any:
    """Put a what-if to the simulator, in the background."""
    asked = WhatIf.objects.for_organisation(hospital.organisation_id).create(
        hospital=hospital, question=question, by=by
    )
    _record("wards.ask", asked, by, {}, {"change": question["change"], "team": question["team"]})
    return jobs.start("wards.what_if", by=by, organisation=hospital.organisation, what_if=str(asked.pk))


def _end(*, task: Task, status: str, at: datetime, by: Any) -> Task:
    task = _locked(task)
    if task.status in (TaskStatus.DONE, TaskStatus.CANCELLED):
        raise NotPossible(_("%(task)s is over already.") % {"task": wording.task(task.code)})
    before = task.status
    task.status, task.ended_at = status, at
    task.started_at = task.started_at or (at if status == TaskStatus.DONE else None)
    task.save(update_fields=["status", "ended_at", "started_at"])
    _record("wards.end", task, by, {"status": before}, {"status": status})
    release(task.stay, at)
    return task


def release(stay: Stay, at: datetime) -> None:
    """Make ready what nothing holds back; delays that need nobody begin at once; with nothing left the patient goes."""
    tasks = list(stay.tasks.all())
    over = {t.number for t in tasks if t.status in (TaskStatus.DONE, TaskStatus.CANCELLED)}
    for task in tasks:
        if task.status == TaskStatus.OPEN and task.ready_at is None and set(task.after) <= over:
            task.ready_at = at
            if task.team_id is None:
                task.status, task.started_at = TaskStatus.RUNNING, at
            task.save(update_fields=["ready_at", "status", "started_at"])
    if len(over) == len(tasks) and stay.left_at is None:
        stay.left_at = at
        stay.save(update_fields=["left_at"])
        outbox.publish(
            PatientDeparted(
                id=uuid7(),
                occurred_at=at,
                organisation=stay.organisation_id,
                stay=stay.pseudonym,
                ward=stay.ward.code if stay.ward else "",
            )
        )


def _locked(task: Task) -> Task:
    found: Task = (
        Task.objects.for_organisation(task.organisation_id)
        .select_for_update(of=("self",))
        .select_related("stay")
        .get(pk=task.pk)
    )
    return found


def _record(action: str, target: Any, by: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
    audit.record(
        action=action,
        target=target,
        by=by,
        purpose="patient flow",
        organisation=target.organisation,
        before={k: audit.Open(v) for k, v in before.items()},
        after={k: audit.Open(v) for k, v in after.items()},
    )
