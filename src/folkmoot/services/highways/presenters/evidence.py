"""A release as anybody reads it: the largest flows on a map with a table beside it, and what the numbers mean.

Every number comes from a `Releasable`; there is no other way into this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.services.highways import folders, wording
from folkmoot.services.highways.models import Release
from folkmoot.services.highways.presenters import disclosure
from folkmoot.services.highways.presenters.figures import NOTHING, days, number, value

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose import Releasable

DRAWN = 60
"""So many of the largest flows are on the map and in the table; all of them are in the file."""
OUTSIDE = "outside"
DEGREES = 0.0004


def listed(release: Release) -> dict[str, Any]:
    """A release in the list of what is published."""
    told = release.report
    return {
        "name": release.name, "url": reverse("highways:evidence", args=[release.pk]), "words": disclosure.words(release),
        "organisation": release.organisation.name, "welsh": release.organisation.name_cy or release.organisation.name,
        "days": days(*told["dates"]) if told.get("dates") else NOTHING, "purpose": release.purpose,
        "published_at": release.published_at, "withdrawn_at": release.withdrawn_at, "status": release.get_status_display(),
        "tag": wording.TAGS[release.status], "why_withdrawn": _why(release),
    }  # fmt: skip


def evidence(release: Release, made: Releasable) -> dict[str, Any]:
    """Everything the public page of a release shows."""
    manifest = made.manifest
    told = release.report
    return {
        **drawn(made, folders.published(release)),
        "figures": disclosure.figures(told),
        "blanks": disclosure.blanks(told),
        "steps": disclosure.steps(told),
        "held": disclosure.held(told),
        "meaning": meaning(manifest),
        "statements": manifest["statements"],
        "facts": facts(release, manifest),
        "digest": release.digest,
        "files": _files(release, len(made.published.keys)),
    }


def drawn(made: Releasable, place: Path) -> dict[str, Any]:
    """The map with its table, and the totals of zones."""
    names, shapes, middles = _zones(place)
    rows = _largest(made)
    measure = made.published.measure
    return {
        "map_": _map(rows, measure, names, shapes, middles, made),
        "by_zone": _by_zone(made, names),
    }


def meaning(manifest: Mapping[str, Any]) -> list[str]:
    """What a number and its interval say, and what they do not."""
    base = manifest["policy"]["round_base"]
    said = [
        _("A number is of trips within the days named. “From 40 to 60” is made to hold, 19 times in 20, the number that "
          "would stand here were everything known of these devices and residents. Tried on invented towns, it did so in nine "
          "zones of ten and in seven pairs of zones of ten.")
        if not manifest["whole"]
        else _("A number is of trips of devices of one network within the days named, rounded to a multiple of %(base)s.")
        % {"base": base},
        _("The interval is worked out from the published number alone, so it gives nothing more away. It holds rounding, "
          "that a sample stands for everybody, and that a device is known to its cell and not to its zone."),
        _("Trips that the network does not show, as short stops and walks within a cell, are in no number and in no "
          "interval."),
        _("A blank is not nought. It says that there were few devices, possibly none, or that the number would give another "
          "blank away."),
    ]  # fmt: skip
    return said


def facts(release: Release, manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who answers for it, and what it was made from."""
    return [
        (_("Published by"), release.organisation.name),
        (_("Approved by"), str(manifest["approved_by"] or NOTHING)),
        (_("Asked for by"), release.requested_by.name),
        (_("Purpose"), release.purpose),
        (_("Lawful basis"), release.get_lawful_basis_display()),
        (_("Opt-out list"), str(manifest["opt_out_version"] or _("None was given"))),
        (_("Fewest devices in a cell"), str(manifest["policy"]["k"])),
        (_("Made with"), f"Folkmoot {manifest['code_version']}"),
    ]


def _files(release: Release, columns: int) -> list[tuple[str, str]]:
    about = {
        "od.csv": _("Every number with its interval (CSV)"),
        "suppressed.csv": _("Every blank with its reason (CSV)"),
        "manifest.json": _("Where it comes from, policy, audit, digests (JSON)"),
        "desire-lines.geojson": _("Lines between zones (GeoJSON)"),
        "matrix.omx": _("Matrix for transport models (OMX)")
        if columns == 2
        else _("Matrices for transport models (OMX)"),
    }
    return [
        (reverse(f"highways:{name.replace('.', '_').replace('-', '_')}", args=[release.pk]), words)
        for name, words in about.items()
    ]


def _zones(place: Path) -> tuple[dict[str, str], dict[str, Any], dict[str, list[float]]]:
    """Names, outlines light enough for a page, and a point within, by code."""
    from shapely import simplify
    from shapely.geometry import mapping

    from folkmoot.engines.mobility.where import zones

    found = zones.read(place / folders.ZONES)
    names = dict(zip(found.zone_id, found.name, strict=True))
    shapes, middles = {}, {}
    for code, shape in zip(found.zone_id, found.degrees, strict=True):
        middle = shape.representative_point()
        shapes[code] = _short(mapping(simplify(shape, DEGREES)))
        middles[code] = [round(middle.x, 5), round(middle.y, 5)]
    return names, shapes, middles


