"""The linear relaxation by radii, on the sites that are left: exact multipliers where lists are short.

For each client the distinct costs D¹ < D² < … of the sites left; z_k is 1 if no site is open within D^k:

    min Σ_i [D¹ + Σ_k (D^(k+1) − D^k) z_k],   z_1 + Σ_{d = D¹} y_j ≥ 1,   z_k + Σ_{d = D^k} y_j ≥ z_(k−1),   Σ y = p

A client needs no radius beyond u_i + (best − L(u)): a plan that serves it from farther is no better than the best. Levels
beyond are left out, which only lowers the relaxation. The dual of a client's first row, added to D¹, is its multiplier u_i,
and L(u) is at least the relaxation: so HiGHS need not be believed: L is evaluated at its multipliers.

Sources: Cornuéjols, Nemhauser and Wolsey (1980); García, Labbé and Marín (2011); Elloumi (2010).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from folkmoot.engines.siting import highs
from folkmoot.engines.siting.median.ordered import Lists

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Fixing = NDArray[np.int8]

PAIRS_A_CLIENT = 12
"""Pairs of level and site a client that are solved faster than the subgradient climbs."""
WORTH_CUTTING = 4
"""Up to so many times that, the reach is cut until they fit: what is left out only lowers the relaxation a little."""


@dataclass(frozen=True, eq=False)
class Levels:
    """For all clients one after another: which sites enter at each level, and what the next level costs more."""

    count: Ints
    nearest: Floats
    rows: Ints
    """Level of each (level, site) pair."""
    sites: Ints
    step: Floats


@njit(cache=True)
def _levels(
    start: Ints, site: NDArray[np.int32], price: Floats, cap: Floats, reach: Floats
) -> tuple[Ints, Ints, Ints, Floats]:
    n = len(cap)
    count = np.zeros(n, np.int64)
    rows, sites, step = np.empty(len(site), np.int64), np.empty(len(site), np.int64), np.empty(len(site))
    pairs, total = 0, 0
    for i in range(n):
        k, end = start[i], start[i + 1]
        while k < end and (k == start[i] or price[k] <= reach[i]):
            here = price[k]
            while k < end and price[k] == here:
                rows[pairs], sites[pairs] = total, site[k]
                pairs += 1
                k += 1
            step[total] = (price[k] if k < end else cap[i]) - here
            count[i] += 1
            total += 1
    return count, rows[:pairs].copy(), sites[:pairs].copy(), step[:total].copy()


def levels_of(lists: Lists, u: Floats, slack: float) -> Levels | None:
    """The levels within u_i + slack of each client, or less; None if they are by far too many (rl1304 at p = 10: 94)."""
    most = PAIRS_A_CLIENT * len(u)
    for _ in range(12):
        count, rows, sites, step = _levels(lists.start, lists.site, lists.price, lists.cap, u + slack)
        if len(sites) <= most:
            return Levels(count, lists.low, rows, sites, step) if len(sites) else None
        if len(sites) > WORTH_CUTTING * most:
            return None
        slack /= 2
    return None


class Radii:
    """The relaxation, solved again and again from where the last one ended."""

    def __init__(
        self, levels: Levels, p: int, fixing: Fixing, unit: int, should_stop: Callable[[], bool] | None
    ) -> None:
        m = len(fixing)
        count = len(levels.step)
        first = np.r_[0, np.cumsum(levels.count)[:-1]]
        self._first, self._has = first[levels.count > 0], levels.count > 0
        self._nearest, self._m, self._unit = levels.nearest, m, unit
        at = np.arange(count)
        follows = np.ones(count, dtype=bool)
        follows[self._first] = False
        rows = csr_array(
            (
                np.concatenate([np.ones(len(levels.rows)), np.ones(count), -np.ones(int(follows.sum())), np.ones(m)]),
                (
                    np.concatenate([levels.rows, at, at[follows], np.full(m, count)]),
                    np.concatenate([levels.sites, m + at, m + at[follows] - 1, np.arange(m)]),
                ),
            ),
            shape=(count + 1, m + count),
        )
        lower = np.r_[np.where(follows, 0.0, 1.0), float(p)]
        self._fixing = fixing.copy()
        self._solver = highs.load(
            highs.Model(
                cost=np.r_[np.zeros(m), levels.step / unit],
                rows=rows,
                row_lower=lower,
                row_upper=np.r_[np.full(count, np.inf), float(p)],
                lower=np.r_[(fixing == 1).astype(float), np.zeros(count)],
                upper=np.r_[(fixing >= 0).astype(float), np.full(count, np.inf)],
                integer=np.zeros(m + count, dtype=bool),
            )
        )
        # Devex needs more steps than steepest edge and less time in all.
        self._solver.setOptionValue("simplex_dual_edge_weight_strategy", 1)
        if should_stop is not None:
            self._solver.cbSimplexInterrupt.subscribe(lambda event: event.interrupt() if should_stop() else None)

    def solve(self, fixing: Fixing) -> tuple[Floats, Floats] | None:
        """The relaxed choice y (m,) and multipliers u (n,) under a fixing; None if HiGHS ended otherwise."""
        import highspy

        for j in np.flatnonzero(fixing != self._fixing).tolist():
            self._solver.changeColBounds(j, float(fixing[j] == 1), float(fixing[j] >= 0))
        self._fixing = fixing.copy()
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        u = self._nearest.copy()
        u[self._has] += np.round(self._unit * np.maximum(np.asarray(solution.row_dual)[self._first], 0.0))
        return np.asarray(solution.col_value)[: self._m], u
