"""Schemes: drawn up, changed link by link, run, looked at, proposed and decided; what is approved everybody reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from folkmoot.foundation.design.once import once_only
from folkmoot.services.highways.actions.audited import NotPossible
from folkmoot.services.highways.roads import actions, forms, presenters, queries, rules
from folkmoot.services.highways.roads.models import RoadScheme, Status


@login_required
@once_only
def draw_up(request: HttpRequest, key: UUID) -> HttpResponse:
    """A name and a cost; the changes come next."""
    found = queries.study_of(request, key, rules.may_plan)
    form = forms.DrawUp(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.draw_up(study=found, name=given["name"], pounds=given["pounds"], by=request.user)
            return redirect("highways:road_changes", made.pk)
        except NotPossible as error:
            form.add_error(None, str(error))
    shown = {"study": found, "form": form}
    return render(request, "highways/roads/draw_up.html", shown, status=422 if form.errors else 200)


@login_required
@once_only
def changes(request: HttpRequest, key: UUID) -> HttpResponse:
    """The editor: links to press or search for, one change at a time, each to be taken back."""
    found = queries.scheme_of(request, key, rules.may_plan)
    if found.status != Status.DRAFT:
        return redirect(found)
    if request.method == "POST" and "take_back" in request.POST:
        return _taken_back(request, found)
    start = {"link": request.GET["link"]} if "link" in request.GET else {}
    form = forms.ChangeLink(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(scheme=found, by=request.user, **form.change())
            messages.success(request, _("The change is added."))
            return redirect("highways:road_changes", found.pk)
        except NotPossible as error:
            form.add_error("link", str(error))
    words = request.GET.get("q", "").strip()[:80]
    shown = {"scheme": found, "form": form, "words": words, **presenters.editor(found, words)}
    return render(request, "highways/roads/changes.html", shown, status=422 if form.errors else 200)


def _taken_back(request: HttpRequest, found: RoadScheme) -> HttpResponse:
    number = request.POST["take_back"]
    try:
        actions.take_back(scheme=found, number=int(number) if number.isdecimal() else 0, by=request.user)
        messages.success(request, _("The change is taken back."))
    except NotPossible as error:
        messages.error(request, str(error))
    return redirect("highways:road_changes", found.pk)


@require_POST
@login_required
@once_only
def run(request: HttpRequest, key: UUID) -> HttpResponse:
    """Assign with the scheme."""
    found = queries.scheme_of(request, key, rules.may_plan)
    try:
        return redirect(actions.run(scheme=found, by=request.user).get_absolute_url())
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect("highways:road_changes", found.pk)


@require_safe
@login_required
def scheme(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a scheme does, before beside after; before it is run, its changes."""
    found = queries.scheme_of(request, key)
    user, place = request.user, found.organisation
    rights = {
        "plan": rules.may_plan(user, place),
        "decide": rules.may_decide(user, place) and found.proposed_by_id != user.pk,
    }
    shown = {"scheme": found, "may": rights}
    if not found.is_run:
        changed = presenters.scheme_changes(found)
        page = {**shown, "changes": changed, "job": queries.job_of(found)}
        return render(request, "highways/roads/not_run.html", page)
    return render(request, "highways/roads/scheme.html", {**shown, **presenters.scheme(found)})


@require_safe
def approved(request: HttpRequest) -> HttpResponse:
    """Every approved scheme, for everybody."""
    rows = [presenters.summary(each) for each in queries.approved()]
    return render(request, "highways/roads/approved.html", {"rows": rows})


@require_safe
def approved_scheme(request: HttpRequest, key: UUID) -> HttpResponse:
    """One of them. What is not approved is not there."""
    found = get_object_or_404(queries.approved(), pk=key)
    shown = {"scheme": found, "may": {}, "public": True, **presenters.scheme(found, public=True)}
    return render(request, "highways/roads/scheme.html", shown)


@login_required
@once_only
def propose(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a scheme forward, with a reason."""
    found, form = queries.scheme_of(request, key, rules.may_plan), forms.Reason(request.POST or None)
    words = {
        "title": _("Propose this scheme"), "button": _("Propose"),
        "lede": _("An approver of your organisation reads it and decides. From now on it stays as it is."),
    }  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        actions.propose(scheme=found, reason=given["reason"], at=timezone.now(), by=request.user)

    return _answered(request, found, form, do, words, _("The scheme is proposed."))


@login_required
@once_only
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a proposal back, with a reason."""
    found, form = queries.scheme_of(request, key, rules.may_plan), forms.Reason(request.POST or None)
    words = {
        "title": _("Withdraw this scheme"), "button": _("Withdraw"),
        "lede": _("It is a draft again, and the history keeps that it was proposed."),
    }  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        actions.withdraw(scheme=found, reason=given["reason"], by=request.user)

    return _answered(request, found, form, do, words, _("The proposal is withdrawn."))


@login_required
@once_only
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """Approve or decline a proposal, with a reason."""
    found, form = queries.scheme_of(request, key, rules.may_decide), forms.Verdict(request.POST or None)
    words = {
        "title": _("Decide on this scheme"), "button": _("Decide"),
        "lede": _("A decision stays. Read first what it saves, and where there would be more traffic."),
    }  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        actions.decide(scheme=found, verb=given["verb"], reason=given["reason"], at=timezone.now(), by=request.user)

    return _answered(request, found, form, do, words, _("The decision is recorded."))


def _answered(
    request: HttpRequest, found: RoadScheme, form: Any, do: Callable[[dict[str, Any]], None], words: dict[str, str],
    said: str,
) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect(found)
    shown = {"scheme": found, "form": form, "words": words, "summary": presenters.told(found)}
    return render(request, "highways/roads/decide.html", shown, status=422 if form.errors else 200)
