"""Access: how long people travel, to whom services are near, and who gains and who loses by a plan.

`roads(path)` and `travel_times(…)` make a matrix from streets; `two_step` and `enhanced_two_step` weigh supply against the
people who share it; `panel(…)` sets travel before and after a plan side by side for every group.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "streets": ("Network", "Speeds", "network", "roads"),
    "times": ("TravelTimes", "travel_times"),
    "catchments": ("Catchment", "enhanced_two_step", "two_step"),
    "groups": ("GroupAccess", "GroupChange", "Panel", "by_group", "panel", "quantile"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
