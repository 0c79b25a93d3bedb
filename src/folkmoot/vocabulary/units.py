"""Quantities with their unit in the name, for walls that numbers must not cross bare.

>>> Distance.from_miles(1).metres
1609.344
>>> str(Duration(minutes=135))
'2 h 15 min'
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

METRES_IN_A_MILE = 1609.344


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A length of time in minutes, never negative."""

    minutes: float

    def __post_init__(self) -> None:
        _refuse_negative("duration", self.minutes, "minutes")

    @classmethod
    def from_hours(cls, hours: float) -> Self:
        return cls(hours * 60)

    @property
    def hours(self) -> float:
        return self.minutes / 60

    def __add__(self, other: Duration) -> Duration:
        return Duration(self.minutes + other.minutes) if isinstance(other, Duration) else NotImplemented

    def __str__(self) -> str:
        """In the largest two units: days and hours, hours and minutes."""
        minutes = round(self.minutes)
        days, rest = divmod(minutes, 1440)
        hours, left = divmod(rest, 60)
        if days:
            return f"{days} d {hours} h"
        return f"{hours} h {left} min" if hours else f"{left} min"


@dataclass(frozen=True, slots=True, order=True)
class Distance:
    """A length in metres, never negative."""

    metres: float

    def __post_init__(self) -> None:
        _refuse_negative("distance", self.metres, "metres")

    @classmethod
    def from_miles(cls, miles: float) -> Self:
        return cls(miles * METRES_IN_A_MILE)

    @property
    def miles(self) -> float:
        return self.metres / METRES_IN_A_MILE

    def __add__(self, other: Distance) -> Distance:
        return Distance(self.metres + other.metres) if isinstance(other, Distance) else NotImplemented

    def __str__(self) -> str:
        return f"{self.metres:.0f} m" if self.metres < 1000 else f"{self.metres / 1000:.1f} km"


@dataclass(frozen=True, slots=True, order=True)
class Speed:
    """A speed in metres a second, never negative."""

    metres_per_second: float

    def __post_init__(self) -> None:
        _refuse_negative("speed", self.metres_per_second, "metres a second")

    @classmethod
    def from_miles_per_hour(cls, miles_per_hour: float) -> Self:
        return cls(miles_per_hour * METRES_IN_A_MILE / 3600)

    @property
    def miles_per_hour(self) -> float:
        return self.metres_per_second * 3600 / METRES_IN_A_MILE

    def __str__(self) -> str:
        return f"{self.miles_per_hour:.0f} mph"


def _refuse_negative(noun: str, value: float, unit: str) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"A {noun} of {value} {unit} is impossible; it must be a number from zero up.")
