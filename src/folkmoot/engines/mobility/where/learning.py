"""The same cells under another prior: one that is known for zones, or one that the devices themselves tell.

Where people sleep says little of where they work and shop: with residents as the prior, a town centre in which few live gets
next to nobody, for its cells reach into the streets around. So the prior of everything but homes is learned: each step
spreads every cell's devices by the prior, and what each zone got is the next prior (EM for Poisson counts, Shepp & Vardi
1982; for mobile networks Ricciato et al. 2020, van der Laan & de Jonge 2019). Ten steps: each sharpens the picture, and later
ones sharpen noise.

Around the zones, too, nothing may be assumed: where zones' numbers are known, how many devices are outside is learned alone.

>>> from scipy.sparse import csr_array
>>> even = Footprint(("A", "B"), ("W", "E"), csr_array([[0.5, 0.5], [0.1, 0.9]]), np.zeros(2), np.array([0.5, 0.5]), "signal")
>>> learned(even, {"A": 90, "B": 10}).probability.toarray().round(2).tolist()[0]
[0.99, 0.01]
>>> learned(even, {"A": 90, "B": 10}, density=np.array([3.0, 1.0])).probability.toarray().round(2).tolist()
[[0.75, 0.25], [0.25, 0.75]]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.where.present import by_cell
from folkmoot.engines.mobility.where.result import Footprint

type Floats = NDArray[np.float64]

STEPS, STEPS_AROUND = 10, 100
"""One number, that of devices outside, can be learned to the end."""


def learned(footprint: Footprint, devices: Mapping[str, float], *, density: Floats | None = None) -> Footprint:
    """The footprint under the prior that `devices`, {cell key: number}, make likely.

    `density` (zones,): people a square metre, if it is known how zones compare; then only the part outside is learned.
    Without devices the prior is that density, or even. Raises `MobilityError` on devices of a cell the footprint lacks.
    """
    count, zones, joint = by_cell(devices, footprint.cell_id), len(footprint.zone_id), _joint(footprint)
    if density is None:
        factor, group, steps = np.ones(zones + 1), np.arange(zones + 1), STEPS
    else:
        part = density / density.max()
        factor, group, steps = np.append(part, np.median(part)), np.append(np.zeros(zones, np.int64), 1), STEPS_AROUND
    if not count.sum() > 0:
        return _made(footprint, joint, factor)
    made = _made(footprint, joint, _climbed(joint, count, factor, group, steps))
    if density is not None:
        return made
    said = "Where devices are away from home is learned from themselves, not from where people live."
    return replace(made, statements=(*made.statements, said))


def _climbed(joint: Any, count: Floats, factor: Floats, group: NDArray[np.int64], steps: int) -> Floats:
    """Steps of EM: each group of zones gets what its share of every cell's devices says."""
    even = np.asarray(joint.sum(axis=0)).ravel()
    for _ in range(steps):
        expected = np.asarray(joint @ factor).ravel()
        ratio = np.divide(count, expected, out=np.zeros_like(count), where=expected > 0)
        got, had = np.bincount(group, factor * (joint.T @ ratio)), np.bincount(group, factor * even)
        factor = factor * np.divide(got, had, out=np.ones_like(had), where=had > 0)[group]
    return factor / (even @ factor)


def _joint(footprint: Footprint) -> Any:
    """P(cell, zone), cells × zones and outside, under the prior with which the footprint was made."""
    from scipy.sparse import csr_array, diags_array, hstack

    whole = hstack([footprint.probability, csr_array(footprint.outside[:, None])])
    return (diags_array(footprint.weight) @ whole).tocsr()


def _made(footprint: Footprint, joint: Any, factor: Floats) -> Footprint:
    """Each zone's part of each cell times its factor; a cell that has nothing left keeps what it had."""
    from scipy.sparse import csr_array, diags_array, hstack

    scaled = (joint @ diags_array(factor)).tocsr()
    total = np.asarray(scaled.sum(axis=1)).ravel()
    empty = total <= 0
    divided = diags_array(np.where(empty, 0.0, 1.0 / np.where(empty, 1.0, total))) @ scaled
    kept = diags_array(empty.astype(float)) @ hstack([footprint.probability, csr_array(footprint.outside[:, None])])
    held = (divided + kept).tocsr()
    weight = total / total.sum() if total.sum() > 0 else footprint.weight
    return replace(
        footprint, probability=held[:, :-1].tocsr(), outside=np.asarray(held[:, [-1]].todense()).ravel(), weight=weight
    )
