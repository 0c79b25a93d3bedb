"""Who travels how far before and after a plan: minutes to the nearest site with each service, by deprivation decile.

As the limits of a programme have it, only sites that give a service today and stay open are counted, so a plan looks no
better for patients than it can promise. Decile 1 is the most deprived.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from folkmoot.engines.estate.programme import Programme


@dataclass(frozen=True, slots=True)
class DecileAccess:
    """Mean minutes over people and services, and the longest way of anybody; `worse` people travel longer than today."""

    decile: int
    people: float
    mean_before: float
    mean_after: float
    worst_before: float
    worst_after: float
    worse: float


def by_decile(programme: Programme, closed: Iterable[str]) -> tuple[DecileAccess, ...]:
    """A row for each decile with people; nothing where no travel times are given, for then access is unknown."""
    travel = programme.travel
    if travel is None:
        return ()
    gone, column = frozenset(closed), {code: j for j, code in enumerate(travel.sites)}
    before, after = [], []
    for service in sorted(programme.clinical):
        today = [s.code for s in programme.sites if s.is_open and dict(s.needs).get(service, 0.0) > 0]
        stay = [code for code in today if code not in gone]
        if stay:
            before.append(travel.minutes[:, [column[code] for code in today]].min(axis=1))
            after.append(travel.minutes[:, [column[code] for code in stay]].min(axis=1))
    if not before:
        return ()
    old, new = np.array(before), np.array(after)
    longer = (new > old).any(axis=0)
    found = []
    for decile in np.unique(travel.imd_decile[travel.population > 0]):
        here = (travel.imd_decile == decile) & (travel.population > 0)
        people = travel.population[here]
        found.append(
            DecileAccess(
                int(decile), float(people.sum()),
                float(np.average(old[:, here].mean(axis=0), weights=people)),
                float(np.average(new[:, here].mean(axis=0), weights=people)),
                float(old[:, here].max()), float(new[:, here].max()), float(people[longer[here]].sum()),
            )
        )  # fmt: skip
    return tuple(found)
