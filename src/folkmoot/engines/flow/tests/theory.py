"""What queueing theory says of waits, and intervals for what a simulation says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and half the width of its confidence interval."""

    mean: float
    half: float

    def holds(self, value: float) -> bool:
        return abs(self.mean - value) <= self.half

    def overlaps(self, other: Interval) -> bool:
        return abs(self.mean - other.mean) <= self.half + other.half

    def is_sharp(self, share: float) -> bool:
        """Narrow enough for a wrong answer to fall outside."""
        return self.half <= share * abs(self.mean)


def batch_means(values: np.ndarray, *, batches: int = 30, skip: float = 0.1, level: float = 0.999) -> Interval:
    """The mean of a correlated series after its first part, by the means of long batches (Law 2015, §9.5.3)."""
    kept = values[int(len(values) * skip) :]
    size = len(kept) // batches
    means = kept[: size * batches].reshape(batches, size).mean(axis=1)
    half = stats.t.ppf(0.5 + level / 2, batches - 1) * means.std(ddof=1) / np.sqrt(batches)
    return Interval(float(means.mean()), float(half))


def chance_of_waiting(servers: int, utilisation: float) -> float:
    """Erlang's C formula (1917), by the recursion of Erlang's B."""
    load = servers * utilisation
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked / (1.0 - utilisation * (1.0 - blocked))


def wait_in_mmc(servers: int, utilisation: float, service: float) -> float:
    """Mean wait in M/M/c; `service` is the mean service time."""
    return chance_of_waiting(servers, utilisation) * service / servers / (1.0 - utilisation)


def wait_in_mg1(utilisation: float, service: float, cv: float) -> float:
    """Mean wait in M/G/1 (Pollaczek 1930; Khinchine 1932)."""
    return utilisation * service * (1.0 + cv * cv) / 2.0 / (1.0 - utilisation)


def waits_by_class(first: float, utilisations: Sequence[float]) -> list[float]:
    """Mean waits by class, most urgent first, without preemption (Cobham 1954); for equal classes on c exponential
    servers Kella & Yechiali 1985. `first` is the mean wait until the next server is free."""
    before = np.concatenate([[0.0], np.cumsum(utilisations)])
    return [first / ((1.0 - before[k]) * (1.0 - before[k + 1])) for k in range(len(utilisations))]
