"""A lognormal to each duration, and how well it fits: Kolmogorov's distance and its p-value.

The p-value is for fitted parameters (Lilliefors' situation), so it is too kind; it is there to rank fits, and a
distance above 0.1 is said in words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST = 20


@dataclass(frozen=True, slots=True)
class Fit:
    """Hours. `mu`, `sigma` of the logarithm; `zeros` the share of durations of no length, left out of the fit."""

    name: str
    count: int
    mean_hours: float
    median_hours: float
    mu: float
    sigma: float
    zeros: float
    distance: float
    p_value: float

    @property
    def good(self) -> bool:
        """Close enough to use the curve in place of the data."""
        return self.distance <= 0.1


def fit(name: str, hours: NDArray[np.float64]) -> Fit:
    """The lognormal with the moments of the logarithms; NaN where there are fewer than 20 positive durations."""
    from scipy.stats import kstest, norm

    positive = hours[hours > 0]
    zeros = 1.0 - len(positive) / max(len(hours), 1)
    mean, median = (float(hours.mean()), float(np.median(hours))) if len(hours) else (0.0, 0.0)
    nothing = float("nan")
    if len(positive) < FEWEST or np.ptp(positive) == 0:
        return Fit(name, len(hours), mean, median, nothing, nothing, zeros, nothing, nothing)
    logs = np.log(positive)
    mu, sigma = float(logs.mean()), float(logs.std(ddof=1))
    distance, p_value = kstest(logs, norm(mu, sigma).cdf)
    return Fit(name, len(hours), mean, median, mu, sigma, zeros, float(distance), float(p_value))
