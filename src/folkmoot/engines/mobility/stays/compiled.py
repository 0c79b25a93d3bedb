"""The rows of `cell.runs`, from Arrow or Parquet by compiled loops: the fast path on one machine.

>>> import pyarrow as pa
>>> from folkmoot.engines.mobility.stays.reading import of_table
>>> events = pa.table({"user_id": [b"x"] * 3, "timestamp": pa.array([0, 700, 800], pa.timestamp("s")), "cell_id": [*"AAB"]})
>>> runs(of_table(events)).select(["cell_id", "events", "state", "open"]).to_pylist()[0]
{'cell_id': 'A', 'events': 2, 'state': 'stay', 'open': False}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from folkmoot.engines.mobility.schema import STAYS
from folkmoot.engines.mobility.stays import _order, _runs
from folkmoot.engines.mobility.stays.cell import MAX_GAP_SECONDS, MIN_STAY_SECONDS
from folkmoot.engines.mobility.stays.gathered import Bucket, each, gather
from folkmoot.engines.mobility.stays.reading import Events
from folkmoot.engines.mobility.stays.states import STATES, microseconds


def runs(
    events: Events,
    *,
    max_gap_seconds: float = MAX_GAP_SECONDS,
    min_stay_seconds: float = MIN_STAY_SECONDS,
    threads: int = 1,
) -> Any:
    """The rows of `cell.runs` as an Arrow table."""
    import pyarrow as pa

    return pa.Table.from_batches(
        parts(events, max_gap_seconds=max_gap_seconds, min_stay_seconds=min_stay_seconds, threads=threads),
        schema=_schema(events),
    )


def parts(
    events: Events,
    *,
    max_gap_seconds: float = MAX_GAP_SECONDS,
    min_stay_seconds: float = MIN_STAY_SECONDS,
    threads: int = 1,
) -> Iterator[Any]:
    """The same, a batch at a time: a device's rows are in one batch, together and in order of time."""
    found = Search(events, max_gap_seconds=max_gap_seconds, min_stay_seconds=min_stay_seconds)
    yield from each(found.gathered, lambda bucket: found.rows(found.ordered(bucket)), threads)


class Search:
    """Events gathered by device, and what finds the runs of one bucket of them. Cells are numbered in the order of names."""

    def __init__(self, events: Events, *, max_gap_seconds: float, min_stay_seconds: float) -> None:
        import pyarrow as pa

        self.gathered = gather(events, ("cell_id",))
        self.users, named = self.gathered.users.values, self.gathered.cells.values.cast(pa.string())
        order = pa.compute.sort_indices(named).to_numpy()
        self._rank = np.empty(len(order), np.int32)
        self._rank[order] = np.arange(len(order), dtype=np.int32)
        self.cells = named.take(pa.array(order))
        self._limits = microseconds(max_gap_seconds), microseconds(min_stay_seconds)

    def ordered(self, bucket: Bucket) -> Bucket:
        """The bucket with each device's events in order of time and cell, and its cells by rank."""
        cell = self._rank[bucket.columns[0]]
        _order.by_time_and_cell(bucket.at, cell, bucket.starts)
        return Bucket(bucket.devices, bucket.starts, bucket.at, (cell,))

    def rows(self, bucket: Bucket) -> Any:
        """The runs of an ordered bucket."""
        import pyarrow as pa

        (cell,), (max_gap, min_stay) = bucket.columns, self._limits
        many = _runs.counted(bucket.at, cell, bucket.starts, max_gap)
        device, where = np.empty(many, np.int32), np.empty(many, np.int32)
        start, end, heard = np.empty(many, np.int64), np.empty(many, np.int64), np.empty(many, np.int64)
        state, is_open = np.empty(many, np.int8), np.empty(many, np.bool_)
        _runs.filled(
            bucket.at, cell, bucket.starts, max_gap, min_stay, device, start, end, where, heard, state, is_open
        )
        instant = pa.timestamp("us", "UTC")
        return pa.RecordBatch.from_arrays(
            [
                self.users.take(pa.array(bucket.devices[device])),
                pa.array(start, pa.int64()).view(instant),
                pa.array(end, pa.int64()).view(instant),
                self.cells.take(pa.array(where, mask=where < 0)),
                pa.array(heard),
                pa.array(STATES).take(pa.array(state)),
                pa.array(is_open),
            ],
            names=list(STAYS),
        )


def _schema(events: Events) -> Any:
    import pyarrow as pa

    instant = pa.timestamp("us", "UTC")
    kinds = [events.kind("user_id"), instant, instant, pa.string(), pa.int64(), pa.string(), pa.bool_()]
    return pa.schema(list(zip(STAYS, kinds)))
