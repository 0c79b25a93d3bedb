"""Which markets and drawn centres a person may read. What they may not read is not found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from folkmoot.foundation.jobs.models import Job
from folkmoot.services.places import rules
from folkmoot.services.places.models import Status
from folkmoot.services.places.queries import where
from folkmoot.services.places.retail.models import Centre, CentreDecision, Market


def markets(user: Any) -> Any:
    """Markets of the organisations where this person plans, analyses or decides."""
    return (
        Market.objects.visible_to(user)
        .filter(organisation_id__in=where(user, rules.may_see))
        .select_related("by", "organisation")
    )


def centres(user: Any) -> Any:
    """Every drawn centre this person may read: approved ones anywhere they belong, all where they plan or decide."""
    return (
        Centre.objects.visible_to(user)
        .filter(
            Q(organisation_id__in=where(user, rules.may_see))
            | Q(organisation_id__in=where(user, rules.may_read), status=Status.APPROVED)
        )
        .select_related("market", "by", "proposed_by", "decided_by", "organisation")
    )


def approved(user: Any) -> list[Centre]:
    """What the public may read, the newest decision first."""
    return list(centres(user).filter(status=Status.APPROVED).order_by("-decided_at"))


def decisions(centre: Centre) -> list[CentreDecision]:
    """The history of a centre, the oldest first."""
    return list(centre.decisions.select_related("by"))


def job_of(row: Market | Centre) -> Job | None:
    """The job that last worked for a market or a centre."""
    found: Job | None = Job.objects.for_organisation(row.organisation_id).filter(pk=row.job).first()
    return found


def market_of(request: HttpRequest, key: UUID, rule: Any = rules.may_see) -> Market:
    """A market of an organisation in which this person may do this."""
    found: Market = get_object_or_404(markets(request.user), pk=key)
    if not rule(request.user, found.organisation):
        raise PermissionDenied
    return found


def centre_of(request: HttpRequest, key: UUID, rule: Any = rules.may_read) -> Centre:
    """A drawn centre this person may read and, in its organisation, do this to."""
    found: Centre = get_object_or_404(centres(request.user), pk=key)
    if not rule(request.user, found.organisation):
        raise PermissionDenied
    return found
