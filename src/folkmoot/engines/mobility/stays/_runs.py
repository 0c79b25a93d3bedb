"""Runs of events in one cell, one device after another: counted first, so that the rows lie in arrays of the right size."""

from __future__ import annotations

from typing import Any

from folkmoot.engines._compiled import jit

STAY, MOVE, UNKNOWN = 0, 1, 2


@jit
def counted(at: Any, cell: Any, starts: Any, max_gap: int) -> int:
    """How many rows `filled` will write."""
    rows = 0
    for k in range(len(starts) - 1):
        low, high = starts[k], starts[k + 1]
        rows += high > low
        for i in range(low + 1, high):
            late = at[i] - at[i - 1] > max_gap
            if late:
                rows += 2
            elif cell[i] != cell[i - 1]:
                rows += 1
    return rows


@jit
def filled(
    at: Any, cell: Any, starts: Any, max_gap: int, min_stay: int,
    device: Any, start: Any, end: Any, where: Any, events: Any, state: Any, is_open: Any,
) -> None:  # fmt: skip
    """Write the rows; a gap is a row with `where` -1."""
    row = 0
    for k in range(len(starts) - 1):
        low, high = starts[k], starts[k + 1]
        begin = low
        for i in range(low, high):
            late = i + 1 < high and at[i + 1] - at[i] > max_gap
            if i + 1 < high and not late and cell[i + 1] == cell[i]:
                continue
            device[row] = k
            start[row] = at[begin]
            end[row] = at[i]
            where[row] = cell[i]
            events[row] = i + 1 - begin
            state[row] = STAY if at[i] - at[begin] >= min_stay else MOVE
            is_open[row] = i + 1 == high
            row += 1
            begin = i + 1
            if late:
                device[row] = k
                start[row] = at[i]
                end[row] = at[i + 1]
                where[row] = -1
                events[row] = 0
                state[row] = UNKNOWN
                is_open[row] = False
                row += 1
