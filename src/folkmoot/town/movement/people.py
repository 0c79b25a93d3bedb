"""Who moves: residents, those who come from elsewhere, lorries and meters; and which of them carry a phone of the operator.

The operator's share is not the same everywhere: it differs by area (a normal effect, lower where incomes are high) and by
age (few children, few of the oldest), on the logit scale around the mean asked for. So a count of phones is a biased count
of people, and `truth_share` says by how much. One person in thirty has two SIMs; one in two hundred changes SIM in the
period.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.town.borough import AGE_BANDS, Floats, Ints, sexes
from folkmoot.town.movement.geography import Land, lat, lon, scatter
from folkmoot.town.movement.venues import Venues
from folkmoot.town.randomness import generator

ROLES = (
    "infant", "pupil", "student", "full-time worker", "part-time worker", "night worker", "at home", "retired",
    "commuter from outside", "visitor", "away supporter", "roamer", "heavy goods vehicle", "meter",
)  # fmt: skip
(
    INFANT,
    PUPIL,
    STUDENT,
    WORKER,
    PART_TIME,
    NIGHT,
    AT_HOME,
    RETIRED,
    COMMUTER,
    VISITOR,
    SUPPORTER,
    ROAMER,
    HEAVY,
    METER,
) = range(14)
BANDS = ("0-15", "16-24", "25-34", "35-49", "50-64", "65-74", "75+")
BAND_FROM = np.array([0, 16, 25, 35, 50, 65, 75])
AGE_EFFECT = np.array([-2.2, 0.35, 0.30, 0.10, 0.0, -0.35, -0.9])
YOUNGEST_WITH_PHONE = 8
ELSEWHERE = ((COMMUTER, 0.035), (VISITOR, 0.03), (SUPPORTER, 0.06), (ROAMER, 0.012), (HEAVY, 0.008), (METER, 0.025))
TWO_SIMS, SIM_SWAP, OPT_OUT, OFF_AT_NIGHT = 1 / 30, 1 / 200, 0.01, 0.10
FOREIGN_MCC = np.array([208, 262, 272, 204, 260, 310, 505])


@dataclass(frozen=True, eq=False, slots=True)
class People:
    """All who move, the residents first. `main_*` is where they work or learn; −1 for those who do neither."""

    residents: int
    role: NDArray[np.int8]
    age: Ints
    female: NDArray[np.bool_]
    car: NDArray[np.bool_]
    imd_decile: Ints
    place: Ints
    x: Floats
    y: Floats
    main_place: Ints
    main_x: Floats
    main_y: Floats

    def __len__(self) -> int:
        return len(self.role)

    @property
    def band(self) -> Ints:
        """The number of everybody's age band."""
        return np.searchsorted(BAND_FROM, self.age, side="right") - 1


@dataclass(frozen=True, eq=False, slots=True)
class Devices:
    """Phones and trackers in the order of who carries them: `owner[i]`; `swap` is when a SIM is changed, or +inf."""

    owner: Ints
    second: NDArray[np.bool_]
    rate: Floats
    off_at_night: NDArray[np.bool_]
    swap: Floats
    mcc: Ints
    opted_out: NDArray[np.bool_]
    share: Floats

    def __len__(self) -> int:
        return len(self.owner)


def draw(seed: int, land: Land, venues: dict[str, Venues], residents: int) -> People:
    """The residents of the zones and those from elsewhere."""
    spot = generator(seed, "movement", "people")
    zone = spot.choice(land.zones, size=residents, p=land.homes / land.homes.sum())
    band = spot.choice(len(AGE_BANDS), size=residents, p=AGE_BANDS / AGE_BANDS.sum())
    age = band * 5 + spot.integers(0, 5, residents)
    female = spot.random(residents) < 0.49 + 0.002 * np.maximum(age - 50, 0)
    decile = land.imd_decile[zone]
    can_drive = (0.60 + 0.034 * decile) * np.clip(1.25 - 0.006 * age, 0.5, 1.0)
    car = spot.random(residents) < can_drive
    role = _role(spot, age)
    x, y = scatter(spot, land, zone)
    main = _mains(spot, venues, role, age, zone)
    return _with_others(seed, land, venues, People(residents, role, age, female, car, decile, zone, x, y, *main))


