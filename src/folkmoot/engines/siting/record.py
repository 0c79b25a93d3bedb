"""A plan as JSON and back: what `folkmoot siting solve --out` writes and `verify` reads.

A plan names sites for areas in the order of its problem. With the problem beside it the record names the areas too, and is
read back in the order of any problem with the same areas.

>>> from folkmoot.engines.siting.plan import Plan
>>> plan = Plan("mclp", "seal", ("North",), (("North",), ("",)), 3.0, 3.0)
>>> plan_of(record_of(plan)) == plan, record_of(plan)["status"]
(True, 'optimal')
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from folkmoot.engines.siting.plan import Certificate, Plan
from folkmoot.engines.siting.problem import Objective, ProblemError

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem

FORMAT = "folkmoot-plan-1"


def record_of(plan: Plan, problem: Problem | None = None) -> dict[str, Any]:
    """The plan as JSON can hold it; infinite bounds and gaps are null."""
    named = {} if problem is None else {"areas": list(problem.areas)}
    return {
        "format": FORMAT,
        "kind": str(plan.objective),
        "fingerprint": plan.fingerprint,
        "status": str(plan.status),
        "objective": plan.value,
        "bound": plan.bound if math.isfinite(plan.bound) else None,
        "gap": plan.gap if math.isfinite(plan.gap) else None,
        "open": list(plan.open),
        **named,
        "assignment": [list(sites) for sites in plan.assignment],
        "proved_infeasible": plan.proved_infeasible,
        "tolerance": plan.tolerance,
        "certificate": {"kind": plan.certificate.kind, "data": plan.certificate.data},
        "work": dict(plan.work),
        "explanation": list(plan.explanation),
    }


def plan_of(record: Any, problem: Problem | None = None) -> Plan:
    """The plan of a record, its areas in the order of the problem; a record that is none is refused in a sentence."""
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ProblemError("This is not a plan of `folkmoot siting solve`: its “format” should be “folkmoot-plan-1”.")
    try:
        value, bound = record["objective"], record["bound"]
        objective = Objective(record["kind"])
        unbounded = math.inf if objective.maximises != bool(record["proved_infeasible"]) else -math.inf
        return Plan(
            objective=objective,
            fingerprint=str(record["fingerprint"]),
            open=tuple(map(str, record["open"])),
            assignment=_assignment(record, problem),
            value=None if value is None else float(value),
            bound=unbounded if bound is None else float(bound),
            proved_infeasible=bool(record["proved_infeasible"]),
            tolerance=float(record["tolerance"]),
            certificate=Certificate(str(record["certificate"]["kind"]), dict(record["certificate"]["data"])),
            work={str(name): int(count) for name, count in record["work"].items()},
            explanation=tuple(map(str, record["explanation"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProblemError(f"The plan has been damaged: {error!s} is missing or is not what it should be.") from None


def _assignment(record: dict[str, Any], problem: Problem | None) -> tuple[tuple[str, ...], ...]:
    sites = [tuple(map(str, each)) for each in record["assignment"]]
    areas = [str(code) for code in record.get("areas", ())]
    if problem is None or len(areas) != len(sites) or sorted(areas) != sorted(problem.areas):
        return tuple(sites)
    used = dict(zip(areas, sites))
    return tuple(used[code] for code in problem.areas)
