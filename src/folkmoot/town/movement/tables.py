"""The town's movement as Arrow tables: places, pseudonyms, events, and the truth of stays, trips, devices and homes."""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.movement.chains import ACTIVITIES, HOME, MODES, WORK, Chain
from folkmoot.town.movement.events import Seen, habit
from folkmoot.town.movement.geography import Land, lat, lon
from folkmoot.town.movement.network import MNC, PLMN, Cells, Coverage
from folkmoot.town.movement.people import ROLES, Devices, People
from folkmoot.town.movement.routes import Rail

INSTANT = pa.timestamp("us", tz="UTC")
EVENTS = pa.schema(
    [
        ("user_id", pa.binary()),
        ("timestamp", INSTANT),
        ("cell_id", pa.string()),
        ("mcc", pa.int32()),
        ("mnc", pa.string()),
        ("plmn", pa.int32()),
    ]
)


def instants(seconds: Floats) -> pa.Array:
    """Seconds since 1970 as UTC timestamps of microseconds."""
    return pa.array(np.floor(seconds * 1e6).astype(np.int64)).cast(INSTANT)


def zone_ids(land: Land, place: Ints) -> pa.Array:
    """The zone of each place; null for one off the map."""
    outside = place >= land.zones
    return pa.array(land.zone_id, pa.string()).take(pa.array(np.where(outside, 0, place), mask=outside))


def zones(land: Land, people: People) -> pa.Table:
    """The table `zones`."""
    from shapely import to_wkb, transform

    n = land.zones
    polygons = [transform(each, lambda at: np.column_stack([lon(at[:, 0]), lat(at[:, 1])])) for each in land.polygons]
    return pa.table(
        {
            "zone_id": pa.array(land.zone_id, pa.string()),
            "name": pa.array(land.name[:n], pa.string()),
            "kind": pa.array(land.kind[:n], pa.string()),
            "lon": pa.array(lon(land.x[:n])),
            "lat": pa.array(lat(land.y[:n])),
            "imd_decile": pa.array(land.imd_decile),
            "residents": pa.array(np.bincount(people.place[: people.residents], minlength=n)),
            "wkb": pa.array([to_wkb(each) for each in polygons], pa.binary()),
        }
    )


def railway(rail: Rail) -> tuple[pa.Table, pa.Table]:
    """The tables `rail` (a row for each stretch between stations) and `stations`."""
    from shapely import linestrings, to_wkb

    ends = np.column_stack([np.arange(len(rail.x) - 1), np.arange(1, len(rail.x))])
    lines = linestrings(np.stack([lon(rail.x[ends]), lat(rail.y[ends])], axis=2))
    line = pa.table(
        {
            "rail_id": pa.array([f"R{i + 1:03d}" for i in range(len(ends))], pa.string()),
            "from_station": pa.array(rail.name[:-1], pa.string()),
            "to_station": pa.array(rail.name[1:], pa.string()),
            "railway": pa.array(["rail"] * len(ends), pa.string()),
            "minutes": pa.array(np.round(np.diff(rail.minutes), 2)),
            "wkb": pa.array(to_wkb(lines).tolist(), pa.binary()),
        }
    )
    stops = pa.table(
        {
            "name": pa.array(rail.name[1:], pa.string()),
            "lon": pa.array(lon(rail.x[1:])),
            "lat": pa.array(lat(rail.y[1:])),
        }
    )
    return line, stops


def pseudonyms(seed: int, month: date, devices: Devices) -> NDArray[np.uint8]:
    """16 bytes for each device and, after them, for its second SIM: BLAKE2b of its number under the key of the month."""
    key = hashlib.sha256(f"{seed}/movement/pseudonyms/{month:%Y-%m}".encode()).digest()
    n = len(devices)
    made = bytearray(32 * n)
    swapped = np.flatnonzero(np.isfinite(devices.swap)) + n
    for number in (*range(n), *swapped.tolist()):
        digest = hashlib.blake2b(number.to_bytes(8, "little"), digest_size=16, key=key).digest()
        made[16 * number : 16 * number + 16] = digest
    return np.frombuffer(bytes(made), dtype=np.uint8).reshape(2 * n, 16)


def binaries(rows: NDArray[np.uint8]) -> pa.Array:
    """Rows of 16 bytes as Arrow binary (Ibis knows no fixed-size binary)."""
    offsets = np.arange(0, 16 * len(rows) + 1, 16, dtype=np.int32)
    return pa.Array.from_buffers(
        pa.binary(), len(rows), [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(rows))]
    )


def events(seen: Seen, which: Ints, pseudonym: NDArray[np.uint8], cells: Cells, devices: Devices) -> pa.Table:
    """Some of the events seen, as the table `events`."""
    device = seen.device[which]
    mcc = devices.mcc[device % len(devices)].astype(np.int32)
    home = mcc == 234
    return pa.table(
        [
            binaries(pseudonym[device]),
            pa.array(seen.micros[which]).cast(INSTANT),
            pa.array(cells.cell_id.tolist(), pa.string()).take(pa.array(seen.cell[which])),
            pa.array(mcc),
            pa.array([MNC, "01"], pa.string()).take(pa.array((~home).astype(np.int8))),
            pa.array(np.full(len(which), PLMN, dtype=np.int32)),
        ],
        schema=EVENTS,
    )


