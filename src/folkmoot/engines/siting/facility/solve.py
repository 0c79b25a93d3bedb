"""UFLP, CFLP and the capacitated p-median: a good plan, a bound that can be replayed, then HiGHS where they do not meet.

>>> from folkmoot.engines.siting.problem import Problem
>>> plan = solve(Problem("uflp", cost=[[1, 9], [1, 9], [9, 2]], opening_cost=[4, 5]))
>>> plan.open, plan.value, str(plan.status)
(('1', '2'), 13.0, 'optimal')
>>> held = Problem("cflp", cost=[[1, 9], [1, 9], [9, 2]], opening_cost=[4, 5], capacity=[1, 2])
>>> solve(held).assignment, solve(held).value
((('1',), ('2',), ('2',)), 21.0)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from folkmoot.engines.siting import equity, highs, tree
from folkmoot.engines.siting.facility import exact
from folkmoot.engines.siting.facility.clients import Bools, Clients, Floats, clients_of
from folkmoot.engines.siting.facility.dual import Nearest, Prices
from folkmoot.engines.siting.facility.packing import Packing
from folkmoot.engines.siting.facility.serving import Serving, greedy, improve, serve
from folkmoot.engines.siting.plan import Certificate, Plan
from folkmoot.engines.siting.served import nearest

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem

KIND = "facility"
"""The kind of certificate: leaves with prices; `proofs.facility` replays it."""
BRANCHES = 150
"""Lagrangian nodes before HiGHS takes over."""
PACKED, MOST_PACKED = 500_000, 3_000
"""Nodes × pairs, and nodes, after which the proof of a single-source plan is left to HiGHS."""


def solve(
    problem: Problem,
    *,
    gap: float = 0.0,
    should_stop: highs.ShouldStop | None = None,
    progress: highs.Progress | None = None,
    rng: np.random.Generator | None = None,
) -> Plan:
    """The plan, or the best found until `should_stop()`, with the bound known then."""
    clients = clients_of(problem)
    limits = equity.limits(problem)
    lonely = np.flatnonzero(np.isinf(clients.cost).all(axis=1)) if len(clients.cost) else np.zeros(0, dtype=np.int64)
    if len(lonely):
        proof = Certificate("unreached", {"area": problem.areas[int(clients.area[lonely[0]])]})
        return _none(problem, math.inf, proof, infeasible=True)

    def tell(value: float | None, bound: float) -> None:
        if progress:
            progress("Siting", value, bound)

    first = greedy(clients)
    if first is not None:
        first = improve(clients, first)
        if limits is not None and not _fair(problem, clients, limits, first):
            first = None
        else:
            tell(first.value, 0.0)
    grown, per_one, first = _priced(problem, clients, limits, first, gap, should_stop, tell)
    bound = _in_ones(grown.bound, per_one) if first is None else min(first.value, _in_ones(grown.bound, per_one))
    proof = Certificate(KIND, _leaves(clients, problem, grown, per_one))
    stopped = should_stop is not None and should_stop()
    met = first is not None and first.value - bound <= gap * abs(first.value) + 1e-12 * abs(first.value)
    pairs = int(np.isfinite(clients.cost).sum())
    if met or stopped or pairs > exact.MOST_PAIRS:
        note = (
            ()
            if met or stopped
            else (f"{pairs:,} pairs are more than the exact model takes; the bound is Lagrangian.",)
        )
        if first is None:
            return _none(problem, bound, proof, infeasible=grown.bound >= tree.NEVER, nodes=grown.nodes)
        return _plan(problem, clients, first, bound, proof, gap, grown.nodes, note)
    keep = np.ones(len(clients.codes), dtype=bool)
    found, answer = exact.best(
        clients, first, keep=keep, limits=limits, gap=gap, should_stop=should_stop, progress=tell
    )
    nodes = grown.nodes + answer.nodes
    if answer.infeasible:
        return _none(problem, math.inf, Certificate("solver-trusted"), infeasible=True, nodes=nodes)
    if found is not None and (first is None or found.value < first.value) and _holds(problem, clients, limits, found):
        first = found
    if answer.bound > bound:
        bound, proof = answer.bound, Certificate("solver-trusted", proof.data)
    if first is None:
        return _none(problem, bound, proof, infeasible=False, nodes=nodes)
    if answer.proved and gap == 0.0:
        bound, proof = first.value, Certificate("solver-trusted", proof.data)
        if clients.room is not None and limits is None:
            tree_of, prices = _proved(clients, first, grown, per_one, gap, should_stop)
            data, nodes = _leaves(clients, problem, tree_of, per_one, prices), nodes + tree_of.nodes
            proof = Certificate(KIND if tree_of.closed else "solver-trusted", data)
    return _plan(problem, clients, first, min(bound, first.value), proof, gap, nodes, ())


def _priced(
    problem: Problem, clients: Clients, limits: equity.Limits | None, first: Serving | None, gap: float,
    should_stop: highs.ShouldStop | None, tell: Any,
) -> tuple[tree.Grown, int, Serving | None]:  # fmt: skip
    """Branch and bound by prices, as far as it is worth it."""
    finite = clients.cost[np.isfinite(clients.cost)]
    per_one = clients.per_one or _fine(finite, clients.opening)
    known: dict[bytes, Serving] = {}
    prices = (Nearest if clients.room is None else Packing)(clients, per_one, first, should_stop)
    sites = len(clients.codes)

    def value_of(choice: Bools) -> int | None:
        chosen = choice[:sites]
        found = known.get(chosen.tobytes()) or serve(clients, chosen)
        if found is None or not _holds(problem, clients, limits, found):
            return None
        known[found.chosen.tobytes()] = found
        whole = round(found.value * per_one) if clients.per_one else math.ceil(found.value * per_one)
        prices.upper(whole)
        return whole

    def rounded(relaxed: Floats) -> Bools | None:
        y = relaxed[:sites]
        chosen = y > 0.5
        if clients.p is not None:
            chosen = np.zeros(len(y), dtype=bool)
            chosen[np.argsort(-(y + 2 * clients.fixed), kind="stable")[: clients.p]] = True
        chosen |= clients.fixed
        if int(chosen.sum()) == 0 and len(y):
            chosen[int(y.argmax())] = True
        found = serve(clients, chosen)
        return None if found is None else _choice(prices, improve(clients, found))

    def scaled(value: float | None, bound: float) -> None:
        tell(None if value is None else value / per_one, bound / per_one)

    begin = None if first is None else _choice(prices, first)
    nodes = BRANCHES if clients.room is None and limits is None and clients.per_one else 1
    grown = tree.grow(
        prices, value_of=value_of, rounded=rounded, start=begin, gap=gap, should_stop=should_stop, progress=scaled,
        nodes=nodes,
    )  # fmt: skip
    options = [each for each in (first, *known.values()) if each is not None]
    return grown, per_one, min(options, key=lambda each: each.value, default=None)


def _proved(
    clients: Clients, first: Serving, root: tree.Grown, per_one: int, gap: float, should_stop: highs.ShouldStop | None
) -> tuple[tree.Grown, Packing]:
    """Nothing is better than the plan that HiGHS found: the same again, in a form that can be replayed."""
    prices = Packing(clients, per_one, first, should_stop, root.leaves[0].multipliers)
    value = round(first.value * per_one) if clients.per_one else math.ceil(first.value * per_one)
    return tree.grow(
        prices, value_of=lambda choice: value, rounded=lambda relaxed: None, start=_choice(prices, first), gap=gap,
        should_stop=should_stop, nodes=min(MOST_PACKED, PACKED // max(1, clients.cost.size)),
    ), prices  # fmt: skip


def _choice(prices: Prices, found: Serving) -> Bools:
    """A plan as a choice of the tree: its sites; of pairs nothing is said."""
    return np.concatenate([found.chosen, np.zeros(prices.choices - len(found.chosen), dtype=bool)])


def _fine(finite: Floats, opening: Floats) -> int:
    """A unit so fine that rounding down loses less than a millionth of a millionth of the whole, as far as fits."""
    total = float(finite.max(initial=0.0)) * max(1, len(opening)) + float(opening.sum()) + 1.0
    return max(1, int(2**38 / total))


def _in_ones(bound: int, per_one: int) -> float:
    if bound >= tree.NEVER:
        return math.inf
    return 0.0 if bound <= -tree.NEVER else max(0.0, bound / per_one)


def _fair(problem: Problem, clients: Clients, limits: equity.Limits, found: Serving) -> bool:
    spent = np.bincount(clients.area, weights=clients.cost[np.arange(len(found.used)), found.used], minlength=problem.n)
    return all(
        spent[rows].sum() <= most * (1 + equity.CLOSE) + equity.CLOSE for rows, most in zip(limits.members, limits.most)
    )


def _holds(problem: Problem, clients: Clients, limits: equity.Limits | None, found: Serving) -> bool:
    if clients.room is not None:
        asked = np.zeros_like(clients.room)
        np.add.at(asked, (found.used, clients.service), clients.demand)
        if (asked > clients.room * (1 + 1e-9) + 1e-9).any():
            return False
    if clients.p is not None and int(found.chosen.sum()) != clients.p:
        return False
    return limits is None or _fair(problem, clients, limits, found)


def _leaves(
    clients: Clients, problem: Problem, grown: tree.Grown, per_one: int, packing: Packing | None = None
) -> dict[str, Any]:
    sites = len(clients.codes)

    def pairs(choices: tuple[int, ...]) -> list[list[Any]]:
        at = [k - sites for k in choices if k >= sites]
        return [] if packing is None else [[int(packing.rows[k]), clients.codes[packing.columns[k]]] for k in at]

    names = [f"{problem.areas[i]}" for i in clients.area]
    services = clients.service.tolist()
    return {
        "per_one": per_one,
        "scale": tree.SCALE,
        "whole": clients.per_one is not None,
        "clients": [[name, s] for name, s in zip(names, services)],
        "leaves": [
            {
                "open": [clients.codes[j] for j in leaf.ones if j < sites],
                "closed": [clients.codes[j] for j in leaf.zeros if j < sites],
                "prices": leaf.multipliers.tolist(),
            }
            | {name: found for name, found in (("served", pairs(leaf.ones)), ("refused", pairs(leaf.zeros))) if found}
            for leaf in grown.leaves
        ],
    }


def _plan(
    problem: Problem, clients: Clients, found: Serving, bound: float, proof: Certificate, gap: float, nodes: int,
    note: tuple[str, ...],
) -> Plan:  # fmt: skip
    chosen = tuple(code for code, is_open in zip(clients.codes, found.chosen) if is_open)
    assignment = [list(sites) for sites in nearest(problem, chosen).assignment]
    for i, s, j in zip(clients.area.tolist(), clients.service.tolist(), found.used.tolist()):
        assignment[i][s] = clients.codes[j]
    return Plan(
        problem.objective, problem.fingerprint, chosen, tuple(map(tuple, assignment)), found.value, bound,
        tolerance=gap, certificate=proof, work={"nodes": nodes}, explanation=note,
    )  # fmt: skip


def _none(problem: Problem, bound: float, proof: Certificate, *, infeasible: bool, nodes: int = 0) -> Plan:
    return Plan(
        problem.objective, problem.fingerprint, (), (), None, bound, proved_infeasible=infeasible, certificate=proof,
        work={"nodes": nodes},
    )  # fmt: skip
