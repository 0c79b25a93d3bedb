"""Estate ratios before and after a plan, against Lord Carter's marks (2016): at most 35 % non-clinical floor, at most
2.5 % unoccupied or under-used. Rows that stand for many sites are not in them: they are in no plan.
"""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.engines.estate.programme import Programme
from folkmoot.engines.estate.schedule import Plan
from folkmoot.vocabulary.money import Money

NON_CLINICAL_MOST, UNUSED_MOST = 0.35, 0.025


@dataclass(frozen=True, slots=True)
class Ratios:
    """Of the named sites. Shares are of the floor whose use is known; None where nothing is."""

    sites: int
    gia_m2: float
    non_clinical_share: float | None
    unused_share: float | None
    running_cost: Money
    cost_per_m2: float | None
    backlog: tuple[tuple[str, Money], ...]


def ratios(programme: Programme, plan: Plan | None = None) -> Ratios:
    """Before the plan, or after it."""
    closed, opened = (set(plan.closed), set(plan.opened)) if plan else (set(), set())
    here = [s for s in programme.sites if (s.is_open and s.code not in closed) or s.code in opened]
    gia = sum(s.gia_m2 for s in here)
    moves = [move for step in plan.steps for move in step.moves] if plan else []
    moved_in = sum(move.m2 for move in moves)
    office_in = sum(move.m2 for move in moves if move.service not in programme.clinical)
    known = [s for s in here if s.clinical_m2 is not None and s.non_clinical_m2 is not None]
    office = sum(s.non_clinical_m2 or 0.0 for s in known) + office_in
    both = sum((s.clinical_m2 or 0.0) + (s.non_clinical_m2 or 0.0) for s in known) + moved_in
    told = [s for s in here if s.empty_percent is not None]
    unused = sum(s.gia_m2 * ((s.empty_percent or 0.0) + (s.under_used_percent or 0.0)) / 100 for s in told)
    told_m2 = sum(s.gia_m2 for s in told)
    cost = Money.total(s.cost("running", "rent") for s in here)
    if plan:
        follows = (line for line in plan.lines if line.item.startswith("follows the work"))
        cost += Money.total(line.amount for line in follows)
    risks = dict.fromkeys((risk for s in programme.sites for risk, _ in s.backlog))
    return Ratios(
        len(here), gia, office / both if both else None, max(0.0, unused - moved_in) / told_m2 if told_m2 else None, cost,
        float(cost.pounds) / gia if gia else None,
        tuple((r, Money.total(amount for s in here for risk, amount in s.backlog if risk == r)) for r in risks),
    )  # fmt: skip
