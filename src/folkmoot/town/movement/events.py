"""What the network sees of a day: the events of phones at their cells, and of meters.

How often a phone is seen follows the hour (calendar.USE) and its owner; under way it is seen more, for cells change. Within
a stay three events in four come from one cell, the others from any that serves the place, so phones that lie ping-pong.
Phones are off at times, and some places have no signal. A few events arrive three days late, a few twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.movement.calendar import midnights, to_utc, use_over
from folkmoot.town.movement.chains import RAIL, Chain
from folkmoot.town.movement.diaries import Place
from folkmoot.town.movement.network import Coverage
from folkmoot.town.movement.people import HEAVY, METER, Devices
from folkmoot.town.randomness import generator

AT_REST, UNDER_WAY, TRACKER = 1.45, 8.0, 12.0
STEADY = 0.75
LATE, TWICE = 0.003, 0.001
OFF_BY_DAY = 0.06
METER_MINUTES = np.array([15.0, 30.0, 60.0])


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """Stretches of one day, a stay (from place to the same place) or a trip, of the people of a block."""

    person: Ints
    start: Floats
    end: Floats
    trip: NDArray[np.bool_]
    rail: NDArray[np.bool_]
    origin: Ints
    destination: Ints
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """Events in order of time: the device's number (with its second SIM counted from `len(devices)`), µs, row of cells."""

    device: Ints
    micros: Ints
    cell: NDArray[np.int32]
    late: NDArray[np.bool_]


def spans_of(day: date, before: Chain, chain: Chain) -> Spans:
    """The day's stretches from the chains of the day before and of the day, cut at its midnights."""
    start, end = midnights(day, 1)
    home_since = before.arrive[before.last]
    arrive = chain.arrive.copy()
    arrive[chain.first] = home_since
    stays = [_stays(before, before.arrive, ~before.last), _stays(chain, arrive, np.ones(len(arrive), dtype=bool))]
    parts = [*stays, _trips(before), _trips(chain)]
    all_of = [np.concatenate([part[i] for part in parts]) for i in range(11)]
    all_of[1], all_of[2] = np.maximum(all_of[1], start), np.minimum(all_of[2], end)
    keep = all_of[2] > all_of[1]
    return Spans(*(column[keep] for column in all_of))


def _stays(chain: Chain, arrive: Floats, keep: NDArray[np.bool_]) -> list[np.ndarray]:
    no = np.zeros(int(keep.sum()), dtype=bool)
    place, x, y = chain.place[keep], chain.x[keep], chain.y[keep]
    return [chain.person[keep], arrive[keep], chain.leave[keep], no, no, place, place, x, y, x, y]


def _trips(chain: Chain) -> list[np.ndarray]:
    to = np.flatnonzero(~chain.first)
    back = to - 1
    return [
        chain.person[to], chain.leave[back], chain.arrive[to], np.ones(len(to), dtype=bool), chain.mode[to] == RAIL,
        chain.place[back], chain.place[to], chain.x[back], chain.y[back], chain.x[to], chain.y[to],
    ]  # fmt: skip


