"""Background work: checking events, making a release, publishing it. Arguments and results are keys, never counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.engines.mobility import MobilityError
from folkmoot.foundation import jobs
from folkmoot.services.highways import checking, folders, making, numbers, publishing
from folkmoot.services.highways.models import Dataset, Release
from folkmoot.services.highways.secret import SecretLost

log = structlog.get_logger("folkmoot.highways")
BROKEN = _("The work stopped for a reason of ours, not yours. Tell whoever runs this: %(what)s.")


def _release_url(job: Any) -> str:
    return reverse("highways:release", args=[job.result["release"]])


@jobs.kind(
    "highways.check",
    title=_("Checking every event"),
    result_url=lambda job: reverse("highways:dataset", args=[job.result["dataset"]]),
)
def run_check(job: Any, progress: Any, *, dataset: str) -> dict[str, str]:
    """Every event is accepted, or kept aside with the reason."""
    kept = Dataset.objects.for_organisation(job.organisation_id).get(pk=dataset)
    try:
        found = jobs.watched(job, progress, lambda watch: _quiet(lambda: checking.check(kept, _steps(watch))))
    except MobilityError as error:
        checking.failed(kept, str(error))
    else:
        checking.checked(kept, found)
    return {"dataset": dataset}


@jobs.kind("highways.release", title=_("Making a release that gives nobody away"), result_url=_release_url)
def run_release(job: Any, progress: Any, *, release: str) -> dict[str, str]:
    """Stays, trips, counts, and disclosure control beside everything published before."""
    kept = _release(job, release)
    try:
        # Read here: only this thread opens the database.
        earlier = numbers.everything_out(kept.organisation, but=kept)
        made = jobs.watched(job, progress, lambda watch: _quiet(lambda: making.candidate(kept, earlier, _steps(watch))))
    except (MobilityError, SecretLost) as error:
        making.stop(kept, str(error))
    else:
        zones = folders.part(kept.dataset, "zones")
        if zones is None:
            raise jobs.JobFailed(_("The zones of these data are gone, so nothing can be drawn of them."))
        making.hold(kept, made, zones)
    return {"release": release}


@jobs.kind("highways.publish", title=_("Holding it against everything published"), result_url=_release_url)
def run_publish(job: Any, progress: Any, *, release: str) -> dict[str, str]:
    """The last audit; then it leaves, or it is stopped and says why."""
    kept = _release(job, release)
    try:
        publishing.publish(kept, lambda done, total: progress(done, total, str(_("Bounding every blank cell"))))
    except MobilityError as error:
        raise jobs.JobFailed(str(error)) from error
    return {"release": release}


def _release(job: Any, key: str) -> Release:
    found: Release = (
        Release.objects.for_organisation(job.organisation_id)
        .select_related("dataset", "organisation", "requested_by", "decided_by")
        .get(pk=key)
    )
    return found


def _quiet[Made](work: Callable[[], Made]) -> Made:
    """Do it; what breaks is said by its kind and line alone, for a trace could show rows of devices to whoever reads logs."""
    try:
        return work()
    except (MobilityError, SecretLost):
        raise
    except Exception as error:
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        where = f"{type(error).__name__} in line {trace.tb_lineno if trace else 0} of " + (
            trace.tb_frame.f_globals.get("__name__", "?") if trace else "?"
        )
    log.error("work on movement broke", what=where)
    raise jobs.JobFailed(str(BROKEN) % {"what": where})


def _steps(watch: Any) -> Any:
    """An engine's (what, step, of) as the person reads it."""
    from folkmoot.services.highways import wording

    def note(what: str, done: int, total: int) -> None:
        watch.note(done, total, wording.STEPS.get(what.partition(", part")[0], what))

    return note
