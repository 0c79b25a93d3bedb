"""Raking, also called iterative proportional fitting: weights whose sums meet known margins (Deming & Stephan 1940).

Each step multiplies the weights of every group of one margin by wanted ÷ present, margin after margin, until all are met.
Weights are then capped and raked again, since one device that stands for a crowd makes every count it is in worthless
(Potter 1990 on trimming). Raking corrects margins and nothing else: it cannot know who carries no phone.

>>> import numpy as np
>>> sex = Margin("sex", np.array([0, 0, 0, 1]), np.array([30.0, 30.0]))
>>> raked = rake(4, [sex], cap=None)
>>> raked.weights.tolist(), round(raked.effective_sample_size, 1), raked.converged
([10.0, 10.0, 10.0, 30.0], 3.0, True)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError

type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Margin:
    """`group` (n,): the group of each device, −1 when unknown; `wanted` (g,): people in each group."""

    name: str
    group: NDArray[np.int64]
    wanted: Floats


@dataclass(frozen=True, eq=False)
class Raked:
    """`weights` (n,). `worst`: the largest relative miss of any group that has devices, by margin, after the last round.

    `unreached`: by margin the people of groups in which there is no device; no weight can stand for them.
    """

    weights: Floats = field(repr=False)
    converged: bool
    rounds: int
    worst: dict[str, float]
    capped: int
    cap: float | None
    unreached: dict[str, float]

    @property
    def effective_sample_size(self) -> float:
        """(Σw)² ÷ Σw² (Kish 1965): so many equally weighted devices would tell as much."""
        square = float((self.weights**2).sum())
        return float(self.weights.sum()) ** 2 / square if square else 0.0

    @property
    def statements(self) -> tuple[str, ...]:
        """What has to be said beside every number expanded with these weights."""
        said = [
            "Expansion makes devices add up to residents by the margins "
            f"{', '.join(self.worst)}; it cannot correct for who carries no phone, or why.",
            f"{len(self.weights):,} devices count as {self.effective_sample_size:,.0f} (effective sample size); the largest "
            f"weight is {self.weights.max(initial=0.0):,.1f}.",
        ]
        worst = max(self.worst, key=lambda name: self.worst[name], default="")
        if self.capped:
            said.append(
                f"{self.capped:,} weights are held at {self.cap:,.1f}, so groups fall short of the margins, "
                f"one of {worst} by {self.worst[worst]:.0%}."
            )
        elif not self.converged:
            said.append(
                f"The weights did not settle in {self.rounds:,} rounds: a group of {worst} is still "
                f"{self.worst[worst]:.1%} off. The margins contradict one another."
            )
        said += [
            f"{people:,.0f} people are in groups of {name} without a single device; nobody stands for them."
            for name, people in self.unreached.items()
            if people
        ]
        return tuple(said)


def rake(
    n: int,
    margins: Sequence[Margin],
    *,
    start: Floats | None = None,
    cap: float | None = 5.0,
    rounds: int = 200,
    tolerance: float = 1e-6,
) -> Raked:
    """Weights for `n` devices.

    `cap`: the most a weight may be, in multiples of people ÷ devices; None for none. Devices whose group in a margin is
    unknown (−1) are taken to be spread over its groups as the others are. Raises `MobilityError` on a negative or missing
    number of people, on groups that do not fit, or when margins differ in their totals by more than 1 %.
    """
    _check(n, margins)
    weights = np.ones(n) if start is None else np.asarray(start, dtype=np.float64).copy()
    people = float(np.mean([margin.wanted.sum() for margin in margins])) if margins else float(n)
    highest = cap * people / n if cap is not None and n else None
    known = [margin.group >= 0 for margin in margins]
    targets = [_reachable(margin) for margin in margins]
    worst: dict[str, float] = {}
    rounded = 0
    while rounded < rounds:
        rounded += 1
        for margin, here, wanted in zip(margins, known, targets, strict=True):
            present = np.bincount(margin.group[here], weights[here], minlength=len(wanted))
            aim = wanted * _share(here, weights)
            factor = np.divide(aim, present, out=np.ones_like(wanted), where=present > 0)
            weights[here] *= factor[margin.group[here]]
        if highest is not None:
            np.minimum(weights, highest, out=weights)
        before = worst
        worst = {m.name: _miss(m, h, want, weights) for m, h, want in zip(margins, known, targets, strict=True)}
        stuck = bool(before) and max(abs(before[name] - worst[name]) for name in worst) < tolerance / 100
        if stuck or max(worst.values(), default=0.0) < tolerance:
            break
    capped = int((weights >= highest * (1 - 1e-12)).sum()) if highest is not None else 0
    unreached = {m.name: float(m.wanted.sum() - want.sum()) for m, want in zip(margins, targets, strict=True)}
    return Raked(weights, max(worst.values(), default=0.0) < tolerance, rounded, worst, capped, highest, unreached)


def _reachable(margin: Margin) -> Floats:
    """What is wanted of groups that have devices; for the others nothing can be done."""
    there = np.bincount(margin.group[margin.group >= 0], minlength=len(margin.wanted)) > 0
    return np.where(there, margin.wanted, 0.0)


def _miss(margin: Margin, here: NDArray[np.bool_], wanted: Floats, weights: Floats) -> float:
    present = np.bincount(margin.group[here], weights[here], minlength=len(wanted))
    aim = wanted * _share(here, weights)
    there = aim > 0
    return float(np.max(np.abs(present[there] / aim[there] - 1), initial=0.0))


def _share(here: NDArray[np.bool_], weights: Floats) -> float:
    """Devices whose group is unknown stand for their share of every group."""
    return 1.0 if here.all() else float(weights[here].sum() / weights.sum())


def _check(n: int, margins: Sequence[Margin]) -> None:
    for margin in margins:
        if len(margin.group) != n:
            raise MobilityError(f"The margin {margin.name} has groups for {len(margin.group):,} of {n:,} devices.")
        if not (np.isfinite(margin.wanted).all() and (margin.wanted >= 0).all()):
            raise MobilityError(f"The margin {margin.name} has a group whose number of people is missing or negative.")
        if n and margin.group.max() >= len(margin.wanted):
            raise MobilityError(f"A device is in a group of {margin.name} for which no number of people is given.")
    sums = {margin.name: float(margin.wanted.sum()) for margin in margins}
    if sums and max(sums.values()) > 1.01 * min(sums.values()):
        told = ", ".join(f"{name} {people:,.0f}" for name, people in sums.items())
        raise MobilityError(f"The margins are of different populations ({told} people). Use one census for all.")
