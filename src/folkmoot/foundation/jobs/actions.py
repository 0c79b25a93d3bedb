"""Asking for background work."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from folkmoot.foundation import audit
from folkmoot.foundation.jobs import kinds
from folkmoot.foundation.jobs.models import Job, State
from folkmoot.foundation.jobs.tasks import run


@transaction.atomic
def start(kind: str, *, by: Any, organisation: Any, **arguments: Any) -> Job:
    """Queue a piece of work for the worker; it starts when this transaction has committed."""
    kinds.find(kind)
    job = Job.objects.for_organisation(organisation).create(kind=kind, by=by, arguments=arguments)
    audit.record(action="jobs.start", target=job, by=by, organisation=organisation, after={"kind": audit.Open(kind)})
    run.enqueue(str(job.pk))
    return job


@transaction.atomic
def stop(*, job: Job, by: Any) -> Job:
    """Ask running work for what it has found by now. Work that has ended already is left as it is."""
    rows = Job.objects.for_organisation(job.organisation_id).filter(pk=job.pk, stop_asked_at=None)
    if rows.filter(state__in=[State.WAITING, State.RUNNING]).update(stop_asked_at=timezone.now()):
        audit.record(action="jobs.stop", target=job, by=by, organisation=job.organisation)
    return job
