"""Good plans: who is served where when some sites are open, and which sites to add, drop or swap."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.facility.clients import Bools, Clients, Floats, Ints

ROUNDS = 60
"""At most so many sites are added, dropped or swapped."""


@dataclass(frozen=True, eq=False)
class Serving:
    """Open sites, the site each client uses, and what it all costs."""

    chosen: Bools
    used: Ints
    value: float


def serve(clients: Clients, chosen: Bools) -> Serving | None:
    """Every client at its cheapest open site, or, with limited room, at one that has room; None where that fails."""
    if not chosen.any():
        return (
            None
            if len(clients.cost)
            else Serving(chosen, np.zeros(0, dtype=np.int64), math.fsum(clients.opening[chosen]))
        )
    cost = np.where(chosen[None, :], clients.cost, math.inf)
    if len(cost) and np.isinf(cost.min(axis=1)).any():
        return None
    if clients.room is None:
        used = cost.argmin(axis=1) if len(cost) else np.zeros(0, dtype=np.int64)
        return Serving(chosen, used, clients.total(chosen, used))
    for ranked in _orders(clients, cost):
        placed = _placed(clients, cost, ranked)
        if placed is not None:
            moved = _moved(clients, cost, placed)
            return Serving(chosen, moved, clients.total(chosen, moved))
    return None


def improve(clients: Clients, start: Serving) -> Serving:
    """Add, drop or swap one site at a time while that is cheaper, where nothing limits room.

    All swaps are weighed in one pass over the costs (Resende and Werneck 2007): what closing r loses and opening j saves,
    less what both together count twice.
    """
    if clients.room is not None or not len(clients.cost):
        return start
    chosen = start.chosen.copy()
    finite = np.isfinite(clients.cost)
    far = 2 * float(np.where(finite, clients.cost, 0.0).max(axis=1).sum() + clients.opening.sum()) + 1
    cost = np.where(finite, clients.cost, far)
    opening = clients.opening
    for _ in range(ROUNDS):
        first, best, second = _two_nearest(cost, chosen, far)
        save = np.maximum(0.0, best[:, None] - cost).sum(axis=0) - opening
        lose = np.bincount(first, weights=second - best, minlength=len(chosen)) - opening
        may_open, may_close = np.flatnonzero(~chosen), np.flatnonzero(chosen & ~clients.fixed)
        moves: list[tuple[float, int, int]] = []
        if clients.p is None:
            moves += [(-float(save[j]), int(j), -1) for j in may_open] + [
                (float(lose[r]), -1, int(r)) for r in may_close
            ]
        if len(may_open) and len(may_close):
            twice = np.maximum(0.0, second[:, None] - np.maximum(cost[:, may_open], best[:, None]))
            order = np.argsort(first, kind="stable")
            at = np.searchsorted(first[order], may_close)
            served = np.bincount(first, minlength=len(chosen))[may_close] > 0
            shared = np.zeros((len(may_close), len(may_open)))
            whole = np.concatenate([np.zeros((1, len(may_open))), np.cumsum(twice[order], axis=0)])
            ends = np.searchsorted(first[order], may_close, side="right")
            shared[served] = (whole[ends] - whole[at])[served]
            change = lose[may_close][:, None] - save[may_open][None, :] - shared
            k = int(change.argmin())
            r, j = divmod(k, len(may_open))
            moves.append((float(change[r, j]), int(may_open[j]), int(may_close[r])))
        gain, into, out = min(moves, default=(0.0, -1, -1))
        if not gain < -1e-9 * max(1.0, abs(start.value)):
            break
        if into >= 0:
            chosen[into] = True
        if out >= 0:
            chosen[out] = False
    found = serve(clients, chosen)
    return found if found is not None and found.value < start.value else start


def _two_nearest(cost: Floats, chosen: Bools, far: float) -> tuple[Ints, Floats, Floats]:
    columns = np.flatnonzero(chosen)
    among = cost[:, columns]
    at = among.argmin(axis=1)
    rows = np.arange(len(cost))
    best = among[rows, at]
    if len(columns) == 1:
        return columns[at], best, np.full(len(cost), far)
    among[rows, at] = math.inf
    return columns[at], best, among.min(axis=1)


def greedy(clients: Clients) -> Serving | None:
    """Sites one by one where they save most, from those fixed; all open is tried where greed does not do."""
    m = len(clients.codes)
    chosen = clients.fixed.copy()
    most = m if clients.p is None else clients.p
    worst = np.where(np.isfinite(clients.cost), clients.cost, 0.0).max(axis=1, initial=0.0) * 2 + 1
    now = np.where(chosen, clients.cost, math.inf).min(axis=1, initial=math.inf)
    now = np.minimum(now, worst)
    while int(chosen.sum()) < min(most, m):
        saved = np.maximum(0.0, now[:, None] - clients.cost).sum(axis=0) - clients.opening
        saved[chosen] = -math.inf
        j = int(saved.argmax())
        if clients.p is None and saved[j] <= 0:
            break
        chosen[j] = True
        now = np.minimum(now, clients.cost[:, j])
    found = serve(clients, chosen)
    if found is None and clients.p is None:
        return serve(clients, np.ones(m, dtype=bool))
    if found is None and clients.room is not None and int(chosen.sum()) <= most:
        roomy = clients.fixed.copy()
        by_room = np.argsort(-clients.room.sum(axis=1), kind="stable")
        for j in by_room[~roomy[by_room]][: most - int(roomy.sum())]:
            roomy[j] = True
        return serve(clients, roomy)
    return found


def _orders(clients: Clients, cost: Floats) -> list[NDArray[np.int64]]:
    """In which order clients choose: those who lose most by a second choice first; or the largest first."""
    ranked = np.sort(cost, axis=1)
    second = ranked[:, 1] if cost.shape[1] > 1 else ranked[:, 0]
    regret = np.where(np.isfinite(second), second - ranked[:, 0], math.inf)
    return [np.argsort(-regret, kind="stable"), np.argsort(-clients.demand, kind="stable")]


def _placed(clients: Clients, cost: Floats, order: NDArray[np.int64]) -> Ints | None:
    assert clients.room is not None
    left = clients.room.copy()
    used = np.zeros(len(cost), dtype=np.int64)
    for r in order.tolist():
        fits = left[:, clients.service[r]] >= clients.demand[r] - 1e-9
        options = np.where(fits, cost[r], math.inf)
        j = int(options.argmin())
        if math.isinf(options[j]):
            return None
        used[r] = j
        left[j, clients.service[r]] -= clients.demand[r]
    return used


def _moved(clients: Clients, cost: Floats, used: Ints) -> Ints:
    """Move a client to a cheaper site with room, or let two change places, while either saves."""
    assert clients.room is not None
    used, rows = used.copy(), np.arange(len(cost))
    left = clients.room.copy()
    np.subtract.at(left, (used, clients.service), clients.demand)
    for _ in range(20):
        moved = False
        gain = cost[rows, used] - cost.min(axis=1)
        for r in np.argsort(-gain, kind="stable").tolist():
            if gain[r] <= 1e-9:
                break
            s = int(clients.service[r])
            fits = left[:, s] >= clients.demand[r] - 1e-9
            options = np.where(fits, cost[r], math.inf)
            j = int(options.argmin())
            if options[j] < cost[r, used[r]] - 1e-9:
                left[used[r], s] += clients.demand[r]
                left[j, s] -= clients.demand[r]
                used[r], moved = j, True
                continue
            k = _partner(clients, cost, used, left, r)
            if k is not None:
                a, b = used[r], used[k]
                left[a, s] += clients.demand[r] - clients.demand[k]
                left[b, s] += clients.demand[k] - clients.demand[r]
                used[r], used[k], moved = b, a, True
        if not moved:
            break
    return used


def _partner(clients: Clients, cost: Floats, used: Ints, left: Floats, r: int) -> int | None:
    s, a = int(clients.service[r]), int(used[r])
    others = np.flatnonzero((clients.service == s) & (used != a))
    if not len(others):
        return None
    change = cost[others, a] + cost[r, used[others]] - cost[others, used[others]] - cost[r, a]
    more = clients.demand[r] - clients.demand[others]
    fits = (left[used[others], s] - more >= -1e-9) & (left[a, s] + more >= -1e-9)
    change = np.where(fits, change, math.inf)
    k = int(change.argmin())
    return int(others[k]) if change[k] < -1e-9 else None
