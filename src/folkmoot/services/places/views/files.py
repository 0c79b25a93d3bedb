"""Plans as files: GeoJSON, GeoPackage, CSV, the certificate, and the bundle with which anybody can verify it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from folkmoot.services.places import exports, queries, tables
from folkmoot.services.places.views.guards import option_of


@require_safe
@login_required
def file(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """One of the files of an option."""
    found = option_of(request, key)
    if not found.has_plan:
        return redirect(found)
    queries.consult(target=found, by=request.user, part=name)
    write, kind = exports.FILES[name]
    return exports.as_file(write(found, tables.read(found.study)), name, kind)