def see(
    where: Place, devices: Devices, cover: Coverage, day: date, block: int, rows: Ints, before: Chain, chain: Chain
) -> Seen:
    """The events of a block's devices on a day, in order of time."""
    spot = generator(where.seed, "movement", "events", day.isoformat(), str(block))
    spans = spans_of(day, before, chain)
    first, last = np.searchsorted(devices.owner, [rows[0], rows[-1] + 1]) if len(rows) else (0, 0)
    device = np.arange(first, last)
    # Stretches of everyone, once for each device that person carries.
    order = np.argsort(spans.person, kind="stable")
    begins = np.searchsorted(spans.person[order], np.arange(len(rows) + 1))
    owner = devices.owner[device] - rows[0]
    count = begins[owner + 1] - begins[owner]
    which = np.repeat(np.arange(len(device)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    span = order[begins[owner][which] + step]
    outside = (spans.origin[span] >= where.land.zones) & ~spans.trip[span]
    span, which = span[~outside], which[~outside]
    seconds, row = _moments(spot, where, devices, day, spans, span, device[which])
    span, which = span[row], which[row]
    kept = ~_switched_off(spot, devices, day, device, which, seconds)
    seconds, span, which = seconds[kept], span[kept], which[kept]
    cell = _cells(spot, where, cover, spans, span, seconds, owner[which])
    return _arranged(spot, devices, seconds, device[which], cell)


def _moments(
    spot: np.random.Generator, where: Place, devices: Devices, day: date, spans: Spans, span: Ints, device: Ints
) -> tuple[Floats, Ints]:
    """When each device is seen in each of its stretches: a Poisson process whose rate follows the hour."""
    clock, used = use_over(day)
    lorry = where.people.role[devices.owner[device]] == HEAVY
    rate = np.where(spans.trip[span], UNDER_WAY, AT_REST) * devices.rate[device]
    a, b = np.interp(spans.start[span], clock, used), np.interp(spans.end[span], clock, used)
    # Lorries' trackers report at a steady rate, parked or not.
    hours = (spans.end[span] - spans.start[span]) / 3600
    expected = np.where(lorry, np.where(spans.trip[span], TRACKER, 1.0) * hours, rate * (b - a))
    count = spot.poisson(expected)
    row = np.repeat(np.arange(len(span)), count)
    share = spot.random(len(row))
    seconds = np.interp(a[row] + share * (b - a)[row], used, clock)
    flat = lorry[row]
    seconds[flat] = (spans.start[span] + 0.0)[row[flat]] + share[flat] * 3600 * hours[row[flat]]
    return seconds, row


def _switched_off(
    spot: np.random.Generator, devices: Devices, day: date, device: Ints, which: Ints, seconds: Floats
) -> NDArray[np.bool_]:
    """Phones off at night by habit, and some for hours of the day."""
    morning, night = to_utc(day, np.array([6.75 * 3600, 23 * 3600]))
    by_habit = devices.off_at_night[device]
    from_wall = 9 * 3600 + 11 * 3600 * spot.random(len(device))
    off_from = np.where(spot.random(len(device)) < OFF_BY_DAY, to_utc(day, from_wall), np.inf)
    off_to = off_from + 3600 * (1 + 4 * spot.random(len(device)))
    off: NDArray[np.bool_] = by_habit[which] & ((seconds < morning) | (seconds > night))
    return off | ((seconds >= off_from[which]) & (seconds < off_to[which]))


def _cells(
    spot: np.random.Generator, where: Place, cover: Coverage, spans: Spans, span: Ints, seconds: Floats, owner: Ints
) -> NDArray[np.int32]:
    """The cell that serves each event."""
    land, n = where.land, len(span)
    x, y = spans.x0[span], spans.y0[span]
    trip = np.flatnonzero(spans.trip[span])
    at = span[trip]
    origin, destination = spans.origin[at], spans.destination[at]
    share = np.clip((seconds[trip] - spans.start[at]) / (spans.end[at] - spans.start[at]), 0, 1)
    within = origin == destination
    away = np.where(within, 1 - share, np.maximum(1 - 4 * share, 0))
    near = np.where(within, share, np.maximum(4 * share - 3, 0))
    px, py = where.routes.where(origin, destination, spans.rail[at], share)
    # The route starts and ends at the middle of a place; people start and end at doors.
    x[trip] = px + away * (spans.x0[at] - land.x[origin]) + near * (spans.x1[at] - land.x[destination])
    y[trip] = py + away * (spans.y0[at] - land.y[origin]) + near * (spans.y1[at] - land.y[destination])
    chance = spot.random(n)
    steady = ~spans.trip[span] & (spot.random(n) < STEADY)
    chance[steady] = habit(spans.x0[span[steady]], spans.y0[span[steady]], owner[steady])
    return cover.serve(cover.pixel(x, y), chance)


def habit(x: Floats, y: Floats, owner: Ints) -> Floats:
    """A number in [0, 1) that belongs to a person at a point, so that the usual cell there is the same every day."""
    mixed = np.floor(x * 1e4).astype(np.int64) * 73_856_093 ^ np.floor(y * 1e4).astype(np.int64) * 19_349_663
    mixed = (mixed ^ owner * 83_492_791) & 0x7FFFFFFFFFFFFFFF
    habit: Floats = ((mixed * 2_654_435_761) & 0xFFFFFFFF) / 2**32
    return habit


def _arranged(
    spot: np.random.Generator, devices: Devices, seconds: Floats, device: Ints, cell: NDArray[np.int32]
) -> Seen:
    """In order of time, without what no cell served; some late, some twice, and after a SIM swap under the new number."""
    heard = np.flatnonzero(cell >= 0)
    chance = spot.random(len(heard))
    again = heard[chance < TWICE]
    heard = np.concatenate([heard, again])
    micros = np.floor(seconds[heard] * 1e6).astype(np.int64)
    order = np.argsort(micros, kind="stable")
    late = np.concatenate([chance > 1 - LATE, np.zeros(len(again), dtype=bool)])[order]
    heard, micros = heard[order], micros[order]
    number = device[heard]
    number = np.where(seconds[heard] >= devices.swap[number], number + len(devices), number)
    return Seen(number, micros, cell[heard], late)


def meters(where: Place, devices: Devices, cover: Coverage, day: date, rows: Ints) -> Seen:
    """Meters report every quarter, half or whole hour, to a few seconds, always at the same cell."""
    spot = generator(where.seed, "movement", "meters", day.isoformat())
    start, end = midnights(day, 1)
    p = where.people
    device = np.searchsorted(devices.owner, rows)
    habit = generator(where.seed, "movement", "meters").random((3, len(rows)))
    every = METER_MINUTES[(habit[0] * 3).astype(np.int64)] * 60
    reports = np.floor((end - start) / every).astype(np.int64)
    which = np.repeat(np.arange(len(rows)), reports)
    step = np.arange(len(which)) - np.repeat(np.cumsum(reports) - reports, reports)
    seconds = start + (step + 0.9 * habit[1][which]) * every[which] + 2.0 * spot.random(len(which))
    cell = cover.serve(cover.pixel(p.x[rows], p.y[rows]), habit[2] * 0.5)[which]
    heard = np.flatnonzero(cell >= 0)
    heard = heard[np.argsort(seconds[heard], kind="stable")]
    micros = np.floor(seconds[heard] * 1e6).astype(np.int64)
    assert bool((p.role[rows] == METER).all())
    return Seen(device[which[heard]], micros, cell[heard], np.zeros(len(heard), dtype=bool))
