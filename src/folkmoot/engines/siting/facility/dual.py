"""The Lagrangian bound of a facility problem: relax “each client has one site” with a price u for each client.

    L(u) = Σ_r u_r + Σ_j in the plan (f_j + K_j(u)),   K_j(u) = least of Σ_r (c_rj − u_r) x_rj over what j can hold

The plan is the p best sites, or all below 0 where p is free, with those fixed. Every u gives a bound; subgradient steps,
deflected (Camerini, Fratta and Maffioli 1975), look for a good one. Where nothing limits a site (`Nearest`, here) K_j is
Σ min(0, c_rj − u_r); where room is limited see `packing`. Sources: Erlenkotter (1978), Christofides and Beasley (1983).

Bounds that count are computed in whole numbers: costs in units of 1 ÷ per_one, u in 1 ÷ SCALE of that, rounded down.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting import highs
from folkmoot.engines.siting.facility.clients import Clients
from folkmoot.engines.siting.facility.serving import Serving
from folkmoot.engines.siting.tree import LARGEST, NEVER, SCALE, Solved

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]

FIRST_STEPS, STEPS = 800, 80
FAR = 2**50
"""Stands for “may not”, in units of cost: larger than any price."""


class Prices(ABC):
    """A relaxation for `tree.grow`; `per_one` parts of one are the unit (1 with plain floats rounded down where None)."""

    def __init__(
        self, clients: Clients, per_one: int, known: Serving | None, should_stop: highs.ShouldStop | None
    ) -> None:
        self.choices, self.fixed = len(clients.codes), clients.fixed
        self._clients, self._stop = clients, should_stop
        self._upper = math.inf if known is None else known.value * per_one
        self._known = None if known is None or not known.chosen.any() else np.flatnonzero(known.chosen)
        finite = np.isfinite(clients.cost)
        self._cost = np.where(finite, clients.cost, 0.0) * per_one
        self._cost[~finite] = FAR
        self._opening = clients.opening * per_one
        # Where costs have no whole unit they are rounded down, so that the bound holds all the same.
        whole = np.floor if clients.per_one is None else np.round
        self._cost_whole = whole(self._cost).astype(np.int64)
        self._opening_whole = whole(self._opening).astype(np.int64)
        # Where there is no plan prices grow without end; stop them before whole numbers overflow.
        self._dearest = LARGEST / SCALE / 8 / max(1, len(clients.cost))
        self._first = True

    def begin(self) -> Ints:
        """Between the nearest and the second nearest site of the plan known, else of all."""
        if not len(self._cost):
            return np.zeros(0, dtype=np.int64)
        near = self._cost if self._known is None else self._cost[:, self._known]
        ranked = np.sort(near, axis=1)[:, :2]
        two = ranked[:, min(1, ranked.shape[1] - 1)]
        price = np.where(two < FAR, (ranked[:, 0] + two) / 2, ranked[:, 0])
        price = np.where(price < FAR, price, 0.0)
        return np.asarray(np.round(price * SCALE).astype(np.int64))

    def upper(self, value: float) -> None:
        """Tell how good a plan is known, in units."""
        self._upper = min(self._upper, value)

    def solve(self, fixing: NDArray[np.int8], multipliers: Ints) -> Solved | None:
        """The best prices that some steps find, and how often each site was chosen on the way."""
        steps, theta, patience = (FIRST_STEPS, 1.5, 25) if self._first else (STEPS, 0.5, 8)
        self._first = False
        u = multipliers / SCALE
        best, best_u = -math.inf, u
        direction = np.zeros_like(u)
        often = np.zeros(self.choices)
        idle = 0
        for step in range(steps):
            if self._stop is not None and step % 16 == 0 and self._stop():
                return None
            value, chosen, slope = self._at(u, fixing)
            if math.isinf(value):  # the fixing leaves no choice, and `bound` says so at any prices
                return Solved((fixing == 1).astype(float), multipliers)
            often = 0.9 * often + 0.1 * chosen
            if value > best + 1e-6 * max(1.0, abs(best)) if math.isfinite(best) else True:
                best, best_u, idle = value, u, 0
            else:
                idle += 1
                if idle >= patience:
                    theta, idle, u, direction = theta * 0.6, 0, best_u, np.zeros_like(u)
                    if theta < 1e-4:
                        break
                    continue
            target = self._upper if math.isfinite(self._upper) else best + 0.05 * abs(best) + 1
            if value > target - 0.999 or not slope.any():
                if value > best:
                    best, best_u = value, u
                break
            direction = slope + 0.7 * direction
            length = float(direction @ direction)
            if not length:
                direction, length = slope, float(slope @ slope)
            step_size = theta * max(target - value, 1e-3 * abs(target)) / length
            u = np.clip(u + step_size * direction, 0.0, self._dearest)
        weight = 1 - 0.9 ** (step + 1)
        return Solved(np.where(fixing == 0, often / weight, fixing == 1), np.round(best_u * SCALE).astype(np.int64))

    @abstractmethod
    def _at(self, u: Floats, fixing: NDArray[np.int8]) -> tuple[float, Floats, Floats]:
        """L(u) in floats, what is chosen there, and the slope; infinity where the fixing leaves no choice."""

    @abstractmethod
    def bound(self, fixing: NDArray[np.int8], multipliers: Ints) -> int:
        """L(u) in whole numbers, rounded up to the next unit where costs are whole."""

    def _plan(self, worth: Floats | Ints, fixing: NDArray[np.int8]) -> Bools | None:
        sites = len(worth)
        chosen: Bools = (fixing[:sites] == 1) | self.fixed[:sites]
        free = (fixing[:sites] == 0) & ~chosen
        if self._clients.p is None:
            chosen |= free & (worth < 0)
            return chosen
        places = self._clients.p - int(chosen.sum())
        if places < 0 or places > int(free.sum()):
            return None
        options = np.flatnonzero(free)
        chosen[options[np.argsort(worth[options], kind="stable")[:places]]] = True
        return chosen


class Nearest(Prices):
    """Nothing limits a site: each takes every client that is worth it."""

    _sorted: tuple[Floats, NDArray[np.int32]] | None = None

    def _at(self, u: Floats, fixing: NDArray[np.int8]) -> tuple[float, Floats, Floats]:
        from folkmoot.engines.siting.facility.walk import times, worths

        if self._sorted is None:
            order = np.argsort(self._cost, axis=1, kind="stable").astype(np.int32)
            self._sorted = (np.take_along_axis(self._cost, order, axis=1), order)
        worth = self._opening + worths(*self._sorted, u, self.choices)
        chosen = self._plan(worth, fixing)
        if chosen is None:
            return math.inf, np.zeros(self.choices), u
        return float(u.sum() + worth[chosen].sum()), chosen.astype(float), 1.0 - times(*self._sorted, u, chosen)

    def bound(self, fixing: NDArray[np.int8], multipliers: Ints) -> int:
        """L(u) in whole numbers, rounded up to the next unit where costs are whole."""
        u = multipliers
        total = int(u.sum())
        if float(np.abs(u).sum()) + float(self._opening_whole.sum()) * SCALE + 1 >= LARGEST or FAR * SCALE <= 0:
            return -NEVER
        # Below FAR no cost times SCALE overflows; a pair that may not be used is worth nothing.
        near = self._cost_whole < FAR
        less = np.where(near, np.minimum(0, np.where(near, self._cost_whole, 0) * SCALE - u[:, None]), 0)
        worth = self._opening_whole * SCALE + less.sum(axis=0)
        chosen = self._plan(worth, fixing)
        if chosen is None:
            return NEVER
        return -((-(total + int(worth[chosen].sum()))) // SCALE)
