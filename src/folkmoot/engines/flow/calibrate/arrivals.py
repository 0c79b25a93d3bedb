"""When patients come: a rate for each hour of the week, how Poisson-like it is, and whether it grows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.flow.evidence.clock import HOUR, HOURS_IN_A_WEEK, hour_of_week, local


@dataclass(frozen=True, eq=False, slots=True)
class Arrivals:
    """`rate[h]`: patients an hour in hour h of the local week (Monday 00:00 is 0).

    `dispersion` is variance ÷ mean of the daily numbers after the weekday's own mean is allowed for: about 1 for a
    Poisson process; `p_poisson` the two-sided p-value of the chi-square dispersion test. `trend` is the change a year
    of the daily number, in per cent.
    """

    rate: NDArray[np.float64]
    per_day: float
    dispersion: float
    p_poisson: float
    trend: float
    days: int


def arrivals(micros: NDArray[np.int64], zone: str) -> Arrivals:
    """From times of admission (microseconds since 1970, UTC). Fewer than two days give a flat rate."""
    from scipy.stats import chi2

    here = local(micros, zone)
    day = here // (24 * HOUR)
    first, last = int(day.min()), int(day.max())
    days = last - first + 1
    weeks = max(days / 7.0, 1.0)
    rate = np.bincount(hour_of_week(here), minlength=HOURS_IN_A_WEEK) / weeks
    daily = np.bincount(day - first, minlength=days).astype(np.float64)
    weekday = (np.arange(days) + first + 3) % 7
    expected = np.array([daily[weekday == w].mean() if (weekday == w).any() else 0.0 for w in range(7)])[weekday]
    free = days - len(set(weekday.tolist()))
    if free < 1 or not expected.min() > 0:
        return Arrivals(rate, float(daily.mean()), float("nan"), float("nan"), float("nan"), days)
    statistic = float(np.sum((daily - expected) ** 2 / expected))
    tail = float(chi2.sf(statistic, free))
    slope = float(np.polyfit(np.arange(days), daily, 1)[0]) if days > 13 else float("nan")
    return Arrivals(
        rate=rate,
        per_day=float(daily.mean()),
        dispersion=statistic / free,
        p_poisson=2.0 * min(tail, 1.0 - tail),
        trend=100.0 * slope * 365.25 / float(daily.mean()),
        days=days,
    )
