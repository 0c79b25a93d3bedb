"""A programme as people read it: its row in a list, and its whole page."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from folkmoot.foundation.charts import table
from folkmoot.services.estates import queries, wording
from folkmoot.services.estates.models import Programme
from folkmoot.services.estates.presenters.access import access
from folkmoot.services.estates.presenters.figures import figure, gap, minutes, number, pounds, share
from folkmoot.services.estates.presenters.frontier import frontier
from folkmoot.services.estates.presenters.maps import plan_map
from folkmoot.services.estates.presenters.money import money, present
from folkmoot.services.estates.presenters.plan import count, gantt, years
from folkmoot.services.estates.presenters.sentences import asked_in_words, in_short, told


def summary(programme: Programme) -> dict[str, Any]:
    """A row of a list."""
    said = told(programme)
    return {
        "programme": programme,
        "name": programme.name,
        "url": programme.get_absolute_url(),
        "words": in_short(programme),
        "sure": bool(said and said.sure and programme.is_within_limits),
        "status": programme.get_status_display(),
        "tag": wording.STATUS_TAGS[programme.status],
        "has_plan": programme.has_plan,
    }


def programme(found: Programme) -> dict[str, Any]:
    """Everything the page of a programme that was worked out shows."""
    shown = {
        "asked": asked_in_words(found),
        "told": told(found),
        "instead": found.answer["instead"],
        "status": found.answer["status"],
        "ways": ways(found),
        "tag": {"text": found.get_status_display(), "classes": wording.STATUS_TAGS[found.status]},
        "history": history(found),
        "curve": frontier(found.answer["frontier"]),
        "assumptions": assumptions(found.answer["assumptions"]),
        "statements": found.answer["statements"],
    }
    if not found.has_plan:
        return shown
    moved = bool(found.plan["steps"])
    return shown | {
        "figures": figures(found),
        "moved": moved,
        "gantt": gantt(found) if moved else None,
        "count": count(found) if moved else None,
        "years": years(found),
        "money": money(found),
        "access": access(found),
        "map_": plan_map(found),
        "ratios": ratios(found),
        "checked": found.plan["checked"],
    }


def ways(found: Programme) -> list[list[str]]:
    """Which limits would have to give way: the sentences of each way that would do."""
    by_way = sorted(found.answer["breaches"], key=lambda one: str(one["way"]))
    return [[one["sentence"] for one in some] for _way, some in groupby(by_way, key=lambda one: one["way"])]


def history(found: Programme) -> list[dict[str, Any]]:
    """Who proposed and decided, when and why."""
    return [
        {"verb": d.get_verb_display(), "reason": d.reason, "by": d.by.name, "at": d.at}
        for d in queries.decisions(found)
    ]


def figures(found: Programme) -> list[tuple[str, str]]:
    """The few large numbers at the top."""
    plan, value, before = found.plan, found.answer["value"], found.answer["ratios"]
    sums = present(found)
    rows = [
        (_("Sites, today %(n)s") % {"n": number(plan["sites_today"])}, number(plan["sites_after"])),
        (_("Net present value"), pounds(value["npv"])),
        (_("Saved each year, once all is done"), pounds(before["before"]["cost"] - before["after"]["cost"])),
        (_("Capital, in today’s money"), pounds(-sums.get("capital", 0.0))),
    ]
    if value["bcr"] is not None:
        rows.append((_("Saved for each pound spent"), f"£{number(value['bcr'], 2)}"))
    if known := [one for one in found.answer["access"] if one["people"]]:
        people = sum(one["people"] for one in known)
        then, now = (sum(one["people"] * one[f"mean_{when}"] for one in known) / people for when in ("after", "before"))
        rows.append((_("Average way to a service, today %(n)s") % {"n": number(now, 1)}, minutes(then)))
    rows.append((_("Distance from the best possible"), gap(plan["gap"])))
    return rows


def ratios(found: Programme) -> str:
    """Lord Carter's measures of an estate, before and after."""
    before, after = found.answer["ratios"]["before"], found.answer["ratios"]["after"]
    rows = [
        [_("Sites"), number(before["sites"]), number(after["sites"])],
        [_("Floor, m²"), number(before["m2"]), number(after["m2"])],
        [_("Floor not used for patients"), share(before["non_clinical"]), share(after["non_clinical"])],
        [_("Floor not used at all"), share(before["unused"]), share(after["unused"])],
        [_("Running cost a year"), pounds(before["cost"]), pounds(after["cost"])],
        [_("Running cost for each m²"), *(pounds(one["cost_per_m2"]) for one in (before, after))],
    ]
    then = dict(after["backlog"])
    rows += [[str(wording.RISKS[risk]), pounds(cost), pounds(then.get(risk))] for risk, cost in before["backlog"]]
    return table(_("Lord Carter’s measures of an estate"), [_("Measure"), _("Today"), _("Then")], rows)


def assumptions(found: list[dict[str, Any]]) -> str:
    """Every figure that the data do not hold, those nobody stated first."""
    rows = [
        [str(wording.FIGURES[one["name"]]), figure(one["value"], one["unit"]),
         _("stated") if one["given"] else _("assumed"),
         _("%(low)s to %(high)s")
         % {"low": figure(one["low"], one["unit"]), "high": figure(one["high"], one["unit"])}]
        for one in found
    ]  # fmt: skip
    head = [_("Figure"), _("Value"), _("Stated or assumed"), _("Usual range")]
    return table(_("Figures that the data do not hold; those that nobody stated come first"), head, rows)
