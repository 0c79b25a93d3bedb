"""`folkmoot roads bottlenecks`: which links delay most, and when their queues stand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from folkmoot.cli import roads_source as given
from folkmoot.cli.roads_assign import assigned, record


@given.on_roads
def bottlenecks(
    roads: given.Roads,
    most: Annotated[int, typer.Option("--most", help="How many to show.")] = 20,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", help="“HH:MM f f f …”: multiples of the hourly flow, each quarter hour from then on."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write all of them as CSV.")] = None,
) -> None:
    """Name the links that cost most vehicle-hours, with flow over capacity and the queue of each quarter hour."""
    from folkmoot.engines import traffic
    from folkmoot.store import write_csv

    shape = _profile(profile) if profile else traffic.Profile()
    found = assigned(roads)
    all_of_them = traffic.bottlenecks(found, profile=shape)
    head = ["link", "road", "veh/h", "v/c", "veh-h lost", "queue", "until", "longest"]
    rows = [
        [b.link_id, b.name or b.kind, f"{b.flow:,.0f}", f"{b.voc:.2f}", f"{b.delay_vehicle_hours:,.1f}", b.queue_from or "–",
         (b.queue_until or "later") if b.queue_from else "–", f"{b.longest_queue:,.0f}"] for b in all_of_them
    ]  # fmt: skip
    if out is not None:
        write_csv(out, head, rows)
    assumed = "The profile of arrivals is an assumed morning, 07:00 to 10:00, about the hour from 08:00."
    said = [*found.statements(), *([] if profile else [assumed])]
    said.append("Queues stand at a point: they neither spill back nor hold back what would arrive downstream.")
    told = {**record(found), "bottlenecks": [asdict(b) for b in all_of_them[:most]], "out": str(out) if out else None}
    if not given.tell(roads, told, said):
        given.table("Where most time is lost", head, rows[:most], left=2)


def _profile(text: str) -> object:
    from folkmoot.engines import traffic

    try:
        clock, *factors = text.split()
        hour, minute = clock.split(":")
        return traffic.Profile(int(hour) * 60 + int(minute), tuple(float(f) for f in factors))
    except ValueError as error:
        if isinstance(error, traffic.TrafficError):
            raise
        raise ValueError(
            f"--profile is a time and numbers for quarter hours, “07:00 0.8 1 1.1”, not “{text}”."
        ) from None
