"""Markets: taking them in, drawing centres into them, looking for the best place, comparing."""

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

from folkmoot.engines.retail import RetailError
from folkmoot.engines.siting.problem import ProblemError
from folkmoot.foundation.design.once import once_only
from folkmoot.services.places import rules
from folkmoot.services.places.actions import NotPossible
from folkmoot.services.places.models import Source
from folkmoot.services.places.retail import actions, forms, presenters, queries, sources, tables
from folkmoot.services.places.views.guards import may, organisation_for

MOST_COMPARED = 4
KEPT_AS_NAMED = re.compile(r"[^\w.\- ]")


@require_safe
@may(rules.may_see)
def markets(request: HttpRequest) -> HttpResponse:
    """All markets with their drawn centres."""
    drawn = list(queries.centres(request.user))
    rows = [(market, [c for c in drawn if c.market_id == market.pk]) for market in queries.markets(request.user)]
    shown = {"rows": presenters.markets(rows), "may_plan": rules.may_plan(request.user)}
    return render(request, "places/retail/markets.html", shown)


@may(rules.may_plan)
@once_only
def begin(request: HttpRequest) -> HttpResponse:
    """Take in a market, from the town or from files."""
    form = forms.Begin(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_taken(request, form).get_absolute_url())
        except (NotPossible, ProblemError, RetailError) as error:
            form.add_error(None, str(error))
    return render(request, "places/retail/begin.html", {"form": form}, status=422 if form.errors else 200)


def _taken(request: HttpRequest, form: forms.Begin) -> Any:
    given, place = form.cleaned_data, organisation_for(request, rules.may_plan)
    if given["source"] == Source.TOWN:
        from folkmoot.services.places.seed import town_market

        return actions.begin(
            organisation=place, name=given["name"], given=town_market(), source=Source.TOWN, by=request.user
        )
    with TemporaryDirectory() as folder:
        files: dict[str, Path] = {}
        for field, name in forms.FILES.items():
            if file := given.get(field):
                # A folder for each, so that two files of one name stay two.
                (Path(folder) / name).mkdir()
                files[name] = Path(folder) / name / (KEPT_AS_NAMED.sub("_", Path(file.name or name).name)[-80:] or name)
                with files[name].open("wb") as kept:
                    for chunk in file.chunks():
                        kept.write(chunk)
        spend = given.get("spend")
        market = sources.from_files(files, spend_per_head=None if spend is None else float(spend))
    return actions.begin(organisation=place, name=given["name"], given=market, by=request.user)


@require_safe
@login_required
def market(request: HttpRequest, key: UUID) -> HttpResponse:
    """A market: its law and how far it can be trusted, and the centres drawn into it."""
    found = queries.market_of(request, key)
    shown = {"market": found, "may_plan": rules.may_plan(request.user, found.organisation)}
    if not found.is_ready:
        return render(request, "places/retail/waiting.html", {**shown, "job": queries.job_of(found)})
    drawn = list(queries.centres(request.user).filter(market=found))
    held = tables.read(found)
    return render(
        request, "places/retail/market.html",
        {**shown, "may_search": "centre_candidates" in held, **presenters.market(found, held, drawn)},
    )  # fmt: skip


@require_POST
@login_required
@once_only
def law(request: HttpRequest, key: UUID) -> HttpResponse:
    """Find the law once more."""
    found = queries.market_of(request, key, rules.may_plan)
    return _started(request, lambda: actions.find_law(market=found, by=request.user), found)


@login_required
@once_only
def draw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Draw a centre: press the map, choose an area, or write a position."""
    found = queries.market_of(request, key, rules.may_plan)
    if not found.is_ready:
        return redirect(found)
    held = tables.read(found)
    known = tables.engine_market(held)
    start = {name: request.GET[name] for name in ("lon", "lat", "floor_space", "centre_class") if name in request.GET}
    form = forms.Draw(request.POST or None, initial=start, market=known)
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.draw(market=found, by=request.user, name=form.cleaned_data["name"], **form.what())
            return redirect(job.get_absolute_url())
        except NotPossible as error:
            form.add_error(None, str(error))
    shown = {"market": found, "form": form, "map_": presenters.market_map(known)}
    return render(request, "places/retail/draw.html", shown, status=422 if form.errors else 200)


@login_required
@once_only
def best(request: HttpRequest, key: UUID) -> HttpResponse:
    """The best place and floor space among the candidates: the question, and the answer below."""
    found = queries.market_of(request, key)
    may_plan = rules.may_plan(request.user, found.organisation)
    if not found.is_ready or "centre_candidates" not in tables.read(found):
        return redirect(found)
    sent = request.POST if request.method == "POST" and may_plan else None
    form = forms.BestPlace(sent, initial=forms.BestPlace.filled(found.best.get("asked")))
    if form.is_bound and form.is_valid():
        try:
            return redirect(actions.find_place(market=found, asked=form.asked(), by=request.user).get_absolute_url())
        except NotPossible as error:
            form.add_error(None, str(error))
    shown = {"market": found, "form": form, "may_plan": may_plan, **presenters.best(found, tables.read(found))}
    return render(request, "places/retail/best.html", shown, status=422 if form.errors else 200)


@require_safe
@login_required
def compare(request: HttpRequest, key: UUID) -> HttpResponse:
    """Two to four drawn centres side by side."""
    found = queries.market_of(request, key)
    chosen = request.GET.getlist("centre")
    drawn = [c for c in queries.centres(request.user).filter(market=found) if c.is_forecast]
    picked = [c for c in drawn if str(c.pk) in chosen]
    shown: dict[str, Any] = {"market": found, "drawn": drawn, "chosen": {c.pk for c in picked}, "problem": ""}
    if chosen and not 2 <= len(picked) <= MOST_COMPARED:
        shown["problem"] = _("Choose two, three or four centres to compare.")
    elif picked:
        shown |= presenters.compare(picked)
    return render(request, "places/retail/compare.html", shown, status=422 if shown["problem"] else 200)


@require_safe
@login_required
def centre(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who would come, what the others would lose, and what follows in the long run."""
    found = queries.centre_of(request, key)
    user, place = request.user, found.organisation
    rights = {
        "see": rules.may_see(user, place),
        "plan": rules.may_plan(user, place),
        "propose": rules.may_propose(user, place),
        "decide": rules.may_decide(user, place) and found.proposed_by_id != user.pk,
    }
    shown = {"centre": found, "may": rights}
    if not found.is_forecast:
        return render(request, "places/retail/waiting.html", {**shown, "job": queries.job_of(found)})
    return render(
        request, "places/retail/centre.html", {**shown, **presenters.centre(found, tables.read(found.market))}
    )


@require_safe
@login_required
def paper(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same to print: question, answer, data, assumptions, who decided."""
    found = queries.centre_of(request, key)
    if not found.is_forecast:
        return redirect(found)
    shown = presenters.centre(found, tables.read(found.market))
    return render(request, "places/retail/paper.html", {"centre": found, **shown})


@require_POST
@login_required
@once_only
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Forecast a draft once more."""
    found = queries.centre_of(request, key, rules.may_plan)
    return _started(request, lambda: actions.forecast_again(centre=found, by=request.user), found)


def _started(request: HttpRequest, work: Any, found: Any) -> HttpResponse:
    try:
        return redirect(work().get_absolute_url())
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect(found)
