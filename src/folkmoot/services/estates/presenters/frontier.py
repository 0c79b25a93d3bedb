"""Sites against cost and access: two drawings over the same numbers of sites, and one table with every point."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.foundation.charts import Series, line_chart, table
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.estates import wording
from folkmoot.services.estates.presenters.figures import gap, number, pounds

BELOW = 70


def frontier(curve: dict[str, Any]) -> dict[str, Any]:
    """Nothing where it has not been drawn, or where no estate meets the limits."""
    points = [point for point in curve.get("points", []) if point["cost"] is not None]
    if not points:
        return {"statements": curve.get("statements", [])}
    shown = {
        "table": _table(curve["points"]),
        "fewest": f"{_fewest(curve)} {_left(curve)}".strip(),
        "statements": curve["statements"],
    }
    if len(points) > 1:
        shown["money"] = _money(points)
        if any(point["mean_minutes"] is not None for point in points):
            shown["access"] = _access(points)
    return shown


def mark(points: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The point to be marked: the cheapest estate of fewer than 70 sites, or of what was asked for."""
    asked = next((point for point in points if point["wanted"]), None)
    if asked is not None and asked["sites"] != BELOW - 1:
        return asked
    if max(point["sites"] for point in points) < BELOW:
        return None
    return min((p for p in points if p["sites"] < BELOW), key=lambda p: p["cost"], default=None)


def mark_name(point: dict[str, Any]) -> str:
    if point["wanted"] and point["sites"] != BELOW - 1:
        return _("Asked for: %(n)s sites") % {"n": number(point["sites"])}
    return _("Fewer than 70")


def _money(points: list[dict[str, Any]]) -> Any:
    best = min(points, key=lambda point: point["cost"])
    marked = mark(points)
    line = [(float(p["sites"]), -p["cost"] / 1e6) for p in points]
    series = [Series(_("Cheapest estate"), line)]
    said = _("Most is saved with %(n)s sites: %(value)s.") % {
        "n": number(best["sites"]), "value": pounds(-best["cost"])
    }  # fmt: skip
    if marked is not None:
        series.append(Series(mark_name(marked), [(float(marked["sites"]), -marked["cost"] / 1e6)]))
        said += " " + _("%(mark)s: the cheapest has %(n)s sites and saves %(value)s.") % {
            "mark": mark_name(marked), "n": number(marked["sites"]), "value": pounds(-marked["cost"]),
        }  # fmt: skip
    return line_chart(
        _("What is saved with so many sites"), series, unit=_("£ million"), x_label=_("Sites"), decimals=2, summary=said,
        words=chart_words(),
    )  # fmt: skip


def _access(points: list[dict[str, Any]]) -> Any:
    known = [point for point in points if point["mean_minutes"] is not None]
    first, last = max(known, key=lambda p: p["sites"]), min(known, key=lambda p: p["sites"])
    marked = mark(known)
    series = [Series(_("Average way"), [(float(p["sites"]), p["mean_minutes"]) for p in known])]
    if marked is not None:
        series.append(Series(mark_name(marked), [(float(marked["sites"]), marked["mean_minutes"])]))
    return line_chart(
        _("Average minutes to the nearest site with a service"), series, unit=_("minutes"), x_label=_("Sites"),
        decimals=1, words=chart_words(),
        summary=_("From %(a)s minutes with %(most)s sites to %(b)s minutes with %(fewest)s.") % {
            "a": number(first["mean_minutes"], 1), "most": number(first["sites"]),
            "b": number(last["mean_minutes"], 1), "fewest": number(last["sites"]),
        },
    )  # fmt: skip


def _fewest(curve: dict[str, Any]) -> str:
    names = {"n": number(curve["fewest"]), "today": number(curve["sites_today"])}
    if curve["fewest_proved"]:
        return _("Of %(today)s sites today, no fewer than %(n)s can remain; that is proved.") % names
    return _("Of %(today)s sites today, %(n)s is the fewest found; fewer are not excluded.") % names


def _left(curve: dict[str, Any]) -> str:
    missing = curve["sites_today"] - curve["fewest"] + 1 - len(curve["points"])
    if curve["complete"] or missing <= 0:
        return ""
    return ngettext(
        "The search was stopped before the smallest size was reached; %(n)s is missing.",
        "The search was stopped before the smaller sizes were reached; %(n)s are missing.",
        missing,
    ) % {"n": number(missing)}


def _table(points: list[dict[str, Any]]) -> str:
    timed = any(point["mean_minutes"] is not None for point in points)
    head = [_("Sites"), _("Saved"), _("No estate of that size saves more than"), _("Standing"), _("Gap"),
            *((_("Average minutes"), _("Longest way, minutes")) if timed else ()), _("Closes")]  # fmt: skip
    marked = mark([point for point in points if point["cost"] is not None])
    rows = []
    for point in points:
        name = number(point["sites"])
        if marked is not None and point["sites"] == marked["sites"]:
            name = f"{name} ({mark_name(marked)})"
        rows.append(
            [name, pounds(None if point["cost"] is None else -point["cost"]),
             pounds(None if point["bound"] is None else -point["bound"]), str(wording.STANDINGS[point["status"]]),
             gap(point["gap"]),
             *((number(point["mean_minutes"], 1), number(point["worst_minutes"], 1)) if timed else ()),
             number(len(point["closed"]))]
        )  # fmt: skip
    return table(_("The frontier: the cheapest estate of every size"), head, rows)
