"""Cells of the network: where each antenna stands, which way it looks, and on which days it was there.

Names are multimno's. A cell id may come again if its dates do not overlap: the cell was moved. Dates are local days, both
included; nothing means always. What cannot be right is refused with the number of its row.

>>> here = of({"cell_id": ["A", "B"], "latitude": [51.45, 51.46], "longitude": [-2.6, -2.5], "azimuth_angle": ["", "120"]})
>>> len(here), here.directional.tolist()
(2, [False, True])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.schema import CELL
from folkmoot.engines.mobility.where import table
from folkmoot.engines.mobility.where.plane import GREAT_BRITAIN, Plane, choose
from folkmoot.engines.mobility.where.table import Faults

type Floats = NDArray[np.float64]

DIRECTIONAL = {"1": True, "1.0": True, "true": True, "directional": True, "yes": True, "sector": True}
OMNIDIRECTIONAL = {"0": False, "0.0": False, "false": False, "omnidirectional": False, "omni": False, "no": False}
SMALL = frozenset({"micro", "microcell", "small", "small cell", "pico", "picocell", "femto", "femtocell", "indoor"})
LARGE = frozenset({"macro", "macrocell", "macro cell", "umbrella", ""})
LIMITS = {
    "azimuth_angle": (0.0, 360.0, "degrees from north"),
    "elevation_angle": (-90.0, 90.0, "degrees"),
    "horizontal_beam_width": (0.0, 360.0, "degrees"),
    "vertical_beam_width": (0.0, 360.0, "degrees"),
    "power": (0.0, 5_000.0, "watts"),
    "range": (0.0, 200_000.0, "metres"),
    "antenna_height": (0.0, 1_000.0, "metres above ground"),
    "altitude": (-500.0, 9_000.0, "metres above sea"),
}
FIRST, LAST = np.datetime64("0001-01-01", "D"), np.datetime64("9999-12-31", "D")


@dataclass(frozen=True, eq=False)
class Cells:
    """One row for every cell and stretch of days; arrays of one length, NaN where nothing was said."""

    cell_id: tuple[str, ...]
    latitude: Floats
    longitude: Floats
    directional: NDArray[np.bool_]
    azimuth: Floats
    beam_width: Floats
    tilt: Floats
    vertical_beam_width: Floats
    height: Floats
    power: Floats
    reach: Floats
    small: NDArray[np.bool_]
    technology: tuple[str, ...]
    frequency: Floats
    valid_from: NDArray[np.datetime64]
    valid_to: NDArray[np.datetime64]

    def __len__(self) -> int:
        return len(self.cell_id)

    def taken(self, rows: NDArray[Any]) -> Cells:
        """These rows, by number or by true and false."""
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        held: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        some: dict[str, Any] = {
            k: tuple(v[i] for i in rows) if isinstance(v, tuple) else v[rows] for k, v in held.items()
        }
        return replace(self, **some)

    def on(self, day: date) -> Cells:
        """The cells that were there on a day: each cell id once."""
        at = np.datetime64(day)
        return self.taken((self.valid_from <= at) & (self.valid_to >= at))

    def during(self, first: date, last: date) -> Cells:
        """The cells that were there on any day from `first` to `last`."""
        return self.taken((self.valid_from <= np.datetime64(last)) & (self.valid_to >= np.datetime64(first)))

    def plane(self) -> Plane:
        """The plane that suits all of them."""
        return choose(self.longitude, self.latitude)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        lon, lat = self.longitude, self.latitude
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def read(path: Path | str) -> Cells:
    """Cells from CSV or Parquet."""
    columns, first_row = table.read(path)
    return of(columns, source=Path(path).name, first_row=first_row)


def of(columns: Any, *, source: str = "cells", first_row: int = 1) -> Cells:
    """Cells from columns by name: a mapping of sequences or an Arrow table."""
    if not isinstance(columns, Mapping):
        columns = {name: columns[name].to_pylist() for name in columns.column_names}
    held = table.fitted({name: list(values) for name, values in columns.items()}, CELL, source)
    faults = Faults(source, first_row)
    ids = table.texts(held["cell_id"], "cell_id", faults)
    if not ids:
        raise MobilityError(f"“{source}” has no rows. Give at least one cell.")
    lat, lon = _positions(held, faults)
    number = {name: _limited(held, name, faults, len(ids)) for name in (*LIMITS, "frequency")}
    directional = _directional(held, number["azimuth_angle"], faults)
    start, end = _validity(held, ids, faults)
    small = _small(held.get("cell_type", []), len(ids), faults)
    faults.refuse()
    tilt = np.where(np.isnan(number["elevation_angle"]), np.nan, np.abs(number["elevation_angle"]))
    technology = tuple("" if table.empty(value) else str(value) for value in held.get("technology", [""] * len(ids)))
    return Cells(
        tuple(ids), lat, lon, directional, number["azimuth_angle"] % 360.0, number["horizontal_beam_width"], tilt,
        number["vertical_beam_width"], number["antenna_height"], number["power"], number["range"], small, technology,
        number["frequency"], start, end,
    )  # fmt: skip


def _positions(held: Mapping[str, Sequence[Any]], faults: Faults) -> tuple[Floats, Floats]:
    lat = table.numbers(held["latitude"], "latitude", faults)
    lon = table.numbers(held["longitude"], "longitude", faults)
    wrong = {row for row, _ in faults.rows}
    for row in np.flatnonzero(np.isnan(lat) | np.isnan(lon)).tolist():
        if row not in wrong:
            faults.add(row, "there is no latitude or no longitude")
    if swapped(lat, lon):
        raise MobilityError(
            f"Latitude and longitude are swapped in “{faults.source}”: as given no cell lies in Great Britain, the other "
            f"way round all do (row {faults.first_row} says latitude {lat[0]:g}, longitude {lon[0]:g}). Exchange the two "
            "columns' names."
        )
    degrees = (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    for row in np.flatnonzero(~degrees & ~np.isnan(lat) & ~np.isnan(lon)).tolist():
        hint = ""
        if abs(lat[row]) > 1_000 or abs(lon[row]) > 1_000:
            hint = "; they look like eastings and northings, and cells need degrees (WGS 84)"
        faults.add(row, f"latitude {lat[row]:g} and longitude {lon[row]:g} are not degrees on the earth{hint}")
    for row in np.flatnonzero(degrees & _one_swapped(lat, lon)).tolist():
        faults.add(row, f"latitude {lat[row]:g} and longitude {lon[row]:g} are swapped, judging by the other cells")
    return lat, lon


def inside(box: tuple[float, float, float, float], lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Which positions lie in a box of west, south, east, north."""
    west, south, east, north = box
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def swapped(lat: Floats, lon: Floats) -> bool:
    """True if no position lies in Great Britain as given and all do with the two exchanged."""
    known = ~np.isnan(lat) & ~np.isnan(lon)
    if not known.any():
        return False
    as_given, exchanged = inside(GREAT_BRITAIN, lon, lat)[known], inside(GREAT_BRITAIN, lat, lon)[known]
    return bool(exchanged.all() and not as_given.any())


