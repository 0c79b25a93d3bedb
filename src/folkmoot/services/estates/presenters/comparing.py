"""Programmes side by side: the same facts of each in one column, then what each does with the sites that differ."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from folkmoot.foundation.charts import Bar, Series, bar_chart, line_chart, table
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.estates import wording
from folkmoot.services.estates.models import Programme
from folkmoot.services.estates.presenters.figures import NOTHING, gap, minutes, named, number, pounds
from folkmoot.services.estates.presenters.money import present
from folkmoot.services.estates.presenters.sentences import asked_in_words


def compare(programmes: list[Programme]) -> dict[str, Any]:
    """A table of facts, a table of sites, a chart of value and one of access. Only programmes with a plan."""
    facts: list[list[str]] = []

    def row(name: str, write: Any) -> None:
        facts.append([name, *(write(one) for one in programmes)])

    row(_("Asked for"), lambda one: asked_in_words(one)[0][1])
    row(_("Status"), lambda one: str(one.get_status_display()))
    row(_("Sites at the end"), lambda one: number(one.plan["sites_after"]))
    row(_("Closes"), lambda one: number(len(one.plan["closed"])))
    row(_("Opens"), lambda one: number(len(one.plan["opened"])))
    row(_("Net present value"), lambda one: pounds(one.answer["value"]["npv"]))
    for kind in ("running", "backlog", "one-off", "capital"):
        row(str(wording.KINDS[kind]), lambda one, kind=kind: pounds(present(one).get(kind, 0.0)))
    row(_("Receipts, kept apart"), lambda one: pounds(one.answer["value"]["receipts"]))
    row(_("Distance from the best possible"), lambda one: gap(one.plan["gap"]))
    if all(one.answer["access"] for one in programmes):
        row(_("Average way to a service"), lambda one: minutes(_mean(one)))
        row(_("Further for a service, people"), lambda one: number(sum(each["worse"] for each in one.answer["access"])))
    row(_("Figures that nobody stated"), lambda one: number(sum(not a["given"] for a in one.answer["assumptions"])))
    heads = [_("What"), *(one.name for one in programmes)]
    return {
        "facts": table(_("Facts of each programme"), heads, facts),
        "sites": _sites(programmes, heads),
        "chart": _value(programmes),
        "access": _access(programmes),
    }


def _mean(programme: Programme) -> float:
    found = programme.answer["access"]
    return float(sum(one["people"] * one["mean_after"] for one in found) / sum(one["people"] for one in found))


def _sites(programmes: list[Programme], heads: list[str]) -> str:
    """Sites on which the programmes differ: closes or opens in which year, or stays."""
    said: list[dict[str, str]] = []
    for one in programmes:
        words = {"close": _("closes %(year)s"), "open": _("opens %(year)s")}
        said.append({s["site"]: words[s["action"]] % {"year": s["calendar_year"]} for s in one.plan["steps"]})
    rows = []
    for site in sorted(programmes[0].answer["sites"], key=lambda each: each["name"]):
        each = [found.get(site["code"], _("stays") if site["is_open"] else NOTHING) for found in said]
        if len(set(each)) > 1:
            rows.append([named(site), *each])
    if not rows:
        return ""
    return table(_("Sites on which they differ"), [_("Site"), *heads[1:]], rows, numeric_from=len(heads))


def _value(programmes: list[Programme]) -> Any:
    bars = [Bar(one.name, one.answer["value"]["npv"] / 1e6) for one in programmes]
    if any(bar.value < 0 for bar in bars):
        return None
    return bar_chart(
        _("Net present value"), bars, unit=_("£ million"), decimals=2, label_heading=_("Programme"), words=chart_words()
    )


def _access(programmes: list[Programme]) -> Any:
    if not all(len(one.answer["access"]) > 1 for one in programmes):
        return None
    today = [(float(row["decile"]), row["mean_before"]) for row in programmes[0].answer["access"]]
    lines = [
        Series(one.name, [(float(row["decile"]), row["mean_after"]) for row in one.answer["access"]])
        for one in programmes
    ]
    return line_chart(
        _("Average minutes by deprivation decile (1 is the most deprived)"), [Series(_("Today"), today), *lines],
        unit=_("minutes"), decimals=1, x_label=_("Deprivation decile"), words=chart_words(),
    )  # fmt: skip
