"""Devices in whose events nothing is to be looked at, bucket by bucket."""

from __future__ import annotations

from math import cos, radians
from typing import Any

from folkmoot.engines._compiled import jit
from folkmoot.engines.mobility.quality.neighbours import METRES_PER_DEGREE

ALMOST, SECOND = 0.999, 1_000_000.0


@jit
def clean(
    at: Any, cell: Any, starts: Any, latitude: Any, longitude: Any, fault: int, metres: float, speed: float, found: Any
) -> int:
    """Tell of each device (`found`) whether no event is at `fault`, none shares its instant, and none is a jump.

    Whatever might be a jump by the exact rule of `quality.neighbours` is one here, and a little more. Returns how many events
    the clean devices have.
    """
    events = 0
    for k in range(len(starts) - 1):
        low, high = starts[k], starts[k + 1]
        fine = high > low and cell[low] != fault
        for i in range(low + 1, high):
            if not fine:
                break
            here, there = cell[i], cell[i - 1]
            fine = here != fault and at[i] != at[i - 1]
            if fine and here != there:
                north = latitude[here] - latitude[there]
                east = abs(longitude[here] - longitude[there])
                east = min(east, 360.0 - east)
                narrower = (cos(radians(latitude[here] + latitude[there])) + 1.0) * 0.5
                far = (north * north + east * east * narrower) * METRES_PER_DEGREE * METRES_PER_DEGREE
                gap = max((at[i] - at[i - 1]) / SECOND - 1.0, 0.0)
                fine = far <= ALMOST * max(gap * gap * speed * speed, metres * metres)
        found[k] = fine
        if fine:
            events += high - low
    return events


@jit
def kept(at: Any, cell: Any, starts: Any, wanted: Any, places: Any) -> None:
    """Close up the events of wanted devices in place; `places` is where each device's begin then."""
    place = 0
    for k in range(len(starts) - 1):
        places[k] = place
        if wanted[k]:
            for i in range(starts[k], starts[k + 1]):
                at[place], cell[place] = at[i], cell[i]
                place += 1
    places[len(starts) - 1] = place