def _one_swapped(lat: Floats, lon: Floats) -> NDArray[np.bool_]:
    """Rows far from the middle of all cells that are near to it when exchanged."""
    with np.errstate(invalid="ignore"):
        middle = np.nanmedian(lat), np.nanmedian(lon)
        far = np.hypot(lat - middle[0], lon - middle[1])
        near = np.hypot(lon - middle[0], lat - middle[1])
        return (far > 10.0) & (near < 5.0)


def _limited(held: Mapping[str, Sequence[Any]], name: str, faults: Faults, size: int) -> Floats:
    if name not in held:
        return np.full(size, np.nan)
    found = table.numbers(held[name], name, faults)
    low, high, unit = LIMITS.get(name, (0.0, np.inf, ""))
    for row in np.flatnonzero((found < low) | (found > high)).tolist():
        faults.add(row, f"{name} {found[row]:g} is not between {low:g} and {high:g} {unit}".rstrip())
    if name in ("power", "range", "horizontal_beam_width", "vertical_beam_width"):
        for row in np.flatnonzero(found == 0).tolist():
            faults.add(row, f"{name} is 0; leave it empty if it is not known")
    return found


def _directional(held: Mapping[str, Sequence[Any]], azimuth: Floats, faults: Faults) -> NDArray[np.bool_]:
    found = ~np.isnan(azimuth)
    for row, value in enumerate(held.get("directionality", [])):
        if table.empty(value):
            continue
        said = {**DIRECTIONAL, **OMNIDIRECTIONAL}.get(str(value).strip().lower())
        if said is None:
            faults.add(row, f"directionality “{value}” is neither 0 (all round) nor 1 (a sector)")
        elif said and np.isnan(azimuth[row]):
            faults.add(row, "directionality says a sector, but there is no azimuth_angle")
        else:
            found[row] = said
    return found


def _small(values: Sequence[Any], size: int, faults: Faults) -> NDArray[np.bool_]:
    found = np.zeros(size, dtype=bool)
    for row, value in enumerate(values):
        kind = "" if table.empty(value) else str(value).strip().lower()
        if kind not in SMALL | LARGE:
            faults.add(row, f"cell_type “{value}” is not macro, micro, pico, femto or indoor")
        found[row] = kind in SMALL
    return found


def _validity(held: Mapping[str, Sequence[Any]], ids: Sequence[str], faults: Faults) -> tuple[Any, Any]:
    nothing: list[Any] = [None] * len(ids)
    start = table.dates(held.get("valid_date_start", nothing), "valid_date_start", faults)
    end = table.dates(held.get("valid_date_end", nothing), "valid_date_end", faults)
    start, end = np.where(np.isnat(start), FIRST, start), np.where(np.isnat(end), LAST, end)
    for row in np.flatnonzero(end < start).tolist():
        faults.add(row, f"cell “{ids[row]}” ends on {end[row]}, before it starts on {start[row]}")
    order = sorted(range(len(ids)), key=lambda row: (ids[row], start[row], row))
    for before, after in pairwise(order):
        if ids[before] and ids[before] == ids[after] and start[after] <= end[before]:
            both = max(start[after], start[before])
            on = f" on {both}" if both > FIRST else ""
            faults.add(
                max(before, after),
                f"cell “{ids[after]}” is there twice{on} "
                f"(also row {min(before, after) + faults.first_row}); give dates that do not overlap",
            )
    return start, end
