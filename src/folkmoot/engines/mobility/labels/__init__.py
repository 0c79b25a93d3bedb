"""Labels: which cell is a device's home, which its work, which its usual ground, and how well each is supported.

A home is where most of the nights are dwelled; a night spans midnight and is one night, in the local time of the place. Work
is where most of the working hours of weekdays are dwelled, away from home. What is not supported stays null, and `coverage`
says how many devices that leaves without.

>>> from datetime import date
>>> from folkmoot.engines.mobility.labels import Support
>>> Support.of(date(2026, 3, 2), date(2026, 3, 2)).min_nights
1
>>> Support.of(date(2026, 3, 2), date(2026, 3, 29)).min_nights
10

Sources: Vanhoof, Reis, Ploetz and Smoreda (2018), on what night windows and thresholds do to homes; eurostat/multimno
v1.0 (2025) for permanence and usual environment, whose names are kept.

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "dwell": ("home", "places", "work"),
    "support": ("Support",),
    "ground": ("permanence", "usual_environment"),
    "covered": ("Coverage", "coverage"),
    "windows": ("clipped", "hours"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
