"""An area on the ground as the cells that stand for it.

A device is known by its cell, so being in an area is being on a cell that stands for it. Too few cells miss most who are
there (in a town most devices are on wide cells); too many count the neighbours. So cells are taken in order of probability up
to the best balance: the largest F = 2·purity·completeness / (purity + completeness) (van Rijsbergen 1979), where purity is
how much of what these cells serve is in the area, and completeness how much of the area they serve. `fit` says both. The
choice depends on the network alone, not on who is seen, so it is the same in every release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError

if TYPE_CHECKING:
    import ibis.expr.types as ir


def areas(cell_area: ir.Table, *, min_probability: float | None = None) -> ir.Table:
    """area, cell_id, probability, weight, held (weight × probability of all cells of the area): the cells that stand for it.

    `cell_area` is `where`'s cell_zone with the areas as zones: cell_id, zone_id, probability (1 where it is left out, for
    areas given as a list of cells), and perhaps weight, the part of all devices a cell is expected to have (otherwise alike).
    With `min_probability`, cells at or above it are taken instead, and where none reaches it the likeliest.
    """
    import ibis

    if min_probability is not None and not 0 < min_probability <= 1:
        raise MobilityError(f"A least probability of {min_probability} is none; give a number above 0 and up to 1.")
    table: Any = cell_area
    for name in ("probability", "weight"):
        if name not in table.columns:
            table = table.mutate(**{name: ibis.literal(1.0)})
    inside = table.filter(table.zone_id.notnull() & (table.probability > 0) & (table.weight > 0))
    order = [inside.probability.desc(), inside.cell_id.asc()]
    upto = ibis.cumulative_window(group_by="zone_id", order_by=order)
    part = inside.probability * inside.weight
    ranked = inside.mutate(
        place=ibis.row_number().over(ibis.window(group_by="zone_id", order_by=order)),
        got=part.sum().over(upto),
        taken=inside.weight.sum().over(upto),
        held=part.sum().over(ibis.window(group_by="zone_id")),
    )
    if min_probability is None:
        ranked = ranked.mutate(balance=2 * ranked.got / (ranked.taken + ranked.held))
        best = ibis.row_number().over(
            ibis.window(group_by="zone_id", order_by=[ranked.balance.desc(), ranked.place.asc()])
        )
        ranked = ranked.mutate(best=best)
        last = ibis.ifelse(ranked.best == 0, ranked.place, -1).max().over(ibis.window(group_by="zone_id"))
        ranked = ranked.mutate(last=last)
        kept = ranked.filter(ranked.place <= ranked["last"])
    else:
        kept = ranked.filter((ranked.probability >= min_probability) | (ranked.place == 0))
    found: Any = kept.select(area="zone_id", cell_id="cell_id", probability="probability", weight="weight", held="held")
    return found


def fit(served: ir.Table) -> ir.Table:
    """area, cells, purity (of what the cells serve, the part in the area), completeness (the part of it they serve)."""
    table: Any = served
    part = (table.probability * table.weight).sum()
    found: Any = table.group_by("area").agg(
        cells=table.count(), purity=part / table.weight.sum(), completeness=part / table.held.max()
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
