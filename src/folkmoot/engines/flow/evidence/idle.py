"""When a team had somebody free: from the work seen in its hands, how many work at once, and its opening hours.

A wait in such hours is not queueing: no order and no colleague shortens it (Chapela-Campa and Dumas 2023 call it
extraneous delay).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.flow.evidence.clock import HOUR, hour_of_week

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]


def at_once(begin: Ints, end: Ints) -> int:
    """People at work at once: the 95th percentile, over time with any work, of work in hand."""
    moment, level = _levels(begin, end)
    length = np.diff(moment)
    busy = (level[:-1] > 0) & (length > 0)
    if not busy.any():
        return 1
    by = np.argsort(level[:-1][busy], kind="stable")
    share = np.cumsum(length[busy][by]) / length[busy].sum()
    return int(level[:-1][busy][by][np.searchsorted(share, 0.95)])


def idle_hours(begin: Ints, end: Ints, capacity: int, opened: Bools, since: Ints, until: Ints) -> Floats:
    """Hours of each interval `since`–`until` in which a team with work `begin`–`end` was open and had somebody free.

    All in microseconds of the local clock."""
    low, high = int(min(begin.min(), since.min())), int(max(end.max(), until.max()))
    hours = np.arange(low // HOUR, high // HOUR + 2, dtype=np.int64) * HOUR
    changes, level = _levels(begin, end)
    moment = np.unique(np.concatenate([hours, changes]))
    at_work = level[np.maximum(np.searchsorted(changes, moment, side="right") - 1, 0)]
    at_work[moment < changes[0]] = 0
    idle = (at_work < capacity) & opened[hour_of_week(moment)]
    total = np.concatenate([[0.0], np.cumsum(np.diff(moment) * idle[:-1])]) / HOUR
    return np.asarray(np.interp(until, moment, total) - np.interp(since, moment, total), dtype=np.float64)


def _levels(begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Moments at which the amount of work in hand changes, and the amount from each on."""
    moment = np.concatenate([begin, end])
    change = np.repeat([1, -1], len(begin))
    order = np.lexsort((-change, moment))
    return moment[order], np.cumsum(change[order])
