"""The operator's cells, and which of them a phone at a place is served by.

Masts stand where people are and along motorway and railway; most have three sectors, and small cells fill the centre.
A cell's strength at a place is transmitted power less path loss, 10·n·log₁₀(metres) with n = 3.75 for macro and 6.0 for
small cells, less up to 25 dB outside its beam (3GPP TR 36.942), plus shadowing that belongs to the place. Which cell serves
is a draw with odds exp(strength / 3 dB), so that footprints overlap and phones that lie still change between neighbours.
One valley has no signal. Some cells are renamed, moved, opened or closed during the period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.movement.geography import Land, lat, lon, scatter
from folkmoot.town.movement.roads import Roads
from folkmoot.town.movement.routes import Rail
from folkmoot.town.randomness import generator

RESIDENTS_PER_MAST, FEWEST_MASTS, SMALL_SHARE = 1_400, 18, 0.5
PIXEL_KM, NEAREST, SERVING = 0.15, 36, 8
REACH_KM, BAND = 3.5, 4_096
EXPONENT = {"macrocell": 3.75, "microcell": 6.0}
FRONT_TO_BACK_DB, SHADOW_DB, FADING_DB, WEAKEST_DBM = 25.0, 3.0, 3.0, -101.0
MCC, MNC = 234, "99"
PLMN = 23499
OPENED = date(2024, 1, 1)


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Rows of the table `cells`; a cell that moved has two."""

    cell_id: NDArray[np.str_]
    x: Floats
    y: Floats
    azimuth: Floats
    beam: Floats
    macro: NDArray[np.bool_]
    watts: Floats
    valid_from: NDArray[np.datetime64]
    valid_to: NDArray[np.datetime64]
    technology: NDArray[np.str_]

    def valid(self, day: date) -> NDArray[np.bool_]:
        """Which rows hold on a day."""
        on = np.datetime64(day)
        ended = ~np.isnat(self.valid_to) & (self.valid_to < on)
        return (self.valid_from <= on) & ~ended

    def table(self) -> pa.Table:
        """The table `cells`, with multimno's columns."""
        directional = self.beam < 360
        kind = np.where(self.macro, "macrocell", "microcell")
        return pa.table(
            {
                "cell_id": pa.array(self.cell_id.tolist(), pa.string()),
                "latitude": pa.array(lat(self.y)),
                "longitude": pa.array(lon(self.x)),
                "altitude": pa.array(np.round(20 + 6 * np.sin(self.x) + 4 * np.cos(self.y), 1)),
                "antenna_height": pa.array(np.where(self.macro, 28.0, 8.0)),
                "directionality": pa.array(directional.astype(np.int32)),
                "azimuth_angle": pa.array(self.azimuth, mask=~directional),
                "elevation_angle": pa.array(np.where(self.macro, 5.0, 0.0)),
                "horizontal_beam_width": pa.array(self.beam),
                "vertical_beam_width": pa.array(np.where(self.macro, 9.0, 60.0)),
                "power": pa.array(self.watts),
                "range": pa.array(np.where(self.macro, 10_000.0, 600.0)),
                "frequency": pa.array(np.where(self.technology == "5G", 3_500, np.where(self.macro, 800, 2_100))),
                "technology": pa.array(self.technology.tolist(), pa.string()),
                "valid_date_start": pa.array(self.valid_from.astype("datetime64[D]")),
                "valid_date_end": pa.array(self.valid_to.astype("datetime64[D]")),
                "cell_type": pa.array(kind.tolist(), pa.string()),
            }
        )


@dataclass(frozen=True, eq=False, slots=True)
class Coverage:
    """For each pixel the rows of the cells that serve it and the cumulated odds; `covered` is false without signal."""

    left: float
    low: float
    columns: int
    rows: int
    serving: NDArray[np.int32]
    odds: NDArray[np.float32]
    covered: NDArray[np.bool_]

    def pixel(self, x: Floats, y: Floats) -> Ints:
        """The number of the pixel of each point (of the nearest pixel of the map's edge, for one off the map)."""
        across = np.clip(((x - self.left) / PIXEL_KM).astype(np.int64), 0, self.columns - 1)
        up = np.clip(((y - self.low) / PIXEL_KM).astype(np.int64), 0, self.rows - 1)
        return up * self.columns + across

    def serve(self, pixel: Ints, chance: Floats) -> NDArray[np.int32]:
        """The row of the cell that serves in each pixel by a uniform number; −1 where there is no signal."""
        rank = np.zeros(len(pixel), dtype=np.int64)
        for k in range(SERVING - 1):
            rank += self.odds[:, k][pixel] <= chance
        cell = self.serving.ravel()[pixel * SERVING + rank]
        return np.where(self.covered[pixel], cell, np.int32(-1))


