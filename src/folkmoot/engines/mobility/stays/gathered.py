"""The events of each device together and in order of time, bucket by bucket, in memory that is bounded and known.

Events are kept as a number for the device, an instant, and a number for the cell or two coordinates: 16 or 28 bytes. Batch
by batch they are laid into buckets of devices as they are read; then one bucket at a time is put in order, which fits into
the processor's cache. Nothing is sorted by pseudonym, and only a device's own events are sorted by time.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.stays import _order
from folkmoot.engines.mobility.stays.pseudonyms import Numbers
from folkmoot.engines.mobility.stays.reading import Events

BUCKET = 1 << 20
MOST_BUCKETS = 1 << 10


@dataclass(frozen=True)
class Bucket:
    """Devices `first + step · k` have the events from starts[k] to starts[k + 1], in order of time."""

    devices: Any
    starts: Any
    at: Any
    columns: tuple[Any, ...]


@dataclass
class Gathered:
    """All events, in buckets of devices."""

    users: Numbers
    cells: Numbers
    width: int
    _batches: list[tuple[Any, tuple[Any, ...]]] = field(default_factory=list)

    @property
    def buckets(self) -> int:
        return 1 << self.width

    def add(self, codes: Any, columns: tuple[Any, ...]) -> None:
        begins = np.empty(self.buckets + 1, np.int64)
        rows, devices = np.empty(len(codes), np.int32), np.empty(len(codes), np.int32)
        _order.parted(codes, self.width, begins, rows, devices)
        self._batches.append((begins, (devices, *(column[rows] for column in columns))))

    def bucket(self, k: int) -> Bucket:
        """The events of the devices of one bucket; columns are not in order of time yet."""
        many = max(0, (len(self.users) - k + self.buckets - 1) >> self.width)
        parts = [[c[begins[k] : begins[k + 1]] for c in columns] for begins, columns in self._batches]
        starts = np.zeros(many + 1, np.int64)
        for devices, *_ in parts:
            starts[1:] += np.bincount(devices, minlength=many)
        np.cumsum(starts, out=starts)
        found = []
        for number in range(1, len(parts[0])):
            values = np.empty(starts[-1], parts[0][number].dtype)
            nexts = starts[:-1].copy()
            for part in parts:
                _order.placed(part[0], part[number], nexts, values)
            found.append(values)
        return Bucket(k + (np.arange(many, dtype=np.int32) << self.width), starts, found[0], tuple(found[1:]))


def gather(events: Events, columns: tuple[str, ...]) -> Gathered:
    """Read user_id, timestamp and `columns`: `cell_id`, or `latitude` and `longitude`."""
    width = 0
    while width < 10 and (BUCKET << width) < events.rows:
        width += 1
    found = Gathered(Numbers(), Numbers(), width)
    for users, times, *others in events.batches(("user_id", "timestamp", *columns)):
        if not len(users):
            continue
        values = tuple(
            found.cells.of(other) if name == "cell_id" else np.asarray(other.to_numpy(zero_copy_only=False), np.float64)
            for name, other in zip(columns, others)
        )
        found.add(found.users.of(users), (_microseconds(times), *values))
    return found


def _microseconds(times: Any) -> Any:
    """Microseconds since 1970 in UTC; times without a zone are taken to be UTC."""
    import pyarrow as pa

    kind = times.type
    if not pa.types.is_timestamp(kind):
        times = _read(times)
        kind = times.type
    if kind.unit != "us":
        times = times.cast(pa.timestamp("us", kind.tz), safe=kind.unit != "ns")
    return times.view(pa.int64()).to_numpy(zero_copy_only=False)


def _read(times: Any) -> Any:
    """Instants from text, with or without a zone."""
    import pyarrow as pa

    for kind in (pa.timestamp("us"), pa.timestamp("us", "UTC")):
        try:
            return times.cast(kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            why = str(error)
    raise MobilityError(
        f"Times cannot be read ({why}). Write them as 2026-06-01 12:00:00 in UTC, or all with their zone, as "
        "2026-06-01T12:00:00+01:00."
    )


def each(gathered: Gathered, work: Any, threads: int) -> Iterator[Any]:
    """What `work` makes of every bucket, in their order, with so many threads at it."""
    if not len(gathered.users):
        return
    if threads == 1:
        yield from (work(gathered.bucket(k)) for k in range(gathered.buckets))
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(lambda k: work(gathered.bucket(k)), range(gathered.buckets))
