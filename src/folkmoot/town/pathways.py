"""From arrays to task networks: who needs which tasks, how long they take, what was believed, what follows what.

A pathway is a list of steps in an order in which every step follows its predecessors. A patient who skips a step
inherits the step's predecessors: without imaging, the second review follows the first.

Durations are lognormal. An estimate that correlates r with the truth is (notes of the flow engine, §1.3)

    estimate = mean · exp(r² z + r √(1 − r²) σ ε),   z = log(true / mean),  σ = sd(z),  ε ~ N(0, 1)

which is unbiased, has corr(log estimate, log true) = r and regression slope 1 of the truth on the estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from folkmoot.town.randomness import generator

type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]
type Ints = NDArray[np.int64]

SHORTEST_HOURS = 1.0 / 60.0


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of task. `hours` and `share` (who needs it) are by patient class; no resource means a plain delay.

    `with_step` names another step: patients have this one exactly when they have that one.
    """

    code: str
    resource_id: str | None
    after: tuple[str, ...]
    hours: tuple[float, ...]
    share: tuple[float, ...] = (1.0, 1.0, 1.0)
    cv: float = 0.6
    with_step: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Care:
    """What each patient (row) will need of each step (column), in hours."""

    steps: tuple[Step, ...]
    needed: Bools
    work: Floats
    estimate: Floats

    def column(self, code: str) -> int:
        return [step.code for step in self.steps].index(code)

    def hours_on(self, resource_id: str) -> float:
        """Hours of work all patients together bring to a resource."""
        columns = [k for k, step in enumerate(self.steps) if step.resource_id == resource_id]
        return float(self.work[:, columns].sum())


def care(
    seed: int,
    steps: Sequence[Step],
    patient_class: Ints,
    *,
    estimate_r: float,
    factors: Mapping[str, Floats] | None = None,
    shares: Mapping[str, Floats] | None = None,
) -> Care:
    """Draw the care of patients of the given classes (indices). Every number is keyed by seed, step and patient.

    `factors` multiplies the hours of a step patient by patient; `shares` replaces the chance of needing it.
    """
    if not 0.0 <= estimate_r <= 1.0:
        raise ValueError(f"The correlation of estimates with the truth is {estimate_r}; it must lie between 0 and 1.")
    n, width = len(patient_class), len(steps)
    needed = np.zeros((n, width), dtype=bool)
    work = np.zeros((n, width))
    estimate = np.zeros((n, width))
    codes = [step.code for step in steps]
    for k, step in enumerate(steps):
        if step.with_step is not None:
            needed[:, k] = needed[:, codes.index(step.with_step)]
        else:
            chance = (
                np.asarray(step.share)[patient_class]
                if shares is None or step.code not in shares
                else shares[step.code]
            )
            needed[:, k] = generator(seed, "needs", step.code).random(n) < chance
        mean = np.asarray(step.hours, dtype=np.float64)[patient_class]
        if factors is not None and step.code in factors:
            mean = mean * factors[step.code]
        sigma = float(np.sqrt(np.log1p(step.cv**2)))
        z = sigma * generator(seed, "work", step.code).standard_normal(n) - sigma**2 / 2
        noise = generator(seed, "estimate", step.code).standard_normal(n)
        r = estimate_r
        believed = r * r * z + r * np.sqrt(1 - r * r) * sigma * noise
        # Six decimals (4 ms) hide the last bit of exp, which differs between processors.
        work[:, k] = np.where(needed[:, k], np.maximum(np.round(mean * np.exp(z), 6), SHORTEST_HOURS), 0.0)
        estimate[:, k] = np.where(needed[:, k], np.maximum(np.round(mean * np.exp(believed), 6), SHORTEST_HOURS), 0.0)
    return Care(tuple(steps), needed, work, estimate)


def critical_path(steps: Sequence[Step], hours: Floats) -> Floats:
    """Longest path through each patient's network, in hours; a step not needed has zero hours and passes on."""
    codes = [step.code for step in steps]
    finish = np.zeros_like(hours)
    for k, step in enumerate(steps):
        start = np.zeros(len(hours))
        for before in step.after:
            start = np.maximum(start, finish[:, codes.index(before)])
        finish[:, k] = start + hours[:, k]
    longest: Floats = finish.max(axis=1) if hours.size else np.zeros(len(hours))
    return longest


def task_tables(patient_ids: pa.Array, care: Care, *, ward: Sequence[pa.Array] | None = None) -> dict[str, pa.Table]:
    """The tables `tasks` and `edges`. `ward` gives, step by step, the ward of each patient for that step."""
    steps = care.steps
    patient, step = np.nonzero(care.needed)
    row = np.full(care.needed.shape, -1, dtype=np.int64)
    row[patient, step] = np.arange(len(patient))
    owner = patient_ids.take(pa.array(patient))
    which = pa.array(step)
    code = pa.array([s.code for s in steps], pa.string()).take(which)
    task_id = pc.binary_join_element_wise(owner, code, "/")
    columns = {
        "task_id": task_id,
        "patient_id": owner,
        "code": code,
        "resource_id": pa.array([s.resource_id for s in steps], pa.string()).take(which),
        "work_hours": pa.array(care.work[patient, step]),
        "estimate_hours": pa.array(care.estimate[patient, step]),
    }
    if ward is not None:
        grid = pa.concat_arrays(ward)
        columns["ward_id"] = grid.take(pa.array(step * len(patient_ids) + patient))
    before, after = _edges(steps, care.needed, row)
    edges = {"before": task_id.take(pa.array(before)), "after": task_id.take(pa.array(after))}
    return {"tasks": pa.table(columns), "edges": pa.table(edges)}


def _edges(steps: Sequence[Step], needed: Bools, row: Ints) -> tuple[Ints, Ints]:
    """Rows of both ends of every edge, predecessors of skipped steps passed on, sorted by the later task."""
    codes = [step.code for step in steps]
    inherited: list[dict[int, Bools]] = []
    befores, afters = [], []
    for k, step in enumerate(steps):
        sources: dict[int, Bools] = {}
        for name in step.after:
            j = codes.index(name)
            _add(sources, j, needed[:, j])
            for i, mask in inherited[j].items():
                _add(sources, i, mask & ~needed[:, j])
        inherited.append(sources)
        for i, mask in sources.items():
            people = np.flatnonzero(mask & needed[:, k])
            befores.append(row[people, i])
            afters.append(row[people, k])
    before = np.concatenate(befores) if befores else np.zeros(0, dtype=np.int64)
    after = np.concatenate(afters) if afters else np.zeros(0, dtype=np.int64)
    order = np.lexsort((before, after))
    return before[order], after[order]


def _add(sources: dict[int, Bools], step: int, mask: Bools) -> None:
    sources[step] = sources[step] | mask if step in sources else mask
