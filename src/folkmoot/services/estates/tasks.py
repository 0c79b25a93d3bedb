"""Background work of estates: the frontier, and a programme with its schedule. Results are plain JSON."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from folkmoot.engines.estate import EstateError, Frontier, frontier
from folkmoot.engines.estate import Programme as Asked
from folkmoot.foundation import jobs
from folkmoot.services.estates import answers, question
from folkmoot.services.estates.models import Estate, Programme, Status
from folkmoot.services.estates.question import Question


@jobs.kind(
    "estates.frontier",
    title=_("Finding the cheapest estate of every size"),
    result_url=lambda job: reverse("estates:estate", args=[job.result["estate"]]),
)
def run_frontier(job: Any, progress: Any, *, estate: str) -> dict[str, str]:
    """Sites against cost and access, from today's number down to the fewest possible."""
    kept = Estate.objects.for_organisation(job.organisation_id).get(pk=estate)
    try:
        asked = question.programme(Question(max_sites=min(69, kept.total)), kept)
        curve = _curve(job, progress, asked, None)
    except EstateError as error:
        raise jobs.JobFailed(str(error)) from error
    kept.frontier = answers.frontier(curve)
    kept.save(update_fields=["frontier"])
    return {"estate": estate}


@jobs.kind(
    "estates.plan",
    title=_("Looking for the best programme"),
    result_url=lambda job: reverse("estates:programme", args=[job.result["programme"]]),
    lines=(_("Saved by the best plan so far, £ million"), _("No plan can save more, £ million")),
)
def run_plan(job: Any, progress: Any, *, programme: str) -> dict[str, str]:
    """Frontier first, so that a search stopped early keeps it; then the schedule, its check and its value."""
    kept = Programme.objects.for_organisation(job.organisation_id).select_related("estate").get(pk=programme)
    asked = question.of(kept.question)
    try:
        problem = question.programme(asked, kept.estate)
        curve = _curve(job, progress, problem, asked.seconds)
        found, shown, instead = jobs.watched(
            job,
            progress,
            lambda watch: answers.scheduled(
                problem, curve, should_stop=watch.should_stop,
                point=lambda value, bound: watch.point(_millions(value), _millions(bound)),
            ),
            seconds=asked.seconds,
            message=_("Closing in on the best schedule"),
        )  # fmt: skip
        answer = jobs.watched(
            job,
            progress,
            lambda _watch: answers.answer(problem, curve, found, shown, instead),
            message=_("Valuing the plan and tracing every pound"),
        )
    except EstateError as error:
        raise jobs.JobFailed(str(error)) from error
    with transaction.atomic():
        # A proposal that somebody made meanwhile keeps the plan it was made with.
        changed = (
            Programme.objects.for_organisation(job.organisation_id)
            .filter(pk=programme, status=Status.DRAFT)
            .update(answer=answer, solved_at=timezone.now())
        )
    if not changed:
        raise jobs.JobFailed(_("This programme has been proposed, so its plan stays as it is."))
    return {"programme": programme}


def _curve(job: Any, progress: Any, asked: Asked, seconds: int | None) -> Frontier:
    return jobs.watched(
        job,
        progress,
        lambda watch: frontier(
            asked, should_stop=watch.should_stop, progress=watch.note, max_nodes=answers.FRONTIER_NODES,
            near=answers.FRONTIER_NEAR,
        ),
        seconds=seconds,
        message=_("Finding the cheapest estate of every size"),
    )  # fmt: skip


def _millions(value: float | None) -> float | None:
    """Thousands as millions: what the engine tells, as people read it."""
    return None if value is None else value / 1000
