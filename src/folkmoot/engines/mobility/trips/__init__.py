"""Trips: from one stay to the next, why, how, and as counts by origin and destination that `disclose` can take.

`between` makes trips of stays; `purpose` names them by their ends at home or work; `mode` gives the probability of road,
rail, slow (on foot or by cycle) and heavy goods; `contributions` are the rows that count, with the device still in them, so
only `folkmoot.engines.mobility.disclose` may take them further.

>>> from folkmoot.engines.mobility.trips import OCCUPANCY
>>> OCCUPANCY["HBW"], OCCUPANCY["HBO"]
(1.07, 1.69)

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "chains": ("between", "verdicts"),
    "why": ("purpose", "tours", "unlabelled"),
    "modes": ("MODES", "heavy", "mode", "most_likely"),
    "beliefs": ("Beliefs",),
    "corridor": ("corridors",),
    "counts": ("OUTSIDE", "contributions", "likely"),
    "occupancy": ("OCCUPANCY", "vehicles"),
    "distance": ("between_cells", "haversine", "positions"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
