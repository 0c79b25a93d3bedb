"""Supply against the people who share it: two-step floating catchments.

Two steps (Luo and Wang 2003): each site's supply over the demand within its catchment, R_j = S_j ÷ Σ_i P_i; then each area
adds up the sites within reach, A_i = Σ_j R_j. Enhanced (Luo and Qi 2009): both sums are weighted by zones of travel time,
by default 1, 0.68 and 0.22 up to 10, 20 and 30 minutes. Both conserve supply: Σ P_i A_i = Σ S_j over sites in reach.

>>> import numpy as np
>>> found = two_step(np.array([[5.0, 40], [8, 9]]), demand=np.array([100.0, 300]), supply=np.array([4.0, 3]), within=30)
>>> found.ratio.tolist(), found.access.tolist()
([0.01, 0.01], [0.01, 0.02])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.problem import ProblemError

type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Catchment:
    """`ratio` (m,): supply per head in each site's catchment, 0 where nobody lives; `access` (n,) of each area."""

    ratio: Floats
    access: Floats


def two_step(travel: Floats, *, demand: Floats, supply: Floats, within: float) -> Catchment:
    """2SFCA. `travel` (n × m), infinity where there is no way; `demand` (n,); `supply` (m,)."""
    return _weighed(travel, demand, supply, (np.asarray(travel) <= within).astype(float))


def enhanced_two_step(
    travel: Floats,
    *,
    demand: Floats,
    supply: Floats,
    zones: Sequence[float] = (10.0, 20.0, 30.0),
    weights: Sequence[float] = (1.0, 0.68, 0.22),
) -> Catchment:
    """E2SFCA. A pair counts by the weight of the first zone it lies within, and not at all beyond the last."""
    edges = np.asarray(zones, dtype=float)
    if len(edges) != len(weights) or not len(edges) or (np.diff(edges) <= 0).any():
        raise ProblemError("Each zone needs a weight, and zones must grow, such as 10, 20, 30.")
    scale = np.append(np.asarray(weights, dtype=float), 0.0)
    return _weighed(travel, demand, supply, scale[np.searchsorted(edges, np.asarray(travel), side="left")])


def _weighed(travel: Floats, demand: Floats, supply: Floats, weight: Floats) -> Catchment:
    if np.isnan(travel).any() or np.shape(travel) != (len(demand), len(supply)):
        raise ProblemError(
            "Travel must be a number for each area and site: a row for each demand, a column for each supply."
        )
    people = np.asarray(demand) @ weight
    ratio = np.divide(supply, people, out=np.zeros(len(people)), where=people > 0)
    return Catchment(ratio, weight @ ratio)
