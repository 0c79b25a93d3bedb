"""Opening hours from timestamps: the hours of the week in which a team is ever seen at work.

An hour counts as open when it holds at least a tenth of the events of the team's usual busy hour (the median of its
twenty busiest): a night call now and then does not open the night.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.flow.calibrate.arrivals import HOURS_IN_A_WEEK, _offset

SHARE = 0.1
FEWEST = 50


def opening_hours(micros: NDArray[np.int64], zone: str) -> NDArray[np.bool_]:
    """Which of the 168 hours of the local week (Monday 00:00 first) a team works in; all when fewer than 50 events."""
    if len(micros) < FEWEST:
        return np.ones(HOURS_IN_A_WEEK, dtype=np.bool_)
    place = ZoneInfo(zone)
    hours = micros // 3_600_000_000
    offset = np.array([_offset(int(h), place) for h in hours], dtype=np.int64)
    seen = np.bincount((hours + offset + 72) % HOURS_IN_A_WEEK, minlength=HOURS_IN_A_WEEK)
    busy = float(np.median(np.sort(seen)[-20:]))
    return np.asarray(seen >= max(SHARE * busy, 1.0))
