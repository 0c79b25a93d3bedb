"""What has left: for everybody, without logging in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from folkmoot.engines.mobility import MobilityError
from folkmoot.services.highways import exports, numbers, presenters, queries
from folkmoot.services.highways.models import Release, Status


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """Every release, the newest first; withdrawn ones stay listed."""
    return render(
        request, "highways/published.html", {"rows": [presenters.listed(each) for each in queries.published()]}
    )


@require_safe
def evidence(request: HttpRequest, key: UUID) -> HttpResponse:
    """One release: the largest flows on a map and in a table, what the numbers mean, who approved them, the files."""
    found = _release(key)
    shown: dict[str, Any] = {"release": found, "row": presenters.listed(found)}
    if found.status == Status.WITHDRAWN:
        return render(request, "highways/withdrawn.html", shown)
    try:
        shown |= presenters.evidence(found, numbers.of(found))
    except MobilityError as error:
        return render(request, "highways/withdrawn.html", {**shown, "problem": str(error)}, status=500)
    return render(request, "highways/evidence.html", shown)


@require_safe
def file(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """One of the files of a release."""
    found = _release(key)
    if found.status == Status.WITHDRAWN:
        raise Http404
    write, kind = exports.FILES[name]
    return exports.as_file(write(found, numbers.of(found)), name, kind)


def _release(key: UUID) -> Release:
    found: Release = get_object_or_404(queries.published(), pk=key)
    return found
