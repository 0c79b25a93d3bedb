"""The first page of people who work here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from folkmoot.services.highways import rules


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What data and releases there are, in which state, and what to do next; everybody else goes to what is published."""
    if not (request.user.is_authenticated and rules.may_see(request.user)):
        return redirect("highways:published")
    return render(request, "highways/home.html", {})


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """What has left, for everybody to read."""
    return render(request, "highways/published.html", {})
