"""Problems from files: OR-Library graphs, TSPLIB points, and tables of demand, sites and travel.

`orlib(path)` and `tsplib(path, p=…)` give a `Problem`; `tables(…)` gives a `Read`: the problem, what was set aside with its
row and reason, and sentences on what was assumed. Whatever cannot be meant is refused with the row and what to do.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "graphs": ("orlib",),
    "points": ("tsplib",),
    "problems": ("Read", "SetAside", "tables"),
    "matrices": ("Matrix", "matrix"),
    "places": ("Positions", "positions"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
