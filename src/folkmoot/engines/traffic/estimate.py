"""A matrix that fits counts without leaving its prior far behind: the gradient method of Spiess (1990).

Half the squared misfit of counted links has, for trips g of a pair, the gradient Σₐ pₐ(vₐ − v̂ₐ), with pₐ the share of the
pair that uses link a. Trips change in proportion to themselves, g·(1 − λ·gradient), with the λ that is best along the way
(Spiess 1990, A gradient approach for the O–D matrix adjustment problem, eqs 8–13). Shares are those of the assignment's own
paths. Three guards hold the prior: a factor on each cell, on the total, and on the mean trip's length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from folkmoot.engines.traffic.assign import equilibrium
from folkmoot.engines.traffic.counts import Count
from folkmoot.engines.traffic.demand import Demand
from folkmoot.engines.traffic.mixture import along_paths, load_trips
from folkmoot.engines.traffic.network import Floats, RoadNetwork, TrafficError
from folkmoot.engines.traffic.result import Assignment
from folkmoot.engines.traffic.validation import Fit, validate


@dataclass(frozen=True, slots=True)
class Guards:
    """How far the matrix may go from its prior: each cell by this factor, total and mean length by these shares."""

    cell_factor: float = 3.0
    total_share: float = 0.10
    length_share: float = 0.05

    def __post_init__(self) -> None:
        if not (self.cell_factor >= 1 and self.total_share >= 0 and self.length_share >= 0):
            raise TrafficError("Guards need a cell factor of 1 or more, and shares of 0 or more.")


@dataclass(frozen=True, eq=False)
class MatrixChange:
    """What estimation did to the matrix, in the terms of TAG M3-1: cells' r², slope and intercept; total; lengths in km."""

    r2: float
    slope: float
    intercept: float
    total_before: float
    total_after: float
    mean_km_before: float
    mean_km_after: float
    sd_km_before: float
    sd_km_after: float
    largest_factor: float
    smallest_factor: float
    at_bounds: int


@dataclass(frozen=True, eq=False)
class Estimate:
    """The demand found, fit before and after, what changed, the misfit at each iteration, and why it ended."""

    demand: Demand
    assignment: Assignment
    before: Fit
    after: Fit
    change: MatrixChange
    misfit: tuple[float, ...]
    ended: str

    def statements(self) -> tuple[str, ...]:
        """What was done, in sentences."""
        c = self.change
        return (
            f"Counts before: {self.before.statements()[0]}",
            f"Counts after {len(self.misfit) - 1} iterations: {self.after.statements()[0]}",
            f"Trips went from {c.total_before:,.0f} to {c.total_after:,.0f}, their mean length from {c.mean_km_before:.2f} "
            f"to {c.mean_km_after:.2f} km; cells against the prior: r² {c.r2:.3f}, slope {c.slope:.3f}, factors "
            f"{c.smallest_factor:.2f} to {c.largest_factor:.2f}, {c.at_bounds:,} at their bounds.",
            f"It ended because {self.ended}.",
        )


