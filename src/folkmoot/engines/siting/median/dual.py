"""The Lagrangian bound of the p-median: relax “each client has one site” with a multiplier u for each client.

    ρ_j(u) = Σ_i min(0, d_ij − u_i),     L(u) = Σ_i u_i + Σ_{j fixed open} ρ_j + the other p − |fixed| smallest ρ_j

bounds every plan from below for every u (Cornuéjols, Fisher and Nemhauser 1977). Each client's sites are sorted once, so
ρ is a walk along each list while d < u. Multipliers climb along the subgradient g_i = 1 − #{chosen j: d_ij < u_i},
deflected by 0.7 of the last direction (Camerini, Fratta and Maffioli 1975), with the step of Held, Wolfe and Crowder
(1974), halted where the bound suffices or cannot. They are kept whole, so that L is exact.

The share of steps in which a site was chosen, later steps counting more, is close to its value in the linear relaxation
(Barahona and Anbil 2000, the volume algorithm); branching uses it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from folkmoot.engines.siting.median.ordered import Lists

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]

DEFLECTION = 0.7
FADES = 0.95


@njit(cache=True)
def _kth(values: Floats, k: int) -> float:
    """The k-th smallest, from 0; values are moved about (Hoare 1961). NumPy's takes seconds to compile here."""
    a, b = 0, len(values) - 1
    while a < b:
        pivot = values[(a + b) // 2]
        i, j = a, b
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if k <= j:
            b = j
        elif k >= i:
            a = i
        else:
            break
    return float(values[k])


@njit(cache=True)
def _climb(
    start: Ints, site: NDArray[np.int32], price: Floats, cap: Floats, low: Floats, cost: Floats,
    free: Ints, places: int, u: Floats, direction: Floats, best_u: Floats, best_worth: Floats, often: Floats,
    at: Floats, aim: float, enough: float, steps: int, patience: int, decay: float, least: float, hopeless: float,
) -> int:  # fmt: skip
    """Climb in place; `at` holds θ, idle steps, the best bound, the bound at the last fall-back, stages without hope,
    and the weight of the steps in `often`.

    0: steps are used up, 1: the bound suffices, 2: θ is too small or there is no hope, 3: no subgradient is left.
    """
    n = len(u)
    worth = np.zeros(len(best_worth))
    chosen = np.zeros(len(best_worth), np.bool_)
    ranked = np.empty(len(free))
    for _ in range(steps):
        bound = 0.0
        worth[:] = 0.0
        walked = 0
        for i in range(n):
            v = u[i]
            bound += v
            k, end = start[i], start[i + 1]
            while k < end and price[k] < v:
                worth[site[k]] += price[k] - v
                k += 1
            walked += k - start[i]
        # The `places` smallest; those equal to the last of them by number.
        chosen[:] = False
        if places:
            for f in range(len(free)):
                ranked[f] = worth[free[f]]
            last = _kth(ranked, places - 1)
            count = 0
            for j in free:
                if worth[j] < last:
                    chosen[j] = True
                    bound += worth[j]
                    count += 1
            for j in free:
                if count == places:
                    break
                if worth[j] == last:
                    chosen[j] = True
                    bound += last
                    count += 1
        at[5] = FADES * at[5] + 1.0 - FADES
        for j in free:
            often[j] = FADES * often[j] + (1.0 - FADES if chosen[j] else 0.0)
        if bound > at[2]:
            if bound > at[2] + 1e-6 * abs(bound):
                at[1] = -1.0
            at[2] = bound
            best_u[:] = u
            best_worth[:] = worth
            if bound >= enough:
                return 1
        at[1] += 1.0
        if at[1] >= patience:
            at[0] *= decay
            at[1] = 0.0
            u[:] = best_u
            direction[:] = 0.0
            gained = at[2] - at[3]
            at[3] = at[2]
            at[4] = at[4] + 1.0 if hopeless * gained < enough - at[2] else 0.0
            if at[0] < least or at[4] >= 2.0:
                return 2
            continue
        length = 0.0
        flat = True
        if places * n < walked:
            slope = np.ones(n)
            for j in free:
                if chosen[j]:
                    for i in range(n):
                        if cost[j, i] < u[i]:
                            slope[i] -= 1.0
            for i in range(n):
                if slope[i] > 0.0 and u[i] >= cap[i]:
                    slope[i] = 0.0
                if slope[i] != 0.0:
                    flat = False
                direction[i] = slope[i] + DEFLECTION * direction[i]
                length += direction[i] * direction[i]
        else:
            for i in range(n):
                slope_i = 1.0
                v = u[i]
                for k in range(start[i], start[i + 1]):
                    if price[k] >= v:
                        break
                    if chosen[site[k]]:
                        slope_i -= 1.0
                if slope_i > 0.0 and v >= cap[i]:
                    slope_i = 0.0
                if slope_i != 0.0:
                    flat = False
                direction[i] = slope_i + DEFLECTION * direction[i]
                length += direction[i] * direction[i]
        if flat or length == 0.0:
            return 3
        stride = at[0] * (aim - bound) / length
        for i in range(n):
            u[i] = min(cap[i], max(low[i], np.floor(u[i] + stride * direction[i] + 0.5)))
    return 0


@dataclass(frozen=True, slots=True)
class Pace:
    """When θ shrinks, and when to give up: below `least`, or at twice in a row less than 1/`hopeless` of what is missing."""

    patience: int
    decay: float
    least: float
    hopeless: float


class Climb:
    """A climb that can be halted and taken up again. `fixing` (sites): 1 open, −1 closed, 0 free."""

    def __init__(self, cost: Floats, lists: Lists, fixing: NDArray[np.int8], p: int, u: Floats, theta: float) -> None:
        self._cost, self._lists = cost, lists
        self.free = np.flatnonzero(fixing == 0)
        self.places = p - int((fixing == 1).sum())
        self._u = np.clip(u, lists.low, lists.cap)
        self.u = self._u.copy()
        self.worth = np.zeros(len(fixing))
        self._often = np.zeros(len(fixing))
        self._direction = np.zeros(len(u))
        self._at = np.array([theta, 0.0, -np.inf, -np.inf, 0.0, 0.0])

    @property
    def bound(self) -> float:
        """The best so far, that of `u`, with `worth` the ρ of each site there."""
        return float(self._at[2])

    def run(self, pace: Pace, *, aim: float, enough: float, steps: int) -> bool:
        """Climb on; whether there is more to hope for after these steps."""
        old = self._lists
        ended: int = _climb(
            old.start, old.site, old.price, old.cap, old.low, self._cost, self.free, self.places, self._u,
            self._direction, self.u, self.worth, self._often, self._at, aim, enough, steps, pace.patience,
            pace.decay, pace.least, pace.hopeless,
        )  # fmt: skip
        return ended == 0

    @property
    def share(self) -> Floats:
        """How often each free site was chosen, later steps counting more, 0 to 1."""
        return self._often / max(float(self._at[5]), 1e-9)

    @property
    def chosen(self) -> Ints:
        """The free sites of the best bound."""
        return self.free[np.argsort(self.worth[self.free], kind="stable")[: self.places]]
