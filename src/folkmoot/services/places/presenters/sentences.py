"""The first sentence of a plan: what it is, and how good it provably is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.engines.siting.problem import Objective
from folkmoot.services.places import question
from folkmoot.services.places.models import Option
from folkmoot.services.places.presenters.figures import gap, minutes, number, pounds, share
from folkmoot.services.places.question import Question


@dataclass(frozen=True, slots=True)
class Told:
    """`value` and `bound` in people's units; `result` what the plan reaches, `limit` what no plan can, `proof` how sure."""

    value: str
    bound: str
    result: str
    limit: str
    proof: str
    sure: bool


def told(option: Option) -> Told | None:
    """The sentences of an option with a plan; None where there is none."""
    if not option.has_plan:
        return None
    asked = question.of(option.question)
    total = option.findings.get("total") or 1.0
    value, bound = option.plan["objective"], option.plan["bound"]
    result, limit = _words(asked, value, bound, total, len(option.open_sites))
    write = _writer(asked, total)
    status = option.plan["status"]
    if status == "optimal" and option.plan["gap"] == 0:
        proof = _("Proved the best possible.")
    elif status == "optimal":
        proof = _("Proved to be at most %(gap)s from the best possible, as asked.") % {"gap": gap(option.plan["gap"])}
    elif option.plan["gap"] is not None:
        proof = _("Not proved the best: when the search ended it was at most %(gap)s from the best possible.") % {
            "gap": gap(option.plan["gap"])
        }
    else:
        proof = _("Not proved the best: nothing is known yet about how good a plan could be.")
    return Told(write(value), write(bound), result, limit, proof, status == "optimal")


def _writer(asked: Question, total: float) -> Any:
    goal = asked.goal
    if goal in (Objective.P_MEDIAN, Objective.CAPACITATED_P_MEDIAN):
        return lambda v: minutes(None if v is None else v / total)
    if goal is Objective.P_CENTER:
        return lambda v: minutes(v)
    if goal is Objective.MCLP:
        return lambda v: share(None if v is None else v / total, 1)
    if goal is Objective.LSCP:
        return lambda v: number(v)
    return lambda v: pounds(v)


def _words(asked: Question, value: float, bound: float | None, total: float, n: int) -> tuple[str, str]:
    goal, write = asked.goal, _writer(asked, total)
    best = write(bound) if bound is not None else ""
    sites = ngettext("%(n)s site", "%(n)s sites", n) % {"n": number(n)}
    within = number(asked.radius, 1 if asked.radius and asked.radius % 1 else 0)
    if goal in (Objective.P_MEDIAN, Objective.CAPACITATED_P_MEDIAN):
        result = _("With %(sites)s people travel %(value)s on average.") % {"sites": sites, "value": write(value)}
        limit = _("No plan with %(sites)s can bring that below %(bound)s.") % {"sites": sites, "bound": best}
    elif goal is Objective.P_CENTER:
        result = _("With %(sites)s nobody is further than %(value)s.") % {"sites": sites, "value": write(value)}
        limit = _("No plan with %(sites)s can bring everybody nearer than %(bound)s.") % {"sites": sites, "bound": best}
    elif goal is Objective.MCLP:
        result = _("With %(sites)s, %(value)s of people (%(people)s) are within %(within)s minutes.") % {
            "sites": sites, "value": write(value), "people": number(value), "within": within,
        }  # fmt: skip
        allowed = ngettext("%(n)s site", "%(n)s sites", asked.p or n) % {"n": number(asked.p or n)}
        limit = _("No plan with %(sites)s can bring in more than %(bound)s.") % {"sites": allowed, "bound": best}
    elif goal is Objective.LSCP:
        result = _("%(sites)s bring everybody within %(within)s minutes.") % {"sites": sites, "within": within}
        limit = _("It cannot be done with fewer than %(bound)s.") % {"bound": number(bound)} if bound else ""
    else:
        result = _("%(sites)s cost %(value)s a year, travel counted in.") % {"sites": sites, "value": write(value)}
        limit = _("No plan can cost less than %(bound)s.") % {"bound": best}
    return result, limit if bound is not None else ""


def asked_in_words(option: Option) -> list[tuple[str, str]]:
    """The question as a list of terms and answers."""
    from folkmoot.services.places import wording

    asked = question.of(option.question)
    goal = asked.goal
    rows = [(_("Best at"), f"{wording.OBJECTIVES[goal]} ({wording.TERMS[goal]})")]
    if asked.p is not None:
        rows.append((_("Sites that may be open"), number(asked.p)))
    if asked.radius is not None:
        rows.append((_("Time that counts as near"), minutes(asked.radius)))
    rows.append((_("Counts"), str(wording.WHOM[asked.whom])))
    if asked.longest is not None:
        rows.append((_("Nobody further than"), minutes(asked.longest)))
    if asked.slack is not None:
        rows.append((_("No decile worse off by more than"), minutes(asked.slack)))
    if asked.rate is not None:
        rows.append((_("A minute of travel counts as"), f"£{number(asked.rate, 2)}"))
    names = {site["site"]: site["name"] for site in option.findings.get("sites", ())}
    for label, codes in ((_("Must be open"), asked.must_open), (_("Must not be used"), asked.must_close)):
        if codes:
            rows.append((label, ", ".join(names.get(code, code) for code in codes)))
    rows.append((_("Time allowed"), _("%(n)s seconds") % {"n": number(asked.seconds)}))
    if asked.gap:
        rows.append((_("Content within"), gap(asked.gap)))
    return [(str(term), str(words)) for term, words in rows]
