"""Which cells serve a railway and which serve roads, from the lines on a map and where antennas stand and look.

Lines are walked in steps; at each step the cells nearby share the phones there by strength: power less path loss (exponent
3.75 for macro, 6.0 for small cells) less what is lost beside the beam (3GPP TR 36.942), odds exp(strength / 3 dB) as
shadowing is not known. What a cell gets of all steps is the probability that a phone on the line is served by it; they sum
to 1. Points among the railway's features are stations, where people wait.

>>> import pyarrow as pa
>>> cells = pa.table({"cell_id": ["a", "b"], "latitude": [51.5, 51.5], "longitude": [-2.6, -2.5]})
>>> line = {"type": "LineString", "coordinates": [[-2.601, 51.49], [-2.601, 51.51]]}
>>> [round(p, 3) for p in corridors(cells, rails={"features": [{"geometry": line}]}).column("rail").to_pylist()]
[1.0, 0.0]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.schema import CELL

type Floats = NDArray[np.float64]

GRID = "EPSG:27700"
STEP_METRES = 100.0
WAITING_SHARE = 0.3
"""Share of a rail trip spent in and around stations. Assumed: some minutes at each end of half an hour."""
NEAREST = 24
EXPONENT, SMALL_EXPONENT = 3.75, 6.0
BESIDE_DB, ODDS_DB, NEAR_METRES = 25.0, 3.0, 30.0


def corridors(
    cells: pa.Table,
    ways: Mapping[str, Any] | None = None,
    rails: Mapping[str, Any] | None = None,
) -> pa.Table:
    """cell_id, road, rail (probability that a phone there is served by the cell), road_metres, rail_metres to the line.

    `ways` and `rails` are GeoJSON objects (a FeatureCollection, WGS 84 degrees) of lines, `rails` with its stations as points
    if they are known; without lines the columns are null.
    `cells` may have power (watts), azimuth_angle and horizontal_beam_width (degrees) and cell_type; without them antennas
    are alike and look everywhere. The rows of a cell that moved are added up.
    """
    from pyproj import Transformer

    CELL.check(cells.column_names, what="cells")
    to_grid = Transformer.from_crs("EPSG:4326", GRID, always_xy=True)
    lon, lat = (_numbers(cells, name) for name in ("longitude", "latitude"))
    codes = cells.column("cell_id").to_pylist()
    for row in np.flatnonzero(~((np.abs(lat) <= 90) & (np.abs(lon) <= 180))).tolist():
        raise MobilityError(
            f"Cell “{codes[row]}” (row {row + 1}) is at {lat[row]}, {lon[row]}: not degrees. Correct it."
        )
    masts = np.column_stack(to_grid.transform(lon, lat))
    code, row_of = np.unique(np.array(codes, dtype=object).astype(str), return_inverse=True)
    columns: dict[str, Any] = {"cell_id": pa.array(code.tolist(), cells.schema.field("cell_id").type)}
    for kind, lines in (("road", ways), ("rail", rails)):
        held = _lines(lines, to_grid, f"{kind}s")
        if not held or not len(masts):
            columns[kind] = columns[f"{kind}_metres"] = pa.nulls(len(code), pa.float64())
            continue
        track = [each for each in held if each.geom_type != "Point"]
        stops = np.array([[each.x, each.y] for each in held if each.geom_type == "Point"])
        parts = [(_steps(track), 1 - WAITING_SHARE * bool(len(stops)))] if track else []
        parts += [(stops, WAITING_SHARE if track else 1.0)] if len(stops) else []
        served = sum(share * _served(cells, masts, steps) for steps, share in parts)
        columns[kind] = pa.array(np.bincount(row_of, weights=served, minlength=len(code)))
        nearest = np.full(len(code), np.inf)
        np.minimum.at(nearest, row_of, _metres_to(masts, held))
        columns[f"{kind}_metres"] = pa.array(nearest)
    names = ("cell_id", "road", "rail", "road_metres", "rail_metres")
    return pa.table({name: columns[name] for name in names})


def _numbers(cells: pa.Table, name: str, otherwise: float = np.nan) -> Floats:
    if name not in cells.column_names:
        return np.full(len(cells), otherwise)
    values = cells.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False)
    return np.where(np.isnan(values), otherwise, values)


def _lines(lines: Mapping[str, Any] | None, to_grid: Any, what: str) -> list[Any]:
    """The lines in metres."""
    from shapely import transform
    from shapely.geometry import shape

    features: Sequence[Mapping[str, Any]] = (lines or {}).get("features", ())
    shapes = []
    for row, feature in enumerate(features):
        try:
            held = shape(feature["geometry"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise MobilityError(
                f"Feature {row + 1} of the {what} has no geometry that can be read; remove it."
            ) from None
        if not held.is_empty:
            shapes.append(held)
    return [transform(each, lambda xy: np.column_stack(to_grid.transform(xy[:, 0], xy[:, 1]))) for each in shapes]


def _steps(lines: list[Any]) -> Floats:
    """Points along the lines, one for each step, in the middle of it."""
    from shapely import get_parts, length, line_interpolate_point

    parts = get_parts(np.array(lines, dtype=object))
    count = np.maximum(1, np.round(length(parts) / STEP_METRES).astype(int))
    which = np.repeat(np.arange(len(parts)), count)
    number = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    at = line_interpolate_point(parts[which], (number + 0.5) / count[which], normalized=True)
    from shapely import get_coordinates

    return np.asarray(get_coordinates(at), float)


def _served(cells: pa.Table, masts: Floats, steps: Floats) -> Floats:
    """For each row of cells its share of the phones on the steps."""
    from scipy.spatial import cKDTree

    metres, near = cKDTree(masts).query(steps, k=min(NEAREST, len(masts)))
    metres, near = metres.reshape(len(steps), -1), near.reshape(len(steps), -1)
    small = np.array([str(kind).startswith(("micro", "small", "pico")) for kind in _texts(cells, "cell_type")])
    exponent = np.where(small, SMALL_EXPONENT, EXPONENT)
    power = 10 * np.log10(np.maximum(_numbers(cells, "power", 10.0), 1e-3))
    beam, azimuth = _numbers(cells, "horizontal_beam_width", 360.0), _numbers(cells, "azimuth_angle", 0.0)
    away = steps[:, None, :] - masts[near]
    bearing = np.degrees(np.arctan2(away[..., 0], away[..., 1]))
    off = np.abs((bearing - azimuth[near] + 180) % 360 - 180)
    lost = np.minimum(12 * (off / np.maximum(beam[near], 1.0)) ** 2, BESIDE_DB)
    beside = np.where(beam[near] < 360, lost, 0.0)
    strength = power[near] - 10 * exponent[near] * np.log10(np.maximum(metres, NEAR_METRES)) - beside
    odds = np.exp((strength - strength.max(axis=1, keepdims=True)) / ODDS_DB)
    shares = odds / odds.sum(axis=1, keepdims=True)
    total = np.bincount(near.ravel(), weights=shares.ravel(), minlength=len(masts))
    return np.asarray(total / len(steps), float)


def _texts(cells: pa.Table, name: str) -> list[Any]:
    return cells.column(name).to_pylist() if name in cells.column_names else [""] * len(cells)


def _metres_to(masts: Floats, lines: list[Any]) -> Floats:
    from shapely import STRtree, points

    found = np.full(len(masts), np.inf)
    index, metres = STRtree(lines).query_nearest(points(masts), return_distance=True, all_matches=False)
    found[index[0]] = metres
    return found
