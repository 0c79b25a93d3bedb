"""Where: which zone a device was in when all that is known is its cell, and how sure that is.

`cells.read` and `zones.read` take what people have and refuse it by row; `footprint` gives P(zone | cell), from signal
strength and a prior (the default) or from Voronoi polygons (the baseline); `uncertainty` turns that into the error of a
count. A cell that was moved or renamed is followed by `versions.keyed`.

>>> from folkmoot.engines.mobility import where
>>> here = where.cells.of({"cell_id": ["A", "B"], "latitude": [51.45, 51.45], "longitude": [-2.60, -2.50],
...                        "range": [3000, 3000]})
>>> town = where.zones.of({"W": "POLYGON ((-2.65 51.4, -2.55 51.4, -2.55 51.5, -2.65 51.5, -2.65 51.4))",
...                        "E": "POLYGON ((-2.55 51.4, -2.45 51.4, -2.45 51.5, -2.55 51.5, -2.55 51.4))"})
>>> found = where.footprint(here, town)
>>> found.likely_zone("A"), found.likely_zone("B")
('W', 'E')

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_ROOMS = ("cells", "grid", "plane", "population", "present", "signal", "versions", "voronoi", "zones")
_HOMES = {
    "cells": ("Cells",),
    "zones": ("Zones",),
    "result": ("Footprint",),
    "location": ("footprint",),
    "learning": ("learned",),
    "confusion": ("Confusion", "Uncertainty", "uncertainty"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES, _ROOMS)
