"""A grid of square tiles over zones, and the share of each tile in each zone (exact areas, not tile centres).

100 m tiles of the national grid where that makes no more than a million of them, larger ones over larger areas.

>>> from folkmoot.engines.mobility.where import zones
>>> square = "POLYGON ((-2.6 51.4, -2.5 51.4, -2.5 51.5, -2.6 51.5, -2.6 51.4))"
>>> made = over(zones.of({"Z": square}), buffer=1000.0)
>>> made.tile, made.columns, made.rows
(100.0, 91, 133)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.where.plane import Plane
from folkmoot.engines.mobility.where.zones import Zones

type Floats = NDArray[np.float64]

MOST_TILES = 1_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Tiles in rows from the south-west corner; number = row × columns + column. Lengths in metres of the plane."""

    plane: Plane
    west: float
    south: float
    tile: float
    columns: int
    rows: int

    def __len__(self) -> int:
        return self.columns * self.rows

    def middles(self, numbers: NDArray[Any]) -> tuple[Floats, Floats]:
        """Easting and northing of the middle of each tile."""
        x = self.west + (numbers % self.columns + 0.5) * self.tile
        y = self.south + (numbers // self.columns + 0.5) * self.tile
        return x, y

    def window(self, bounds: tuple[float, float, float, float]) -> NDArray[np.int64]:
        """Numbers of the tiles that touch a box of west, south, east, north."""
        west, south, east, north = bounds
        left, right = (math.floor((x - self.west) / self.tile) for x in (west, east))
        low, high = (math.floor((y - self.south) / self.tile) for y in (south, north))
        across = np.arange(max(left, 0), min(right, self.columns - 1) + 1, dtype=np.int64)
        up = np.arange(max(low, 0), min(high, self.rows - 1) + 1, dtype=np.int64)
        return (up[:, None] * self.columns + across).ravel()


def over(zones: Zones, *, buffer: float = 5_000.0, tile: float = 100.0, most: int = MOST_TILES) -> Grid:
    """A grid over all zones and `buffer` metres around, of whole tiles, doubled until there are at most `most`."""
    west, south, east, north = zones.bounds
    while True:
        left, low = (math.floor((at - buffer) / tile) for at in (west, south))
        right, high = (math.ceil((at + buffer) / tile) for at in (east, north))
        columns, rows = right - left, high - low
        if columns * rows <= most:
            return Grid(zones.plane, left * tile, low * tile, tile, columns, rows)
        tile *= 2


def shares(grid: Grid, zones: Zones) -> Any:
    """csr_array tiles × zones: what part of each tile's area lies in each zone. Slivers of overlap are scaled to 1."""
    import shapely
    from scipy.sparse import coo_array, diags_array

    rows, columns, parts = [], [], []
    half = grid.tile / 2
    for number, polygon in enumerate(zones.polygons):
        tiles = grid.window(tuple(shapely.bounds(polygon)))
        x, y = grid.middles(tiles)
        boxes = shapely.box(x - half, y - half, x + half, y + half)
        shapely.prepare(polygon)
        whole = shapely.contains(polygon, boxes)
        edge = ~whole & shapely.intersects(polygon, boxes)
        part = whole.astype(float)
        part[edge] = shapely.area(shapely.intersection(polygon, boxes[edge])) / grid.tile**2
        kept = part > 0
        rows.append(tiles[kept])
        columns.append(np.full(int(kept.sum()), number))
        parts.append(part[kept])
    made = coo_array(
        (np.concatenate(parts), (np.concatenate(rows), np.concatenate(columns))), shape=(len(grid), len(zones))
    ).tocsr()
    total = np.asarray(made.sum(axis=1)).ravel()
    return (diags_array(1.0 / np.maximum(total, 1.0)) @ made).tocsr()
