"""The first page of people who work here, and the organisation's disclosure policy."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from folkmoot.foundation.design.once import once_only
from folkmoot.services.highways import actions, forms, presenters, queries, rules
from folkmoot.services.highways.views.guards import may, organisation_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What data and releases there are, in which state, and what to do next; everybody else goes to what is published."""
    if not (request.user.is_authenticated and rules.may_see(request.user)):
        return redirect("highways:published")
    may_ = {"hold": rules.may_hold(request.user), "decide": rules.may_decide(request.user)}
    shown = {"policy": queries.policy(organisation_for(request, rules.may_see)), "may": may_}
    return render(request, "highways/home.html", {**shown, **presenters.desk(queries.desk(request.user))})


@may(rules.may_decide)
@once_only
def policy(request: HttpRequest) -> HttpResponse:
    """Set the least that is asked of every release from now on."""
    place = organisation_for(request, rules.may_decide)
    found = queries.policy(place)
    start = {"minimum_k": found.minimum_k, "round_base": found.round_base}
    form = forms.Policy(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        actions.set_policy(organisation=place, by=request.user, **form.cleaned_data)
        messages.success(request, _("The policy is set for releases asked for from now on."))
        return redirect("highways:home")
    return render(request, "highways/policy.html", {"form": form}, status=422 if form.errors else 200)