def _role(spot: np.random.Generator, age: Ints) -> NDArray[np.int8]:
    chance = spot.random(len(age))
    role = np.full(len(age), AT_HOME)
    adult = (age >= 25) & (age < 66)
    young = (age >= 18) & (age < 25)
    role[adult & (chance < 0.62)] = WORKER
    role[adult & (chance >= 0.62) & (chance < 0.77)] = PART_TIME
    role[adult & (chance >= 0.77) & (chance < 0.805)] = NIGHT
    role[young & (chance < 0.42)] = STUDENT
    role[young & (chance >= 0.42) & (chance < 0.80)] = WORKER
    role[age >= 66] = np.where(chance < 0.10, PART_TIME, RETIRED)[age >= 66]
    role[age < 18] = PUPIL
    role[age < 5] = INFANT
    return role.astype(np.int8)


def _mains(
    spot: np.random.Generator, venues: dict[str, Venues], role: NDArray[np.int8], age: Ints, zone: Ints
) -> tuple[Ints, Floats, Floats]:
    """Workplace, school or university of each."""
    place = np.full(len(role), -1)
    x, y = np.zeros(len(role)), np.zeros(len(role))
    working = np.isin(role, (WORKER, PART_TIME, NIGHT, COMMUTER))
    for kind, who in (
        ("work", working),
        ("primary", (role == PUPIL) & (age < 11)),
        ("secondary", (role == PUPIL) & (age >= 11)),
        ("lecture", role == STUDENT),
    ):
        mine = np.flatnonzero(who)
        chosen = venues[kind].pick(zone[mine], spot.random(len(mine)))
        place[mine], x[mine], y[mine] = venues[kind].place[chosen], venues[kind].x[chosen], venues[kind].y[chosen]
    return place, x, y


def _with_others(seed: int, land: Land, venues: dict[str, Venues], home: People) -> People:
    """The same, with those from elsewhere after them."""
    spot = generator(seed, "movement", "elsewhere")
    role = np.concatenate([np.full(max(2, round(share * home.residents)), each) for each, share in ELSEWHERE])
    n = len(role)
    place = land.gateways[spot.choice(3, size=n, p=[0.3, 0.25, 0.45])]
    hotel = venues["hotel"].pick(np.zeros(n, dtype=np.int64), spot.random(n))
    depots = np.array([land.of_kind("industrial estate"), land.of_kind("business park"), *land.gateways[:2]])
    depot = depots[spot.choice(4, size=n, p=[0.35, 0.1, 0.3, 0.25])]
    meter = spot.choice(land.zones, size=n, p=land.homes / land.homes.sum())
    place = np.where(role == ROAMER, venues["hotel"].place[hotel], np.where(role == HEAVY, depot, place))
    place = np.where(role == METER, meter, place)
    x, y = land.x[place] + 0.1 * spot.standard_normal(n), land.y[place] + 0.1 * spot.standard_normal(n)
    x, y = np.where(role == ROAMER, venues["hotel"].x[hotel], x), np.where(role == ROAMER, venues["hotel"].y[hotel], y)
    age = np.where(np.isin(role, (HEAVY, METER)), 0, spot.integers(20, 65, n))
    # Who comes by motorway has a car; who comes by train has none here.
    car = np.isin(place, land.gateways[:2])
    main = _mains(spot, venues, role.astype(np.int8), age, place)
    female = spot.random(n) < 0.5
    return People(
        home.residents,
        np.concatenate([home.role, role.astype(np.int8)]),
        *(
            np.concatenate([a, b])
            for a, b in (
                (home.age, age), (home.female, female), (home.car, car), (home.imd_decile, np.zeros(n, dtype=np.int64)),
                (home.place, place), (home.x, x), (home.y, y),
                (home.main_place, main[0]), (home.main_x, main[1]), (home.main_y, main[2]),
            )
        ),
    )  # fmt: skip


