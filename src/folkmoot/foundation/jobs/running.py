"""Running a job in the worker, and saying how far it is."""

import os
import socket
from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from folkmoot.foundation import outbox
from folkmoot.foundation.identifiers import uuid7
from folkmoot.foundation.jobs.kinds import JobFailed, find
from folkmoot.foundation.jobs.models import Job, State
from folkmoot.foundation.scope.context import writing_for
from folkmoot.vocabulary.events import JobFinished

log = structlog.get_logger("folkmoot.jobs")
SECONDS_BETWEEN_REPORTS = 0.25
BROKEN = "The work stopped for a reason of ours, not yours. Try again; if it happens again, quote this reference: {}."
ORPHANED = "The worker stopped while this was running. Nothing was half saved: ask for it again."

type Report = Callable[[int, int, str], None]


def worker_name() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def progress(job: Job) -> Report:
    """A function of (done, total, message) that keeps the job's row up to date, at most four times a second."""
    rows = Job.objects.for_organisation(job.organisation_id).filter(pk=job.pk, state=State.RUNNING)
    last = 0.0

    def report(done: int, total: int, message: str = "") -> None:
        nonlocal last
        now = monotonic()
        if done < total and now - last < SECONDS_BETWEEN_REPORTS:
            return
        last = now
        rows.update(done=done, total=total, message=str(message)[:300])

    return report


def run(job_id: str) -> None:
    """Run one waiting job. A job that is already running or ended is left alone: the queue may deliver twice."""
    everybody = Job.objects.across_organisations(because="the worker runs every organisation's jobs")
    claimed = everybody.filter(pk=job_id, state=State.WAITING).update(
        state=State.RUNNING, started_at=timezone.now(), worker=worker_name()
    )
    if not claimed:
        log.warning("job not waiting", job=job_id)
        return
    job = everybody.select_related("by", "organisation").get(pk=job_id)
    with writing_for(lambda: frozenset({job.organisation_id})), structlog.contextvars.bound_contextvars(job=job_id):
        try:
            result = find(job.kind).work(job, progress(job), **job.arguments) or {}
        except JobFailed as failure:
            end(job, error=str(failure))
        except Exception:
            log.exception("job broke", kind=job.kind)
            end(job, error=BROKEN.format(job.pk))
        else:
            end(job, result=result)


@transaction.atomic
def end(job: Job, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    """Write how it ended, and tell whoever listens."""
    now = timezone.now()
    rows = Job.objects.for_organisation(job.organisation_id).filter(pk=job.pk, finished_at=None)
    if not rows.update(state=State.FAILED if error else State.DONE, result=result or {}, error=error, finished_at=now):
        return
    outbox.publish(
        JobFinished(
            id=uuid7(),
            occurred_at=now,
            organisation=job.organisation_id,
            job=job.pk,
            kind=job.kind,
            succeeded=not error,
        )
    )


def end_orphans() -> int:
    """End the jobs of this machine's workers that are no more; called when a worker starts."""
    host = f"{socket.gethostname()[:40]}:"
    jobs = Job.objects.across_organisations(because="a worker that died leaves jobs of every organisation")
    dead = [job for job in jobs.filter(state=State.RUNNING, worker__startswith=host) if not _alive(job.worker)]
    for job in dead:
        end(job, error=ORPHANED)
    return len(dead)


def _alive(worker: str) -> bool:
    try:
        os.kill(int(worker.rsplit(":", 1)[1]), 0)
    except ProcessLookupError:
        return False
    except (ValueError, PermissionError):
        return True
    return True
