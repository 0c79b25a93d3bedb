"""What everybody can see of a release, and what they know about its blanks: all that an intruder has to work with.

A cell says how many trips went from a set of places to a set of places, in a set of hours of a set of days, by a set of
modes. Written as sets, releases with other zones, other windows or other categories can be held against one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from folkmoot.engines.mobility.disclose.policy import Reason

ZONED = ("origin", "destination", "zone", "area")
"""Keys whose values are zones of a zone set; all others are categories."""


@dataclass(frozen=True, eq=False)
class Published:
    """One release as its reader has it.

    `table`: the keys (null in a total), `value`. `blanks`: the keys and `reason`; a cell of the domain that is in neither
    has fewer than `k` devices, possibly none. `domain`: every value each key may take. `dates`: the local dates counted.
    `fixed`: what is the same for all cells, as {"purpose": "HBW"}. `units`: for zones made of others, what they are made
    of (a code of a smaller set of zones, the same in every release). `unit`: trips that one device
    stands for, on average; `whole`: nothing was expanded, so true values are whole numbers.
    """

    name: str
    keys: tuple[str, ...]
    totals: tuple[tuple[str, ...], ...]
    additive: bool
    measure: str
    k: int
    round_base: int
    unit: float
    whole: bool
    table: pa.Table
    blanks: pa.Table
    domain: Mapping[str, tuple[str, ...]]
    dates: tuple[str, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        """The keys of the cells, then those of each total."""
        return (self.keys, *self.totals)

    def made_of(self, key: str, value: str) -> frozenset[str]:
        """The smallest pieces of one value of a key."""
        if key in ZONED:
            return frozenset(self.units.get(value, (value,)))
        return frozenset((value,))

    def cells(self, level: tuple[str, ...]) -> dict[tuple[str, ...], float | Reason]:
        """{values of the level's keys: the value, or why it is blank}; what is absent is `Reason.FEW`."""
        found: dict[tuple[str, ...], float | Reason] = {}
        for table, column in ((self.table, "value"), (self.blanks, "reason")):
            here = _at(table, self.keys, level)
            rows = zip(*(here[name].to_pylist() for name in level), strict=True) if level else iter([()] * len(here))
            for row, value in zip(rows, here[column].to_pylist(), strict=True):
                found[tuple(str(part) for part in row)] = Reason(value) if column == "reason" else float(value)
        return found


def _at(table: pa.Table, keys: tuple[str, ...], level: tuple[str, ...]) -> pa.Table:
    """The rows of one level: exactly its keys are there."""
    import pyarrow.compute as pc

    keep = pa.array([True] * len(table), pa.bool_())
    for name in keys:
        there = pc.is_valid(table[name].combine_chunks())
        keep = pc.and_(keep, there if name in level else pc.invert(there))
    return table.filter(keep)
