"""Every address of the house: foundation first, then each service under its own name."""

from django.conf import settings
from django.urls import include, path

from folkmoot.config.api import api
from folkmoot.config.rooms import has, rooms

handler400 = "folkmoot.foundation.pages.errors.bad_request"
handler403 = "folkmoot.foundation.pages.errors.forbidden"
handler404 = "folkmoot.foundation.pages.errors.not_found"
handler500 = "folkmoot.foundation.pages.errors.broken"

urlpatterns = [
    path("", include("folkmoot.foundation.pages.urls")),
    path("", include("folkmoot.foundation.design.urls")),
    path("", include("folkmoot.foundation.identity.urls")),
    path("", include("folkmoot.foundation.health.urls")),
    path("", include("folkmoot.foundation.jobs.urls")),
    path("account/", include("allauth.urls")),
    path("api/v1/", api.urls),
    *(path(f"{room}/", include(f"folkmoot.services.{room}.urls")) for room in rooms() if has(room, "urls")),
]

if settings.FOLKMOOT["demo"]:
    urlpatterns.append(path("demo/", include("folkmoot.foundation.identity.demo_urls")))
