"""The linear relaxation by radii, on the sites that are left: exact multipliers where lists are short.

For each area the distinct costs D¹ < D² < … of the sites left; z_k is 1 if no site is open within D^k:

    min Σ_i [D¹ + Σ_k (D^(k+1) − D^k) z_k],   z_1 + Σ_{d = D¹} y_j ≥ 1,   z_k + Σ_{d = D^k} y_j ≥ z_(k−1),   Σ y = p

An area needs no radius beyond u_i + (best − L(u)): a plan that serves it from farther is no better than the best. Levels
beyond are left out, which only lowers the relaxation. The dual of an area's first row, added to D¹, is its multiplier u_i,
and L(u) is at least the relaxation: so HiGHS need not be believed, its multipliers are evaluated by `dual.bound`.

Sources: Cornuéjols, Nemhauser and Wolsey (1980); García, Labbé and Marín (2011); Elloumi (2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from folkmoot.engines.siting import highs

type Floats = NDArray[np.float64]

LEVELS_AN_AREA = 10.0
"""Beyond so many rows an area the relaxation is slower than the subgradient (rl1304: 8 at p = 100, 94 at p = 10)."""


@dataclass(frozen=True, eq=False)
class Levels:
    """For all areas one after another: which sites enter at each level, and what the next level costs more."""

    count: NDArray[np.int64]
    nearest: Floats
    rows: NDArray[np.int64]
    """Level of each (level, site) pair."""
    sites: NDArray[np.int64]
    step: Floats


def levels_of(lists: Any, shift: int, reach: Floats, most: int) -> Levels | None:
    """The levels within `reach` (n,) of each area; None if there are more than `most` in all."""
    mask = (1 << shift) - 1
    count = np.zeros(len(lists), dtype=np.int64)
    nearest = (lists[:, 0] >> shift).astype(np.float64)
    rows: list[NDArray[np.int64]] = []
    sites: list[NDArray[np.int64]] = []
    steps: list[Floats] = []
    total = 0
    for i, packed in enumerate(lists):
        cost = packed >> shift
        end = int(np.searchsorted(cost, max(reach[i], nearest[i]), side="right"))
        starts = np.flatnonzero(np.r_[True, cost[1:end] != cost[: end - 1]])
        beyond = cost[starts[1:]] if end == len(cost) else np.r_[cost[starts[1:]], cost[end]]
        held = len(beyond)
        if total + held > most:
            return None
        count[i] = held
        if held == 0:
            continue
        stop = int(starts[held]) if held < len(starts) else end
        rows.append(total + np.searchsorted(starts, np.arange(stop), side="right") - 1)
        sites.append(packed[:stop] & mask)
        steps.append((beyond - cost[starts[:held]]).astype(np.float64))
        total += held
    if total == 0:
        return None
    return Levels(count, nearest, np.concatenate(rows), np.concatenate(sites), np.concatenate(steps))


class Radii:
    """The relaxation, solved again and again from where the last one ended."""

    def __init__(self, levels: Levels, m: int, p: int, fixing: NDArray[np.int8]) -> None:
        count = len(levels.step)
        first = np.r_[0, np.cumsum(levels.count)[:-1]]
        self._first, self._has = first[levels.count > 0], levels.count > 0
        self._nearest, self._m = levels.nearest, m
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
                cost=np.r_[np.zeros(m), levels.step],
                rows=rows,
                row_lower=lower,
                row_upper=np.r_[np.full(count, np.inf), float(p)],
                lower=np.r_[(fixing == 1).astype(float), np.zeros(count)],
                upper=np.r_[(fixing >= 0).astype(float), np.full(count, np.inf)],
                integer=np.zeros(m + count, dtype=bool),
            )
        )

    def solve(self, fixing: NDArray[np.int8]) -> tuple[Floats, Floats] | None:
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
        u[self._has] += np.maximum(np.asarray(solution.row_dual)[self._first], 0.0)
        return np.asarray(solution.col_value)[: self._m], u
