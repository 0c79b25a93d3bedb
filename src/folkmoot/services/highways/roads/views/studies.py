"""Studies: taken in, assigned, looked at; and whose vehicles use a link."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from folkmoot.engines.mobility import MobilityError
from folkmoot.engines.traffic import TrafficError
from folkmoot.foundation.design.once import once_only
from folkmoot.services.highways import folders, numbers
from folkmoot.services.highways.actions.audited import NotPossible
from folkmoot.services.highways.roads import actions, forms, kept, presenters, queries, rules, sources
from folkmoot.services.highways.roads.models import Source
from folkmoot.services.highways.views.guards import may

KEPT_AS_NAMED = re.compile(r"[^\w.\- ]")


@require_safe
@may(rules.may_see)
def home(request: HttpRequest) -> HttpResponse:
    """All studies with their schemes."""
    schemes = list(queries.schemes(request.user))
    rows = [(study, [s for s in schemes if s.study_id == study.pk]) for study in queries.studies(request.user)]
    shown = {"rows": presenters.listed(rows), "may_plan": rules.may_plan(request.user)}
    return render(request, "highways/roads/home.html", shown)


@may(rules.may_plan)
@once_only
def begin(request: HttpRequest) -> HttpResponse:
    """Take in roads and trips, and have them assigned."""
    place = queries.organisation_for(request.user, rules.may_plan)
    releases = queries.releases(place)
    form = forms.Begin(request.POST or None, request.FILES or None, releases=releases)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_taken(request, form, place, releases).get_absolute_url())
        except (NotPossible, TrafficError, MobilityError) as error:
            form.add_error(None, sources.on_a_page(str(error)))
    return render(request, "highways/roads/begin.html", {"form": form}, status=422 if form.errors else 200)


def _taken(request: HttpRequest, form: forms.Begin, place: Any, releases: list[Any]) -> Any:
    given, asked = form.cleaned_data, form.asked()
    with TemporaryDirectory() as folder:
        files = _files(given, Path(folder))
        if given["source"] == Source.TOWN:
            from folkmoot.services.highways.roads import seed

            roads = seed.in_the_town(seed.RESIDENTS, asked, trips_each=seed.TRIPS_EACH)
        elif given["source"] == Source.RELEASE:
            release = next(each for each in releases if str(each.pk) == given["release"])
            ways = files.get("network") or folders.part(release.dataset, "ways")
            if ways is None:
                raise TrafficError(_("This release has no roads with it. Choose the file of roads."))
            zones = files.get("zones") or folders.published(release) / folders.ZONES
            roads = sources.from_release(numbers.of(release), release.name, ways, zones, asked)
        else:
            roads = sources.from_files(files, asked)
        return actions.begin(
            organisation=place, name=given["name"], given=roads, source=given["source"], by=request.user
        )


def _files(given: dict[str, Any], folder: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for field in forms.FILES:
        if file := given.get(field):
            # A folder for each, so that two files of one name stay two.
            (folder / field).mkdir()
            files[field] = folder / field / (KEPT_AS_NAMED.sub("_", Path(file.name or field).name)[-80:] or field)
            with files[field].open("wb") as written:
                for chunk in file.chunks():
                    written.write(chunk)
    return files


@require_safe
@login_required
def study(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where everybody drives, where it jams, and the schemes drawn up."""
    found = queries.study_of(request, key)
    shown = {"study": found, "may_plan": rules.may_plan(request.user, found.organisation)}
    if not found.is_assigned:
        return render(request, "highways/roads/waiting.html", {**shown, "job": queries.job_of(found)})
    schemes = list(queries.schemes(request.user).filter(study=found))
    return render(request, "highways/roads/study.html", {**shown, **presenters.study(found, schemes)})


@require_POST
@login_required
@once_only
def assign(request: HttpRequest, key: UUID) -> HttpResponse:
    """Assign once more."""
    found = queries.study_of(request, key, rules.may_plan)
    try:
        return redirect(actions.assign(study=found, by=request.user).get_absolute_url())
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect(found)


@require_safe
@login_required
def link(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whose vehicles use one link."""
    found = queries.study_of(request, key)
    if not found.is_assigned:
        return redirect(found)
    asked, shown = request.GET.get("link", "").strip(), {"study": found}
    problem = "" if asked or "link" not in request.GET else _("Write the id of a link.")
    if asked:
        try:
            shown |= presenters.selected(found, asked)
        except TrafficError:
            problem = actions.no_link(asked)
    page = {**shown, "asked": asked, "problem": problem}
    return render(request, "highways/roads/link.html", page, status=422 if problem else 200)


@login_required
@once_only
def ranking(request: HttpRequest, key: UUID) -> HttpResponse:
    """Schemes by delay saved for a pound, and the question once more."""
    found = queries.study_of(request, key)
    may_plan = rules.may_plan(request.user, found.organisation)
    sent = request.POST if request.method == "POST" and may_plan else None
    form = forms.Rank(sent)
    if form.is_bound and form.is_valid():
        try:
            return redirect(actions.rank(study=found, asked=form.asked(), by=request.user).get_absolute_url())
        except NotPossible as error:
            form.add_error(None, str(error))
    shown = {
        "study": found, "form": form, "may_plan": may_plan, "answer": presenters.ranking(found),
        "bounded": kept.bounds(found) is not None,
    }  # fmt: skip
    return render(request, "highways/roads/ranking.html", shown, status=422 if form.errors else 200)
