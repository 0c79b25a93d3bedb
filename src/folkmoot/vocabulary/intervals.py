"""From one moment to another, end excluded. Moments have a zone; lengths are of real time, also when clocks change.

>>> from datetime import datetime
>>> from zoneinfo import ZoneInfo
>>> london = ZoneInfo("Europe/London")
>>> night = Interval(datetime(2026, 3, 28, 22, tzinfo=london), datetime(2026, 3, 29, 6, tzinfo=london))
>>> night.hours   # the clocks went forward
7.0
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Self


@dataclass(frozen=True, slots=True)
class Interval:
    """The time from `start` until just before `end`. Two intervals are equal when their moments are."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for name, moment in (("start", self.start), ("end", self.end)):
            if moment.utcoffset() is None:
                raise ValueError(f"The {name} of an interval, {moment}, has no time zone. Say which zone it is in.")
        if self.length < timedelta(0):
            raise ValueError(f"An interval ends at {self.end}, before it starts at {self.start}. Swap the two.")

    @classmethod
    def of_day(cls, day: date, zone: tzinfo) -> Self:
        """A local day, which has 23 or 25 hours when clocks change."""
        following = day + timedelta(days=1)
        return cls(
            datetime(day.year, day.month, day.day, tzinfo=zone),
            datetime(following.year, following.month, following.day, tzinfo=zone),
        )

    @property
    def length(self) -> timedelta:
        """Real time elapsed. Python subtracts wall clocks within a zone, so both ends go to UTC first."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)

    @property
    def hours(self) -> float:
        return self.length / timedelta(hours=1)

    def contains(self, moment: datetime) -> bool:
        """True from the start, included, to the end, excluded."""
        if moment.utcoffset() is None:
            raise ValueError(f"The moment {moment} has no time zone. Say which zone it is in.")
        return self.start.astimezone(UTC) <= moment.astimezone(UTC) < self.end.astimezone(UTC)

    def overlaps(self, other: Interval) -> bool:
        """True when they share time; touching ends share none."""
        return self.overlap(other) is not None

    def overlap(self, other: Interval) -> Interval | None:
        """The time both cover, or None."""
        start = max(self.start.astimezone(UTC), other.start.astimezone(UTC))
        end = min(self.end.astimezone(UTC), other.end.astimezone(UTC))
        return Interval(start, end) if start < end else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Interval):
            return NotImplemented
        return self._utc == other._utc

    def __hash__(self) -> int:
        return hash(self._utc)

    @property
    def _utc(self) -> tuple[datetime, datetime]:
        return (self.start.astimezone(UTC), self.end.astimezone(UTC))
