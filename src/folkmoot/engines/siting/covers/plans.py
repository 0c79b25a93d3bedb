"""A choice of columns as a plan, with the proof by the codes of areas."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from folkmoot.engines.siting.plan import Certificate, Plan
from folkmoot.engines.siting.served import nearest

if TYPE_CHECKING:
    from folkmoot.engines.siting.covers.choice import Choice, Chosen
    from folkmoot.engines.siting.problem import Problem

KIND = "covering"
"""The kind of certificate: leaves with multipliers; `proofs.covering` replays it."""


def plan_of(problem: Problem, choice: Choice, found: Chosen, *, gap: float) -> Plan:
    """The plan; values change their sign where the objective maximises."""
    sign = -1.0 if problem.objective.maximises else 1.0
    certificate = certificate_of(problem, found.proof)
    if found.columns is None:
        bound = sign * found.bound
        return Plan(
            problem.objective, problem.fingerprint, (), (), None, bound, proved_infeasible=found.infeasible,
            tolerance=gap, certificate=certificate, work={"nodes": found.nodes},
        )  # fmt: skip
    chosen = tuple(code for code, is_open in zip(choice.codes, found.columns) if is_open)
    value, bound = sign * choice.value(found.columns) + 0.0, sign * found.bound + 0.0
    if problem.objective.maximises:
        bound = min(bound, math.fsum(choice.gain))
    return Plan(
        problem.objective, problem.fingerprint, chosen, nearest(problem, chosen).assignment, value, bound,
        tolerance=gap, certificate=certificate, work={"nodes": found.nodes},
    )  # fmt: skip


def certificate_of(problem: Problem, proof: dict[str, Any] | None) -> Certificate:
    """The proof with areas by code, or “solver-trusted” where there is nothing to replay."""
    if proof is None:
        return Certificate("solver-trusted")
    if "unreached" in proof:
        return Certificate("unreached", {"area": problem.areas[proof["unreached"]]})
    leaves = [
        {
            **leaf,
            "reach": [[problem.areas[i], number] for i, number in leaf["reach"]],
            "gain": [[problem.areas[i], number] for i, number in leaf["gain"]],
        }
        for leaf in proof["leaves"]
    ]
    return Certificate(KIND, {**proof, "leaves": leaves})
