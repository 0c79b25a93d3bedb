"""What kind of day it is, and what the clock on the wall says: day types, school terms, Europe/London.

>>> from datetime import date
>>> day_kind(date(2026, 3, 2)), day_kind(date(2026, 4, 6)), in_term(date(2026, 4, 7))
('weekday', 'sunday', False)
>>> hours = midnights(date(2026, 3, 29), 2)
>>> float(hours[1] - hours[0]) / 3600
23.0
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import numpy as np

from folkmoot.town.borough import Floats

type DayKind = Literal["weekday", "saturday", "sunday"]

DAY = 86_400.0
# School holidays as (month, day) from and to, both included, in a year like any other.
HOLIDAYS = (((1, 1), (1, 4)), ((2, 16), (2, 20)), ((3, 30), (4, 10)), ((5, 25), (5, 29)), ((7, 22), (8, 31)),
            ((10, 26), (10, 30)), ((12, 21), (12, 31)))  # fmt: skip
# How much people use a phone in each hour of the local day; the mean is 1.
USE = np.array([.3, .2, .2, .2, .2, .4, .8, 1.2, 1.3, 1.2, 1.2, 1.3, 1.4, 1.3, 1.2, 1.3, 1.5, 1.6, 1.6, 1.6, 1.5, 1.3, .9, .5])  # fmt: skip  # noqa: E501
USE = USE / USE.mean()


def day_kind(day: date) -> DayKind:
    """The type of day; a bank holiday of England is like a Sunday."""
    if day.weekday() == 6 or day in bank_holidays(day.year):
        return "sunday"
    return "saturday" if day.weekday() == 5 else "weekday"


def in_term(day: date) -> bool:
    """Whether schools are open on this day."""
    holiday = any(first <= (day.month, day.day) <= last for first, last in HOLIDAYS)
    return day_kind(day) == "weekday" and not holiday


def bank_holidays(year: int) -> frozenset[date]:
    """The eight of England; those at New Year and Christmas move to the next weekdays."""
    easter = _easter(year)
    may = _first_monday(date(year, 5, 1))
    spring, summer = _last_monday(date(year, 5, 31)), _last_monday(date(year, 8, 31))
    new_year = _next_weekday(date(year, 1, 1))
    christmas = _next_weekday(date(year, 12, 25))
    boxing = _next_weekday(max(date(year, 12, 26), christmas + timedelta(1)))
    return frozenset({new_year, easter - timedelta(2), easter + timedelta(1), may, spring, summer, christmas, boxing})


def _easter(year: int) -> date:
    """The Gregorian computus of Butcher (1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _first_monday(day: date) -> date:
    return day + timedelta((7 - day.weekday()) % 7)


def _last_monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _next_weekday(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(1)
    return day


def to_utc(day: date, wall: Floats) -> Floats:
    """Seconds since 1970 of a clock's time on a day, in seconds after midnight (more than 86,400: on the day after).

    A time that the clocks skip in March is the moment they skip it; one that comes twice in October is the first.
    """
    local = (day - date(1970, 1, 1)).days * DAY + np.asarray(wall, dtype=np.float64)
    utc = local.copy()
    for year in (day.year - 1, day.year, day.year + 1):
        forward, back = _last_sunday_at_one(year, 3), _last_sunday_at_one(year, 10)
        utc = np.where((local >= forward + 3600) & (local < back + 3600), local - 3600, utc)
        utc = np.where((local >= forward) & (local < forward + 3600), forward, utc)
    return utc


def _last_sunday_at_one(year: int, month: int) -> float:
    last = date(year, month, 31)
    return (last - timedelta((last.weekday() + 1) % 7) - date(1970, 1, 1)).days * DAY + 3600


def midnights(first: date, days: int) -> Floats:
    """Seconds since 1970 of the local midnights from the first day to the one after the last."""
    return np.array([float(to_utc(first + timedelta(i), np.array(0.0))) for i in range(days + 1)])


def use_over(day: date) -> tuple[Floats, Floats]:
    """Moments (seconds since 1970) from midnight to midnight and the use of phones added up to them, in hours."""
    moments = to_utc(day, np.linspace(0.0, DAY, 25))
    return moments, np.concatenate([[0.0], np.cumsum(USE * np.diff(moments) / 3600)])
