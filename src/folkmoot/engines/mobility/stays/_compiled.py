"""Loops compiled by numba where it is installed; without it they run as plain Python, slower and with the same result.

`nogil` lets threads work on different devices at once; fastmath stays off, so sums keep their order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

try:
    from numba import njit

    COMPILED = True

    def jit(function: Callable[..., Any]) -> Any:
        """Compile on first call and keep the result on disk."""
        return njit(cache=True, nogil=True, error_model="numpy")(function)

    def inlined(function: Callable[..., Any]) -> Any:
        """The same, put into its callers of the same file."""
        return njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function)

except ImportError:
    COMPILED = False

    def jit(function: Callable[..., Any]) -> Any:
        """Without numba: the function as it is."""
        return function

    inlined = jit
