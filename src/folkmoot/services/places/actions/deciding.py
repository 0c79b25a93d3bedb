"""From a draft to a decision: a planner proposes with a reason, somebody else approves or declines with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.services.places.actions.audited import NotPossible, record
from folkmoot.services.places.models import Decision, Option, Status, Verb


@transaction.atomic
def propose(*, option: Option, reason: str, at: datetime, by: Any) -> Option:
    """Put an option forward for a decision."""
    option = _locked(option)
    if option.status != Status.DRAFT:
        raise NotPossible(_("This option is not a draft any more."))
    if not option.has_plan:
        raise NotPossible(_("Only an option with a plan can be proposed; this one has none."))
    if not option.findings.get("verdict", {}).get("holds"):
        raise NotPossible(_("The check of this plan did not hold, so it cannot be proposed. Solve it again."))
    option.status, option.proposed_by, option.proposed_at = Status.PROPOSED, by, at
    return _step(option, Verb.PROPOSE, reason, by, Status.DRAFT)


@transaction.atomic
def withdraw(*, option: Option, reason: str, by: Any) -> Option:
    """Take a proposal back: it is a draft again."""
    option = _locked(option)
    if option.status != Status.PROPOSED:
        raise NotPossible(_("Only a proposed option can be withdrawn."))
    option.status, option.proposed_by, option.proposed_at = Status.DRAFT, None, None
    return _step(option, Verb.WITHDRAW, reason, by, Status.PROPOSED)


@transaction.atomic
def approve(*, option: Option, reason: str, at: datetime, by: Any) -> Option:
    """Approve a proposal: from now on the public can read it."""
    return _decide(option, Verb.APPROVE, Status.APPROVED, reason, at, by)


@transaction.atomic
def decline(*, option: Option, reason: str, at: datetime, by: Any) -> Option:
    """Decline a proposal."""
    return _decide(option, Verb.DECLINE, Status.DECLINED, reason, at, by)


def _decide(option: Option, verb: str, status: str, reason: str, at: datetime, by: Any) -> Option:
    option = _locked(option)
    if option.status != Status.PROPOSED:
        raise NotPossible(_("Only a proposed option can be decided; this one has been decided or withdrawn."))
    if option.proposed_by_id == by.pk:
        raise NotPossible(_("You proposed this option, so somebody else must decide."))
    option.status, option.decided_by, option.decided_at = status, by, at
    return _step(option, verb, reason, by, Status.PROPOSED)


def _step(option: Option, verb: str, reason: str, by: Any, before: str) -> Option:
    if not reason.strip():
        raise NotPossible(_("Give a reason: it is shown beside the decision."))
    option.save()
    Decision.objects.for_organisation(option.organisation_id).create(
        option=option, verb=verb, reason=reason.strip(), by=by
    )
    record(verb, option, by, {"status": option.status}, {"status": before})
    return option


def _locked(option: Option) -> Option:
    found: Option = (
        Option.objects.for_organisation(option.organisation_id).select_for_update(of=("self",)).get(pk=option.pk)
    )
    return found
