"""Files: what the maps draw, and tables of every link to take away. Nothing in them runs in a spreadsheet."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from folkmoot.services.highways.roads import exports, kept, queries
from folkmoot.services.highways.roads.models import RoadScheme
from folkmoot.services.highways.roads.presenters import maps

GEOJSON = "application/geo+json"


@require_safe
@login_required
@gzip_page
def flows(request: HttpRequest, key: UUID) -> HttpResponse:
    """The lines of a study's map."""
    found = queries.study_of(request, key)
    if not found.is_assigned:
        raise Http404
    return _map(maps.flows(kept.base(found)))


@require_safe
@login_required
@gzip_page
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """The lines of a scheme's map."""
    return _change(queries.scheme_of(request, key))


@require_safe
@gzip_page
def approved_change(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same of an approved one, for everybody."""
    return _change(get_object_or_404(queries.approved(), pk=key))


@require_safe
@login_required
def links_csv(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every link of a study with what drives on it; that somebody took it is noted."""
    found = queries.study_of(request, key)
    if not found.is_assigned:
        raise Http404
    queries.consult(target=found, by=request.user, part="links.csv")
    return _file(exports.links_csv(kept.base(found)), "links.csv", "text/csv; charset=utf-8")


@require_safe
@login_required
def links_geojson(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same as lines, with the properties that `folkmoot roads assign` writes."""
    found = queries.study_of(request, key)
    if not found.is_assigned:
        raise Http404
    queries.consult(target=found, by=request.user, part="links.geojson")
    return _file(exports.links_geojson(kept.base(found), found.facts["credit"]), "links.geojson", GEOJSON)


@require_safe
@login_required
def scheme_csv(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every link before and after a scheme."""
    found = queries.scheme_of(request, key)
    queries.consult(target=found, by=request.user, part="before-and-after.csv")
    return _before_and_after(found)


@require_safe
def approved_csv(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same of an approved one, for everybody."""
    return _before_and_after(get_object_or_404(queries.approved(), pk=key))


def _change(found: RoadScheme) -> HttpResponse:
    if not found.is_run:
        raise Http404
    return _map(maps.changes(kept.base(found.study), kept.after(found), found.findings["largest"]))


def _before_and_after(found: RoadScheme) -> HttpResponse:
    if not found.is_run:
        raise Http404
    body = exports.before_and_after_csv(kept.base(found.study), kept.after(found))
    return _file(body, "before-and-after.csv", "text/csv; charset=utf-8")


def _map(lines: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(json.dumps(lines, ensure_ascii=False, separators=(",", ":")), content_type=GEOJSON)
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _file(body: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
