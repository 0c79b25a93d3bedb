"""Why one plan differs from another, in sentences: what is exchanged for what, what it costs, who gains and who loses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from folkmoot.engines.siting.access.groups import Panel
    from folkmoot.engines.siting.plan import Plan
    from folkmoot.engines.siting.problem import Problem


def reason(problem: Problem, best: Plan, other: Plan, travel: Panel) -> str:
    """Three or four sentences on the other plan against the best."""
    assert best.value is not None
    assert other.value is not None
    said = [exchange(problem, best, other)]
    change = other.value - best.value
    worse = change < 0 if problem.objective.maximises else change > 0
    if change == 0:
        said.append("It is exactly as good.")
    else:
        share = abs(change) / abs(best.value) if best.value else math.inf
        said.append(
            f"Its value is {other.value:,.6g} instead of {best.value:,.6g}, {share:.2%} {'worse' if worse else 'better'}."
        )
    everybody = travel.everybody
    said.append(
        f"Demand of {everybody.gained:,.6g} travels less and {everybody.lost:,.6g} more; the mean goes from "
        f"{everybody.before.mean:.4g} to {everybody.after.mean:.4g}."
    )
    if everybody.most_lost > 0:
        said.append(_worst(problem, best, other))
    changed = [g for g in travel.groups if math.isfinite(g.change_of_mean)]
    if changed:
        up, down = max(changed, key=lambda g: g.change_of_mean), min(changed, key=lambda g: g.change_of_mean)
        if up.change_of_mean > 0:
            said.append(f"Of the groups, “{up.group}” loses most ({up.change_of_mean:+.3g} on average).")
        if down.change_of_mean < 0:
            said.append(f"Group “{down.group}” gains most ({down.change_of_mean:+.3g}).")
    return " ".join(said)


def exchange(problem: Problem, best: Plan, other: Plan) -> str:
    """Which site takes the place of which: the one that most of a closed site's demand goes to."""
    closed, opened = sorted(set(best.open) - set(other.open)), sorted(set(other.open) - set(best.open))
    parts = []
    for code in closed:
        goes: dict[str, float] = {}
        for i, (before, after) in enumerate(zip(best.assignment, other.assignment)):
            for s, site in enumerate(before):
                if site == code and after[s]:
                    goes[after[s]] = goes.get(after[s], 0.0) + float(problem.load[i, s])
        if goes:
            to = max(sorted(goes), key=lambda site: goes[site])
            parts.append(
                f"“{code}” closes and most of its demand goes to “{to}”" + (", which opens" if to in opened else "")
            )
        else:
            parts.append(f"“{code}” closes")
    rest = [code for code in opened if not any(f"“{code}”, which opens" in part for part in parts)]
    if rest:
        parts.append(f"{', '.join(f'“{code}”' for code in rest)} {'opens' if len(rest) == 1 else 'open'}")
    return ("; ".join(parts) or "The same sites are open") + "."


def _worst(problem: Problem, best: Plan, other: Plan) -> str:
    cost = np.asarray(problem.cost)

    def reach(plan: Plan) -> np.ndarray:
        columns = problem.columns(plan.open)
        return np.asarray(
            np.where(problem.allowed[:, columns], cost[:, columns], math.inf).min(axis=1, initial=math.inf)
        )

    before, after = reach(best), reach(other)
    with np.errstate(invalid="ignore"):
        more = np.where(np.isfinite(before) & (problem.total > 0), after - before, -math.inf)
    i = int(more.argmax())
    if math.isinf(after[i]):
        return f"Area “{problem.areas[i]}” would reach no site."
    return f"Area “{problem.areas[i]}” loses most: {before[i]:.4g} becomes {after[i]:.4g}."
