"""Maps of a market: where people live and shop, and where the visitors of a drawn centre would come from."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext as _

from folkmoot.services.places.presenters.figures import number, share
from folkmoot.services.places.retail.models import Centre

CATCHMENT_STEPS = (0.02, 0.05, 0.1, 0.2)
"""Shares of an area's trade at which its class on the map changes."""


def market_map(known: Any, *, extra: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Centres that exist, over areas by people."""
    rows = sorted(
        zip(
            known.centres.name, known.centres.lon, known.centres.lat, known.centres.floor_space_m2,
            known.centres.centre_class,
        ),
        key=lambda one: -one[3],
    )  # fmt: skip
    features = [*(extra or [])] + [
        point(lon, lat, name=name, size=number(size), kind=kind or "–", sign="open")
        for name, lon, lat, size, kind in rows
        if math.isfinite(lon) and math.isfinite(lat)
    ]
    people = known.areas.population
    most = float(people.max()) if len(people) else 0.0
    return {
        "places": {"type": "FeatureCollection", "features": features},
        "columns": [("size", _("m²")), ("kind", _("Kind"))],
        "areas": _areas(
            known, [min(5, 1 + int(5 * p / most)) if most else 1 for p in people],
            [_("%(n)s people") % {"n": number(p)} for p in people],
        ),
        "legend": [
            (k, _("%(low)s to %(high)s people") % {"low": number((k - 1) * most / 5), "high": number(k * most / 5)})
            for k in range(1, 6)
        ],
        "signs": [("open", _("Exists"))],
    }  # fmt: skip


def catchment_map(found: Centre, known: Any) -> dict[str, Any]:
    """The share of each area's people who would come, and the centres."""
    chance = {area["code"]: area["probability"]["value"] for area in found.forecast["visitors"]["catchment"]}
    values = [chance.get(code, 0.0) for code in known.areas.code.tolist()]
    here = point(
        found.lon, found.lat, name=found.name, size=number(found.floor_space_m2), kind=found.centre_class or "–",
        sign="new",
    )  # fmt: skip
    base = market_map(known, extra=[here])
    edges = [0.0, *CATCHMENT_STEPS]
    words = [
        (k + 1, _("%(low)s to %(high)s of an area’s people") % {"low": share(edges[k]), "high": share(edges[k + 1])})
        for k in range(4)
    ]
    return base | {
        "areas": _areas(
            known, [1 + sum(value >= edge for edge in CATCHMENT_STEPS) for value in values],
            [_("%(n)s would come") % {"n": share(value, 1)} for value in values],
        ),
        "legend": [*words, (5, _("%(low)s and more") % {"low": share(edges[4])})],
        "signs": [("new", _("Would be new")), ("open", _("Exists"))],
    }  # fmt: skip


def _areas(known: Any, classes: list[int], tells: list[str]) -> dict[str, Any]:
    a = known.areas
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]},
                "properties": {"name": str(name), "class": klass, "tells": words},
            }
            for name, lon, lat, klass, words in zip(a.name, a.lon, a.lat, classes, tells)
            if math.isfinite(lon) and math.isfinite(lat)
        ],
    }


def point(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    """A place for the map: its number is its row of the table."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]},
        "properties": {name: str(value) for name, value in properties.items()},
    }
