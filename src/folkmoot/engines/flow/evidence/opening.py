"""Opening hours from timestamps: the hours of the week in which a team is seen at work.

An hour counts as open when it holds at least a tenth of the events of the team's usual busy hour (the median of its
twenty busiest): a night call now and then does not open the night. An hour between two open ones of a day is open too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.flow.evidence.clock import HOUR, HOURS_IN_A_WEEK, MONDAY, hour_of_week, local

SHARE = 0.1
BUSIEST = 20
FEWEST = 50

type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]


def opening_hours(micros: Ints, zone: str) -> Bools:
    """Which of the 168 hours of the local week (Monday 00:00 first) a team works in; all when fewer than 50 events."""
    if len(micros) < FEWEST:
        return np.ones(HOURS_IN_A_WEEK, dtype=np.bool_)
    seen = np.bincount(hour_of_week(local(micros, zone)), minlength=HOURS_IN_A_WEEK)
    busy = float(np.median(np.sort(seen)[-BUSIEST:]))
    found = seen >= max(SHARE * busy, 1.0)
    before, after = np.roll(found, 1), np.roll(found, -1)
    return np.asarray(found | (before & after))


def hours_open(begin: Ints, end: Ints, opened: Bools) -> NDArray[np.float64]:
    """Hours of each interval (microseconds of the local clock) that fall into the open hours of the week."""
    return _since_the_start(end, opened) - _since_the_start(begin, opened)


def _since_the_start(moment: Ints, opened: Bools) -> NDArray[np.float64]:
    before = np.concatenate([[0.0], np.cumsum(opened)])
    hour, part = np.divmod(moment + MONDAY * HOUR, HOUR)
    week, hour = np.divmod(hour, HOURS_IN_A_WEEK)
    return np.asarray(week * before[-1] + before[hour] + opened[hour] * (part / HOUR), dtype=np.float64)
