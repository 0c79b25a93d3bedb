"""Bringing movement data in, and deleting the devices' events when they have served."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.foundation import jobs
from folkmoot.services.highways import folders
from folkmoot.services.highways.actions.audited import NotPossible, record
from folkmoot.services.highways.models import Dataset, Origin, State, Status
from folkmoot.services.highways.sources import Given


@transaction.atomic
def bring_in(*, organisation: Any, name: str, given: Given, origin: str = Origin.FILES, by: Any) -> Any:
    """Keep what came and have it checked in the background; returns the job."""
    if Dataset.objects.for_organisation(organisation).filter(name=name).exists():
        raise NotPossible(_("There are data called “%(name)s” already. Choose another name.") % {"name": name})
    found: Dataset = Dataset.objects.for_organisation(organisation).create(
        name=name, origin=origin, files=given.about(), zones=given.zones, by=by
    )
    given.move_to(folders.dataset(found))
    record("bring_in", found, by, {"parts": sorted(given.parts), "origin": str(origin)})
    return _check(found, by)


@transaction.atomic
def check_again(*, dataset: Dataset, by: Any) -> Any:
    """Check once more what could not be used, for instance after a worker was stopped."""
    if dataset.state not in {State.CHECKING, State.FAILED}:
        raise NotPossible(_("These data have been checked, or their events are deleted."))
    dataset.state = State.CHECKING
    dataset.save(update_fields=["state"])
    record("check_again", dataset, by, {})
    return _check(dataset, by)


@transaction.atomic
def delete_events(*, dataset: Dataset, reason: str, at: datetime, by: Any) -> Dataset:
    """Delete everything about devices. Releases made from it stay, and no new one can be made."""
    found: Dataset = (
        Dataset.objects.for_organisation(dataset.organisation_id).select_for_update(of=("self",)).get(pk=dataset.pk)
    )
    if not reason.strip():
        raise NotPossible(_("Give a reason: it is kept with the deletion."))
    if found.state == State.DELETED:
        raise NotPossible(_("The events of these data are deleted already."))
    if found.state == State.CHECKING or found.releases.filter(status=Status.WORKING).exists():
        raise NotPossible(_("Work on these data is under way. Wait for its end, then delete the events."))
    before = found.state
    found.state, found.deleted_by, found.deleted_at = State.DELETED, by, at
    found.deletion_reason = reason.strip()
    found.save()
    gone = folders.forget_devices(found)
    record("delete_events", found, by, {"state": found.state, "files": gone}, {"state": before})
    return found


def _check(found: Dataset, by: Any) -> Any:
    job = jobs.start("highways.check", by=by, organisation=found.organisation, dataset=str(found.pk))
    found.job = job.pk
    found.save(update_fields=["job"])
    return job
