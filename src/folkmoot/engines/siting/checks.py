"""What a siting problem may not be, each said with the area or site it is about."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from folkmoot.engines.siting.problem import LARGEST, Objective, ProblemError

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem


def check(problem: Problem) -> None:
    """Raise `ProblemError` if the problem cannot be meant."""
    _codes(problem)
    _values(problem)
    _choices(problem)
    _limits(problem)


def _codes(problem: Problem) -> None:
    n, m = np.shape(problem.cost)
    for what, codes, size in (("areas", problem.areas, n), ("sites", problem.sites, m)):
        if len(codes) != size:
            raise ProblemError(f"The cost matrix has {size} {what} and {len(codes)} codes are given for them.")
        twice = [code for code, times in Counter(codes).items() if times > 1]
        if twice:
            raise ProblemError(f"The code “{twice[0]}” is given to more than one of the {what}; each needs its own.")
    known = set(problem.sites)
    for name in ("must_open", "must_close", "existing"):
        unknown = sorted(getattr(problem, name) - known)
        if unknown:
            raise ProblemError(f"“{unknown[0]}” is listed under {name.replace('_', ' ')} and is not one of the sites.")
    areas = set(problem.areas)
    for area, site in sorted(problem.forbidden):
        if area not in areas or site not in known:
            raise ProblemError(f"The forbidden pair “{area}”, “{site}” names an area or a site that does not exist.")


def _values(problem: Problem) -> None:
    cost = np.asarray(problem.cost)
    for bad, why in ((np.isnan(cost), "is not a number"), (cost < 0, "is negative")):
        if bad.any():
            i, j = map(int, np.argwhere(bad)[0])
            more = f" ({int(bad.sum())} cells in all)" if bad.sum() > 1 else ""
            raise ProblemError(
                f"The cost from area “{problem.areas[i]}” to site “{problem.sites[j]}” {why}{more}. "
                "Leave the area out, or write infinity where there is no way."
            )
    _one_each(problem, "demand", problem.areas, "area")
    for name in ("opening_cost", "capacity"):
        if getattr(problem, name) is not None:
            _one_each(problem, name, problem.sites, "site")
    finite = cost[np.isfinite(cost)]
    if finite.size and finite.max() * max(1.0, float(problem.total.sum())) >= LARGEST:
        raise ProblemError(
            f"Costs times demand reach {finite.max() * float(problem.total.sum()):.3g}, beyond what can be added "
            "exactly (2^53). Use a larger unit of cost or of demand."
        )


def _one_each(problem: Problem, name: str, codes: tuple[str, ...], what: str) -> None:
    values: Any = getattr(problem, name)
    label = name.replace("_", " ")
    if len(values) != len(codes):
        raise ProblemError(f"There are {len(codes)} {what}s and {len(values)} values of {label}.")
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        row = int(np.argwhere(bad)[0][0])
        raise ProblemError(
            f"The {label} of {what} “{codes[row]}” is {np.ravel(values[row])}; it must be a number of at least 0."
        )


def _choices(problem: Problem) -> None:
    objective = problem.objective
    both = sorted(problem.must_open & problem.must_close)
    if both:
        raise ProblemError(f"Site “{both[0]}” must be open and must be closed; it cannot be both.")
    if objective.needs_p:
        if problem.p is None:
            raise ProblemError(f"{objective.value} needs p, the number of sites to open.")
        if not 1 <= problem.p <= problem.m:
            raise ProblemError(
                f"{problem.p} sites are to be open and there are {problem.m} candidates; p must lie between 1 and that."
            )
        if len(problem.must_open) > problem.p:
            raise ProblemError(f"{len(problem.must_open)} sites must be open and only {problem.p} may be.")
        usable = problem.m - len(problem.must_close)
        if objective is not Objective.MCLP and usable < problem.p:
            raise ProblemError(f"{problem.p} sites are to be open and only {usable} may be: the others must be closed.")
    elif problem.p is not None:
        raise ProblemError(f"{objective.value} decides the number of sites by itself; leave p out.")
    if objective.needs_radius and (problem.radius is None or not 0 <= problem.radius < float("inf")):
        raise ProblemError(f"{objective.value} needs a radius: the cost within which an area counts as covered.")
    if objective in (Objective.UFLP, Objective.CFLP) and problem.opening_cost is None:
        raise ProblemError(
            f"{objective.value} weighs opening costs against travel; give the opening cost of each site."
        )


def _limits(problem: Problem) -> None:
    objective = problem.objective
    if objective.needs_capacity:
        if problem.capacity is None:
            raise ProblemError(f"{objective.value} needs the capacity of each site.")
        if np.ndim(problem.capacity) != np.ndim(problem.demand) or (
            np.ndim(problem.demand) == 2 and np.shape(problem.capacity)[1] != np.shape(problem.demand)[1]
        ):
            raise ProblemError("Demand and capacity must name the same services: one column of each for each service.")
    elif np.ndim(problem.demand) != 1:
        raise ProblemError(f"{objective.value} takes one number of demand for each area.")
    if problem.services and len(problem.services) != problem.load.shape[1]:
        raise ProblemError(
            f"{len(problem.services)} services are named and demand has {problem.load.shape[1]} columns."
        )
    if problem.max_cost is not None and not problem.max_cost >= 0:
        raise ProblemError("The longest travel allowed must be a number of at least 0.")
    if problem.equity is not None:
        if problem.group is None or len(np.asarray(problem.group)) != problem.n:
            raise ProblemError("An equity limit needs the group of each area, such as its deprivation decile.")
        if not problem.existing:
            raise ProblemError("An equity limit compares with today, so the existing sites must be given.")
        if not problem.equity.slack >= 0:
            raise ProblemError("The slack of an equity limit must be a number of at least 0.")
