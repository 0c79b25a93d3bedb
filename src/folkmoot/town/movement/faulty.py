"""Bad events among the good, with the truth of which they are and what code each should get.

Codes are those of eurostat/multimno: syntactic (an event by itself) and semantic (beside cells and the device's other
events). A row that is wrong in one way is wrong in that way only, and no device jumps twice.

>>> from folkmoot.town.movement import build
>>> bad = faults(build(seed=1, residents=3_000), rate=0.02, seed=7)
>>> bad.truth.column_names
['row', 'fault', 'stage', 'code', 'error']
>>> bad.events.num_rows > 0 and bad.text["timestamp"][0].as_py()[10]
'T'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.movement.building import Movement
from folkmoot.town.movement.calendar import DAY, midnights
from folkmoot.town.movement.geography import KM_PER_DEGREE
from folkmoot.town.movement.tables import EVENTS
from folkmoot.town.randomness import generator

# Fault: stage, code, name of the code.
FAULTS: Mapping[str, tuple[str, int, str]] = MappingProxyType(
    {
        "no user": ("syntactic", 1, "NULL_VALUE"),
        "no time": ("syntactic", 1, "NULL_VALUE"),
        "before the period": ("syntactic", 2, "OUT_OF_RANGE"),
        "after the period": ("syntactic", 2, "OUT_OF_RANGE"),
        "time that cannot be read": ("syntactic", 4, "CANNOT_PARSE"),
        "no network": ("syntactic", 5, "NO_MNO_INFO"),
        "no cell": ("syntactic", 6, "NO_LOCATION_INFO"),
        "duplicate": ("syntactic", 7, "DUPLICATED"),
        "unknown cell": ("semantic", 1, "CELL_ID_NON_EXISTENT"),
        "cell not valid that day": ("semantic", 2, "CELL_ID_NOT_VALID"),
        "impossible jump": ("semantic", 3, "INCORRECT_EVENT_LOCATION"),
        "jump at the end": ("semantic", 4, "SUSPICIOUS_EVENT_LOCATION"),
        "two cells at one instant": ("semantic", 5, "DIFFERENT_LOCATION_DUPLICATE"),
    }
)
CHANGED = tuple(
    each
    for each in FAULTS
    if each not in {"duplicate", "impossible jump", "jump at the end", "two cells at one instant"}
)
UNKNOWN_CELL = "23499888888888"
FAR_KM, CLOSE_SECONDS = 11.5, 120.0
"""Further apart than 10 km and faster than 55 m/s is impossible; both are kept well clear of."""
UNREADABLE = ("yesterday", "2026-13-45T99:00:00Z", "08:15", "not a time", "20260302T0815")


@dataclass(frozen=True, eq=False, slots=True)
class Faulty:
    """`events` in the contract's types and `text` as a feed of text has them; `truth` numbers the rows of both.

    A time that cannot be read is null in `events`, where it counts as one that is missing.
    """

    events: pa.Table
    text: pa.Table
    truth: pa.Table


@dataclass(frozen=True, eq=False, slots=True)
class _Rows:
    """The sound events as arrays, in the order of the feed; `order` sorts them by device and time."""

    table: pa.Table
    device: Ints
    micros: Ints
    x: Floats
    y: Floats
    order: Ints


def faults(made: Movement, rate: float = 0.01, seed: int = 1) -> Faulty:
    """The events of a movement with about this share of bad rows, an equal number of each kind and at least two of each."""
    if not 0 < rate <= 0.2:
        raise ValueError(f"A rate of {rate} was asked for; ask for more than 0 and at most 0.2.")
    spot = generator(seed, "movement", "faults", str(made.seed))
    rows = _rows(made)
    each = max(2, round(rate * len(rows.table) / len(FAULTS)))
    share = spot.random(int(rows.device.max()) + 1)
    # Devices are parted, so that what is wrong with one row has no bearing on another's code.
    changed = np.flatnonzero(share[rows.device] < 0.6)
    order = spot.permutation(changed)
    # First what can only happen once the cells that were closed are gone.
    gone = _when_gone(made, rows, order)[:each]
    rest = order[np.isin(order, gone, invert=True)]
    kinds = [fault for fault in CHANGED if fault != "cell not valid that day"]
    edited = {fault: rest[i * each : (i + 1) * each] for i, fault in enumerate(kinds)}
    edited["cell not valid that day"] = gone
    others = spot.permutation(np.flatnonzero((share[rows.device] >= 0.6) & (share[rows.device] < 0.8)))[: 2 * each]
    jumping = np.flatnonzero(share >= 0.8)
    added = _added(spot, made, rows, each, others, jumping)
    return _put_together(spot, made, rows, edited, added)


def _rows(made: Movement) -> _Rows:
    """The events without those that come twice, and where their cells are."""
    table = made["events"]
    device = table["user_id"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    micros = table["timestamp"].cast(pa.int64()).to_numpy()
    order = np.lexsort((micros, device))
    same = (device[order][1:] == device[order][:-1]) & (micros[order][1:] == micros[order][:-1])
    keep = np.ones(len(table), dtype=bool)
    keep[order[1:][same]] = False
    table = table.filter(pa.array(keep)).combine_chunks()
    device, micros = device[keep], micros[keep]
    x, y = _where(made, table["cell_id"].combine_chunks())
    return _Rows(table, device, micros, x, y, np.lexsort((micros, device)))


def _where(made: Movement, cell: pa.Array) -> tuple[Floats, Floats]:
    """Kilometres east and north of each cell (the first row of one that moved)."""
    cells = made["cells"]
    row = pc.index_in(cell, cells["cell_id"].combine_chunks()).to_numpy()
    lat, lon = cells["latitude"].to_numpy()[row], cells["longitude"].to_numpy()[row]
    return lon * KM_PER_DEGREE * np.cos(np.radians(53.05)), lat * KM_PER_DEGREE


def _gone(made: Movement) -> tuple[list[str], date]:
    """Names that hold no more from a day on."""
    rows = made["cells"].to_pylist()
    ended = {row["cell_id"]: row["valid_date_end"] for row in rows if row["valid_date_end"]}
    still = {row["cell_id"] for row in rows if not row["valid_date_end"]}
    names = sorted(name for name in ended if name not in still)
    return names, max(ended[name] for name in names)


def _when_gone(made: Movement, rows: _Rows, at: Ints) -> Ints:
    """Of these rows those after the last day on which the cells that were closed or renamed were there."""
    _, last = _gone(made)
    after = midnights(last, 1)[1] * 1e6
    later: Ints = at[rows.micros[at] >= after]
    return later


@dataclass(frozen=True, eq=False, slots=True)
class _Added:
    """Rows to put in: a copy of row `like` at another time or cell; `twin` says that row `like` is wrong as well."""

    fault: str
    like: Ints
    micros: Ints
    cell: list[str]
    twin: bool


def _added(
    spot: np.random.Generator, made: Movement, rows: _Rows, each: int, others: Ints, jumping: Ints
) -> list[_Added]:
    twice, two = others[:each], others[each:]
    cell = rows.table["cell_id"].combine_chunks()
    names = sorted(set(_sound(made)) - set(_moved(made)))
    elsewhere = [names[i] for i in spot.integers(0, len(names), len(two))]
    elsewhere = [
        a if a != b else names[names.index(a) - 1] for a, b in zip(elsewhere, cell.take(pa.array(two)).to_pylist())
    ]
    added = [
        _Added("duplicate", twice, rows.micros[twice], cell.take(pa.array(twice)).to_pylist(), False),
        _Added("two cells at one instant", two, rows.micros[two], elsewhere, True),
    ]
    half = len(jumping) // 2
    return [*added, _in_the_middle(made, rows, each, jumping[:half]), _at_the_end(made, rows, each, jumping[half:])]


def _sound(made: Movement) -> list[str]:
    """Cells that hold all the time."""
    rows = made["cells"].to_pylist()
    first = made.days[0]
    return [row["cell_id"] for row in rows if row["valid_date_end"] is None and row["valid_date_start"] < first]


def _moved(made: Movement) -> list[str]:
    count = made["cells"]["cell_id"].value_counts().to_pylist()
    return [row["values"] for row in count if row["counts"] > 1]


def _far(made: Movement, x: Floats, y: Floats) -> tuple[list[str], Floats]:
    """The sound cell furthest from each point, and how far it is."""
    names = sorted(set(_sound(made)) - set(_moved(made)))
    cx, cy = _where(made, pa.array(names, pa.string()))
    away = np.hypot(x[:, None] - cx, y[:, None] - cy)
    return [names[i] for i in np.argmax(away, axis=1)], away.max(axis=1)


def _in_the_middle(made: Movement, rows: _Rows, each: int, jumping: Ints) -> _Added:
    """Between two events of a device close in time at one cell: a third, far away."""
    a, b = rows.order[:-1], rows.order[1:]
    gap = (rows.micros[b] - rows.micros[a]) / 1e6
    still = (rows.x[a] == rows.x[b]) & (rows.y[a] == rows.y[b])
    good = (
        np.isin(rows.device[a], jumping)
        & (rows.device[a] == rows.device[b])
        & (gap > 8)
        & (gap < CLOSE_SECONDS)
        & still
    )
    at, then = a[good], b[good]
    _, first = np.unique(rows.device[at], return_index=True)
    at, then = at[first], then[first]
    names, away = _far(made, rows.x[at], rows.y[at])
    far = np.flatnonzero(away > FAR_KM)[:each]
    return _Added(
        "impossible jump", at[far], (rows.micros[at] + rows.micros[then])[far] // 2, [names[i] for i in far], False
    )


def _at_the_end(made: Movement, rows: _Rows, each: int, jumping: Ints) -> _Added:
    """After a device's last event: one more, far away."""
    device = rows.device[rows.order]
    last = rows.order[np.append(device[1:] != device[:-1], True)]
    until = midnights(made.days[-1], 1)[1] * 1e6
    last = last[np.isin(rows.device[last], jumping) & (rows.micros[last] + 60e6 < until)]
    names, away = _far(made, rows.x[last], rows.y[last])
    far = np.flatnonzero(away > FAR_KM)[:each]
    return _Added("jump at the end", last[far], rows.micros[last[far]] + 45_000_000, [names[i] for i in far], True)


