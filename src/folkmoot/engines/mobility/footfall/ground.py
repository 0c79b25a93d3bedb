"""An area on the ground as the cells that stand for it.

A device is known by its cell, so being in an area is being in a cell that serves it: every cell that probably serves the
area, and for an area smaller than any footprint the one cell that serves it best. `fit` says what such a count means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError

if TYPE_CHECKING:
    import ibis.expr.types as ir

MIN_PROBABILITY = 0.5


def areas(cell_area: ir.Table, *, min_probability: float = MIN_PROBABILITY) -> ir.Table:
    """area, cell_id, probability: the cells that stand for each area.

    `cell_area` is `where`'s cell_zone with the areas as zones: cell_id, zone_id, probability (1 where it is left out, for
    areas given as a list of cells). Cells at `min_probability` or above stand for the area; where none reaches it, the
    likeliest does.
    """
    import ibis

    if not 0 < min_probability <= 1:
        raise MobilityError(f"A least probability of {min_probability} is none; give a number above 0 and up to 1.")
    table: Any = cell_area
    if "probability" not in table.columns:
        table = table.mutate(probability=ibis.literal(1.0))
    inside = table.filter(table.zone_id.notnull() & (table.probability > 0))
    best = ibis.window(group_by="zone_id", order_by=[inside.probability.desc(), inside.cell_id.asc()])
    ranked = inside.mutate(place=ibis.row_number().over(best))
    kept = ranked.filter((ranked.probability >= min_probability) | (ranked.place == 0))
    found: Any = kept.select(area="zone_id", cell_id="cell_id", probability="probability")
    return found


def fit(served: ir.Table) -> ir.Table:
    """area, cells, least, mean: how surely devices of the area's cells are in it. A mean of 0.2 counts mostly others."""
    table: Any = served
    found: Any = table.group_by("area").agg(
        cells=table.count(), least=table.probability.min(), mean=table.probability.mean()
    )
    return found


def in_areas(stays: ir.Table, served: ir.Table, *, states: tuple[str, ...]) -> Any:
    """The stays in cells of an area, with the area; a cell of two areas gives two rows."""
    if gone := [name for name in ("user_id", "start", "end", "cell_id", "state") if name not in stays.columns]:
        raise MobilityError(f"Stays have no column {', '.join(gone)}; footfall needs the cell of each stay as cell_id.")
    there: Any = served.select(area="area", area_cell="cell_id")
    kept: Any = stays.filter(stays.state.isin(list(states)) & stays.user_id.notnull())
    joined = kept.inner_join(there, kept.cell_id == there.area_cell)
    return joined.select("area", "user_id", "start", "end", "cell_id")
