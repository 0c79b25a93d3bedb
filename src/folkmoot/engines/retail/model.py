"""A market as the engine sees it: areas where people live and spend, centres where they shop, what it costs to get there.

Everything is checked here, once, so that no other room meets a NaN, a negative or two centres of the same code. What
cannot be used is either refused in a sentence (`RetailError`) or, by the readers in `tables`, set aside and counted
(`SetAside`). Units: pounds a year, square metres, and minutes or kilometres as `Market.unit` says. An unreachable pair
has infinite cost; an area that reaches no centre keeps its spending, reported as served by none.

>>> import numpy as np
>>> areas = Areas.of(["A", "B"], population=[1000, 2000], spend=[2e6, 5e6])
>>> centres = Centres.of(["X", "Y"], floor_space_m2=[10_000, 5_000])
>>> market = Market(areas, centres, cost=np.array([[5.0, 9.0], [12.0, np.inf]]))
>>> market.reached.tolist()
[True, True]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Texts = NDArray[np.str_]

WGS84, BRITISH_NATIONAL_GRID = "EPSG:4326", "EPSG:27700"


class RetailError(ValueError):
    """The market described cannot be modelled; the message says what, where and what to do."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows of the input that were not used: why, how many, the first of them, and the numbers of all (from 1)."""

    reason: str
    count: int
    first: str = ""
    rows: tuple[int, ...] = ()

    @classmethod
    def of(cls, reason: str, first: str, rows: Ints) -> SetAside:
        """From positions in a table."""
        return cls(reason, len(rows), first, tuple((rows + 1).tolist()))


