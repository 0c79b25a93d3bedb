"""Events to race over: devices that dwell and roam in a town of 30 km, in no order, as zstd Parquet.

Each device has 100 events in a day: it dwells at a few places, with some metres of noise, and passes between them. A thousand
cells are a grid over the town. Pseudonyms are sixteen random bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

EACH, PLACES, DAY = 100, 5, 86_400
TOWN, METRES = 30_000.0, 111_194.93
COLUMNS, ROWS = 40, 25
MIDNIGHT = 1_780_000_000 // DAY * DAY


def write(path: Path, events: int, seed: int = 1) -> None:
    """Write so many events."""
    rng = np.random.default_rng(seed)
    users = events // EACH
    order = rng.permutation(users * EACH)
    at, x, y = _moved(rng, users)
    cell = (y / TOWN * ROWS).astype(np.int16) * COLUMNS + (x / TOWN * COLUMNS).astype(np.int16)
    ids = rng.integers(0, 256, (users, 16), dtype=np.uint8)
    raw = ids[order // EACH].tobytes()
    who = pa.Array.from_buffers(pa.binary(16), len(order), [None, pa.py_buffer(raw)]).cast(pa.binary())
    names = pa.array([f"c{k:04d}" for k in range(ROWS * COLUMNS)])
    table = pa.table(
        {
            "user_id": who,
            "timestamp": pa.array(MIDNIGHT * 1_000_000 + at[order], pa.timestamp("us", "UTC")),
            "cell_id": names.take(pa.array(cell[order])),
            "latitude": 51.3 + y[order] / METRES,
            "longitude": -2.8 + x[order] / (METRES * np.cos(np.radians(51.45))),
        }
    )
    # Pseudonyms plain at every size: few would be written as a dictionary, which is another form of file, not a smaller one.
    pq.write_table(table, path, compression="zstd", use_dictionary=["cell_id"])


def _moved(rng: np.random.Generator, users: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Microseconds of the day, and metres east and north, users × EACH, flat."""
    at = np.sort(rng.integers(0, DAY * 1_000_000, (users, EACH)), axis=1)
    leaves = np.sort(rng.random((users, PLACES - 1)) * DAY * 1e6, axis=1)
    arrives = leaves + rng.uniform(600, 3000, leaves.shape) * 1e6
    homes = rng.uniform(500, TOWN - 500, (2, users, PLACES))
    place = (at[:, :, None] > leaves[:, None, :]).sum(axis=2)
    now = np.minimum(place, PLACES - 1)
    found = np.empty((2, users, EACH))
    before = np.maximum(now - 1, 0)
    left, there = (np.take_along_axis(times, before, axis=1) for times in (leaves, arrives))
    share = np.where(now > 0, np.clip((at - left) / (there - left), 0.0, 1.0), 1.0)
    for axis in range(2):
        old, new = (np.take_along_axis(homes[axis], which, axis=1) for which in (before, now))
        found[axis] = old + share * (new - old) + rng.normal(0.0, 12.0, share.shape)
    return at.ravel(), np.clip(found[0], 0, TOWN - 1).ravel(), np.clip(found[1], 0, TOWN - 1).ravel()
