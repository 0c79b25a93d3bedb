"""`folkmoot roads rank`: which scheme saves most hours for a pound, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from folkmoot.cli import roads_source as given
from folkmoot.cli.siting_watch import Watch


@given.on_roads
def rank(
    roads: given.Roads,
    schemes: Annotated[Path, typer.Option("--schemes", help="CSV: scheme, pounds, change, link_id, value.")],
    draws: Annotated[int, typer.Option("--draws", help="Draws of the demand for the interval.")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draws.")] = 1,
    cell_cv: Annotated[float, typer.Option("--cell-cv", help="Coefficient of variation of each cell.")] = 0.2,
    total_cv: Annotated[float, typer.Option("--total-cv", help="And of the whole demand together.")] = 0.05,
) -> None:
    """Rank schemes by vehicle-hours saved in the hour for each million pounds, with 90 % intervals."""
    import numpy as np

    from folkmoot.engines import traffic

    uncertainty = traffic.Uncertainty(cell_cv, total_cv)
    low, high = ([getattr(table, end) for table in roads.tables] for end in ("low", "high"))
    if all(each is not None for each in [*low, *high]):
        uncertainty = traffic.Uncertainty.of_bounds(np.stack(low), np.stack(high), total_cv)
    with Watch(seconds=roads.seconds, quiet=roads.as_json) as watch:
        found = traffic.rank(
            roads.network,
            roads.demand,
            traffic.read_schemes(schemes),
            generator=np.random.default_rng(seed),
            uncertainty=uncertainty,
            draws=draws,
            gap=roads.gap,
            threads=roads.threads,
            progress=lambda done, of: watch.note(f"Assignment {done:,} of {of:,}"),
            should_stop=watch.stop,
        )
    told = {
        "schemes": [
            {
                "scheme": r.scheme.name,
                "pounds": r.scheme.pounds,
                "vehicle_hours_saved": r.saved,
                "low": r.saved_low,
                "high": r.saved_high,
                "per_million_pounds": r.per_million,
                "per_million_low": r.per_million_low,
                "per_million_high": r.per_million_high,
                "first_in": r.first_in,
                "stranded_trips": r.stranded,
                "accuracy_vehicle_hours": r.accuracy,
                "draws": list(r.draws),
            }
            for r in found.schemes
        ]
    }
    if given.tell(roads, told, found.statements):
        return
    head = ["scheme", "£m", "veh-h saved", "per £m", "90 % interval", "first"]
    given.table("Vehicle-hours saved for a pound", head, [
        [r.scheme.name, f"{r.scheme.pounds / 1e6:,.3g}", f"{r.saved:,.1f}", f"{r.per_million:,.1f}",
         f"{r.per_million_low:,.1f} to {r.per_million_high:,.1f}", f"{r.first_in:.0%}"] for r in found.schemes
    ])  # fmt: skip
