"""Disclosure control: the only door out of the secure setting.

A fixed order, and each step takes only what the one before it makes: count distinct raw devices → threshold → complementary
suppression → expansion → rounding. What comes out is a `Releasable`, which nothing else can make, and exports take nothing
else. `audit` holds a release against all earlier ones; `privacy` offers differential privacy instead of a threshold.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

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
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