def _short(shape: dict[str, Any]) -> dict[str, Any]:
    """Coordinates to about a metre."""

    def cut(each: Any) -> Any:
        return [round(v, 5) for v in each] if isinstance(each[0], float) else [cut(part) for part in each]

    return {"type": shape["type"], "coordinates": cut(shape["coordinates"])}


def _largest(made: Releasable) -> list[dict[str, Any]]:
    """The largest flows between two zones; of the table over all hours and means of travel where that total is given."""
    published = made.published
    pair = ("origin", "destination")
    level = pair if pair in published.totals or published.keys == pair else published.keys
    rows = [
        row for row in made.table.to_pylist() if all((row[key] is None) == (key not in level) for key in published.keys)
    ]
    ends = [row for row in rows if row["origin"] != row["destination"]]
    ends.sort(key=lambda row: (-row[published.measure], *(str(row[key]) for key in level)))
    return ends[:DRAWN]


def _map(
    rows: list[dict[str, Any]], measure: str, names: dict[str, str], shapes: dict[str, Any],
    middles: dict[str, list[float]], made: Releasable,
) -> dict[str, Any]:  # fmt: skip
    further = [key for key in made.published.keys if key not in {"origin", "destination"} and rows and rows[0][key]]
    top = max((row[measure] for row in rows), default=0.0)
    steps = [_round(top * part) for part in (0.2, 0.4, 0.6, 0.8)]
    lines, listed_ = [], []
    for place, row in enumerate(rows):
        said = _("%(trips)s trips, from %(low)s to %(high)s") % {
            "trips": number(row[measure]), "low": number(row["low"]), "high": number(row["high"]),
        }  # fmt: skip
        name = f"{_named(row['origin'], names)} → {_named(row['destination'], names)}"
        name = ", ".join([name, *(value(key, row[key]) for key in further)])
        cells = [number(row[measure]), f"{number(row['low'])}–{number(row['high'])}"]
        listed_.append({"key": str(place), "name": name, "cells": cells})
        if row["origin"] in middles and row["destination"] in middles:
            ends = [middles[row["origin"]], middles[row["destination"]]]
            step = 1 + sum(row[measure] > each for each in steps)
            lines.append(
                {
                    "type": "Feature", "geometry": {"type": "LineString", "coordinates": ends},
                    "properties": {"key": str(place), "name": name, "tells": said, "class": step, "side": True},
                }
            )  # fmt: skip
    areas = [
        {"type": "Feature", "geometry": shape, "properties": {"name": names[code], "class": 0, "tells": ""}}
        for code, shape in shapes.items()
    ]
    return {
        "areas": {"type": "FeatureCollection", "features": areas},
        "lines": {"type": "FeatureCollection", "features": lines},
        "legend": _legend(steps, top),
        "rows": {
            "caption": _("The largest flows between zones"), "columns": [_("From and to"), _("Trips"), _("From–to, 95 %")],
            "rows": listed_,
        },
    }  # fmt: skip


def _legend(steps: list[float], top: float) -> list[tuple[int, str]]:
    """What each class of line means; none where there is no line."""
    if not top:
        return []
    edges = list(dict.fromkeys(each for each in steps if each))
    words = [_("up to %(n)s trips") % {"n": number(each)} for each in edges]
    return [*enumerate(words, start=1), (len(edges) + 1, _("more"))]


def _round(value_: float) -> float:
    """To two digits, so that a class ends at a number people can say."""
    if value_ < 10:
        return float(round(value_))
    scale = 10 ** (len(str(int(value_))) - 2)
    return float(round(value_ / scale) * scale)


def _by_zone(made: Releasable, names: dict[str, str]) -> list[dict[str, str]]:
    """Trips that begin and that end in each zone, where such totals were asked for."""
    totals, measure, every = made.published.totals, made.published.measure, made.published.keys
    wanted = [key for key in ("origin", "destination") if (key,) in totals]
    if not wanted:
        return []
    held: dict[str, dict[str, str]] = {code: {} for code in made.published.domain["origin"]}
    for row in made.table.to_pylist():
        there = [key for key in every if row[key] is not None]
        if len(there) == 1 and there[0] in wanted:
            held.setdefault(row[there[0]], {})[there[0]] = (
                f"{number(row[measure])} ({number(row['low'])}–{number(row['high'])})"
            )
    blank = _("blank")
    return [
        {
            "name": _named(code, names),
            "origin": each.get("origin", blank),
            "destination": each.get("destination", blank),
        }
        for code, each in held.items()
    ]


def _named(code: str, names: dict[str, str]) -> str:
    """A zone by its name; by its code besides where it has none of its own."""
    if code == OUTSIDE:
        return str(wording.OUTSIDE)
    name = names.get(code, code)
    return name if name == code or list(names.values()).count(name) == 1 else f"{name} ({code})"


def _why(release: Release) -> str:
    if not release.withdrawn_at:
        return ""
    last = release.decisions.filter(verb="withdraw").order_by("-at").first()
    return last.reason if last else ""
