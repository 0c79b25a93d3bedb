"""Minutes from areas to sites: a table of travel times, the shortest way over streets, or straight lines at one speed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.services.places.uploads.layers import Aside


@dataclass(frozen=True, eq=False)
class Way:
    """Minutes (n × m) between the areas that are left and the sites; infinity where there is no way."""

    minutes: np.ndarray[Any, np.dtype[np.float64]]
    keep: list[int]
    """The rows of the areas' table that are left."""
    aside: tuple[Aside, ...] = ()
    statements: tuple[str, ...] = ()


def from_file(path: Path, areas: pa.Table, sites: pa.Table, *, areas_name: str = "areas") -> Way:
    """A matrix from CSV, wide or long, or npz. Areas that it does not know are set aside; sites must all be known."""
    from folkmoot.engines.siting.reading import matrix
    from folkmoot.engines.siting.reading.vintages import mismatch

    travel = matrix(path)
    codes, wanted = areas["area"].to_pylist(), sites["place" if "place" in sites.column_names else "site"].to_pylist()
    if (sentence := mismatch(codes, travel.areas, areas_name, path.name)) is not None:
        raise ProblemError(sentence)
    columns = {code: j for j, code in enumerate(travel.sites)}
    if lost := [code for code in wanted if code not in columns]:
        raise ProblemError(
            f"Site “{lost[0]}” has no column in “{path.name}” ({len(lost)} such sites). Add its travel times, or take it out "
            "of the sites."
        )
    rows = {code: i for i, code in enumerate(travel.areas)}
    picked = [columns[code] for code in wanted]
    keep, aside = [], []
    for k, code in enumerate(codes):
        if code not in rows:
            aside.append(Aside(path.name, 0, code, "It has no row of travel times."))
        elif np.isnan(travel.cost[rows[code], picked]).any():
            unknown = int(np.isnan(travel.cost[rows[code], picked]).sum())
            aside.append(
                Aside(
                    path.name,
                    travel.lines[rows[code]],
                    code,
                    f"The time to {unknown} of {len(picked)} sites is not known.",
                )
            )
        else:
            keep.append(k)
    if not keep:
        raise ProblemError(f"No area is left: {aside[0].reason}")
    minutes = travel.cost[np.ix_([rows[codes[k]] for k in keep], picked)]
    said = list(travel.statements)
    if idle := len(set(travel.areas) - set(codes)):
        said.append(f"{idle:,} areas of “{path.name}” are not in the study and are not used.")
    return Way(minutes, keep, tuple(aside), tuple(said))


def straight(areas: pa.Table, sites: pa.Table, *, kmh: float, detour: float) -> Way:
    """Great-circle distance times a detour factor, at one speed: an assumption, and said to be one."""
    from folkmoot.engines.siting.access.streets import haversine

    metres = haversine(_at(areas)[:, None, :], _at(sites)[None, :, :]) * detour
    return Way(
        np.round(metres / (kmh * 1000 / 60), 2),
        list(range(len(areas))),
        statements=(
            f"Assumed, not measured: everybody travels {detour:g} times the straight line at {kmh:g} km/h. Rivers, hills and "
            "timetables are not in it.",
        ),
    )


def over_streets(
    path: Path, areas: pa.Table, sites: pa.Table, *, mode: str, progress: Callable[[int, int], None] | None = None
) -> Way:
    """The shortest way over the streets of a GeoJSON file, as OpenStreetMap names their classes and limits."""
    from folkmoot.engines.siting.access import Speeds, roads, travel_times

    found = travel_times(roads(path, speeds=Speeds(mode=mode)), _at(areas), _at(sites), progress=progress)
    codes = areas["area"].to_pylist()
    aside = tuple(Aside(path.name, 0, codes[k], "It is more than 500 m from any street.") for k in found.off_origins)
    off = set(found.off_origins)
    keep = [k for k in range(len(areas)) if k not in off]
    if not keep:
        raise ProblemError(f"No area is within 500 m of a street of “{path.name}”. Is it the streets of this place?")
    said = [*found.statements, "On foot at 4.8 km/h." if mode == "walk" else "By car, at the posted limits."]
    return Way(np.round(found.minutes[keep], 2), keep, aside, tuple(said))


def _at(table: pa.Table) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.column_stack([table["lon"].to_numpy(), table["lat"].to_numpy()])
