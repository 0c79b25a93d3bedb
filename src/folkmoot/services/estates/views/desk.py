"""The first page of people who work here, and the list of what has been approved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from folkmoot.services.estates import presenters, queries, rules
from folkmoot.services.estates.views.guards import may


@require_safe
@may(rules.may_read)
def home(request: HttpRequest) -> HttpResponse:
    """What estates and programmes there are, in which state, and what to do next; readers go to what is approved."""
    if not rules.may_see(request.user):
        return redirect("estates:approved")
    shown = presenters.desk(queries.desk(request.user))
    return render(request, "estates/home.html", {**shown, "may_plan": rules.may_plan(request.user)})


@require_safe
@may(rules.may_read)
def approved(request: HttpRequest) -> HttpResponse:
    """Programmes that have been approved, for everybody to read."""
    rows = [presenters.summary(programme) for programme in queries.approved(request.user)]
    return render(request, "estates/approved.html", {"rows": rows})
