"""From a question to a decision: an analyst asks for a release, somebody else approves, refuses or withdraws it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.foundation import jobs
from folkmoot.services.highways import queries
from folkmoot.services.highways.actions.audited import NotPossible, locked, record
from folkmoot.services.highways.models import Dataset, Decision, Release, Status, Verb
from folkmoot.services.highways.sources import Wanted


@transaction.atomic
def request(*, dataset: Dataset, wanted: Wanted, by: Any) -> Any:
    """Ask for a release: disclosure control makes a candidate of it in the background. Returns the job."""
    policy = queries.policy(dataset.organisation)
    if not dataset.is_usable:
        raise NotPossible(
            _("Nothing can be released from these data: they are not checked, or their events are deleted.")
        )
    if Release.objects.for_organisation(dataset.organisation_id).filter(name=wanted.name).exists():
        raise NotPossible(
            _("There is a release called “%(name)s” already. Choose another name.") % {"name": wanted.name}
        )
    if wanted.k < policy.minimum_k:
        raise NotPossible(_("A cell needs at least %(k)s devices in your organisation.") % {"k": policy.minimum_k})
    release: Release = Release.objects.for_organisation(dataset.organisation_id).create(
        dataset=dataset, name=wanted.name, by_hour=wanted.by_hour, by_mode=wanted.by_mode, with_totals=wanted.with_totals,
        k=wanted.k, minimum_k=policy.minimum_k, round_base=policy.round_base, purpose=wanted.purpose,
        lawful_basis=wanted.lawful_basis, opt_out_version=dataset.opt_out_version, requested_by=by,
    )  # fmt: skip
    _step(release, Verb.REQUEST, wanted.purpose, by, "")
    return _start("highways.release", release, by)


@transaction.atomic
def make_again(*, release: Release, by: Any) -> Any:
    """Have a candidate made anew, beside what has been published by now. Returns the job."""
    release = locked(release)
    if release.status not in {Status.WORKING, Status.UNSAFE, Status.CANDIDATE}:
        raise NotPossible(_("This release has been decided, so it stays as it is. Ask for a new one."))
    if not release.dataset.is_usable:
        raise NotPossible(_("The events it was made from are deleted, so it cannot be made again."))
    before, release.status, release.stopped_because, release.report = release.status, Status.WORKING, "", {}
    release.decided_by = release.decided_at = None
    _step(release, Verb.AGAIN, release.purpose, by, before)
    return _start("highways.release", release, by)


@transaction.atomic
def approve(*, release: Release, reason: str, at: datetime, by: Any) -> Any:
    """Approve a candidate. It is held against everything published by then, and leaves only if that is safe; the job."""
    return _start("highways.publish", _decide(release, Verb.APPROVE, Status.APPROVED, reason, at, by), by)


@transaction.atomic
def publish_again(*, release: Release, by: Any) -> Any:
    """Go on with what was approved and has not left, for instance because the worker was stopped. Returns the job."""
    release = locked(release)
    if release.status != Status.APPROVED:
        raise NotPossible(_("Only an approved release that has not left can be published."))
    record("publish_again", release, by, {})
    return _start("highways.publish", release, by)


@transaction.atomic
def refuse(*, release: Release, reason: str, at: datetime, by: Any) -> Release:
    """Refuse a candidate: nothing leaves."""
    return _decide(release, Verb.REFUSE, Status.REFUSED, reason, at, by)


@transaction.atomic
def withdraw(*, release: Release, reason: str, at: datetime, by: Any) -> Release:
    """Withdraw what was published. It stays listed and counts in every later audit: nobody can take back what was read."""
    release = locked(release)
    if release.status != Status.PUBLISHED:
        raise NotPossible(_("Only a published release can be withdrawn."))
    release.status, release.withdrawn_by, release.withdrawn_at = Status.WITHDRAWN, by, at
    return _step(release, Verb.WITHDRAW, reason, by, Status.PUBLISHED)


def _decide(release: Release, verb: str, status: str, reason: str, at: datetime, by: Any) -> Release:
    release = locked(release)
    if release.status != Status.CANDIDATE:
        raise NotPossible(_("Only a release that waits can be decided; this one has been, or is being made again."))
    if release.requested_by_id == by.pk:
        raise NotPossible(_("You asked for this release, so somebody else must decide."))
    release.status, release.decided_by, release.decided_at = status, by, at
    return _step(release, verb, reason, by, Status.CANDIDATE)


def _step(release: Release, verb: str, reason: str, by: Any, before: str) -> Release:
    if not reason.strip():
        raise NotPossible(_("Give a reason: it is shown beside the decision."))
    release.save()
    Decision.objects.for_organisation(release.organisation_id).create(
        release=release, verb=verb, reason=reason.strip(), by=by
    )
    record(verb, release, by, {"status": str(release.status)}, {"status": str(before)})
    return release


def _start(kind: str, release: Release, by: Any) -> Any:
    job = jobs.start(kind, by=by, organisation=release.organisation, release=str(release.pk))
    release.job = job.pk
    release.save(update_fields=["job"])
    return job
