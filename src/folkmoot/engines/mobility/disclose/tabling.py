"""Judged counts laid out as the two tables of a release: what is shown, and every blank with its reason.

Rows are in the order of the domain, totals first. Up to `LISTED` cells of a level, every blank of it is listed by itself, the
empty ones among the small ones; beyond that only those that are blank for another reason than being few.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from folkmoot.engines.mobility.disclose.counting import RawCounts
from folkmoot.engines.mobility.disclose.policy import Reason
from folkmoot.engines.mobility.errors import MobilityError

type Ints = NDArray[np.int64]

LISTED = 250_000
FORMULA = ("=", "+", "@", "\t", "\r")


@dataclass(frozen=True, eq=False)
class Layout:
    """Where each row of the counts belongs: `codes` (n × keys), the place in the domain of each key, −1 in a total."""

    keys: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    domain: Mapping[str, tuple[str, ...]]
    codes: Ints
    order: Ints

    @property
    def finest(self) -> NDArray[np.bool_]:
        """Rows that are no total."""
        return np.asarray((self.codes >= 0).all(axis=1))


def lay_out(raw: RawCounts, domain: Mapping[str, tuple[str, ...]]) -> Layout:
    """Raises `MobilityError` when a value is not in its domain, or would be a formula in a spreadsheet."""
    codes = np.full((len(raw.table), len(raw.keys)), -1, dtype=np.int64)
    for place, key in enumerate(raw.keys):
        column, values = raw.table[key].cast(pa.string()), domain[key]
        if formulas := [value for value in values if value.startswith(FORMULA)]:
            raise MobilityError(f"“{formulas[0]}” of {key} begins as a formula does in a spreadsheet. Rename it.")
        found = pc.index_in(column, value_set=pa.array(values, pa.string()))
        strange = pc.unique(column.filter(pc.and_(pc.is_null(found), pc.is_valid(column)))).to_pylist()
        if strange:
            raise MobilityError(
                f"{len(strange)} values of {key} are not in its domain, the first “{min(strange)}”. Give every value it may "
                "take; for what lies outside all zones, a value such as “outside”."
            )
        codes[:, place] = pc.fill_null(found, -1).to_numpy()
    order = np.lexsort(codes.T[::-1]) if raw.keys else np.arange(len(raw.table))
    return Layout(raw.keys, (raw.keys, *raw.totals), domain, codes, order.astype(np.int64))


def free(reasons: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which cells have no reason to be blank."""
    return np.fromiter((reason is None for reason in reasons), dtype=bool, count=len(reasons))


def shown(layout: Layout, values: NDArray[np.float64], reasons: NDArray[np.object_]) -> pa.Table:
    """Keys and value of what has no reason to be blank."""
    rows = layout.order[free(reasons)[layout.order]]
    return pa.table(_named(layout, layout.codes[rows]) | {"value": pa.array(values[rows], pa.float64())})


def blanks(layout: Layout, reasons: NDArray[np.object_], *, every: bool) -> pa.Table:
    """Keys and reason of what is blank; with `every` also the cells in which nobody was seen."""
    rows = layout.order[~free(reasons)[layout.order]]
    codes, why = layout.codes[rows], np.array([reason.value for reason in reasons[rows]], dtype=object)
    if every:
        codes, why = _with_empty(layout, codes, why)
    return pa.table(_named(layout, codes) | {"reason": pa.array(why, pa.string())})


def _with_empty(layout: Layout, codes: Ints, why: NDArray[np.object_]) -> tuple[Ints, NDArray[np.object_]]:
    """Empty cells among the few, or, where a level has too many cells, no cell that is merely few."""
    parts, reasons = [], []
    for level in layout.levels:
        inside = np.array([key in level for key in layout.keys], dtype=bool)
        sizes = [len(layout.domain[key]) for key in layout.keys if key in level]
        blank = _of_level(codes, inside)
        if math.prod(sizes) > LISTED:
            keep = blank & (why != Reason.FEW.value)
            parts.append(codes[keep])
            reasons.append(why[keep])
            continue
        there = np.zeros(math.prod(sizes), dtype=bool)
        there[_flat(layout.codes[_of_level(layout.codes, inside)][:, inside], sizes)] = True
        empty = np.flatnonzero(~there)
        more = np.full((len(empty), len(layout.keys)), -1, dtype=np.int64)
        if sizes:
            more[:, inside] = np.stack(np.unravel_index(empty, sizes), axis=1)
        parts += [codes[blank], more]
        reasons += [why[blank], np.full(len(empty), Reason.FEW.value, dtype=object)]
    joined, said = np.concatenate(parts), np.concatenate(reasons)
    order = np.lexsort(joined.T[::-1]) if layout.keys else np.arange(len(joined))
    return joined[order], said[order]


def _of_level(codes: Ints, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(((codes >= 0) == inside).all(axis=1))


def _flat(codes: Ints, sizes: list[int]) -> Ints:
    return np.ravel_multi_index(tuple(codes.T), sizes) if sizes else np.zeros(len(codes), dtype=np.int64)


def _named(layout: Layout, codes: Ints) -> dict[str, Any]:
    found = {}
    for place, key in enumerate(layout.keys):
        at = pa.array(codes[:, place], mask=codes[:, place] < 0)
        found[key] = pa.array(layout.domain[key], pa.string()).take(at)
    return found
