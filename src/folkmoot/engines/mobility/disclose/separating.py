"""Which releases have anything to do with one another, and how to look at them in small pieces.

Numbers of different measures, or of days that have none in common, say nothing of each other. And where every number of
every release names its origin, or its hour, each origin or hour is a matter by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from folkmoot.engines.mobility.disclose.published import Published

SMALL = 200_000
"""So many cells of all keys together are looked at in one piece."""


def separate(releases: Sequence[Published]) -> Iterator[tuple[Published, ...]]:
    """Groups that must be looked at together. A release that nothing else touches, and that has no totals, is in none."""
    for group in _touching(list(releases)):
        if sum(len(each.levels) for each in group) > 1:
            yield from _sliced(group)


def _touching(releases: list[Published]) -> list[list[Published]]:
    groups: list[list[Published]] = []
    for release in releases:
        near = [group for group in groups if any(_touch(release, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(each for group in near for each in group), release])
    return groups


def _touch(a: Published, b: Published) -> bool:
    days = not a.dates or not b.dates or not set(a.dates).isdisjoint(b.dates)
    same = all(a.fixed[name] == b.fixed[name] for name in a.fixed if name in b.fixed)
    return a.measure == b.measure and days and same


def _sliced(group: list[Published]) -> Iterator[tuple[Published, ...]]:
    cells = math.prod(max(len(each.domain.get(name, ())) or 1 for each in group) for name in _names(group))
    key = _common(group) if cells > SMALL else None
    if key is None:
        yield tuple(group)
        return
    for value in group[0].domain[key]:
        yield tuple(_only(release, key, value) for release in group)


def _names(group: list[Published]) -> set[str]:
    return {name for each in group for name in each.keys}


def _common(group: list[Published]) -> str | None:
    """A key that every number of every release names, by the same values."""
    for name in group[0].keys:
        everywhere = all(name in level for each in group for level in each.levels)
        if everywhere and all(
            set(each.domain[name]) == set(group[0].domain[name]) and not each.units for each in group
        ):
            return name
    return None


def _only(release: Published, key: str, value: str) -> Published:
    def rows(table: pa.Table) -> pa.Table:
        return table.filter(pc.equal(table[key], value))

    return replace(
        release, table=rows(release.table), blanks=rows(release.blanks), domain={**release.domain, key: (value,)}
    )
