"""Who uses which open site when everybody goes to the nearest they may use.

Of equally near sites the one with the first code serves, so that the order of rows and columns changes nothing.

>>> from folkmoot.engines.siting.problem import Problem
>>> problem = Problem("p-median", cost=[[1, 4], [3, 1], [2, 2]], p=2, sites=("North", "East"))
>>> nearest(problem, ("North", "East")).assignment
(('North',), ('East',), ('East',))
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem


@dataclass(frozen=True, eq=False)
class Served:
    """For each area the code of its site in each service (empty text: none) and its cost, infinity where none."""

    assignment: tuple[tuple[str, ...], ...]
    cost: NDArray[np.float64]


def nearest(problem: Problem, open_sites: Iterable[str]) -> Served:
    """Every area at the nearest open site that it may use."""
    codes = sorted(set(open_sites))
    services = problem.load.shape[1]
    if not codes:
        return Served((("",) * services,) * problem.n, np.full(problem.n, math.inf))
    columns = [problem.site_index[code] for code in codes]
    costs = np.where(problem.allowed[:, columns], np.asarray(problem.cost)[:, columns], math.inf)
    best = costs.argmin(axis=1)
    least = costs[np.arange(problem.n), best]
    names = [*codes, ""]
    chosen = np.where(np.isfinite(least), best, len(codes))
    return Served(tuple((names[j],) * services for j in chosen.tolist()), least)
