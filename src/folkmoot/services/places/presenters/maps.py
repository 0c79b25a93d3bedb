"""Maps of a study and of a plan: signs for sites, areas in five classes of minutes."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.services.places import wording
from folkmoot.services.places.models import Option
from folkmoot.services.places.presenters.figures import minutes, number, share
from folkmoot.services.places.tables import Tables

STEPS = (2, 3, 5, 10, 15, 20, 30)
"""Round widths of a class, in minutes."""
ORDER = {"open": 0, "keep": 1, "close": 2}


def plan_map(option: Option, tables: Tables) -> dict[str, Any]:
    """Sites that open, stay and close, over areas coloured by the minutes to the site that serves them."""
    times = [math.inf if m is None else m for m in option.findings["minutes"]]
    step = width(times)
    used = [site for site in option.findings["sites"] if site["change"] != "unused"]
    rows = sorted(used, key=lambda s: (ORDER[s["change"]], -s["people"], s["name"]))
    places = [
        _point(
            row["lon"], row["lat"],
            name=row["name"], change=str(wording.CHANGES[row["change"]]), sign=wording.SIGNS[row["change"]],
            people=number(row["people"]) if row["open"] else "–", share=share(row["share"]) if row["open"] else "–",
            mean=minutes(row["mean"]) if row["open"] and row["mean"] is not None else "–",
            room=_room(row),
        )
        for row in rows
    ]  # fmt: skip
    columns = [("change", _("Becomes")), ("people", _("People")), ("share", _("Share")), ("mean", _("Average travel"))]
    if any(row["capacity"] is not None for row in rows):
        columns.append(("room", _("Of its capacity")))
    left = len(option.findings["sites"]) - len(used)
    return {
        "unused": ngettext("%(n)s more candidate is not used.", "%(n)s more candidates are not used.", left)
        % {"n": number(left)}
        if left
        else "",
        "places": {"type": "FeatureCollection", "features": places},
        "columns": columns,
        "areas": {"type": "FeatureCollection", "features": areas(tables, times, step)},
        "legend": legend(times, step),
        "signs": [
            (sign, str(wording.CHANGES[change]))
            for change, sign in wording.SIGNS.items()
            if any(row["change"] == change for row in rows)
        ],
    }


def study_map(tables: Tables) -> dict[str, Any]:
    """The candidate sites, over areas coloured by the minutes to the nearest existing site."""
    existing = [j for j, there in enumerate(tables.sites["existing"].to_pylist()) if there]
    times = tables.minutes[:, existing].min(axis=1).tolist() if existing else [math.inf] * len(tables.areas)
    step = width(times)
    places = [
        _point(
            row["lon"], row["lat"], name=row["name"],
            kind=_("Exists") if row["existing"] else _("Candidate"), sign="open" if row["existing"] else "candidate",
        )
        for row in sorted(tables.sites.to_pylist(), key=lambda s: (not s["existing"], s["name"]))
    ]  # fmt: skip
    return {
        "places": {"type": "FeatureCollection", "features": places},
        "columns": [("kind", _("Kind"))],
        "areas": {"type": "FeatureCollection", "features": areas(tables, times, step)},
        "legend": legend(times, step) if existing else [],
        "signs": [("open", _("Exists")), ("candidate", _("Candidate"))],
    }


def width(times: list[float]) -> int:
    """The round width of a class with which five classes hold nine tenths of the areas."""
    known = sorted(t for t in times if math.isfinite(t))
    if not known:
        return STEPS[0]
    far = known[int(0.9 * (len(known) - 1))]
    return next((step for step in STEPS if 5 * step >= far), STEPS[-1])


def klass(time: float, step: int) -> int:
    """1 to 5; whoever is not reached is in the last."""
    return 5 if not math.isfinite(time) else min(5, 1 + int(time // step))


def legend(times: list[float], step: int) -> list[tuple[int, str]]:
    """What the classes mean."""
    words = [(k, _("%(low)s to %(high)s minutes") % {"low": (k - 1) * step, "high": k * step}) for k in range(1, 5)]
    last = _("%(low)s minutes and more") % {"low": 4 * step}
    if any(not math.isfinite(t) for t in times):
        last = _("%(low)s minutes and more, or not reached") % {"low": 4 * step}
    return [*words, (5, last)]


def areas(tables: Tables, times: list[float], step: int) -> list[dict[str, Any]]:
    """Each area with its class; polygons where the study has them."""
    import shapely

    shapes = tables.areas["shape"].to_pylist() if "shape" in tables.areas.column_names else None
    found = []
    rows = zip(tables.areas["name"].to_pylist(), tables.areas["lon"].to_pylist(), tables.areas["lat"].to_pylist())
    for k, (name, lon, lat) in enumerate(rows):
        geometry: Any = {"type": "Point", "coordinates": [lon, lat]}
        if shapes is not None and shapes[k] is not None:
            geometry = shapely.geometry.mapping(shapely.from_wkb(shapes[k]))
        facts = {"name": name, "class": klass(times[k], step), "tells": minutes(times[k])}
        found.append({"type": "Feature", "geometry": geometry, "properties": facts})
    return found


def _point(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {name: str(value) for name, value in properties.items()},
    }


def _room(row: dict[str, Any]) -> str:
    return share(row["people"] / row["capacity"]) if row["open"] and row["capacity"] else "–"
