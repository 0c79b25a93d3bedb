"""Questions the pages ask. What a person may not read is not found, here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from folkmoot.foundation import audit
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.highways import rules
from folkmoot.services.highways.models import Dataset, Decision, DisclosurePolicy, Release, Status

PURPOSE = "evidence of movement"
_WITH = ("dataset", "organisation", "requested_by", "decided_by", "withdrawn_by")


@dataclass(frozen=True, slots=True)
class Step:
    """Something a person should do next."""

    kind: str
    target: Dataset | Release


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on a person's desk: data they hold, releases of their organisation, what to do next."""

    datasets: tuple[Dataset, ...]
    releases: tuple[Release, ...]
    steps: tuple[Step, ...]


def datasets(user: Any) -> Any:
    """Movement data of the organisations where this person is an analyst."""
    return (
        Dataset.objects.visible_to(user)
        .filter(organisation_id__in=_where(user, rules.may_hold))
        .select_related("by", "deleted_by", "organisation")
    )


def releases(user: Any) -> Any:
    """Releases in every state, of the organisations where this person asks, decides or plans."""
    return (
        Release.objects.visible_to(user).filter(organisation_id__in=_where(user, rules.may_see)).select_related(*_WITH)
    )


def published() -> Any:
    """What has left, of every organisation, withdrawn or not: it is there for everybody, the newest first."""
    return (
        Release.objects.across_organisations(because="what is published is for everybody, without logging in")
        .filter(status__in=[Status.PUBLISHED, Status.WITHDRAWN])
        .select_related(*_WITH)
        .order_by("-published_at")
    )


def desk(user: Any) -> Desk:
    """The first page of somebody who works here."""
    held, asked = tuple(datasets(user)), tuple(releases(user))
    steps = [Step("ask", each) for each in held if each.is_usable and not any(r.dataset_id == each.pk for r in asked)]
    steps += [Step(kind, each) for each in asked if (kind := _next(user, each))]
    return Desk(held, asked, tuple(steps))


def _next(user: Any, release: Release) -> str:
    decides = rules.may_decide(user, release.organisation) and release.requested_by_id != user.pk
    if release.status == Status.CANDIDATE and decides:
        return "decide"
    if release.status == Status.UNSAFE and rules.may_hold(user, release.organisation):
        return "stopped"
    return ""


def decisions(release: Release) -> list[Decision]:
    """The history of a release, the oldest first."""
    return list(release.decisions.select_related("by"))


def policy(organisation: Any) -> DisclosurePolicy:
    """The organisation's own; made with our defaults when there is none."""
    with transaction.atomic():
        found: DisclosurePolicy = DisclosurePolicy.objects.for_organisation(organisation).get_or_create(
            organisation=organisation
        )[0]
    return found


def job_of(row: Dataset | Release) -> Job | None:
    """The job that works on it, or did last."""
    found: Job | None = Job.objects.for_organisation(row.organisation_id).filter(pk=row.job).first()
    return found


def consult(*, target: Any, by: Any, part: str) -> None:
    """Note that somebody is about to read of devices, or takes data out of the house."""
    audit.consulted(targets=[target], by=by, purpose=PURPOSE, organisation=target.organisation, query=part)


def _where(user: Any, rule: Any) -> list[Any]:
    return [m.organisation_id for m in user.memberships.select_related("organisation") if rule(user, m.organisation)]
