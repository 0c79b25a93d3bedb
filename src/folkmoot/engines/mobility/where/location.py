"""P(zone | cell) in one call, whichever way, also when cells come, go and move within the period.

A footprint depends on the neighbours, so it is made for each stretch of days on which the same cells were there; a cell's
is the mean over its own days.

>>> from folkmoot.engines.mobility.where import cells, zones
>>> here = cells.of({"cell_id": ["A"], "latitude": [51.45], "longitude": [-2.55]})
>>> town = zones.of({"W": "POLYGON ((-2.56 51.44, -2.55 51.44, -2.55 51.46, -2.56 51.46, -2.56 51.44))"})
>>> footprint(here, town, method="voronoi", reach=100.0).likely_zones()["probability"].to_pylist()[0] > 0.49
True
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Literal

import numpy as np

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.where import grid as grids
from folkmoot.engines.mobility.where import versions
from folkmoot.engines.mobility.where.cells import Cells
from folkmoot.engines.mobility.where.present import posterior
from folkmoot.engines.mobility.where.result import Footprint
from folkmoot.engines.mobility.where.signal import signal
from folkmoot.engines.mobility.where.voronoi import REACH_METRES, voronoi
from folkmoot.engines.mobility.where.zones import Zones

type Method = Literal["signal", "voronoi"]


def footprint(
    cells: Cells,
    zones: Zones,
    *,
    method: Method = "signal",
    prior: Any = None,
    first: date | None = None,
    last: date | None = None,
    tile: float = 100.0,
    buffer: float = 5_000.0,
    reach: float = REACH_METRES,
) -> Footprint:
    """Footprints by cell key (`versions.keys`; the cell id where nothing moved or was renamed).

    `prior`: {zone: people} or None for even. `first`, `last`: days of the events; cells that were not there are left out.
    `tile`, `buffer`: metres, of the grid of signals. `reach`: metres, of Voronoi polygons without a range.
    """
    if method not in ("signal", "voronoi"):
        raise MobilityError(f"There is no footprint “{method}”; choose signal or voronoi.")
    named = versions.keys(cells)
    make: Any
    if method == "voronoi":
        make = partial(voronoi, zones=zones, prior=prior, reach=reach)
    else:
        over = grids.over(zones, buffer=buffer, tile=tile)
        make = partial(_by_signal, zones=zones, prior=prior, over=over, in_zone=grids.shares(over, zones))
    parts: list[tuple[Footprint, int]] = []
    for day, days in versions.epochs(cells, first, last):
        there = (cells.valid_from <= day) & (cells.valid_to >= day)
        if there.any():
            rows = np.flatnonzero(there)
            parts.append((make(cells.taken(rows), keys=tuple(named[row] for row in rows)), days))
    if not parts:
        raise MobilityError("No cell was there in the period. Check valid_date_start and valid_date_end of the cells.")
    return parts[0][0] if len(parts) == 1 else _mean(parts)


def _by_signal(cells: Cells, *, zones: Zones, prior: Any, over: Any, in_zone: Any, keys: tuple[str, ...]) -> Footprint:
    return posterior(signal(cells, over), zones, prior=prior, keys=keys, in_zone=in_zone)


def _mean(parts: list[tuple[Footprint, int]]) -> Footprint:
    """Footprints of stretches of days, each cell's weighted by the days it was there."""
    from scipy.sparse import coo_array, diags_array

    names = tuple(dict.fromkeys(cell for part, _ in parts for cell in part.cell_id))
    at = {cell: row for row, cell in enumerate(names)}
    total = sum(days for _, days in parts)
    there, outside, weight = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    held: Any = 0
    for part, days in parts:
        rows = np.array([at[cell] for cell in part.cell_id])
        onto = coo_array((np.full(len(rows), float(days)), (rows, np.arange(len(rows)))), shape=(len(names), len(rows)))
        held = held + onto.tocsr() @ part.probability
        there += np.bincount(rows, weights=np.full(len(rows), float(days)), minlength=len(names))
        outside += np.bincount(rows, weights=days * part.outside, minlength=len(names))
        weight += np.bincount(rows, weights=days * part.weight, minlength=len(names))
    said = (*parts[-1][0].statements, f"The cells changed {len(parts) - 1:,} times in {total:,} days.")
    return replace(
        parts[0][0],
        cell_id=names,
        probability=(diags_array(1.0 / there) @ held).tocsr(),
        outside=outside / there,
        weight=weight / total,
        statements=said,
    )
