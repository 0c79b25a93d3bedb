"""Which cells lie along a railway and which along roads, from the lines on a map.

Antennas stand beside what they serve, so a cell is in a corridor when its antenna is within `within_metres` of it; distances
are in the British National Grid.

>>> import pyarrow as pa
>>> cells = pa.table({"cell_id": ["a", "b"], "latitude": [51.5, 51.5], "longitude": [-2.6, -2.5]})
>>> line = {"type": "LineString", "coordinates": [[-2.601, 51.49], [-2.601, 51.51]]}
>>> corridors(cells, rails={"features": [{"geometry": line}]}).column("rail").to_pylist()
[True, False]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.schema import CELL

GRID = "EPSG:27700"
WITHIN_METRES = 600.0
"""Assumed: half the spacing of sites along a main line in open country is more, in a town less."""


def corridors(
    cells: pa.Table,
    ways: Mapping[str, Any] | None = None,
    rails: Mapping[str, Any] | None = None,
    *,
    within_metres: float = WITHIN_METRES,
) -> pa.Table:
    """cell_id, road, rail (in the corridor), road_metres, rail_metres (to the nearest line; null without lines).

    `ways` and `rails` are GeoJSON objects (a FeatureCollection, WGS 84 degrees) of lines. A cell that moved is in a corridor
    if any of its places is.
    """
    import numpy as np
    from pyproj import Transformer
    from shapely import points

    CELL.check(cells.column_names, what="cells")
    to_grid = Transformer.from_crs("EPSG:4326", GRID, always_xy=True)
    lon, lat = (cells.column(name).to_numpy().astype(float) for name in ("longitude", "latitude"))
    codes = cells.column("cell_id").to_pylist()
    for row, code in enumerate(codes):
        if not (abs(lat[row]) <= 90 and abs(lon[row]) <= 180):
            raise MobilityError(f"Cell “{code}” (row {row + 1}) is at {lat[row]}, {lon[row]}: not degrees. Correct it.")
    at = points(np.column_stack(to_grid.transform(lon, lat)))
    far = {
        "road": _metres_to(at, ways, to_grid, "ways"),
        "rail": _metres_to(at, rails, to_grid, "rails"),
    }
    nearest: dict[Any, dict[str, float]] = {}
    for row, code in enumerate(codes):
        held = nearest.setdefault(code, {"road": np.inf, "rail": np.inf})
        for kind in held:
            held[kind] = min(held[kind], float(far[kind][row]))
    return pa.table(
        {
            "cell_id": pa.array(nearest, cells.schema.field("cell_id").type),
            **{kind: pa.array([n[kind] <= within_metres for n in nearest.values()], pa.bool_()) for kind in far},
            **{
                f"{kind}_metres": pa.array(
                    [n[kind] if np.isfinite(n[kind]) else None for n in nearest.values()], pa.float64()
                )
                for kind in far
            },
        }
    )


def _metres_to(at: Any, lines: Mapping[str, Any] | None, to_grid: Any, what: str) -> Any:
    import numpy as np
    from shapely import STRtree, transform
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
    found = np.full(len(at), np.inf)
    if not shapes or not len(at):
        return found
    moved = transform(shapes, lambda xy: np.column_stack(to_grid.transform(xy[:, 0], xy[:, 1])))
    index, metres = STRtree(moved).query_nearest(at, return_distance=True, all_matches=False)
    found[index[0]] = metres
    return found
