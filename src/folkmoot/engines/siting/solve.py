"""The one way to a plan: each objective has its room, entered only when it is asked for.

>>> from folkmoot.engines.siting.problem import Problem
>>> plan = solve(Problem("mclp", cost=[[1, 9], [1, 9], [9, 2]], demand=[3, 4, 5], p=1, radius=2))
>>> plan.open, plan.value, str(plan.status)
(('1',), 7.0, 'optimal')
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from folkmoot.engines.siting.problem import Objective, ProblemError

if TYPE_CHECKING:
    from folkmoot.engines.siting.plan import Plan
    from folkmoot.engines.siting.problem import Problem

ROOMS = {
    Objective.P_MEDIAN: "median.solve:solve",
    Objective.LSCP: "covers.sets:solve",
    Objective.MCLP: "covers.most:solve",
    Objective.P_CENTER: "center:solve",
    Objective.UFLP: "facility.solve:solve",
    Objective.CFLP: "facility.solve:solve",
    Objective.CAPACITATED_P_MEDIAN: "facility.solve:solve",
}
"""Objective → module of this package and function `solve(problem, *, gap, should_stop, progress, rng) -> Plan`."""


def solve(
    problem: Problem,
    *,
    gap: float = 0.0,
    should_stop: Callable[[], bool] | None = None,
    progress: Callable[[str, float | None, float], None] | None = None,
    seed: int = 0,
) -> Plan:
    """The best plan, or the best found until `should_stop()`, always with a bound that holds.

    `gap`: be content within this share of the best. `progress(what, value, bound)` is told how far the search is.
    """
    if not 0 <= gap < 1:
        raise ProblemError(f"The gap must be a share from 0 to less than 1, such as 0.01; it is {gap}.")
    if problem.objective not in ROOMS:
        raise ProblemError(f"There is no solver for {problem.objective} yet.")
    module, name = ROOMS[problem.objective].split(":")
    room = getattr(import_module(f"folkmoot.engines.siting.{module}"), name)
    rng = np.random.Generator(np.random.Philox(key=seed))
    plan: Plan = room(problem, gap=gap, should_stop=should_stop, progress=progress, rng=rng)
    if plan.proved_infeasible and not plan.explanation:
        from folkmoot.engines.siting.why import explain

        said = tuple(reason.sentence for reason in explain(problem, should_stop=should_stop))
        return replace(plan, explanation=said)
    return plan
