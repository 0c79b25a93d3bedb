"""Gallery, appearance, accessibility statement, privacy."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from folkmoot.foundation.design.components import GOVUK, NHS
from folkmoot.foundation.design.examples import examples
from folkmoot.foundation.design.once import once_only
from folkmoot.foundation.design.presenting import THEME_COOKIE, THEMES
from folkmoot.foundation.design.showing import EveryField, every_chart, map_of_areas, map_of_roads, places
from folkmoot.foundation.design.statement import last_run

TOTAL = 50


def _brand(request: HttpRequest) -> str:
    return NHS if request.GET.get("brand") == NHS else GOVUK


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """What there is."""
    return render(request, "gallery/index.html", {"names": list(examples())})


@require_GET
def one_component(request: HttpRequest, name: str) -> HttpResponse:
    """One component in each of its states, in either brand."""
    if name not in (known := examples()):
        raise Http404
    shown = {"name": name, "examples": known[name], "brand": _brand(request)}
    return render(request, "gallery/component.html", shown)


@require_GET
def charts(request: HttpRequest) -> HttpResponse:
    """Every kind of chart."""
    return render(request, "gallery/charts.html", {"charts": every_chart(), "brand": _brand(request)})


@once_only
def form(request: HttpRequest) -> HttpResponse:
    """Every kind of field, as sent."""
    filled = EveryField(request.POST or None, request.FILES or None)
    if request.method == "POST" and filled.is_valid():
        messages.success(request, _("Everything was filled in. Nothing was kept: this is an example."))
        return redirect("gallery_form")
    status = 422 if filled.errors else 200
    return render(request, "gallery/form.html", {"form": filled, "brand": _brand(request)}, status=status)


@require_GET
def map_page(request: HttpRequest) -> HttpResponse:
    """A map of places and one of roads, each with its table."""
    shown = {"places": places(), **map_of_areas(), **map_of_roads(), "brand": _brand(request)}
    return render(request, "gallery/map.html", shown)


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """A progress bar that advances by asking the server again."""
    try:
        done = min(max(int(request.GET.get("done", "0")), 0), TOTAL)
    except ValueError:
        done = 0
    fragment = request.headers.get("HX-Request") == "true"
    template = "gallery/progress_part.html" if fragment else "gallery/progress.html"
    return render(request, template, {"done": done, "total": TOTAL, "brand": _brand(request)})


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says; kept in a cookie, and it works without scripts."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "/")
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        a_year = 365 * 24 * 60 * 60
        response.set_cookie(
            THEME_COOKIE, theme, max_age=a_year, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, with the figures of the last run."""
    return render(request, "pages/accessibility.html", {"run": last_run(settings.FOLKMOOT["var"])})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people who use these pages."""
    return render(request, "pages/privacy.html")
