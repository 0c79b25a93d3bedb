"""Maximal covering (MCLP): at most p sites, most demand within the radius (Church and ReVelle 1974).

With a longest travel (`max_cost`) beyond the radius this is maximal covering with mandatory closeness, of the same
paper: most demand within the radius, and everybody with any demand within the longest travel.

>>> from folkmoot.engines.siting.problem import Problem
>>> plan = solve(Problem("mclp", cost=[[1, 9], [1, 9], [9, 2]], demand=[3, 4, 5], p=1, radius=2))
>>> plan.open, plan.value, str(plan.status)
(('1',), 7.0, 'optimal')
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
    """The plan; `value` is the demand covered and `bound` the most that any plan could cover."""
    near = problem.allowed & (np.asarray(problem.cost) <= problem.radius)
    reach = problem.allowed if problem.max_cost is not None or problem.equity is not None else None
    choice, order = of(problem, reach=reach, gains=near, most=problem.p)

    def tell(value: float | None, bound: float) -> None:
        if progress:
            progress("Covering", None if value is None else -value, -bound)

    found = fair.best(problem, choice, order, gap=gap, should_stop=should_stop, progress=tell)
    return plan_of(problem, choice, found, gap=gap)
