"""Why there is no plan: which area, which limit, by how much, and what would do.

Limits are looked at one by one, each against what it can be met with at best: an area against its nearest site, the number
of sites against the fewest that cover (LSCP), the longest travel against the least that p sites reach (p-centre), demand
against what open sites could hold (an elastic model in which any area may go unserved at a price), groups against today.

>>> from folkmoot.engines.siting.problem import Problem
>>> for reason in explain(Problem("p-median", cost=[[1, 71], [90, 66]], p=1, max_cost=60)):
...     print(reason.sentence)
Area “2” cannot be served within 60: the nearest site is “2”, at 66 (6 too far).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from folkmoot.engines.siting.problem import Objective, Problem, ProblemError

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMED = 5
"""So many areas are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One limit that cannot be met. `by` is how far it is missed, in the limit's own unit; NaN where that has no number."""

    kind: str
    sentence: str
    area: str = ""
    by: float = math.nan


def explain(problem: Problem, *, should_stop: Callable[[], bool] | None = None) -> tuple[Reason, ...]:
    """The reasons why a problem has no plan; none where none was found (it may well have a plan)."""
    return (
        _unreached(problem)
        or _too_few(problem, should_stop)
        or _too_full(problem, should_stop)
        or _unfair(problem, should_stop)
    )


def _needs_reach(problem: Problem) -> bool:
    return not problem.objective.maximises or problem.max_cost is not None or problem.equity is not None


def _limit(problem: Problem) -> float:
    """The longest an area may travel to count as served."""
    limits = [problem.max_cost] if problem.max_cost is not None else []
    if problem.objective is Objective.LSCP and problem.radius is not None:
        limits.append(problem.radius)
    return min(limits, default=math.inf)


def _unreached(problem: Problem) -> tuple[Reason, ...]:
    if not _needs_reach(problem):
        return ()
    limit, cost = _limit(problem), np.asarray(problem.cost)
    lost = (problem.total > 0) & ~(problem.allowed & (cost <= limit)).any(axis=1)
    free = _allowed_at_any_distance(problem)
    reasons = []
    for i in np.flatnonzero(lost).tolist():
        area = problem.areas[i]
        options = np.where(free[i], cost[i], math.inf)
        j = int(options.argmin())
        if math.isfinite(options[j]):
            sentence = (
                f"Area “{area}” cannot be served within {limit:g}: the nearest site is “{problem.sites[j]}”, at "
                f"{options[j]:g} ({options[j] - limit:g} too far)."
            )
            reasons.append(Reason("too far", sentence, area, float(options[j] - limit)))
        elif np.isfinite(cost[i]).any():
            k = int(np.where(np.isfinite(cost[i]), cost[i], math.inf).argmin())
            why = "must be closed" if problem.sites[k] in problem.must_close else "is forbidden to it"
            sentence = (
                f"Area “{area}” may use no site: every site it reaches must be closed or is forbidden to it; the "
                f"nearest, “{problem.sites[k]}” at {cost[i, k]:g}, {why}."
            )
            reasons.append(Reason("forbidden", sentence, area))
        else:
            reasons.append(Reason("unreachable", f"Area “{area}” reaches no site at all.", area))
    reasons.sort(key=lambda reason: (-reason.by if reason.by == reason.by else -math.inf, reason.area))
    if len(reasons) > NAMED:
        more = len(reasons) - NAMED
        return (*reasons[:NAMED], Reason("more", f"{more:,} further areas have no site they may use either."))
    return tuple(reasons)


def _allowed_at_any_distance(problem: Problem) -> NDArray[np.bool_]:
    return replace(problem, max_cost=None).allowed


def _too_few(problem: Problem, should_stop: Callable[[], bool] | None) -> tuple[Reason, ...]:
    if problem.p is None or not _needs_reach(problem):
        return ()
    from folkmoot.engines.siting import center
    from folkmoot.engines.siting.covers import sets

    limit = _limit(problem)
    far = float(np.asarray(problem.cost)[np.isfinite(problem.cost)].max(initial=0.0))
    plain = {
        "cost": problem.cost, "demand": problem.total, "areas": problem.areas, "sites": problem.sites,
        "must_open": problem.must_open, "must_close": problem.must_close, "forbidden": problem.forbidden,
    }  # fmt: skip
    cover = Problem(Objective.LSCP, radius=min(limit, far), **plain)
    fewest = sets.solve(cover, should_stop=should_stop)
    if fewest.value is None or not fewest.bound > problem.p:
        return ()
    count = math.ceil(fewest.bound - 1e-9)
    within = f"within {limit:g}" if math.isfinite(limit) else "at all"
    said = [
        Reason(
            "too few sites",
            f"To serve every area {within}, at least {count} sites must be open"
            + (f", {len(problem.must_open)} of them already fixed" if problem.must_open else "")
            + f"; {problem.p} may be ({count - problem.p} too few).",
            by=float(count - problem.p),
        )
    ]
    if math.isfinite(limit):
        centre = Problem(Objective.P_CENTER, p=problem.p, **plain)
        least = center.solve(centre, should_stop=should_stop)
        if least.value is not None and least.gap == 0:
            said.append(
                Reason(
                    "limit too tight",
                    f"With {problem.p} {'site' if problem.p == 1 else 'sites'} the least limit that serves every area is "
                    f"{least.value:g} ({least.value - limit:g} more).",
                    by=least.value - limit,
                )
            )
    return tuple(said)


