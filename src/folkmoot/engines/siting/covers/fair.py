"""Cover problems under an equity limit: solve, look who would travel further than allowed, cut that off, solve again.

Each round's bound holds, because every cut keeps all plans within the limit; the first plan within it is the best one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting import equity, highs
from folkmoot.engines.siting.covers.choice import Choice, Chosen
from folkmoot.engines.siting.covers.search import best as unlimited
from folkmoot.engines.siting.served import nearest

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem


def best(
    problem: Problem,
    choice: Choice,
    order: NDArray[np.int64],
    *,
    gap: float = 0.0,
    enough: float | None = None,
    should_stop: highs.ShouldStop | None = None,
    progress: Callable[[float | None, float], None] | None = None,
) -> Chosen:
    """The best choice that keeps the equity limit, if the problem has one."""
    limits = equity.limits(problem)
    if limits is None:
        return unlimited(choice, gap=gap, enough=enough, should_stop=should_stop, progress=progress)
    nodes = 0
    while True:
        found = unlimited(choice, gap=gap, enough=enough, should_stop=should_stop, progress=None)
        nodes += found.nodes
        if found.columns is None:
            return replace(found, nodes=nodes)
        codes = [code for code, is_open in zip(choice.codes, found.columns) if is_open]
        cost = nearest(problem, codes).cost
        groups = equity.broken(problem, limits, cost)
        if not groups:
            return replace(found, nodes=nodes)
        if progress:
            progress(None, found.bound)
        for group in groups:
            row, least = equity.cut(problem, limits, group, cost)
            choice = choice.with_cut(row[order], least)
        if should_stop is not None and should_stop():
            return Chosen(None, None, found.bound, False, False, nodes)