def spiess(
    network: RoadNetwork,
    prior: Demand,
    counts: Sequence[Count],
    *,
    guards: Guards | None = None,
    iterations: int = 10,
    gap: float = 1e-4,
    vehicle: int = 0,
    threads: int | None = None,
    progress: Callable[[int, float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Estimate:
    """Adjust one class of `prior` until counts fit, guards forbid more, or `iterations` are over.

    Counts are vehicles of that class an hour. `progress(iteration, misfit)` is told half the squared misfit.
    """
    guards = guards or Guards()
    at = np.array([network.index(count.link_id) for count in counts])
    counted = np.array([count.vehicles for count in counts])
    if not len(at):
        raise TrafficError("There is no count to fit. Give counts on some links.")

    def assigned(asked: Demand) -> Assignment:
        return equilibrium(network, asked, gap=gap, keep_paths=True, threads=threads)

    demand, found = prior, assigned(prior)
    length = along_paths(found, network.length_m / 1000, vehicle)
    before, g0 = validate(found, counts, vehicle), prior.trips[vehicle]
    misfit, ended = [], f"its {iterations} iterations were over"
    for number in range(iterations + 1):
        wrong = found.flows[vehicle, at] - counted
        misfit.append(float(0.5 * (wrong @ wrong)))
        if progress is not None:
            progress(number, misfit[-1])
        if number == iterations:
            break
        if should_stop is not None and should_stop():
            ended = "it was stopped"
            break
        if misfit[-1] <= 1e-12 * max(1.0, float(counted @ counted)):
            ended = "the counts are met"
            break
        new = _stepped(found, demand.trips[vehicle], g0, wrong, at, length, guards, vehicle)
        if new is None:
            ended = "nothing more is possible within the guards"
            break
        trips = demand.trips.copy()
        trips[vehicle] = new
        tried = replace(demand, trips=trips)
        result = assigned(tried)
        wrong = result.flows[vehicle, at] - counted
        if 0.5 * (wrong @ wrong) >= misfit[-1]:
            ended = "a further step no longer improves the counts"
            break
        demand, found = tried, result
    change = _change(g0, demand.trips[vehicle], length, guards)
    return Estimate(demand, found, before, validate(found, counts, vehicle), change, tuple(misfit), ended)


def _stepped(
    found: Assignment,
    g: Floats,
    prior: Floats,
    wrong: Floats,
    at: np.ndarray,
    length: Floats,
    guards: Guards,
    vehicle: int,
) -> Floats | None:
    """The next matrix, or None where guards leave nothing."""
    values = np.zeros(found.network.m)
    np.add.at(values, at, wrong)
    slope = np.where(g > 0, np.nan_to_num(along_paths(found, values, vehicle)), 0.0)
    np.fill_diagonal(slope, 0.0)
    way = load_trips(found, -g * slope, vehicle)[at]
    below = float(way @ way)
    if below <= 0:
        return None
    best = -float(way @ wrong) / below
    steepest = float(slope.max(initial=0.0))
    step = min(best, 0.95 / steepest) if steepest > 0 else best
    while step > 1e-4 * best:
        new = np.clip(g * (1 - step * slope), prior / guards.cell_factor, prior * guards.cell_factor)
        if _allowed(new, prior, length, guards):
            return None if np.allclose(new, g, rtol=1e-6, atol=0) else new
        step /= 2
    return None


def _allowed(new: Floats, prior: Floats, length: Floats, guards: Guards) -> bool:
    total = abs(new.sum() / prior.sum() - 1) <= guards.total_share
    return bool(total and abs(_mean(new, length)[0] / _mean(prior, length)[0] - 1) <= guards.length_share)


def _mean(trips: Floats, length: Floats) -> tuple[float, float]:
    """Mean and standard deviation of the length of trips between zones that a road joins."""
    between = np.isfinite(length) & (trips > 0) & ~np.eye(len(trips), dtype=bool)
    weights, km = trips[between], length[between]
    if weights.sum() <= 0:
        return 1.0, 0.0
    mean = float(weights @ km / weights.sum())
    return mean, float(np.sqrt(weights @ (km - mean) ** 2 / weights.sum()))


def _change(prior: Floats, new: Floats, length: Floats, guards: Guards) -> MatrixChange:
    some = prior > 0
    factor = new[some] / prior[some]
    fitted = prior[some].std() > 0
    slope, intercept = np.polyfit(prior[some], new[some], 1) if fitted else (1.0, 0.0)
    r2 = float(np.corrcoef(prior[some], new[some])[0, 1] ** 2) if fitted and new[some].std() > 0 else float("nan")
    (mean0, sd0), (mean1, sd1) = _mean(prior, length), _mean(new, length)
    bounds = (factor >= guards.cell_factor * (1 - 1e-9)) | (factor <= (1 + 1e-9) / guards.cell_factor)
    return MatrixChange(
        r2, float(slope), float(intercept), float(prior.sum()), float(new.sum()), mean0, mean1, sd0, sd1,
        float(factor.max()), float(factor.min()), int(bounds.sum()) if guards.cell_factor > 1 else 0,
    )  # fmt: skip
