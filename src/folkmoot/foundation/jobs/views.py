"""Watching a job: a page that refreshes itself without JavaScript, and the fragment that htmx asks for."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from folkmoot.foundation.charts import Chart, Series, line_chart
from folkmoot.foundation.design.language import chart_words
from folkmoot.foundation.jobs import actions
from folkmoot.foundation.jobs.models import Job
from folkmoot.foundation.jobs.queries import Progress, state


@require_safe
@login_required
def job(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far is it?"""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=key)
    shown = state(found)
    return render(request, "jobs/job.html", {"progress": shown, "trail": trail(shown)})


@require_POST
@login_required
def stop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for what has been found by now."""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=key)
    return redirect(actions.stop(job=found, by=request.user).get_absolute_url())


def trail(progress: Progress) -> Chart | None:
    """The two lines of a search closing in on the best, drawn as far as they have come."""
    if progress.lines is None or len(progress.trail) < 2:
        return None
    series = [
        Series(str(name), [(at, value) for at, *pair in progress.trail if (value := pair[which]) is not None])
        for which, name in enumerate(progress.lines)
    ]
    last = next((point for point in reversed(progress.trail) if None not in point), None)
    summary = ""
    if last is not None:
        _at, value, bound = last
        apart = 100 * abs(value - bound) / max(abs(value), 1e-12)
        summary = _("Between the two lines: %(percent)s %%.") % {"percent": number_format(apart, 2)}
    return line_chart(
        _("How close the search has come"), series, x_label=_("Seconds"), from_zero=False, summary=summary,
        words=chart_words(),
    )  # fmt: skip


@require_safe
@login_required
def fragment(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same answer, as a piece of a page. When the job has ended, htmx is told where to go."""
    found = state(get_object_or_404(Job.objects.visible_to(request.user), pk=key))
    response = render(request, "jobs/_progress.html", {"progress": found, "trail": trail(found)})
    if found.result_url:
        response["HX-Redirect"] = found.result_url
    return response
