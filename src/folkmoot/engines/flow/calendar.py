"""When a resource works, and with how many people: weekly shifts in local time, turned into steps of capacity in UTC.

A calendar is a list of weekly shifts in a time zone. The simulator wants something simpler: the hours (UTC, since the
scenario's origin) at which the number of people on duty changes. The change to and from summer time happens here and
nowhere else.

>>> from datetime import datetime, UTC
>>> office = Calendar.weekly(days=range(5), start="09:00", end="17:00", staff=3)
>>> steps = office.steps(datetime(2026, 3, 27, tzinfo=UTC), hours=96)   # Friday to Monday, clocks go forward on Sunday
>>> [(float(t), int(c)) for t, c in zip(steps.times[:5], steps.capacity)]
[(0.0, 0), (9.0, 3), (17.0, 0), (80.0, 3), (88.0, 0)]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

MINUTES_IN_A_DAY = 1440
SECONDS_IN_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Shift:
    """`staff` people on duty on `weekday` (Monday is 0) between two minutes of the local day, end excluded."""

    weekday: int
    start_minute: int
    end_minute: int
    staff: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"A shift names weekday {self.weekday}; Monday is 0 and Sunday is 6.")
        if not 0 <= self.start_minute < self.end_minute <= MINUTES_IN_A_DAY:
            raise ValueError(
                f"A shift runs from minute {self.start_minute} to {self.end_minute}; it must end after it starts and "
                "within the day. Split a night shift at midnight."
            )
        if self.staff < 0:
            raise ValueError(f"A shift has {self.staff} staff; the number cannot be negative.")


@dataclass(frozen=True, eq=False, slots=True)
class Steps:
    """Capacity as a step function: `capacity[i]` people from `times[i]` (hours since origin) until the next time."""

    times: NDArray[np.float64]
    capacity: NDArray[np.int64]

    def hours_open(self, start: float, end: float) -> float:
        """Hours within [start, end) at which anybody is on duty."""
        edges = np.clip(np.append(self.times, np.inf), start, end)
        return float(np.sum(np.diff(edges)[self.capacity > 0]))

    def staff_hours(self, start: float, end: float) -> float:
        """Person-hours on duty within [start, end)."""
        edges = np.clip(np.append(self.times, np.inf), start, end)
        return float(np.sum(np.diff(edges) * self.capacity))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly shifts in one time zone, and dates (local) on which nobody works."""

    shifts: tuple[Shift, ...]
    zone: str = "Europe/London"
    closed: frozenset[date] = frozenset()

    @classmethod
    def always(cls, staff: int) -> Calendar:
        """Open day and night with `staff` people."""
        return cls(tuple(Shift(day, 0, MINUTES_IN_A_DAY, staff) for day in range(7)))

    @classmethod
    def weekly(cls, *, days: Iterable[int], start: str, end: str, staff: int, zone: str = "Europe/London") -> Calendar:
        """The same hours on each of `days`; `start` and `end` are "HH:MM" local, "24:00" is allowed as an end."""
        return cls(tuple(Shift(day, _minute(start), _minute(end), staff) for day in days), zone)

    @property
    def is_constant(self) -> bool:
        """True when the number on duty never changes."""
        return not self.closed and bool(np.ptp(self._profile()) == 0)

    @property
    def peak_staff(self) -> int:
        """The largest number of people on duty at once."""
        return int(self._profile().max(initial=0))

    @property
    def weekly_staff_hours(self) -> float:
        """Person-hours of an ordinary week."""
        return float(self._profile().sum()) / 60.0

    def with_more_staff(self, extra: int, *, weekdays: Iterable[int] = range(7)) -> Calendar:
        """`extra` more people on every shift of `weekdays`; a day without shifts gets the hours of the first shift."""
        wanted = set(weekdays)
        present = {shift.weekday for shift in self.shifts}
        raised = [
            Shift(s.weekday, s.start_minute, s.end_minute, max(0, s.staff + extra)) if s.weekday in wanted else s
            for s in self.shifts
        ]
        if self.shifts:
            model = self.shifts[0]
            raised += [
                Shift(day, model.start_minute, model.end_minute, max(0, extra)) for day in sorted(wanted - present)
            ]
        return Calendar(tuple(raised), self.zone, self.closed)

    def with_longer_hours(self, minutes: int) -> Calendar:
        """Every shift ends `minutes` later, at midnight at the latest."""
        return Calendar(
            tuple(
                Shift(s.weekday, s.start_minute, min(MINUTES_IN_A_DAY, s.end_minute + minutes), s.staff)
                for s in self.shifts
            ),
            self.zone,
            self.closed,
        )

    def steps(self, origin: datetime, hours: float) -> Steps:
        """Capacity over `hours` from `origin` (aware). The last step lasts for ever."""
        if origin.tzinfo is None:
            raise ValueError("The origin of a scenario needs a time zone; a naive datetime could be any hour.")
        return _steps(self, origin, hours)

    def _lay_out(self, origin: datetime, hours: float) -> Steps:
        profile = self._profile()
        if not self.closed and np.ptp(profile) == 0:
            return Steps(np.zeros(1), profile[0, :1].copy())
        first = origin.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)
        days = int(hours // 24) + 4
        midnight = _midnights(self.zone, first, days + 1)
        usual = np.diff(midnight) == SECONDS_IN_A_DAY
        number = np.arange(days)
        shut = np.isin(number, [(day - first).days for day in self.closed])
        when, staff = [midnight[:-1][shut]], [np.zeros(int(shut.sum()), dtype=np.int64)]
        for weekday in range(7):
            marks = np.flatnonzero(np.diff(profile[weekday], prepend=-1))
            mine = ~shut & ((first.weekday() + number) % 7 == weekday)
            seconds = midnight[:-1][mine, None] + 60 * marks
            for row in np.flatnonzero(~usual[mine]).tolist():  # the clocks change on this day
                day = first + timedelta(days=int(number[mine][row]))
                seconds[row] = [_moment(day, minute, self.zone) for minute in marks.tolist()]
            when.append(seconds.ravel())
            staff.append(np.tile(profile[weekday, marks], int(mine.sum())))
        times = (np.concatenate(when) - origin.timestamp()) / 3600.0
        return _compact(np.asarray(times, dtype=np.float64), np.concatenate(staff))

    def _profile(self) -> NDArray[np.int64]:
        """People on duty in each minute of the week, shape (7, 1440)."""
        profile = np.zeros((7, MINUTES_IN_A_DAY), dtype=np.int64)
        for shift in self.shifts:
            profile[shift.weekday, shift.start_minute : shift.end_minute] += shift.staff
        return profile


@lru_cache(maxsize=256)
def _steps(calendar: Calendar, origin: datetime, hours: float) -> Steps:
    """Laying out years of shifts takes a while, and what-ifs change one calendar of many."""
    return calendar._lay_out(origin, hours)


def _compact(times: NDArray[np.float64], capacity: NDArray[np.int64]) -> Steps:
    """Start at zero, and drop steps at which nothing changes."""
    order = np.argsort(times, kind="stable")
    times, capacity = times[order], capacity[order]
    at_zero = max(int(np.searchsorted(times, 0.0, side="right")) - 1, 0)
    times, capacity = times[at_zero:].copy(), capacity[at_zero:]
    times[0] = 0.0
    keep = np.append(True, np.diff(capacity) != 0)
    return Steps(times[keep], capacity[keep])


@lru_cache(maxsize=16)
def _midnights(zone: str, first: date, days: int) -> NDArray[np.int64]:
    """Local midnights from `first` on, as seconds since 1970."""
    return np.array([_moment(first + timedelta(days=day), 0, zone) for day in range(days)], dtype=np.int64)


def _moment(day: date, minute: int, zone: str) -> int:
    """Seconds since 1970 at a minute of the local day, the first time if it comes twice. A minute that the clocks skip
    (01:30 on the last Sunday of March) is the moment at which they go forward."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    while minute > 0 and _is_skipped(midnight + timedelta(minutes=minute)):
        minute -= 1
        if not _is_skipped(midnight + timedelta(minutes=minute)):
            return int((midnight + timedelta(minutes=minute)).timestamp()) + 60
    return int((midnight + timedelta(minutes=minute)).timestamp())


def _is_skipped(local: datetime) -> bool:
    """Whether the clock never shows this local time."""
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None)


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes or 0)
