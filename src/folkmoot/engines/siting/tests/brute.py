"""Every plan of a small problem, tried one by one: what the solvers are held against. Shares nothing with them."""

from __future__ import annotations

import itertools
import math

import numpy as np

from folkmoot.engines.siting.problem import EquityLimit, Objective, Problem, ProblemError


def best_value(problem: Problem) -> float | None:
    """The best value there is, or None where no plan exists."""
    best: float | None = None
    for size in range(problem.m + 1):
        for columns in itertools.combinations(range(problem.m), size):
            value = _value(problem, list(columns))
            if value is not None and (best is None or (value > best if problem.objective.maximises else value < best)):
                best = value
    return best


def _value(problem: Problem, columns: list[int]) -> float | None:
    codes = {problem.sites[j] for j in columns}
    objective, total = problem.objective, problem.total
    if not problem.must_open <= codes or codes & problem.must_close:
        return None
    if objective is Objective.MCLP:
        if len(columns) > problem.p:
            return None
    elif problem.p is not None and len(columns) != problem.p:
        return None
    cost = np.where(problem.allowed, problem.cost, math.inf)[:, columns]
    near = cost.min(axis=1, initial=math.inf)
    asked = total > 0
    opening = 0.0 if problem.opening_cost is None else float(np.sum(np.asarray(problem.opening_cost)[columns]))
    if objective.needs_capacity:
        return _packed(problem, columns, opening if objective is Objective.CFLP else 0.0)
    must_serve = objective is not Objective.MCLP or problem.max_cost is not None or problem.equity is not None
    if must_serve and not np.isfinite(near[asked]).all():
        return None
    if problem.equity is not None and not _fair(problem, total * np.where(asked, near, 0.0)):
        return None
    if objective is Objective.MCLP:
        return float(total[asked & (near <= problem.radius)].sum())
    if objective is Objective.LSCP:
        if (near[asked] > problem.radius).any():
            return None
        return float(len(columns)) if problem.opening_cost is None else opening
    if objective is Objective.P_CENTER:
        return float(near[asked].max(initial=0.0))
    return float((total[asked] * near[asked]).sum()) + (opening if objective is Objective.UFLP else 0.0)


def _packed(problem: Problem, columns: list[int], opening: float) -> float | None:
    clients = [(int(i), int(s)) for i, s in np.argwhere(problem.load > 0)]
    room = np.asarray(problem.capacity, dtype=float).reshape(problem.m, -1)
    options = [[j for j in columns if problem.allowed[i, j]] for i, _ in clients]
    best: float | None = None
    for used in itertools.product(*options):
        asked = np.zeros_like(room)
        spent = np.zeros(problem.n)
        for (i, s), j in zip(clients, used):
            asked[j, s] += problem.load[i, s]
            spent[i] += problem.load[i, s] * problem.cost[i, j]
        if (asked > room + 1e-9).any() or (problem.equity is not None and not _fair(problem, spent)):
            continue
        value = opening + float(spent.sum())
        best = value if best is None else min(best, value)
    return best


def _fair(problem: Problem, spent: np.ndarray) -> bool:
    columns = [problem.site_index[code] for code in problem.existing]
    closed = np.array([[(a, problem.sites[j]) in problem.forbidden for j in columns] for a in problem.areas])
    reach = np.where(closed, math.inf, np.asarray(problem.cost)[:, columns])
    if problem.max_cost is not None:
        reach = np.where(reach <= problem.max_cost, reach, math.inf)
    today = reach.min(axis=1)
    labels = np.asarray(problem.group).astype(str)
    for name in set(labels):
        rows = (labels == name) & (problem.total > 0)
        if rows.any():
            limit = (problem.total[rows] * today[rows]).sum() + problem.equity.slack * problem.total[rows].sum()
            if spent[rows].sum() > limit + 1e-9:
                return False
    return True


def some_problem(objective: str, rng: np.random.Generator) -> Problem | None:
    """A small problem with whatever limits chance gives it; None where chance gave one that cannot be meant."""
    crowded = objective in ("cflp", "capacitated-p-median")
    n, m = int(rng.integers(1, 6 if crowded else 11)), int(rng.integers(1, 4 if crowded else 7))
    services = int(rng.integers(1, 3)) if objective == "capacitated-p-median" else 1
    n = min(n, 3) if services == 2 else n
    cost = rng.integers(0, 20, (n, m)).astype(float)
    cost[rng.random((n, m)) < 0.1] = math.inf
    demand = rng.integers(0, 6, (n, services)) / (1 if rng.random() < 0.7 else 3)
    if rng.random() < 0.15:
        demand = rng.random((n, services))
    sites, areas = tuple(f"s{j}" for j in range(m)), tuple(f"a{i}" for i in range(n))
    p = int(rng.integers(1, m + 1))
    keep = frozenset(rng.choice(sites, min(p, int(rng.integers(0, 2))), replace=False).tolist())
    shut = frozenset(rng.choice(sites, int(rng.integers(0, 2)), replace=False).tolist()) - keep
    given: dict = {
        "cost": cost,
        "demand": demand if services > 1 else demand[:, 0],
        "areas": areas,
        "sites": sites,
        "must_open": keep,
        "must_close": shut,
    }
    if objective in ("uflp", "cflp") or (objective == "lscp" and rng.random() < 0.5):
        given["opening_cost"] = rng.integers(0, 30, m) / 2
    if objective in ("lscp", "mclp"):
        given["radius"] = float(rng.integers(2, 16))
    if objective in ("mclp", "p-center", "capacitated-p-median"):
        given["p"] = p
    if crowded:
        room = rng.integers(0, 12, (m, services)).astype(float)
        given["capacity"] = room if services > 1 else room[:, 0]
    if rng.random() < 0.3:
        given["max_cost"] = float(rng.integers(8, 20))
    if rng.random() < 0.3:
        given["forbidden"] = frozenset({(str(rng.choice(areas)), str(rng.choice(sites)))})
    if rng.random() < 0.25:
        given.update(
            existing=frozenset(sites[:1]),
            group=rng.integers(0, 2, n),
            equity=EquityLimit(float(rng.integers(0, 4))),
        )
    try:
        return Problem(objective, **given)
    except ProblemError:
        return None
