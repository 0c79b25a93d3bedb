"""The bound of a p-centre: at a radius covering needs more than p sites, so the answer is a larger cost, or there is none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from folkmoot.engines.siting.problem import Problem
from folkmoot.engines.siting.proofs import ProofError
from folkmoot.engines.siting.proofs.covering import replay


def bound(problem: Problem, data: dict[str, Any]) -> float:
    """The least cost above the radius of the certificate; infinity where there is none."""
    radius = float(data["radius"])
    reach = problem.allowed & (np.asarray(problem.cost) <= radius)
    fewest = replay(problem, data["cover"], near=None, reach=reach, price=np.ones(problem.m), most=None)
    assert problem.p is not None
    if not fewest > problem.p:
        raise ProofError(f"The certificate proves that {fewest:g} sites are needed within {radius:g}, not more than p.")
    costs = np.asarray(problem.cost)[problem.allowed & (problem.total > 0)[:, None]]
    return float(costs[costs > radius].min(initial=math.inf))


def nearest(problem: Problem, data: dict[str, Any]) -> float:
    """The cost from one area with demand to the nearest site it may use; 0 where no area is named."""
    if not data["area"]:
        return 0.0
    if data["area"] not in problem.areas:
        raise ProofError(f"The certificate names “{data['area']}”, which is not one of the areas.")
    row = problem.areas.index(data["area"])
    if not problem.total[row] > 0:
        raise ProofError(f"The certificate names “{data['area']}”, which has no demand.")
    return float(np.asarray(problem.cost)[row][problem.allowed[row]].min(initial=math.inf))
