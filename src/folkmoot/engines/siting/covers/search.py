"""From a choice to the best choice: reduce, find a good one, prove it with HiGHS."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting import highs
from folkmoot.engines.siting.covers.choice import Choice, Chosen, model_of, reduced
from folkmoot.engines.siting.covers.interchange import improved, started

type Bools = NDArray[np.bool_]


def best(
    choice: Choice,
    *,
    gap: float = 0.0,
    should_stop: highs.ShouldStop | None = None,
    progress: Callable[[float | None, float], None] | None = None,
) -> Chosen:
    """The best columns, or the best found until `should_stop()` with the bound known then."""
    small, keep = reduced(choice)
    floor = math.fsum(small.price[small.fixed]) - math.fsum(small.gain)
    if len(small.reach) and not small.reach.any(axis=1).all():
        return Chosen(None, None, math.inf, True, True, 0)
    if small.most is not None and int(small.fixed.sum()) > small.most:
        return Chosen(None, None, math.inf, True, True, 0)
    first = started(small)
    if first is not None:
        first = improved(small, first)
    if first is not None and small.value(first) <= floor:
        return _as_given(choice, keep, first, floor, True, 0)
    start = None
    if first is not None:
        start = np.concatenate([first, small.gains[:, first].any(axis=1)]).astype(float)
        if progress:
            progress(small.value(first), floor)
    answer = highs.minimise(model_of(small), gap=gap, should_stop=should_stop, progress=progress, start=start)
    if answer.infeasible:
        return Chosen(None, None, math.inf, True, True, answer.nodes)
    found = first
    if answer.x is not None:
        other = answer.x[: len(small.codes)] > 0.5
        if small.holds(other) and (found is None or small.value(other) < small.value(found)):
            found = other
    bound = max(floor, answer.bound)
    if found is None:
        return Chosen(None, None, bound, False, False, answer.nodes)
    if answer.proved and gap == 0.0:
        bound = small.value(found)
    return _as_given(choice, keep, found, min(bound, small.value(found)), answer.proved, answer.nodes)


def _as_given(choice: Choice, keep: NDArray[np.int64], found: Bools, bound: float, proved: bool, nodes: int) -> Chosen:
    columns = np.zeros(len(choice.codes), dtype=bool)
    columns[keep[found]] = True
    return Chosen(columns, choice.value(columns), bound, proved, False, nodes)
