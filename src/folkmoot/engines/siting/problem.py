"""What is to be decided: which sites to open, so that areas are served.

One `Problem` holds every objective of location science in its standard name. Costs are per unit of demand; a site an
area cannot reach has the cost infinity. Whatever is impossible is refused here, in a sentence, before anybody solves.

>>> problem = Problem("p-median", cost=[[1, 4], [3, 1], [9, 2]], p=1)
>>> problem.areas, problem.sites
(('1', '2', '3'), ('1', '2'))
>>> problem.weighted.tolist()
[[1.0, 4.0], [3.0, 1.0], [9.0, 2.0]]

Sources: Hakimi (1964) p-median and p-centre; Toregas et al. (1971) location set covering (LSCP); Church and ReVelle
(1974) maximal covering (MCLP); Balinski (1965) facility location.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]
type Numbers = Any
"""Given as anything NumPy reads; held as float64, read-only."""

LARGEST = 2.0**53
"""Beyond this a float counts whole numbers no more, and no proof in floats would be one."""


class ProblemError(ValueError):
    """The problem cannot be meant as it is given; the message says what, where and what to do."""


class Objective(StrEnum):
    """What is best."""

    P_MEDIAN = "p-median"
    """Exactly p sites; least total demand-weighted cost."""
    CAPACITATED_P_MEDIAN = "capacitated-p-median"
    """The same; each area has one site for each service, and no site is asked for more than it holds."""
    UFLP = "uflp"
    """Any number of sites; least opening cost and demand-weighted cost."""
    CFLP = "cflp"
    """The same with capacities, each area at one site."""
    LSCP = "lscp"
    """Every area within the radius; fewest sites (or least opening cost)."""
    MCLP = "mclp"
    """At most p sites; most demand within the radius."""
    P_CENTER = "p-center"
    """Exactly p sites; least cost of the worst-served area that has any demand."""

    @property
    def maximises(self) -> bool:
        return self is Objective.MCLP

    @property
    def needs_p(self) -> bool:
        return self in (Objective.P_MEDIAN, Objective.CAPACITATED_P_MEDIAN, Objective.MCLP, Objective.P_CENTER)

    @property
    def needs_radius(self) -> bool:
        return self in (Objective.LSCP, Objective.MCLP)

    @property
    def needs_capacity(self) -> bool:
        return self in (Objective.CAPACITATED_P_MEDIAN, Objective.CFLP)

    @property
    def pays_opening(self) -> bool:
        """Whether opening costs are part of the value; with p given they are not."""
        return self in (Objective.UFLP, Objective.CFLP, Objective.LSCP)


@dataclass(frozen=True, slots=True)
class EquityLimit:
    """No group may be served worse, on average, than it is by the existing sites, by more than `slack` cost units."""

    slack: float


@dataclass(frozen=True, eq=False)
class Problem:
    """Areas × candidate sites, a cost matrix, and the limits of a plan. The objective may be given by its name.

    `cost` (n × m) per unit of demand; `demand` (n,) or, for capacities by service, (n × s); `capacity` (m,) or (m × s);
    `opening_cost` (m,); `must_open`, `must_close`, `existing` codes of sites; `forbidden` pairs (area, site);
    `max_cost` the longest an area may travel; `group` (n,) labels for the equity limit, such as deprivation deciles.
    """

    objective: Objective
    cost: Numbers
    demand: Numbers = None
    p: int | None = None
    areas: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    opening_cost: Numbers = None
    radius: float | None = None
    capacity: Numbers = None
    services: tuple[str, ...] = ()
    must_open: frozenset[str] = frozenset()
    must_close: frozenset[str] = frozenset()
    existing: frozenset[str] = frozenset()
    forbidden: frozenset[tuple[str, str]] = frozenset()
    max_cost: float | None = None
    group: Numbers = None
    equity: EquityLimit | None = None

    def __post_init__(self) -> None:
        from folkmoot.engines.siting import checks

        put = object.__setattr__
        try:
            put(self, "objective", Objective(self.objective))
        except ValueError:
            known = ", ".join(each.value for each in Objective)
            raise ProblemError(f"There is no objective “{self.objective}”; choose one of {known}.") from None
        put(self, "cost", _numbers(self.cost, "The cost matrix"))
        if self.cost.ndim != 2 or 0 in self.cost.shape:
            raise ProblemError("The cost matrix must have at least one row (an area) and one column (a site).")
        n, m = self.cost.shape
        put(self, "areas", tuple(map(str, self.areas)) or tuple(str(i + 1) for i in range(n)))
        put(self, "sites", tuple(map(str, self.sites)) or tuple(str(j + 1) for j in range(m)))
        put(self, "demand", np.ones(n) if self.demand is None else _numbers(self.demand, "The demand"))
        if self.opening_cost is not None:
            put(self, "opening_cost", _numbers(self.opening_cost, "The opening costs"))
        if self.capacity is not None:
            put(self, "capacity", _numbers(self.capacity, "The capacities"))
        if self.group is not None:
            put(self, "group", np.asarray(self.group))
        for name in ("must_open", "must_close", "existing"):
            put(self, name, frozenset(map(str, getattr(self, name))))
        put(self, "forbidden", frozenset((str(a), str(s)) for a, s in self.forbidden))
        checks.check(self)

    @property
    def n(self) -> int:
        """How many areas."""
        return len(self.areas)

    @property
    def m(self) -> int:
        """How many candidate sites."""
        return len(self.sites)

    @cached_property
    def load(self) -> Floats:
        """Demand by service (n × s); one column where services are not told apart."""
        demand = np.asarray(self.demand)
        return demand if demand.ndim == 2 else demand[:, None]

    @cached_property
    def total(self) -> Floats:
        """Demand of each area over all services (n,)."""
        return np.asarray(self.load.sum(axis=1))

    @cached_property
    def allowed(self) -> Bools:
        """Which areas may use which sites (n × m): reachable, not forbidden, not too far, site not closed."""
        allowed: Bools = np.isfinite(self.cost)
        if self.max_cost is not None:
            allowed &= np.asarray(self.cost) <= self.max_cost
        site, area = self.site_index, {code: i for i, code in enumerate(self.areas)}
        for a, s in self.forbidden:
            allowed[area[a], site[s]] = False
        allowed[:, [site[s] for s in self.must_close]] = False
        return allowed

    @cached_property
    def weighted(self) -> Floats:
        """Demand × cost (n × m), infinity where an area with demand may not use a site, 0 where it has no demand."""
        served = np.where(self.allowed, self.cost, 0.0) * self.total[:, None]
        return np.where(self.allowed | (self.total == 0)[:, None], served, math.inf)

    @cached_property
    def site_index(self) -> dict[str, int]:
        """The column of each site's code."""
        return {code: j for j, code in enumerate(self.sites)}

    def columns(self, codes: Iterable[str]) -> NDArray[np.int64]:
        """The columns of some sites, ascending."""
        return np.array(sorted(self.site_index[code] for code in codes), dtype=np.int64)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over everything that matters, in the order of the codes, so that row order does not."""
        rows, columns = np.argsort(np.array(self.areas)), np.argsort(np.array(self.sites))
        seal = hashlib.sha256()

        def add(value: Any) -> None:
            seal.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
            seal.update(b"\x00")

        add(("folkmoot-siting-1", str(self.objective), self.p, self.radius, self.max_cost, self.equity, self.services))
        for codes in (sorted(self.areas), sorted(self.sites)):
            add(codes)
        add([sorted(self.must_open), sorted(self.must_close), sorted(self.existing), sorted(self.forbidden)])
        add(np.ascontiguousarray(np.asarray(self.cost)[np.ix_(rows, columns)]))
        add(np.ascontiguousarray(np.asarray(self.demand)[rows]))
        for by_site in (self.opening_cost, self.capacity):
            add(None if by_site is None else np.ascontiguousarray(np.asarray(by_site)[columns]))
        add(None if self.group is None else [str(g) for g in np.asarray(self.group)[rows]])
        return seal.hexdigest()


def _numbers(values: Any, what: str) -> Floats:
    try:
        found = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ProblemError(f"{what} must be numbers: {error}.") from None
    found.setflags(write=False)
    return found
