"""Set covering (LSCP): everybody with any demand within the radius, by the fewest sites or the least opening cost.

Sources: Toregas, Swain, ReVelle and Bergman (1971); rows and columns are reduced first (Toregas and ReVelle 1973).

>>> from folkmoot.engines.siting.problem import Problem
>>> plan = solve(Problem("lscp", cost=[[1, 9, 2], [9, 1, 2], [9, 1, 9]], radius=2))
>>> plan.open, plan.value, str(plan.status)
(('1', '2'), 2.0, 'optimal')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from folkmoot.engines.siting import highs
from folkmoot.engines.siting.covers import fair
from folkmoot.engines.siting.covers.choice import of
from folkmoot.engines.siting.covers.plans import plan_of

if TYPE_CHECKING:
    from folkmoot.engines.siting.plan import Plan
    from folkmoot.engines.siting.problem import Problem


def solve(
    problem: Problem,
    *,
    gap: float = 0.0,
    should_stop: highs.ShouldStop | None = None,
    progress: highs.Progress | None = None,
    rng: np.random.Generator | None = None,
) -> Plan:
    """The plan; `value` is the number of sites, or their opening cost where that is given."""
    near = problem.allowed & (np.asarray(problem.cost) <= problem.radius)
    price = np.ones(problem.m) if problem.opening_cost is None else np.asarray(problem.opening_cost)
    choice, order = of(problem, reach=near, gains=None, most=None, price=price)

    def tell(value: float | None, bound: float) -> None:
        if progress:
            progress("Covering", value, bound)

    found = fair.best(problem, choice, order, gap=gap, should_stop=should_stop, progress=tell)
    return plan_of(problem, choice, found, gap=gap)
