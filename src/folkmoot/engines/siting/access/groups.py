"""How far each group travels: mean, quantiles, the worst-served tenth and the share within a time; before and after.

Everybody goes to the nearest open site they may use, and counts by demand. A quantile is the least time within which at
least that share of demand is served, so that half of the people are within the median and it is a time somebody has.
The worst tenth is the mean time of the tenth of demand that is furthest away. Who reaches no site counts as infinitely
far in quantiles and is stated apart; means are over those who reach one.

>>> import numpy as np
>>> only = by_group(np.array([10.0, 20, 60]), np.array([5.0, 4, 1]), within=(15, 30))[0]
>>> only.mean, only.median, only.p90, only.worst_tenth, only.within
(19.0, 10.0, 20.0, 60.0, ((15, 0.5), (30, 0.9)))
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem

type Floats = NDArray[np.float64]
EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class GroupAccess:
    """Travel of one group, in the cost's own unit. `within`: (time, share of demand within it)."""

    group: str
    demand: float
    unreached: float
    mean: float
    median: float
    p90: float
    worst_tenth: float
    longest: float
    within: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class GroupChange:
    """One group before and after; `gained` and `lost` are the demand that travels less and more than before."""

    group: str
    before: GroupAccess
    after: GroupAccess
    gained: float
    lost: float
    most_lost: float
    """The largest increase of any area in the group; 0 where none."""

    @property
    def change_of_mean(self) -> float:
        """Mean after less mean before: negative is nearer."""
        return self.after.mean - self.before.mean


@dataclass(frozen=True, slots=True)
class Panel:
    """Everybody, then each group in the order of its label (numbers by size)."""

    everybody: GroupChange
    groups: tuple[GroupChange, ...]
    opened: tuple[str, ...]
    closed: tuple[str, ...]


def by_group(
    cost: Floats, demand: Floats, group: Any = None, *, within: Sequence[float] = (15, 30, 45, 60)
) -> tuple[GroupAccess, ...]:
    """Travel of everybody (first, called “all”) and of each group. `cost` (n,) is infinity where nobody is reached."""
    cost, demand = np.asarray(cost, dtype=float), np.asarray(demand, dtype=float)
    found = [_access(EVERYBODY, cost, demand, within)]
    if group is not None:
        labels = np.asarray(group).astype(str)
        found += [_access(g, cost[labels == g], demand[labels == g], within) for g in ordered(set(labels.tolist()))]
    return tuple(found)


def panel(
    problem: Problem,
    *,
    before: Iterable[str],
    after: Iterable[str],
    group: Any = None,
    within: Sequence[float] = (15, 30, 45, 60),
) -> Panel:
    """Travel with the sites open before and after. `group` (n,) are labels; the problem's own unless given."""
    before, after = frozenset(before), frozenset(after)
    costs = []
    for codes in (before, after):
        # A site that must close still served people before.
        columns = problem.columns(codes)
        free = np.where(np.asarray(problem.allowed)[:, columns], np.asarray(problem.cost)[:, columns], math.inf)
        if codes is before and before & problem.must_close:
            free = np.asarray(problem.cost)[:, columns]
        costs.append(free.min(axis=1) if len(columns) else np.full(problem.n, math.inf))
    old, new = costs
    demand, labels = problem.total, problem.group if group is None else group
    olds, news = by_group(old, demand, labels, within=within), by_group(new, demand, labels, within=within)
    with np.errstate(invalid="ignore"):
        more = np.where(np.isinf(old) & np.isinf(new), 0.0, new - old)
    changes = []
    for a, b in zip(olds, news):
        rows = np.ones(problem.n, bool) if a.group == EVERYBODY else np.asarray(labels).astype(str) == a.group
        rows = rows & (demand > 0)
        changes.append(
            GroupChange(
                a.group, a, b,
                gained=math.fsum(demand[rows & (more < 0)]),
                lost=math.fsum(demand[rows & (more > 0)]),
                most_lost=float(more[rows].max(initial=0.0)),
            )
        )  # fmt: skip
    return Panel(changes[0], tuple(changes[1:]), tuple(sorted(after - before)), tuple(sorted(before - after)))


def quantile(cost: Floats, demand: Floats, share: float) -> float:
    """The least cost within which at least `share` of demand lies; NaN where there is no demand."""
    order = np.argsort(cost, kind="stable")
    heaped = np.cumsum(demand[order])
    if not len(heaped) or heaped[-1] <= 0:
        return math.nan
    at = int(np.searchsorted(heaped, share * heaped[-1] * (1 - 1e-12)))
    return float(cost[order[min(at, len(order) - 1)]])


def ordered(labels: Iterable[str]) -> list[str]:
    """Labels, numbers by their size and before words: decile 10 comes after 9."""

    def key(label: str) -> tuple[int, float, str]:
        try:
            return (0, float(label), label)
        except ValueError:
            return (1, 0.0, label)

    return sorted(labels, key=key)


def _access(name: str, cost: Floats, demand: Floats, within: Sequence[float]) -> GroupAccess:
    asked = demand > 0
    cost, demand = cost[asked], demand[asked]
    total, there = math.fsum(demand), np.isfinite(cost)
    served = math.fsum(demand[there])
    return GroupAccess(
        group=name,
        demand=total,
        unreached=math.fsum(demand[~there]),
        mean=math.fsum(demand[there] * cost[there]) / served if served else math.nan,
        median=quantile(cost, demand, 0.5),
        p90=quantile(cost, demand, 0.9),
        worst_tenth=_tail(cost, demand, 0.1),
        longest=float(cost.max()) if len(cost) else math.nan,
        within=tuple((t, math.fsum(demand[cost <= t]) / total if total else math.nan) for t in within),
    )


def _tail(cost: Floats, demand: Floats, share: float) -> float:
    """Mean cost of the `share` of demand that is furthest away; an area on the edge counts in part."""
    total = math.fsum(demand)
    if not total:
        return math.nan
    order = np.argsort(-cost, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(demand[order])[:-1]])
    part = np.clip(share * total - before, 0.0, demand[order])
    used = part > 0
    return float((part[used] * cost[order][used]).sum() / part[used].sum())
