"""User equilibrium: nobody could save time by another path (Wardrop 1952), found by conjugate Frank–Wolfe methods.

Bi-conjugate Frank–Wolfe (Mitradjieva & Lindberg 2013, Transportation Science 47:280): the direction is made conjugate, by
the Hessian at the present flows, to the last two; the step along it is exact. `cfw`, `fw` and `msa` are there to compare.

>>> from folkmoot.engines.traffic import Demand, RoadNetwork, equilibrium
>>> both = RoadNetwork.of([(1, 2, 10, 1000), (1, 3, 6, 1000), (3, 2, 6, 1000)], zones=2)
>>> found = equilibrium(both, Demand.of(both.zones, car=[[0, 2600], [0, 0]]), gap=1e-8)
>>> found.converged, [round(float(f), 1) for f in found.flows[0]]
(True, [1399.0, 1201.0, 1201.0])
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from folkmoot.engines.traffic.conjugate import ALGORITHMS, Directions, moved
from folkmoot.engines.traffic.cost import Cost, exact_step
from folkmoot.engines.traffic.demand import Demand
from folkmoot.engines.traffic.network import Floats, RoadNetwork, TrafficError
from folkmoot.engines.traffic.paths import PORTIONS, Graph, Loader, Wanted, distances
from folkmoot.engines.traffic.result import Assignment, PathMix, Step, Unserved

SMALL = 400_000
"""Origins × links under which threads cost more than they save."""

type Progress = Callable[[int, float, float], None]


def equilibrium(
    network: RoadNetwork,
    demand: Demand,
    *,
    gap: float = 1e-4,
    algorithm: str = "bfw",
    max_iterations: int = 2000,
    select: Mapping[str, Sequence[str]] | None = None,
    start: Floats | None = None,
    keep_paths: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Assignment:
    """Assign a demand to a network until the relative gap is at most `gap`.

    `select`: link ids by name; it is told which trips use any of them. `start` (classes × m): vehicle flows that carry this
    demand already, to begin from. `keep_paths`: keep what `select_link` needs to be asked later, which is m numbers for each
    iteration. `progress(iteration, gap, objective)` is told of each iteration; what `should_stop` ends is returned too.

    Raises `TrafficError` where zones differ, a class or link is unknown, or `start` does not carry the demand.
    """
    if algorithm not in ALGORITHMS:
        raise TrafficError(f"There is no algorithm “{algorithm}”. There are: {', '.join(ALGORITHMS)}.")
    if not gap > 0:
        raise TrafficError(f"The gap must be above 0, not {gap:g}: equilibrium is approached, never reached exactly.")
    if start is not None and (select or keep_paths):
        raise TrafficError("Links cannot be selected when flows to start from are given: whose they are is not known.")
    for links in (select or {}).values():
        for link in links:
            network.index(link)
    problem = Problem.of(network, demand, threads)
    found = _solve(problem, gap, algorithm, max_iterations, start, keep_paths or bool(select), progress, should_stop)
    if not select:
        return found
    from folkmoot.engines.traffic.mixture import select_link

    asked = {name: select_link(found, links, threads=threads) for name, links in select.items()}
    return replace(found, select=asked, mix=found.mix if keep_paths else None)


@dataclass(frozen=True, eq=False)
class Problem:
    """Network and demand as the loops like them, links in the order of the graph, flows in PCU."""

    network: RoadNetwork
    demand: Demand
    graph: Graph
    cost: Cost
    extra: Floats
    """(classes × m) minutes beside the time; inf where the class may not go."""
    loaders: tuple[Loader, ...]
    served: Floats
    unserved: tuple[Unserved, ...]

    @staticmethod
    def of(network: RoadNetwork, demand: Demand, threads: int | None = None) -> Problem:
        """Everything that does not change from iteration to iteration."""
        if demand.zones != network.zones:
            raise TrafficError(
                f"The demand has {len(demand.zones):,} zones and the network {len(network.zones):,}, or in another "
                "order. Read the demand with the zones of the network."
            )
        graph = Graph.of(network)
        whole = Cost.of(network)
        cost = Cost(whole.base[graph.order], whole.k[graph.order], whole.power[graph.order])
        extra = np.stack([_extra(network, each) for each in demand.classes])[:, graph.order]
        served, unserved = _reachable(graph, cost, extra, demand)
        wanted = [Wanted.of(served[k] * each.pcu) for k, each in enumerate(demand.classes)]
        work = sum(len(each.origins) for each in wanted) * network.m
        count = threads or (1 if work < SMALL else min(os.cpu_count() or 1, PORTIONS))
        loaders = tuple(Loader(graph, each, count) for each in wanted)
        return Problem(network, demand, graph, cost, extra, loaders, served, unserved)

    def load(self, minutes: Floats) -> tuple[Floats, float]:
        """(classes × m) PCU on least paths, and what they pay in all."""
        found = [loader.load(minutes + own) for loader, own in zip(self.loaders, self.extra)]
        return np.stack([flow for flow, _ in found]), sum(paid for _, paid in found)

    def pays(self, flows: Floats, minutes: Floats) -> float:
        """What flows (classes × m) pay in all at given minutes."""
        return float(flows.sum(axis=0) @ minutes) + self.fixed(flows)

    def fixed(self, flows: Floats) -> float:
        """What they pay beside time, whatever the flow."""
        return float((flows * np.where(np.isfinite(self.extra), self.extra, 0.0)).sum())

    def back(self, values: Floats) -> Floats:
        """(… × m) in the order of the network."""
        out = np.empty_like(values)
        out[..., self.graph.order] = values
        return out


def _extra(network: RoadNetwork, vehicle: Any) -> Floats:
    extra = network.length_m / 1000 * vehicle.minutes_per_km
    for link in vehicle.banned_links:
        extra[network.index(link)] = np.inf
    if vehicle.banned_kinds:
        unknown = sorted(vehicle.banned_kinds - set(network.kind))
        if unknown:
            raise TrafficError(
                f"Class “{vehicle.name}” may not use roads of the kind “{unknown[0]}”, and the network has none. "
                f"Its kinds are: {', '.join(sorted(set(network.kind)))}."
            )
        extra[np.isin(np.array(network.kind), sorted(vehicle.banned_kinds))] = np.inf
    extra[network.closed] = np.inf
    return np.asarray(extra)


def _reachable(graph: Graph, cost: Cost, extra: Floats, demand: Demand) -> tuple[Floats, tuple[Unserved, ...]]:
    """Trips between zones that a road joins, and those that none does."""
    z = len(demand.zones)
    served, lost = demand.trips.copy(), []
    for k, vehicle in enumerate(demand.classes):
        np.fill_diagonal(served[k], 0.0)
        least = np.empty((z, z))
        origins = np.arange(z, dtype=np.int32)
        distances(graph.first, graph.head, cost.base + extra[k], graph.thru, origins, z, least)
        for i, j in np.argwhere(np.isinf(least) & (served[k] > 0)):
            lost.append(Unserved(vehicle.name, demand.zones[i], demand.zones[j], float(served[k, i, j])))
            served[k, i, j] = 0.0
    return served, tuple(lost)


def _solve(
    problem: Problem,
    target: float,
    algorithm: str,
    most: int,
    start: Floats | None,
    keep: bool,
    progress: Progress | None,
    should_stop: Callable[[], bool] | None,
) -> Assignment:
    cost = problem.cost
    minutes = cost.minutes(np.zeros(problem.network.m))
    x = problem.load(minutes)[0] if start is None else _given(problem, start)
    kept, weights = [minutes], np.ones(1)
    directions = Directions(algorithm)
    history: list[Step] = []
    lower, stopped, step = -np.inf, False, 1.0
    while True:
        total = x.sum(axis=0)
        minutes = cost.minutes(total)
        y, least = problem.load(minutes)
        pays = problem.pays(x, minutes)
        objective = cost.integral(total) + problem.fixed(x)
        lower = max(lower, objective + least - pays)
        gap = max(0.0, (pays - least) / pays) if pays > 0 else 0.0
        history.append(Step(len(history) + 1, gap, objective, lower, step))
        if progress is not None:
            progress(len(history), gap, objective)
        stopped = should_stop is not None and should_stop()
        if gap <= target or stopped or len(history) >= most:
            break
        ahead = directions.aim(x, y, cost.slope(total), len(history) + 1)
        toward = ahead.flows - x
        along = toward.sum(axis=0)
        fixed = problem.fixed(toward)
        step = directions.step(float(exact_step(cost.base, cost.k, cost.power, total, along, fixed)))
        x = x + step * toward
        np.maximum(x, 0.0, out=x)
        weights = moved(weights, ahead, step)
        if keep:
            kept.append(minutes)
    mix = PathMix(tuple(kept), weights) if keep else None
    return _result(problem, x, minutes, target, algorithm, stopped, history, mix)


def _given(problem: Problem, start: Floats) -> Floats:
    """Flows to begin from in PCU and the graph's order, once they are seen to carry the demand."""
    network, demand = problem.network, problem.demand
    if start.shape != (len(demand.classes), network.m):
        raise TrafficError(f"Flows to start from have the shape {start.shape}, not classes × links.")
    for k, vehicle in enumerate(demand.classes):
        balance = np.bincount(network.start, start[k], network.n) - np.bincount(network.end, start[k], network.n)
        z = len(network.zones)
        balance[:z] -= problem.served[k].sum(axis=1) - problem.served[k].sum(axis=0)
        most = max(1.0, float(start[k].max(initial=0.0)))
        forbidden = np.isinf(problem.back(problem.extra[k])) & (start[k] > 1e-9 * most)
        if np.abs(balance).max() > 1e-6 * most or forbidden.any():
            raise TrafficError(
                f"The flows to start from do not carry the trips of class “{vehicle.name}”: they use a closed link, or "
                "more leaves a node than comes to it. Begin from the flows of the same demand, or from none."
            )
    pcu = np.array([each.pcu for each in demand.classes])
    return np.asarray((start * pcu[:, None])[:, problem.graph.order])


def _result(
    problem: Problem,
    x: Floats,
    minutes: Floats,
    target: float,
    algorithm: str,
    stopped: bool,
    history: list[Step],
    mix: PathMix | None,
) -> Assignment:
    demand, last = problem.demand, history[-1]
    pcu = np.array([each.pcu for each in demand.classes])
    return Assignment(
        network=problem.network,
        demand=demand,
        algorithm=algorithm,
        flows=problem.back(x) / pcu[:, None],
        pcu=problem.back(x.sum(axis=0)),
        minutes=problem.back(minutes),
        gap=last.gap,
        target=target,
        converged=last.gap <= target,
        stopped=stopped,
        objective=last.objective,
        lower_bound=last.lower_bound,
        history=tuple(history),
        intrazonal=np.array([float(np.trace(each)) for each in demand.trips]),
        unserved=problem.unserved,
        select={},
        mix=mix,
    )
