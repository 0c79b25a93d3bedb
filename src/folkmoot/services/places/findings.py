"""What a plan means for people: the sites and their load, the minutes of each area, and who gains and who loses.

Today is everybody at the nearest existing site. After is everybody at the site the plan gives them. Groups are counted
in people: deprivation deciles, people over 65, people without a car. Plain JSON, drawn by pages and exports.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from folkmoot.engines.siting.access import by_group
from folkmoot.engines.siting.access.groups import ordered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from folkmoot.engines.siting.plan import Plan
    from folkmoot.engines.siting.problem import Problem
    from folkmoot.services.places.tables import Tables

ROUND_MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120)
SAME = 0.005
"""Minutes by which a journey must differ for somebody to gain or lose."""


def findings(problem: Problem, plan: Plan, tables: Tables, *, radius: float | None) -> dict[str, Any]:
    """Everything the pages show of a plan beside its certificate."""
    after = minutes_after(problem, plan, tables)
    before = minutes_today(tables)
    within = radius or round_time(after, problem.total)
    return {
        "within": within,
        "sites": sites(problem, plan, tables, after),
        "minutes": [_finite(m) for m in after],
        "today": None if before is None else [_finite(m) for m in before],
        "groups": groups(tables, before, after, within),
    }


def minutes_after(problem: Problem, plan: Plan, tables: Tables) -> NDArray[np.float64]:
    """Minutes of each area to the site the plan gives it; infinity where it gives none."""
    found = np.full(problem.n, np.inf)
    for i, given in enumerate(plan.assignment):
        if given and given[0]:
            found[i] = tables.minutes[i, problem.site_index[given[0]]]
    return found


def minutes_today(tables: Tables) -> NDArray[np.float64] | None:
    """Minutes of each area to the nearest existing site; None where nothing exists yet."""
    columns = [j for j, there in enumerate(tables.sites["existing"].to_pylist()) if there]
    return tables.minutes[:, columns].min(axis=1) if columns else None


def round_time(minutes: NDArray[np.float64], people: NDArray[np.float64]) -> float:
    """The shortest round time within which at least half of the people are served."""
    total = float(people.sum()) or 1.0
    for time in ROUND_MINUTES:
        if float(people[minutes <= time].sum()) >= total / 2:
            return float(time)
    return float(ROUND_MINUTES[-1])


def sites(problem: Problem, plan: Plan, tables: Tables, minutes: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Every candidate: whether it is open, what that changes, how many people it serves and from how far."""
    served: dict[str, list[int]] = {}
    for i, given in enumerate(plan.assignment):
        if given and given[0]:
            served.setdefault(given[0], []).append(i)
    is_open, total = set(plan.open), float(problem.total.sum()) or 1.0
    rows = []
    for row in tables.sites.to_pylist():
        code = row["site"]
        members = served.get(code, []) if code in is_open else []
        people = float(problem.total[members].sum())
        reached = [i for i in members if math.isfinite(minutes[i])]
        weight = float(problem.total[reached].sum())
        rows.append(
            {
                "site": code, "name": row["name"], "lon": row["lon"], "lat": row["lat"], "existing": row["existing"],
                "open": code in is_open, "change": change(row["existing"], code in is_open),
                "people": people, "share": people / total,
                "mean": float(problem.total[reached] @ minutes[reached]) / weight if weight else None,
                "capacity": row.get("capacity"), "opening_cost": row.get("opening_cost"),
            }
        )  # fmt: skip
    return rows


def change(existing: bool, is_open: bool) -> str:
    """What becomes of a site: keep, open, close, or unused."""
    return ("keep" if is_open else "close") if existing else ("open" if is_open else "unused")


def groups(
    tables: Tables, before: NDArray[np.float64] | None, after: NDArray[np.float64], within: float
) -> list[dict[str, Any]]:
    """Travel of each group before and after, and how many of it gain and lose."""
    people = tables.amount("people")
    assert people is not None
    found = [_group("all", "", people, before, after, within)]
    if (deciles := tables.deciles) is not None:
        labels = np.array(deciles)
        for label in ordered(set(deciles)):
            found.append(_group("decile", label, np.where(labels == label, people, 0.0), before, after, within))
    for name in ("older", "without_car"):
        if (members := tables.amount(name)) is not None:
            found.append(_group(name, "", members, before, after, within))
    return found


def _group(
    kind: str, label: str, people: NDArray[np.float64], before: Any, after: NDArray[np.float64], within: float
) -> dict[str, Any]:
    def measure(minutes: NDArray[np.float64]) -> dict[str, Any]:
        (found,) = by_group(minutes, people, within=(within,))
        facts = asdict(found)
        return {
            "mean": _finite(facts["mean"]), "median": _finite(facts["median"]), "worst": _finite(facts["worst_tenth"]),
            "longest": _finite(facts["longest"]), "within": _finite(facts["within"][0][1]),
            "unreached": facts["unreached"],
        }  # fmt: skip

    row: dict[str, Any] = {"kind": kind, "label": label, "people": math.fsum(people), "after": measure(after)}
    if before is None:
        return row | {"before": None, "gained": 0.0, "lost": 0.0, "most_lost": 0.0}
    with np.errstate(invalid="ignore"):
        more = np.where(np.isinf(before) & np.isinf(after), 0.0, after - before)
    return row | {
        "before": measure(before),
        "gained": math.fsum(people[more < -SAME]),
        "lost": math.fsum(people[more > SAME]),
        "most_lost": _finite(float(more[people > 0].max(initial=0.0))),
    }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
