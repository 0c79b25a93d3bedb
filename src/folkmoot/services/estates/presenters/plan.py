"""The years of a plan: what closes when, where its services go, in which order, and until when rent is owed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.foundation.charts import Bar, Span, bar_chart, table, timeline
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.estates.models import Programme
from folkmoot.services.estates.presenters.figures import named, number, proper

DAYS = 365.25


def years(programme: Programme) -> list[dict[str, Any]]:
    """Each year with its steps, in the order in which they can be done: a site empties before it closes."""
    names = {site["code"]: site for site in programme.answer["sites"]}
    found: dict[int, list[dict[str, Any]]] = {}
    for step in programme.plan["steps"]:
        found.setdefault(step["calendar_year"], []).append(
            {
                "order": step["order"],
                "closes": step["action"] == "close",
                "name": named(names[step["site"]]),
                "moves": _moves(step["moves"], names),
            }
        )  # fmt: skip
    shown = []
    for when, steps in sorted(found.items()):
        closed = sum(step["closes"] for step in steps)
        said = ngettext("%(n)s site closes", "%(n)s sites close", closed) % {"n": number(closed)}
        if opened := len(steps) - closed:
            said += ", " + ngettext("%(n)s opens", "%(n)s open", opened) % {"n": number(opened)}
        shown.append({"year": when, "said": said, "steps": steps, "table": _decant(when, steps)})
    return shown


def _moves(moves: list[dict[str, Any]], names: dict[str, Any]) -> list[str]:
    """Each service with the sites that take it in, the one that takes most of it first."""
    by_service: dict[str, list[str]] = {}
    for move in sorted(moves, key=lambda one: -one["m2"]):
        some = number(move["m2"], 0 if move["m2"] >= 1 else 1)
        taker = f"{proper(names[move['taker']]['name'])} ({some} m²)"
        by_service.setdefault(move["service"], []).append(taker)
    return [
        _("%(service)s to %(takers)s") % {"service": service, "takers": ", ".join(takers)}
        for service, takers in by_service.items()
    ]


def count(programme: Programme) -> Any:
    """How many sites there are at the end of each year."""
    left = programme.plan["sites_today"]
    start = programme.answer["start_year"]
    bars = [Bar(_("Today"), float(left))]
    for year in range(start, start + programme.answer["years"]):
        steps = [step for step in programme.plan["steps"] if step["calendar_year"] == year]
        left += sum(1 if step["action"] == "open" else -1 for step in steps)
        bars.append(Bar(_("End of %(year)s") % {"year": year}, float(left)))
    return bar_chart(
        _("Sites, year by year"), bars, label_heading=_("When"), value_heading=_("Sites"), decimals=0, words=chart_words(),
        summary=_("From %(today)s sites to %(after)s.") % {
            "today": number(programme.plan["sites_today"]), "after": number(left),
        },
    )  # fmt: skip


def _decant(year: int, steps: list[dict[str, Any]]) -> str:
    head = [_("Site"), _("Order"), _("Step"), _("Its services go to")]
    rows = [
        [step["name"], number(step["order"]), _("Closes") if step["closes"] else _("Opens"), "; ".join(step["moves"]) or "–"]
        for step in steps
    ]  # fmt: skip
    return table(_("The decant order of %(year)s") % {"year": year}, head, rows, numeric_from=len(head))


def gantt(programme: Programme) -> Any:
    """One row for each site that closes or opens: open as today, double running, rent owed after."""
    answer = programme.answer
    start = answer["start_year"]
    end = start + answer["years"]
    double = next(one["value"] for one in answer["assumptions"] if one["name"] == "double_running_share")
    sites = {site["code"]: site for site in answer["sites"]}
    as_today, both, owed, new = _("Open as today"), _("Double running"), _("Closed, rent still owed"), _("Open, new")
    rows = []
    for step in programme.plan["steps"]:
        site, when = sites[step["site"]], step["calendar_year"]
        if step["action"] == "open":
            rows.append((named(site), [Span(_day(when), _day(end), new)]))
            continue
        left = _day(when) + timedelta(days=DAYS * min(1.0, double))
        spans = [Span(_day(start), _day(when), as_today)] if when > start else []
        spans.append(Span(_day(when), left, both))
        until = _released(site, when)
        if site["tenure"] == "leasehold" and until > when:
            spans.append(Span(left, _day(max(until, when + 1)), owed, note=_("rent until %(year)s") % {"year": until}))
        rows.append((named(site), spans))
    closing = len(programme.plan["closed"])
    said = ngettext(
        "%(n)s site closes between %(first)s and %(last)s.", "%(n)s sites close between %(first)s and %(last)s.", closing
    ) % {
        "n": number(closing), "first": programme.plan["steps"][0]["calendar_year"],
        "last": programme.plan["steps"][-1]["calendar_year"],
    }  # fmt: skip
    return timeline(_("Year by year"), rows, row_heading=_("Site"), summary=said, words=chart_words())


def _day(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


def _released(site: dict[str, Any], year: int) -> int:
    """Until when rent is owed if the site is left at the beginning of a year, as the engine has it."""
    if site["lease_break"] is not None and year <= site["lease_break"]:
        return int(site["lease_break"])
    return year if site["lease_end"] is None else max(year, int(site["lease_end"]))
