"""One option as its page, a row of a list, and its paper show it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.services.places import exports, queries, wording
from folkmoot.services.places.models import Option, Status
from folkmoot.services.places.presenters.equity import equity
from folkmoot.services.places.presenters.figures import gap, minutes, number, pounds, share
from folkmoot.services.places.presenters.further import alternatives, in_names, robustness
from folkmoot.services.places.presenters.maps import plan_map
from folkmoot.services.places.presenters.sentences import asked_in_words, told
from folkmoot.services.places.tables import Tables


def summary(option: Option) -> dict[str, Any]:
    """A row of a list."""
    said = told(option)
    if said:
        words = said.result
    elif option.is_solved:
        words = _("There is no such plan.") if option.plan.get("proved_infeasible") else _("No plan was found in time.")
    else:
        words = _("Not solved yet.")
    return {
        "option": option,
        "name": option.name,
        "url": option.get_absolute_url(),
        "words": words,
        "sure": bool(said and said.sure),
        "status": option.get_status_display(),
        "tag": wording.STATUS_TAGS[option.status],
        "solved": option.is_solved,
        "has_plan": option.has_plan,
    }


def option(found: Option, tables: Tables) -> dict[str, Any]:
    """Everything the page of a solved option shows."""
    names = {**dict(zip(tables.area_codes, tables.areas["name"].to_pylist())), **tables.site_names}
    shown = {
        "asked": asked_in_words(found),
        "told": told(found),
        "verdict": found.findings.get("verdict"),
        "replayable": found.plan.get("certificate", {}).get("kind") not in ("none", "solver-trusted"),
        "tag": {"text": found.get_status_display(), "classes": wording.STATUS_TAGS[found.status]},
        "history": history(found),
        "explanation": [in_names(sentence, names) for sentence in found.plan.get("explanation", [])],
        "infeasible": bool(found.plan.get("proved_infeasible")),
        "trusted": found.plan.get("certificate", {}).get("kind") == "solver-trusted",
    }
    if not found.has_plan:
        return shown
    return shown | {
        "figures": figures(found),
        "changes": changes(found),
        "map_": plan_map(found, tables),
        "equity": equity(found),
        "others": alternatives(found),
        "shaken": robustness(found),
    }


def figures(found: Option) -> list[tuple[str, str]]:
    """The few large numbers at the top."""
    everybody = found.findings["groups"][0]
    after, before = everybody["after"], everybody["before"]
    within = number(found.findings["within"])
    rows = [
        (_("Sites open"), number(len(found.open_sites))),
        (_("Average travel"), minutes(after["mean"])),
        (_("Within %(n)s minutes") % {"n": within}, share(after["within"])),
        (_("The worst-served tenth"), minutes(after["worst"])),
    ]
    if before is not None:
        rows[1] = (_("Average travel, today %(n)s") % {"n": number(before["mean"], 1)}, rows[1][1])
        rows[2] = (
            _("Within %(n)s minutes, today %(share)s") % {"n": within, "share": share(before["within"])}, rows[2][1]
        )  # fmt: skip
        rows[3] = (_("The worst-served tenth, today %(n)s") % {"n": number(before["worst"], 1)}, rows[3][1])
    if after["unreached"]:
        rows.append((_("People who reach no open site"), number(after["unreached"])))
    costs = [s["opening_cost"] for s in found.findings["sites"] if s["open"] and s["opening_cost"] is not None]
    if costs:
        rows.append((_("Cost of the open sites"), pounds(sum(costs))))
    rows.append((_("Distance from the best possible"), gap(found.plan["gap"])))
    return rows


def changes(found: Option) -> list[tuple[str, list[str]]]:
    """Which sites open, close and stay, by name."""
    rows = []
    for change in ("open", "close", "keep"):
        names = sorted(s["name"] for s in found.findings["sites"] if s["change"] == change)
        if names:
            title = {
                "open": ngettext("%(n)s site opens", "%(n)s sites open", len(names)),
                "close": ngettext("%(n)s site closes", "%(n)s sites close", len(names)),
                "keep": ngettext("%(n)s site stays", "%(n)s sites stay", len(names)),
            }[change] % {"n": len(names)}
            rows.append((title, names))
    return rows


def history(found: Option) -> list[dict[str, Any]]:
    """Who proposed and decided, when and why."""
    return [
        {"verb": d.get_verb_display(), "reason": d.reason, "by": d.by.name, "at": d.at}
        for d in queries.decisions(found)
    ]


def may_still(found: Option) -> dict[str, bool]:
    """What the status leaves open."""
    return {"propose": found.status == Status.DRAFT and found.has_plan, "decide": found.status == Status.PROPOSED}


def sources(found: Option) -> dict[str, Any]:
    """Where the figures come from: data, assumptions, what was set aside, and the command that verifies the plan."""
    study = found.study
    return {
        "statements": [s for said in study.statements.values() for s in said],
        "set_aside": len(study.set_aside),
        "source": study.get_source_display(),
        "travel": study.get_travel_display(),
        "command": exports.command(found),
        "fingerprint": found.plan.get("fingerprint", ""),
    }
