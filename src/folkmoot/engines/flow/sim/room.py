"""Room for the event loop to work in."""

from __future__ import annotations

from typing import Any

import numpy as np

from folkmoot.engines._compiled import feed

LINE = 64
"""Bytes in a line of the processor's cache."""


def zeros(*wanted: tuple[int, type]) -> list[Any]:
    """Zeroed arrays of the sizes and types wanted, cut from one allocation.

    A large allocation gets large pages, which spares most of the page faults; and each array begins one line further
    from the start of a page than the last, or all the numbers of one task would compete for the same place in the cache.
    """
    starts, total = [], 0
    for size, kind in wanted:
        starts.append(total)
        total += LINE * (-(-max(size, 1) * np.dtype(kind).itemsize // LINE) + 1)
    whole = np.zeros(total, dtype=np.uint8)
    cut = zip(starts, wanted)
    return [whole[a : a + max(size, 1) * np.dtype(kind).itemsize].view(kind) for a, (size, kind) in cut]


def fed(arrays: list[Any]) -> list[Any]:
    """The arrays as the loops like them."""
    return [feed(array) for array in arrays]
