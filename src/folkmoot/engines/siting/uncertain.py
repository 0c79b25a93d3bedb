"""A plan when demand is not known: how often each site is in the best plan, and how much a plan may come to regret.

Draws of demand are given, or made from a spread: each area's demand varies independently around its own (gamma or
lognormal, whose mean is the demand given and whose coefficient of variation is the spread), and all may swing together.
Regret is a plan's value under a draw less the best plan's value under that draw (Savage 1951), as a share of the latter.
Every best plan is solved, so each is as good as its own gap says; regret is counted against its *bound*, which no plan
is below, so it is never told smaller than it is.

>>> import numpy as np
>>> from folkmoot.engines.siting.problem import Problem
>>> problem = Problem("mclp", cost=[[1, 9], [1, 9], [9, 2]], demand=[3, 4, 6], p=1, radius=2)
>>> found = stress(problem, ("1",), np.array([[3.0, 4, 6], [1, 1, 6]]))
>>> found.chosen, found.regret.tolist()
((('1', 0.5), ('2', 0.5)), [0.0, 0.6666666666666666])
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.problem import Objective, Problem, ProblemError
from folkmoot.engines.siting.served import nearest

type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stress:
    """`chosen`: sites and the share of draws in whose best plan they are, most often first; arrays are by draw."""

    chosen: tuple[tuple[str, float], ...]
    value: Floats
    """Of the plan, under each draw; NaN where it keeps not all limits of the draw."""
    best: Floats
    """What no plan is better than, under each draw."""
    regret: Floats
    proved: int
    """In how many draws the best plan was proved optimal."""
    draws: int
    """How many were done: fewer than asked for if it was stopped."""

    @property
    def mean_regret(self) -> float:
        return float(np.mean(self.regret)) if self.draws else math.nan

    @property
    def worst_regret(self) -> float:
        return float(np.max(self.regret)) if self.draws else math.nan


def draws(
    demand: Any,
    count: int,
    rng: np.random.Generator,
    *,
    spread: float = 0.2,
    together: float = 0.0,
    shape: str = "gamma",
) -> Floats:
    """Demand drawn `count` times (count × n, or count × n × s); areas without demand stay without.

    `spread` is the coefficient of variation of each area by itself, `together` that of a factor all share.
    """
    demand = np.asarray(demand, dtype=float)
    if count < 1 or not 0 <= spread < math.inf or not 0 <= together < math.inf:
        raise ProblemError("Ask for at least one draw, with spreads of at least 0.")
    if shape not in ("gamma", "lognormal"):
        raise ProblemError(f"Demand is drawn as gamma or lognormal, not as “{shape}”.")

    def factors(size: tuple[int, ...], variation: float) -> Floats:
        if variation == 0:
            return np.ones(size)
        if shape == "gamma":
            return rng.gamma(1 / variation**2, variation**2, size)
        sigma = math.sqrt(math.log1p(variation**2))
        return rng.lognormal(-(sigma**2) / 2, sigma, size)

    common = factors((count,) + (1,) * demand.ndim, together)
    return np.asarray(demand[None, ...] * factors((count, *demand.shape), spread) * common)


def stress(
    problem: Problem,
    open_sites: Iterable[str],
    demand_draws: Any,
    *,
    gap: float = 0.001,
    seed: int = 0,
    should_stop: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Stress:
    """The plan with these sites open against the best plan of every draw (count × n, or count × n × s)."""
    from folkmoot.engines.siting.solve import solve

    given = np.asarray(demand_draws, dtype=float)
    if given.shape[1:] != np.asarray(problem.demand).shape or not len(given):
        raise ProblemError("Every draw needs a demand for each area, as the problem has.")
    chosen = tuple(sorted(set(open_sites)))
    problem.columns(chosen)
    times: dict[str, int] = {}
    values, bests, regrets = [], [], []
    proved = 0
    for number, demand in enumerate(given):
        if should_stop is not None and should_stop():
            break
        drawn = replace(problem, demand=demand)
        plan = solve(drawn, gap=gap, seed=seed, should_stop=should_stop)
        if plan.value is None:
            if should_stop is not None and should_stop():
                break
            continue
        own = value_of(drawn, chosen)
        proved += plan.gap <= max(gap, 1e-12)
        for code in plan.open:
            times[code] = times.get(code, 0) + 1
        worse = (plan.bound - own) if problem.objective.maximises else (own - plan.bound)
        values.append(own)
        bests.append(plan.bound)
        regrets.append(max(0.0, worse) / abs(plan.bound) if plan.bound else (0.0 if worse <= 0 else math.inf))
        if progress:
            progress(number + 1, len(given))
    done = len(values)
    often = sorted(((code, count / done) for code, count in times.items()), key=lambda pair: (-pair[1], pair[0]))
    return Stress(tuple(often), np.array(values), np.array(bests), np.array(regrets), proved, done)


def value_of(problem: Problem, chosen: tuple[str, ...]) -> float:
    """What a plan with these sites open is worth under the demand of a problem."""
    objective = problem.objective
    if objective.needs_capacity:
        from folkmoot.engines.siting.solve import solve

        closed = frozenset(problem.sites) - set(chosen)
        plan = solve(replace(problem, must_open=frozenset(chosen), must_close=closed), gap=1e-6)
        return math.nan if plan.value is None else plan.value
    served, asked = nearest(problem, chosen), problem.total > 0
    opening = 0.0 if problem.opening_cost is None else math.fsum(problem.opening_cost[problem.columns(chosen)])
    if objective is Objective.MCLP:
        return math.fsum(problem.total[asked & (served.cost <= (problem.radius or 0.0))])
    if objective is Objective.P_CENTER:
        return float(served.cost[asked].max(initial=0.0))
    if objective is Objective.LSCP:
        return float(len(chosen)) if problem.opening_cost is None else opening
    travel = math.fsum((problem.total[asked] * served.cost[asked]).tolist())
    return travel + (opening if objective is Objective.UFLP else 0.0)
