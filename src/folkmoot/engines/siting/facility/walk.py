"""Walks along each client's sites, nearest first, while they are worth more than they cost.

Work is the number of such pairs, not all pairs: of 125 sites a client looks at a few.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True)
def worths(
    cost: NDArray[np.float64], order: NDArray[np.int32], price: NDArray[np.float64], sites: int
) -> NDArray[np.float64]:
    """For each site Σ_r min(0, cost_r − price_r); `cost` (r × m) ascending in each row, `order` the sites so sorted."""
    worth = np.zeros(sites)
    for r in range(cost.shape[0]):
        for k in range(cost.shape[1]):
            less = cost[r, k] - price[r]
            if less >= 0.0:
                break
            worth[order[r, k]] += less
    return worth


@njit(cache=True)
def times(
    cost: NDArray[np.float64], order: NDArray[np.int32], price: NDArray[np.float64], chosen: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """How many of the chosen sites each client would use."""
    count = np.zeros(cost.shape[0])
    for r in range(cost.shape[0]):
        for k in range(cost.shape[1]):
            if cost[r, k] >= price[r]:
                break
            if chosen[order[r, k]]:
                count[r] += 1.0
    return count
