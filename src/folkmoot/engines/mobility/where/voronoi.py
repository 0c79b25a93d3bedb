"""The baseline: a device is as near to its mast as to no other, so it is in the mast's Voronoi polygon.

Sectors of one mast share its polygon. Polygons are cut at the cell's range, or at `reach`, so that masts at the edge do not
reach across the sea. Within its polygon a device is anywhere alike, or as the prior says.
Source: Okabe, Boots, Sugihara and Chiu (2000), Spatial Tessellations.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.where.cells import Cells
from folkmoot.engines.mobility.where.prior import zone_density
from folkmoot.engines.mobility.where.result import Footprint
from folkmoot.engines.mobility.where.zones import Zones

type Floats = NDArray[np.float64]

REACH_METRES = 10_000.0


def voronoi(
    cells: Cells,
    zones: Zones,
    *,
    prior: Any = None,
    reach: float = REACH_METRES,
    keys: tuple[str, ...] | None = None,
) -> Footprint:
    """P(zone | cell) by the areas that each cell's polygon shares with zones. `prior`: {zone: people}, even if None."""
    import shapely
    from scipy.sparse import coo_array

    x, y = zones.plane.metres(cells.longitude, cells.latitude)
    at, mast = np.unique(np.column_stack([x, y]).round(1), axis=0, return_inverse=True)
    mast = mast.ravel()
    far = np.full(len(at), 0.0)
    np.maximum.at(far, mast, np.where(np.isnan(cells.reach), reach, cells.reach))
    polygons = _polygons(at, far)
    one, zone = shapely.STRtree(zones.polygons).query(polygons, predicate="intersects")
    area = shapely.area(shapely.intersection(polygons[one], zones.polygons[zone]))
    density, around = zone_density(zones, prior)
    people = coo_array((area * density[zone], (one, zone)), shape=(len(at), len(zones))).tocsr()
    covered = np.bincount(one, weights=area, minlength=len(at))
    away = np.maximum(shapely.area(polygons) - covered, 0.0)
    away[away < 1e-6 * shapely.area(polygons)] = 0.0
    away *= around
    total = np.asarray(people.sum(axis=1)).ravel() + away
    nowhere = total <= 0  # a prior of nobody here: say so, rather than divide by nothing
    total, away = np.where(nowhere, 1.0, total), np.where(nowhere, 1.0, away)
    sectors = np.bincount(mast, minlength=len(at))
    probability = people.multiply((1.0 / total)[:, None]).tocsr()[mast]
    weight = (np.where(nowhere, 0.0, total) / sectors)[mast]
    return Footprint(
        keys or cells.cell_id,
        zones.zone_id,
        probability,
        (away / total)[mast],
        weight / weight.sum() if weight.sum() > 0 else np.full(len(cells), 1.0 / len(cells)),
        "voronoi",
        (f"Voronoi polygons of {len(at):,} masts, cut at {reach / 1000:g} km where a cell has no range.",),
    )


def _polygons(at: Floats, far: Floats) -> NDArray[np.object_]:
    """A polygon for every mast, cut at its reach."""
    import shapely

    points = shapely.points(at)
    discs = shapely.buffer(points, far, quad_segs=16)
    if len(at) == 1:
        return np.asarray(discs, dtype=object)
    around = shapely.box(*shapely.total_bounds(discs))
    drawn = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=around))
    inside = shapely.STRtree(points).query(drawn, predicate="contains")
    ordered = np.empty(len(at), dtype=object)
    ordered[inside[1]] = drawn[inside[0]]
    return np.asarray(shapely.intersection(ordered, discs), dtype=object)
