"""Making a study, one page at a time, and reading it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.foundation.design.once import once_only
from folkmoot.services.places import actions, exports, forms, presenters, queries, rules, tables, uploads
from folkmoot.services.places.actions import NotPossible
from folkmoot.services.places.models import Source, Study, Travel
from folkmoot.services.places.views.guards import may, organisation_for, study_of

KEPT_AS_NAMED = re.compile(r"[^\w.\- ]")


@may(rules.may_plan)
@once_only
def begin(request: HttpRequest) -> HttpResponse:
    """Name a study and say where its data comes from."""
    form = forms.Begin(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, place = form.cleaned_data, organisation_for(request, rules.may_plan)
        try:
            if given["source"] == Source.TOWN:
                study = actions.begin_in_the_town(
                    organisation=place, name=given["name"], kind=given["kind"], by=request.user
                )
            else:
                study = actions.begin(organisation=place, name=given["name"], what=given["what"], by=request.user)
            return redirect(study)
        except NotPossible as error:
            form.add_error("name", str(error))
    return render(request, "places/begin.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@login_required
def study(request: HttpRequest, key: UUID) -> HttpResponse:
    """A study: what is left to do, what it holds, and its options."""
    found = study_of(request, key)
    shown = presenters.study(found, list(queries.options(request.user).filter(study=found)))
    if found.is_ready:
        shown["map_"] = presenters.study_map(tables.read(found))
    may_plan = rules.may_plan(request.user, found.organisation)
    return render(request, "places/study.html", {"study": found, "may_plan": may_plan, **shown})


@login_required
@once_only
def areas(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who lives where."""
    found = study_of(request, key, rules.may_plan)
    form = forms.Areas(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        counted = form.cleaned_data["suppressed"]

        def take(path: Path) -> Any:
            given = uploads.areas(uploads.layer(path), suppressed=None if counted is None else float(counted))
            return actions.put_areas(study=found, given=given, by=request.user)

        if _taken(request, form, take):
            return redirect(found)
    return _step(request, found, form, "places/areas.html")


@login_required
@once_only
def sites(request: HttpRequest, key: UUID) -> HttpResponse:
    """What stands or could stand where."""
    found = study_of(request, key, rules.may_plan)
    form = forms.Sites(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():

        def take(path: Path) -> Any:
            return actions.put_sites(study=found, given=uploads.sites(uploads.layer(path)), by=request.user)

        if _taken(request, form, take):
            return redirect(found)
    return _step(request, found, form, "places/sites.html")


@login_required
@once_only
def travel(request: HttpRequest, key: UUID) -> HttpResponse:
    """How long it takes from areas to sites; ways over streets are found by the worker."""
    found = study_of(request, key, rules.may_plan)
    form = forms.TravelTimes(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, request.user
        here, there = tables.part(found, "given"), tables.part(found, "sites")
        if here is None or there is None:
            messages.error(request, _("Give the areas and the sites first: travel is between them."))
            return redirect(found)
        if given["how"] == Travel.STRAIGHT:
            way = uploads.straight(here, there, kmh=float(given["speed"]), detour=float(given["detour"]))
            if _done(request, form, "how", lambda: actions.put_travel(study=found, way=way, how=given["how"], by=by)):
                return redirect(found)
        elif given["how"] == Travel.STREETS:
            started: list[Any] = []

            def route(path: Path) -> Any:
                started.append(
                    actions.route_over_streets(study=found, streets=path, mode=given["mode"] or "car", by=by)
                )

            if _taken(request, form, route):
                return redirect(started[0].get_absolute_url())
        elif _taken(
            request, form,
            lambda path: actions.put_travel(
                study=found, way=uploads.from_file(path, here, there), how=given["how"], by=by
            ),
        ):  # fmt: skip
            return redirect(found)
    return _step(request, found, form, "places/travel.html")


@require_safe
@login_required
def set_aside(request: HttpRequest, key: UUID) -> HttpResponse:
    """The rows set aside, with their reasons, as CSV that no spreadsheet will obey."""
    found = study_of(request, key)
    queries.consult(target=found, by=request.user, part="rows set aside")
    return exports.as_file(exports.set_aside(found), "set-aside.csv", "text/csv; charset=utf-8")


def _taken(request: HttpRequest, form: Any, take: Callable[[Path], Any]) -> bool:
    """Give the uploaded file, under its own name, to a reader; what the reader says goes to the form."""
    file = form.cleaned_data["file"]
    with TemporaryDirectory() as folder:
        path = Path(folder) / (KEPT_AS_NAMED.sub("_", Path(file.name or "file").name)[-80:] or "file")
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        return _done(request, form, "file", lambda: take(path))


def _done(request: HttpRequest, form: Any, field: str, work: Callable[[], Any]) -> bool:
    try:
        work()
    except (ProblemError, NotPossible) as error:
        form.add_error(field, str(error))
        return False
    messages.success(request, _("It is in the study."))
    return True


def _step(request: HttpRequest, found: Study, form: Any, template: str) -> HttpResponse:
    return render(request, template, {"study": found, "form": form}, status=422 if form.errors else 200)
