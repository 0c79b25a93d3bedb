"""What an event or a scheme did to an area, against a control area on the same days.

Difference in differences on logarithms: of each day the ratio of area to control is taken, so that weather and holidays,
which touch both, cancel; the effect is the mean log ratio of the days after less that of the days before. The interval is
Student's t on how much the daily ratios vary (pooled over both periods), so it needs three days or more in all. That days
are independent is assumed; weekends among weekdays widen the interval, so compare like days.

>>> before = {"2026-03-02": 100.0, "2026-03-03": 110.0, "2026-03-04": 105.0}
>>> told = change({**before, "2026-03-05": 220.0}, {**before, "2026-03-05": 110.0}, days=["2026-03-05"])
>>> round(told.percent)
100
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

from folkmoot.engines.mobility.errors import MobilityError


@dataclass(frozen=True, slots=True)
class Change:
    """An effect in per cent with its interval, and the same in people a day."""

    percent: float
    low: float
    high: float
    level: float
    people: float
    """Change a day over what the control foretells, in the unit of the counts."""
    days_before: int
    days_after: int
    left_out: tuple[str, ...]
    """Days without a released count of both area and control."""

    @property
    def statement(self) -> str:
        """The effect as a sentence."""
        sure = "is" if self.low > 0 or self.high < 0 else "may be no change at all: it is"
        return (
            f"The change {sure} {self.percent:+.0f} % against the control ({self.level:.0%} interval {self.low:+.0f} to "
            f"{self.high:+.0f} %), from {self.days_before} days before and {self.days_after} after."
        )


def change(
    area: Mapping[str, float], control: Mapping[str, float], *, days: Collection[str], level: float = 0.95
) -> Change:
    """The effect on `days` against all other days. `area` and `control`: {day: released visitors}, the days alike.

    Takes released counts only; a day suppressed in either is left out and named.
    """
    from scipy.stats import t

    shown = sorted(day for day in area.keys() & control.keys() if (area[day] or 0) > 0 and (control[day] or 0) > 0)
    left_out = tuple(sorted((area.keys() | control.keys() | set(days)) - set(shown)))
    ratio = {day: log(area[day] / control[day]) for day in shown}
    after, before = [day for day in shown if day in days], [day for day in shown if day not in days]
    free = len(shown) - 2
    if not before or not after or free < 1:
        raise MobilityError(
            f"There are {len(before)} days before and {len(after)} after with counts of both area and control; it takes "
            "one of each and three in all. Release more days."
        )
    means = {period: sum(ratio[day] for day in held) / len(held) for period, held in (("b", before), ("a", after))}
    effect = means["a"] - means["b"]
    spread = sum((ratio[day] - means["a" if day in days else "b"]) ** 2 for day in shown) / free
    error = sqrt(spread * (1 / len(before) + 1 / len(after))) * float(t.ppf(0.5 + level / 2, free))
    foretold = sum(control[day] * exp(means["b"]) for day in after)
    people = (sum(area[day] for day in after) - foretold) / len(after)
    low, percent, high = (100 * (exp(value) - 1) for value in (effect - error, effect, effect + error))
    return Change(percent, low, high, level, people, len(before), len(after), left_out)
