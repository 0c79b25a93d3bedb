"""Charts, places and a form with invented figures, for the gallery."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.foundation import charts
from folkmoot.foundation.design.fields import (
    CharField,
    CheckboxesField,
    ConfirmField,
    DateField,
    EmailField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    TextField,
)
from folkmoot.foundation.design.language import chart_words


def every_chart() -> list[charts.Chart]:
    """One of each kind."""
    words = chart_words()
    hours = _("hours")
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    waits = [
        charts.Bar(_("Social work assessment"), 4123, stressed=True),
        charts.Bar(_("Community hospital bed"), 2890),
        charts.Bar(_("Medicines to take home"), 1310),
        charts.Bar(_("Physiotherapy"), 905),
        charts.Bar(_("Transport"), 234),
    ]
    use = [
        charts.Bar(_("Consultants"), 93),
        charts.Bar(_("Social workers"), 81, stressed=True),
        charts.Bar(_("Therapists"), 64),
    ]
    steps = [
        charts.Step(_("One list for each team"), -9.1, -10.4, -7.8),
        charts.Step(_("Index with ageing"), -6.2, -7.0, -5.5),
        charts.Step(_("Later hand-over"), 2.4, 1.0, 3.9),
        charts.Step(_("Social work starts at admission"), -11.8, -13.0, -10.5),
    ]
    means = [
        charts.Estimate(_("First come, first served"), -3.2, -4.1, -2.3),
        charts.Estimate(_("Earliest due date"), -5.1, -6.3, -4.0),
        charts.Estimate(_("Index with ageing"), -9.4, -10.3, -8.6, stressed=True),
    ]
    days = [start + timedelta(days=n) for n in range(28)]
    queue = [
        charts.Series(_("As it is today"), [(d, 14 + n % 7 + n * 0.4) for n, d in enumerate(days)]),
        charts.Series(
            _("Index with ageing"),
            [(d, 12.0 + n % 7) for n, d in enumerate(days)],
            band=[(10.0 + n % 7, 14.0 + n % 7) for n in range(28)],
        ),
    ]
    h = timedelta(hours=1)
    path = [
        (
            _("Stroke unit"),
            [
                charts.Span(start, start + 5 * h, _("Waiting")),
                charts.Span(start + 5 * h, start + 9 * h, _("Treatment")),
            ],
        ),
        (
            _("Therapy"),
            [
                charts.Span(start + 9 * h, start + 24 * h, _("Waiting")),
                charts.Span(start + 24 * h, start + 28 * h, _("Treatment")),
            ],
        ),
    ]
    stays = [((n * 37) % 101) ** 1.5 / 8 for n in range(1, 400)]
    return [
        charts.pareto(_("Bed-hours waited, by resource"), waits, unit=hours, label_heading=_("Resource"), words=words),
        charts.bar_chart(_("Use of open hours"), use, unit="%", label_heading=_("Team"), words=words),
        charts.waterfall(
            _("What each step is worth"),
            (_("Ward rounds"), 142.3),
            steps,
            _("All steps together"),
            unit=hours,
            bound=(_("No order can do better than"), 101.0),
            words=words,
        ),
        charts.dot_interval(
            _("Mean stay against ward rounds"),
            means,
            unit=hours,
            reference=(_("no difference"), 0),
            sign=True,
            words=words,
        ),
        charts.histogram(_("Length of stay"), stays, unit=hours, upper=100, markers=[(_("median"), 44.2)], words=words),
        charts.line_chart(_("Patients waiting for a bed"), queue, unit=_("patients"), x_label=_("Day"), words=words),
        charts.timeline(
            _("One patient's path"), path, now=(_("now"), start + 11 * h), row_heading=_("Where"), words=words
        ),
    ]


PLACES: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"name": name, "kind": kind},
        }
        for name, kind, lon, lat in [
            ("Mootham Hospital", "hospital", -1.512, 53.801),
            ("Mootham Council", "council", -1.548, 53.797),
            ("Riverside Care Home", "care home", -1.490, 53.781),
            ("Overmoor Hospital", "hospital", -1.601, 53.842),
        ]
    ],
}


def places() -> dict[str, Any]:
    """The places, with their kinds in the language of the page."""
    kinds = {"hospital": _("Hospital"), "council": _("Council"), "care home": _("Care home")}
    signs = {"hospital": "open", "care home": "candidate"}
    return PLACES | {
        "features": [
            place | {"properties": place["properties"] | {"kind": kinds[kind], "sign": signs.get(kind, "")}}
            for place in PLACES["features"]
            if (kind := place["properties"]["kind"])
        ]
    }


def map_of_areas() -> dict[str, Any]:
    """What lies under the signs: areas in five classes, and what the classes and signs mean."""
    areas = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [-1.60 + 0.025 * east, 53.78 + 0.016 * north]},
            "properties": {
                "name": _("Area %(number)s") % {"number": 5 * north + east + 1},
                "class": 1 + (east + north) % 5,
                "tells": _("%(minutes)s minutes") % {"minutes": 5 * (1 + (east + north) % 5)},
            },
        }
        for north in range(5)
        for east in range(5)
    ]
    steps = [(step, _("%(minutes)s minutes") % {"minutes": 5 * step}) for step in range(1, 6)]
    return {
        "areas": {"type": "FeatureCollection", "features": areas},
        "legend": steps,
        "signs": [("open", _("Hospital")), ("candidate", _("Care home"))],
    }


def map_of_roads() -> dict[str, Any]:
    """A grid of roads in five classes, each direction by itself, and the fullest of them as a table."""
    lines = []
    for number in range(24):
        east, north, across = number % 4, number // 4 % 3, number >= 12
        at, to = [-1.60 + 0.02 * east, 53.79 + 0.02 * north], [0.0, 0.02] if across else [0.02, 0.0]
        ends = [at, [at[0] + to[0], at[1] + to[1]]]
        for way, points in (("+", ends), ("-", ends[::-1])):
            full = (17 * number + (31 if way == "+" else 0)) % 130
            lines.append(
                {
                    "type": "Feature",
                    "geometry": {"type": "LineString", "coordinates": points},
                    "properties": {
                        "key": f"{number + 1}{way}", "name": _("Road %(number)s") % {"number": f"{number + 1}{way}"},
                        "class": 1 + min(4, full // 26), "side": True,
                        "tells": _("%(percent)s %% of its capacity") % {"percent": full}, "full": full,
                    },
                }
            )  # fmt: skip
    fullest = sorted((line["properties"] for line in lines), key=lambda p: -p["full"])[:8]
    steps = [(k, _("up to %(percent)s %% of capacity") % {"percent": 26 * k}) for k in range(1, 6)]
    return {
        "roads": {"type": "FeatureCollection", "features": lines},
        "road_steps": steps,
        "road_rows": {
            "caption": _("The fullest roads"), "columns": [_("Road"), _("Of its capacity")],
            "rows": [{"key": p["key"], "name": p["name"], "cells": [f"{p['full']}\N{NO-BREAK SPACE}%"]} for p in fullest],
        },
    }  # fmt: skip


class EveryField(forms.Form):
    """One of each kind of field."""

    name = CharField(label=gettext_lazy("Name of the log"), hint=gettext_lazy("As your team calls it"), max_length=40)
    email = EmailField(label=gettext_lazy("Email address"), required=False)
    beds = IntegerField(label=gettext_lazy("Open beds"), min_value=1, max_value=2000)
    start = DateField(label=gettext_lazy("First day"), hint=gettext_lazy("For example, 27 3 2026"))
    order = RadioField(
        label=gettext_lazy("In which order?"),
        choices=[("index", gettext_lazy("Index with ageing")), ("fcfs", gettext_lazy("First come, first served"))],
        hints={"fcfs": gettext_lazy("As it is today")},
    )
    ward = SelectField(
        label=gettext_lazy("Ward"),
        choices=[("amu", gettext_lazy("Acute medical unit")), ("stroke", gettext_lazy("Stroke unit"))],
    )
    teams = CheckboxesField(
        label=gettext_lazy("Which teams work on Saturday?"),
        choices=[("therapy", gettext_lazy("Therapy")), ("social", gettext_lazy("Social work"))],
        required=False,
    )
    log = FileField(label=gettext_lazy("Event log"), accept=".csv,.xes", largest_bytes=1_000_000, required=False)
    note = TextField(label=gettext_lazy("Note for the team"), required=False)
    sure = ConfirmField(label=gettext_lazy("I have checked these figures"))
