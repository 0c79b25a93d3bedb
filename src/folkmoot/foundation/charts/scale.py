"""From figures to places on paper: round tick values, positions, and figures written for people.

Round ticks follow P. S. Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990: the step is 1, 2 or 5 times a
power of ten (and 2.5, which our hours and pounds like).

>>> ticks(0, 87)
(0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
>>> written(12345.6, "hours", decimals=0)
'12,346\\xa0hours'
>>> written(-0.051, "%", decimals=1)
'−0.1%'
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from folkmoot.foundation.charts.words import ENGLISH, Words

MINUS = "−"


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from figures (low to high) to paper (start to end)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return self.start
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def step(span: float, count: int) -> float:
    """The round step that gives about `count` intervals over `span`."""
    raw = span / max(count, 1)
    power = 10 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)


def ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Round values that cover low to high."""
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"A chart needs finite figures, but its axis would run from {low} to {high}.")
    if high <= low:
        high = low + (abs(low) or 1)
    size = step(high - low, count)
    first, last = math.floor(low / size + 1e-9), math.ceil(high / size - 1e-9)
    return tuple(round(index * size, 10) for index in range(first, last + 1))


def places(values: tuple[float, ...], most: int = 3) -> int:
    """Decimals needed to tell these values apart as written."""
    return next(
        (d for d in range(most) if all(abs(round(v, d) - v) <= 1e-9 * max(1, abs(v)) for v in values)),
        most,
    )


def fitting(value: float) -> int:
    """Decimals for one figure on its own: three significant figures, whole numbers from 100."""
    size = abs(value)
    if size >= 100 or size == int(size):
        return 0
    return 1 if size >= 10 else 2


def written(value: float, unit: str = "", *, decimals: int | None = None, sign: bool = False) -> str:
    """A figure as people write it: thousands separated, a true minus sign, its unit where the unit goes."""
    decimals = fitting(value) if decimals is None else decimals
    number = f"{abs(value):,.{decimals}f}"
    is_zero = not number.strip("0.,")
    before = "" if is_zero else MINUS if value < 0 else "+" if sign else ""
    if unit[:1] in {"£", "€", "$"} and unit[1:2] in {"", " "}:
        return f"{before}{unit[0]}{number}" + (f"\N{NO-BREAK SPACE}{unit[2:]}" if unit[2:] else "")
    if unit in {"%", "×"}:
        return f"{before}{number}{unit}"
    return f"{before}{number}" + (f"\N{NO-BREAK SPACE}{unit}" if unit else "")


_STEPS = [
    *(timedelta(minutes=m) for m in (5, 10, 15, 30)),
    *(timedelta(hours=h) for h in (1, 2, 3, 6, 12)),
    *(timedelta(days=d) for d in (1, 2, 7, 14, 28, 91, 182, 365)),
]


def time_ticks(low: datetime, high: datetime, count: int = 6) -> tuple[datetime, ...]:
    """Round moments within low to high: whole hours, midnights, Mondays or New Years, in the zone of `low`."""
    size = next((s for s in _STEPS if (high - low) / s <= count), _STEPS[-1])
    if size == _STEPS[-1]:
        turns = [low.replace(year=year, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
                 for year in range(low.year, high.year + 1)]  # fmt: skip
        turns = [turn for turn in turns if low <= turn <= high]
        return tuple(turns[:: max(1, math.ceil(len(turns) / (count + 1)))])
    origin = low.replace(hour=0, minute=0, second=0, microsecond=0)
    if size >= timedelta(days=7):
        origin -= timedelta(days=origin.weekday())
    first = math.ceil((low - origin) / size)
    moments = []
    while (moment := origin + first * size) <= high:
        moments.append(moment)
        first += 1
    return tuple(moments)


def when(moment: datetime, words: Words = ENGLISH, *, span: timedelta = timedelta(days=365)) -> str:
    """A moment at the grain that suits an axis of this span."""
    day = f"{moment.day} {words.months[moment.month - 1]}"
    if span <= timedelta(days=1.5):
        return f"{moment:%H:%M}"
    if span <= timedelta(days=7):
        return day if moment.hour == moment.minute == 0 else f"{moment:%H:%M}"
    if span > timedelta(days=4 * 365) and (moment.month, moment.day) == (1, 1):
        return str(moment.year)
    return day if span <= timedelta(days=400) else f"{words.months[moment.month - 1]} {moment.year}"


def stamp(moment: datetime, words: Words = ENGLISH) -> str:
    """A moment in full, for tables."""
    return f"{moment.day} {words.months[moment.month - 1]} {moment.year}, {moment:%H:%M}"
