"""Signal dominance: how strongly each cell is heard in each tile, and so which cell a phone there would be on.

Strength at a distance of d metres is 30 + 10·log10(power in W) − 10·γ·log10(d) dBm, with the exponent of path loss γ 3.75
for large cells and 6 for small ones, less what a sector loses off its axis. Dominance is logistic in strength (steepness
0.2 a dBm, midpoint −92.5 dBm), P(cell | tile) is a cell's part of all dominance in the tile, of its ten strongest cells.

Sources: Tennekes and Gootzen (2022), Bayesian location estimation of mobile devices using a signal strength model, Journal
of Spatial Information Science 25 (strength, dominance, connection likelihood); Ricciato, Lanzieri, Wirthmann and Seynaeve
(2020), Towards a methodological framework for estimating present population density from mobile network operator data,
Pervasive and Mobile Computing 68; 3GPP TR 36.814, table A.2.1.1-2 (pattern of a sector: 12·(φ/φ3dB)² dB, at most 30;
20 vertically); defaults as eurostat/multimno.

>>> strength_dbm(np.array([1000.0]), power=10.0, exponent=3.75).round(1).tolist()
[-72.5]
>>> dominance(np.array([-92.5, -72.5])).round(3).tolist()
[0.5, 0.982]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.where.cells import Cells
from folkmoot.engines.mobility.where.grid import Grid

type Floats = NDArray[np.float64]

EXPONENT_LARGE, EXPONENT_SMALL = 3.75, 6.0
POWER_LARGE, POWER_SMALL = 10.0, 5.0
HEIGHT_LARGE, HEIGHT_SMALL = 30.0, 8.0
BEAM, VERTICAL_BEAM, TILT = 65.0, 9.0, 5.0
"""Degrees between the half-power points, and below the horizon, of a sector about which nothing is said."""
MOST_LOSS_DB, MOST_VERTICAL_LOSS_DB = 30.0, 20.0
STEEPNESS, MIDPOINT_DBM = 0.2, -92.5
LEAST_DOMINANCE = 0.005
MOST_CELLS = 10
BLOCK, CHUNK = 16, 96
"""Tiles along the side of the block, and cells, that are worked on at once: what is in memory does not grow with either."""
ROUNDING_DB = 0.01


@dataclass(frozen=True, eq=False)
class Coverage:
    """P(cell | tile): csr_array cells × tiles. In a tile that is covered the cells sum to 1."""

    grid: Grid
    likelihood: Any
    statements: tuple[str, ...] = ()


def strength_dbm(metres: Floats, *, power: Any, exponent: Any) -> Floats:
    """Strength in dBm at a distance, on the axis of the antenna."""
    found: Floats = 30.0 + 10.0 * np.log10(power) - 10.0 * exponent * np.log10(metres)
    return found


def dominance(dbm: Floats) -> Floats:
    """Between 0 and 1: how good a connection of this strength is."""
    return 1.0 / (1.0 + np.exp(np.minimum(-STEEPNESS * (dbm - MIDPOINT_DBM), 700.0)))


def reach_metres(cells: Cells) -> Floats:
    """How far each cell is heard: where dominance falls to the least that counts, or its range if that is given."""
    power, exponent = _power(cells), np.where(cells.small, EXPONENT_SMALL, EXPONENT_LARGE)
    least = MIDPOINT_DBM - np.log(1.0 / LEAST_DOMINANCE - 1.0) / STEEPNESS
    far = 10.0 ** ((30.0 + 10.0 * np.log10(power) - least) / (10.0 * exponent))
    return np.where(np.isnan(cells.reach), far, cells.reach)


def signal(cells: Cells, grid: Grid) -> Coverage:
    """P(cell | tile) over the grid: the ten strongest cells of each tile, by their part of dominance."""
    from scipy.sparse import coo_array

    mast = _Masts.of(cells, grid)
    row, tile, part = [], [], []
    for up in range(0, grid.rows, BLOCK):
        for across in range(0, grid.columns, BLOCK):
            numbers = (
                np.arange(up, min(up + BLOCK, grid.rows))[:, None] * grid.columns
                + np.arange(across, min(across + BLOCK, grid.columns))
            ).ravel()
            found = mast.strongest(*grid.middles(numbers))
            if found is not None:
                row.append(found[0])
                tile.append(numbers[found[1]])
                part.append(found[2])
    shape = (len(cells), len(grid))
    if not row:
        return Coverage(grid, coo_array(shape).tocsr(), ("No cell is heard anywhere in the zones.",))
    entries = (np.concatenate(part), (np.concatenate(row), np.concatenate(tile)))
    made = coo_array(entries, shape=shape).tocsr()
    covered = len(np.unique(entries[1][1])) / len(grid)
    said = (
        f"Signal strength of {len(cells):,} cells in {len(grid):,} tiles of {grid.tile:g} m; {covered:.1%} are covered."
    )
    return Coverage(grid, made, (said,))


def _power(cells: Cells) -> Floats:
    return np.where(np.isnan(cells.power), np.where(cells.small, POWER_SMALL, POWER_LARGE), cells.power)


@dataclass(frozen=True, eq=False)
class _Masts:
    """What strength depends on, a value for each cell, in the plane of the grid."""

    x: Floats
    y: Floats
    height: Floats
    on_axis: Floats
    exponent: Floats
    reach: Floats
    directional: NDArray[np.bool_]
    azimuth: Floats
    beam: Floats
    vertical_beam: Floats
    tilt: Floats

    @classmethod
    def of(cls, cells: Cells, grid: Grid) -> _Masts:
        x, y = grid.plane.metres(cells.longitude, cells.latitude)

        def either(said: Floats, otherwise: Any) -> Floats:
            return np.where(np.isnan(said), otherwise, said)

        return cls(
            x, y, either(cells.height, np.where(cells.small, HEIGHT_SMALL, HEIGHT_LARGE)),
            30.0 + 10.0 * np.log10(_power(cells)), np.where(cells.small, EXPONENT_SMALL, EXPONENT_LARGE),
            reach_metres(cells), cells.directional, np.nan_to_num(cells.azimuth), either(cells.beam_width, BEAM),
            either(cells.vertical_beam_width, VERTICAL_BEAM), either(cells.tilt, TILT),
        )  # fmt: skip

    def strongest(self, x: Floats, y: Floats) -> tuple[Any, Any, Any] | None:
        """(cell, place, part of dominance) for the strongest cells at each place of a block."""
        aside = np.maximum(np.maximum(x.min() - self.x, self.x - x.max()), 0.0)
        along = np.maximum(np.maximum(y.min() - self.y, self.y - y.max()), 0.0)
        near = np.flatnonzero(aside**2 + along**2 <= self.reach**2)
        if not near.size:
            return None
        # No place of the block hears a cell better than this: on its axis, at the nearest point.
        nearest = np.maximum(np.sqrt(aside[near] ** 2 + along[near] ** 2 + self.height[near] ** 2), 1.0)
        bound = self.on_axis[near] - 10.0 * self.exponent[near] * np.log10(nearest)
        order = np.argsort(-bound, kind="stable")
        near, bound = near[order], bound[order]
        dbm = np.full((0, len(x)), -np.inf, dtype=np.float32)
        cell = np.zeros((0, len(x)), dtype=np.int64)
        for at in range(0, near.size, CHUNK):
            if len(dbm) == MOST_CELLS and bound[at] < float(dbm.min()) - ROUNDING_DB:
                break  # every place has ten cells that are stronger than all that are left
            some = near[at : at + CHUNK]
            dbm = np.concatenate([dbm, self._dbm(some, x, y)])
            cell = np.concatenate([cell, np.broadcast_to(some[:, None], (some.size, len(x)))])
            if len(dbm) > MOST_CELLS:
                best = np.argpartition(dbm, len(dbm) - MOST_CELLS, axis=0)[-MOST_CELLS:]
                dbm, cell = np.take_along_axis(dbm, best, axis=0), np.take_along_axis(cell, best, axis=0)
        heard = dominance(dbm.astype(float))
        heard[heard < LEAST_DOMINANCE] = 0.0
        total = heard.sum(axis=0)
        part = heard / np.where(total > 0, total, 1.0)
        rank, place = np.nonzero(part)
        return (cell[rank, place], place, part[rank, place]) if rank.size else None

    def _dbm(self, near: NDArray[np.int64], x: Floats, y: Floats) -> NDArray[np.float32]:
        """cells × places, −∞ beyond a cell's reach."""
        dx = (x - self.x[near, None]).astype(np.float32)
        dy = (y - self.y[near, None]).astype(np.float32)
        flat = dx * dx + dy * dy
        high = (self.height[near] ** 2).astype(np.float32)[:, None]
        away = np.maximum(flat + high, np.float32(1.0))
        dbm = self.on_axis[near].astype(np.float32)[:, None] - (5.0 * self.exponent[near]).astype(np.float32)[
            :, None
        ] * np.log10(away)
        sector = np.flatnonzero(self.directional[near])
        if sector.size:
            dbm[sector] -= self._loss(near[sector], dx[sector], dy[sector], flat[sector])
        dbm[flat > (self.reach[near] ** 2).astype(np.float32)[:, None]] = -np.inf
        return dbm

    def _loss(self, cells: NDArray[np.int64], dx: Any, dy: Any, flat: Any) -> NDArray[np.float32]:
        """dB that a sector loses off its axis, sideways and downwards together at most MOST_LOSS_DB."""
        degrees = np.float32(180.0 / np.pi)
        turned = np.arctan2(dx, dy) * degrees - self.azimuth[cells].astype(np.float32)[:, None]
        turned = np.abs((turned + np.float32(540.0)) % np.float32(360.0) - np.float32(180.0))
        sideways = np.minimum(12.0 * (turned / self.beam[cells].astype(np.float32)[:, None]) ** 2, MOST_LOSS_DB)
        down = np.arctan2(self.height[cells].astype(np.float32)[:, None], np.sqrt(flat)) * degrees
        off = (down - self.tilt[cells].astype(np.float32)[:, None]) / self.vertical_beam[cells].astype(np.float32)[
            :, None
        ]
        downwards = np.minimum(12.0 * off**2, MOST_VERTICAL_LOSS_DB)
        loss: NDArray[np.float32] = np.minimum(sideways + downwards, MOST_LOSS_DB).astype(np.float32)
        return loss
