"""Footfall: who is in an area when, for how long, how often again, from where, and what a change did.

`presence`, `visitors`, `dwell`, `returns` and `catchment` give contributions: key columns, the device, and how often
(`trips`). They may not leave: `folkmoot.engines.mobility.disclose` counts distinct devices, suppresses and releases. What is
computed further (`dwell_quantiles`, `return_rate`, `rings`, `demographics`, `change`) takes released counts only.

Counts of distinct devices do not add up: one device in two hours is one visitor of the day. Give them to `disclose.count`
with `additive=False`.

>>> from folkmoot.engines.mobility.footfall import DWELL_BANDS
>>> DWELL_BANDS
(15, 30, 60, 120, 240, 480)

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "ground": ("areas", "fit"),
    "present": ("dated", "presence", "visitors"),
    "stops": ("DWELL_BANDS", "RETURN_BANDS", "dwell", "dwell_labels", "newcomers", "returns", "visits"),
    "belonging": ("ROLES", "roles"),
    "origin": ("UNKNOWN", "Mix", "Ring", "catchment", "demographics", "rings"),
    "shares": ("DwellQuantile", "dwell_quantiles", "return_rate"),
    "before_after": ("Change", "change"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
