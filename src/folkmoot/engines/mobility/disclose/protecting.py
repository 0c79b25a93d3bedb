"""Complementary suppression: blank a little more, until what is published proves nothing about the blanks.

The audit asks what an intruder can prove from the table itself; while it finds something, the smallest published number
beside each blank that is given away is blanked too (the heuristic of cell suppression; Fischetti & Salazar-González 2001
give the exact, far costlier, model). It ends, at worst with the total itself blank.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.disclose.auditing import Audit, GivenAway, audit
from folkmoot.engines.mobility.disclose.policy import Reason
from folkmoot.engines.mobility.disclose.published import Published
from folkmoot.engines.mobility.disclose.thresholding import Judged

type Show = Callable[[Judged], Published]
"""What would be published of a judged table."""


@dataclass(frozen=True, eq=False)
class Protected:
    """A judged table whose blanks cannot be worked out from what is left, as the audit beside it shows."""

    judged: Judged
    audit: Audit = field(repr=False)


def protect(judged: Judged, show: Show, *, earlier: tuple[Published, ...] = ()) -> Protected:
    """Blank more until nothing is given away. Takes only judged tables, and says so with a `TypeError`."""
    if type(judged) is not Judged:
        raise TypeError(f"Protecting follows the threshold: give what threshold() made, not {type(judged).__name__}.")
    while True:
        shown = show(judged)
        found = audit(shown, earlier)
        # What only earlier releases give away cannot be mended here.
        more = _more(judged, [one for one in found.given_away if one.release == shown.name])
        if not more:
            return Protected(judged, found)
        reasons: NDArray[np.object_] = judged.reasons.copy()
        reasons[more] = Reason.PROTECTS
        judged = replace(judged, reasons=reasons)


def _more(judged: Judged, given: list[GivenAway]) -> list[int]:
    """For each cell given away the smallest number shown that shares a total with it, else the total."""
    raw = judged.raw
    columns = {name: raw.table[name].to_pylist() for name in raw.keys}
    rows = list(zip(*columns.values(), strict=True)) if columns else []
    shown = [index for index, reason in enumerate(judged.reasons) if reason is None]
    devices = raw.table["devices"].to_numpy()
    blanked: set[int] = set()
    for one in given:
        key = dict(one.key)
        # Totals that hold the cell: they agree with it wherever they have a key, and have fewer keys.
        for level in (level for level in raw.totals if set(level) <= set(key) or one.what == "remainder"):
            if one.what == "cell" and set(level) == set(key):
                continue
            fixed = {name: key[name] for name in level if name in key}
            inside = [
                index
                for index in shown
                if index not in blanked
                and _within(raw.keys, rows[index], fixed)
                and _finer(raw.keys, rows[index], level)
            ]
            if inside:
                blanked.add(min(inside, key=lambda index: (devices[index], index)))
                continue
            tops = [
                index
                for index in shown
                if index not in blanked
                and _exactly(raw.keys, rows[index], level)
                and _within(raw.keys, rows[index], fixed)
            ]
            blanked.update(tops)
    return sorted(blanked)


def _within(keys: tuple[str, ...], row: tuple[object, ...], fixed: dict[str, str]) -> bool:
    return all(str(value) == fixed[name] for name, value in zip(keys, row, strict=True) if name in fixed)


def _exactly(keys: tuple[str, ...], row: tuple[object, ...], level: tuple[str, ...]) -> bool:
    return all((value is not None) == (name in level) for name, value in zip(keys, row, strict=True))


def _finer(keys: tuple[str, ...], row: tuple[object, ...], level: tuple[str, ...]) -> bool:
    here = {name for name, value in zip(keys, row, strict=True) if value is not None}
    return set(level) < here