def stays(
    land: Land, who: Ints, place: Ints, start: Floats, end: Floats, activity: NDArray[np.int8], until: float
) -> pa.Table:
    """The table `truth_stays`; what the end of the period cuts is `open`."""
    keep = (start < until) & (end > start)
    who, place, start, end, activity = who[keep], place[keep], start[keep], end[keep], activity[keep]
    return pa.table(
        {
            "traveller_id": pa.array(who),
            "zone_id": zone_ids(land, place),
            "start": instants(start),
            "end": instants(np.minimum(end, until)),
            "activity": pa.array(ACTIVITIES, pa.string()).take(pa.array(activity.astype(np.int64))),
            "open": pa.array(end >= until),
        }
    )


def trips(land: Land, who: Ints, chain: Chain, since: float, until: float) -> pa.Table:
    """The table `truth_trips`: those that depart in the period."""
    to = np.flatnonzero(~chain.first)
    to = to[(chain.leave[to - 1] >= since) & (chain.leave[to - 1] < until)]
    back = to - 1
    a, b = chain.activity[back], chain.activity[to]
    home = (a == HOME) | (b == HOME)
    purpose = np.where(home & ((a == WORK) | (b == WORK)), 0, np.where(home, 1, 2))
    return pa.table(
        {
            "traveller_id": pa.array(who[chain.person[to]]),
            "origin_zone": zone_ids(land, chain.place[back]),
            "destination_zone": zone_ids(land, chain.place[to]),
            "departed": instants(chain.leave[back]),
            "arrived": instants(chain.arrive[to]),
            "mode": pa.array(MODES, pa.string()).take(pa.array(chain.mode[to].astype(np.int64))),
            "purpose": pa.array(["HBW", "HBO", "NHB"], pa.string()).take(pa.array(purpose)),
            "activity": pa.array(ACTIVITIES, pa.string()).take(pa.array(b.astype(np.int64))),
            "km": pa.array(np.round(chain.km[to], 3)),
        }
    )


def _micros(seconds: Floats, known: NDArray[np.bool_]) -> pa.Array:
    """Instants where they are known and finite, else null."""
    known = known & np.isfinite(seconds)
    return pa.array(np.floor(np.where(known, seconds, 0.0) * 1e6).astype(np.int64), mask=~known).cast(INSTANT)


def devices_table(people: People, devices: Devices, pseudonym: NDArray[np.uint8], month: date) -> pa.Table:
    """The table `truth_devices` of one month: who is behind each pseudonym, and from when until when it was in use."""
    n = len(devices)
    number = np.concatenate([np.arange(n), n + np.flatnonzero(np.isfinite(devices.swap))])
    own = number % n
    swap = devices.swap[own]
    new = number >= n
    return pa.table(
        {
            "user_id": binaries(pseudonym[number]),
            "month": pa.array([month] * len(number), pa.date32()),
            "traveller_id": pa.array(devices.owner[own]),
            "kind": pa.array(ROLES, pa.string()).take(pa.array(people.role[devices.owner[own]].astype(np.int64))),
            "resident": pa.array(devices.owner[own] < people.residents),
            "second_sim": pa.array(devices.second[own]),
            "used_from": _micros(swap, new),
            "used_until": _micros(swap, ~new),
            "mcc": pa.array(devices.mcc[own].astype(np.int32)),
            "opted_out": pa.array(devices.opted_out[own]),
        }
    )  # fmt: skip


def homes(
    land: Land,
    people: People,
    devices: Devices,
    pseudonym: NDArray[np.uint8],
    cover: Coverage,
    cells: Cells,
    block: Ints,
) -> pa.Table:
    """The table `truth_homes`: for each resident's device the zones of home and work and the usual cell at both."""
    number = np.flatnonzero(devices.owner < people.residents)
    who = devices.owner[number]
    local = who - block[who]
    names = pa.array(cells.cell_id.tolist(), pa.string())

    def usual(x: Floats, y: Floats, none: NDArray[np.bool_]) -> pa.Array:
        cell = cover.serve(cover.pixel(x, y), habit(x, y, local))
        none = none | (cell < 0)
        return names.take(pa.array(np.where(none, 0, cell), mask=none))

    main = people.main_place[who]
    no = main < 0
    return pa.table(
        {
            "traveller_id": pa.array(who),
            "user_id": binaries(pseudonym[number]),
            "home_zone": zone_ids(land, people.place[who]),
            "longitude": pa.array(lon(people.x[who])),
            "latitude": pa.array(lat(people.y[who])),
            "home_cell": usual(people.x[who], people.y[who], np.zeros(len(who), dtype=bool)),
            "main_zone": pa.array(land.zone_id, pa.string()).take(pa.array(np.where(no, 0, main), mask=no)),
            "main_cell": usual(people.main_x[who], people.main_y[who], no),
        }
    )
