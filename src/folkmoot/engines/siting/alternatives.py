"""Other plans that are nearly as good and differ: which sites are exchanged, what that costs, who gains and who loses.

One optimum is not what people who decide need: they need the range of good plans, and the reason for each difference.
For covers and p-centre the plan that differs most is found and proved (`covers.different`). For other objectives sites of
the plans so far are closed, those first that are missed least, as many as the limit bears; each plan is then the proved
best among all without those sites, and that no other differs more is *not* proved. `Alternative.proved` says which.

>>> from folkmoot.engines.siting.problem import Problem
>>> from folkmoot.engines.siting.solve import solve
>>> problem = Problem("mclp", cost=[[1, 9, 1], [1, 9, 9], [9, 2, 9]], demand=[3, 4, 6], p=1, radius=2)
>>> other = alternatives(problem, solve(problem), count=1, within=0.2).plans[0]
>>> other.opened, other.closed, other.plan.value
(('2',), ('1',), 6.0)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from folkmoot.engines.siting.access.groups import Panel, panel
from folkmoot.engines.siting.covers import different
from folkmoot.engines.siting.covers.choice import of
from folkmoot.engines.siting.plan import Certificate, Plan
from folkmoot.engines.siting.problem import Objective, Problem, ProblemError
from folkmoot.engines.siting.reasons import reason
from folkmoot.engines.siting.served import nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRIES = 6
"""So often the number of sites to close is halved for one alternative."""

SINGLES = 12
"""Where closing several does not do, so many are tried one at a time."""


@dataclass(frozen=True, eq=False)
class Alternative:
    """A plan, what it opens and closes against the best, in how many sites it differs at least from all others so far."""

    plan: Plan
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    distance: int
    proved: bool
    """Whether it is proved that no plan within the limit differs more."""
    extra: float
    """How much worse than the best, as a share of it."""
    travel: Panel
    """Before: the best plan. After: this one."""
    reason: str


@dataclass(frozen=True, eq=False)
class Alternatives:
    """The alternatives, in the order they were found, and what is and is not proved of them."""

    best: Plan
    plans: tuple[Alternative, ...]
    statements: tuple[str, ...]


def alternatives(
    problem: Problem,
    best: Plan,
    *,
    count: int = 3,
    within: float = 0.02,
    seed: int = 0,
    should_stop: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Alternatives:
    """Up to `count` plans no more than `within` (a share) worse than the best."""
    if best.value is None:
        raise ProblemError("There is no plan to find alternatives to.")
    if count < 1 or not 0 <= within < 1:
        raise ProblemError("Ask for at least one alternative, within a share from 0 to less than 1, such as 0.02.")
    exact = problem.equity is None and problem.objective in (Objective.MCLP, Objective.LSCP, Objective.P_CENTER)
    find = _most_different if exact else _without
    found: list[Alternative] = []
    said: list[str] = []
    while len(found) < count and not (should_stop is not None and should_stop()):
        known = [best, *(each.plan for each in found)]
        other = find(problem, known, within, seed, should_stop)
        if other is None:
            said.append(
                f"No further plan within {within:.2%} of the best differs from these {len(known)}."
                if exact and not (should_stop is not None and should_stop())
                else f"No further plan within {within:.2%} of the best was found; it is not proved that there is none."
            )
            break
        plan, proved = other
        found.append(_told(problem, best, known, plan, proved))
        if progress:
            progress(len(found), count)
    if found and not exact:
        said.append(
            "Each of these plans is worked out without certain sites of the others; that no other plan differs more is not "
            "proved."
        )
    return Alternatives(best, tuple(found), tuple(said))


def worst_allowed(problem: Problem, best: Plan, within: float) -> float:
    """The value a plan may have at worst."""
    assert best.value is not None
    return best.value * (1 - within if problem.objective.maximises else 1 + within)


def _most_different(
    problem: Problem, known: Sequence[Plan], within: float, seed: int, should_stop: Callable[[], bool] | None
) -> tuple[Plan, bool] | None:
    limit = worst_allowed(problem, known[0], within)
    cost = np.asarray(problem.cost)
    if problem.objective is Objective.MCLP:
        near = problem.allowed & (cost <= problem.radius)
        reach = problem.allowed if problem.max_cost is not None else None
        choice, _ = of(problem, reach=reach, gains=near, most=problem.p)
        limit = -limit
    elif problem.objective is Objective.LSCP:
        price = np.ones(problem.m) if problem.opening_cost is None else np.asarray(problem.opening_cost)
        choice, _ = of(problem, reach=problem.allowed & (cost <= problem.radius), gains=None, most=None, price=price)
    else:
        near = problem.allowed & (cost <= limit)
        choice, _ = of(problem, reach=near, gains=None, most=problem.p, price=np.ones(problem.m))
        limit = math.inf if problem.p is None else float(problem.p)
    others = [np.array([code in plan.open for code in choice.codes], dtype=bool) for plan in known]
    found = different.different(choice, others, limit=limit, should_stop=should_stop)
    if found.chosen is None or found.distance < 1:
        return None
    chosen = tuple(code for code, is_open in zip(choice.codes, found.chosen) if is_open)
    if problem.objective is Objective.P_CENTER:
        chosen = _up_to_p(problem, chosen, known)
    return _valued(problem, known[0], chosen), found.most <= found.distance


def _up_to_p(problem: Problem, chosen: tuple[str, ...], known: Sequence[Plan]) -> tuple[str, ...]:
    """Sites that others use least come in first."""
    assert problem.p is not None
    spare = sorted(
        set(problem.sites) - set(chosen) - problem.must_close,
        key=lambda code: (sum(code in p.open for p in known), code),
    )
    return tuple(sorted((*chosen, *spare[: problem.p - len(chosen)])))


def _valued(problem: Problem, best: Plan, chosen: tuple[str, ...]) -> Plan:
    """A plan of a cover or centre problem from its open sites; the best's bound bounds it too."""
    served = nearest(problem, chosen)
    asked = problem.total > 0
    if problem.objective is Objective.MCLP:
        value = math.fsum(problem.total[asked & (served.cost <= (problem.radius or 0.0))])
    elif problem.objective is Objective.LSCP:
        columns = problem.columns(chosen)
        value = float(len(chosen)) if problem.opening_cost is None else math.fsum(problem.opening_cost[columns])
    else:
        value = float(served.cost[asked].max(initial=0.0))
    return Plan(
        problem.objective, problem.fingerprint, chosen, served.assignment, value, best.bound, tolerance=best.tolerance,
        certificate=best.certificate,
    )  # fmt: skip


