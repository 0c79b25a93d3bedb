"""Root, fixing, and branch and bound, best bound first.

Fixing: at multipliers u with bound L, a site j outside the Lagrangian plan cannot be in a better plan if L + ρ_j − w is
enough, w the worst ρ inside; a site inside must be if L − ρ_j + z is, z the best ρ outside. Branching is on the site whose
averaged share is nearest ½, checked by a short climb on both sides for a few (strong branching, Applegate et al. 1995).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.median.dual import Climb, Lists, Pace, lists, restricted
from folkmoot.engines.siting.median.instance import Floats, Instance
from folkmoot.engines.siting.median.interchange import greedy, interchange, shake, value
from folkmoot.engines.siting.median.radius import Radii, levels_of
from folkmoot.engines.siting.median.record import Record

type Ints = NDArray[np.int64]
type Fixing = NDArray[np.int8]
type ShouldStop = Callable[[], bool]
type Tell = Callable[[str, float, float], None]

CHUNK = 150
ROOT = Pace(patience=30, decay=0.7, least=1e-6, hopeless=7.0)
CHUNKS = 40
NODE = Pace(patience=8, decay=0.6, least=2e-3, hopeless=60.0)
NODE_STEPS = 150
LOOK = Pace(patience=8, decay=0.6, least=2e-3, hopeless=60.0)
LOOK_STEPS = 30
LOOKS = 6
ROUNDS = 8
MORE_ROUNDS = 24
WIDE = 12


@dataclass(frozen=True, eq=False)
class _Open:
    number: int
    fixing: Fixing
    u: Floats
    bound: float


class Search:
    """The search over one instance; `chosen` and `value` are the best plan so far, `record` the proof so far."""

    def __init__(
        self,
        instance: Instance,
        rng: np.random.Generator,
        gap: float,
        should_stop: ShouldStop | None,
        tell: Tell | None,
    ) -> None:
        self.instance = instance
        self._rng, self._gap, self._tell = rng, gap, tell
        self._should_stop = should_stop
        self.stopped = False
        self.chosen: Ints = np.zeros(0, dtype=np.int64)
        self.value = math.inf
        self.record = Record()
        self.work = {"rounds": 0, "steps": 0, "nodes": 0, "candidates": instance.m}
        self._open: list[tuple[float, int, _Open]] = []
        self._radii: Radii | None = None
        self._measured = math.inf

    # — plans —

    def begin(self, chosen: Ints | None = None) -> None:
        """A first plan: greedy (or the one given), then interchange."""
        it = self.instance
        first = greedy(it.cost, it.forced, it.p, it.far) if chosen is None else chosen
        self._polish(first)

    def vary(self, rounds: int) -> None:
        """Shake the best plan and swap again until so many rounds in a row are in vain; each shakes one site more."""
        it = self.instance
        widest = max(2, min(it.p, WIDE))
        free = it.p - int(it.forced.sum())
        if not free > 0 or it.p >= it.m:
            return
        k, vain = 1, 0
        while vain < rounds:
            if self._stop():
                return
            vain += 1
            self.work["rounds"] += 1
            trial = self.chosen.copy()
            shake(trial, it.forced, self._rng.random((k, 2)))
            if self._polish(trial):
                k, vain = 1, 0
            else:
                k = k % widest + 1
            self._say("Swapping sites")

    def _polish(self, chosen: Ints) -> bool:
        it = self.instance
        interchange(it.cost, chosen, it.forced, it.far)
        return self._consider(chosen)

    def _consider(self, chosen: Ints) -> bool:
        worth = float(value(self.instance.cost, chosen, self.instance.far))
        if not worth < self.value:
            return False
        self.chosen, self.value = np.sort(chosen), worth
        return True

    # — bounds —

    @property
    def bound(self) -> float:
        """What no plan is below."""
        return min(self.record.least, self._open[0][0] if self._open else math.inf)

    @property
    def enough(self) -> float:
        return self.instance.enough(self.value, self._gap)

    def prove(self) -> None:
        """Bound, fix and branch until the bound suffices or the search is stopped."""
        it = self.instance
        fixing = it.forced.astype(np.int8)
        found = self._root(fixing)
        if found is None:
            return
        u, narrow = found
        self._base = _Open(0, fixing, u, self._at_root)
        self._push(replace(self._base, bound=0.0), self._at_root)
        self._branch(narrow)

    def _root(self, fixing: Fixing) -> tuple[Floats, Lists] | None:
        it = self.instance
        keep = np.ones(it.m, dtype=bool)
        at_open = np.sort(it.cost[self.chosen], axis=0)
        two = at_open[: min(2, it.p)]
        u = np.floor(two.mean(axis=0)) if np.isfinite(two).all() else two[0]
        u = np.where(two[-1] >= it.far, two[0], u)
        widest = np.floor(2.0**52 / max(1, it.n))
        cap = np.minimum(at_open[3] if it.p > 3 else np.full(it.n, it.far), widest)
        cap = np.maximum(cap, at_open[0] + 1.0)
        climb = Climb(it.cost, restricted(lists(it.cost, cap, keep), fixing), fixing, it.p, u, 1.5)
        seen: set[bytes] = set()
        for number in range(CHUNKS):
            more = climb.run(ROOT, aim=self.value, enough=self.enough, steps=CHUNK)
            self.work["steps"] += CHUNK
            self._at_root = climb.bound
            self._say("Climbing", climb.bound)
            plan = np.concatenate([np.flatnonzero(it.forced), climb.chosen])
            if number % 4 == 0 or not more:
                key = np.sort(plan).tobytes()
                if key not in seen:
                    seen.add(key)
                    self._polish(plan)
            if climb.bound >= self.enough:
                break
            if not more or self._stop():
                break
        self._at_root = climb.bound
        if climb.bound < self.enough and not self.stopped:
            self.vary(MORE_ROUNDS)
        if climb.bound >= self.enough or self.stopped:
            self.record.leaf(0, climb.u, climb.bound)
            return None
        self._fix(0, fixing, climb)
        keep = fixing >= 0
        self.work["candidates"] = int((fixing == 0).sum())
        ranked = np.sort(it.cost[keep], axis=0)
        cap = ranked[len(ranked) - it.p]
        cap = np.minimum(np.where(cap >= it.far, widest, cap), widest)
        return climb.u, lists(it.cost, cap, keep)

    def _branch(self, narrow: Lists) -> None:
        while self._open and not self._stop():
            if self._open[0][0] >= self.enough:
                break
            node = heapq.heappop(self._open)[2]
            self.work["nodes"] += 1
            self._expand(node, narrow)
            self._say("Branching", self.bound)
        for bound, _, node in self._open:
            self.record.leaf(node.number, node.u, bound)
        self._open = []

    def _measure(self, narrow: Lists) -> None:
        """Set up the relaxation by radii where what is left is small enough."""
        it = self.instance
        self._measured = self.value
        root = self._base
        here = restricted(narrow, root.fixing)
        levels = levels_of(here, np.clip(root.u, here.low, here.cap), self.value - root.bound)
        if levels is not None:
            self._radii = Radii(levels, it.p, root.fixing, it.step, self._stop)

    def _expand(self, node: _Open, narrow: Lists) -> None:
        it = self.instance
        fixing = node.fixing
        if self._settled(node.number, fixing):
            return
        share, climb = self._relaxed(fixing, node.u, narrow)
        bound = max(climb.bound, node.bound)
        best = climb.u if climb.bound >= node.bound else node.u
        order = climb.free[np.argsort(-share, kind="stable")][: climb.places] if self._radii else climb.chosen
        plan = np.concatenate([np.flatnonzero(fixing == 1), order])
        if bound < self.enough and (self._radii or float(value(it.cost, plan, it.far)) < self.value):
            self._polish(plan)
        if bound >= self.enough:
            self.record.leaf(node.number, best, bound)
            return
        self._fix(node.number, fixing, climb)
        if node.number == 0:
            self._base = _Open(0, fixing.copy(), best, bound)
        if self._settled(node.number, fixing):
            return
        left = fixing[climb.free] == 0
        undecided = climb.free[left][np.argsort(np.abs(share[left] - 0.5), kind="stable")]
        if self._radii:
            site, sides = int(undecided[0]), [(best, bound), (best, bound)]
        else:
            site, sides = self._choose(undecided, fixing, best, narrow, bound)
        numbers = self.record.split(node.number, site)
        for number, side, (u, at) in zip(numbers, (1, -1), sides):
            child = fixing.copy()
            child[site] = side
            self._push(_Open(number, child, u, at), at)

    def _relaxed(self, fixing: Fixing, u: Floats, narrow: Lists) -> tuple[Floats, Climb]:
        """The share of each free site in the relaxation, and the climb to its bound."""
        climb: Climb | None = None
        if self._radii is None:
            climb = self._climb(fixing, u, narrow, NODE_STEPS, 0.3, NODE)
        if self.value < self._measured and (climb is None or climb.bound < self.enough):
            self._measure(narrow)
        solved = self._radii.solve(fixing) if self._radii and (climb is None or climb.bound < self.enough) else None
        if solved is not None:
            climb = self._climb(fixing, solved[1], narrow, 1, 0.0, NODE)
            return solved[0][climb.free], climb
        if climb is None:
            climb = self._climb(fixing, u, narrow, NODE_STEPS, 0.3, NODE)
        return climb.share[climb.free], climb

    def _choose(
        self, ranked: Ints, fixing: Fixing, u: Floats, narrow: Lists, bound: float
    ) -> tuple[int, list[tuple[Floats, float]]]:
        best, best_sides, score = int(ranked[0]), [(u, bound), (u, bound)], -1.0
        for j in ranked[:LOOKS].tolist():
            sides = []
            for side in (1, -1):
                child = fixing.copy()
                child[j] = side
                climb = self._climb(child, u, narrow, LOOK_STEPS, 0.3, LOOK)
                sides.append((climb.u, climb.bound) if climb.bound > bound else (u, bound))
            gains = [min(at, self.enough) - bound for _, at in sides]
            worth = max(gains[0], 1e-3) * max(gains[1], 1e-3)
            if worth > score:
                best, best_sides, score = j, sides, worth
        return best, best_sides

    def _climb(self, fixing: Fixing, u: Floats, narrow: Lists, steps: int, theta: float, how: Pace) -> Climb:
        it = self.instance
        climb = Climb(it.cost, restricted(narrow, fixing), fixing, it.p, u, theta)
        climb.run(how, aim=self.value, enough=self.enough, steps=steps)
        self.work["steps"] += steps
        return climb

    def _settled(self, number: int, fixing: Fixing) -> bool:
        """Whether only one plan is left (or none); if so it is weighed and the node is done with."""
        it = self.instance
        opened, free = int((fixing == 1).sum()), int((fixing == 0).sum())
        if opened < it.p < opened + free:
            return False
        plan = np.flatnonzero(fixing == 1 if opened >= it.p else fixing >= 0)
        self._consider(plan)
        near = it.cost[plan].min(axis=0)
        u = np.minimum(near, np.floor(2.0**52 / max(1, it.n)))
        self.record.leaf(number, u, float(u.sum()))
        return True

    def _fix(self, number: int, fixing: Fixing, climb: Climb) -> None:
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

    def _push(self, node: _Open, bound: float) -> None:
        heapq.heappush(self._open, (bound, node.number, node))

    def _stop(self) -> bool:
        if not self.stopped and self._should_stop is not None and self._should_stop():
            self.stopped = True
        return self.stopped

    def _say(self, what: str, bound: float = -math.inf) -> None:
        if self._tell is not None:
            self._tell(what, self.value, bound)
