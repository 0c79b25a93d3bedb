"""Problems from files: OR-Library graphs, TSPLIB points, and tables of demand, sites and travel.

`orlib(path)` and `tsplib(path, p=…)` give a `Problem`; `tables(…)` gives a `Read`: the problem, what was set aside with its
row and reason, and sentences on what was assumed. Whatever cannot be meant is refused with the row and what to do.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "graphs": ("orlib",),
    "points": ("tsplib",),
    "problems": ("Read", "SetAside", "tables"),
    "matrices": ("Matrix", "matrix"),
    "places": ("Positions", "positions"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
