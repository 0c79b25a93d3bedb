"""Good sites: greedy adding, then swapping one for another while that helps, then shaking and swapping again.

For a site j to open and r to close, the value falls by

    gain_j − alone_r + extra_jr

where gain_j = Σ max(0, d1 − d_j), alone_r = Σ (d2 − d1) over the clients of r, and extra_jr makes good what alone_r says too
much where j is nearer than the second-nearest open site: min(d2 − d1, d2 − d_j) over the clients of r with d_j < d2. All
three are kept between swaps: a swap changes only the clients that it touches, and each of those only the sites that are
nearer to it than its second nearest, which its list gives (Resende and Werneck 2007). The first swap that helps is taken,
with the best r for it (Whitaker 1983). Shaking is variable neighbourhood search (Hansen and Mladenović 1997).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Sites = NDArray[np.int32]
type Bools = NDArray[np.bool_]


@njit(cache=True)
def greedy(cost: Floats, forced: Bools, p: int, far: float) -> Ints:
    """p sites, each the one that saves most. A site's saving never grows, so an old one is a bound (Minoux 1978)."""
    m, n = cost.shape
    chosen = np.empty(p, np.int64)
    near = np.full(n, far)
    saving = np.empty(m)
    count = 0
    for j in range(m):
        if forced[j]:
            chosen[count] = j
            count += 1
            for i in range(n):
                near[i] = min(near[i], cost[j, i])
    for j in range(m):
        saving[j] = -1.0 if forced[j] else np.inf
    fresh = np.full(m, -1)
    while count < p:
        j = 0
        for k in range(m):
            if saving[k] > saving[j]:
                j = k
        if fresh[j] == count:
            chosen[count] = j
            saving[j] = -1.0
            count += 1
            for i in range(n):
                near[i] = min(near[i], cost[j, i])
        else:
            total = 0.0
            for i in range(n):
                total += max(0.0, near[i] - cost[j, i])
            saving[j], fresh[j] = total, count
    return chosen


@njit(cache=True)
def value(cost: Floats, chosen: Ints, far: float) -> float:
    """What the sites cost; infinity if they leave a client out."""
    n = cost.shape[1]
    near = np.full(n, far)
    for k in range(len(chosen)):
        for i in range(n):
            near[i] = min(near[i], cost[chosen[k], i])
    total = 0.0
    for i in range(n):
        if near[i] >= far:
            return np.inf
        total += near[i]
    return total


@njit(cache=True)
def _two_nearest(
    start: Ints, site: Sites, price: Floats, i: int, away: float, at: Ints,
    first: Ints, second: Ints, d1: Floats, d2: Floats,
) -> None:  # fmt: skip
    """Which places of the chosen are nearest and second nearest to client i, and how near."""
    first[i], second[i], d1[i], d2[i] = -1, -1, away, away
    for k in range(start[i], start[i + 1]):
        if price[k] >= away:
            return
        r = at[site[k]]
        if r >= 0:
            if first[i] >= 0:
                second[i], d2[i] = r, price[k]
                return
            first[i], d1[i] = r, price[k]


@njit(cache=True)
def _tell(
    start: Ints, site: Sites, price: Floats, i: int, sign: float, r: int, near: float, then: float,
    gain: Floats, alone: Floats, extra: Floats,
) -> None:  # fmt: skip
    """Add client i to what each swap is worth, or take it away; whole floats, so that nothing drifts."""
    if r >= 0:
        alone[r] += sign * (then - near)
    for k in range(start[i], start[i + 1]):
        d = price[k]
        if d >= then:
            return
        if d < near:
            gain[site[k]] += sign * (near - d)
        if r >= 0:
            extra[site[k], r] += sign * (then - max(d, near))


@njit(cache=True)
def interchange(
    start: Ints, site: Sites, price: Floats, cost: Floats, chosen: Ints, forced: Bools, away: float
) -> int:  # fmt: skip
    """Swap until no swap helps; `chosen` is changed in place. How many swaps it took.

    A client without a site pays `away`; n × away must be below 2^53.
    """
    m, n = cost.shape
    p = len(chosen)
    first, second = np.empty(n, np.int64), np.empty(n, np.int64)
    d1, d2 = np.empty(n), np.empty(n)
    gain, alone, extra = np.zeros(m), np.zeros(p), np.zeros((m, p))
    at = np.full(m, -1)
    for k in range(p):
        at[chosen[k]] = k
    for i in range(n):
        _two_nearest(start, site, price, i, away, at, first, second, d1, d2)
        _tell(start, site, price, i, 1.0, first[i], d1[i], d2[i], gain, alone, extra)
    swaps, idle, j = 0, 0, 0
    while idle < m:
        j = (j + 1) % m
        idle += 1
        if at[j] >= 0 or gain[j] < 1.0:
            continue
        r, loss = -1, np.inf
        for k in range(p):
            if alone[k] - extra[j, k] < loss and not forced[chosen[k]]:
                r, loss = k, alone[k] - extra[j, k]
        if gain[j] - loss < 1.0:
            continue
        at[chosen[r]] = -1
        at[j] = r
        chosen[r] = j
        for i in range(n):
            d = cost[j, i]
            gone = first[i] == r or second[i] == r
            if not gone and d >= d2[i]:
                continue
            _tell(start, site, price, i, -1.0, first[i], d1[i], d2[i], gain, alone, extra)
            if gone:
                _two_nearest(start, site, price, i, away, at, first, second, d1, d2)
            elif d < d1[i]:
                second[i], d2[i], first[i], d1[i] = first[i], d1[i], r, d
            else:
                second[i], d2[i] = r, d
            _tell(start, site, price, i, 1.0, first[i], d1[i], d2[i], gain, alone, extra)
        swaps += 1
        idle = 0
    return swaps


@njit(cache=True)
def shake(chosen: Ints, forced: Bools, draws: Floats) -> None:
    """As many random swaps as there are rows of `draws` (k × 2, uniform); `chosen` is changed in place."""
    m, p = len(forced), len(chosen)
    is_open = np.zeros(m, np.bool_)
    for k in range(p):
        is_open[chosen[k]] = True
    for s in range(len(draws)):
        r = int(draws[s, 0] * p)
        j = int(draws[s, 1] * m)
        if not forced[chosen[r]] and not is_open[j]:
            is_open[chosen[r]] = False
            is_open[j] = True
            chosen[r] = j
