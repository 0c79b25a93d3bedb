"""Areas with equal cover are one; rows and columns that another dominates are none.

A row is a set of sites, any of which covers it; its weight is the demand of all areas with that set. In a set cover a
row that contains another is covered with it, and a column (site) that covers no more than another and costs no less is
never needed (Toregas and ReVelle 1973; Balas 1980 calls the collapse of equal rows aggregation).

>>> import numpy as np
>>> rows = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 1, 0]], dtype=bool)
>>> found = collapse(rows, np.array([1.0, 2.0, 4.0, 8.0]))
>>> found.weight.tolist(), found.of.tolist()
([8.0, 4.0, 3.0], [2, 2, 1, 0])
>>> needed_rows(found.rows).tolist()
[0]
>>> useful_columns(found.rows, np.ones(3)).tolist()
[1]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]

MOST_ROWS = 6_000
"""Beyond this many patterns rows are not compared pair by pair: HiGHS' own presolve is quicker."""


@dataclass(frozen=True, eq=False)
class Patterns:
    """`rows` (k × m) distinct, in an order their areas' order does not change; `of` (n,) the row of each area.

    `one` (k,) is an area of each row, by which a proof can name it.
    """

    rows: Bools
    weight: Floats
    of: NDArray[np.int64]
    one: NDArray[np.int64]


def collapse(covered: Bools, weight: Floats) -> Patterns:
    """The distinct rows of `covered` (n × m) with their weights summed."""
    packed = np.packbits(np.pad(covered, ((0, 0), (0, 1))), axis=1)  # at least one column, also where no site is left
    keys = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1])))[:, 0]
    _, first, of = np.unique(keys, return_index=True, return_inverse=True)
    return Patterns(covered[first], np.bincount(of, weights=weight, minlength=len(first)), of, first)


def needed_rows(rows: Bools) -> NDArray[np.int64]:
    """Distinct rows that contain no other: cover these and all are covered."""
    if len(rows) > MOST_ROWS:
        return np.arange(len(rows))
    size = rows.sum(axis=1)
    shared = _products(rows)
    inside = shared == size[None, :]  # [r, s]: row s lies inside row r
    np.fill_diagonal(inside, False)
    return np.flatnonzero(~inside.any(axis=1))


def useful_columns(rows: Bools, cost: Floats) -> NDArray[np.int64]:
    """Columns that no other dominates: covers at least the same rows and costs no more; of equals the first stays."""
    shared = _products(np.ascontiguousarray(rows.T))
    size = rows.sum(axis=0)
    inside = (shared == size[:, None]) & (cost[None, :] <= cost[:, None])  # [j, k]: all that j does, k does as cheaply
    equal = inside & inside.T
    later = np.arange(len(cost))[:, None] > np.arange(len(cost))[None, :]
    dominated = inside & (~equal | later)
    np.fill_diagonal(dominated, False)
    return np.flatnonzero(~dominated.any(axis=1))


def _products(rows: Bools) -> NDArray[np.int64]:
    small = rows.astype(np.float32)  # exact: counts stay below 2^24
    return (small @ small.T).astype(np.int64)
