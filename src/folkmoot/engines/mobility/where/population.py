"""Population by zone, age band and sex, from CSV or Parquet; what cannot be right is refused by row.

>>> held = of({"zone_id": ["E1", "E1"], "age_band": ["16-64", "65+"], "sex": ["all", "all"], "people": ["900", "100"]})
>>> held.by_zone()
{'E1': 1000.0}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.schema import POPULATION
from folkmoot.engines.mobility.where import table as sheet
from folkmoot.engines.mobility.where.table import Faults

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Population:
    """People of each zone × age band × sex, one row each."""

    zone_id: tuple[str, ...]
    age_band: tuple[str, ...]
    sex: tuple[str, ...]
    people: NDArray[np.float64]

    def by_zone(self) -> dict[str, float]:
        """{zone: people}: a prior for footprints."""
        found: dict[str, float] = {}
        for zone, people in zip(self.zone_id, self.people.tolist()):
            found[zone] = found.get(zone, 0.0) + people
        return found

    def table(self) -> pa.Table:
        """zone_id, age_band, sex, people."""
        import pyarrow as pa

        columns: dict[str, Any] = {"zone_id": self.zone_id, "age_band": self.age_band, "sex": self.sex}
        return pa.table({**{k: pa.array(v, pa.string()) for k, v in columns.items()}, "people": pa.array(self.people)})


def read(path: Path | str) -> Population:
    """Population from CSV or Parquet."""
    columns, first_row = sheet.read(path)
    return of(columns, source=Path(path).name, first_row=first_row)


def of(columns: Any, *, source: str = "population", first_row: int = 1) -> Population:
    """Population from columns by name: a mapping of sequences or an Arrow table."""
    if not isinstance(columns, Mapping):
        columns = {name: columns[name].to_pylist() for name in columns.column_names}
    held = sheet.fitted({name: list(values) for name, values in columns.items()}, POPULATION, source)
    faults = Faults(source, first_row)
    zone, band, sex = (tuple(sheet.texts(held[name], name, faults)) for name in ("zone_id", "age_band", "sex"))
    if not zone:
        raise MobilityError(f"“{source}” has no rows. Give the people of at least one zone.")
    people = sheet.numbers(held["people"], "people", faults)
    wrong = {row for row, _ in faults.rows}
    for row in np.flatnonzero(np.isnan(people)).tolist():
        if row not in wrong:
            faults.add(row, "people is empty")
    for row in np.flatnonzero(people < 0).tolist():
        faults.add(row, f"people {people[row]:g} is negative")
    seen: dict[tuple[str, str, str], int] = {}
    for row, key in enumerate(zip(zone, band, sex)):
        if key in seen:
            faults.add(row, f"{', '.join(key)} is also in row {seen[key] + first_row}")
        seen.setdefault(key, row)
    faults.refuse()
    return Population(zone, band, sex, people)
