"""How much a label must rest on, and what is said when the data is short.

>>> from datetime import date
>>> print(Support.of(date(2026, 3, 2), date(2026, 3, 2)).statement)
A home rests on at least 1 night and 30 % of the time dwelled at night; the data spans 1 day, so homes and work are guesses \
from one day: use 14 days or more for labels to keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil

from folkmoot.engines.mobility.errors import MobilityError

NIGHT, WORKING_HOURS = (21, 7), (9, 17)
SHARE = 0.3
"""Least share of night dwell at home. Assumed: a home under three overlapping sectors still shows one of them as often."""
NIGHTS_OF = 1 / 3
"""Least share of the period's nights (of its weekdays, for work) on which a device must be seen there. Assumed."""
ENOUGH_DAYS = 14


@dataclass(frozen=True, slots=True)
class Support:
    """Thresholds of labels, and a sentence that says them."""

    min_nights: int
    min_work_days: int
    min_share: float
    days: int

    @classmethod
    def of(
        cls,
        first: date,
        last: date,
        *,
        min_nights: int | None = None,
        min_work_days: int | None = None,
        min_share: float | None = None,
    ) -> Support:
        """What is asked of a label in a period: as given, otherwise a third of its nights and of its weekdays."""
        if last < first:
            raise MobilityError(f"The period ends on {last}, before it begins on {first}; exchange the two dates.")
        days = (last - first).days + 1
        weekdays = sum(date.fromordinal(first.toordinal() + i).weekday() < 5 for i in range(days))
        nights = max(1, ceil(days * NIGHTS_OF - 1e-9) if min_nights is None else min_nights)
        work = max(1, ceil(weekdays * NIGHTS_OF - 1e-9) if min_work_days is None else min_work_days)
        share = SHARE if min_share is None else min_share
        if not 0 <= share <= 1:
            raise MobilityError(f"A home's least share of night dwell is {share}; give a number from 0 to 1.")
        return cls(nights, work, share, days)

    @property
    def statement(self) -> str:
        """What labels of this support rest on, as a sentence."""
        asked = (
            f"A home rests on at least {self.min_nights} night{'s' * (self.min_nights > 1)} and "
            f"{100 * self.min_share:.0f} % of the time dwelled at night; the data spans {self.days} "
            f"day{'s' * (self.days > 1)}"
        )
        if self.days >= ENOUGH_DAYS:
            return f"{asked}."
        from_days = "one day" if self.days == 1 else "few days"
        return f"{asked}, so homes and work are guesses from {from_days}: use {ENOUGH_DAYS} days or more for labels to keep."
