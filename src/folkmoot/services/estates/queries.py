"""Questions the pages ask. What a person may not read is not found, here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from folkmoot.foundation import audit
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.estates import rules
from folkmoot.services.estates.actions.audited import PURPOSE
from folkmoot.services.estates.models import Decision, Estate, Programme, Status


@dataclass(frozen=True, slots=True)
class Step:
    """Something a person should do next."""

    kind: str
    estate: Estate
    programme: Programme | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on a person's desk: the estates, each with its programmes, and what to do next."""

    estates: tuple[tuple[Estate, tuple[Programme, ...]], ...]
    steps: tuple[Step, ...]


def estates(user: Any) -> Any:
    """Estates of the organisations where this person plans, analyses or decides."""
    return (
        Estate.objects.visible_to(user)
        .filter(organisation_id__in=_where(user, rules.may_see))
        .select_related("by", "organisation")
    )


def programmes(user: Any) -> Any:
    """Every programme this person may read: approved ones where they belong, all where they plan or decide."""
    return (
        Programme.objects.visible_to(user)
        .filter(
            Q(organisation_id__in=_where(user, rules.may_see))
            | Q(organisation_id__in=_where(user, rules.may_read), status=Status.APPROVED)
        )
        .select_related("estate", "by", "proposed_by", "decided_by", "organisation")
    )


def approved(user: Any) -> list[Programme]:
    """What the public may read, the newest decision first."""
    return list(programmes(user).filter(status=Status.APPROVED).order_by("-decided_at"))


def desk(user: Any) -> Desk:
    """The first page of somebody who works here."""
    found: dict[UUID, list[Programme]] = {}
    for programme in programmes(user):
        found.setdefault(programme.estate_id, []).append(programme)
    rows = tuple((estate, tuple(found.get(estate.pk, ()))) for estate in estates(user))
    steps = []
    for estate, its in rows:
        if not its and rules.may_plan(user, estate.organisation):
            steps.append(Step("first", estate))
        steps += [Step(kind, estate, programme) for programme in its if (kind := _next(user, programme))]
    return Desk(rows, tuple(steps))


def _next(user: Any, programme: Programme) -> str:
    if programme.status == Status.PROPOSED and rules.may_decide(user, programme.organisation):
        return "decide"
    if not programme.is_solved and rules.may_plan(user, programme.organisation):
        return "watch"
    draft = programme.status == Status.DRAFT and programme.is_within_limits
    if draft and rules.may_propose(user, programme.organisation):
        return "propose"
    return ""


def decisions(programme: Programme) -> list[Decision]:
    """The history of a programme, the oldest first."""
    return list(programme.decisions.select_related("by"))


def job_of(row: Estate | Programme) -> Job | None:
    """The job that works on it, or did last."""
    found: Job | None = Job.objects.for_organisation(row.organisation_id).filter(pk=row.job).first()
    return found


def consult(*, target: Any, by: Any, part: str) -> Any:
    """Note that somebody takes data out of the house."""
    audit.consulted(targets=[target], by=by, purpose=PURPOSE, organisation=target.organisation, query=part)
    return target


def _where(user: Any, rule: Any) -> list[Any]:
    return [m.organisation_id for m in user.memberships.select_related("organisation") if rule(user, m.organisation)]
