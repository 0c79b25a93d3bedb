"""The choice common to all cover problems: columns to open, rows that must be covered and rows that gain if they are.

Minimise Σ price_j y_j − Σ gain_k z_k; every row of `reach` has an open column; z_k ≤ Σ y_j over row k of `gains`; at
most `most` columns. LSCP has prices and no gains, MCLP gains and no prices, p-centre asks only whether there is a choice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

from folkmoot.engines.siting import highs
from folkmoot.engines.siting.covers.patterns import collapse, needed_rows, useful_columns
from folkmoot.engines.siting.whole import unit_of

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem

type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Choice:
    """Columns by ascending code. `reach` (r × m), `gains` (k × m) with `gain` (k,), `cuts` (c × m) y ≥ `least` (c,).

    `reach_area` and `gain_area` are the problem's row of one area that each row stands for.
    """

    codes: tuple[str, ...]
    price: Floats
    fixed: Bools
    reach: Bools
    gains: Bools
    gain: Floats
    most: int | None
    cuts: Floats
    least: Floats
    reach_area: NDArray[np.int64]
    gain_area: NDArray[np.int64]
    per_one: int | None
    """Parts of one in which all prices, and all areas' gains, are whole; None where there is no such unit."""

    def value(self, chosen: Bools) -> float:
        """What a choice is worth, to be least."""
        covered = self.gains[:, chosen].any(axis=1)
        return math.fsum(self.price[chosen]) - math.fsum(self.gain[covered])

    def holds(self, chosen: Bools) -> bool:
        """Whether a choice keeps every limit."""
        return (
            bool(self.reach[:, chosen].any(axis=1).all())
            and bool(chosen[self.fixed].all())
            and (self.most is None or int(chosen.sum()) <= self.most)
            and bool((self.cuts @ chosen >= self.least - 1e-9 * np.maximum(1, np.abs(self.least))).all())
        )

    def with_cut(self, row: Floats, least: float) -> Choice:
        """The same choice under one more linear limit."""
        return replace(self, cuts=np.vstack([self.cuts, row[None, :]]), least=np.append(self.least, least))


def of(
    problem: Problem, *, reach: Bools | None, gains: Bools | None, most: int | None, price: Floats | None = None
) -> tuple[Choice, NDArray[np.int64]]:
    """The choice a problem asks for, and the column of the problem behind each of its columns.

    `reach` and `gains` (n × m) are over all areas and sites of the problem; areas without demand count for neither.
    """
    order = np.array(sorted(range(problem.m), key=lambda j: problem.sites[j]), dtype=np.int64)
    order = np.array([j for j in order if problem.sites[j] not in problem.must_close], dtype=np.int64)
    asked = np.flatnonzero(problem.total > 0)
    codes = tuple(problem.sites[j] for j in order)
    fixed = np.array([code in problem.must_open for code in codes], dtype=bool)
    rows = gained = np.zeros((0, len(order)), dtype=bool)
    row_area = gain_area = np.zeros(0, dtype=np.int64)
    gain = np.zeros(0)
    if reach is not None:
        must = collapse(reach[np.ix_(asked, order)], np.ones(len(asked)))
        rows, row_area = must.rows, asked[must.one]
    if gains is not None:
        found = collapse(gains[np.ix_(asked, order)], problem.total[asked])
        seen = found.rows.any(axis=1)
        gained, gain, gain_area = found.rows[seen], found.weight[seen], asked[found.one[seen]]
    cost = np.zeros(len(order)) if price is None else price[order]
    cuts = np.zeros((0, len(order)))
    units = unit_of(np.concatenate([cost, problem.total[asked] if gains is not None else np.zeros(0)]))
    per_one = None if units is None else units.per_one
    return Choice(codes, cost, fixed, rows, gained, gain, most, cuts, np.zeros(0), row_area, gain_area, per_one), order


@dataclass(frozen=True, eq=False)
class Chosen:
    """A choice found (or None), what it is worth and what no choice can be below; all to be least."""

    columns: Bools | None
    value: float | None
    bound: float
    proved: bool
    infeasible: bool
    nodes: int
    proof: dict[str, Any] | None = None
    """What can be replayed; None where only HiGHS knows."""


def reduced(choice: Choice) -> tuple[Choice, NDArray[np.int64]]:
    """The choice without rows already covered or implied and columns that another dominates; and its columns in the old.

    With cuts, columns differ by more than what they cover and all of them stay.
    """
    done = choice.fixed
    left = ~choice.reach[:, done].any(axis=1)
    reach, area = choice.reach[left], choice.reach_area[left]
    open_gains = choice.gains[~choice.gains[:, done].any(axis=1)]
    keep = np.arange(len(choice.codes))
    while True:
        if len(reach):
            needed = needed_rows(reach)
            reach, area = reach[needed], area[needed]
        if len(choice.cuts):
            break
        useful = useful_columns(np.vstack([reach, open_gains])[:, keep], choice.price[keep])
        kept = np.array(sorted({*keep[useful].tolist(), *np.flatnonzero(done).tolist()}), dtype=np.int64)
        if len(kept) == len(keep):
            break
        keep = kept
        short = np.zeros_like(reach)
        short[:, keep] = reach[:, keep]
        merged = collapse(short, np.ones(len(short)))
        reach, area = merged.rows, area[merged.one]
    rows, gain, gain_area = choice.gains[:, keep], choice.gain, choice.gain_area
    if len(gain):
        same = collapse(rows, gain)
        rows, gain, gain_area = same.rows, same.weight, gain_area[same.one]
    codes = tuple(choice.codes[j] for j in keep)
    small = Choice(
        codes, choice.price[keep], done[keep], reach[:, keep], rows, gain, choice.most, choice.cuts[:, keep],
        choice.least, area, gain_area, choice.per_one,
    )  # fmt: skip
    return small, keep


def model_of(choice: Choice) -> highs.Model:
    """The choice as a mixed-integer model: y for the columns, then z for the rows that gain."""
    m, k = len(choice.codes), len(choice.gain)
    blocks = [
        hstack([csr_array(choice.reach.astype(float)), csr_array((len(choice.reach), k))]),
        hstack([csr_array(choice.gains.astype(float)), -eye_array(k)]),
        hstack([csr_array(choice.cuts), csr_array((len(choice.cuts), k))]),
        csr_array(np.concatenate([np.ones(m), np.zeros(k)])[None, :]),
    ]
    least = np.concatenate([np.ones(len(choice.reach)), np.zeros(k), choice.least, [0.0]])
    most = np.full(len(least), math.inf)
    most[-1] = m if choice.most is None else choice.most
    return highs.Model(
        cost=np.concatenate([choice.price, -choice.gain]),
        rows=vstack(blocks).tocsr(),
        row_lower=least,
        row_upper=most,
        lower=np.concatenate([choice.fixed.astype(float), np.zeros(k)]),
        upper=np.ones(m + k),
        integer=np.concatenate([np.ones(m, dtype=bool), np.zeros(k, dtype=bool)]),
    )
