"""Of all choices that are good enough, the one that differs most from some others (Danna and Woodruff 2009).

Maximise the least number of sites in which the choice differs from each of the others, over choices whose value is at
most a limit. HiGHS proves that none differs more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from folkmoot.engines.siting import highs
from folkmoot.engines.siting.covers.choice import Choice, model_of

type Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Different:
    """The choice, in how many sites it differs at least from each other, and the most in which any could."""

    chosen: Bools | None
    distance: int
    most: int


def different(
    choice: Choice, others: Sequence[Bools], *, limit: float, should_stop: Callable[[], bool] | None = None
) -> Different:
    """The choice of value at most `limit` that differs most from the others."""
    plain = model_of(choice)
    columns = len(plain.cost)
    m = len(choice.codes)
    far = csr_array(np.array([np.concatenate([np.where(other, -1.0, 1.0), np.zeros(columns - m)]) for other in others]))
    rows = vstack(
        [
            hstack([plain.rows, csr_array((plain.rows.shape[0], 1))]),
            hstack([csr_array(plain.cost[None, :]), csr_array((1, 1))]),
            hstack([far, csr_array(-np.ones((len(others), 1)))]),  # differs in |other| + far·y ≥ distance
        ]
    )
    room = 1e-9 * max(1.0, abs(limit))
    answer = highs.minimise(
        highs.Model(
            cost=np.append(np.zeros(columns), -1.0),
            rows=rows.tocsr(),
            row_lower=np.concatenate([plain.row_lower, [-math.inf], [-float(other.sum()) for other in others]]),
            row_upper=np.concatenate([plain.row_upper, [limit + room], np.full(len(others), math.inf)]),
            lower=np.append(np.zeros(columns) if plain.lower is None else plain.lower, 0.0),
            upper=np.append(plain.upper, float(m)),
            integer=np.append(plain.integer, True),
        ),
        should_stop=should_stop,
    )
    most = m if not math.isfinite(answer.bound) else math.floor(-answer.bound + 1e-6)
    if answer.x is None:
        return Different(None, 0, 0 if answer.infeasible else most)
    chosen = answer.x[:m] > 0.5
    if not choice.holds(chosen) or choice.value(chosen) > limit + 10 * room:
        return Different(None, 0, most)
    return Different(chosen, min(int((chosen != other).sum()) for other in others), most)