def _too_full(problem: Problem, should_stop: Callable[[], bool] | None) -> tuple[Reason, ...]:
    if not problem.objective.needs_capacity:
        return ()
    from folkmoot.engines.siting.facility.clients import clients_of
    from folkmoot.engines.siting.facility.elastic import unserved

    clients = clients_of(problem)
    assert clients.room is not None
    reasons = []
    biggest = np.where(np.isfinite(clients.cost), clients.room[:, clients.service].T, -math.inf).max(
        axis=1, initial=-math.inf
    )
    for r in np.flatnonzero(clients.demand > biggest * (1 + 1e-9)).tolist()[:NAMED]:
        area, by = problem.areas[clients.area[r]], float(clients.demand[r] - biggest[r])
        sentence = (
            f"Area “{area}” asks for {clients.demand[r]:g}{_service(problem, int(clients.service[r]))} and no site it may "
            f"use holds more than {biggest[r]:g} ({by:g} short); an area uses one site."
        )
        reasons.append(Reason("area too large", sentence, area, by))
    if reasons:
        return tuple(reasons)
    short = unserved(clients, whole=False, should_stop=should_stop)
    split = not short.sum() > 1e-6
    if split:
        short = unserved(clients, whole=True, should_stop=should_stop)
    for s in range(problem.load.shape[1]):
        missing = short[clients.service == s]
        if missing.sum() > 1e-6:
            worst = int(np.flatnonzero(clients.service == s)[int(missing.argmax())])
            total, held = float(problem.load[:, s].sum()), _held(problem, clients.room[:, s])
            area = problem.areas[clients.area[worst]]
            cause = (
                f"in all {total:g} is asked for and the sites that may be open hold {held:g}"
                if held < total
                else "sites with room are too far, forbidden or not among the p, or areas do not fit whole"
                if not split
                else "areas would fit only if they were split between sites"
            )
            sentence = (
                f"Capacity{_service(problem, s)} is short by {missing.sum():g}: {cause}. At best, area “{area}” is among "
                "those left out."
            )
            reasons.append(Reason("capacity", sentence, area, float(missing.sum())))
    return tuple(reasons)


def _held(problem: Problem, room: NDArray[np.float64]) -> float:
    ranked = np.sort(room)[::-1]
    return float(ranked[: problem.p].sum() if problem.p is not None else ranked.sum())


def _service(problem: Problem, s: int) -> str:
    return f" in service “{problem.services[s]}”" if problem.services else ""


def _unfair(problem: Problem, should_stop: Callable[[], bool] | None) -> tuple[Reason, ...]:
    if problem.equity is None:
        return ()
    from folkmoot.engines.siting import equity
    from folkmoot.engines.siting.solve import solve

    try:
        limits = equity.limits(problem)
    except ProblemError as error:
        return (Reason("equity", str(error)),)
    assert limits is not None
    free = solve(replace(problem, equity=None), should_stop=should_stop)
    if free.value is None:
        return explain(replace(problem, equity=None), should_stop=should_stop)
    site = problem.site_index
    spent = np.array(
        [
            sum(problem.load[i, s] * np.asarray(problem.cost)[i, site[code]] for s, code in enumerate(sites) if code)
            for i, sites in enumerate(free.assignment)
        ]
    )
    reasons = []
    for name, rows, today in zip(limits.names, limits.members, limits.today):
        mean = float(spent[rows].sum() / problem.total[rows].sum())
        beyond = mean - today - problem.equity.slack
        if beyond > 1e-9:
            sentence = (
                f"No plan keeps group “{name}” within {problem.equity.slack:g} of today's mean of {today:g}; in the best "
                f"plan without that limit its mean is {mean:.4g} ({beyond:.4g} beyond)."
            )
            reasons.append(Reason("equity", sentence, by=beyond))
    return tuple(reasons)
