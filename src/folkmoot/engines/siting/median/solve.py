"""From a problem to a plan of p sites with its bound and the proof of it.

>>> from folkmoot.engines.siting.problem import Problem
>>> plan = solve(Problem("p-median", cost=[[0, 5, 9], [5, 0, 4], [9, 4, 0]], demand=[3, 1, 1], p=1))
>>> plan.open, plan.value, plan.bound, str(plan.status)
(('1',), 14.0, 14.0, 'optimal')
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from folkmoot.engines.siting.median import instance as instances
from folkmoot.engines.siting.median.search import Search
from folkmoot.engines.siting.plan import Certificate, Plan, Status
from folkmoot.engines.siting.problem import Objective
from folkmoot.engines.siting.served import nearest

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem


def solve(
    problem: Problem,
    *,
    gap: float = 0.0,
    should_stop: Callable[[], bool] | None = None,
    progress: Callable[[str, float | None, float], None] | None = None,
    rng: np.random.Generator | None = None,
) -> Plan:
    """The p sites of least demand-weighted cost, or the best found until `should_stop()`."""
    if problem.equity is not None:
        from folkmoot.engines.siting.facility.solve import solve as by_model

        return by_model(problem, gap=gap, should_stop=should_stop, progress=progress, rng=rng)
    rng = np.random.Generator(np.random.Philox(key=0)) if rng is None else rng
    alone = (problem.total > 0) & ~problem.allowed.any(axis=1)
    if alone.any():
        return _unreached(problem, problem.areas[int(alone.argmax())])
    instance = instances.of(problem)
    tolerance = gap if instance.whole else max(gap, instances.TOLERANCE)
    codes = [problem.sites[j] for j in instance.columns]

    def tell(what: str, value: float, bound: float) -> None:
        if progress is not None:
            known = instance.told(value) if math.isfinite(value) else None
            progress(what, known, instance.told(bound))

    search = Search(instance, rng, gap, should_stop, tell)
    search.plans.begin()
    if not math.isfinite(search.plans.value):
        whole = _all_reached(problem, should_stop)
        if whole.value is None:
            return whole
        number = {code: k for k, code in enumerate(codes)}
        search.plans.begin(np.array([number[code] for code in whole.open], dtype=np.int64))
    search.vary()
    search.prove()
    chosen = tuple(sorted(codes[j] for j in search.plans.chosen))
    served = nearest(problem, chosen)
    bound = instance.told(search.record.least)
    if instance.whole:
        value = instance.told(search.plans.value)
    else:
        asked = problem.total > 0
        value = math.fsum(problem.total[asked] * served.cost[asked])
    per: dict[str, Any] = {
        "unit": [instance.unit.numerator, instance.unit.denominator],
        "step": instance.step,
        "whole": instance.whole,
    }
    return Plan(
        problem.objective, problem.fingerprint, chosen, served.assignment, value, min(bound, value),
        tolerance=tolerance, certificate=search.record.certificate(instance, codes, per), work=search.work,
    )  # fmt: skip


def _unreached(problem: Problem, area: str) -> Plan:
    limit = "" if problem.max_cost is None else f" within the longest travel allowed, {problem.max_cost:g}"
    return Plan(
        problem.objective, problem.fingerprint, (), (), None, math.inf, proved_infeasible=True,
        certificate=Certificate("unreached", {"area": area}),
        explanation=(f"Area “{area}” has demand and no site that it may use{limit}.",),
    )  # fmt: skip


def _all_reached(problem: Problem, should_stop: Callable[[], bool] | None) -> Plan:
    """A plan in which everybody reaches a site, as the p-centre is one; or proof that there is none."""
    from folkmoot.engines.siting import center

    found = center.solve(replace(problem, objective=Objective.P_CENTER), should_stop=should_stop)
    told: tuple[str, ...] = ()
    if found.status is Status.INFEASIBLE:
        limit = "" if problem.max_cost is None else f" within the longest travel allowed, {problem.max_cost:g}"
        told = (f"No {problem.p} sites reach every area that has demand{limit}; more are needed.",)
    return replace(
        found, objective=problem.objective, fingerprint=problem.fingerprint, explanation=told,
        bound=found.bound if found.value is None and found.proved_infeasible else 0.0,
        certificate=found.certificate if found.proved_infeasible else Certificate("none"),
    )  # fmt: skip
