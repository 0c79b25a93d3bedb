"""The bound of a cover problem, from multipliers for its rows (LSCP, MCLP, p-centre).

At each leaf, for multipliers λ ≥ 0 of “area a has an open site near”, and μ ≥ 0 of “at most p sites”, no choice is below

    Σ_a λ_a − μ p + Σ_j min(0, price_j − Σ_{a near j} λ_a + μ)            (set cover)
    … − Σ_k max(0, W_k − λ_k) with k the distinct sets of near sites, W_k their demand     (maximal cover)

where the last sum of the first line counts sites fixed open in full and fixed closed not at all. All numbers are whole
multiples of 1 ÷ scale, and the objective is whole in units of which `per_one` make one, so a bound is rounded up to the
next unit. A site that is “like” another covers no row it does not, and costs no less: it is never needed.
Source: weak duality; Galvão and ReVelle (1996) for maximal cover.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from folkmoot.engines.siting.problem import Objective, Problem
from folkmoot.engines.siting.proofs import ProofError
from folkmoot.engines.siting.proofs.leaves import complete

MOST = 2**61


def bound(problem: Problem, data: dict[str, Any]) -> float:
    """What the certificate proves: LSCP no less than this, MCLP no more. Infinity: there is no plan."""
    near = problem.allowed & (np.asarray(problem.cost) <= problem.radius)
    if problem.objective is Objective.MCLP:
        reach = problem.allowed if problem.max_cost is not None or problem.equity is not None else None
        return -replay(problem, data, near=near, reach=reach, price=np.zeros(problem.m), most=problem.p)
    price = np.ones(problem.m) if problem.opening_cost is None else np.asarray(problem.opening_cost)
    return replay(problem, data, near=None, reach=near, price=price, most=None)


def replay(problem: Problem, data: dict[str, Any], *, near: Any, reach: Any, price: Any, most: int | None) -> float:
    """The least over all leaves of what each proves, in the objective's unit and to be least."""
    per_one, scale = int(data["per_one"]), int(data["scale"])
    if per_one < 1 or scale < 1:
        raise ProofError("The units of the certificate must be at least 1.")
    leaves = data["leaves"]
    if not complete([(leaf["open"], leaf["closed"]) for leaf in leaves]):
        raise ProofError("The leaves of the certificate are not all choices, or overlap.")
    row_of = {code: i for i, code in enumerate(problem.areas)}
    site = problem.site_index
    out = {site[code] for code in problem.must_close} | {site[code] for code in data["like"]}
    kept = np.array([j not in out for j in range(problem.m)])
    forced = np.zeros(problem.m, dtype=bool)
    forced[[site[code] for code in problem.must_open]] = True
    cited = sorted({row_of[code] for leaf in leaves for code, _ in leaf["reach"]})
    if cited and (reach is None or not (problem.total[cited] > 0).all()):
        raise ProofError("The certificate uses an area that nothing says must be near an open site.")
    _like(problem, data["like"], near, None if not cited else reach[cited], price, forced, kept)
    prices = _units(price, per_one, "opening cost")
    sets: dict[bytes, int] = {}
    weights: list[int] = []
    covers: list[Any] = []
    if near is not None:
        demand = _units(problem.total, per_one, "demand")
        for i in np.flatnonzero(problem.total > 0):
            row = near[i] & kept
            if row.any():
                k = sets.setdefault(row.tobytes(), len(weights))
                if k == len(weights):
                    weights.append(0)
                    covers.append(row)
                weights[k] += demand[i]
    total = sum(weights)
    least: float = math.inf
    for leaf in leaves:
        ray = bool(leaf["ray"])
        left = [0 if ray else int(p) * scale for p in prices]
        sites_price = _whole(leaf["sites"])
        worth = -sites_price * (problem.m if most is None else most)
        pull = np.zeros(problem.m, dtype=np.int64)
        used = [(reach[row_of[code]], _whole(number)) for code, number in leaf["reach"]]
        worth += sum(number for _, number in used)
        gained: dict[int, int] = {}
        for code, number in leaf["gain"]:
            key = (near[row_of[code]] & kept).tobytes()
            if key not in sets or sets[key] in gained:
                raise ProofError(f"Area “{code}” of the certificate stands for no cover pattern, or for one twice.")
            gained[sets[key]] = _whole(number)
            used.append((covers[sets[key]], gained[sets[key]]))
        if sum(number for _, number in used) + sites_price + total * scale >= MOST:
            raise ProofError("The multipliers of the certificate are too large to be added exactly.")
        for row, number in used:
            pull += row * np.int64(number)
        for k, weight in enumerate(weights):
            worth += min(0, (0 if ray else -weight * scale) + gained.get(k, 0))
        opened, closed = {site[c] for c in leaf["open"]}, {site[c] for c in leaf["closed"]}
        for j in np.flatnonzero(kept).tolist():
            rest = left[j] - int(pull[j]) + sites_price
            worth += rest if forced[j] or j in opened else (0 if j in closed else min(0, rest))
        if ray:
            if worth <= 0:
                raise ProofError("A leaf of the certificate says there is no choice and does not prove it.")
            continue
        least = min(least, -((-worth) // scale) / per_one)
    return least


def _like(problem: Problem, like: dict[str, str], near: Any, reach: Any, price: Any, forced: Any, kept: Any) -> None:
    """Every site left out must do no more than the one it is like."""
    rows = [] if reach is None else [reach]
    if near is not None:
        rows.append(near[(problem.total > 0) & ~near[:, forced].any(axis=1)])
    both = np.vstack(rows) if rows else np.zeros((0, problem.m), dtype=bool)
    site = problem.site_index
    for one, other in like.items():
        j, k = site[one], site[other]
        if forced[j] or not kept[k] or (both[:, j] & ~both[:, k]).any() or price[k] > price[j]:
            raise ProofError(f"The certificate leaves out site “{one}”, which “{other}” does not replace.")


def _units(values: Any, per_one: int, what: str) -> list[int]:
    scaled = np.asarray(values, dtype=np.float64) * per_one
    near = np.round(scaled)
    if not (np.abs(scaled - near) <= 1e-9 * np.maximum(1.0, np.abs(scaled))).all() or float(near.sum()) >= 2.0**53:
        raise ProofError(f"The {what} is not whole in units of 1 ÷ {per_one}, so the bound may not be rounded.")
    return [int(v) for v in near]


def _whole(number: Any) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ProofError(f"A multiplier of the certificate is {number!r}; it must be a whole number of at least 0.")
    return number
