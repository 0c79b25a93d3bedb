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

from folkmoot.engines._front import front

_HOMES = {
    "chains": ("between", "verdicts"),
    "why": ("purpose", "tours", "unlabelled"),
    "modes": ("MODES", "heavy", "mode", "most_likely"),
    "beliefs": ("Beliefs",),
    "corridor": ("corridors",),
    "placing": ("drawn",),
    "counts": ("OUTSIDE", "contributions", "likely"),
    "occupancy": ("OCCUPANCY", "vehicles"),
    "distance": ("between_cells", "haversine", "positions"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
