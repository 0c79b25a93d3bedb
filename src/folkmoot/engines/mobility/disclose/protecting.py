"""Complementary suppression: blank a little more, until what is published proves nothing about the blanks.

The audit asks what an intruder can prove from the table itself; while it finds something, the smallest published number
beside each blank that is given away is blanked too (the heuristic of cell suppression; Fischetti & Salazar-González 2001
give the exact, far costlier, model). It ends, at worst with the total itself blank.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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
        more = _more(judged, shown.name, found.given_away, earlier)
        if not more:
            return Protected(judged, found)
        reasons: NDArray[np.object_] = judged.reasons.copy()
        reasons[more] = Reason.PROTECTS
        judged = replace(judged, reasons=reasons)


def _more(judged: Judged, name: str, given: tuple[GivenAway, ...], earlier: tuple[Published, ...]) -> list[int]:
    """For each finding the number that must go too: the smallest shown beside or within it, else the total itself."""
    rows = _Rows(judged)
    # What adds up: our own totals, and every level of an earlier release in the keys that are ours.
    levels = dict.fromkeys([*judged.raw.totals, *(level for each in earlier for level in each.levels)])
    for one in given:
        key = dict(one.key)
        if one.release != name:
            # A number of an earlier release, less some of ours: one of ours within it. Zones made otherwise and called
            # otherwise are not found; then nothing is blanked and the release is refused.
            rows.blank_smallest(rows.within({each: value for each, value in key.items() if each in rows.codes}))
        elif one.what == "remainder":
            inside = rows.within(key) & rows.finer(tuple(key))
            rows.blank_smallest(inside if (inside & rows.shown).any() else rows.within(key) & rows.at(tuple(key)))
        else:
            for level in levels:
                ours = tuple(each for each in level if each in key)
                if set(ours) < set(key):
                    held = rows.within({each: key[each] for each in ours})
                    inside = held & rows.finer(ours)
                    rows.blank_smallest(inside if (inside & rows.shown).any() else held & rows.at(ours))
    return rows.blanked


class _Rows:
    """The rows of judged counts, found by their keys; what is blanked here is not blanked twice."""

    def __init__(self, judged: Judged) -> None:
        raw = judged.raw
        encoded = {name: raw.table[name].cast(pa.string()).combine_chunks().dictionary_encode() for name in raw.keys}
        self.codes = {name: pc.fill_null(column.indices, -1).to_numpy() for name, column in encoded.items()}
        self.values = {
            name: {value: code for code, value in enumerate(column.dictionary.to_pylist())}
            for name, column in encoded.items()
        }
        self.shown = np.array([reason is None for reason in judged.reasons], dtype=bool)
        self.devices = raw.table["devices"].to_numpy()
        self.blanked: list[int] = []

    def within(self, fixed: dict[str, str]) -> NDArray[np.bool_]:
        """Rows that have these values; a value that no row has is in none."""
        found = np.ones(len(self.shown), dtype=bool)
        for name, value in fixed.items():
            found &= self.codes[name] == self.values[name].get(value, -2)
        return found

    def at(self, level: tuple[str, ...]) -> NDArray[np.bool_]:
        """Rows of exactly this level."""
        return self._has(lambda name, there: there if name in level else ~there)

    def finer(self, level: tuple[str, ...]) -> NDArray[np.bool_]:
        """Rows that have all keys of the level and more."""
        return self._has(lambda name, there: there | (name not in level)) & ~self.at(level)

    def _has(self, wanted: Callable[[str, NDArray[np.bool_]], NDArray[np.bool_]]) -> NDArray[np.bool_]:
        found = np.ones(len(self.shown), dtype=bool)
        for name, codes in self.codes.items():
            found &= wanted(name, codes >= 0)
        return found

    def blank_smallest(self, some: NDArray[np.bool_]) -> None:
        """Of these rows, the one of fewest devices that is still shown."""
        candidates = np.flatnonzero(some & self.shown)
        if len(candidates):
            chosen = int(candidates[np.argmin(self.devices[candidates])])
            self.shown[chosen] = False
            self.blanked.append(chosen)
