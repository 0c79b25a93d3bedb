"""The first sentence of a programme: what it saves, how good it provably is, and on what it rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.services.estates import question, wording
from folkmoot.services.estates.models import Programme
from folkmoot.services.estates.presenters.figures import gap, minutes, number, pounds

NAMED = 12
"""More sites than these are told by their number."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the plan does, what no plan can better, what it rests on."""

    result: str
    proof: str
    rests: str
    sure: bool


def told(programme: Programme) -> Told | None:
    """None where there is no plan."""
    if not programme.has_plan:
        return None
    plan, answer = programme.plan, programme.answer
    names = {
        "today": number(plan["sites_today"]), "after": number(plan["sites_after"]),
        "value": pounds(abs(answer["value"]["npv"])), "years": number(answer["horizon"]),
    }  # fmt: skip
    if not plan["steps"]:
        result = _("Nothing closes: all %(today)s sites stay, for no named site’s work has room elsewhere.") % names
    elif answer["value"]["npv"] >= 0:
        result = (
            _("%(today)s sites become %(after)s, which saves %(value)s over %(years)s years in today’s money.") % names
        )
    else:
        result = (
            _("%(today)s sites become %(after)s, which costs %(value)s over %(years)s years in today’s money.") % names
        )
    return Told(result, _proof(plan, bool(answer["instead"])), rests(answer), plan["status"] == "optimal")


def _proof(plan: dict[str, Any], is_instead: bool) -> str:
    if is_instead and plan["status"] == "optimal":
        return _("No other plan with so few sites saves more.")
    if plan["status"] == "optimal":
        return _("No plan within these limits saves more.")
    if plan["bound"] is None:
        return _("How much more another plan could save is not known: the search was stopped too early.")
    return _("No plan within these limits saves more than %(bound)s, so this one is within %(gap)s of the best.") % {
        "bound": pounds(-plan["bound"]), "gap": gap(plan["gap"]),
    }  # fmt: skip


def rests(answer: dict[str, Any]) -> str:
    """How much of it is assumed."""
    assumed = sum(not one["given"] for one in answer["assumptions"])
    total = len(answer["assumptions"])
    if not assumed:
        return _("All %(total)s figures that the data do not hold were stated by people.") % {"total": number(total)}
    return ngettext(
        "It rests on %(n)s figure that nobody stated for this trust, of %(total)s.",
        "It rests on %(n)s figures that nobody stated for this trust, of %(total)s.",
        assumed,
    ) % {"n": number(assumed), "total": number(total)}


def in_short(programme: Programme) -> str:
    """One line for a list."""
    said = told(programme)
    if said is None:
        if not programme.is_solved:
            return _("Not worked out yet.")
        return (
            _("There is no such plan: a limit must give way.")
            if programme.answer["status"] == "infeasible"
            else _("No plan was found in the time allowed.")
        )
    if programme.answer["instead"]:
        return _("Not possible as asked. The fewest sites that can be reached: %(n)s.") % {
            "n": number(programme.plan["sites_after"])
        }
    return said.result


def asked_in_words(programme: Programme) -> list[tuple[str, str]]:
    """The question as a list of terms and answers."""
    asked = question.of(programme.question)
    rows: list[tuple[str, Any]] = [
        (_("Sites at the end"), _("as many as is cheapest") if asked.max_sites is None
         else _("at most %(n)s") % {"n": number(asked.max_sites)}),
        (_("First year"), str(asked.start_year)),
        (_("Prices of"), asked.price_year or programme.estate.price_year),
    ]  # fmt: skip
    for label, codes in ((_("Must stay"), asked.must_keep), (_("Must close"), asked.must_close)):
        if codes:
            many = _("%(n)s sites, from %(first)s to %(last)s") % {
                "n": number(len(codes)), "first": min(codes), "last": max(codes),
            }  # fmt: skip
            rows.append((label, ", ".join(codes) if len(codes) <= NAMED else many))
    for label, budget in ((_("Capital budget"), asked.capital), (_("Revenue budget"), asked.revenue)):
        said = ", ".join(dict.fromkeys(pounds(amount) for amount in budget)) if budget else _("not limited")
        rows.append((label, _("%(amount)s a year") % {"amount": said} if budget and len(set(budget)) == 1 else said))
    if asked.most_minutes is not None:
        rows.append((_("Who is within reach stays within"), minutes(asked.most_minutes)))
    if asked.decile_worse_by is not None:
        rows.append((_("No decile’s average way grows by more than"), minutes(asked.decile_worse_by)))
    rows.append(
        (_("Leases left early"), _("rent is paid until the break") if asked.early_exit == "pay" else _("not allowed"))
    )
    for name, value in asked.assumptions.items():
        rows.append((str(wording.FIGURES[name]), _("%(value)s, in this programme only") % {"value": f"{value:g}"}))
    return [(str(term), str(words)) for term, words in rows]
