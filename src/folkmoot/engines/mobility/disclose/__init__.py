"""Disclosure control: the only door out of the secure setting.

A fixed order, and each step takes only what the one before it makes: count distinct raw devices → threshold → complementary
suppression → expansion → rounding. What comes out is a `Releasable`, which nothing else can make, and exports take nothing
else. `audit` holds a release against all earlier ones; `privacy` offers differential privacy instead of a threshold.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "policy": ("Policy", "Reason"),
    "counting": ("RawCounts", "count", "tallies"),
    "thresholding": ("Judged", "threshold"),
    "protecting": ("Protected", "protect"),
    "releasing": ("Expanded", "expand", "release"),
    "releasable": ("Releasable", "read"),
    "published": ("Published",),
    "provenance": ("Provenance",),
    "auditing": ("Audit", "GivenAway", "audit"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
