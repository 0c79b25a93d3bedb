"""The HTTP API, version 1: foundation's parts, then every service's `api.router` under its own name.

Whoever is logged in (by the session cookie) may use it, and sees the rows they would see on the pages. The document
that describes it is at /api/v1/openapi.json; a snapshot is kept in tests/contracts/openapi.json.
"""

from importlib import import_module

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.security import django_auth

from folkmoot import __version__
from folkmoot.config.rooms import has, rooms
from folkmoot.foundation.audit.api import router as audit
from folkmoot.foundation.identity.api import router as identity
from folkmoot.foundation.jobs.api import router as jobs
from folkmoot.foundation.scope.errors import WriteRefused

# No interactive documentation page: it would load scripts from elsewhere.
api = NinjaAPI(
    title="Folkmoot", version=__version__, urls_namespace="api", auth=django_auth, docs_url=None,
    description="One open platform for the public services of a place.",
)  # fmt: skip
api.add_router("", identity)
api.add_router("/jobs", jobs)
api.add_router("/audit", audit)
for room in rooms():
    if has(room, "api"):
        api.add_router(f"/{room}", import_module(f"folkmoot.services.{room}.api").router)


@api.exception_handler(WriteRefused)
def _refused(request: HttpRequest, fault: WriteRefused) -> HttpResponse:
    return api.create_response(request, {"detail": str(fault) or _("You may not do this.")}, status=403)
