"""What the engine found, as plain JSON that pages draw: money in pounds, each line of cash with where it was read."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from folkmoot.engines.estate import appraise, by_decile, ratios
from folkmoot.engines.estate import plan as schedule

if TYPE_CHECKING:
    from collections.abc import Callable

    from folkmoot.engines.estate import Appraisal, CashLine, Frontier, Plan, Programme, Ratios, Settings

NEAR = 0.0005
"""A plan may end within one part in two thousand of its bound; it is then called feasible, with that gap."""
FRONTIER_NEAR, FRONTIER_NODES = 0.002, 100


def scheduled(
    programme: Programme,
    curve: Frontier,
    *,
    should_stop: Callable[[], bool],
    point: Callable[[float | None, float | None], None],
    near: float = NEAR,
    max_nodes: int | None = None,
) -> tuple[Plan, Plan, str]:
    """The plan asked for; the plan shown; and, where they differ, the sentence why. `point` hears £ thousand saved."""

    def tell(value: float | None, bound: float) -> None:
        point(None if value is None else -value, -bound)

    def tried(asked: Programme) -> Plan:
        return schedule(asked, should_stop=should_stop, near=near, max_nodes=max_nodes, progress=tell)

    asked = tried(programme)
    if asked.status != "infeasible" or curve.fewest is None or programme.max_sites is None:
        return asked, asked, ""
    for size in range(curve.fewest, programme.open_today + 1):
        best = tried(replace(programme, max_sites=size))
        if best.objective is not None:
            return asked, best, (
                f"A limit of {programme.max_sites} cannot be kept with what is known. The plan shown ends with "
                f"{best.sites_after} sites, the fewest that can be scheduled."
            )  # fmt: skip
        if best.status == "unknown":
            break
    return asked, asked, ""


def answer(programme: Programme, curve: Frontier, asked: Plan, shown: Plan, instead: str) -> dict[str, Any]:
    """Everything about a programme: plan, breaches, value, access, ratios, frontier, assumptions, statements."""
    has_plan = shown.objective is not None
    value = appraise(shown, programme) if has_plan else None
    return {
        "status": asked.status,
        "instead": instead,
        "breaches": [asdict(one) for one in asked.breaches],
        "plan": {
            "status": shown.status, "objective": shown.objective, "bound": shown.bound, "gap": shown.gap,
            "proof": shown.proof, "nodes": shown.nodes, "checked": list(shown.checked),
            "sites_today": shown.sites_today, "sites_after": shown.sites_after,
            "closed": list(shown.closed), "opened": list(shown.opened), "steps": [asdict(one) for one in shown.steps],
        },
        "years": programme.years,
        "horizon": programme.horizon,
        "start_year": programme.start_year,
        "price_year": programme.price_year,
        "lines": [line(one) for one in shown.lines],
        "value": _value(value) if value else None,
        "access": [asdict(one) for one in by_decile(programme, shown.closed)] if has_plan else [],
        "has_travel": programme.travel is not None,
        "ratios": {"before": ratio(ratios(programme)), "after": ratio(ratios(programme, shown)) if has_plan else None},
        "frontier": frontier(curve),
        "assumptions": assumptions(programme.settings),
        "statements": list(programme.statements),
        "sites": [site(programme, one.code) for one in programme.sites],
    }  # fmt: skip


def line(one: CashLine) -> dict[str, Any]:
    """One line of cash, for each year from `first` to `last`, with its trace."""
    return {
        "site": one.site, "item": one.item, "kind": one.kind, "first": one.first, "last": one.last,
        "pence": one.amount.pence, "sources": [asdict(each) for each in one.sources],
        "assumptions": list(one.assumptions), "formula": one.formula,
    }  # fmt: skip


def site(programme: Programme, code: str) -> dict[str, Any]:
    """A site as the pages of a programme need it."""
    one = next(each for each in programme.sites if each.code == code)
    return {
        "code": one.code, "name": one.name, "kind": one.kind, "m2": one.gia_m2, "tenure": one.tenure,
        "lease_break": one.lease_break, "lease_end": one.lease_end, "lon": one.lon, "lat": one.lat,
        "is_open": one.is_open,
    }  # fmt: skip


def ratio(one: Ratios) -> dict[str, Any]:
    """Carter's ratios with pounds."""
    return {
        "sites": one.sites, "m2": one.gia_m2, "non_clinical": one.non_clinical_share, "unused": one.unused_share,
        "cost": float(one.running_cost.pounds), "cost_per_m2": one.cost_per_m2,
        "backlog": [[risk, float(amount.pounds)] for risk, amount in one.backlog],
    }  # fmt: skip


def frontier(curve: Frontier) -> dict[str, Any]:
    """The whole curve."""
    return asdict(curve)


def assumptions(settings: Settings) -> list[dict[str, Any]]:
    """Every figure that the data do not hold, those nobody stated first."""
    return [asdict(one) for one in sorted(settings.assumptions, key=lambda one: one.given)]


def _value(found: Appraisal) -> dict[str, Any]:
    return {
        "npv": found.npv, "benefits": found.benefits, "costs": found.costs, "bcr": found.bcr,
        "receipts": found.receipts, "transfers": found.transfers, "price_year": found.price_year,
        "years": [
            {
                "year": year.calendar_year, "factor": year.factor, "present": year.present,
                "by_kind": [[kind, amount.pence] for kind, amount in year.by_kind],
            }
            for year in found.years
        ],
        "switching": [asdict(one) for one in found.switching],
        "statements": list(found.statements),
    }  # fmt: skip
