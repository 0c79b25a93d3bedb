"""Which trips use which links: asked of the paths that an assignment is a mixture of, after it was found.

Every question walks the same trees with the same weights as the flows, so that answers agree with the flows exactly, which
they do not in tools that follow selected links with weights of their own.

>>> from folkmoot.engines.traffic import Demand, RoadNetwork, equilibrium, select_link
>>> both = RoadNetwork.of([(1, 2, 10, 1000), (1, 3, 6, 1000), (3, 2, 6, 1000)], zones=2)
>>> found = equilibrium(both, Demand.of(both.zones, car=[[0, 2600], [0, 0]]), gap=1e-8, keep_paths=True)
>>> select_link(found, ["3"]).flows[0].round(1).tolist()
[0.0, 1201.0, 1201.0]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from folkmoot.engines.traffic.assign import Problem
from folkmoot.engines.traffic.network import Floats, TrafficError
from folkmoot.engines.traffic.paths import Loader, Wanted, along_trees
from folkmoot.engines.traffic.result import Assignment, PathMix, SelectLink

NOTHING = 1e-12
"""A weight under which a loading adds nothing that counts."""


def select_link(found: Assignment, links: Sequence[str], *, threads: int | None = None) -> SelectLink:
    """The flows and trips of the vehicles that use any of `links`, of an assignment that kept its paths."""
    mix, problem = _mix(found), Problem.of(found.network, found.demand, threads)
    mark = np.zeros(found.network.m, dtype=np.int8)
    mark[[found.network.index(link) for link in links]] = 1
    mark = mark[problem.graph.order]
    flows = np.zeros((len(found.demand.classes), found.network.m))
    trips = np.zeros_like(found.demand.trips)
    for minutes, weight in zip(mix.minutes, mix.weights):
        if abs(weight) < NOTHING:
            continue
        for k, (loader, own) in enumerate(zip(problem.loaders, problem.extra)):
            flow, uses = loader.selected(minutes + own, mark)
            flows[k] += weight * flow
            w = loader.wanted
            trips[k, np.repeat(w.origins, np.diff(w.first)), w.zone] += weight * uses * w.trips
    pcu = np.array([each.pcu for each in found.demand.classes])
    return SelectLink(tuple(links), problem.back(flows) / pcu[:, None], trips / pcu[:, None, None])


def along_paths(found: Assignment, values: Floats, vehicle: int = 0) -> Floats:
    """(zones × zones) the sum of `values` (m,) along the paths of each pair, averaged over what each path carries."""
    mix, problem = _mix(found), Problem.of(found.network, found.demand)
    g, z = problem.graph, len(found.demand.zones)
    out, one = np.zeros((z, z)), np.empty((z, z))
    origins = np.arange(z, dtype=np.int32)
    sorted_values = np.asarray(values, dtype=float)[g.order]
    for minutes, weight in zip(mix.minutes, mix.weights):
        if abs(weight) < NOTHING:
            continue
        cost = minutes + problem.extra[vehicle]
        along_trees(g.first, g.tail, g.head, cost, g.thru, origins, z, sorted_values, one)
        out += weight * one
    return out


def load_trips(found: Assignment, trips: Floats, vehicle: int = 0) -> Floats:
    """(m,) the flow of other trips (zones × zones, also negative ones) on the paths of an assignment."""
    mix, problem = _mix(found), Problem.of(found.network, found.demand)
    out = np.zeros(found.network.m)
    reached = problem.served[vehicle] > 0
    for sign in (1.0, -1.0):
        loader = Loader(problem.graph, Wanted.of(np.where(reached, np.maximum(sign * trips, 0.0), 0.0)), 1)
        for minutes, weight in zip(mix.minutes, mix.weights):
            if abs(weight) >= NOTHING:
                out += sign * weight * loader.load(minutes + problem.extra[vehicle])[0]
    return problem.back(out)


def _mix(found: Assignment) -> PathMix:
    if found.mix is None:
        raise TrafficError("This assignment did not keep its paths. Assign again with keep_paths=True.")
    return found.mix
