"""Good sites: greedy adding, then swapping one for another while that helps, then shaking and swapping again.

For a site j to open and r to close, the change is the loss of r less the gain of j. One look along j's costs finds the
best r at once (Whitaker 1983): clients nearer to j than to their own site gain; of the others only those of r lose. What
each r loses without j, Σ (d2 − d1) over its clients, is kept between candidates, so a client whose second-nearest site is
nearer than j costs one comparison. Shaking is variable neighbourhood search (Hansen and Mladenović 1997).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
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
        j = int(saving.argmax())
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
def _two_nearest(cost: Floats, chosen: Ints, i: int, first: Ints, second: Ints, d1: Floats, d2: Floats) -> None:
    """Which of the chosen are nearest and second nearest to client i, and how near."""
    a, b = -1, -1
    near, next_near = np.inf, np.inf
    for k in range(len(chosen)):
        d = cost[chosen[k], i]
        if d < near:
            a, b, near, next_near = k, a, d, near
        elif d < next_near:
            b, next_near = k, d
    first[i], second[i], d1[i], d2[i] = a, b, near, next_near


@njit(cache=True)
def interchange(cost: Floats, chosen: Ints, forced: Bools, far: float) -> int:
    """Swap until no swap helps; `chosen` is changed in place. How many swaps it took."""
    m, n = cost.shape
    p = len(chosen)
    first, second = np.empty(n, np.int64), np.empty(n, np.int64)
    d1, d2 = np.empty(n), np.empty(n)
    is_open = np.zeros(m, np.bool_)
    for k in range(p):
        is_open[chosen[k]] = True
    for i in range(n):
        _two_nearest(cost, chosen, i, first, second, d1, d2)
        d2[i] = min(d2[i], far)
    alone = np.empty(p)  # what closing each would cost with nothing opened
    loss = np.empty(p)
    swaps, idle, j, stale = 0, 0, 0, True
    least = 0.5
    while idle < m:
        if stale:
            alone[:] = 0.0
            for i in range(n):
                alone[first[i]] += d2[i] - d1[i]
            least = 0.5 + 1e-15 * alone.sum()
            for k in range(p):
                if forced[chosen[k]]:
                    alone[k] = np.inf
            stale = False
        j = (j + 1) % m
        idle += 1
        if is_open[j]:
            continue
        row = cost[j]
        loss[:] = alone
        gain = 0.0
        for i in range(n):
            d = row[i]
            if d < d2[i]:
                if d < d1[i]:
                    gain += d1[i] - d
                    loss[first[i]] -= d2[i] - d1[i]
                else:
                    loss[first[i]] -= d2[i] - d
        r = loss.argmin()
        if gain - loss[r] <= least:
            continue
        is_open[chosen[r]] = False
        is_open[j] = True
        chosen[r] = j
        for i in range(n):
            d = row[i]
            if first[i] == r or second[i] == r:
                _two_nearest(cost, chosen, i, first, second, d1, d2)
                d2[i] = min(d2[i], far)
            elif d < d1[i]:
                second[i], d2[i] = first[i], d1[i]
                first[i], d1[i] = r, d
            elif d < d2[i]:
                second[i], d2[i] = r, d
        swaps += 1
        idle, stale = 0, True
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
