"""Where Frank–Wolfe methods aim: at the least paths alone, or at a mixture that is conjugate to where they aimed before.

Each aim and the flows themselves are mixtures of loadings of least paths, one an iteration; `weights` says how much of
each, so that what those paths are can be asked afterwards (`mixture`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from folkmoot.engines.traffic.network import Floats

ALGORITHMS = ("bfw", "cfw", "fw", "msa")
NEAR_ONE = 0.99
"""After so long a step the earlier aims tell nothing, and directions begin anew."""


@dataclass(frozen=True, eq=False)
class Aim:
    """Flows (classes × m) aimed at, and how much of each loading they are made of."""

    flows: Floats
    weights: Floats


@dataclass(eq=False)
class Directions:
    """The aims of the last iterations and the step that was taken."""

    algorithm: str
    aims: list[Aim] = field(default_factory=list)
    last_step: float = 1.0
    steps: int = 0

    def aim(self, x: Floats, y: Floats, slope: Floats, loadings: int) -> Aim:
        """Where to go from x (classes × m), the latest of `loadings` being y; `slope` (m,) is the Hessian's diagonal."""
        fresh = Aim(y, np.eye(1, loadings, loadings - 1)[0])
        made = fresh
        if self.last_step > NEAR_ONE:
            self.aims.clear()
        if self.algorithm == "bfw" and len(self.aims) >= 2:
            made = self._biconjugate(x, fresh, slope)
        elif self.algorithm in ("bfw", "cfw") and self.aims:
            made = self._conjugate(x, fresh, slope)
        self.aims = [made, *self.aims[:1]]
        return made

    def step(self, exact: float) -> float:
        """How far to go: exactly to the least, or the share of successive averages; 0 begins anew."""
        self.steps += 1
        self.last_step = 1 / (self.steps + 1) if self.algorithm == "msa" else exact
        if self.last_step <= 0.0:  # no descent: the mixture is worn out
            self.aims.clear()
        return self.last_step

    def _conjugate(self, x: Floats, fresh: Aim, slope: Floats) -> Aim:
        last = self.aims[0]
        back = (last.flows - x).sum(axis=0)
        ahead = (fresh.flows - x).sum(axis=0)
        across = float((back * slope) @ ahead)
        own = float((back * slope) @ back)
        if across >= 0.0 or own <= 0.0:
            return fresh
        share = min(-across / (own - across), NEAR_ONE)
        return _mixed((fresh, last), (1 - share, share))

    def _biconjugate(self, x: Floats, fresh: Aim, slope: Floats) -> Aim:
        last, older = self.aims
        lam = self.last_step
        total, first, second = x.sum(axis=0), last.flows.sum(axis=0), older.flows.sum(axis=0)
        ahead = fresh.flows.sum(axis=0) - total
        d1 = first - total
        d2 = lam * first + (1 - lam) * second - total
        below2 = float((d2 * slope) @ (second - first))
        below1 = float((d1 * slope) @ d1)
        if below1 <= 0.0 or below2 == 0.0:
            return fresh
        mu = max(0.0, -float((d2 * slope) @ ahead) / below2)
        nu = max(0.0, -float((d1 * slope) @ ahead) / below1 + mu * lam / (1 - lam))
        weight = 1 / (1 + mu + nu)
        return _mixed((fresh, last, older), (weight, nu * weight, mu * weight))


def moved(weights: Floats, aim: Aim, step: float) -> Floats:
    """What the flows are made of after a step towards an aim."""
    after = step * aim.weights
    after[: len(weights)] += (1 - step) * weights
    return after


def _mixed(aims: tuple[Aim, ...], shares: tuple[float, ...]) -> Aim:
    flows = np.asarray(sum(share * aim.flows for aim, share in zip(aims, shares)))
    weights = np.zeros_like(aims[0].weights)
    for aim, share in zip(aims, shares):
        weights[: len(aim.weights)] += share * aim.weights
    return Aim(flows, weights)
