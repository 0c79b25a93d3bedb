"""`folkmoot roads whatif`: close, open, widen or slow links, and see before beside after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from folkmoot.cli import roads_source as given
from folkmoot.cli.roads_assign import SHOWN, record
from folkmoot.cli.siting_watch import Watch

if TYPE_CHECKING:
    from folkmoot.engines.traffic import WhatIf


@given.on_roads
def whatif(
    roads: given.Roads,
    close: Annotated[list[str] | None, typer.Option("--close", help="LINK_ID to close; may be repeated.")] = None,
    reopen: Annotated[list[str] | None, typer.Option("--reopen", help="LINK_ID to open again.")] = None,
    widen: Annotated[list[str] | None, typer.Option("--widen", help="LINK_ID=LANES.")] = None,
    slow: Annotated[list[str] | None, typer.Option("--slow", help="LINK_ID=KMH when empty.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the flows afterwards as GeoJSON.")] = None,
) -> None:
    """Assign before and after a change of the network."""
    from folkmoot.engines import traffic

    change = traffic.Change(
        tuple(close or ()),
        tuple(reopen or ()),
        given.pairs(widen or (), "--widen", "LANES"),
        given.pairs(slow or (), "--slow", "KMH"),
    )
    if change.empty:
        raise ValueError("Nothing changes. Give --close, --reopen, --widen or --slow with a link.")
    with Watch(seconds=roads.seconds, quiet=roads.as_json) as watch:
        answer = traffic.what_if(
            roads.network,
            roads.demand,
            change,
            gap=roads.gap,
            threads=roads.threads,
            progress=lambda k, gap, _: watch.note(f"Iteration {k:,}: relative gap {gap:.2e}"),
            should_stop=watch.stop,
        )
    if out is not None:
        traffic.write_geojson(answer.after, out)
    told = {
        "before": record(answer.before),
        "after": record(answer.after),
        "vehicle_hours_saved": answer.vehicle_hours_saved,
        "vehicle_km_saved": answer.vehicle_km_saved,
        "accuracy_vehicle_hours": answer.accuracy_vehicle_hours,
        "links": _links(answer),
        "out": str(out) if out else None,
    }
    if given.tell(roads, told, [*answer.after.statements(), *answer.statements()]):
        return
    rows = [[link["link_id"], link["name"], f"{link['before']:,.0f}", f"{link['after']:,.0f}", f"{link['change']:+,.0f}"]
            for link in told["links"][:SHOWN]]  # fmt: skip
    given.table("Flows that change most", ["link", "road", "before", "after", "change"], rows, left=2)


def _links(answer: WhatIf) -> list[dict[str, object]]:
    """Links whose flow changes by a vehicle or more, the most first."""
    network, change = answer.before.network, answer.flow_change
    before, after = answer.before.flows.sum(axis=0), answer.after.flows.sum(axis=0)
    order = sorted((k for k in range(network.m) if abs(change[k]) >= 1), key=lambda k: (-abs(change[k]), k))
    return [
        {
            "link_id": network.link_id[k],
            "name": network.name[k],
            "class": network.kind[k],
            "before": round(float(before[k]), 2),
            "after": round(float(after[k]), 2),
            "change": round(float(change[k]), 2),
        }
        for k in order
    ]
