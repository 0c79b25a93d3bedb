"""From a choice to the best choice: reduce it, find a good one, prove it.

Amounts that are whole in some unit are proved by `tree`, whose leaves can be replayed; others, and choices the tree does
not finish, by HiGHS' own branch and bound, which starts from the best choice so far.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

from folkmoot.engines.siting import highs, tree
from folkmoot.engines.siting.covers.choice import Choice, Chosen, model_of, reduced
from folkmoot.engines.siting.covers.interchange import improved, started

type Bools = NDArray[np.bool_]
type Tell = Callable[[float | None, float], None]


def best(
    choice: Choice,
    *,
    gap: float = 0.0,
    enough: float | None = None,
    should_stop: highs.ShouldStop | None = None,
    progress: Tell | None = None,
) -> Chosen:
    """The best columns, or the best found until `should_stop()` with the bound known then.

    `enough`: the search may end once nothing below it is possible, or a choice below it is found.
    """
    small, keep = reduced(choice)
    floor = math.fsum(small.price[small.fixed]) - math.fsum(small.gain)
    if len(small.reach) and not small.reach.any(axis=1).all():
        area = int(small.reach_area[~small.reach.any(axis=1)][0])
        return Chosen(None, None, math.inf, True, True, 0, {"unreached": area})
    if small.most is not None and int(small.fixed.sum()) > small.most:
        return Chosen(None, None, math.inf, True, True, 0)
    first = started(small)
    if first is not None:
        first = improved(small, first)
        if progress:
            progress(small.value(first), floor)
    per_one = small.per_one
    amounts = np.concatenate([small.price, small.gain]) * (per_one or 1)
    if per_one is not None and not len(small.cuts) and tree.fits(amounts):
        whole = np.round(amounts).astype(np.int64)
        grown = _tree(small, whole, per_one, first, gap, enough, should_stop, progress)
        if grown.chosen is not None:
            first = grown.chosen
        if grown.closed or (should_stop is not None and should_stop()):
            proof = _proof(choice, small, keep, grown, per_one)
            if first is None:
                return Chosen(
                    None,
                    None,
                    _bound(grown, per_one),
                    grown.closed,
                    grown.closed and enough is None,
                    grown.nodes,
                    proof,
                )
            value = small.value(first)
            bound = value if grown.bound == grown.value else min(value, _bound(grown, per_one))
            return _as_given(choice, keep, first, bound, grown.closed, grown.nodes, proof)
    if enough is not None:
        small = replace(small, most=math.ceil(enough) - 1)  # with prices of 1: is there any choice below `enough`?
    return _highs(choice, small, keep, first, floor, gap, should_stop, progress)


def _bound(grown: tree.Grown, per_one: int) -> float:
    return math.inf if grown.bound >= tree.NEVER else grown.bound / per_one


def _tree(
    small: Choice, amounts: Any, per_one: int, first: Bools | None, gap: float, enough: float | None,
    should_stop: highs.ShouldStop | None, progress: Tell | None,
) -> tree.Grown:  # fmt: skip
    m, k, r = len(small.codes), len(small.gain), len(small.reach)
    price, gain = amounts[:m], amounts[m:]
    rows = vstack(
        [
            hstack([csr_array(small.reach.astype(np.int64)), csr_array((r, k), dtype=np.int64)]),
            hstack([csr_array(small.gains.astype(np.int64)), -eye_array(k, dtype=np.int64)]),
            csr_array(np.concatenate([-np.ones(m, np.int64), np.zeros(k, np.int64)])[None, :]),
        ]
    )
    most = m if small.most is None else small.most
    least = np.concatenate([np.ones(r), np.zeros(k), [-most]]).astype(np.int64)

    def value_of(chosen: Bools) -> int | None:
        if not small.holds(chosen):
            return None
        return int(price[chosen].sum() - gain[small.gains[:, chosen].any(axis=1)].sum())

    def rounded(y: NDArray[np.float64]) -> Bools | None:
        begin = y > 0.5
        if small.most is not None:
            ranked = np.argsort(-(y + small.fixed), kind="stable")[: small.most]
            begin = np.zeros(m, dtype=bool)
            begin[ranked[y[ranked] > 0.3]] = True
        found = started(small, begin)
        return None if found is None else improved(small, found)

    tell = None
    if progress is not None:

        def tell(value: float | None, bound: float) -> None:
            progress(None if value is None else value / per_one, bound / per_one)

    limit = None if enough is None else math.ceil(enough * per_one - 1e-9)
    return tree.grow(
        tree.Linear(tree.Whole(np.concatenate([price, -gain]), rows.tocsr(), least, m, small.fixed), should_stop),
        value_of=value_of, rounded=rounded, start=first, gap=gap,
        enough=limit, content=None if limit is None else limit - 1, should_stop=should_stop, progress=tell,
    )  # fmt: skip


def _proof(choice: Choice, small: Choice, keep: NDArray[np.int64], grown: tree.Grown, per_one: int) -> dict[str, Any]:
    """The leaves by the codes of sites and the rows of areas (named by the caller), and which site each dropped one is like.

    Multipliers are kept as pairs (row, number) where they are not zero; the row −1 is the limit on the number of sites.
    """
    dropped: dict[str, str] = {}
    lost = np.setdiff1d(np.arange(len(choice.codes)), keep)
    if len(lost):
        rows = np.isin(choice.reach_area, small.reach_area)
        free = ~choice.gains[:, choice.fixed].any(axis=1)
        both = np.vstack([choice.reach[rows], choice.gains[free]])
        for j in lost.tolist():
            inside = ~(both[:, [j]] & ~both[:, keep]).any(axis=0) & (choice.price[keep] <= choice.price[j])
            dropped[choice.codes[j]] = choice.codes[int(keep[int(inside.argmax())])]
    r, k = len(small.reach), len(small.gain)
    leaves = []
    for leaf in grown.leaves:
        used = np.flatnonzero(leaf.multipliers)
        reach = [(int(small.reach_area[i]), int(leaf.multipliers[i])) for i in used if i < r]
        gains = [(int(small.gain_area[i - r]), int(leaf.multipliers[i])) for i in used if r <= i < r + k]
        leaves.append(
            {
                "open": [small.codes[j] for j in leaf.ones],
                "closed": [small.codes[j] for j in leaf.zeros],
                "reach": reach,
                "gain": gains,
                "sites": int(leaf.multipliers[-1]),
                "ray": leaf.ray,
            }
        )
    return {"per_one": per_one, "scale": tree.SCALE, "like": dropped, "leaves": leaves}


def _highs(
    choice: Choice, small: Choice, keep: NDArray[np.int64], first: Bools | None, floor: float, gap: float,
    should_stop: highs.ShouldStop | None, progress: Tell | None,
) -> Chosen:  # fmt: skip
    start = None
    if first is not None and small.holds(first):
        start = np.concatenate([first, small.gains[:, first].any(axis=1)]).astype(float)
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
    return _as_given(choice, keep, found, min(bound, small.value(found)), answer.proved, answer.nodes, None)


def _as_given(
    choice: Choice, keep: NDArray[np.int64], found: Bools, bound: float, proved: bool, nodes: int,
    proof: dict[str, Any] | None,
) -> Chosen:  # fmt: skip
    columns = np.zeros(len(choice.codes), dtype=bool)
    columns[keep[found]] = True
    return Chosen(columns, choice.value(columns), bound, proved, False, nodes, proof)