def _without(
    problem: Problem, known: Sequence[Plan], within: float, seed: int, should_stop: Callable[[], bool] | None
) -> tuple[Plan, bool] | None:
    """The best plan without as many sites of the others as the limit bears."""
    from folkmoot.engines.siting.solve import solve

    limit = worst_allowed(problem, known[0], within)
    ranked = _missed_least(problem, known)

    def without(shut: Sequence[str]) -> tuple[bool, Plan | None]:
        """Whether a plan without these sites is good enough, and the plan if it is also new."""
        if should_stop is not None and should_stop():
            return False, None
        closed = problem.must_close | set(shut)
        try:
            plan = solve(
                replace(problem, must_close=closed), gap=min(0.001, within / 4), seed=seed, should_stop=should_stop
            )
        except ProblemError:  # too few sites are left
            return False, None
        good = plan.value is not None and plan.value <= limit + 1e-9 * abs(limit)
        new = all(set(plan.open) != set(other.open) for other in known)
        return good, plan if good and new else None

    low, high = 1, min(len(ranked), problem.m - len(problem.must_close) - (problem.p or 1))
    found: Plan | None = None
    for _ in range(TRIES):
        if low > high:
            break
        middle = (low + high + 1) // 2
        good, plan = without(ranked[:middle])
        found = plan or found
        low, high = (middle + 1, high) if good else (low, middle - 1)
    for code in ranked[:SINGLES]:
        if found is not None:
            break
        _, found = without([code])
    if found is None:
        return None
    bound = known[0].bound
    told = f"No plan without {_names(found, known[0])} is below {found.bound:,.10g}."
    return replace(
        found, fingerprint=problem.fingerprint, bound=bound, explanation=(told,), certificate=Certificate("none"),
        tolerance=known[0].tolerance,
    ), False  # fmt: skip


def _names(found: Plan, best: Plan) -> str:
    return ", ".join(f"“{code}”" for code in sorted(set(best.open) - set(found.open)))


def _missed_least(problem: Problem, known: Sequence[Plan]) -> list[str]:
    """Open sites, those of most plans first, and of these the ones whose areas have nearly as good a second choice."""
    cost = np.where(problem.allowed, np.asarray(problem.cost), math.inf)
    far = float(cost[np.isfinite(cost)].max(initial=0.0)) * 2 + 1
    opening = np.zeros(problem.m) if problem.opening_cost is None else np.asarray(problem.opening_cost)
    loss: dict[str, float] = {}
    for plan in known:
        columns = problem.columns(plan.open)
        among: NDArray[np.float64] = np.minimum(cost[:, columns], far)
        first = among.argmin(axis=1)
        ranked = np.sort(np.hstack([among, np.full((problem.n, 1), far)]), axis=1)
        more = np.bincount(first, weights=problem.total * (ranked[:, 1] - ranked[:, 0]), minlength=len(columns))
        for j, extra in zip(columns.tolist(), more - opening[columns]):
            code = problem.sites[j]
            loss[code] = min(loss.get(code, math.inf), float(extra))
    times = {code: sum(code in plan.open for plan in known) for code in loss}
    return sorted(set(loss) - problem.must_open, key=lambda code: (-times[code], loss[code], code))


def _told(problem: Problem, best: Plan, known: Sequence[Plan], plan: Plan, proved: bool) -> Alternative:
    assert best.value is not None
    assert plan.value is not None
    travel = panel(problem, before=best.open, after=plan.open)
    worse = (best.value - plan.value) if problem.objective.maximises else (plan.value - best.value)
    return Alternative(
        plan=plan,
        opened=travel.opened,
        closed=travel.closed,
        distance=min(len(set(plan.open) ^ set(other.open)) for other in known),
        proved=proved,
        extra=worse / abs(best.value) if best.value else (0.0 if worse == 0 else math.inf),
        travel=travel,
        reason=reason(problem, best, plan, travel),
    )
