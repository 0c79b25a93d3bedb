"""Bringing movement data in, reading what is wrong with them, deleting their events."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from folkmoot.foundation.design.once import once_only
from folkmoot.services.highways import actions, exports, folders, forms, presenters, queries, rules, seed, sources
from folkmoot.services.highways.actions import NotPossible
from folkmoot.services.highways.models import Origin
from folkmoot.services.highways.views.guards import dataset_of, may, organisation_for

KEPT_AS_NAMED = re.compile(r"[^\w.\- ]")


@may(rules.may_hold)
@once_only
def bring_in(request: HttpRequest) -> HttpResponse:
    """Name the data and say where they come from; then every event is checked in the background."""
    form = forms.BringIn(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = None
        try:
            given = _given(form.cleaned_data)
            job = actions.bring_in(
                organisation=organisation_for(request, rules.may_hold), name=form.cleaned_data["name"], given=given,
                origin=form.cleaned_data["origin"], by=request.user,
            )  # fmt: skip
            return redirect(job.get_absolute_url())
        except sources.Refused as error:
            form.add_error(error.part, str(error))
        except NotPossible as error:
            form.add_error("name", str(error))
        finally:
            if given and given.home:
                folders.remove(given.home)
    return render(request, "highways/bring_in.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@login_required
def dataset(request: HttpRequest, key: UUID) -> HttpResponse:
    """What came in, what is wrong with it, hour by hour; and the releases made from it."""
    found = dataset_of(request, key)
    queries.consult(target=found, by=request.user, part="quality report")
    job = queries.job_of(found)
    made = [presenters.summary(each) for each in queries.releases(request.user).filter(dataset=found)]
    shown = {"dataset": found, "job": job, "releases": made, **presenters.dataset(found)}
    return render(request, "highways/dataset.html", shown)


@require_safe
@login_required
def rejected(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The rows kept aside, as they were read, each with its reason: for the analyst who mends them, and nobody else."""
    found = dataset_of(request, key)
    if folders.part(found, "rejected") is None:
        raise Http404
    queries.consult(target=found, by=request.user, part="rejected rows")
    return exports.rejected(found)


@require_POST
@login_required
@once_only
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Check once more."""
    found = dataset_of(request, key)
    try:
        return redirect(actions.check_again(dataset=found, by=request.user).get_absolute_url())
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect(found)


@login_required
@once_only
def delete(request: HttpRequest, key: UUID) -> HttpResponse:
    """Delete everything about devices, with a reason."""
    found, form = dataset_of(request, key), forms.Deletion(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.delete_events(dataset=found, reason=form.cleaned_data["reason"], at=timezone.now(), by=request.user)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The events are deleted. What was released stays."))
            return redirect(found)
    shown = {"dataset": found, "form": form}
    return render(request, "highways/delete.html", shown, status=422 if form.errors else 200)


def _given(given: dict[str, Any]) -> sources.Given:
    """The files, in a folder of their own, or the invented town."""
    home = folders.arriving()
    try:
        if given["origin"] == Origin.TOWN:
            return seed.of_the_town(home)
        parts = {part: _kept(given[part], home / part) for part in sources.PARTS if given.get(part)}
        return sources.looked_at(parts, home)
    except BaseException:
        folders.remove(home)
        raise


def _kept(file: Any, place: Path) -> Path:
    """The uploaded file under its own name, which every refusal shows."""
    place.mkdir(mode=0o700)
    path = place / (KEPT_AS_NAMED.sub("_", Path(file.name or "file").name)[-80:] or "file")
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return path
