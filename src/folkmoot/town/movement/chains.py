"""A day as a chain of stays: what is wanted of the day, and what the travel times make of it.

`Wishes` has a row for each slot of the day and a column for each person. `follow` walks down the slots: one leaves in time
to arrive when wanted, or after staying as long as wanted, and the mode and time of each trip come from the routes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.movement.calendar import day_kind, to_utc
from folkmoot.town.movement.geography import Land
from folkmoot.town.movement.people import HEAVY
from folkmoot.town.movement.routes import CYCLE_KPH, WALK_KPH, Routes

ACTIVITIES = ("home", "work", "education", "escort", "shopping", "leisure", "match", "delivery")
HOME, WORK, EDUCATION, ESCORT, SHOPPING, LEISURE, MATCH, DELIVERY = range(8)
MODES = ("walk", "cycle", "bus", "car", "rail", "heavy goods")
WALK, CYCLE, BUS, CAR, RAIL, GOODS = range(6)
EARLIEST = 4.75 * 3600
SHORTEST_STAY = 300.0


@dataclass(frozen=True, eq=False, slots=True)
class Wishes:
    """(slots, people) arrays; slot 0 is home and always on. Times are seconds of the clock after midnight.

    `arrive` is NaN where one goes on after the `stay` of the slot before.
    """

    on: NDArray[np.bool_]
    activity: NDArray[np.int8]
    place: Ints
    x: Floats
    y: Floats
    arrive: Floats
    stay: Floats

    @staticmethod
    def at_home(slots: int, place: Ints, x: Floats, y: Floats) -> Wishes:
        """Everybody at home all day, to be changed."""
        n = len(place)
        on = np.zeros((slots, n), dtype=bool)
        on[0] = True
        return Wishes(
            on, np.zeros((slots, n), dtype=np.int8), np.tile(place, (slots, 1)), np.tile(x, (slots, 1)),
            np.tile(y, (slots, 1)), np.full((slots, n), np.nan), np.full((slots, n), 1800.0),
        )  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Chain:
    """Stays in the order of person and time, in seconds since 1970; the first arrives at −inf, the last leaves at +inf.

    `mode` and `km` are of the trip that arrives at the stay.
    """

    person: Ints
    activity: NDArray[np.int8]
    place: Ints
    x: Floats
    y: Floats
    arrive: Floats
    leave: Floats
    mode: NDArray[np.int8]
    km: Floats

    @property
    def first(self) -> NDArray[np.bool_]:
        """Which stays begin somebody's day."""
        return np.concatenate([[True], self.person[1:] != self.person[:-1]])

    @property
    def last(self) -> NDArray[np.bool_]:
        """Which stays end somebody's day."""
        return np.concatenate([self.person[1:] != self.person[:-1], [True]])


def congestion(kind: str, hour: Floats) -> Floats:
    """By how much a drive takes longer at an hour of the day."""
    if kind != "weekday":
        return np.asarray(0.18 * np.exp(-(((hour - 13.5) / 2.5) ** 2)))
    return np.asarray(0.5 * np.exp(-(((hour - 8.4) / 0.9) ** 2)) + 0.45 * np.exp(-(((hour - 17.2) / 1.2) ** 2)))


@dataclass(frozen=True, eq=False, slots=True)
class Traveller:
    """What decides the mode: a car, the role, one uniform number for the day."""

    car: NDArray[np.bool_]
    role: NDArray[np.int8]
    chance: Floats


