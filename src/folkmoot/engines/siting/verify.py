"""Is a plan what it says? Its value is added up from its sites, its bound replayed from its certificate.

Nothing of any solver is used: only the problem, the plan and `proofs`. A plan whose bound rests on the solver HiGHS alone
keeps its value and loses its proof; the statements say so.

>>> from folkmoot.engines.siting.problem import Problem
>>> from folkmoot.engines.siting.solve import solve
>>> problem = Problem("p-median", cost=[[0, 5, 9], [5, 0, 4], [9, 4, 0]], p=1)
>>> checked = verify(problem, solve(problem))
>>> checked.holds, checked.value, checked.bound
(True, 9.0, 9.0)
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from importlib import import_module

import numpy as np

from folkmoot.engines.siting import equity
from folkmoot.engines.siting.plan import Plan, Status
from folkmoot.engines.siting.problem import Objective, Problem
from folkmoot.engines.siting.proofs import ProofError

CLOSE = 1e-9
"""Sums in floats that differ by less, relative, are the same."""

TRUSTED = "solver-trusted"
"""The bound rests on the solver HiGHS; what lies with it proves less, where anything does."""

REPLAYS = {
    "dual": "median:bound",
    "tree": "median:bound",
    "covering": "covering:bound",
    "center": "center:bound",
    "nearest": "center:nearest",
    "facility": "facility:bound",
    "unreached": "unreached:bound",
}
"""Kind of certificate → module of `proofs` and the function that replays it."""

KINDS = {
    Objective.P_MEDIAN: {"dual", "tree", "facility", "center", "unreached"},
    Objective.CAPACITATED_P_MEDIAN: {"facility", "unreached"},
    Objective.UFLP: {"facility", "unreached"},
    Objective.CFLP: {"facility", "unreached"},
    Objective.LSCP: {"covering", "unreached"},
    Objective.MCLP: {"covering", "unreached"},
    Objective.P_CENTER: {"center", "nearest", "unreached"},
}
"""What proves something about an objective."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found; `holds` only if value and bound are both what the plan says, and the bound was replayed."""

    value: float | None
    bound: float | None
    value_holds: bool
    bound_holds: bool
    statements: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the plan may be believed in full."""
        return self.value_holds and self.bound_holds


def verify(problem: Problem, plan: Plan) -> Verification:
    """Recompute both; what does not agree is said in a sentence each."""
    if plan.fingerprint != problem.fingerprint or plan.objective is not problem.objective:
        said = "The plan is for another problem: objective, costs, demand or limits are not those it was made for."
        return Verification(None, None, False, False, (said,))
    value, faults = (None, []) if plan.value is None else _value(problem, plan)
    if plan.value is None and plan.open:
        faults.append("The plan opens sites and gives no value.")
    if value is not None and not math.isclose(value, plan.value or 0.0, rel_tol=CLOSE, abs_tol=CLOSE):
        faults.append(f"The sites are worth {value:,.10g}, and the plan says {plan.value:,.10g}.")
    good = [] if value is None or faults else [f"The sites are worth {value:,.10g}, as the plan says."]
    bound, proof, proved = _bound(problem, plan)
    return Verification(value, bound, not faults, proved, (*faults, *good, proof))


def _bound(problem: Problem, plan: Plan) -> tuple[float | None, str, bool]:
    kind, worst = plan.certificate.kind, math.inf if problem.objective.maximises else -math.inf
    if kind not in REPLAYS:
        if plan.bound == worst or (plan.bound <= 0 and not problem.objective.maximises):
            return worst, "The plan claims no bound.", True
        rests = "rests on the solver HiGHS" if kind == TRUSTED else "comes with no certificate"
        said = f"The bound {plan.bound:,.10g} {rests} and cannot be replayed: it is not verified."
        if kind != TRUSTED or not plan.certificate.data:
            return None, said, False
        bound, _ = _replayed(problem, "facility", plan)
        return bound, said if bound is None else f"{said} Replayed is {bound:,.10g}.", False
    if kind not in KINDS[problem.objective]:
        return None, f"A certificate of the kind “{kind}” proves nothing about {problem.objective}.", False
    bound, why = _replayed(problem, kind, plan)
    if bound is None:
        return None, why, False
    if problem.objective is Objective.P_MEDIAN and kind == "center" and math.isfinite(bound):
        return None, "The certificate does not prove that p sites cannot reach every area.", False
    sign = -1.0 if problem.objective.maximises else 1.0
    if plan.proved_infeasible:
        if sign * bound == math.inf:
            return bound, "The certificate proves that there is no plan.", True
        return bound, "The plan says that none exists, and its certificate does not prove it.", False
    if sign * (bound - plan.bound) < -CLOSE * max(1.0, abs(plan.bound)):
        return bound, f"The certificate proves a bound of {bound:,.10g} and not {plan.bound:,.10g}.", False
    told = f"The certificate proves that no plan is better than {plan.bound:,.10g}"
    return (
        bound,
        f"{told}: the plan is optimal." if replace(plan, tolerance=0.0).status is Status.OPTIMAL else f"{told}.",
        True,
    )


def _replayed(problem: Problem, kind: str, plan: Plan) -> tuple[float | None, str]:
    """The bound that the certificate proves, or None and what is wrong with it."""
    module, name = REPLAYS[kind].split(":")
    replay = getattr(import_module(f"folkmoot.engines.siting.proofs.{module}"), name)
    try:
        bound = float(replay(problem, plan.certificate.data))
    except ProofError as error:
        return None, str(error)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError, OverflowError) as error:
        return None, f"The certificate has been damaged: {error!r}."
    # No cost is negative, so that no plan is worth less than nothing, whatever the certificate shows.
    return bound if problem.objective.maximises else max(0.0, bound), ""


def _value(problem: Problem, plan: Plan) -> tuple[float | None, list[str]]:
    """What the sites are worth, and what is wrong with them."""
    faults = _sites(problem, plan)
    if faults:
        return None, faults
    asked = problem.load > 0
    used = np.full(problem.load.shape, -1, dtype=np.int64)
    if len(plan.assignment) != problem.n:
        return None, ["The plan does not say for each area which site it uses."]
    for i, names in enumerate(plan.assignment):
        if len(names) != used.shape[1]:
            return None, [f"Area “{problem.areas[i]}” has not one site for each service."]
        for s, code in enumerate(names):
            if code and (code not in plan.open or not problem.allowed[i, problem.site_index[code]]):
                return None, [f"Area “{problem.areas[i]}” is sent to “{code}”, which is closed or out of its reach."]
            used[i, s] = problem.site_index[code] if code else -1
    everybody = problem.objective is not Objective.MCLP or problem.max_cost is not None
    if everybody and (used[asked] < 0).any():
        i = int(np.flatnonzero((asked & (used < 0)).any(axis=1))[0])
        return None, [f"Area “{problem.areas[i]}” has demand and no site."]
    paid = np.where(used >= 0, np.take_along_axis(np.asarray(problem.cost), np.maximum(used, 0), axis=1), 0.0)
    faults += _limits(problem, plan, used, paid)
    return _worth(problem, plan, paid, asked), faults


def _sites(problem: Problem, plan: Plan) -> list[str]:
    opened = set(plan.open)
    wrong = sorted(opened - set(problem.sites)) + sorted(opened & problem.must_close)
    if wrong:
        return [f"The plan opens “{wrong[0]}”, which is not a site or must be closed."]
    if len(opened) != len(plan.open):
        return ["The plan names a site twice."]
    if problem.must_open - opened:
        return [f"Site “{min(problem.must_open - opened)}” must be open, and the plan does not open it."]
    fewer = problem.objective is Objective.MCLP
    if problem.p is not None and (len(opened) > problem.p or (len(opened) < problem.p and not fewer)):
        return [f"The plan opens {len(opened)} sites, and p is {problem.p}."]
    return []


def _limits(problem: Problem, plan: Plan, used: np.ndarray, paid: np.ndarray) -> list[str]:
    faults = []
    if problem.objective.needs_capacity:
        room = np.asarray(problem.capacity, dtype=float).reshape(problem.m, -1)
        held = np.zeros_like(room)
        for s in range(used.shape[1]):
            np.add.at(held[:, s], np.maximum(used[:, s], 0), np.where(used[:, s] >= 0, problem.load[:, s], 0.0))
        over = np.argwhere(held > room * (1 + CLOSE) + CLOSE)
        if len(over):
            faults.append(f"Site “{problem.sites[int(over[0][0])]}” is asked for more than it holds.")
    if problem.objective is Objective.LSCP:
        far = (problem.total > 0) & (paid[:, 0] > (problem.radius or 0.0))
        if far.any():
            faults.append(f"Area “{problem.areas[int(far.argmax())]}” has no open site within the radius.")
    limits = equity.limits(problem)
    if limits is not None:
        spent = (problem.load * paid).sum(axis=1)
        for name, rows, most in zip(limits.names, limits.members, limits.most):
            if spent[rows].sum() > most * (1 + CLOSE) + CLOSE:
                faults.append(f"Group “{name}” would travel further on average than the equity limit allows.")
    return faults


def _worth(problem: Problem, plan: Plan, paid: np.ndarray, asked: np.ndarray) -> float:
    columns = problem.columns(plan.open)
    opening = 0.0 if problem.opening_cost is None else math.fsum(np.asarray(problem.opening_cost)[columns])
    match problem.objective:
        case Objective.LSCP:
            return float(len(columns)) if problem.opening_cost is None else opening
        case Objective.MCLP:
            near = problem.allowed[:, columns] & (np.asarray(problem.cost)[:, columns] <= problem.radius)
            return math.fsum(problem.total[near.any(axis=1)])
        case Objective.P_CENTER:
            return float(paid[asked].max(initial=0.0))
        case Objective.UFLP | Objective.CFLP:
            return opening + math.fsum((problem.load * paid)[asked])
        case _:
            return math.fsum((problem.load * paid)[asked])