def phones(seed: int, land: Land, people: People, share: float, start: float, end: float) -> Devices:
    """Who carries a phone of this operator when its mean share of residents is `share`; the period is for SIM swaps."""
    spot = generator(seed, "movement", "phones")
    n = len(people)
    chance = share_by(seed, land, people, share)
    has = spot.random(n) < chance
    two = has & (people.role < COMMUTER) & (spot.random(n) < TWO_SIMS)
    owner = np.repeat(np.arange(n), has.astype(np.int64) + two)
    second = np.concatenate([[False], owner[1:] == owner[:-1]])
    m = len(owner)
    role = people.role[owner]
    rate = np.exp(0.5 * spot.standard_normal(m) - 0.125)
    swaps = (spot.random(m) < SIM_SWAP) & (role < COMMUTER) & ~second
    # In the middle part of the period, so that both SIMs are seen.
    swap = np.where(swaps, start + (end - start) * (0.35 + 0.4 * spot.random(m)), np.inf)
    mcc = np.where(role == ROAMER, FOREIGN_MCC[spot.integers(0, len(FOREIGN_MCC), m)], 234)
    off = (spot.random(m) < OFF_AT_NIGHT) & (role < COMMUTER)
    return Devices(owner, second, rate * np.where(second, 0.35, 1.0), off, swap, mcc, spot.random(m) < OPT_OUT, chance)


def share_by(seed: int, land: Land, people: People, share: float) -> Floats:
    """Everybody's chance to carry a phone of the operator; over the residents the mean is `share`."""
    area = 0.45 * generator(seed, "movement", "share").standard_normal(land.zones)
    area = area - 0.06 * (land.imd_decile - 5.5)
    residents = slice(0, people.residents)
    score = area[people.place[residents]] + AGE_EFFECT[people.band[residents]]
    can = people.age[residents] >= YOUNGEST_WITH_PHONE
    if share > 0.98 * float(can.mean()):
        raise ValueError(f"A share of {share} leaves nobody without a phone; ask for at most {0.98 * can.mean():.2f}.")
    low, high = -12.0, 12.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        mean = float((can / (1 + np.exp(-(score + middle)))).mean())
        low, high = (middle, high) if mean < share else (low, middle)
    chance = np.full(len(people), share)
    chance[residents] = can / (1 + np.exp(-(score + low)))
    chance[people.role == METER] = 1.0
    return chance


def residents_table(land: Land, people: People) -> pa.Table:
    """The table `residents`."""
    n = people.residents
    code = pa.array(land.zone_id, pa.string())
    main = people.main_place[:n]
    return pa.table(
        {
            "resident_id": pa.array(np.arange(n)),
            "zone_id": code.take(pa.array(people.place[:n])),
            "longitude": pa.array(lon(people.x[:n])),
            "latitude": pa.array(lat(people.y[:n])),
            "age_band": pa.array(BANDS, pa.string()).take(pa.array(people.band[:n])),
            "sex": sexes(people.female[:n]),
            "occupation": pa.array(ROLES, pa.string()).take(pa.array(people.role[:n].astype(np.int64))),
            "main_zone_id": code.take(pa.array(np.maximum(main, 0), mask=main < 0)),
            "car_access": pa.array(people.car[:n]),
            "imd_decile": pa.array(people.imd_decile[:n]),
        }
    )


def population_table(land: Land, people: People) -> pa.Table:
    """The table `population`: how many residents by zone, age band and sex, zeros included."""
    n, bands = people.residents, len(BANDS)
    cell = (people.place[:n] * bands + people.band[:n]) * 2 + people.female[:n]
    count = np.bincount(cell, minlength=land.zones * bands * 2)
    number = np.arange(len(count))
    return pa.table(
        {
            "zone_id": pa.array(land.zone_id, pa.string()).take(pa.array(number // (2 * bands))),
            "age_band": pa.array(BANDS, pa.string()).take(pa.array(number // 2 % bands)),
            "sex": pa.array(["male", "female"], pa.string()).take(pa.array(number % 2)),
            "people": pa.array(count),
        }
    )


def share_table(land: Land, people: People, devices: Devices) -> pa.Table:
    """The table `truth_share`: residents and those seen (with at least one phone) by zone and age band."""
    n, bands = people.residents, len(BANDS)
    cell = people.place[:n] * bands + people.band[:n]
    seen = np.unique(devices.owner[devices.owner < n])
    residents = np.bincount(cell, minlength=land.zones * bands)
    number = np.arange(land.zones * bands)
    return pa.table(
        {
            "zone_id": pa.array(land.zone_id, pa.string()).take(pa.array(number // bands)),
            "age_band": pa.array(BANDS, pa.string()).take(pa.array(number % bands)),
            "residents": pa.array(residents),
            "with_phone": pa.array(np.bincount(cell[seen], minlength=land.zones * bands)),
        }
    )
