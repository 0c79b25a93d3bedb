"""One source, two speeds: numba compiles the loops where it is installed; without it they run as plain Python.

Sums keep their order, for numba's fastmath stays off; loops that use only comparison and + − × ÷ give the same bits both ways
(the last bit of a transcendental function may differ between libraries). The interpreter lock is released, so that threads
work on different devices, origins or plans at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

try:
    from numba import njit

    COMPILED = True

    def jit(function: Callable[..., Any]) -> Any:
        """Compile on first call, keep the result on disk, release the interpreter lock."""
        return njit(cache=True, nogil=True, error_model="numpy")(function)

    def inlined(function: Callable[..., Any]) -> Any:
        """The same, put into its callers: for small loops over many arrays, whose call costs more than their work."""
        return njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function)

except ImportError:
    COMPILED = False

    def jit(function: Callable[..., Any]) -> Any:
        """Without numba: the function as it is."""
        return function

    inlined = jit


def feed(array: Any) -> Any:
    """An array as the loops like it: itself when compiled, a list when not, which plain Python walks several times faster."""
    return np.ascontiguousarray(array) if COMPILED else np.asarray(array).tolist()
