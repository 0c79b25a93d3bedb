"""The Lagrangian bound where room is limited: each site takes the clients that are worth most for the room they need.

K_j(u) is a fractional knapsack for each service (Dantzig 1957). Branching on sites alone leaves a gap, since a client has
one site and may not be split; so that pairs of client and site are choices too: after the sites come all pairs that may
be used. A pair at 1 pays its cost and takes its room; a pair at 0 may not be used. Source: Holmberg, Rönnqvist and Yuan
(1999), who branch so on the single-source problem.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting import highs
from folkmoot.engines.siting.facility.clients import Clients
from folkmoot.engines.siting.facility.dual import FAR, Bools, Floats, Ints, Prices
from folkmoot.engines.siting.facility.serving import Serving
from folkmoot.engines.siting.tree import LARGEST, NEVER, SCALE, Solved

SITES_FIRST = 0.45
"""Pairs are shown to the tree at least so far from one half: it branches on sites while any is less certain."""


@dataclass(frozen=True, eq=False)
class _Node:
    """What a fixing means: sites open, closed or free; pairs that may be used; room left; clients that have their site."""

    sites: NDArray[np.int8]
    may: Bools
    room: Floats
    served: Ints
    """For each client its site, or −1."""


class Packing(Prices):
    """A relaxation for `tree.grow` over the sites and then the pairs of client and site."""

    def __init__(
        self, clients: Clients, per_one: int, known: Serving | None, should_stop: highs.ShouldStop | None,
        first: Ints | None = None,
    ) -> None:  # fmt: skip
        super().__init__(clients, per_one, known, should_stop)
        assert clients.room is not None
        self._room, self._given = clients.room, first
        self.rows, self.columns = np.nonzero(np.isfinite(clients.cost))
        self.choices += len(self.rows)
        self.fixed = np.concatenate([clients.fixed, np.zeros(len(self.rows), dtype=bool)])
        self._blocks = [(int(s), np.flatnonzero(clients.service == s)) for s in np.unique(clients.service)]
        self._first = first is None

    def begin(self) -> Ints:
        """The prices given, else as where nothing is limited."""
        return super().begin() if self._given is None else self._given

    def solve(self, fixing: NDArray[np.int8], multipliers: Ints) -> Solved | None:
        """Prices; and how often each site and pair was chosen on the way, pairs told as more certain than sites."""
        solved = super().solve(fixing, multipliers)
        if solved is None:
            return None
        y, m = solved.y.copy(), len(self._clients.codes)
        off = y[m:] - 0.5
        y[m:] = 0.5 + np.sign(off) * (SITES_FIRST + 2 * (0.5 - SITES_FIRST) * np.abs(off))
        return Solved(np.where(fixing == 0, y, fixing == 1), solved.multipliers)

    def _node(self, fixing: NDArray[np.int8]) -> _Node | None:
        """None where the fixing leaves no choice."""
        m = len(self._clients.codes)
        sites, pairs = fixing[:m].copy(), fixing[m:]
        served = np.full(len(self._cost), -1, dtype=np.int64)
        room = self._room.astype(float).copy()
        rows, columns = self.rows[pairs == 1], self.columns[pairs == 1]
        if len(rows):
            if len(np.unique(rows)) < len(rows) or (sites[columns] == -1).any():
                return None
            served[rows] = columns
            sites[columns] = 1
            np.subtract.at(room, (columns, self._clients.service[rows]), self._clients.demand[rows])
            if (room < -1e-9 * (1 + self._room)).any():
                return None
            room = np.maximum(room, 0.0)
        may = np.isfinite(self._clients.cost)
        may[self.rows[pairs == -1], self.columns[pairs == -1]] = False
        may[served >= 0] = False
        return _Node(sites, may, room, served)

    def _at(self, u: Floats, fixing: NDArray[np.int8]) -> tuple[float, Floats, Floats]:
        node = self._node(fixing)
        if node is None:
            return math.inf, np.zeros(self.choices), u
        free = node.served < 0
        less = np.where(node.may, np.minimum(0.0, self._cost - u[:, None]), 0.0)
        taken = np.zeros_like(less)
        for s, rows in self._blocks:
            taken[rows] = _filled(less[rows], self._clients.demand[rows], node.room[:, s])
        worth = self._opening + (less * taken).sum(axis=0)
        chosen = self._plan(worth, node.sites)
        if chosen is None:
            return math.inf, np.zeros(self.choices), u
        paid = float(self._cost[~free, node.served[~free]].sum())
        used = taken * chosen
        slope = np.where(free, 1.0 - used.sum(axis=1), 0.0)
        picked = np.concatenate([chosen.astype(float), used[self.rows, self.columns]])
        return paid + float(u[free].sum() + worth[chosen].sum()), picked, slope

    def bound(self, fixing: NDArray[np.int8], multipliers: Ints) -> int:
        """L(u) in whole numbers, rounded up to the next unit where costs are whole."""
        u = multipliers
        if float(np.abs(u).sum()) + float(self._opening_whole.sum()) * SCALE + 1 >= LARGEST or FAR * SCALE <= 0:
            return -NEVER
        node = self._node(fixing)
        if node is None:
            return NEVER
        free = node.served < 0
        less = np.where(node.may, np.minimum(0, np.where(node.may, self._cost_whole, 0) * SCALE - u[:, None]), 0)
        worth = self._opening_whole * SCALE
        for s, rows in self._blocks:
            taken = _filled(less[rows].astype(float), self._clients.demand[rows], node.room[:, s])
            # A little lower than the knapsack in floats, so that the exact one of the checker is not below.
            worth = worth + np.floor((less[rows] * taken).sum(axis=0) * (1 + 1e-12) - 1).astype(np.int64)
        chosen = self._plan(worth, node.sites)
        if chosen is None:
            return NEVER
        paid = int(self._cost_whole[~free, node.served[~free]].sum()) * SCALE
        return -((-(paid + int(u[free].sum()) + int(worth[chosen].sum()))) // SCALE)


def _filled(less: Floats, demand: Floats, room: Floats) -> Floats:
    """How much of each client (r × m) each site takes, best worth for its room first, the last one in part."""
    order = np.argsort(less / demand[:, None], axis=0, kind="stable")
    wanted = np.where(np.take_along_axis(less, order, axis=0) < 0, demand[order], 0.0)
    before = np.cumsum(wanted, axis=0) - wanted
    share = np.clip(room[None, :] - before, 0.0, wanted) / np.where(wanted > 0, wanted, 1.0)
    taken = np.zeros_like(less)
    np.put_along_axis(taken, order, share, axis=0)
    return taken
