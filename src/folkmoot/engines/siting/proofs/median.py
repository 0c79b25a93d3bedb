"""The bound of a p-median, from Lagrangian multipliers at the nodes of a tree; to be read in ten minutes and believed.

For any multipliers u, one for each area with demand, and ρ_j = Σ_i min(0, c_ij − u_i), every plan that opens the sites F
and none of C costs at least

    L(F, C) = Σ_i u_i + Σ_{j in F} ρ_j + the p − |F| smallest ρ_j of the sites neither in F nor in C

for each area pays its c_ij ≥ u_i + min(0, c_ij − u_i) at one open site (Cornuéjols, Fisher and Nemhauser 1977). At a node
each site that is fixed is tried the other way, and counts as a leaf; then the node is a leaf, or is
split in two: a site open, the same site closed. So nothing is left out, and the least of all leaves bounds every plan.

Costs are whole multiples of “unit”, counted in `step` parts of it; the sums are of 64-bit whole numbers and exact, and
a bound may be rounded up to the next whole unit. Where costs have no unit they are rounded down to parts of it instead.
"""

from __future__ import annotations

import base64
import binascii
import math
import zlib
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.problem import Problem
from folkmoot.engines.siting.proofs import ProofError

type Ints = NDArray[np.int64]

MOST = 2**60
"""Sums of multipliers must stay below this."""


def bound(problem: Problem, data: dict[str, Any]) -> float:
    """What the certificate proves that no plan is below, in the problem's own unit."""
    unit, step = Fraction(*map(int, data["unit"])), int(data["step"])
    if not unit > 0 or step < 1:
        raise ProofError("The units of the certificate must be positive.")
    whole = bool(data["whole"])
    rows = sorted(np.flatnonzero(problem.total > 0).tolist(), key=lambda i: problem.areas[i])
    codes = sorted(set(problem.sites) - problem.must_close)
    columns = [problem.site_index[code] for code in codes]
    allowed = problem.allowed[np.ix_(rows, columns)]
    cost = _costs(problem, rows, columns, allowed, unit, whole) * step
    multipliers = [_unpacked(text, len(rows)) for text in data["multipliers"]]
    least = _walk(data["nodes"], multipliers, cost, allowed, codes, problem)
    if least is None:
        return math.inf
    return float((-(-least // step) if whole else Fraction(least, step)) * unit)


def _walk(
    nodes: list[dict[str, Any]], multipliers: list[Ints], cost: Ints, allowed: Any, codes: list[str], problem: Problem
) -> int | None:
    """The least of all leaves; None if no leaf holds a plan."""
    number = {code: k for k, code in enumerate(codes)}
    p, least, seen = int(problem.p or 0), None, 0
    stack: list[tuple[int, frozenset[int], frozenset[int]]] = [
        (0, frozenset(number[code] for code in problem.must_open), frozenset())
    ]
    while stack:
        k, opened, closed = stack.pop()
        seen += 1
        if seen > len(nodes) or not 0 <= k < len(nodes):
            raise ProofError("The tree of the certificate is not a tree.")
        node = nodes[k]
        found: list[int | None] = []
        for which, shut, kept in node.get("fixed", ()):
            why = _Multiplied(multipliers[which], cost, allowed)
            # One after another: each is tried the other way while those before it hold.
            for j in (number[code] for code in shut):
                found.append(why.least(opened | {j}, closed, p))
                closed |= {j}
            for j in (number[code] for code in kept):
                found.append(why.least(opened, closed | {j}, p))
                opened |= {j}
        if "split" in node:
            code, there, not_there = node["split"]
            stack.append((there, opened | {number[code]}, closed))
            stack.append((not_there, opened, closed | {number[code]}))
        else:
            found.append(_Multiplied(multipliers[node["leaf"]], cost, allowed).least(opened, closed, p))
        for worth in found:
            if worth is not None:
                least = worth if least is None else min(least, worth)
    return least


class _Multiplied:
    """Σ u and each ρ for some multipliers."""

    def __init__(self, u: Ints, cost: Ints, allowed: Any) -> None:
        self._total = int(u.sum())
        less = np.minimum(0, cost - u[:, None])
        self._worth = np.where(allowed, less, 0).sum(axis=0)
        self._ranked = np.argsort(self._worth, kind="stable").tolist()

    def least(self, opened: frozenset[int], closed: frozenset[int], p: int) -> int | None:
        """L(opened, closed); None where no plan of p sites is left."""
        places = p - len(opened)
        if opened & closed or places < 0 or len(self._ranked) - len(closed) - len(opened) < places:
            return None
        total = self._total + sum(int(self._worth[j]) for j in opened)
        for j in self._ranked:
            if not places:
                break
            if j not in opened and j not in closed:
                total += int(self._worth[j])
                places -= 1
        return total


def _costs(problem: Problem, rows: list[int], columns: list[int], allowed: Any, unit: Fraction, whole: bool) -> Ints:
    """Demand × cost in units; what may not be used is 0 and is never looked at."""
    priced = np.where(allowed, np.asarray(problem.cost)[np.ix_(rows, columns)], 0.0) * problem.total[rows][:, None]
    scaled = priced / unit.numerator * unit.denominator
    if not np.isfinite(scaled).all() or scaled.sum(initial=0.0) >= 2.0**62 or scaled.max(initial=0.0) >= 2.0**53:
        raise ProofError("The costs are too large to be added exactly in the unit of the certificate.")
    counted = np.round(scaled) if whole else np.floor(scaled)
    if whole and (np.abs(scaled - counted) > np.minimum(1e-3, 1e-8 * np.maximum(1.0, scaled))).any():
        raise ProofError(f"The costs are not whole in units of {unit}, so the bound may not be rounded.")
    return np.asarray(counted.astype(np.int64))


def _unpacked(text: str, size: int) -> Ints:
    try:
        unpack = zlib.decompressobj()
        raw = unpack.decompress(base64.b64decode(text, validate=True), 8 * size + 1)
    except (binascii.Error, zlib.error) as error:
        raise ProofError(f"Multipliers of the certificate cannot be unpacked: {error}.") from None
    if len(raw) != 8 * size:
        raise ProofError("The certificate does not have one multiplier for each area with demand.")
    u = np.frombuffer(raw, dtype="<i8").astype(np.int64)
    if size and (u.min() < 0 or float(u.astype(float).sum()) >= MOST):
        raise ProofError("The multipliers of the certificate must not be negative, nor too large to be added exactly.")
    return u
