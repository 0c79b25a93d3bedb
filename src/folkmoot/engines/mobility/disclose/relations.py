"""How the numbers of several releases hang together: which hidden pieces each of them is the sum of.

Every dimension is cut into the coarsest pieces of which every value of every release is made; a piece of the whole is one
of each. Pieces that lie in the same cells everywhere are one unknown. What lies in no more than one cell tells nothing of
any other and is left out, so a single release without totals has no relation at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.disclose.policy import Reason
from folkmoot.engines.mobility.disclose.published import Published
from folkmoot.engines.mobility.errors import MobilityError

type Ints = NDArray[np.int64]
MOST_PIECES = 6_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A number somebody published or left blank: of which release, at which level, its keys and its value or reason."""

    release: int
    level: tuple[str, ...]
    key: tuple[str, ...]
    content: float | Reason


@dataclass(frozen=True, eq=False)
class Relations:
    """`cells`, and for the j-th unknown the cells that hold it: pairs (`cell_of`, `unknown_of`)."""

    cells: tuple[Cell, ...]
    unknowns: int
    cell_of: Ints
    unknown_of: Ints


def relations(releases: Sequence[Published]) -> Relations:
    """The unknowns and the cells they lie in. Raises `MobilityError` when there are more pieces than can be looked at."""
    dimensions = _dimensions(releases)
    pieces = {name: _pieces(releases, name) for name in dimensions}
    total = int(np.prod([len(parts) for parts in pieces.values()], dtype=np.float64)) if pieces else 1
    if total > MOST_PIECES:
        raise MobilityError(
            f"These releases together have {total:,} pieces to look at; {MOST_PIECES:,} is the most. Audit fewer zones, or "
            "hours apart, at a time."
        )
    cells: list[Cell] = []
    columns: list[Ints] = []
    for number, release in enumerate(releases):
        for level in release.levels:
            columns.append(_holders(release, number, level, dimensions, pieces, cells))
    return _merged(cells, columns)


def _dimensions(releases: Sequence[Published]) -> tuple[str, ...]:
    names = dict.fromkeys(name for each in releases for name in (*each.keys, *each.fixed))
    return (*names, "date") if any(each.dates for each in releases) else tuple(names)


def _covers(release: Published, name: str, everything: frozenset[str]) -> dict[str | None, frozenset[str]]:
    """{value: its smallest pieces}; under None what a cell without this key covers."""
    if name == "date":
        return {None: frozenset(release.dates) or everything}
    if name in release.fixed:
        return {None: release.made_of(name, release.fixed[name])}
    if name not in release.keys:
        return {None: everything}
    values: dict[str | None, frozenset[str]] = {value: release.made_of(name, value) for value in release.domain[name]}
    return values | {None: frozenset().union(*values.values())}


def _everything(releases: Sequence[Published], name: str) -> frozenset[str]:
    if name == "date":
        return frozenset(day for each in releases for day in each.dates)
    # A release that does not speak of a dimension is taken to cover what others name: what an intruder would assume.
    return frozenset(
        piece
        for each in releases
        for value in (
            each.domain.get(name, ()) if name in each.keys else (each.fixed[name],) if name in each.fixed else ()
        )
        for piece in each.made_of(name, value)
    )


def _pieces(releases: Sequence[Published], name: str) -> list[frozenset[str]]:
    """The coarsest parts of the dimension that no value of any release cuts."""
    everything = _everything(releases, name)
    signature: dict[str, list[int]] = {piece: [] for piece in everything}
    number = 0
    for release in releases:
        for parts in _covers(release, name, everything).values():
            for piece in parts:
                signature.setdefault(piece, []).append(number)
            number += 1
    together: dict[tuple[int, ...], set[str]] = {}
    for piece, cuts in signature.items():
        together.setdefault(tuple(cuts), set()).add(piece)
    return [frozenset(parts) for _, parts in sorted(together.items())]


def _holders(
    release: Published, number: int, level: tuple[str, ...], dimensions: tuple[str, ...],
    pieces: dict[str, list[frozenset[str]]], cells: list[Cell],
) -> Ints:  # fmt: skip
    """For every piece of the whole the cell of this level that holds it, or −1. New cells are added to `cells`."""
    shape = tuple(len(pieces[name]) for name in dimensions)
    codes: list[Ints] = []
    names: list[tuple[str, ...]] = []
    for name in dimensions:
        everything = frozenset().union(*pieces[name])
        covers = _covers(release, name, everything)
        values: list[str | None] = list(release.domain[name]) if name in level else [None]
        code = np.full(len(pieces[name]), -1, dtype=np.int64)
        for index, value in enumerate(values):
            inside = covers[value]
            for place, parts in enumerate(pieces[name]):
                if parts <= inside:
                    code[place] = index
        codes.append(code)
        if name in level:
            names.append(tuple(str(value) for value in values))
    sizes = [len(release.domain[name]) if name in level else 1 for name in dimensions]
    mixed = np.zeros(shape, dtype=np.int64)
    outside = np.zeros(shape, dtype=bool)
    for axis, (code, size) in enumerate(zip(codes, sizes, strict=True)):
        along = code.reshape([-1 if axis == other else 1 for other in range(len(shape))])
        mixed = mixed * size + along
        outside |= along < 0
    ordered = [name for name in dimensions if name in level]
    content = release.cells(level)
    strides = [sizes[dimensions.index(name)] for name in ordered]
    lookup = np.empty(int(np.prod(strides, dtype=np.int64)) if strides else 1, dtype=np.int64)
    position = {name: place for place, name in enumerate(ordered)}
    for flat in range(len(lookup)):
        rest, digits = flat, []
        for size in reversed(strides):
            rest, digit = divmod(rest, size)
            digits.append(digit)
        digits.reverse()
        key = tuple(names[position[name]][digits[position[name]]] for name in level)
        lookup[flat] = len(cells)
        cells.append(Cell(number, level, key, content.get(key, Reason.FEW)))
    found = lookup[np.where(outside, 0, mixed)]
    found[outside] = -1
    return found.ravel()


def _merged(cells: list[Cell], columns: list[Ints]) -> Relations:
    signature = np.stack(columns, axis=1) if columns else np.empty((0, 0), dtype=np.int64)
    if not len(signature) or not cells:
        return Relations(tuple(cells), 0, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    signature = np.unique(signature, axis=0)
    shared = (signature >= 0).sum(axis=1) >= 2
    tied = np.zeros(len(cells) + 1, dtype=bool)  # a piece in one cell only matters where that cell has others
    tied[signature[shared]] = True
    tied[-1] = False
    signature = signature[shared | tied[signature].any(axis=1)]
    rows, levels = np.nonzero(signature >= 0)
    return Relations(tuple(cells), len(signature), signature[rows, levels], rows.astype(np.int64))
