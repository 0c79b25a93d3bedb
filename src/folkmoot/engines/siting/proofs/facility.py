"""The bound of a facility problem (UFLP, CFLP, capacitated p-median), from prices for the clients.

At each leaf, for prices u of “each client has one site”, no plan is below Σ_r u_r + Σ_j (f_j + K_j) over the sites fixed
open and those others that are below 0 (or the p − fixed least, where p is given), with K_j the least of
Σ_r (c_rj − u_r) x_rj over what j can hold: all that is below 0, or a fractional knapsack for each service. Where room is
limited a leaf may also fix which client uses which site (`served`), or that it may not (`refused`). Costs are
counted in units of which `per_one` make one, rounded down; where they are whole the bound is rounded up to the next unit.
Source: weak duality of the Lagrangian; the knapsack's value is Dantzig's (1957), in exact fractions.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from folkmoot.engines.siting.problem import Problem
from folkmoot.engines.siting.proofs import ProofError
from folkmoot.engines.siting.proofs.leaves import complete

CLOSE = Fraction(1, 10**9)
"""So little more than it holds, relative, a site is never said to be overfull for."""


def bound(problem: Problem, data: dict[str, Any]) -> float:
    """What the certificate proves that no plan is below; infinity where it proves that there is none."""
    per_one, scale = int(data["per_one"]), int(data["scale"])
    if per_one < 1 or scale < 1:
        raise ProofError("The units of the certificate must be at least 1.")
    leaves = data["leaves"]
    if not complete([_choices(leaf) for leaf in leaves]):
        raise ProofError("The leaves of the certificate are not all choices, or overlap.")
    row_of = {code: i for i, code in enumerate(problem.areas)}
    clients = [(row_of[code], int(s)) for code, s in data["clients"]]
    asked = {(int(i), int(s)) for i, s in np.argwhere(problem.load > 0)}
    if len(clients) != len(set(clients)) or not set(clients) <= asked:
        raise ProofError("The certificate prices a client that does not exist, or one twice.")
    shut = set(problem.columns(problem.must_close).tolist())
    columns = {j: _column(problem, clients, j, per_one, bool(data["whole"])) for j in range(problem.m) if j not in shut}
    least: float = math.inf
    for leaf in leaves:
        if len(leaf["prices"]) != len(clients):
            raise ProofError("A leaf of the certificate does not have one price for each client.")
        worth = _leaf(problem, clients, columns, leaf, scale)
        if worth is not None:
            rounded = -((-worth) // scale) if data["whole"] else Fraction(worth, scale)
            least = min(least, float(Fraction(rounded) / per_one))
    return least


def _column(
    problem: Problem, clients: list[tuple[int, int]], j: int, per_one: int, whole: bool
) -> tuple[int, list[tuple[int, int, int, Fraction]]]:
    """Opening cost, and for each client that may use the site (number, service, cost, demand), in units."""
    opening = 0.0
    if problem.opening_cost is not None and problem.objective.pays_opening:
        opening = float(np.asarray(problem.opening_cost)[j])
    served = []
    for r, (i, s) in enumerate(clients):
        if problem.allowed[i, j]:
            demand = float(problem.load[i, s])
            served.append(
                (r, s, _unit(float(np.asarray(problem.cost)[i, j]) * demand, per_one, whole), Fraction(demand))
            )
    return _unit(opening, per_one, whole), served


def _unit(value: float, per_one: int, whole: bool) -> int:
    scaled = value * per_one
    if not whole:
        return math.floor(scaled)
    near = round(scaled)
    if abs(scaled - near) > min(1e-4, 1e-9 * max(1.0, abs(scaled))):
        raise ProofError(
            f"A cost of {value:g} is not whole in units of 1 ÷ {per_one}, so the bound may not be rounded."
        )
    return near


def _choices(leaf: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """What a leaf fixes to 1 and to 0: sites by code, and pairs of a client (by its number) and a site."""
    served, refused = leaf.get("served", []), leaf.get("refused", [])
    return [*leaf["open"], *map(tuple, served)], [*leaf["closed"], *map(tuple, refused)]


def _leaf(problem: Problem, clients: Any, columns: Any, leaf: dict[str, Any], scale: int) -> int | None:
    """What no plan of the leaf is below, in 1 ÷ (per_one × scale); None where the leaf leaves no plan."""
    prices = leaf["prices"]
    if not all(isinstance(u, int) and not isinstance(u, bool) for u in prices):
        raise ProofError("The prices of the certificate must be whole numbers.")
    served = {(int(r), problem.site_index[code]) for r, code in leaf.get("served", [])}
    refused = {(int(r), problem.site_index[code]) for r, code in leaf.get("refused", [])}
    if (served or refused) and not problem.objective.needs_capacity:
        raise ProofError("Pairs of areas and sites may be fixed only where room is limited.")
    done = {r for r, _ in served}
    if len(done) < len(served):
        return None  # a client has one site
    opened = {problem.site_index[code] for code in leaf["open"]} | set(problem.columns(problem.must_open).tolist())
    opened |= {j for _, j in served}
    closed = {problem.site_index[code] for code in leaf["closed"]} | set(problem.columns(problem.must_close).tolist())
    if opened & closed:
        return None
    worth: dict[int, int] = {}
    for j in range(problem.m):
        if j not in closed:
            fixed = {r for r, site in served if site == j}
            barred = done - fixed | {r for r, site in refused if site == j}
            found = _site(problem, columns[j], prices, j, scale, fixed, barred)
            if found is None:
                return None
            worth[j] = found
    free = sorted(w for j, w in worth.items() if j not in opened)
    total: int = sum(u for r, u in enumerate(prices) if r not in done) + sum(worth[j] for j in opened)
    if problem.p is None:
        return total + sum(w for w in free if w < 0)
    places = problem.p - len(opened)
    return None if places < 0 or places > len(free) else total + sum(free[:places])


def _site(
    problem: Problem, column: Any, prices: list[int], j: int, scale: int, fixed: set[int], barred: set[int]
) -> int | None:
    """Opening cost, what those fixed here pay, and the best of the others that the room left may hold."""
    opening: int = column[0]
    served: list[tuple[int, int, int, Fraction]] = column[1]
    if not problem.objective.needs_capacity:
        return opening * scale + sum(min(0, cost * scale - prices[r]) for r, _, cost, _ in served)
    if not fixed <= {r for r, *_ in served}:
        return None  # it may not serve whom it should
    total = Fraction(opening * scale)
    room = np.atleast_2d(np.asarray(problem.capacity, dtype=float).reshape(problem.m, -1))[j]
    left = [Fraction(float(each)) for each in room]
    by_service: dict[int, list[tuple[Fraction, int, Fraction]]] = {}
    for r, s, cost, demand in served:
        less = cost * scale - prices[r]
        if r in fixed:
            total += cost * scale
            left[s] -= demand
        elif r not in barred and less < 0:
            by_service.setdefault(s, []).append((Fraction(less) / demand, less, demand))
    if any(each < -CLOSE * (1 + Fraction(float(held))) for each, held in zip(left, room)):
        return None
    for s, items in by_service.items():
        rest = max(left[s], Fraction(0))
        for rate, less, demand in sorted(items, key=lambda item: item[0]):
            if demand >= rest:
                total += rate * rest
                break
            total += less
            rest -= demand
    return math.floor(total)
