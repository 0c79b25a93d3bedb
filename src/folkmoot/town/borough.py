"""The borough of Aldermoor: its neighbourhoods and the people who live there.

A fictional town. Neighbourhoods carry codes of the shape of LSOAs (E01 and six digits) from a range the Office for
National Statistics has not issued; NHS numbers are of the 999 range kept for tests. Deprivation is highest near the
centre and to the east, as in many English towns, and car access falls with it. The age pyramid is roughly England's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from folkmoot.town.randomness import generator

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

CENTRE_LON, CENTRE_LAT = -0.5500, 53.0500
FIRST_LSOA = 1_999_001
BORN_BEFORE = np.datetime64("2026-01-05")

# Share of people by five-year age band from 0–4 to 85–89, then 90 and over (England 2021, rounded).
AGE_BANDS = np.array([5.4, 5.9, 6.1, 5.7, 6.0, 6.6, 7.0, 6.8, 6.4, 6.3, 6.9, 6.8, 5.8, 5.0, 4.9, 3.7, 2.5, 1.5, 0.9])
WARD_NAMES = (
    "Abbey", "Castle", "Moorside", "Riverside", "Northgate", "Southfield", "Eastbrook", "Westwell", "Park", "Priory",
    "Staithe", "Windmill",
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Residents:
    """The people of the borough as arrays, one row a resident."""

    nhs_number: pa.Array
    born: pa.Array
    age: Ints
    female: NDArray[np.bool_]
    place: Ints
    imd_decile: Ints
    car: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.age)


def places(seed: int, neighbourhoods: int) -> pa.Table:
    """Neighbourhoods around the town, each with a code, an electoral ward, a position and a deprivation decile."""
    n = neighbourhoods
    spot = generator(seed, "places")
    radius = np.sqrt(spot.random(n)) * 6.5
    angle = spot.random(n) * 2 * np.pi
    east, north = radius * np.cos(angle), radius * np.sin(angle)
    affluence = 0.55 * radius - 0.25 * east + 1.6 * generator(seed, "deprivation").standard_normal(n)
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(affluence, kind="stable")] = np.arange(n)
    ward = (((angle / (2 * np.pi)) * 6).astype(np.int64) * 2 + (radius > 4.6)) % len(WARD_NAMES)
    return pa.table(
        {
            "lsoa21cd": pa.array([f"E{FIRST_LSOA + i:08d}" for i in range(n)], pa.string()),
            "name": pa.array([f"Aldermoor {i // 5 + 1:03d}{'ABCDE'[i % 5]}" for i in range(n)], pa.string()),
            "ward_name": pa.array(WARD_NAMES, pa.string()).take(pa.array(ward)),
            "lon": pa.array(np.round(CENTRE_LON + east / (111.32 * np.cos(np.radians(CENTRE_LAT))), 5)),
            "lat": pa.array(np.round(CENTRE_LAT + north / 111.32, 5)),
            "imd_decile": pa.array(1 + rank * 10 // n),
        }
    )


def people(seed: int, n: int, place_table: pa.Table) -> Residents:
    """Draw the residents."""
    decile_of = np.asarray(place_table["imd_decile"].to_numpy())
    weight = 0.6 + generator(seed, "crowding").random(len(decile_of))
    place = generator(seed, "homes").choice(len(decile_of), size=n, p=weight / weight.sum())
    band = generator(seed, "age-bands").choice(len(AGE_BANDS), size=n, p=AGE_BANDS / AGE_BANDS.sum())
    days_old = np.floor((band * 5 + 5 * generator(seed, "birthdays").random(n)) * 365.25).astype(np.int64)
    age = (days_old / 365.25).astype(np.int64)
    born = (BORN_BEFORE - days_old.astype("timedelta64[D]")).astype("datetime64[D]")
    female = generator(seed, "sexes").random(n) < 0.49 + 0.002 * np.maximum(age - 50, 0)
    decile = decile_of[place]
    can_drive = (0.45 + 0.045 * decile) * np.where(age < 17, 0.9, np.clip(1.25 - 0.006 * age, 0.5, 1.0))
    car = generator(seed, "cars").random(n) < can_drive
    return Residents(_nhs_numbers(seed, n), pa.array(born), age, female, place, decile, car)


def residents_table(residents: Residents, place_table: pa.Table) -> pa.Table:
    """The table `residents`."""
    return pa.table(
        {
            "nhs_number": residents.nhs_number,
            "born": residents.born,
            "sex": sexes(residents.female),
            "lsoa21cd": place_table["lsoa21cd"].combine_chunks().take(pa.array(residents.place)),
            "imd_decile": pa.array(residents.imd_decile),
            "car_access": pa.array(residents.car),
        }
    )


def sexes(female: NDArray[np.bool_]) -> pa.Array:
    """“female” or “male” as text."""
    return pa.array(["male", "female"], pa.string()).take(pa.array(female.astype(np.int64)))


def _nhs_numbers(seed: int, n: int) -> pa.Array:
    """Distinct valid NHS numbers of the 999 test range, by the modulus 11 rule of the NHS Data Dictionary."""
    stems = 999_000_000 + generator(seed, "nhs-numbers").permutation(1_000_000)
    total = np.zeros(len(stems), dtype=np.int64)
    for position in range(9):
        total += (stems // 10 ** (8 - position)) % 10 * (10 - position)
    check = (11 - total % 11) % 11
    numbers = (stems * 10 + check)[check != 10]
    if n > len(numbers):
        raise ValueError(f"The test range of NHS numbers holds {len(numbers)} people; {n} were asked for.")
    return pc.cast(pa.array(numbers[:n]), pa.string())
