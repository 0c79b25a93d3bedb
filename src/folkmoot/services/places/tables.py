"""The tables of a study in the data directory: `areas`, `sites` and `travel`, as Parquet that any tool can read.

`areas`: area, name, lon, lat, people, and where known decile, older, without_car (people, not shares) and `shape` (WKB,
WGS 84). `sites`: site, name, lon, lat, existing, and where known capacity and opening_cost. `travel`: area, site, minutes;
a pair that is not there cannot be travelled.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from folkmoot.services.places.models import Study

PARTS = ("areas", "sites", "travel")


def folder(study: Study) -> Path:
    """The folder of a study, made if need be."""
    place = Path(settings.FOLKMOOT["data"]) / "places" / str(study.pk)
    place.mkdir(parents=True, exist_ok=True)
    return place


def keep(study: Study, part: str, table: pa.Table) -> None:
    """Write one table of a study: beside the old one first, so that nobody reads half a file."""
    path = folder(study) / f"{part}.parquet"
    pq.write_table(table, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def part(study: Study, name: str) -> pa.Table | None:
    """One table of a study, None before it is there."""
    path = folder(study) / f"{name}.parquet"
    return pq.read_table(path) if path.exists() else None


def forget(study: Study) -> None:
    """Remove the tables of a study."""
    shutil.rmtree(folder(study), ignore_errors=True)


@dataclass(frozen=True, eq=False)
class Tables:
    """A study's tables with the travel as a matrix: a row for each area, a column for each site, minutes."""

    areas: pa.Table
    sites: pa.Table
    minutes: NDArray[np.float64]

    @cached_property
    def area_codes(self) -> tuple[str, ...]:
        return tuple(self.areas["area"].to_pylist())

    @cached_property
    def site_codes(self) -> tuple[str, ...]:
        return tuple(self.sites["site"].to_pylist())

    @cached_property
    def site_names(self) -> dict[str, str]:
        return dict(zip(self.site_codes, self.sites["name"].to_pylist()))

    @cached_property
    def existing(self) -> tuple[str, ...]:
        return tuple(c for c, there in zip(self.site_codes, self.sites["existing"].to_pylist()) if there)

    def amount(self, name: str) -> NDArray[np.float64] | None:
        """A column of people, None where the study has none."""
        if name not in self.areas.column_names:
            return None
        return np.asarray(self.areas[name].to_numpy(zero_copy_only=False), dtype=np.float64)

    @property
    def deciles(self) -> list[str] | None:
        return self.areas["decile"].to_pylist() if "decile" in self.areas.column_names else None


def read(study: Study) -> Tables:
    """The tables of a study that is ready."""
    areas, sites, travel = (part(study, name) for name in PARTS)
    if areas is None or sites is None or travel is None:
        raise FileNotFoundError(f"The tables of the study {study.pk} are not in the data directory.")
    return Tables(areas, sites, matrix(areas["area"].to_pylist(), sites["site"].to_pylist(), travel))


def matrix(areas: list[str], sites: list[str], travel: pa.Table) -> NDArray[np.float64]:
    """The long table as a matrix, infinity where there is no pair."""
    minutes = np.full((len(areas), len(sites)), np.inf)
    rows = _places(travel["area"], areas)
    columns = _places(travel["site"], sites)
    known = (rows >= 0) & (columns >= 0)
    minutes[rows[known], columns[known]] = travel["minutes"].to_numpy()[known]
    return minutes


def long(areas: list[str], sites: list[str], minutes: Any) -> pa.Table:
    """The matrix as a long table without the pairs that cannot be travelled."""
    rows, columns = np.nonzero(np.isfinite(minutes))
    return pa.table(
        {
            "area": pa.DictionaryArray.from_arrays(pa.array(rows, pa.int32()), pa.array(areas, pa.string())),
            "site": pa.DictionaryArray.from_arrays(pa.array(columns, pa.int32()), pa.array(sites, pa.string())),
            "minutes": pa.array(np.asarray(minutes)[rows, columns], pa.float64()),
        }
    )


def _places(column: pa.ChunkedArray, codes: list[str]) -> NDArray[np.int64]:
    """Where each code of a column stands in the list, −1 where it does not."""
    import pyarrow.compute as pc

    found = pc.index_in(pc.cast(column, pa.string()), value_set=pa.array(codes, pa.string()))
    return np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.int64)
