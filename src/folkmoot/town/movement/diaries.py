"""What everybody wants of a day: work, school, shops, leisure, the match, in the order and at the hours people do.

Slots of a day: home, before (escort a child), main, middle (out at lunch), main again, after, home, evening, home. Lorries
have a day of their own. Shares and hours are invented, in the shape of the National Travel Survey's tables by purpose and
start time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.movement import people as who
from folkmoot.town.movement.calendar import day_kind, in_term
from folkmoot.town.movement.chains import (
    DELIVERY,
    EDUCATION,
    ESCORT,
    HOME,
    LEISURE,
    MATCH,
    SHOPPING,
    WORK,
    Chain,
    Traveller,
    Wishes,
    follow,
)  # fmt: skip
from folkmoot.town.movement.geography import Land
from folkmoot.town.movement.people import People
from folkmoot.town.movement.routes import Routes
from folkmoot.town.movement.venues import Venues
from folkmoot.town.randomness import generator

SLOTS = 9
BEFORE, MAIN, MIDDLE, AGAIN, AFTER, BACK, EVENING, NIGHT_HOME = range(1, 9)
H, M = 3600.0, 60.0
LORRY_STOPS = 12
# Kick-off and the length of a match with its interval.
KICK_OFF = {"weekday": 19.75 * H, "saturday": 15 * H, "sunday": 15 * H}
MATCH_SECONDS = 112 * M


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """All that a day needs to know of where it is lived."""

    seed: int
    land: Land
    routes: Routes
    venues: dict[str, Venues]
    people: People
    event_day: date | None


@dataclass(frozen=True, eq=False, slots=True)
class _Day:
    """One block of people on one day, with their random numbers."""

    where: Place
    date: date
    kind: str
    rows: Ints
    role: NDArray[np.int8]
    chance: Floats
    normal: Floats
    wishes: Wishes

    def want(
        self, slot: int, who: NDArray[np.bool_] | Ints, activity: int, place: Ints, x: Floats, y: Floats,
        stay: Floats, arrive: Floats | float = np.nan,
    ) -> None:  # fmt: skip
        """Put a wish into a slot for some; `place` and what follows have one entry for each of them."""
        w = self.wishes
        w.on[slot, who], w.activity[slot, who] = True, activity
        w.place[slot, who], w.x[slot, who], w.y[slot, who] = place, x, y
        w.stay[slot, who], w.arrive[slot, who] = np.maximum(stay, 600.0), arrive

    def go(
        self, slot: int, who: Ints, venue: str, activity: int, chance: int, stay: Floats, arrive: Floats | float = np.nan,
        start: Ints | None = None,
    ) -> None:  # fmt: skip
        """Send some to a venue chosen by gravity from where they start (their home, when not said)."""
        v = self.where.venues[venue]
        origin = self.where.people.place[self.rows[who]] if start is None else start
        chosen = v.pick(origin, self.chance[chance, who])
        self.want(slot, who, activity, v.place[chosen], v.x[chosen], v.y[chosen], stay, arrive)


def chain_of(where: Place, day: date, block: int, rows: Ints) -> Chain:
    """The stays of a block of people who are all lorries or all not; `person` counts within the block."""
    spot = generator(where.seed, "movement", "diary", day.isoformat(), str(block))
    people = where.people
    heavy = bool(len(rows)) and bool(people.role[rows[0]] == who.HEAVY)
    slots = LORRY_STOPS + 2 if heavy else SLOTS
    wishes = Wishes.at_home(slots, people.place[rows], people.x[rows], people.y[rows])
    today = _Day(
        where, day, day_kind(day), rows, people.role[rows], spot.random((40, len(rows))),
        np.clip(spot.standard_normal((12, len(rows))), -2.6, 2.6), wishes,
    )  # fmt: skip
    if heavy:
        _lorries(today)
    else:
        _main(today)
        _around(today)
        _evening(today)
        if day == where.event_day:
            _match(today)
        _homeward(today)
    car = people.car[rows]
    return follow(where.land, where.routes, day, wishes, Traveller(car, today.role, today.chance[39]))


def _main(d: _Day) -> None:
    """The main thing of the day: work, school, lectures, or the shops and what is pleasant."""
    u, z, role = d.chance, d.normal, d.role
    weekday = d.kind == "weekday"
    go = {"weekday": 0.83, "saturday": 0.16, "sunday": 0.09}[d.kind]
    full = np.isin(role, (who.WORKER, who.COMMUTER)) & (u[0] < go * np.where(role == who.COMMUTER, 0.9, 1.0))
    start = np.select(
        [u[1] < 0.18, u[1] < 0.90], [7.0 * H + 25 * M * z[0], 8.5 * H + 58 * M * z[0]], 11.5 * H + 90 * M * z[0]
    )
    _at_main(d, full, WORK, np.maximum(start, 5.6 * H), 8.2 * H + 45 * M * z[1])
    part = (role == who.PART_TIME) & (u[0] < 0.75 * go)
    _at_main(d, part, WORK, 9.4 * H + 65 * M * z[0], 4.8 * H + 50 * M * z[1])
    if in_term(d.date):
        pupil = (role == who.PUPIL) & (u[0] < 0.94)
        _at_main(d, pupil, EDUCATION, 8.72 * H + 7 * M * z[0], 6.6 * H + 9 * M * z[1])
    student = (role == who.STUDENT) & (u[0] < (0.72 if weekday else 0.12))
    _at_main(d, student, EDUCATION, np.maximum(10.6 * H + 85 * M * z[0], 8 * H), 4.3 * H + 80 * M * z[1])
    _pleasant(d, np.flatnonzero(~d.wishes.on[MAIN]))


def _at_main(d: _Day, some: NDArray[np.bool_], activity: int, arrive: Floats, stay: Floats) -> None:
    at = np.flatnonzero(some)
    p, rows = d.where.people, d.rows[at]
    d.want(MAIN, at, activity, p.main_place[rows], p.main_x[rows], p.main_y[rows], stay[at], arrive[at])


def _pleasant(d: _Day, free: Ints) -> None:
    """Those without an obligation: to the shops or for leisure, at hours that fit their role."""
    u, z, role = d.chance[:, free], d.normal[:, free], d.role[free]
    shop = {"weekday": 0.46, "saturday": 0.52, "sunday": 0.30}[d.kind]
    leisure = {"weekday": 0.16, "saturday": 0.24, "sunday": 0.34}[d.kind]
    out = np.select(
        [role == who.RETIRED, role == who.INFANT, role == who.NIGHT, role == who.ROAMER], [0.9, 0.75, 0.6, 1.4], 1.0
    )
    hour = np.select([role == who.RETIRED, role == who.ROAMER, role == who.NIGHT], [10.8, 11.2, 15.6], 12.4)
    arrive = hour * H + np.where(role == who.NIGHT, 40 * M, 105 * M) * z[2]
    arrive = np.clip(arrive, np.where(role == who.NIGHT, 14.2 * H, 8 * H), 17.5 * H)
    comes = np.isin(role, (who.COMMUTER, who.VISITOR, who.SUPPORTER))
    visits = (role == who.VISITOR) & (u[3] < {"weekday": 0.4, "saturday": 0.65, "sunday": 0.4}[d.kind])
    shops = np.flatnonzero(np.where(comes, visits & (u[5] < 0.6), u[3] < shop * out))
    plays = np.flatnonzero(
        np.where(comes, visits & (u[5] >= 0.6), (u[3] >= shop * out) & (u[3] < (shop + leisure) * out))
    )
    longer = np.where(comes | (role == who.ROAMER), 1.8, 1.0)
    d.go(MAIN, free[shops], "shop", SHOPPING, 6, (longer * 48 * M * np.exp(0.5 * z[3]))[shops], arrive[shops])
    d.go(
        MAIN,
        free[plays],
        "leisure",
        LEISURE,
        6,
        (longer * 80 * M * np.exp(0.3 * z[3]))[plays],
        (arrive + 1.0 * H)[plays],
    )


def _around(d: _Day) -> None:
    """Before, in the middle of, and after the main thing."""
    u, z, w, p = d.chance, d.normal, d.wishes, d.where.people
    here = p.place[d.rows]
    resident = d.rows < p.residents
    if in_term(d.date):
        escorts = np.isin(d.role, (who.WORKER, who.PART_TIME, who.AT_HOME)) & (p.age[d.rows] < 48) & resident
        likely = np.select([d.role == who.WORKER, d.role == who.PART_TIME], [0.12, 0.34], 0.42)
        late = ~w.on[MAIN] | (w.arrive[MAIN] > 8.6 * H)
        at = np.flatnonzero(escorts & late & (u[8] < likely))
        school = d.where.venues["primary"].pick(here[at], u[9, at])
        v = d.where.venues["primary"]
        d.want(
            BEFORE,
            at,
            ESCORT,
            v.place[school],
            v.x[school],
            v.y[school],
            9 * M + 0 * u[9, at],
            (8.65 * H + 6 * M * z[4])[at],
        )
    works = w.on[MAIN] & (w.activity[MAIN] == WORK) & (w.stay[MAIN] > 6.5 * H)
    lunch = np.flatnonzero(works & (u[10] < 0.20))
    out = w.arrive[MAIN, lunch] + 3.9 * H + 25 * M * z[5, lunch]
    d.go(MIDDLE, lunch, "shop", SHOPPING, 11, 28 * M + 0 * out, out, start=w.place[MAIN, lunch])
    rest = w.stay[MAIN, lunch] - (out - w.arrive[MAIN, lunch]) - 45 * M
    d.want(AGAIN, lunch, WORK, w.place[MAIN, lunch], w.x[MAIN, lunch], w.y[MAIN, lunch], rest)
    busy = w.on[MAIN] & np.isin(w.activity[MAIN], (WORK, EDUCATION))
    likely = np.where(busy, 0.24, 0.20) * np.where(np.isin(d.role, (who.COMMUTER, who.SUPPORTER)), 0.3, 1.0)
    shops = np.flatnonzero(w.on[MAIN] & (u[12] < likely))
    d.go(AFTER, shops, "shop", SHOPPING, 13, 32 * M * np.exp(0.4 * z[6, shops]), start=w.place[MAIN, shops])
    plays = np.flatnonzero(w.on[MAIN] & (u[12] > 0.90) & resident)
    d.go(AFTER, plays, "leisure", LEISURE, 13, 75 * M * np.exp(0.3 * z[6, plays]), start=w.place[MAIN, plays])


def _evening(d: _Day) -> None:
    """Out again in the evening; the night workers go to work."""
    u, z, p = d.chance, d.normal, d.where.people
    free = np.isin(d.role, (who.COMMUTER, who.VISITOR, who.SUPPORTER, who.NIGHT, who.INFANT), invert=True)
    merry = d.kind == "saturday" or d.date.weekday() == 4
    age = p.age[d.rows]
    likely = (0.30 if merry else 0.17) * np.select([age < 12, age < 30, age < 66], [0.4, 1.5, 1.0], 0.6)
    at = np.flatnonzero(free & (u[15] < likely))
    late = (u[16, at] < (0.25 if merry else 0.04)) & (age[at] >= 18)
    arrive = np.where(late, 21.0 * H + 30 * M * z[7, at], 19.2 * H + 45 * M * z[7, at])
    stay = np.where(late, np.clip(3.6 * H + 45 * M * z[8, at], H, 4.5 * H), 105 * M * np.exp(0.3 * z[8, at]))
    stay = np.minimum(stay, 25.6 * H - arrive)
    d.go(EVENING, at, "leisure", LEISURE, 17, stay, arrive)
    works = np.flatnonzero((d.role == who.NIGHT) & ((d.date.toordinal() + d.rows) % 7 < 4))
    rows = d.rows[works]
    d.want(
        EVENING, works, WORK, p.main_place[rows], p.main_x[rows], p.main_y[rows],
        8.0 * H + 12 * M * z[8, works], 21.8 * H + 12 * M * z[7, works],
    )  # fmt: skip


def _match(d: _Day) -> None:
    """Some go to the stadium instead of what they wanted, and all away supporters."""
    u, z, v, p = d.chance, d.normal, d.where.venues["match"], d.where.people
    age = p.age[d.rows]
    fan = np.select([age < 10, age < 18, age < 66], [0.03, 0.14, 0.17], 0.06) * np.where(p.female[d.rows], 0.6, 1.4)
    fan = np.where(d.role == who.SUPPORTER, 1.0, np.where(d.rows < p.residents, fan, 0.0))
    at = np.flatnonzero((u[20] < fan) & (d.role != who.NIGHT))
    kick_off = KICK_OFF[d.kind]
    arrive = np.minimum(kick_off - 32 * M + 15 * M * z[9, at], kick_off + 5 * M)
    stay = kick_off + MATCH_SECONDS + 5 * M * np.abs(z[10, at]) - arrive
    slot = EVENING if d.kind == "weekday" else MAIN
    off = (EVENING,) if d.kind == "weekday" else (BEFORE, MAIN, MIDDLE, AGAIN, AFTER)
    for each in off:
        d.wishes.on[each, at] = False
    if d.kind == "weekday":
        # Supporters from elsewhere have no evening from home: the match is their day.
        away = at[d.role[at] == who.SUPPORTER]
        d.wishes.on[1:EVENING, away] = False
    n = len(at)
    d.want(slot, at, MATCH, np.full(n, v.place[0]), np.full(n, v.x[0]), np.full(n, v.y[0]), stay, arrive)


def _homeward(d: _Day) -> None:
    """Home after what the day held, and home after the evening."""
    w, p = d.wishes, d.where.people
    by_day = np.flatnonzero(w.on[BEFORE : AFTER + 1].any(axis=0))
    by_night = np.flatnonzero(w.on[EVENING])
    for slot, at in ((BACK, by_day), (NIGHT_HOME, by_night)):
        rows = d.rows[at]
        d.want(slot, at, HOME, p.place[rows], p.x[rows], p.y[rows], np.full(len(at), 20 * M))


def _lorries(d: _Day) -> None:
    """From depot to depot all day, at weekends fewer; home at the end."""
    u, w, land = d.chance, d.wishes, d.where.land
    stops = np.array([land.of_kind(kind) for kind in ("industrial estate", "retail park", "business park", "hospital")])
    stops = np.concatenate([stops, [land.of_kind("town centre")], land.gateways[:2]])
    weight = np.cumsum([0.30, 0.16, 0.12, 0.05, 0.07, 0.15, 0.15])
    works = u[30] < {"weekday": 0.95, "saturday": 0.4, "sunday": 0.15}[d.kind]
    count = 6 + (u[31] * (LORRY_STOPS - 5)).astype(np.int64)
    here = w.place[0].copy()
    p = d.where.people
    for slot in range(1, LORRY_STOPS + 1):
        at = np.flatnonzero(works & (slot <= count))
        chosen = np.minimum(np.searchsorted(weight / weight[-1], u[slot, at], side="right"), len(stops) - 1)
        chosen = np.where(stops[chosen] == here[at], (chosen + 1) % len(stops), chosen)
        place = stops[chosen]
        arrive = 6.5 * H + 1.5 * H * d.normal[0, at] if slot == 1 else np.nan
        arrive = np.clip(arrive, 5.5 * H, 9.5 * H) if slot == 1 else arrive
        d.want(slot, at, DELIVERY, place, land.x[place], land.y[place], (12 + 30 * u[slot + 14, at]) * M, arrive)
        here[at] = place
    at = np.flatnonzero(works)
    d.want(LORRY_STOPS + 1, at, HOME, w.place[0, at], p.x[d.rows[at]], p.y[d.rows[at]], np.full(len(at), H))
