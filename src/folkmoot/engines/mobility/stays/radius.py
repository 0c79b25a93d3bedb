"""Stays on coordinates: a device that does not leave the circle around where it came to rest for long enough stays there.

The sliding form of Hariharan & Toyama (2004) and Li et al. (2008), as trackintel and fastmob have it: the first fix is the
anchor; a fix at the radius or beyond ends the candidate and is the next anchor; the candidate is a stay if it lasted. Ours
by default keeps what those lose: the stay that a gap cuts off, and the last one of a device, which stays open.

>>> import pyarrow as pa
>>> from folkmoot.engines.mobility.stays.reading import of_table
>>> fixes = pa.table(
...     {
...         "user_id": ["x"] * 4,
...         "timestamp": pa.array([0, 400, 700, 800], pa.timestamp("s")),
...         "latitude": [51.4500, 51.4501, 51.4502, 51.4800],
...         "longitude": [-2.58] * 4,
...     }
... )
>>> [(row["state"], row["end"].second + 60 * row["end"].minute) for row in stays(of_table(fixes)).to_pylist()]
[('stay', 800), ('move', 800)]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sin
from typing import Any

import numpy as np

from folkmoot.engines.mobility.stays import _dwell, _order
from folkmoot.engines.mobility.stays.gathered import Bucket, each, gather
from folkmoot.engines.mobility.stays.reading import Events
from folkmoot.engines.mobility.stays.states import STATES, microseconds

EARTH_METRES = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Rule:
    """When a device stays.

    `heard`: a stay ends with the last fix inside the circle, else with the first one outside, as the peers have it.
    `close_at_gap`: a gap ends a stay instead of undoing it. `include_last`: so does the end of the data.
    """

    radius_metres: float = 200.0
    min_stay_seconds: float = 600.0
    max_gap_seconds: float = 3600.0
    heard: bool = False
    close_at_gap: bool = True
    include_last: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.radius_metres < 1e7:
            raise ValueError(f"A radius of {self.radius_metres:g} metres is no circle on the earth; give one above 0.")


def peers(radius_metres: float, min_stay_seconds: float, max_gap_seconds: float, *, include_last: bool = True) -> Rule:
    """The rule of trackintel's `generate_staypoints(method="sliding")` and of fastmob's `stay_locations`.

    trackintel leaves the last stay out unless told otherwise, fastmob does not.
    """
    return Rule(radius_metres, min_stay_seconds, max_gap_seconds, close_at_gap=False, include_last=include_last)


DEFAULT = Rule()


def stays(events: Events, rule: Rule = DEFAULT, *, threads: int = 1) -> Any:
    """Rows of user_id, start, end, latitude, longitude, events, state and open, as an Arrow table.

    Latitude and longitude are the mean of a stay's fixes, in degrees, and null for `move` and `unknown`.
    """
    import pyarrow as pa

    return pa.Table.from_batches(parts(events, rule, threads=threads), schema=_schema(events))


def parts(events: Events, rule: Rule = DEFAULT, *, threads: int = 1) -> Iterator[Any]:
    """The same, a batch at a time: a device's rows are in one batch, together and in order of time."""
    import pyarrow as pa

    gathered = gather(events, ("latitude", "longitude"))
    users = gathered.users.values
    limit = sin(rule.radius_metres / EARTH_METRES / 2.0) ** 2
    max_gap, min_stay = microseconds(rule.max_gap_seconds), microseconds(rule.min_stay_seconds)

    def work(bucket: Bucket) -> Any:
        latitude, longitude = bucket.columns
        _order.by_time_and_place(bucket.at, latitude, longitude, bucket.starts)
        # At most a move and a stay for each fix, and a gap between; what is not written to costs no memory.
        most = 3 * len(bucket.at)
        device, state, is_open = np.empty(most, np.int32), np.empty(most, np.int8), np.empty(most, np.bool_)
        start, end, heard = (np.empty(most, np.int64) for _ in range(3))
        north, east = np.empty(most), np.empty(most)
        rows = _dwell.dwelt(
            bucket.at, latitude, longitude, bucket.starts, limit, max_gap, min_stay, rule.heard, rule.close_at_gap,
            rule.include_last, device, start, end, north, east, heard, state, is_open,
        )  # fmt: skip
        instant, nowhere = pa.timestamp("us", "UTC"), state[:rows] != _dwell.STAY
        return pa.RecordBatch.from_arrays(
            [
                users.take(pa.array(bucket.devices[device[:rows]])),
                pa.array(start[:rows]).view(instant),
                pa.array(end[:rows]).view(instant),
                pa.array(north[:rows], mask=nowhere),
                pa.array(east[:rows], mask=nowhere),
                pa.array(heard[:rows]),
                pa.array(STATES).take(pa.array(state[:rows])),
                pa.array(is_open[:rows]),
            ],
            names=NAMES,
        )

    yield from each(gathered, work, threads)


NAMES = ["user_id", "start", "end", "latitude", "longitude", "events", "state", "open"]


def _schema(events: Events) -> Any:
    import pyarrow as pa

    instant = pa.timestamp("us", "UTC")
    kinds = [events.kind("user_id"), instant, instant, pa.float64(), pa.float64(), pa.int64(), pa.string(), pa.bool_()]
    return pa.schema(list(zip(NAMES, kinds)))
