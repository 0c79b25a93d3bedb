"""The p-median from a first plan to a proof: swap sites, climb to a bound, fix sites, and branch on those that are left.

Fixing: at multipliers u with bound L, a site j outside the Lagrangian plan cannot be in a better plan if L + ρ_j − w is
enough, w the worst ρ inside; a site inside must be if L − ρ_j + z is, z the best ρ outside. On the way up the Lagrangian
plans are swapped too: often one of them is the optimum (Beasley 1993).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.median.dual import Climb, Pace
from folkmoot.engines.siting.median.instance import Floats, Instance
from folkmoot.engines.siting.median.ordered import Lists, ordered, restricted, within
from folkmoot.engines.siting.median.plans import Plans
from folkmoot.engines.siting.median.record import Record
from folkmoot.engines.siting.median.tree import Tree

type Ints = NDArray[np.int64]
type Fixing = NDArray[np.int8]

ROOT = Pace(patience=30, decay=0.7, least=1e-6, hopeless=7.0)
CHUNK = 150
"""Steps of the climb between two looks at the Lagrangian plan, and at whether to stop."""
CHUNKS = 40
ROUNDS = 4
MORE_ROUNDS, MORE_OF_FEW, FEW = 20, 12, 10
"""Shaking in vain before the climb, and after it where the bound does not suffice; of few sites there are fewer ways."""


class Search:
    """The search over one instance; `plans` has the best so far, `record` the proof so far."""

    def __init__(
        self,
        instance: Instance,
        rng: np.random.Generator,
        gap: float,
        should_stop: Callable[[], bool] | None,
        tell: Callable[[str, float, float], None] | None,
    ) -> None:
        self._whole, self._gap, self._tell = instance, gap, tell
        self._should_stop = should_stop
        self._lists = ordered(instance.cost, instance.far)
        self._widest = float(math.floor(2.0**52 / max(1, instance.n)))
        self.plans = Plans(instance, self._lists, rng)
        self.record = Record()
        self.work = {"rounds": 0, "steps": 0, "nodes": 0, "candidates": instance.m}
        self.stopped = False

    @property
    def enough(self) -> float:
        """The bound with which the best plan is proved."""
        return self._whole.enough(self.plans.value, self._gap)

    def stop(self) -> bool:
        """Whether to leave off, now and from now on."""
        if not self.stopped and self._should_stop is not None and self._should_stop():
            self.stopped = True
        return self.stopped

    def say(self, what: str, bound: float = -math.inf) -> None:
        """Tell how far the search has come."""
        if self._tell is not None:
            self._tell(what, self.plans.value, bound)

    def vary(self, rounds: int = ROUNDS) -> None:
        """Look for a better plan near the best."""
        self.plans.vary(rounds, self._shaken)

    def _shaken(self) -> bool:
        if self.stop():
            return True
        self.work["rounds"] += 1
        self.say("Swapping sites")
        return False

    def prove(self) -> None:
        """Bound, fix and branch until the bound suffices or the search is stopped."""
        it = self._whole
        fixing = it.forced.astype(np.int8)
        climb = self._root(fixing)
        if climb.bound < self.enough:
            self.vary(MORE_ROUNDS if it.p > FEW else MORE_OF_FEW)
        if climb.bound >= self.enough or self.stopped:
            self.record.leaf(0, climb.u, climb.bound)
            return
        self.fix(0, fixing, climb)
        keep = fixing >= 0
        lists = within(self._lists, keep, it.p, self._widest)
        self.plans.narrow(keep, lists)
        self.record.narrow(np.flatnonzero(keep))
        self.work["candidates"] = int((fixing == 0).sum())
        Tree(self, lists, fixing[keep], climb.u, climb.bound).grow()

    def _root(self, fixing: Fixing) -> Climb:
        it = self._whole
        lists, u = self._first(fixing)
        climb = Climb(it.cost, lists, fixing, it.p, u, 1.5)
        seen: set[bytes] = set()
        for number in range(CHUNKS):
            more = climb.run(ROOT, aim=self.plans.value, enough=self.enough, steps=CHUNK)
            self.work["steps"] += CHUNK
            self.say("Climbing", climb.bound)
            plan = np.sort(np.concatenate([np.flatnonzero(it.forced), climb.chosen]))
            if (number % 4 == 0 or not more) and plan.tobytes() not in seen:
                seen.add(plan.tobytes())
                self.plans.polish(plan)
            if climb.bound >= self.enough or not more or self.stop():
                break
        return climb

    def _first(self, fixing: Fixing) -> tuple[Lists, Floats]:
        """Lists cut where no multiplier need go, and multipliers to begin with: between nearest and second nearest."""
        it = self._whole
        at_open = np.sort(it.cost[self.plans.chosen], axis=0)
        two = at_open[: min(2, it.p)]
        u = np.where(two[-1] >= it.far, two[0], np.floor(two.mean(axis=0)))
        cap = np.minimum(at_open[3] if it.p > 3 else np.full(it.n, it.far), self._widest)
        return restricted(self._lists, fixing, np.maximum(cap, at_open[0] + 1.0)), u

    def fix(self, number: int, fixing: Fixing, climb: Climb) -> None:
        """Fix what cannot be otherwise in a better plan, in place."""
        chosen = climb.chosen
        others = np.setdiff1d(climb.free, chosen)
        if not len(chosen) or not len(others):
            return
        w, z = climb.worth[chosen].max(), climb.worth[others].min()
        if_open = climb.bound + climb.worth[others] - w
        if_closed = climb.bound - climb.worth[chosen] + z
        closed, opened = if_open >= self.enough, if_closed >= self.enough
        fixing[others[closed]] = -1
        fixing[chosen[opened]] = 1
        least = min(if_open[closed].min(initial=math.inf), if_closed[opened].min(initial=math.inf))
        self.record.fix(number, climb.u, others[closed].tolist(), chosen[opened].tolist(), float(least))
