"""Asking for background work."""

from typing import Any

from django.db import transaction

from folkmoot.foundation import audit
from folkmoot.foundation.jobs import kinds
from folkmoot.foundation.jobs.models import Job
from folkmoot.foundation.jobs.tasks import run


@transaction.atomic
def start(kind: str, *, by: Any, organisation: Any, **arguments: Any) -> Job:
    """Queue a piece of work for the worker; it starts when this transaction has committed."""
    kinds.find(kind)
    job = Job.objects.for_organisation(organisation).create(kind=kind, by=by, arguments=arguments)
    audit.record(action="jobs.start", target=job, by=by, organisation=organisation, after={"kind": audit.Open(kind)})
    run.enqueue(str(job.pk))
    return job
