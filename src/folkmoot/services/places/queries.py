"""Questions the pages ask. What a person may not read is not found, here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from folkmoot.foundation import audit
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.places import rules
from folkmoot.services.places.actions.audited import PURPOSE
from folkmoot.services.places.models import Decision, Option, Status, Study


@dataclass(frozen=True, slots=True)
class Step:
    """Something a person should do next."""

    kind: str
    study: Study
    option: Option | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on a person's desk: the studies, each with its options, and what to do next."""

    studies: tuple[tuple[Study, tuple[Option, ...]], ...]
    steps: tuple[Step, ...]


def studies(user: Any) -> Any:
    """Studies of the organisations where this person plans, analyses or decides."""
    return (
        Study.objects.visible_to(user)
        .filter(organisation_id__in=where(user, rules.may_see))
        .select_related("by", "organisation")
    )


def options(user: Any) -> Any:
    """Every option this person may read: approved ones anywhere they belong, all where they plan or decide."""
    from django.db.models import Q

    return (
        Option.objects.visible_to(user)
        .filter(
            Q(organisation_id__in=where(user, rules.may_see))
            | Q(organisation_id__in=where(user, rules.may_read), status=Status.APPROVED)
        )
        .select_related("study", "by", "proposed_by", "decided_by", "organisation")
    )


def approved(user: Any) -> list[Option]:
    """What the public may read, the newest decision first."""
    return list(options(user).filter(status=Status.APPROVED).order_by("-decided_at"))


def desk(user: Any) -> Desk:
    """The first page of somebody who works here."""
    found: dict[UUID, list[Option]] = {}
    for option in options(user):
        found.setdefault(option.study_id, []).append(option)
    rows = tuple((study, tuple(found.get(study.pk, ()))) for study in studies(user))
    steps = []
    for study, its in rows:
        if not study.is_ready and rules.may_plan(user, study.organisation):
            steps.append(Step("finish", study))
        elif study.is_ready and not its and rules.may_plan(user, study.organisation):
            steps.append(Step("first", study))
        steps += [Step(kind, study, option) for option in its if (kind := _next(user, option))]
    return Desk(rows, tuple(steps))


def _next(user: Any, option: Option) -> str:
    if option.status == Status.PROPOSED and rules.may_decide(user, option.organisation):
        return "decide"
    if option.status == Status.DRAFT and option.has_plan and rules.may_propose(user, option.organisation):
        return "propose"
    if not option.is_solved and rules.may_plan(user, option.organisation):
        return "watch"
    return ""


def decisions(option: Option) -> list[Decision]:
    """The history of an option, the oldest first."""
    return list(option.decisions.select_related("by"))


def job_of(option: Option) -> Job | None:
    """The job that solves an option."""
    found: Job | None = Job.objects.for_organisation(option.organisation_id).filter(pk=option.job).first()
    return found


def consult(*, target: Any, by: Any, part: str) -> Any:
    """Note that somebody takes data out of the house."""
    audit.consulted(targets=[target], by=by, purpose=PURPOSE, organisation=target.organisation, query=part)
    return target


def where(user: Any, rule: Any) -> list[Any]:
    """The organisations in which a rule lets this person."""
    return [m.organisation_id for m in user.memberships.select_related("organisation") if rule(user, m.organisation)]
