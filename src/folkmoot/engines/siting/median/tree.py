"""Branch and bound, best bound first, on the sites that fixing has left.

A node's multipliers come from a climb of the subgradient, or from the relaxation by radii: that is exact, and many times
faster where many sites are open, as there the climb ends a little below the top and the tree grows; where few are, its
rows are long and the tree is small. Branching is on the site whose share in the relaxation is nearest ½, after a climb also
checked by a short one on both sides for a few (strong branching, Applegate et al. 1995).
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.median.dual import Climb, Pace
from folkmoot.engines.siting.median.ordered import Lists, restricted
from folkmoot.engines.siting.median.radius import Radii, levels_of

if TYPE_CHECKING:
    from folkmoot.engines.siting.median.search import Search

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Fixing = NDArray[np.int8]
type Side = tuple[Floats, float]


@dataclass(frozen=True, slots=True)
class Effort:
    """θ and steps of the climb at a node, and how many sites are looked at for how many steps on each side."""

    pace: Pace
    theta: float
    steps: int
    looks: int
    look_steps: int


QUICK = Effort(Pace(patience=8, decay=0.6, least=2e-3, hopeless=60.0), 1.0, 150, 2, 20)
THOROUGH = Effort(Pace(patience=15, decay=0.7, least=1e-4, hopeless=1e9), 0.6, 400, 6, 30)
"""A small tree is soonest done quickly; in a large one each node that closes saves many."""
SMALL = 10
"""Nodes of a tree that may yet be small."""
MANY = 20
"""With more sites to open than this the radii are used at once …"""
PATIENT = 40
"""… otherwise after so many nodes."""
CLOSER = 0.3
"""They are set up anew, with shorter reach, once a better plan has brought the gap to so much of what it was."""


@dataclass(frozen=True, eq=False)
class Open:
    """A node that waits: what is fixed there, and the multipliers with the bound that they prove."""

    number: int
    fixing: Fixing
    u: Floats
    bound: float


class Tree:
    """All that is open below a root, whose fixing, multipliers and bound are given in the numbers of the sites left."""

    def __init__(self, search: Search, lists: Lists, fixing: Fixing, u: Floats, bound: float) -> None:
        self._search, self._lists = search, lists
        self._it, self._plans, self._record = search.plans.instance, search.plans, search.record
        self._root = Open(0, fixing, u, bound)
        self._open = [(bound, 0, self._root)]
        self._radii: Radii | None = None
        self._slack = math.inf

    def grow(self) -> None:
        """Until the least bound suffices or the search is stopped; what is open then is written down as it is."""
        search = self._search
        while self._open and self._open[0][0] < search.enough and not search.stop():
            bound, _, node = heapq.heappop(self._open)
            search.work["nodes"] += 1
            search.say("Branching", min(bound, self._record.least))
            self._expand(node)
        for bound, number, node in self._open:
            self._record.leaf(number, node.u, bound)

    @property
    def _effort(self) -> Effort:
        return QUICK if self._search.work["nodes"] <= SMALL else THOROUGH

    def _expand(self, node: Open) -> None:
        fixing, enough = node.fixing.copy(), self._search.enough
        if self._settled(node.number, fixing):
            return
        share, climb = self._relaxed(fixing, node.u)
        u, bound = (climb.u, climb.bound) if climb.bound >= node.bound else (node.u, node.bound)
        if bound < enough:
            self._round(fixing, share, climb)
            enough = self._search.enough
        if bound >= enough:
            self._record.leaf(node.number, u, bound)
            return
        self._search.fix(node.number, fixing, climb)
        if node.number == 0:
            self._root = Open(0, fixing.copy(), u, bound)
        if self._settled(node.number, fixing):
            return
        left = fixing[climb.free] == 0
        undecided = climb.free[left][np.argsort(np.abs(share[left] - 0.5), kind="stable")]
        site, sides = int(undecided[0]), ((u, bound), (u, bound))
        if not self._radii:
            site, sides = self._look(undecided[: self._effort.looks].tolist(), fixing, u, bound)
        for number, side, (above, at) in zip(self._record.split(node.number, site), (1, -1), sides):
            child = fixing.copy()
            child[site] = side
            heapq.heappush(self._open, (at, number, Open(number, child, above, at)))

    def _relaxed(self, fixing: Fixing, u: Floats) -> tuple[Floats, Climb]:
        """The share of each free site in the relaxation, and the climb to its bound."""
        search = self._search
        climb = None if self._radii else self._climb(fixing, u, self._effort.steps)
        if climb is None or climb.bound < search.enough:
            if self._it.p > MANY or search.work["nodes"] > PATIENT:
                self._measure()
            solved = self._radii.solve(fixing) if self._radii else None
            if solved is not None:
                climb = self._climb(fixing, solved[1], 1)
                return solved[0][climb.free], climb
        climb = climb or self._climb(fixing, u, self._effort.steps)
        return climb.share[climb.free], climb

    def _measure(self) -> None:
        """Set up the relaxation by radii, if it is small enough."""
        root = self._root
        slack = self._plans.value - root.bound
        if slack > CLOSER * self._slack:
            return
        self._slack = slack
        here = restricted(self._lists, root.fixing)
        levels = levels_of(here, np.clip(root.u, here.low, here.cap), slack)
        if levels is not None:
            self._radii = Radii(levels, self._it.p, root.fixing, self._it.step, self._search.stop)

    def _round(self, fixing: Fixing, share: Floats, climb: Climb) -> None:
        """The plan that the relaxation comes to, its sites swapped; after a mere climb only if it is already better."""
        inside = climb.free[np.argsort(-share, kind="stable")][: climb.places] if self._radii else climb.chosen
        plan = np.concatenate([np.flatnonzero(fixing == 1), inside])
        if self._radii or self._plans.worth(plan) < self._plans.value:
            self._plans.polish(plan)

    def _look(self, sites: list[int], fixing: Fixing, u: Floats, bound: float) -> tuple[int, tuple[Side, Side]]:
        """The site that lifts the bound most on both sides, and the multipliers and bounds of both."""
        found, score = (sites[0], ((u, bound), (u, bound))), -1.0
        for j in sites:
            sides: list[Side] = []
            worth = 1.0
            for side in (1, -1):
                child = fixing.copy()
                child[j] = side
                climb = self._climb(child, u, self._effort.look_steps)
                sides.append((climb.u, climb.bound) if climb.bound > bound else (u, bound))
                worth *= max(min(sides[-1][1], self._search.enough) - bound, 1e-3)
            if worth > score:
                found, score = (j, (sides[0], sides[1])), worth
        return found

    def _climb(self, fixing: Fixing, u: Floats, steps: int) -> Climb:
        climb = Climb(self._it.cost, restricted(self._lists, fixing), fixing, self._it.p, u, self._effort.theta)
        climb.run(self._effort.pace, aim=self._plans.value, enough=self._search.enough, steps=steps)
        self._search.work["steps"] += steps
        return climb

    def _settled(self, number: int, fixing: Fixing) -> bool:
        """Whether only one plan is left (or none); if so it is weighed and the node is done with."""
        it = self._it
        opened, free = int((fixing == 1).sum()), int((fixing == 0).sum())
        if opened < it.p < opened + free:
            return False
        plan = np.flatnonzero(fixing == 1 if opened >= it.p else fixing >= 0)
        self._plans.consider(plan)
        near = it.cost[plan].min(axis=0)
        u = np.minimum(near, float(math.floor(2.0**52 / max(1, it.n))))
        self._record.leaf(number, u, float(u.sum()))
        return True