def lay(seed: int, land: Land, roads: Roads, rail: Rail, first_day: date, days: int) -> Cells:
    """All cells of the period; changes come into force on its middle day (its first, when there is one day only)."""
    spot = generator(seed, "movement", "cells")
    masts = _masts(spot, land, roads, rail)
    n = len(masts)
    turn = np.round(360 * spot.random(n), 0)
    azimuth = (turn[:, None] + np.array([0.0, 120.0, 240.0])).ravel() % 360
    small = _small(spot, land, max(4, round(SMALL_SHARE * n)))
    x = np.concatenate([np.repeat(masts[:, 0], 3), small[:, 0]])
    y = np.concatenate([np.repeat(masts[:, 1], 3), small[:, 1]])
    macro = np.arange(len(x)) < 3 * n
    number = np.concatenate(
        [np.repeat(1000 + np.arange(n), 3) * 10 + np.tile([1, 2, 3], n), 500_000 + 10 * np.arange(len(small))]
    )
    cell_id = np.array([f"{PLMN}{each:09d}" for each in number])
    watts = np.where(macro, np.round(8 + 6 * spot.random(len(x)), 1), 1.0)
    technology = np.where(spot.random(len(x)) < np.where(macro, 0.25, 0.5), "5G", "LTE")
    beam = np.where(macro, 65.0, 360.0)
    start = np.full(len(x), np.datetime64(OPENED))
    end = np.full(len(x), np.datetime64("NaT", "D"))
    azimuth = np.concatenate([azimuth, np.zeros(len(small))])
    cells = Cells(cell_id, x, y, azimuth, beam, macro, watts, start, end, technology)
    return _changed(cells, np.datetime64(first_day + timedelta(days // 2)))


def _changed(cells: Cells, on: np.datetime64) -> Cells:
    """One mast's first sector renamed, one small cell moved 300 m, one closed and one opened, all on this day."""
    renamed, opened = 0, 7
    moved, closed = len(cells.x) - 1, len(cells.x) - 2
    before = on - np.timedelta64(1, "D")
    end, start = cells.valid_to.copy(), cells.valid_from.copy()
    end[[renamed, moved, closed]] = before
    start[opened] = on
    again = np.concatenate([np.arange(len(cells.x)), [renamed, moved]])
    names = cells.cell_id[again].copy()
    names[-2] = f"{PLMN}{900_000_001:09d}"
    x = cells.x[again].copy()
    x[-1] += 0.3
    return Cells(
        names, x, cells.y[again], cells.azimuth[again], cells.beam[again], cells.macro[again], cells.watts[again],
        np.concatenate([start, [on, on]]), np.concatenate([end, np.full(2, np.datetime64("NaT", "D"))]),
        cells.technology[again],
    )  # fmt: skip


def _masts(spot: np.random.Generator, land: Land, roads: Roads, rail: Rail) -> Floats:
    """Where people live and go, settled apart; then every three kilometres along motorway and railway."""
    from scipy.spatial import cKDTree

    n = max(FEWEST_MASTS, round(land.residents / RESIDENTS_PER_MAST))
    weight = land.homes + np.array([4.0 if kind == "town centre" else 0.6 for kind in land.kind[: land.zones]])
    zone = spot.choice(land.zones, size=60 * n, p=weight / weight.sum())
    sample = np.column_stack(scatter(spot, land, zone))
    masts = sample[:n].copy()
    for _ in range(8):
        _, nearest = cKDTree(masts).query(sample)
        count = np.maximum(np.bincount(nearest, minlength=n), 1)[:, None]
        total = np.column_stack([np.bincount(nearest, sample[:, axis], minlength=n) for axis in (0, 1)])
        masts = np.where(np.bincount(nearest, minlength=n)[:, None] > 0, total / count, masts)
    line = np.arange(-land.radius - 4.0, land.radius + 4.0, 3.0)
    west = np.column_stack([np.full(len(line), -(land.radius + 1.0)), line])
    along = np.arange(rail.x[0] + 2.0, rail.x[-1], 3.0)
    railway = np.column_stack([along, np.interp(along, rail.x, rail.y) + 0.15])
    for more in (west, railway):
        gap, _ = cKDTree(masts).query(more)
        masts = np.concatenate([masts, more[gap > 1.8]])
    return masts


def _small(spot: np.random.Generator, land: Land, n: int) -> Floats:
    busy = np.array([0, 0, 0, 1, 2, 4, 5, 6])
    zone = busy[np.arange(n) % len(busy)]
    return np.column_stack([land.x[zone], land.y[zone]]) + 0.35 * spot.standard_normal((n, 2))


def coverage(seed: int, land: Land, cells: Cells, valid: NDArray[np.bool_]) -> Coverage:
    """What serves where while these rows of the table of cells hold."""
    from scipy.spatial import cKDTree

    left, right = -(land.radius + 9.0), land.dormitory[0] + 5.0
    low, high = -(land.radius + 8.0), land.radius + 8.0
    columns, rows = int((right - left) / PIXEL_KM) + 1, int((high - low) / PIXEL_KM) + 1
    px = np.tile(left + PIXEL_KM * np.arange(0.5, columns), rows)
    py = np.repeat(low + PIXEL_KM * np.arange(0.5, rows), columns)
    tree = cKDTree(np.column_stack([cells.x, cells.y]))
    shadow = generator(seed, "movement", "shadow")
    serving = np.empty((len(px), SERVING), dtype=np.int32)
    odds = np.empty((len(px), SERVING), dtype=np.float32, order="F")
    strongest = np.empty(len(px))
    # Band by band, so that memory does not grow with the map.
    for first in range(0, len(px), BAND):
        band = slice(first, first + BAND)
        here = np.column_stack([px[band], py[band]])
        _, near = tree.query(here, k=min(NEAREST, len(cells.x)))
        strength = _heard(land, cells, valid, near, here, shadow)
        best = np.argsort(-strength, axis=1, kind="stable")[:, :SERVING]
        strong = np.take_along_axis(strength, best, axis=1)
        likely = np.exp((strong - strong[:, :1]) / FADING_DB)
        serving[band] = np.take_along_axis(near, best, axis=1)
        odds[band] = np.cumsum(likely, axis=1) / likely.sum(axis=1, keepdims=True)
        strongest[band] = strong[:, 0]
    return Coverage(left, low, columns, rows, serving, odds, strongest > WEAKEST_DBM)


def _heard(
    land: Land, cells: Cells, valid: NDArray[np.bool_], near: Ints, here: Floats, shadow: np.random.Generator
) -> Floats:
    """dBm of each near cell at each pixel with its shadow, −inf for a cell that does not serve there."""
    px, py = here.T
    strength = _strength(cells, near, px, py)
    strength += SHADOW_DB * shadow.standard_normal(strength.shape)
    valley = np.hypot(px - 0.45 * land.radius, py - 0.72 * land.radius) < 0.09 * land.radius
    strength[valley] -= 60.0
    strength[~valid[near]] = -np.inf
    # A cell further away serves only where it is the strongest, or phones would leap over the map.
    too_far = np.hypot(px[:, None] - cells.x[near], py[:, None] - cells.y[near]) > REACH_KM
    strength[too_far & (strength < strength.max(axis=1, keepdims=True))] = -np.inf
    return strength


def _strength(cells: Cells, near: Ints, px: Floats, py: Floats) -> Floats:
    """dBm of each near cell at each pixel."""
    dx, dy = px[:, None] - cells.x[near], py[:, None] - cells.y[near]
    metres = np.maximum(1000 * np.hypot(dx, dy), 30.0)
    exponent = np.where(cells.macro, EXPONENT["macrocell"], EXPONENT["microcell"])[near]
    bearing = np.degrees(np.arctan2(dx, dy))
    off = np.abs((bearing - cells.azimuth[near] + 180) % 360 - 180)
    beam = cells.beam[near]
    loss = np.where(beam < 360, np.minimum(12 * (off / beam) ** 2, FRONT_TO_BACK_DB), 0.0)
    dbm: Floats = 30 + 10 * np.log10(cells.watts)[near] - 10 * exponent * np.log10(metres) - loss
    return dbm
