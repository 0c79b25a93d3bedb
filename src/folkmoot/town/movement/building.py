"""Build the movement of a place: all at once, or as a stream of batches in bounded memory.

People are taken in blocks of a fixed number, whatever the size of batches, and every block of a day has random numbers of
its own. So the events of a day are, in this order, those of each block in order of time, as the files of several probes
would be; `batch_rows` only says where that sequence is cut.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.building import ipc_bytes
from folkmoot.town.movement import events, geography, network, people, roads, routes, tables, venues
from folkmoot.town.movement.calendar import midnights
from folkmoot.town.movement.chains import Chain
from folkmoot.town.movement.diaries import Place, chain_of
from folkmoot.town.movement.network import Cells, Coverage
from folkmoot.town.movement.people import Devices

BLOCK = 32_768
LARGEST_IN_MEMORY = 400_000
FIRST_DAY = date(2026, 3, 2)
SHARE = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class World:
    """A place with its people, devices and network, before anybody has moved."""

    seed: int
    days: tuple[date, ...]
    place: Place
    devices: Devices
    cells: Cells
    cover: Coverage
    pseudonyms: Mapping[date, NDArray[np.uint8]]
    blocks: tuple[Ints, ...]
    tables: Mapping[str, pa.Table]

    @property
    def period(self) -> tuple[float, float]:
        """From when until when, in seconds since 1970."""
        start, *_, end = midnights(self.days[0], len(self.days))
        return float(start), float(end)


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Part of the events of a day. The truth and the late events of a block come with the `last` of its batches."""

    day: date
    last: bool
    events: pa.Table
    late: pa.Table
    stays: pa.Table
    trips: pa.Table


@dataclass(frozen=True, eq=False, slots=True)
class Movement:
    """All tables of a place's movement, the same bytes for the same arguments."""

    seed: int
    days: tuple[date, ...]
    tables: Mapping[str, pa.Table]

    def __getitem__(self, name: str) -> pa.Table:
        return self.tables[name]

    def digest(self) -> str:
        """SHA-256 over the names and the Arrow IPC bytes of all tables."""
        total = hashlib.sha256()
        for name in sorted(self.tables):
            total.update(name.encode())
            total.update(ipc_bytes(self.tables[name].combine_chunks()))
        return total.hexdigest()


def build(
    seed: int = 1,
    residents: int = 20_000,
    days: int = 1,
    first_day: date = FIRST_DAY,
    share: float = SHARE,
    event_day: date | None = None,
) -> Movement:
    """Everything in memory: the place, the devices, what the network saw, and the truth.

    `share` is the part of the residents who carry a phone of the operator. On `event_day` there is a match at the stadium,
    at 15:00 at weekends and 19:45 on other days. For more than a few hundred thousand residents use `stream`.
    """
    if residents > LARGEST_IN_MEMORY:
        raise ValueError(
            f"{residents:,} residents are too many for tables in memory; "
            f"`stream` makes any number, `build` up to {LARGEST_IN_MEMORY:,}."
        )
    made = world(seed, residents, days, first_day, share, event_day)
    batches = list(stream(made))
    drawn = {
        "events": [each.events for each in batches],
        "late": [each.late for each in batches],
        "truth_stays": [each.stays for each in batches],
        "truth_trips": [each.trips for each in batches],
    }
    all_tables = dict(made.tables) | {name: pa.concat_tables(parts) for name, parts in drawn.items()}
    return Movement(
        seed, made.days, MappingProxyType({name: table.combine_chunks() for name, table in all_tables.items()})
    )


def world(
    seed: int = 1,
    residents: int = 20_000,
    days: int = 1,
    first_day: date = FIRST_DAY,
    share: float = SHARE,
    event_day: date | None = None,
) -> World:
    """The place and its people, ready for `stream`."""
    if residents < 500:
        raise ValueError(
            f"A place of {residents} residents is too small for a town with a hospital; ask for 500 or more."
        )
    if days < 1:
        raise ValueError(f"{days} days were asked for; ask for one or more.")
    if not 0 < share < 1:
        raise ValueError(f"A market share of {share} is not between 0 and 1.")
    land = geography.lay(seed, residents)
    web, line = roads.lay(seed, land), routes.railway(land)
    venue = venues.lay(seed, land)
    who = people.draw(seed, land, venue, residents)
    start, *_, end = midnights(first_day, days)
    devices = people.phones(seed, land, who, share, float(start), float(end))
    cells = network.lay(seed, land, web, line, first_day, days)
    period = tuple(first_day + timedelta(i) for i in range(days))
    place = Place(seed, land, routes.survey(land, web, line), venue, who, event_day)
    blocks = _blocks(who)
    cover = network.coverage(seed, land, cells, cells.valid(first_day))
    names = {month: tables.pseudonyms(seed, month, devices) for month in sorted({day.replace(day=1) for day in period})}
    rail, stations = tables.railway(line)
    made = {
        "zones": tables.zones(land, who),
        "cells": cells.table(),
        "ways": web.table(),
        "rail": rail,
        "stations": stations,
        "population": people.population_table(land, who),
        "residents": people.residents_table(land, who),
        "truth_share": people.share_table(land, who, devices),
        **_of_devices(place, devices, cells, cover, names, blocks),
    }
    return World(seed, period, place, devices, cells, cover, MappingProxyType(names), blocks, MappingProxyType(made))


