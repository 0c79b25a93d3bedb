"""Which studies and schemes a person may read. What they may not read is not found; what is approved, everybody may."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from folkmoot.foundation import audit
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.highways.models import Release
from folkmoot.services.highways.models import Status as ReleaseStatus
from folkmoot.services.highways.roads import rules
from folkmoot.services.highways.roads.models import RoadDecision, RoadScheme, RoadStudy, Status

PURPOSE = "planning of roads"
_WITH = ("study", "by", "proposed_by", "decided_by", "organisation")


def studies(user: Any) -> Any:
    """Studies of the organisations where this person plans, analyses or decides."""
    return (
        RoadStudy.objects.visible_to(user)
        .filter(organisation_id__in=_where(user, rules.may_see))
        .select_related("by", "organisation")
    )


def schemes(user: Any) -> Any:
    """Schemes in every state, of the same organisations."""
    return (
        RoadScheme.objects.visible_to(user)
        .filter(organisation_id__in=_where(user, rules.may_see))
        .select_related(*_WITH)
    )


def approved() -> Any:
    """Schemes that were approved, of every organisation: they are there for everybody, the newest decision first."""
    return (
        RoadScheme.objects.across_organisations(because="approved schemes are for everybody, without logging in")
        .filter(status=Status.APPROVED)
        .select_related(*_WITH)
        .order_by("-decided_at")
    )


def decisions(scheme: RoadScheme) -> list[RoadDecision]:
    """The history of a scheme, the oldest first."""
    return list(scheme.decisions.select_related("by"))


def releases(organisation: Any) -> list[Release]:
    """Published releases of an organisation: trips it may read back like anybody."""
    rows = Release.objects.for_organisation(organisation).filter(status=ReleaseStatus.PUBLISHED)
    return list(rows.select_related("dataset", "organisation").order_by("-published_at"))


def job_of(row: RoadStudy | RoadScheme) -> Job | None:
    """The job that last worked for a study or a scheme."""
    found: Job | None = Job.objects.for_organisation(row.organisation_id).filter(pk=row.job).first()
    return found


def study_of(request: HttpRequest, key: UUID, rule: Any = rules.may_see) -> RoadStudy:
    """A study of an organisation in which this person may do this."""
    found: RoadStudy = get_object_or_404(studies(request.user), pk=key)
    if not rule(request.user, found.organisation):
        raise PermissionDenied
    return found


def scheme_of(request: HttpRequest, key: UUID, rule: Any = rules.may_see) -> RoadScheme:
    """A scheme of an organisation in which this person may do this."""
    found: RoadScheme = get_object_or_404(schemes(request.user), pk=key)
    if not rule(request.user, found.organisation):
        raise PermissionDenied
    return found


def organisation_for(user: Any, rule: Any) -> Any:
    """The organisation in which this person may do this: the first of theirs."""
    return next(m.organisation for m in user.memberships.select_related("organisation") if rule(user, m.organisation))


def consult(*, target: Any, by: Any, part: str) -> None:
    """Note that somebody takes data out of the house."""
    audit.consulted(targets=[target], by=by, purpose=PURPOSE, organisation=target.organisation, query=part)


def _where(user: Any, rule: Any) -> list[Any]:
    return [m.organisation_id for m in user.memberships.select_related("organisation") if rule(user, m.organisation)]