def _put_together(
    spot: np.random.Generator, made: Movement, rows: _Rows, edited: dict[str, Ints], added: list[_Added]
) -> Faulty:
    """The rows in the order of the feed, the added ones among them, and the truth."""
    n = len(rows.table)
    like = np.concatenate([np.arange(n), *[each.like for each in added]])
    table = rows.table.take(pa.array(like))
    micros = np.concatenate([rows.micros, *[each.micros for each in added]])
    cell = pa.chunked_array(
        [rows.table["cell_id"].combine_chunks(), *[pa.array(each.cell, pa.string()) for each in added]]
    )
    label = np.full(len(like), "", dtype="<U32")
    at = n
    for each in added:
        label[at : at + len(each.like)] = each.fault
        at += len(each.like)
        if each.twin:
            label[each.like] = each.fault
    for fault, where in edited.items():
        label[where] = fault
    # An added row arrives when its time says, after what was there already.
    order = np.argsort(
        np.concatenate([np.arange(n), np.concatenate([each.like for each in added]) + 0.5]), kind="stable"
    )
    table = table.set_column(2, "cell_id", cell.combine_chunks()).take(pa.array(order))
    micros, label = micros[order], label[order]
    events, text = _damaged(spot, made, table, micros, label)
    return Faulty(events, text, _truth(label))