def _of_devices(
    place: Place,
    devices: Devices,
    cells: Cells,
    cover: Coverage,
    names: Mapping[date, NDArray[np.uint8]],
    blocks: tuple[Ints, ...],
) -> dict[str, pa.Table]:
    """`truth_devices`, `opt_outs` and `truth_homes` (under the pseudonyms of the first month)."""
    who = place.people
    table = pa.concat_tables([tables.devices_table(who, devices, names[month], month) for month in names])
    first_of = np.concatenate([np.full(len(rows), rows[0]) for rows in blocks])
    return {
        "truth_devices": table,
        "opt_outs": table.filter(table["opted_out"]).select(["user_id", "month"]),
        "truth_homes": tables.homes(place.land, who, devices, names[min(names)], cover, cells, first_of),
    }


def _blocks(who: people.People) -> tuple[Ints, ...]:
    """The rows of people in blocks: residents, others, lorries, meters; each block of one of the four."""
    of = np.select(
        [who.role == people.HEAVY, who.role == people.METER, np.arange(len(who)) >= who.residents], [2, 3, 1], 0
    )
    blocks: list[Ints] = []
    for each in range(4):
        rows = np.flatnonzero(of == each)
        blocks += [rows[i : i + BLOCK] for i in range(0, len(rows), BLOCK)]
    return tuple(blocks)


def stream(made: World, batch_rows: int = 2_000_000) -> Iterator[Batch]:
    """Events day by day and block by block; no batch has more than `batch_rows` events."""
    if batch_rows < 1:
        raise ValueError(f"Batches of {batch_rows} rows cannot be made; ask for one or more.")
    start, _ = made.period
    since = np.full(len(made.place.people), start)
    valid, cover = made.cells.valid(made.days[0]), made.cover
    for day in made.days:
        pseudonym = made.pseudonyms[day.replace(day=1)]
        today = made.cells.valid(day)
        if (today != valid).any():
            valid, cover = today, network.coverage(made.seed, made.place.land, made.cells, today)
        for number, rows in enumerate(made.blocks):
            yield from _block(made, day, number, rows, cover, pseudonym, since, batch_rows)


def _block(
    made: World, day: date, number: int, rows: Ints, cover: Coverage, pseudonym: NDArray[np.uint8], since: Floats,
    batch_rows: int,
) -> Iterator[Batch]:  # fmt: skip
    place, devices = made.place, made.devices
    if place.people.role[rows[0]] == people.METER:
        seen = events.meters(place, devices, cover, day, rows)
        stays, trips = _no_truth(place)
    else:
        before = chain_of(place, day - timedelta(1), number, rows)
        chain = chain_of(place, day, number, rows)
        seen = events.see(place, devices, cover, day, number, rows, before, chain)
        stays, trips = _truth(made, day, rows, before, chain, since)
    late = tables.events(seen, np.flatnonzero(seen.late), pseudonym, made.cells, devices)
    punctual = np.flatnonzero(~seen.late)
    for at in range(0, max(len(punctual), 1), batch_rows):
        part = tables.events(seen, punctual[at : at + batch_rows], pseudonym, made.cells, devices)
        final = at + batch_rows >= len(punctual)
        yield Batch(day, final, part, *(each if final else each.slice(0, 0) for each in (late, stays, trips)))


def _no_truth(place: Place) -> tuple[pa.Table, pa.Table]:
    """No stays and no trips, with their columns: a meter goes nowhere."""
    none = np.empty(0, dtype=np.int64)
    nothing = Chain(
        none, none.astype(np.int8), none, *(none.astype(float),) * 4, none.astype(np.int8), none.astype(float)
    )
    return (
        tables.stays(place.land, none, none, nothing.arrive, nothing.leave, nothing.activity, 0.0),
        tables.trips(place.land, none, nothing, 0.0, 0.0),
    )


def _truth(made: World, day: date, rows: Ints, before: Chain, chain: Chain, since: Floats) -> tuple[pa.Table, pa.Table]:
    """Stays that end on the day's chain (on the last day also those still going on) and trips that begin on it."""
    start, until = made.period
    land = made.place.land
    chains = [chain]
    if day == made.days[0]:
        chains = [before, chain]
        since[rows] = np.maximum(before.arrive[before.last], start)
    parts = []
    for each in chains:
        arrive = each.arrive.copy()
        if each is chain:
            arrive[each.first] = since[rows]
        keep = ~each.last | (each is chain and day == made.days[-1])
        begun = np.maximum(arrive[keep], start)
        parts.append(
            tables.stays(
                land, rows[each.person[keep]], each.place[keep], begun, each.leave[keep], each.activity[keep], until
            )
        )
    came = chain.last & ~chain.first
    since[rows[chain.person[came]]] = chain.arrive[came]
    return pa.concat_tables(parts), pa.concat_tables([tables.trips(land, rows, each, start, until) for each in chains])
