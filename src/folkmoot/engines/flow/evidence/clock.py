"""The local clock for whole columns of times: which hour of the week it was, where the hospital is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

HOURS_IN_A_WEEK = 168
HOUR = 3_600_000_000
MONDAY = 72
"""Hours from Monday 29 December 1969 to 1 January 1970, which was a Thursday."""

type Ints = NDArray[np.int64]


def local(micros: Ints, zone: str) -> Ints:
    """Microseconds since 1970 as the local clock counts them. Offsets change on whole hours of UTC."""
    hours, place = micros // HOUR, ZoneInfo(zone)
    distinct, back = np.unique(hours, return_inverse=True)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    shift = [
        ((epoch + timedelta(hours=h)).astimezone(place).utcoffset() or timedelta()) // timedelta(microseconds=1)
        for h in distinct.tolist()
    ]
    return np.asarray(micros + np.array(shift, dtype=np.int64)[back.reshape(micros.shape)])


def hour_of_week(local_micros: Ints) -> Ints:
    """Monday 00:00 is hour 0, Sunday 23:00 hour 167."""
    return np.asarray((local_micros // HOUR + MONDAY) % HOURS_IN_A_WEEK)