def _damaged(
    spot: np.random.Generator, made: Movement, table: pa.Table, micros: Ints, label: NDArray[np.str_]
) -> tuple[pa.Table, pa.Table]:
    """The events as typed and as text, with what the labels say is wrong."""
    start, end = midnights(made.days[0], len(made.days))[[0, -1]] * 1e6
    shift = (10 + 300 * spot.random(len(micros))) * DAY * 1e6
    micros = np.where(label == "before the period", (start - shift).astype(np.int64), micros)
    micros = np.where(label == "after the period", (end + shift).astype(np.int64), micros)
    gone, _ = _gone(made)
    columns: dict[str, Any] = {name: table[name].combine_chunks() for name in table.column_names}
    cell = columns["cell_id"]
    cell = pc.if_else(pa.array(label == "unknown cell"), UNKNOWN_CELL, cell)
    cell = pc.if_else(pa.array(label == "cell not valid that day"), gone[0], cell)
    columns["cell_id"] = _without(cell, label == "no cell")
    columns["user_id"] = _without(columns["user_id"], label == "no user")
    for name in ("mcc", "mnc", "plmn"):
        columns[name] = _without(columns[name], label == "no network")
    unread = label == "time that cannot be read"
    columns["timestamp"] = pa.array(micros, mask=unread | (label == "no time")).cast(EVENTS.field("timestamp").type)
    events = pa.table({name: columns[name] for name in EVENTS.names}, schema=EVENTS)
    written = pc.strftime(columns["timestamp"], format="%Y-%m-%dT%H:%M:%SZ")
    bad = pa.array(UNREADABLE, pa.string()).take(pa.array(spot.integers(0, len(UNREADABLE), len(micros))))
    user = [None if each is None else each.hex() for each in columns["user_id"].to_pylist()]
    text = pa.table(
        {
            "user_id": pa.array(user, pa.string()),
            "timestamp": pc.if_else(pa.array(unread), bad, written),
            **{name: columns[name].cast(pa.string()) for name in EVENTS.names[2:]},
        }
    )
    return events, text


def _without(column: pa.Array, where: NDArray[np.bool_]) -> pa.Array:
    return pc.if_else(pa.array(where), pa.scalar(None, column.type), column)


def _truth(label: NDArray[np.str_]) -> pa.Table:
    row = np.flatnonzero(label != "")
    of = [FAULTS[each] for each in label[row]]
    return pa.table(
        {
            "row": pa.array(row),
            "fault": pa.array(label[row].tolist(), pa.string()),
            "stage": pa.array([each[0] for each in of], pa.string()),
            "code": pa.array([each[1] for each in of], pa.int64()),
            "error": pa.array([each[2] for each in of], pa.string()),
        }
    )
