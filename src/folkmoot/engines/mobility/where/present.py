"""Where devices are, from coverage, a prior, and how many devices each cell holds.

P(tile | cell) ∝ prior(tile) · P(cell | tile) (Bayes). `present` improves the prior with the devices themselves: each step
spreads every cell's devices by the prior, and what each tile got is the next prior; that is the EM algorithm of Shepp and
Vardi (1982) for Poisson counts, as Ricciato et al. (2020) use it, and no step lowers the likelihood. Twenty steps at most,
as multimno: more would fit noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.where.grid import shares
from folkmoot.engines.mobility.where.prior import zone_density
from folkmoot.engines.mobility.where.result import Footprint
from folkmoot.engines.mobility.where.signal import Coverage
from folkmoot.engines.mobility.where.zones import Zones

type Floats = NDArray[np.float64]

MOST_STEPS = 20
ENOUGH = 1e-4
"""Stop when a step moves less than this part of all devices."""


@dataclass(frozen=True, eq=False)
class Present:
    """Devices in each zone and outside all, after `steps`; `moved`: part of all devices the last step moved."""

    zone_id: tuple[str, ...]
    devices: Floats
    outside: float
    unplaced: float
    """Devices on cells that cover no tile."""
    steps: int
    moved: float
    tile_prior: Floats


def tile_prior(zones: Zones, in_zone: Any, prior: Any = None) -> Floats:
    """Prior of each tile: by zone (a mapping), by tile (an array), or even."""
    if isinstance(prior, np.ndarray):
        if prior.shape != (in_zone.shape[0],) or not np.isfinite(prior).all() or (prior < 0).any():
            raise MobilityError(f"A prior by tile needs {in_zone.shape[0]:,} finite numbers that are not negative.")
        return prior.astype(float)
    density, around = zone_density(zones, prior)
    inside = np.asarray(in_zone.sum(axis=1)).ravel()
    held: Floats = in_zone @ density + np.maximum(1.0 - inside, 0.0) * around
    return held


def posterior(
    coverage: Coverage, zones: Zones, *, prior: Any = None, keys: tuple[str, ...], in_zone: Any = None
) -> Footprint:
    """P(zone | cell) from coverage and a prior; cells that cover no tile of positive prior are outside."""
    from scipy.sparse import diags_array

    in_zone = shares(coverage.grid, zones) if in_zone is None else in_zone
    people = tile_prior(zones, in_zone, prior)
    joint = (coverage.likelihood @ diags_array(people)).tocsr()
    total = np.asarray(joint.sum(axis=1)).ravel()
    probability = (diags_array(1.0 / np.where(total > 0, total, 1.0)) @ (joint @ in_zone)).tocsr()
    outside = np.maximum(1.0 - np.asarray(probability.sum(axis=1)).ravel(), 0.0)
    outside[outside < 1e-12] = 0.0
    probability = (diags_array((1.0 - outside) / _sums(probability)) @ probability).tocsr()
    weight = total / total.sum() if total.sum() > 0 else np.full(len(keys), 1.0 / len(keys))
    unheard = int((total <= 0).sum())
    said = (f"{unheard:,} cells cover no tile near the zones; their devices are outside.",) if unheard else ()
    return Footprint(keys, zones.zone_id, probability, outside, weight, "signal", (*coverage.statements, *said))


def _sums(matrix: Any) -> Floats:
    total = np.asarray(matrix.sum(axis=1)).ravel()
    return np.where(total > 0, total, 1.0)


def by_cell(devices: Mapping[str, float], keys: tuple[str, ...]) -> Floats:
    """{cell key: number} in the order of `keys`; refuses a cell that is not there, and what is no number of devices."""
    at = {key: row for row, key in enumerate(keys)}
    unknown = [cell for cell in devices if cell not in at]
    if unknown:
        raise MobilityError(
            f"{len(unknown):,} cells with devices are not in the coverage, “{unknown[0]}” among them. Check the cells' table."
        )
    count = np.zeros(len(keys))
    for cell, number in devices.items():
        count[at[cell]] = number
    if not np.isfinite(count).all() or (count < 0).any():
        raise MobilityError("The devices of a cell must be a finite number that is not negative.")
    return count


def present(
    coverage: Coverage,
    zones: Zones,
    devices: Mapping[str, float],
    *,
    keys: tuple[str, ...],
    prior: Any = None,
    steps: int = MOST_STEPS,
) -> Present:
    """Devices by zone from devices by cell. `devices`: {cell key: number}; a cell that is not there is refused."""
    count = by_cell(devices, keys)
    in_zone = shares(coverage.grid, zones)
    likelihood = coverage.likelihood.tocsr()
    heard = np.asarray(likelihood.sum(axis=0)).ravel() > 0
    prior_now = np.where(heard, tile_prior(zones, in_zone, prior), 0.0)
    placed = np.asarray(likelihood @ prior_now).ravel() > 0
    total = count[placed].sum()
    prior_now *= total / max(prior_now.sum(), 1e-300)
    done, moved = 0, 0.0
    while done < steps and total > 0:
        expected = likelihood @ prior_now
        ratio = np.where(placed, count, 0.0) / np.where(expected > 0, expected, 1.0)
        after = prior_now * (likelihood.T @ ratio)
        moved = float(np.abs(after - prior_now).sum() / (2 * total))
        prior_now, done = after, done + 1
        if moved < ENOUGH:
            break
    by_zone = np.asarray(in_zone.T @ prior_now).ravel()
    outside = max(float(prior_now.sum() - by_zone.sum()), 0.0)
    return Present(zones.zone_id, by_zone, outside, float(count[~placed].sum()), done, moved, prior_now)
