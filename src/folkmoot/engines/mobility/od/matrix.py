"""A matrix of trips between zones, read from CSV in long form, from Parquet, or from OMX.

>>> m = Matrix(("A", "B"), np.array([[0.0, 5.0], [2.0, np.nan]]))
>>> m.total, m.blanks
(7.0, 1)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError

type Floats = NDArray[np.float64]

ORIGIN = ("origin", "o", "from", "orig", "geo_code1")
DESTINATION = ("destination", "d", "to", "dest", "geo_code2")
TRIPS = ("trips", "all", "flow", "count", "value")


@dataclass(frozen=True, eq=False)
class Matrix:
    """`zones` (n,) and `trips` (n × n): rows are origins. NaN where a cell is blank, which is not the same as none."""

    zones: tuple[str, ...]
    trips: Floats = field(repr=False)

    @property
    def total(self) -> float:
        """Trips of all cells that are not blank."""
        return float(np.nansum(self.trips))

    @property
    def blanks(self) -> int:
        """Cells without a number."""
        return int(np.isnan(self.trips).sum())

    def on(self, zones: Sequence[str]) -> Matrix:
        """The same on other zones, in their order; cells of zones it lacks are blank."""
        place = {zone: index for index, zone in enumerate(self.zones)}
        take = np.array([place.get(zone, -1) for zone in zones])
        there = take >= 0
        trips = np.full((len(zones), len(zones)), np.nan)
        trips[np.ix_(there, there)] = self.trips[np.ix_(take[there], take[there])]
        return Matrix(tuple(zones), trips)


def read_matrix(path: Path | str, *, trips: str | None = None, absent: float = np.nan) -> Matrix:
    """A matrix from `.csv`, `.parquet` or `.omx`; `trips` names its column or matrix where there are several."""
    from folkmoot.engines.mobility.od.omx import read_omx

    place = Path(path)
    if not place.exists():
        raise MobilityError(f"There is no file “{place}”. Check the path.")
    if place.suffix.lower() == ".omx":
        return read_omx(place, name=trips)
    return read_csv(place, trips=trips, absent=absent)


def read_csv(path: Path | str, *, trips: str | None = None, absent: float = np.nan) -> Matrix:
    """A matrix from a long table with origin, destination and trips; further keys, as the hour, are added up.

    Cells that are not in the table are `absent`: blank by default, since releases leave out what is small. Raises
    `MobilityError` with the row when trips are no number of at least 0, or an origin or destination is missing.
    """
    place = Path(path)
    table = _table(place)
    names = [_named(place, table, wanted) for wanted in (ORIGIN, DESTINATION)]
    column = trips or _named(place, table, TRIPS)
    if column not in table.column_names:
        raise MobilityError(f"“{place.name}” has no column “{column}”; it has {', '.join(table.column_names)}.")
    try:
        value = pc.cast(table[column], pa.float64())
    except pa.ArrowInvalid:
        raise MobilityError(f"The column “{column}” of “{place.name}” is not made of numbers.") from None
    ends = [table[name].cast(pa.string()) for name in names]
    # Rows with one end missing are totals of a release; they are no cells.
    cells = pc.and_(pc.is_valid(ends[0]), pc.is_valid(ends[1]))
    numbers = pc.fill_null(value, np.nan).to_numpy()
    wrong = np.flatnonzero(cells.to_numpy() & ~(numbers >= 0))
    if len(wrong):
        raise MobilityError(
            f"Row {wrong[0] + 2} of “{place.name}” has {column} = {value[int(wrong[0])].as_py()}; trips are a number of at "
            "least 0. Correct it, or leave the row out."
        )
    keep = np.flatnonzero(cells.to_numpy())
    if not len(keep):
        raise MobilityError(f"“{place.name}” has no row with an origin and a destination.")
    origin, destination = (end.to_numpy(zero_copy_only=False)[keep].astype(str) for end in ends)
    zones, codes = np.unique(np.concatenate([origin, destination]), return_inverse=True)
    n = len(zones)
    at = codes[: len(keep)] * n + codes[len(keep) :]
    found = np.full(n * n, absent)
    seen = np.unique(at)
    found[seen] = np.bincount(at, numbers[keep], minlength=n * n)[seen]
    return Matrix(tuple(zones.tolist()), found.reshape(n, n))


def _table(path: Path) -> pa.Table:
    from pyarrow import csv, parquet

    try:
        if path.suffix.lower() == ".parquet":
            return parquet.read_table(path)
        return csv.read_csv(path, convert_options=csv.ConvertOptions(strings_can_be_null=True, null_values=[""]))
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise MobilityError(f"“{path.name}” cannot be read as a table: {str(error).splitlines()[0]}") from None


def _named(path: Path, table: pa.Table, wanted: tuple[str, ...]) -> str:
    spelled: dict[str, str] = {name.lower(): name for name in table.column_names}
    for name in wanted:
        if name in spelled:
            return spelled[name]
    raise MobilityError(
        f"“{path.name}” has no column {wanted[0]}; it has {', '.join(table.column_names)}. Rename the one that holds it."
    )
