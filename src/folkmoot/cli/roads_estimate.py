"""`folkmoot roads estimate`: a matrix that fits counts, held near its prior."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli import roads_source as given
from folkmoot.cli.roads_assign import SHOWN, record
from folkmoot.cli.siting_watch import Watch

if TYPE_CHECKING:
    from folkmoot.engines.traffic import Fit


@given.on_roads
def estimate(
    roads: given.Roads,
    counts: Annotated[Path, typer.Option("--counts", help="CSV: link_id, count, and screenline if there is one.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the new trips as CSV.")] = None,
    iterations: Annotated[int, typer.Option("--iterations", help="Steps of the gradient method.")] = 10,
    cell_factor: Annotated[
        float, typer.Option("--cell-factor", help="A cell grows or shrinks by so much at most.")
    ] = 3.0,
    total_share: Annotated[float, typer.Option("--total-share", help="All trips change by this share at most.")] = 0.1,
    length_share: Annotated[float, typer.Option("--length-share", help="And their mean length by this.")] = 0.05,
) -> None:
    """Adjust the car matrix to counts of cars an hour, and report the fit and the change of the matrix."""
    from folkmoot.engines import traffic
    from folkmoot.store import write_csv

    with Watch(seconds=roads.seconds, quiet=roads.as_json) as watch:
        found = traffic.spiess(
            roads.network,
            roads.demand,
            traffic.read_counts(counts, roads.network),
            guards=traffic.Guards(cell_factor, total_share, length_share),
            iterations=iterations,
            gap=roads.gap,
            threads=roads.threads,
            progress=lambda k, misfit: watch.note(f"Iteration {k:,}: misfit {misfit:,.4g}"),
            should_stop=watch.stop,
        )
    zones = found.demand.zones
    if out is not None:
        cells = zip(*found.demand.trips[0].nonzero())
        write_csv(out, ["origin", "destination", "trips"],
                  [[zones[i], zones[j], f"{found.demand.trips[0, i, j]:.4f}"] for i, j in cells])  # fmt: skip
    told = {
        "before": _fit(found.before),
        "after": _fit(found.after),
        "change": asdict(found.change),
        "misfit": list(found.misfit),
        "ended": found.ended,
        "assignment": record(found.assignment),
        "out": str(out) if out else None,
    }
    if given.tell(roads, told, [*found.statements(), *([f"Written: {out}"] if out else [])]):
        return
    after = found.after
    worst = sorted(range(len(after.geh)), key=lambda k: (-after.geh[k], k))[:SHOWN]
    rows = [[after.link_id[k], f"{after.counted[k]:,.0f}", f"{found.before.modelled[k]:,.0f}", f"{after.modelled[k]:,.0f}",
             f"{after.geh[k]:.1f}"] for k in worst]  # fmt: skip
    given.table("Counts least well met", ["link", "counted", "before", "after", "GEH"], rows)


def _fit(fit: Fit) -> dict[str, Any]:
    return {
        "links": len(fit.geh),
        "geh_below_5": fit.geh_share,
        "within_flow_criteria": fit.flow_share,
        "r2": fit.r2,
        "rmse_percent": fit.rmse_percent,
        "passes": fit.passes,
        "screenlines": [{**asdict(line), "difference": line.difference} for line in fit.screenlines],
    }
