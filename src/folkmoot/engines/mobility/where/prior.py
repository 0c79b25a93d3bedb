"""Where people are likelier to be before any event is seen: even over the area, or by a number for each zone.

Outside all zones nothing is known. With numbers for zones, the land around is taken to be as empty as their sparsest tenth,
since a study area is drawn around where people are; without, as full as they are.

>>> from folkmoot.engines.mobility.where import zones
>>> square = "POLYGON ((-2.6 51.4, -2.5 51.4, -2.5 51.5, -2.6 51.5, -2.6 51.4))"
>>> density, around = zone_density(zones.of({"Z": square}), None)
>>> density.tolist(), around
([1.0], 1.0)
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.where.zones import Zones

type Floats = NDArray[np.float64]

SPARSEST = 0.1
"""The quantile of the zones' densities that is assumed around them."""


def zone_density(zones: Zones, prior: Mapping[str, float] | None) -> tuple[Floats, float]:
    """People a square metre by zone (relative), and outside. `prior`: people, jobs or both, for every zone."""
    if prior is None:
        return np.ones(len(zones)), 1.0
    missing = [zone for zone in zones.zone_id if zone not in prior]
    if missing:
        raise MobilityError(
            f"The prior has no number for {len(missing):,} of {len(zones):,} zones, “{missing[0]}” among them. Give one "
            "for every zone, 0 where nobody is."
        )
    people = np.array([float(prior[zone]) for zone in zones.zone_id])
    wrong = np.flatnonzero(~np.isfinite(people) | (people < 0))
    if wrong.size or people.sum() <= 0:
        which = int(wrong[0]) if wrong.size else 0
        raise MobilityError(
            f"The prior of zone “{zones.zone_id[which]}” is {people[which]:g}. Numbers must be finite, not negative, and "
            "not all 0."
        )
    density = people / zones.area_m2
    return density, float(np.quantile(density, SPARSEST))
