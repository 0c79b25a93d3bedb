"""Access: how long people travel, to whom services are near, and who gains and who loses by a plan.

`roads(path)` and `travel_times(…)` make a matrix from streets; `two_step` and `enhanced_two_step` weigh supply against the
people who share it; `panel(…)` sets travel before and after a plan side by side for every group.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "streets": ("Network", "Speeds", "network", "roads"),
    "times": ("TravelTimes", "travel_times"),
    "catchments": ("Catchment", "enhanced_two_step", "two_step"),
    "groups": ("GroupAccess", "GroupChange", "Panel", "by_group", "panel", "quantile"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
