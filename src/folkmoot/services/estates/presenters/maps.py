"""The estate on a map where positions are known: what closes, opens and stays, and where services go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.services.estates import wording
from folkmoot.services.estates.models import Programme
from folkmoot.services.estates.presenters.figures import named, number, proper, year

if TYPE_CHECKING:
    from folkmoot.engines.estate import EstateSite

SIGNS = {"close": "closed", "open": "new"}
ORDER = tuple(SIGNS)
DOTS = {"keep": 2, "take": 5}
"""The classes, and so the colours, of the dots of sites that stay: what closes or opens must not be hidden by them."""


def plan_map(programme: Programme) -> dict[str, Any] | None:
    """What becomes of every site, and lines along which services move. None where nothing that changes has a position."""
    sites = {site["code"]: site for site in programme.answer["sites"]}
    steps = {step["site"]: step for step in programme.plan["steps"]}
    takers = {move["taker"] for step in steps.values() for move in step["moves"]}
    shown = [site for site in sites.values() if site["is_open"] or site["code"] in steps]
    located = [site for site in shown if site["lon"] is not None]
    rows, calm = [], []
    for site in located:
        step = steps.get(site["code"])
        change = step["action"] if step else "take" if site["code"] in takers else "keep"
        if change in DOTS:
            calm.append(_dot(site, change))
        else:
            rows.append((ORDER.index(change), site["name"], change, step, site))
    if not rows:
        return None
    places = [
        _point(
            site["lon"], site["lat"], name=named(site), sign=SIGNS[change], change=str(wording.CHANGES[change]),
            year=year(step["calendar_year"] if step else None), m2=number(site["m2"]),
        )
        for _order, _name, change, step, site in sorted(rows, key=lambda row: row[:2])
    ]  # fmt: skip
    pairs = {(step["site"], move["taker"]) for step in steps.values() for move in step["moves"]}
    ways = [
        [[sites[code]["lon"], sites[code]["lat"]] for code in pair]
        for pair in sorted(pairs)
        if all(sites[code]["lon"] is not None for code in pair)
    ]
    return {
        "places": {"type": "FeatureCollection", "features": places},
        "lines": {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": {"type": "LineString", "coordinates": way}, "properties": {}}
                for way in ways
            ],
        },
        "columns": [("change", _("Becomes")), ("year", _("Year")), ("m2", _("Floor, m²"))],
        "dots": {"type": "FeatureCollection", "features": calm} if calm else None,
        "legend": [
            (look, str(wording.CHANGES[change]))
            for change, look in DOTS.items()
            if any(dot["properties"]["class"] == look for dot in calm)
        ],
        "signs": [
            (sign, str(wording.CHANGES[change]))
            for change, sign in SIGNS.items()
            if any(row[2] == change for row in rows)
        ],
        "unplaced": _unplaced(len(shown) - len(located)),
    }


def estate_map(sites: Iterable[EstateSite]) -> dict[str, Any] | None:
    """The sites of today and those that could open."""
    known = list(sites)
    located = [site for site in known if site.lon is not None and site.lat is not None]
    if not located:
        return None
    places = [
        _point(
            site.lon, site.lat, name=f"{proper(site.name)} ({site.code})", sign="open" if site.is_open else "candidate",
            kind=site.kind or "–", m2=number(site.gia_m2), tenure=str(wording.TENURES.get(site.tenure, site.tenure)),
            released=year(site.lease_break or site.lease_end),
        )
        for site in sorted(located, key=lambda one: (not one.is_open, one.name))
    ]  # fmt: skip
    signs = [("open", _("Open today"))]
    if any(not site.is_open for site in located):
        signs.append(("candidate", _("Could open")))
    return {
        "places": {"type": "FeatureCollection", "features": places},
        "columns": [("kind", _("Kind")), ("m2", _("Floor, m²")), ("tenure", _("Tenure")),
                    ("released", _("Lease break or end"))],
        "signs": signs,
        "unplaced": _unplaced(len(known) - len(located)),
    }  # fmt: skip


def _dot(site: dict[str, Any], change: str) -> dict[str, Any]:
    found = _point(site["lon"], site["lat"], name=named(site), tells=str(wording.CHANGES[change]))
    found["properties"]["class"] = DOTS[change]
    return found


def _unplaced(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(n)s more site has no known position and is not on the map.",
        "%(n)s more sites have no known position and are not on the map.",
        count,
    ) % {"n": number(count)}


def _point(lon: float | None, lat: float | None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": properties}
