"""p-centre: p sites so that the worst-served area that has any demand is as near as can be (Hakimi 1964).

Only a distinct cost can be the answer, and whether one can is a set cover: can p sites cover everybody within it? The
search halves the costs left (Minieka 1970). The bound is the first cost above the largest at which covering was proved
to need more than p sites; the proof of that is the certificate. Sites left over go where they save most travel.

>>> from folkmoot.engines.siting.problem import Problem
>>> plan = solve(Problem("p-center", cost=[[0, 5, 9], [5, 0, 4], [9, 4, 0]], p=2))
>>> plan.value, plan.bound, str(plan.status), plan.certificate.kind
(4.0, 4.0, 'optimal', 'center')
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting import highs
from folkmoot.engines.siting.covers import fair
from folkmoot.engines.siting.covers.choice import Choice, Chosen, of
from folkmoot.engines.siting.covers.plans import certificate_of
from folkmoot.engines.siting.plan import Certificate, Plan
from folkmoot.engines.siting.served import nearest

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem


def solve(
    problem: Problem,
    *,
    gap: float = 0.0,
    should_stop: highs.ShouldStop | None = None,
    progress: highs.Progress | None = None,
    rng: np.random.Generator | None = None,
) -> Plan:
    """The plan; `value` is the cost of the worst-served area."""
    asked = problem.total > 0
    costs = np.where(problem.allowed, np.asarray(problem.cost), math.inf)[asked]
    near = costs.min(axis=1, initial=math.inf)
    if len(near) and not np.isfinite(near).all():
        area = problem.areas[int(np.flatnonzero(asked)[int(np.isinf(near).argmax())])]
        return _none(problem, Certificate("unreached", {"area": area}), 0)
    floor = float(near.max(initial=0.0))
    steps = np.unique(costs[np.isfinite(costs) & (costs >= floor)]) if len(near) else np.zeros(1)
    search = _Search(problem, steps, should_stop)
    low, high = 0, len(steps) - 1  # the answer is at low or above; high is the first step known to do
    proof: Certificate = _at_nearest(problem, floor)
    best: list[str] | None = None
    # A quick look where greedy covering does, then halving what is left, then proof from below.
    while low <= high:
        if should_stop is not None and should_stop():
            break
        middle = (low + high) // 2 if best is not None else (high if search.asked else (low + high) // 2)
        found = search.at(middle)
        if found.columns is not None and int(found.columns.sum()) <= search.p:
            best = search.codes(found)
            worst = search.worst(best)
            high = min(middle, int(np.searchsorted(steps, worst))) - 1
        elif found.infeasible or found.bound >= search.p + 1 - 1e-9:
            low = middle + 1
            proof = _beyond(problem, float(steps[middle]), found)
        else:
            break
        if progress:
            progress("Centring", None if best is None else search.worst(best), float(steps[min(low, len(steps) - 1)]))
    if low >= len(steps):
        return _none(problem, proof, search.nodes)
    bound = float(steps[low])
    if best is None:
        return Plan(
            problem.objective, problem.fingerprint, (), (), None, bound, certificate=proof, tolerance=gap,
            work={"covers": search.asked, "nodes": search.nodes},
        )  # fmt: skip
    chosen = _filled(problem, best)
    served = nearest(problem, chosen)
    value = float(served.cost[asked].max(initial=0.0))
    return Plan(
        problem.objective, problem.fingerprint, tuple(chosen), served.assignment, value, min(bound, value),
        certificate=proof, tolerance=gap, work={"covers": search.asked, "nodes": search.nodes},
    )  # fmt: skip


class _Search:
    """Set covers at one step after another."""

    def __init__(self, problem: Problem, steps: NDArray[np.float64], should_stop: highs.ShouldStop | None) -> None:
        assert problem.p is not None
        self.p = problem.p
        self._problem, self._steps, self._stop = problem, steps, should_stop
        self._choice: Choice | None = None
        self.asked = self.nodes = 0

    def at(self, step: int) -> Chosen:
        """The fewest sites within a cost, or as few as p, or proof that p do not do."""
        reach = self._problem.allowed & (np.asarray(self._problem.cost) <= self._steps[step])
        self._choice, order = of(self._problem, reach=reach, gains=None, most=None, price=np.ones(self._problem.m))
        self.asked += 1
        found = fair.best(self._problem, self._choice, order, enough=self.p + 1, should_stop=self._stop)
        self.nodes += found.nodes
        return found

    def codes(self, found: Chosen) -> list[str]:
        assert self._choice is not None
        assert found.columns is not None
        return [code for code, is_open in zip(self._choice.codes, found.columns) if is_open]

    def worst(self, codes: list[str]) -> float:
        cost = nearest(self._problem, codes).cost[self._problem.total > 0]
        return float(cost.max(initial=0.0))


def _filled(problem: Problem, chosen: list[str]) -> list[str]:
    """Sites up to p: each where it saves most demand-weighted cost."""
    assert problem.p is not None
    chosen = list(chosen)
    cost = np.where(problem.allowed, np.asarray(problem.cost), math.inf)
    spare = sorted(set(problem.sites) - set(chosen) - problem.must_close)
    columns = np.array([problem.site_index[code] for code in spare], dtype=np.int64)
    weight = problem.total
    now = cost[:, [problem.site_index[code] for code in chosen]].min(axis=1, initial=math.inf)
    while len(chosen) < problem.p:
        if chosen:
            with np.errstate(invalid="ignore"):
                saved = weight @ np.nan_to_num(np.maximum(0.0, now[:, None] - cost[:, columns]), posinf=0.0)
        else:
            saved = np.zeros(len(columns))
        k = int(saved.argmax())
        chosen.append(spare.pop(k))
        now = np.minimum(now, cost[:, columns[k]])
        columns = np.delete(columns, k)
    return sorted(chosen)


def _at_nearest(problem: Problem, floor: float) -> Certificate:
    """The area whose nearest site is furthest: nobody can do better for it."""
    costs = np.where(problem.allowed, np.asarray(problem.cost), math.inf).min(axis=1)
    rows = [i for i in range(problem.n) if problem.total[i] > 0 and costs[i] >= floor]
    return Certificate("nearest", {"area": problem.areas[rows[0]] if rows else ""})


def _beyond(problem: Problem, radius: float, found: Chosen) -> Certificate:
    if found.proof is None or "unreached" in found.proof:
        return Certificate("solver-trusted")
    return Certificate("center", {"radius": radius, "cover": certificate_of(problem, found.proof).data})


def _none(problem: Problem, proof: Certificate, nodes: int) -> Plan:
    return Plan(
        problem.objective, problem.fingerprint, (), (), None, math.inf, proved_infeasible=True, certificate=proof,
        work={"nodes": nodes},
    )  # fmt: skip
