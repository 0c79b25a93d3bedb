"""All facility problems in one form: clients (an area in a service), sites, and what serving one from the other costs.

A client has one site; a site has an opening cost (0 where none is given) and, for each service, what it holds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.whole import unit_of

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem

type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]
type Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Clients:
    """Columns are the sites that may open, by ascending code; rows the clients with any demand, by area code and service.

    `cost` (r × m) is infinity where a client may not use a site; `room` (m × s) is None where nothing is limited.
    """

    codes: tuple[str, ...]
    area: Ints
    service: Ints
    demand: Floats
    cost: Floats
    opening: Floats
    room: Floats | None
    fixed: Bools
    p: int | None
    per_one: int | None
    """Parts of one in which all costs are whole; None where there is no such unit."""

    def total(self, chosen: Bools, used: Ints) -> float:
        """Opening costs and costs of serving, added exactly."""
        rows = np.arange(len(used))
        return math.fsum([*self.opening[chosen].tolist(), *self.cost[rows, used].tolist()])


def clients_of(problem: Problem) -> Clients:
    """The clients and sites of a problem."""
    order = [
        j for j in sorted(range(problem.m), key=lambda j: problem.sites[j])
        if problem.sites[j] not in problem.must_close
    ]  # fmt: skip
    columns = np.array(order, dtype=np.int64)
    rows = sorted(range(problem.n), key=lambda i: problem.areas[i])
    pairs = [(i, s) for i in rows for s in range(problem.load.shape[1]) if problem.load[i, s] > 0]
    area = np.array([i for i, _ in pairs], dtype=np.int64)
    service = np.array([s for _, s in pairs], dtype=np.int64)
    demand = problem.load[area, service]
    allowed = problem.allowed[np.ix_(area, columns)]
    far = np.asarray(problem.cost)[np.ix_(area, columns)]
    cost = np.where(allowed, np.where(allowed, far, 0.0) * demand[:, None], math.inf)
    opening = np.zeros(len(columns))
    if problem.opening_cost is not None and problem.objective.pays_opening:
        opening = np.asarray(problem.opening_cost)[columns]
    room = None
    if problem.objective.needs_capacity:
        held = np.asarray(problem.capacity)
        room = (held if held.ndim == 2 else held[:, None])[columns]
    units = unit_of(np.concatenate([cost[np.isfinite(cost)], opening]))
    return Clients(
        codes=tuple(problem.sites[j] for j in order),
        area=area,
        service=service,
        demand=demand,
        cost=cost,
        opening=opening,
        room=room,
        fixed=np.array([problem.sites[j] in problem.must_open for j in order], dtype=bool),
        p=problem.p,
        per_one=None if units is None else units.per_one,
    )