def follow(land: Land, routes: Routes, day: date, wishes: Wishes, who: Traveller) -> Chain:
    """The chain of everybody's stays."""
    slots, n = wishes.on.shape
    kind = day_kind(day)
    at = np.zeros(n, dtype=np.int64)
    clock_arrive = np.zeros(n)
    arrive = np.full((slots, n), -np.inf)
    leave = np.full((slots, n), np.inf)
    mode = np.zeros((slots, n), dtype=np.int8)
    km = np.zeros((slots, n))
    car = who.car.copy()
    for slot in range(1, slots):
        going = np.flatnonzero(wishes.on[slot])
        before = at[going]
        wanted = wishes.arrive[slot, going]
        earliest = np.where(before == 0, EARLIEST, clock_arrive[going] + SHORTEST_STAY)
        free = clock_arrive[going] + np.maximum(wishes.stay[before, going], SHORTEST_STAY)
        trip = _trips(routes, wishes, before, slot, going, car, who)
        guess = np.where(np.isnan(wanted), free, wanted)
        seconds = 60 * _minutes(land, routes, kind, guess / 3600, *trip)
        clock = np.where(np.isnan(wanted), free, np.maximum(wanted - seconds, earliest))
        left = np.maximum(to_utc(day, clock), np.where(before == 0, -np.inf, arrive[before, going] + 60.0))
        leave[before, going] = left
        arrive[slot, going] = left + seconds
        clock_arrive[going] = clock + seconds
        mode[slot, going], km[slot, going] = trip[0], trip[3]
        # Who took the train has no car at the other end until home again.
        car[going] = np.where(trip[0] == RAIL, False, car[going])
        home = going[wishes.activity[slot, going] == HOME]
        car[home] = who.car[home]
        at[going] = slot
    column, row = np.nonzero(wishes.on.T)
    pick = (row, column)
    return Chain(
        column, wishes.activity[pick], wishes.place[pick], wishes.x[pick], wishes.y[pick],
        arrive[pick], leave[pick], mode[pick], km[pick],
    )  # fmt: skip


def _trips(
    routes: Routes, wishes: Wishes, before: Ints, slot: int, going: Ints, car: NDArray[np.bool_], who: Traveller
) -> tuple[NDArray[np.int8], Ints, Ints, Floats]:
    """Mode, origin, destination and kilometres of each trip into a slot."""
    origin, destination = wishes.place[before, going], wishes.place[slot, going]
    straight = np.hypot(
        wishes.x[before, going] - wishes.x[slot, going], wishes.y[before, going] - wishes.y[slot, going]
    )
    km = np.maximum(
        np.where(origin == destination, 1.25 * straight, routes.road_km[origin, destination]), 1.1 * straight
    )
    km = np.maximum(km, 0.1)
    chance = who.chance[going]
    # With a car of one's own, or taken along by somebody.
    drives = (car[going] & (chance < 0.93)) | (who.car[going] == car[going]) & (chance > 0.12) & (chance < 0.45)
    mode = np.where(drives, CAR, np.where((km < 5) & (chance < 0.12), CYCLE, np.where(km < 2.2, WALK, BUS)))
    mode = np.where((km < 1.0) | ((km < 1.6) & (chance < 0.5)), WALK, mode)
    train = routes.rail_row[origin, destination] >= 0
    mode = np.where(train & (km > 3.0) & ((chance > 0.45) | ~car[going]), RAIL, mode)
    mode = np.where(who.role[going] == HEAVY, GOODS, mode)
    return mode.astype(np.int8), origin, destination, km


def _minutes(
    land: Land,
    routes: Routes,
    kind: str,
    hour: Floats,
    mode: NDArray[np.int8],
    origin: Ints,
    destination: Ints,
    km: Floats,
) -> Floats:
    """Door to door."""
    west = land.west_of_river(land.x, land.y)
    # The bridge is where it jams: who must cross it loses twice as much.
    jam = congestion(kind, hour) * np.where(west[origin] != west[destination], 2.0, 1.0)
    road = np.maximum(routes.road_minutes[origin, destination], 60 * km / 45.0) * 1.12
    by = np.stack(
        [
            60 * km / WALK_KPH,
            60 * km / CYCLE_KPH,
            7.0 + 1.7 * road * (1 + 0.6 * jam),
            3.0 + road * (1 + jam),
            routes.rail_minutes[origin, destination],
            4.0 + 1.15 * road * (1 + jam),
        ]
    )
    minutes: Floats = np.maximum(by[mode, np.arange(len(mode))], 1.0)
    return minutes
