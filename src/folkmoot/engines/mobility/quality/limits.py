"""Control limits, as multimno's quality warnings: a day or hour whose counts are far from the others' mean.

For each number (events before, events after, share rejected) a day is compared with the mean ± X standard deviations of the
other days; an hour with the same hour of the other days. At least four others are needed to speak of a deviation, and one of
less than a twentieth of the mean is let pass.

>>> even = {day: 1000.0 + day % 3 for day in range(8)}
>>> outside({**even, 8: 400.0})
[(8, 400.0, 998.4, 1003.4)]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from statistics import fmean, stdev
from zoneinfo import ZoneInfo

from folkmoot.engines.mobility.instants import LONDON
from folkmoot.engines.mobility.quality.counts import Counts
from folkmoot.engines.mobility.quality.days import local_hours

LEAST_OTHERS = 4
LEAST_CHANGE = 0.05
SHOWN = 5


def outside[K: (int, date)](numbers: Mapping[K, float], deviations: float = 3.0) -> list[tuple[K, float, float, float]]:
    """(key, number, low, high) where the number is outside the limits that the others give."""
    found = []
    for key, number in numbers.items():
        others = [other for each, other in numbers.items() if each != key]
        if len(others) < LEAST_OTHERS:
            continue
        mean, spread = fmean(others), deviations * stdev(others)
        low, high = max(mean - spread, 0.0), mean + spread
        if (number < low or number > high) and abs(number - mean) > LEAST_CHANGE * abs(mean):
            found.append((key, number, round(low, 1), round(high, 1)))
    return found


def by_day(counts: Counts, *, zone: str = LONDON) -> dict[date, tuple[int, int, int]]:
    """{local day: (before, after, hours that the day has)}: 23 or 25 hours where the clock changes."""
    tz = ZoneInfo(zone)
    found: dict[date, tuple[int, int, int]] = {}
    for hour, (before, after) in counts.by_hour.items():
        day = datetime.fromtimestamp(hour * 3600, UTC).astimezone(tz).date()
        old = found.get(day, (0, 0, len(local_hours(day, day, zone=zone))))
        found[day] = (old[0] + before, old[1] + after, old[2])
    return dict(sorted(found.items()))


def control(counts: Counts, first: date, last: date, *, deviations: float = 3.0, zone: str = LONDON) -> list[str]:
    """Sentences for days and hours of the period outside the limits.

    Days are compared by events per hour, so that one of 23 hours is not short; a day or hour without events counts as 0.
    """
    said = []
    there = by_day(counts, zone=zone)
    days = {
        day: there.get(day, (0, 0, len(local_hours(day, day, zone=zone))))
        for day in (first + timedelta(days=k) for k in range((last - first).days + 1))
    }
    for which, at in (("read", 0), ("accepted", 1)):
        rates = {day: held[at] / held[2] for day, held in days.items()}
        for day, number, low, high in outside(rates, deviations):
            said.append(
                f"On {day} {number:,.0f} events an hour were {which}; the other days give {low:,.0f} to {high:,.0f} "
                f"(mean ± {deviations:g} SD)."
            )
    shares = {day: 100.0 * (held[0] - held[1]) / held[0] for day, held in days.items() if held[0]}
    for day, number, low, high in outside(shares, deviations):
        said.append(f"On {day} {number:.1f} % of events were rejected; the other days give {low:g} to {high:g} %.")
    return said + _by_hour(counts, first, last, deviations, zone)


def _by_hour(counts: Counts, first: date, last: date, deviations: float, zone: str) -> list[str]:
    tz = ZoneInfo(zone)
    same: dict[int, dict[date, float]] = defaultdict(dict)
    for hour, _ in local_hours(first, last, zone=zone):
        shown = datetime.fromtimestamp(hour * 3600, tz)
        if len(local_hours(shown.date(), shown.date(), zone=zone)) == 24:  # an hour that comes twice is not comparable
            same[shown.hour][shown.date()] = float(counts.by_hour.get(hour, (0, 0))[0])
    said = []
    for hour_of_day, numbers in sorted(same.items()):
        for day, number, low, high in outside(numbers, deviations):
            said.append(
                f"On {day} between {hour_of_day:02d}:00 and {hour_of_day:02d}:59 {number:,.0f} events were read; the same "
                f"hour of other days has {low:,.0f} to {high:,.0f}."
            )
    more = (
        [f"So it is with {len(said) - SHOWN:,} more hours; see the hours of the report."] if len(said) > SHOWN else []
    )
    return said[:SHOWN] + more


def empty_hours(counts: Counts, first: date, last: date, *, zone: str = LONDON) -> list[str]:
    """Hours of the period, as the wall clock shows them, in which no event was accepted."""
    return [shown for hour, shown in local_hours(first, last, zone=zone) if not counts.by_hour.get(hour, (0, 0))[1]]


def is_one_instant(counts: Counts) -> bool:
    """Everything happened in one second: the instants were lost on the way."""
    return counts.after > 1 and counts.first_second is not None and counts.first_second == counts.last_second
