"""Most devices have nothing wrong with them: those are checked and searched for stays in one compiled pass over the events.

Of each event one thing is asked in the expression: does it break a rule by itself? Then each device's events are put in
order, and a device without a fault, without two events in one instant and without anything like an impossible jump has all
of its events accepted: its stays are found at once. The others are named, for `quality.check` to look at closely. Both ways
together give the rows that the expressions alone would.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from folkmoot.engines.mobility.quality.rules import JUMP_METRES, JUMP_METRES_PER_SECOND
from folkmoot.engines.mobility.stays import _clean
from folkmoot.engines.mobility.stays.compiled import Search
from folkmoot.engines.mobility.stays.gathered import Bucket, each
from folkmoot.engines.mobility.stays.reading import ROWS, of_batches
from folkmoot.engines.mobility.stays.rule import Rule
from folkmoot.engines.mobility.where import Cells

FAULT = ""
"""Stands in the place of a cell for an event that breaks a rule by itself; no cell is called so."""


@dataclass(frozen=True, eq=False)
class Faultless:
    """`stays` (Arrow) of devices without fault, how many events they have, and the pseudonyms of all `others`."""

    stays: Any
    events: int
    others: Any


def possible(events: Any) -> bool:
    """Where events have coordinates of their own, a cell does not say where they are, and the pass cannot be made."""
    from folkmoot.engines.mobility.schema import EVENT

    names = set(events.rename(EVENT.renames(events.columns)).columns)
    return "cell_id" in names and not {"latitude", "longitude"} & names


def search(events: Any, cells: Cells, rule: Rule) -> Faultless:
    """Find the stays of devices without fault. Where the rule asks for no check all devices are taken to be so."""
    read = (_judged_alone if rule.check else _keyed)(events, cells, rule)
    rows = events.count().to_pyarrow().as_py()  # asked first: a backend streams one answer at a time
    source = of_batches(read.to_pyarrow_batches(chunk_size=ROWS), rows)
    found = Search(source, max_gap_seconds=rule.max_gap_seconds, min_stay_seconds=rule.min_stay_seconds)
    latitude, longitude, fault = _positions(found.cells, cells)

    def work(bucket: Bucket) -> tuple[Any, int, Any]:
        bucket = found.ordered(bucket)
        (cell,), many = bucket.columns, len(bucket.devices)
        if not rule.check:
            return found.rows(bucket), len(bucket.at), bucket.devices[:0]
        fine, starts = np.empty(many, np.bool_), np.empty(many + 1, np.int64)
        accepted = _clean.clean(
            bucket.at, cell, bucket.starts, latitude, longitude, fault, JUMP_METRES, JUMP_METRES_PER_SECOND, fine
        )
        _clean.kept(bucket.at, cell, bucket.starts, fine, starts)
        rest = Bucket(bucket.devices, starts, bucket.at[:accepted], (cell[:accepted],))
        return found.rows(rest), accepted, bucket.devices[~fine]

    made = list(each(found.gathered, work, rule.threads or 1))
    others = np.concatenate([np.empty(0, np.int32), *(devices for _, _, devices in made)])
    stays = pa.Table.from_batches([batch for batch, _, _ in made]) if made else None
    return Faultless(stays, sum(events for _, events, _ in made), found.users.take(pa.array(others)))


def _judged_alone(events: Any, cells: Cells, rule: Rule) -> Any:
    """user_id, timestamp and cell_id (the antenna's key, or `FAULT`); rows without a user are for the closer look."""
    import ibis

    from folkmoot.engines.mobility.quality.semantics import located
    from folkmoot.engines.mobility.quality.syntax import parsed

    alone = parsed(events, period=rule.period, zone=rule.zone, network=False, what="events")
    table: Any = located(alone, cells, period=rule.period, zone=rule.zone).tagged
    faulty = (table.verdict != 0) | (table.beside != 0)
    epoch = ibis.timestamp("1970-01-01 00:00:00", timezone="UTC")
    marked = table.mutate(
        timestamp=table.timestamp.fill_null(epoch).cast("timestamp('UTC', 6)"),
        cell_id=ibis.ifelse(faulty, FAULT, table.cell_id),
    )
    return _keyed(marked.filter(marked.user_id.notnull()), cells, rule)


def _keyed(events: Any, cells: Cells, rule: Rule) -> Any:
    from folkmoot.engines.mobility.where import versions

    keyed: Any = versions.keyed(events, cells, first=rule.period[0], last=rule.period[1], zone=rule.zone)
    return keyed.select("user_id", "timestamp", "cell_id")


def _positions(named: Any, cells: Cells) -> tuple[Any, Any, int]:
    """Latitude and longitude of each cell that is named, and the number of `FAULT` among them, or -1."""
    import pyarrow.compute as pc

    from folkmoot.engines.mobility.trips import positions

    known = positions(cells)
    at = pc.index_in(named, value_set=known["cell_id"].combine_chunks())
    places = (np.asarray(known[name].combine_chunks().take(at).fill_null(0.0)) for name in ("latitude", "longitude"))
    latitude, longitude = (np.ascontiguousarray(place, np.float64) for place in places)
    fault = pc.index(named, FAULT).as_py()
    return latitude, longitude, fault
