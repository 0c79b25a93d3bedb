"""From a draft to a decision: a planner proposes with a reason, somebody else approves or declines with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.services.estates.actions.audited import NotPossible, locked, record
from folkmoot.services.estates.models import Decision, Programme, Status, Verb


@transaction.atomic
def propose(*, programme: Programme, reason: str, at: datetime, by: Any) -> Programme:
    """Put a programme forward for a decision."""
    programme = locked(programme)
    if programme.status != Status.DRAFT:
        raise NotPossible(_("This programme is not a draft any more."))
    if not programme.has_plan:
        raise NotPossible(_("Only a programme with a plan can be proposed; this one has none."))
    if not programme.is_within_limits:
        raise NotPossible(
            _("This plan breaks the limits that were asked for, so it cannot be proposed. Ask for what it reaches.")
        )
    programme.status, programme.proposed_by, programme.proposed_at = Status.PROPOSED, by, at
    return _step(programme, Verb.PROPOSE, reason, by, Status.DRAFT)


@transaction.atomic
def withdraw(*, programme: Programme, reason: str, by: Any) -> Programme:
    """Take a proposal back: it is a draft again."""
    programme = locked(programme)
    if programme.status != Status.PROPOSED:
        raise NotPossible(_("Only a proposed programme can be withdrawn."))
    programme.status, programme.proposed_by, programme.proposed_at = Status.DRAFT, None, None
    return _step(programme, Verb.WITHDRAW, reason, by, Status.PROPOSED)


@transaction.atomic
def approve(*, programme: Programme, reason: str, at: datetime, by: Any) -> Programme:
    """Approve a proposal: from now on the public can read it."""
    return _decide(programme, Verb.APPROVE, Status.APPROVED, reason, at, by)


@transaction.atomic
def decline(*, programme: Programme, reason: str, at: datetime, by: Any) -> Programme:
    """Decline a proposal."""
    return _decide(programme, Verb.DECLINE, Status.DECLINED, reason, at, by)


def _decide(programme: Programme, verb: str, status: str, reason: str, at: datetime, by: Any) -> Programme:
    programme = locked(programme)
    if programme.status != Status.PROPOSED:
        raise NotPossible(_("Only a proposed programme can be decided; this one has been decided or withdrawn."))
    if programme.proposed_by_id == by.pk:
        raise NotPossible(_("You proposed this programme, so somebody else must decide."))
    programme.status, programme.decided_by, programme.decided_at = status, by, at
    return _step(programme, verb, reason, by, Status.PROPOSED)


def _step(programme: Programme, verb: str, reason: str, by: Any, before: str) -> Programme:
    if not reason.strip():
        raise NotPossible(_("Give a reason: it is shown beside the decision."))
    programme.save()
    Decision.objects.for_organisation(programme.organisation_id).create(
        programme=programme, verb=verb, reason=reason.strip(), by=by
    )
    record(verb, programme, by, {"status": programme.status}, {"status": before})
    return programme
