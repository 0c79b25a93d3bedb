"""Amounts as whole numbers of a unit, so that sums are exact and a bound may be rounded to the next possible value.

Admissions averaged over three years come in thirds, opening costs in pence: times three, or a hundred, they are whole.

>>> found = unit_of([1.0, 2.3333333333333335, 0.0])
>>> found.per_one, found.amounts.tolist()
(3, [3, 7, 0])
>>> unit_of([0.1234567890123, 3.14159265358979]) is None
True
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

PARTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 30, 60, 100, 365, 1_000, 10_000, 100_000, 1_000_000)
"""Parts of one that statistics and money come in."""

NEAR = 1e-9
"""How far from whole, relative, rounding in floats may have left an amount."""

MOST = 1e-4
"""And in units."""


@dataclass(frozen=True, eq=False)
class Whole:
    """`amounts` in units of which `per_one` make one."""

    amounts: NDArray[np.int64]
    per_one: int


def unit_of(values: Any) -> Whole | None:
    """The largest unit in which all the values are whole, or None where there is none (then nothing may be rounded)."""
    given = np.asarray(values, dtype=np.float64)
    near = np.rint(given)
    if np.array_equal(near, given) and float(np.abs(near).sum()) < 2.0**53:  # whole already, as most costs are
        return Whole(near.astype(np.int64), 1)
    for parts in PARTS:
        scaled = given * parts
        near = np.round(scaled)
        if float(np.abs(near).sum()) >= 2.0**53:
            return None
        if np.all(np.abs(scaled - near) <= np.minimum(NEAR * np.maximum(1.0, np.abs(scaled)), MOST)):
            return Whole(near.astype(np.int64), parts)
    return None
