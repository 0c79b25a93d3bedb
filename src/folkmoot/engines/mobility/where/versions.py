"""A cell that was moved or renamed: one key for each antenna as it stood, whatever the cell was called.

A cell id whose antenna changed (place, direction, power…) is a new key from that day; an id that took over an unchanged
antenna the day after another id ended keeps the other's key. Footprints are by key; `keyed` writes keys into events, so that
everything after counts antennas and a home stays where it is when its cell is renamed.

>>> from folkmoot.engines.mobility.where import cells
>>> moved = cells.of({"cell_id": ["A", "A"], "latitude": [51.4, 51.5], "longitude": [-2.6, -2.6],
...                   "valid_date_start": [None, "2026-03-10"], "valid_date_end": ["2026-03-09", None]})
>>> keys(moved)
('A', 'A@2026-03-10')
>>> renamed = cells.of({"cell_id": ["A", "B"], "latitude": [51.4, 51.4], "longitude": [-2.6, -2.6],
...                     "valid_date_start": [None, "2026-03-10"], "valid_date_end": ["2026-03-09", None]})
>>> keys(renamed)
('A', 'A')
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from folkmoot.engines.mobility.instants import LONDON, local_day
from folkmoot.engines.mobility.where.cells import FIRST, LAST, Cells

if TYPE_CHECKING:
    import ibis.expr.types as ir

EPOCH, ONE_DAY = np.datetime64("1970-01-01", "D"), np.timedelta64(1, "D")


def antenna(cells: Cells, row: int) -> tuple[object, ...]:
    """Everything that a footprint depends on."""
    held = (
        cells.latitude, cells.longitude, cells.azimuth, cells.beam_width, cells.tilt, cells.vertical_beam_width,
        cells.height, cells.power, cells.reach, cells.frequency,
    )  # fmt: skip
    numbers = tuple(None if np.isnan(each[row]) else float(each[row]) for each in held)
    return (*numbers, bool(cells.directional[row]), bool(cells.small[row]), cells.technology[row])


def keys(cells: Cells) -> tuple[str, ...]:
    """A key for each row; rows of one unchanged antenna share theirs."""
    facts = [antenna(cells, row) for row in range(len(cells))]
    renamed_from = _renamed_from(cells, facts)
    order = sorted(range(len(cells)), key=lambda row: (cells.valid_from[row], cells.cell_id[row]))
    given: dict[int, str] = {}
    taken: dict[str, tuple[object, ...]] = {}
    for row in order:
        if row in renamed_from:
            given[row] = given[renamed_from[row]]
            continue
        key = cells.cell_id[row]
        if taken.setdefault(key, facts[row]) != facts[row]:
            again = [given[each] for each in given if cells.cell_id[each] == key and facts[each] == facts[row]]
            key = again[0] if again else f"{key}@{cells.valid_from[row]}"
            taken.setdefault(key, facts[row])
        given[row] = key
    return tuple(given[row] for row in range(len(cells)))


def _renamed_from(cells: Cells, facts: list[tuple[object, ...]]) -> dict[int, int]:
    """{row of the new id: row of the old one}, only where there is one candidate each way."""
    ended, began = defaultdict(list), defaultdict(list)
    for row in range(len(cells)):
        if cells.valid_to[row] < LAST:
            ended[(facts[row], cells.valid_to[row] + ONE_DAY)].append(row)
        if cells.valid_from[row] > FIRST:
            began[(facts[row], cells.valid_from[row])].append(row)
    return {
        new[0]: ended[at][0]
        for at, new in began.items()
        if len(new) == 1 and len(ended.get(at, ())) == 1 and cells.cell_id[new[0]] != cells.cell_id[ended[at][0]]
    }


def epochs(cells: Cells, first: date | None = None, last: date | None = None) -> list[tuple[Any, int]]:
    """[(a day, for how many days the same cells were there)], in order, over the period or over all dates that are said."""
    starts = cells.valid_from[cells.valid_from > FIRST]
    ends = cells.valid_to[cells.valid_to < LAST]
    said = np.concatenate([starts, starts - ONE_DAY, ends, ends + ONE_DAY])
    begin = np.datetime64(first) if first else (said.min() if said.size else np.datetime64("2000-01-01"))
    end = np.datetime64(last) if last else (said.max() if said.size else begin)
    changes = np.unique(np.concatenate([starts, ends + ONE_DAY, [begin]]))
    changes = changes[(changes >= begin) & (changes <= end)]
    until = np.append(changes[1:], end + ONE_DAY)
    return [(day, int((stop - day) / ONE_DAY)) for day, stop in zip(changes, until)]


def table(cells: Cells) -> dict[str, list[Any]]:
    """Columns cell_id, cell_key, first_day and last_day (days since 1970), for joins with events."""
    return {
        "cell_id": list(cells.cell_id),
        "cell_key": list(keys(cells)),
        "first_day": (cells.valid_from - EPOCH).astype(int).tolist(),
        "last_day": (cells.valid_to - EPOCH).astype(int).tolist(),
    }


def keyed(events: ir.Table, cells: Cells, *, first: date, last: date, zone: str = LONDON) -> ir.Table:
    """The events with `cell_id` made the key of the antenna on that local day; ids without one on the day stay as they are.

    Where no key differs from its id, the events come back untouched, at no cost.
    """
    import ibis

    rows = [
        dict(zip(("changed_id", "cell_key", "first_day", "last_day"), each))
        for each in zip(*table(cells).values())
        if each[0] != each[1]
    ]
    if not rows:
        return events
    changed = ibis.memtable(rows)
    day = local_day(events.timestamp, first=first, last=last, zone=zone)
    dated = events.mutate(local_day_=day)
    joined = dated.left_join(
        changed,
        [
            dated.cell_id == changed.changed_id,
            dated.local_day_ >= changed.first_day,
            dated.local_day_ <= changed.last_day,
        ],
    )
    held: Any = joined.mutate(cell_id=joined.cell_key.fill_null(joined.cell_id)).select(*events.columns)
    return held
