"""Bringing an estate in, reading it, stating what its data do not hold."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from folkmoot.engines.estate import EstateError, EstateSite
from folkmoot.foundation.design.once import once_only
from folkmoot.services.estates import actions, exports, forms, presenters, queries, question, rules, seed, sources
from folkmoot.services.estates.actions import NotPossible
from folkmoot.services.estates.models import Estate, Origin
from folkmoot.services.estates.views.guards import estate_of, may, organisation_for

KEPT_AS_NAMED = re.compile(r"[^\w.\- ]")
FILES = ("sites", "trusts", "travel", "plan")


@may(rules.may_plan)
@once_only
def take_in(request: HttpRequest) -> HttpResponse:
    """Name an estate and say where its data come from."""
    form = forms.TakeIn(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(
                actions.take_in(
                    organisation=organisation_for(request, rules.may_plan), name=form.cleaned_data["name"],
                    given=_read(form.cleaned_data), origin=form.cleaned_data["origin"], by=request.user,
                )
            )  # fmt: skip
        except EstateError as error:
            form.add_error("sites", str(error))
        except NotPossible as error:
            form.add_error("name", str(error))
    return render(request, "estates/take_in.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@login_required
def estate(request: HttpRequest, key: UUID) -> HttpResponse:
    """An estate: its programmes, its frontier, its sites, what is assumed and what is unknown."""
    found = estate_of(request, key)
    shown = presenters.estate(found, list(queries.programmes(request.user).filter(estate=found)))
    may_plan = rules.may_plan(request.user, found.organisation)
    job = queries.job_of(found)
    return render(request, "estates/estate.html", {"estate": found, "may_plan": may_plan, "job": job, **shown})


@login_required
@once_only
def figures(request: HttpRequest, key: UUID) -> HttpResponse:
    """State the figures that the data do not hold."""
    found = estate_of(request, key, rules.may_plan)
    form = forms.Figures(request.POST or None, initial=found.assumptions)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_figures(estate=found, figures=form.figures(), by=request.user)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The figures are stated. Programmes worked out from now on use them."))
            return redirect(found)
    return render(request, "estates/figures.html", {"estate": found, "form": form}, status=422 if form.errors else 200)


@login_required
@once_only
def site(request: HttpRequest, key: UUID, code: str) -> HttpResponse:
    """State what is known of one site besides the data."""
    found, one = _site(request, key, code)
    form = forms.SiteFacts(request.POST or None, initial=forms.facts_of(one, found.stated))
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_site(estate=found, facts={"code": code, **form.facts()}, by=request.user)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("What you know of this site is stated."))
            return redirect(found)
    shown = {"estate": found, "form": form, **presenters.site(one)}
    return render(request, "estates/site.html", shown, status=422 if form.errors else 200)


@login_required
@once_only
def desks(request: HttpRequest, key: UUID, code: str) -> HttpResponse:
    """State who works at a site, so that its office floor follows from desks."""
    found, one = _site(request, key, code)
    form = forms.Desks(request.POST or None, initial=forms.desks_of(code, found.offices))
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_desks(estate=found, office=form.office(code), by=request.user)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The desks are stated. Programmes worked out from now on use them."))
            return redirect(found)
    shown = {"estate": found, "form": form, **presenters.site(one)}
    return render(request, "estates/desks.html", shown, status=422 if form.errors else 200)


@require_POST
@login_required
@once_only
def frontier(request: HttpRequest, key: UUID) -> HttpResponse:
    """Find the cheapest estate of every size."""
    found = estate_of(request, key, rules.may_plan)
    return redirect(actions.draw_frontier(estate=found, by=request.user).get_absolute_url())


@require_safe
@login_required
def set_aside(request: HttpRequest, key: UUID) -> HttpResponse:
    """The rows set aside, with their reasons, as CSV that no spreadsheet will obey."""
    found = estate_of(request, key)
    queries.consult(target=found, by=request.user, part="rows set aside")
    return exports.as_file(exports.set_aside(found), "set-aside.csv", "text/csv; charset=utf-8")


def _site(request: HttpRequest, key: UUID, code: str) -> tuple[Estate, EstateSite]:
    found = estate_of(request, key, rules.may_plan)
    for one in question.sites(found):
        if one.code == code:
            return found, one
    raise Http404


def _read(given: dict[str, Any]) -> sources.Given:
    if given["origin"] == Origin.TOWN:
        return seed.of_the_town()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        paths = {name: _kept(given.get(name), folder, name) for name in FILES}
        return sources.of_eric(
            paths["sites"] or folder, given["trust"], trusts=paths["trusts"], travel=paths["travel"], plan=paths["plan"],
            others=given["others"],
        )  # fmt: skip


def _kept(file: Any, folder: Path, part: str) -> Path | None:
    """The uploaded file under its own name, which every figure's trace will show."""
    if not file:
        return None
    path = folder / part / (KEPT_AS_NAMED.sub("_", Path(file.name or "file").name)[-80:] or "file")
    path.parent.mkdir()
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return path
