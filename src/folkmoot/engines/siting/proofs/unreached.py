"""There is no plan because one area has no site it could use: nothing needs to be believed, only looked at."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from folkmoot.engines.siting.problem import Problem
from folkmoot.engines.siting.proofs import ProofError


def bound(problem: Problem, data: dict[str, Any]) -> float:
    """Infinitely bad, if the area has demand and no allowed site (within the radius, for a set cover)."""
    code = data["area"]
    if code not in problem.areas:
        raise ProofError(f"The certificate names “{code}”, which is not one of the areas.")
    row = problem.areas.index(code)
    served = problem.allowed[row]
    if problem.objective.needs_radius and not problem.objective.maximises:
        served = served & (np.asarray(problem.cost)[row] <= problem.radius)
    needed = not problem.objective.maximises or problem.max_cost is not None or problem.equity is not None
    if not needed or served.any() or not problem.total[row] > 0:
        raise ProofError(
            f"The certificate says that area “{code}” has no site it could use, and it has, or needs none."
        )
    return -math.inf if problem.objective.maximises else math.inf
