"""No group may travel further on average than today by more than a slack: what that means, and the rows that say it.

Today is everybody at the nearest existing site they may use. A group's mean is weighted by demand. Where the model has
no variable for who goes where, a plan that breaks the limit is cut off by the row that its nearest costs d give:
Σ w_i (d_i − Σ_j max(0, d_i − d_ij) y_j) ≤ limit, which every plan within the limit satisfies (Benders 1962; the same
thresholds as in Cornuéjols, Fisher and Nemhauser 1977).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.engines.siting.served import nearest

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem

type Floats = NDArray[np.float64]
CLOSE = 1e-9
"""Means that differ by less, relative, are equal."""


@dataclass(frozen=True, eq=False)
class Limits:
    """For each group its areas, its mean today and the largest total cost (demand × cost) it may have."""

    names: tuple[str, ...]
    members: tuple[NDArray[np.int64], ...]
    today: Floats
    most: Floats


def limits(problem: Problem) -> Limits | None:
    """The equity limits of a problem; None where it has none. Groups without demand have no mean and no limit."""
    if problem.equity is None:
        return None
    labels = np.asarray(problem.group).astype(str)
    cost, demand = nearest(problem, problem.existing - problem.must_close).cost, problem.total
    if problem.existing & problem.must_close:  # today they are still open
        columns = problem.columns(problem.existing)
        reach = np.isfinite(np.asarray(problem.cost)[:, columns])
        cost = np.where(reach, np.asarray(problem.cost)[:, columns], math.inf).min(axis=1)
    names, members, today, most = [], [], [], []
    for name in sorted(set(labels)):
        rows = np.flatnonzero((labels == name) & (demand > 0))
        if not len(rows):
            continue
        if not np.isfinite(cost[rows]).all():
            area = problem.areas[rows[~np.isfinite(cost[rows])][0]]
            raise ProblemError(
                f"Area “{area}” of group “{name}” reaches no existing site, so the group has no mean of today to "
                "compare with. Leave the area out, or its group without a limit."
            )
        weight = demand[rows].sum()
        mean = float(demand[rows] @ cost[rows] / weight)
        names.append(name)
        members.append(rows)
        today.append(mean)
        most.append((mean + problem.equity.slack) * weight)
    return Limits(tuple(names), tuple(members), np.array(today), np.array(most))


def broken(problem: Problem, found: Limits, cost: Floats) -> list[int]:
    """The groups whose total cost is beyond their limit."""
    demand = problem.total
    totals = [float(demand[rows] @ cost[rows]) for rows in found.members]
    return [g for g, total in enumerate(totals) if not total <= found.most[g] * (1 + CLOSE) + CLOSE]


def cut(problem: Problem, found: Limits, group: int, cost: Floats) -> tuple[Floats, float]:
    """(row, least): row·y ≥ least for every plan within the group's limit, and not for the plan with these costs."""
    rows = found.members[group]
    reach = cost[rows]
    far = np.where(problem.allowed[rows], np.asarray(problem.cost)[rows], math.inf)
    known = np.where(np.isfinite(reach), reach, np.where(np.isfinite(far), far, -math.inf).max(axis=1, initial=0.0))
    saved = np.where(np.isfinite(far), np.maximum(0.0, known[:, None] - far), 0.0)
    weight = problem.total[rows]
    return weight @ saved, float(weight @ known - found.most[group])
