"""Watching a job: a page that refreshes itself without JavaScript, and the fragment that htmx asks for."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from folkmoot.foundation.jobs.models import Job
from folkmoot.foundation.jobs.queries import state


@require_safe
@login_required
def job(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far is it?"""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=key)
    return render(request, "jobs/job.html", {"progress": state(found)})


@require_safe
@login_required
def fragment(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same answer, as a piece of a page. When the job has ended, htmx is told where to go."""
    found = state(get_object_or_404(Job.objects.visible_to(request.user), pk=key))
    response = render(request, "jobs/_progress.html", {"progress": found})
    if found.result_url:
        response["HX-Redirect"] = found.result_url
    return response
