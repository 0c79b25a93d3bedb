"""A p-median as the search sees it: whole numbers, areas without demand left out, sites that must close left out.

Rows and columns are in the order of the codes, so that the order in which they were given changes nothing. Costs are
demand × cost in units of which the objective is a whole multiple (`step` of them make one), held as whole floats. Every
sum stays below 2^53, where floats are exact: a bound computed from them is a proof, not an estimate.

Where demand or cost have no common unit, costs are rounded down to about 50 binary digits of the total. Bounds still
hold, and a value is proved to a relative `TOLERANCE`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.whole import Whole, unit_of

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem

type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]

ROOM = 2.0**50
"""The dearest plan, in the units of the search."""
FINEST = 16
"""Multipliers are multiples of 2^−FINEST of the objective's unit, or coarser where the total is large."""
TOLERANCE = 1e-9
"""To what an optimum is proved where costs have no common unit."""


@dataclass(frozen=True, eq=False)
class Instance:
    """`cost` (sites × clients); `far` stands for “may not”: dearer than any plan that serves everybody."""

    cost: Floats
    far: float
    rows: NDArray[np.int64]
    """The problem's row of each client."""
    columns: NDArray[np.int64]
    """The problem's column of each site."""
    forced: Bools
    p: int
    step: int
    """The search's units in one unit of the objective; 1 where there is none."""
    unit: Fraction
    """One unit of the objective (or, where there is none, of the search) in the problem's own."""
    whole: bool

    @property
    def n(self) -> int:
        """Clients."""
        return int(self.cost.shape[1])

    @property
    def m(self) -> int:
        """Sites."""
        return int(self.cost.shape[0])

    def enough(self, value: float, gap: float) -> float:
        """The least bound with which a plan of this value is as good as proved, in the units of the search."""
        least = value - self.step + 1 if self.whole else math.floor(value * (1 - TOLERANCE) - self.n)
        return min(least, math.ceil(value * (1 - gap))) if gap else least

    def told(self, number: float) -> float:
        """A value or bound in the problem's own unit; a bound is rounded up to what a plan can cost."""
        if not math.isfinite(number):
            return number
        units = -(-int(number) // self.step) if self.whole else int(number)
        return float(units * self.unit)


def of(problem: Problem) -> Instance:
    """The instance; clients that reach no site are the caller's to refuse beforehand."""
    rows = np.array(sorted(np.flatnonzero(problem.total > 0), key=lambda i: problem.areas[i]), dtype=np.int64)
    kept = sorted(set(problem.sites) - problem.must_close)
    columns = np.array([problem.site_index[code] for code in kept], dtype=np.int64)
    forced = np.array([code in problem.must_open for code in kept])
    cost = np.asarray(problem.cost)[np.ix_(rows, columns)]
    allowed = problem.allowed[np.ix_(rows, columns)]
    demand = problem.total[rows]
    assert problem.p is not None
    found = _in_units(np.where(allowed, cost, 0.0), demand)
    if found is None:
        cost = np.where(allowed, cost, 0.0) * demand[:, None]
        per_one = math.floor(math.log2(ROOM / max(float(cost.max(axis=1, initial=0.0).sum()), 1e-290)))
        unit, step, whole = Fraction(1) / Fraction(2) ** per_one, 1, False
        cost = np.floor(np.ldexp(cost, per_one))
    else:
        cost, unit = found
        dearest = max(float(cost.max(axis=1, initial=0.0).sum()), 1.0)
        step, whole = 2 ** max(0, min(FINEST, math.floor(math.log2(ROOM / dearest)))), True
        cost = cost * step
    far = float(cost.max(axis=1, initial=0.0).sum()) + 1.0
    cost[~allowed] = far
    return Instance(
        np.ascontiguousarray(cost.T), far, rows, columns, forced, problem.p, step, unit, whole,
    )  # fmt: skip


def _in_units(cost: Floats, demand: Floats) -> tuple[Floats, Fraction] | None:
    """Demand × cost as whole numbers and what one of them is, or None where they have no common unit."""
    whole_cost, whole_demand = _smallest(unit_of(cost)), _smallest(unit_of(demand))
    if whole_cost is None or whole_demand is None:
        return None
    (amounts, unit), (weights, share) = whole_cost, whole_demand
    if float(amounts.max(axis=1, initial=0).astype(float) @ weights) >= ROOM:
        return None
    return amounts.astype(np.float64) * weights[:, None], unit * share


def _smallest(found: Whole | None) -> tuple[NDArray[np.int64], Fraction] | None:
    if found is None:
        return None
    common = 0
    for amounts in np.atleast_2d(found.amounts):
        common = math.gcd(common, int(np.gcd.reduce(amounts)))
        if common == 1:  # as mostly after the first row
            return found.amounts, Fraction(1, found.per_one)
    return found.amounts // max(1, common), Fraction(max(1, common), found.per_one)
