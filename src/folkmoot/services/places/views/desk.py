"""The first page of people who work here, and the list of what has been approved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from folkmoot.services.places import presenters, queries, rules
from folkmoot.services.places.retail import presenters as retail_presenters
from folkmoot.services.places.retail import queries as retail_queries
from folkmoot.services.places.views.guards import may


@require_safe
@may(rules.may_read)
def home(request: HttpRequest) -> HttpResponse:
    """What studies and options there are, in which state, and what to do next; readers go to what is approved."""
    if not rules.may_see(request.user):
        return redirect("places:approved")
    shown = presenters.desk(queries.desk(request.user))
    return render(request, "places/home.html", {**shown, "may_plan": rules.may_plan(request.user)})


@require_safe
@may(rules.may_read)
def approved(request: HttpRequest) -> HttpResponse:
    """Plans that have been approved, for everybody to read."""
    rows = [presenters.summary(option) for option in queries.approved(request.user)]
    centres = [{"centre": c, **retail_presenters.row(c)} for c in retail_queries.approved(request.user)]
    return render(request, "places/approved.html", {"rows": rows, "centres": centres})
