"""The layout that bars, steps, intervals and spans share: one row each, its name beside it or, on a phone, above it."""

from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.foundation.charts.drawing import LETTER, LINE, Paper, width, wrapped


@dataclass(frozen=True, slots=True)
class Row:
    """Where one row lies: the middle of its mark, its upper and lower edge, and the lines of its name."""

    middle: float
    top: float
    bottom: float
    name: tuple[str, ...]
    name_x: float
    name_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows, and the paper they need: marks may be drawn from `left` to `right`."""

    rows: tuple[Row, ...]
    left: float
    right: float
    top: float
    bottom: float


def lay_out(
    names: Sequence[str], paper_width: float, narrow: bool, *, right: float, top: float = 8, thickness: float = 20
) -> Rows:
    """Place the rows. `right` is the room kept free at the right-hand side for figures."""
    bold = 1.08  # strong letters are this much wider
    if narrow:
        left, room = 2.0, paper_width - 4
    else:
        longest = max((width(name) * bold for name in names), default=0)
        room = min(longest, paper_width * 0.34)
        left = room + 14
    placed, y = [], top
    for name in names:
        lines = wrapped(name, room / bold)
        if narrow:
            first = y + LETTER
            y = first + (len(lines) - 1) * LINE + 7
            row_top, row_bottom = y, y + thickness
            placed.append(Row((row_top + row_bottom) / 2, row_top, row_bottom, tuple(lines), 2, first, "start"))
            y = row_bottom + 12
        else:
            height = max(thickness + 14, len(lines) * LINE + 8)
            middle = y + height / 2
            first = middle - (len(lines) - 1) * LINE / 2 + LETTER * 0.35
            row = Row(middle, middle - thickness / 2, middle + thickness / 2, tuple(lines), room, first, "end")
            placed.append(row)
            y += height
    return Rows(tuple(placed), left, paper_width - right, top, y)


def name_row(paper: Paper, row: Row, look: str = "") -> None:
    paper.lines(row.name_x, row.name_y, list(row.name), f"fm-letter--halo {look}".strip(), row.anchor)