@dataclass(frozen=True, eq=False)
class Areas:
    """Where people live. `age` has a row an area and a column a band (shares of the population, each row sums to 1)."""

    code: Texts
    population: Floats
    spend: Floats
    name: Texts
    lon: Floats
    lat: Floats
    imd_decile: Ints
    classification: Texts
    car_access: Floats
    age_bands: tuple[str, ...]
    age: Floats
    elsewhere: Floats

    def __len__(self) -> int:
        return len(self.code)

    @classmethod
    def of(
        cls,
        code: Sequence[str],
        *,
        population: ArrayLike,
        spend: ArrayLike | None = None,
        spend_per_head: ArrayLike | None = None,
        name: Sequence[str] | None = None,
        lon: ArrayLike | None = None,
        lat: ArrayLike | None = None,
        crs: str = WGS84,
        imd_decile: ArrayLike | None = None,
        classification: Sequence[str] | None = None,
        car_access: ArrayLike | None = None,
        age: Mapping[str, ArrayLike] | None = None,
        elsewhere: ArrayLike = 0.0,
    ) -> Areas:
        """Areas from plain columns. Unknown: NaN positions and car access, decile 0, classification "".

        `spend` is pounds a year for the whole area, or `spend_per_head` for each resident (exactly one of the two).
        `age` maps bands to people or shares. `elsewhere` is the share of spending that goes to no centre of the
        market, such as online; between 0 and 1, for all areas or for each.
        """
        codes = unique_codes(code, "area")
        n = len(codes)
        people = column(population, n, "population", codes, least=0.0)
        if (spend is None) == (spend_per_head is None):
            raise RetailError("Give either the spending of each area or the spending per head, one of the two.")
        if spend is not None:
            money = column(spend, n, "spend", codes, least=0.0)
        else:
            money = people * column(spend_per_head, n, "spend_per_head", codes, least=0.0)
        east, north = positions(lon, lat, n, codes, crs)
        deciles = np.zeros(n) if imd_decile is None else column(imd_decile, n, "imd_decile", codes, least=0.0)
        wrong = (deciles > 10) | (deciles != np.floor(deciles))
        refuse_if(wrong, codes, deciles, "imd_decile", "a whole number from 1 (most deprived) to 10, or 0 if unknown")
        away = column(elsewhere, n, "elsewhere", codes, least=0.0)
        refuse_if(away >= 1.0, codes, away, "elsewhere", "a share below 1")
        car = np.full(n, np.nan) if car_access is None else column(car_access, n, "car_access", codes, 0.0, gaps=True)
        refuse_if(car > 1.0, codes, car, "car_access", "a share between 0 and 1 (not a percentage)")
        bands, shares = _ages(age or {}, n, codes)
        return cls(
            codes, people, money, texts(name if name is not None else codes, n, "name"), east, north,
            deciles.astype(np.int64), texts(classification if classification is not None else [""] * n, n, "class"),
            car, bands, shares, away,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Centres:
    """Where people shop. `attractiveness` is what draws them (floor space unless given), `further` more such variables."""

    code: Texts
    name: Texts
    floor_space_m2: Floats
    attractiveness: Floats
    centre_class: Texts
    running_cost_per_m2: Floats
    lon: Floats
    lat: Floats
    further: Mapping[str, Floats] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        return len(self.code)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes there are, in alphabetical order."""
        return tuple(sorted(set(self.centre_class.tolist())))

    @classmethod
    def of(
        cls,
        code: Sequence[str],
        *,
        floor_space_m2: ArrayLike,
        attractiveness: ArrayLike | None = None,
        name: Sequence[str] | None = None,
        centre_class: Sequence[str] | None = None,
        running_cost_per_m2: ArrayLike | None = None,
        lon: ArrayLike | None = None,
        lat: ArrayLike | None = None,
        crs: str = WGS84,
        further: Mapping[str, ArrayLike] | None = None,
    ) -> Centres:
        """Centres from plain columns. Every measure of attractiveness must be above zero, for its logarithm is taken."""
        codes = unique_codes(code, "centre")
        n = len(codes)
        size = column(floor_space_m2, n, "floor_space_m2", codes, least=0.0)
        refuse_if(size == 0.0, codes, size, "floor_space_m2", "above zero; leave out a centre without floor space")
        pull = size if attractiveness is None else column(attractiveness, n, "attractiveness", codes, least=0.0)
        refuse_if(pull == 0.0, codes, pull, "attractiveness", "above zero")
        more = {key: column(values, n, key, codes, least=0.0) for key, values in (further or {}).items()}
        for key, values in more.items():
            refuse_if(values == 0.0, codes, values, key, "above zero; add one to every centre if zero is a count")
        cost = np.full(n, np.nan) if running_cost_per_m2 is None else running_cost_per_m2
        east, north = positions(lon, lat, n, codes, crs)
        return cls(
            codes, texts(name if name is not None else codes, n, "name"), size, pull,
            texts(centre_class if centre_class is not None else [""] * n, n, "centre_class"),
            column(cost, n, "running_cost_per_m2", codes, 0.0, gaps=True), east, north, MappingProxyType(more),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Market:
    """Areas × centres. `cost` may hold infinity, never NaN; `flows` holds counts (or pounds), NaN where unknown.

    An area whose row of flows is all NaN was not surveyed; a single NaN is a cell that was suppressed.
    """

    areas: Areas
    centres: Centres
    cost: Floats
    unit: str = "minutes"
    flows: Floats | None = None
    flow_unit: str = "visits"
    statements: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()

    def __post_init__(self) -> None:
        shape = (len(self.areas), len(self.centres))
        if 0 in shape:
            raise RetailError(f"A market needs areas and centres; this one has {shape[0]} and {shape[1]}.")
        object.__setattr__(self, "cost", self._matrix(self.cost, shape, "cost", gaps=False))
        if self.flows is not None:
            object.__setattr__(self, "flows", self._matrix(self.flows, shape, "flows", gaps=True))

    def _matrix(self, values: ArrayLike, shape: tuple[int, int], what: str, *, gaps: bool) -> Floats:
        matrix = np.array(values, dtype=np.float64)
        if matrix.shape != shape:
            raise RetailError(
                f"The matrix of {what} is {' × '.join(map(str, matrix.shape))}, but there are {shape[0]} areas and "
                f"{shape[1]} centres; give it a row for every area and a column for every centre, in the same order."
            )
        wrong = matrix < 0 if gaps else np.isnan(matrix) | (matrix < 0)
        if gaps:
            wrong |= np.isinf(matrix)
        if wrong.any():
            i, j = np.argwhere(wrong)[0]
            hint = (
                " Write infinity (or leave the pair out) where there is no way."
                if not gaps
                else " Suppressed counts are left empty, not coded as negative numbers."
            )
            raise RetailError(
                f"The {what} from area “{self.areas.code[i]}” to centre “{self.centres.code[j]}” is {matrix[i, j]:g}; "
                f"{int(wrong.sum())} cells are such, and no number below zero or missing can be used.{hint}"
            )
        return matrix

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Which areas reach at least one centre."""
        return np.asarray(np.isfinite(self.cost).any(axis=1))


def column(
    values: ArrayLike | None, n: int, what: str, codes: Texts, least: float = -np.inf, *, gaps: bool = False
) -> Floats:
    """A column of n numbers, or a sentence with the first row that is wrong. A single number stands for all."""
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise RetailError(f"The column {what} holds something that is not a number.") from None
    if array.ndim == 0:
        array = np.full(n, float(array))
    if array.shape != (n,):
        raise RetailError(f"The column {what} has {array.size} values for {n} rows; give one a row.")
    wrong = np.isinf(array) | (array < least) if gaps else ~np.isfinite(array) | (array < least)
    refuse_if(wrong, codes, array, what, f"a number not below {least:g}")
    return array


def refuse_if(wrong: NDArray[np.bool_], codes: Texts, values: Floats, what: str, must_be: str) -> None:
    """Raise a `RetailError` for the first wrong row, if there is one."""
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        more = f" ({int(wrong.sum())} rows are wrong)" if wrong.sum() > 1 else ""
        raise RetailError(f"{what} of “{codes[row]}” (row {row + 1}) is {values[row]:g}; it must be {must_be}{more}.")


def unique_codes(values: Iterable[object], what: str) -> Texts:
    """Codes as text, each once; a sentence with the first that is empty or double."""
    codes = [str(value).strip() for value in values]
    seen: dict[str, int] = {}
    for row, code in enumerate(codes):
        if not code:
            raise RetailError(f"Row {row + 1} has no {what} code; every {what} needs one.")
        if code in seen:
            raise RetailError(
                f"The {what} “{code}” is in rows {seen[code] + 1} and {row + 1}; add them up or leave one out, "
                "since two of the same code would each draw people."
            )
        seen[code] = row
    return np.array(codes, dtype=np.str_)


def texts(values: Iterable[object], n: int, what: str) -> Texts:
    """A column of n texts, "" where missing."""
    array = np.array(["" if value is None else str(value) for value in values], dtype=np.str_)
    if array.shape != (n,):
        raise RetailError(f"The column {what} has {array.size} values for {n} rows; give one a row.")
    return array


def positions(
    lon: ArrayLike | None, lat: ArrayLike | None, n: int, codes: Texts, crs: str = WGS84
) -> tuple[Floats, Floats]:
    """Longitudes and latitudes in degrees; from British National Grid metres if `crs` says EPSG:27700."""
    if lon is None or lat is None:
        return np.full(n, np.nan), np.full(n, np.nan)
    x = column(lon, n, "lon", codes, gaps=True)
    y = column(lat, n, "lat", codes, gaps=True)
    if crs == BRITISH_NATIONAL_GRID:
        from pyproj import Transformer

        x, y = Transformer.from_crs(BRITISH_NATIONAL_GRID, WGS84, always_xy=True).transform(x, y)
        x, y = np.where(np.isfinite(x), x, np.nan), np.where(np.isfinite(y), y, np.nan)
    elif crs != WGS84:
        raise RetailError(
            f"Positions in “{crs}” are not understood; give {WGS84} (degrees) or {BRITISH_NATIONAL_GRID}."
        )
    outside = (np.abs(x) > 180) | (np.abs(y) > 90)
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        grid = bool(((x[outside] >= 0) & (x[outside] <= 7e5) & (y[outside] >= 0) & (y[outside] <= 1.3e6)).all())
        advice = (
            " These look like metres of the British National Grid: say that the positions are in EPSG:27700, and give "
            "no file that mixes the two."
            if grid
            else " Give longitude and latitude in degrees."
        )
        raise RetailError(
            f"The position of “{codes[row]}” (row {row + 1}), {x[row]:g}, {y[row]:g}, is not on the earth in degrees."
            + advice
        )
    return x, y


def _ages(age: Mapping[str, ArrayLike], n: int, codes: Texts) -> tuple[tuple[str, ...], Floats]:
    """Shares of each age band; an area without people in any band has the mean of the others."""
    if not age:
        return (), np.empty((n, 0))
    counts = np.column_stack([column(values, n, band, codes, least=0.0) for band, values in age.items()])
    total = counts.sum(axis=1, keepdims=True)
    if not total.any():
        raise RetailError("No area has anybody in any age band; check the columns of ages.")
    everybody = counts.sum(axis=0) / counts.sum()
    return tuple(age), np.where(total > 0, counts / np.where(total > 0, total, 1.0), everybody)
