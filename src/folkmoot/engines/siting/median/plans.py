"""The best plan so far, and the ways in which better ones are looked for.

Once fixing has shown that no better plan uses some sites, plans are looked for among the others alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.median.instance import Instance
from folkmoot.engines.siting.median.interchange import greedy, interchange, shake, value
from folkmoot.engines.siting.median.ordered import Lists

type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]

WIDE = 12
"""Sites shaken at most."""


class Plans:
    """`chosen` (numbers of the whole instance) and `value`; all else is in the numbers of the sites that are left."""

    def __init__(self, instance: Instance, lists: Lists, rng: np.random.Generator) -> None:
        self.instance, self._lists, self._rng = instance, lists, rng
        self._away = min(instance.far, float(math.floor(2.0**52 / (instance.n + 1))))
        self._sites: Ints = np.arange(instance.m)
        self.chosen: Ints = np.zeros(0, dtype=np.int64)
        self.value = math.inf

    def begin(self, chosen: Ints | None = None) -> None:
        """A first plan: greedy (or the one given), then interchange."""
        it = self.instance
        first = greedy(it.cost, it.forced, it.p, it.far) if chosen is None else chosen
        self.consider(first.copy())
        self.polish(first)

    def narrow(self, keep: Bools, lists: Lists) -> None:
        """Look among the sites kept only, `lists` theirs: what is considered from here on has their numbers."""
        it = self.instance
        self.instance = replace(it, cost=it.cost[keep], columns=it.columns[keep], forced=it.forced[keep])
        self._lists, self._sites = lists, self._sites[keep]

    def vary(self, rounds: int, shaken: Callable[[], bool]) -> None:
        """Shake the best plan and swap again until so many rounds in a row are in vain; each shakes one site more.

        `shaken` is called before each; it may call a halt. Not for when the search has narrowed.
        """
        it = self.instance
        if it.forced.sum() >= it.p or it.p >= it.m:
            return
        k, vain = 1, 0
        while vain < rounds:
            if shaken():
                return
            trial = self.chosen.copy()
            shake(trial, it.forced, self._rng.random((k, 2)))
            vain += 1
            if self.polish(trial):
                k, vain = 1, 0
            else:
                k = k % max(2, min(it.p, WIDE)) + 1

    def polish(self, chosen: Ints) -> bool:
        """Swap sites of a plan, in place, while that helps; whether it became the best."""
        it, by = self.instance, self._lists
        interchange(by.start, by.site, by.price, it.cost, chosen, it.forced, self._away)
        return self.consider(chosen)

    def worth(self, chosen: Ints) -> float:
        """What a plan costs."""
        return float(value(self.instance.cost, chosen, self.instance.far))

    def consider(self, chosen: Ints) -> bool:
        """Keep a plan if it is the best so far."""
        worth = self.worth(chosen)
        if not worth < self.value:
            return False
        self.chosen, self.value = self._sites[np.sort(chosen)], worth
        return True
