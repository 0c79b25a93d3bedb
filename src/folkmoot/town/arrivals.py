"""When patients come: a unit Poisson process run through a changing clock.

The n-th arrival of a Poisson process with rate λ(t) is Λ⁻¹ of the n-th arrival of a unit process, Λ = ∫λ (Çinlar 1975,
§4.7). The unit process depends on the seed alone, so two hospitals that differ in load or hours see the same luck.
Slow surges multiply the rate by exp(x − sd²/2), x an Ornstein–Uhlenbeck process sampled by the day.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.town.randomness import generator

type Floats = NDArray[np.float64]

ORIGIN = datetime(2026, 1, 5, tzinfo=UTC)
ZONE = "Europe/London"


def unit_process(seed: int, n: int) -> Floats:
    """The first n arrival times of a Poisson process of rate one."""
    return np.cumsum(generator(seed, "arrivals").standard_exponential(n))


def steady(seed: int, n: int, per_hour: float) -> Floats:
    """The first n arrivals, in hours, at a constant rate."""
    return unit_process(seed, n) / per_hour


def surging(
    seed: int, n: int, per_hour: float, *, sd: float, memory_days: float = 10.0, most: float = np.inf
) -> Floats:
    """The first n arrivals, in hours, under slow surges of log standard deviation `sd`, at most `most` × the rate."""
    unit = unit_process(seed, n)
    days = int(unit[-1] / per_hour / 24.0) + 60 if n else 1
    while True:
        rate = per_hour * np.minimum(surge_factors(seed, days, sd=sd, memory_days=memory_days), most)
        clock = np.concatenate([[0.0], np.cumsum(rate * 24.0)])
        if n == 0 or clock[-1] > unit[-1]:
            return np.asarray(np.interp(unit, clock, 24.0 * np.arange(days + 1)), dtype=np.float64)
        days *= 2


def surge_factors(seed: int, days: int, *, sd: float, memory_days: float = 10.0) -> Floats:
    """Multipliers of the arrival rate by the day, with mean one; the first days do not change when `days` grows."""
    noise = generator(seed, "surges").standard_normal(days)
    keep = float(np.exp(-1.0 / memory_days))
    fresh = float(np.sqrt(1.0 - keep * keep))
    level = np.empty(days)
    x = noise[0] if days else 0.0
    for day in range(days):
        x = noise[day] if day == 0 else keep * x + fresh * noise[day]
        level[day] = x
    return np.exp(sd * level - sd * sd / 2)


def profiled(
    seed: int,
    purpose: str,
    *,
    days: int,
    per_day: float,
    by_hour: Floats,
    by_weekday: Floats,
    daily: Floats | None = None,
) -> Floats:
    """Arrivals, in hours from `ORIGIN`, with a profile by local hour of day and weekday (Monday 0)."""
    zone = ZoneInfo(ZONE)
    local = [(ORIGIN + timedelta(hours=h)).astimezone(zone) for h in range(24 * days)]
    shape = by_hour / by_hour.sum()
    week = by_weekday / by_weekday.mean()
    rate = per_day * np.array([shape[m.hour] * week[m.weekday()] for m in local])
    if daily is not None:
        rate = rate * np.repeat(daily[:days], 24)
    clock = np.concatenate([[0.0], np.cumsum(rate)])
    enough = int(clock[-1] + 8 * np.sqrt(clock[-1]) + 10)
    unit = np.cumsum(generator(seed, "arrivals", purpose).standard_exponential(enough))
    unit = unit[unit < clock[-1]]
    return np.asarray(np.interp(unit, clock, np.arange(24 * days + 1, dtype=np.float64)), dtype=np.float64)


def timestamps(hours: Floats) -> pa.Array:
    """Hours since `ORIGIN` as UTC timestamps on whole seconds; NaN becomes null."""
    missing = np.isnan(hours)
    seconds = np.rint(np.where(missing, 0.0, hours) * 3600.0).astype(np.int64)
    micro = (seconds + int(ORIGIN.timestamp())) * 1_000_000
    return pa.array(micro, pa.int64(), mask=missing).cast(pa.timestamp("us", "UTC"))
