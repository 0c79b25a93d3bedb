"""Opening hours from timestamps: the hours of the week in which a team is seen at work.

An hour counts as open when it holds at least a tenth of the events of the team's usual busy hour (the median of its
twenty busiest): a night call now and then does not open the night. An hour between two open ones of a day is open too.
An empty hour is evidence only where a busy one holds many events; with fewer than 25 the days of the working week are
taken together, and the weekend, and with fewer than 25 even so, or in less than a fortnight, the team counts as always
open.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.flow.evidence.clock import HOUR, HOURS_IN_A_WEEK, MONDAY, hour_of_week, local

SHARE = 0.1
BUSIEST = 20
FEWEST = 25
FORTNIGHT = 14 * 24 * HOUR
DAYS = np.array([0, 0, 0, 0, 0, 1, 1])

type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]


def opening_hours(micros: Ints, zone: str) -> Bools:
    """Which of the 168 hours of the local week (Monday 00:00 first) a team works in; all when events are too few."""
    if not len(micros) or np.ptp(micros) < FORTNIGHT:
        return np.ones(HOURS_IN_A_WEEK, dtype=np.bool_)
    seen = np.bincount(hour_of_week(local(micros, zone)), minlength=HOURS_IN_A_WEEK).astype(np.float64)
    found = _open(seen, BUSIEST)
    if found is None:
        days = seen.reshape(7, 24)
        together = np.stack([days[:5].sum(axis=0), days[5:].sum(axis=0) * 2.5])
        pooled = _open(together.ravel(), BUSIEST // 5)
        found = np.ones(HOURS_IN_A_WEEK, dtype=np.bool_) if pooled is None else pooled.reshape(2, 24)[DAYS].ravel()
    return np.asarray(found | (np.roll(found, 1) & np.roll(found, -1)))


def _open(seen: NDArray[np.float64], busiest: int) -> Bools | None:
    busy = float(np.median(np.sort(seen)[-busiest:]))
    return None if busy < FEWEST else np.asarray(seen >= SHARE * busy)


def hours_open(begin: Ints, end: Ints, opened: Bools) -> NDArray[np.float64]:
    """Hours of each interval (microseconds of the local clock) that fall into the open hours of the week."""
    return _since_the_start(end, opened) - _since_the_start(begin, opened)


def _since_the_start(moment: Ints, opened: Bools) -> NDArray[np.float64]:
    before = np.concatenate([[0.0], np.cumsum(opened)])
    hour, part = np.divmod(moment + MONDAY * HOUR, HOUR)
    week, hour = np.divmod(hour, HOURS_IN_A_WEEK)
    return np.asarray(week * before[-1] + before[hour] + opened[hour] * (part / HOUR), dtype=np.float64)
