"""How much space work needs: desks from people, clinical rooms from sessions.

Desks = headcount × (1 − mobile share) × peak factor ÷ desk ratio (people per desk). Rooms = sessions a week × observed
share of booked sessions that were held ÷ (sessions a room offers a week × utilisation ceiling). Bookings alone oversize:
one survey found rooms booked far more than they were seen in use, so the observed share must be stated.

>>> desks(200, mobile_share=(0.2, 0.3, 0.4), peak_factor=(0.9, 1.0, 1.1), people_per_desk=(1.2, 1.5, 2.0)).likely
94
>>> clinic_rooms(booked=120, observed_share=0.6, sessions_a_room=10, ceiling=0.8).rooms
9
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from folkmoot.engines.estate.sites import EstateError

type Range = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Desks:
    """Whole desks at the least, likely and most demanding ends of every range at once."""

    least: int
    likely: int
    most: int


@dataclass(frozen=True, slots=True)
class Rooms:
    """Rooms for the sessions seen in use, and how many bookings alone would have asked for."""

    rooms: int
    on_bookings_alone: int


def desks(headcount: int, *, mobile_share: Range, peak_factor: Range, people_per_desk: Range) -> Desks:
    """Desks, each input as (low, likely, high)."""
    for name, (low, likely, high) in (
        ("mobile_share", mobile_share), ("peak_factor", peak_factor), ("people_per_desk", people_per_desk),
    ):  # fmt: skip
        if not low <= likely <= high:
            raise EstateError(f"The range of {name} must rise: {low}, {likely}, {high} does not.")
    if headcount < 0 or not 0 <= mobile_share[0] <= mobile_share[2] <= 1:
        raise EstateError("A headcount cannot be negative, and a mobile share lies between 0 and 1.")
    if peak_factor[0] <= 0 or people_per_desk[0] <= 0:
        raise EstateError("The peak factor and the people per desk must be more than 0.")

    def count(mobile: float, peak: float, ratio: float) -> int:
        return math.ceil(headcount * (1 - mobile) * peak / ratio - 1e-9)

    return Desks(
        count(mobile_share[2], peak_factor[0], people_per_desk[2]),
        count(mobile_share[1], peak_factor[1], people_per_desk[1]),
        count(mobile_share[0], peak_factor[2], people_per_desk[0]),
    )


def clinic_rooms(*, booked: float, observed_share: float, sessions_a_room: float, ceiling: float) -> Rooms:
    """Rooms for `booked` sessions a week of which `observed_share` were seen to take place."""
    if booked < 0 or not 0 < observed_share <= 1 or sessions_a_room <= 0 or not 0 < ceiling <= 1:
        raise EstateError(
            "Rooms need sessions that are not negative, an observed share and a ceiling above 0 and at most 1, and sessions "
            "a room above 0."
        )
    offered = sessions_a_room * ceiling
    return Rooms(math.ceil(booked * observed_share / offered - 1e-9), math.ceil(booked / offered - 1e-9))
