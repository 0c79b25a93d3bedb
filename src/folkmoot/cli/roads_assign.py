"""`folkmoot roads assign`: trips on roads at equilibrium, written as GeoJSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli import roads_source as given
from folkmoot.cli.siting_watch import Watch

if TYPE_CHECKING:
    from folkmoot.engines.traffic import Assignment

SHOWN = 10


@given.on_roads
def assign(
    roads: given.Roads,
    out: Annotated[Path | None, typer.Option("--out", help="Write links with their flows as GeoJSON.")] = None,
    select_link: Annotated[
        list[str] | None, typer.Option("--select-link", help="Say whose trips use this link; may be repeated.")
    ] = None,
    journeys_out: Annotated[
        Path | None, typer.Option("--journeys-out", help="Write journey times between zones as CSV.")
    ] = None,
) -> None:
    """Put trips on roads so that nobody could save time by another way, and say where they drive and wait."""
    from folkmoot.engines import traffic

    found = assigned(roads, select={link: [link] for link in select_link or ()})
    if out is not None:
        traffic.write_geojson(found, out)
    if journeys_out is not None:
        _write_journeys(found, journeys_out)
    written = [f"Written: {path}" for path in (out, journeys_out) if path is not None]
    told = {**record(found), "select": _selected(found), "out": str(out) if out else None}
    if given.tell(roads, told, [*found.statements(), *_hints(found), *written]):
        return
    busiest = sorted(traffic.rows(found), key=lambda row: (-row["flow"], row["link_id"]))[:SHOWN]
    given.table("Busiest links", ["link", "road", "class", "vehicles/h", "v/c", "delay, veh-h"], [
        [row["link_id"], row["name"], row["class"], f"{row['flow']:,.0f}", f"{row['voc']:.2f}",
         f"{row['delay_vehicle_hours']:,.1f}"] for row in busiest
    ], left=3)  # fmt: skip
    for link, part in told["select"].items():
        title = f"Trips over {link}: {part['trips']:,.0f} an hour"
        rows = [[each["origin"], each["destination"], f"{each['trips']:,.1f}"] for each in part["pairs"][:SHOWN]]
        given.table(title, ["origin", "destination", "trips/h"], rows, left=2)


def assigned(roads: given.Roads, **more: Any) -> Assignment:
    """The equilibrium, with its gap shown while it is sought; Ctrl-C keeps what there is."""
    from folkmoot.engines import traffic

    with Watch(seconds=roads.seconds, quiet=roads.as_json) as watch:
        return traffic.equilibrium(
            roads.network,
            roads.demand,
            gap=roads.gap,
            algorithm=roads.algorithm,
            threads=roads.threads,
            progress=lambda k, gap, _: watch.note(f"Iteration {k:,}: relative gap {gap:.2e}"),
            should_stop=watch.stop,
            **more,
        )


def record(found: Assignment) -> dict[str, Any]:
    """What an assignment comes to, as JSON has it."""
    network, demand = found.network, found.demand
    return {
        "network": {"nodes": network.n, "links": network.m, "zones": len(network.zones)},
        "algorithm": found.algorithm,
        "gap": found.gap,
        "target": found.target,
        "converged": found.converged,
        "stopped": found.stopped,
        "iterations": found.iterations,
        "objective": found.objective,
        "lower_bound": found.lower_bound,
        "trips": {
            each.name: {
                "asked": float(demand.trips[k].sum()),
                "within_zones": float(found.intrazonal[k]),
                "unserved": float(sum(u.trips for u in found.unserved if u.vehicle == each.name)),
            }
            for k, each in enumerate(demand.classes)
        },
        "unserved": [
            {"class": u.vehicle, "origin": u.origin, "destination": u.destination, "trips": u.trips}
            for u in found.unserved
        ],
        "vehicle_hours": found.vehicle_hours,
        "vehicle_km": found.vehicle_km,
        "delay_vehicle_hours": found.total_delay,
    }


def _hints(found: Assignment) -> list[str]:
    worst = float(found.voc.max(initial=0.0))
    if worst <= 2:
        return []
    return [
        f"The most loaded link carries {worst:.1f} times its capacity, which no hour does: the network lacks lesser roads, "
        "or the trips are of more than an hour (see --hour-share). Read its times with care."
    ]


def _selected(found: Assignment) -> dict[str, Any]:
    made = {}
    for link, part in found.select.items():
        total = part.trips.sum(axis=0)
        order = sorted(
            ((float(total[i, j]), found.demand.zones[i], found.demand.zones[j]) for i, j in zip(*total.nonzero())),
            key=lambda each: (-each[0], *each[1:]),
        )
        pairs = [{"origin": o, "destination": d, "trips": round(trips, 3)} for trips, o, d in order]
        made[link] = {"trips": float(total.sum()), "pairs": pairs}
    return made


def _write_journeys(found: Assignment, path: Path) -> None:
    import numpy as np

    from folkmoot.engines import traffic
    from folkmoot.store import write_csv

    j = traffic.journeys(found)
    reached = np.argwhere(np.isfinite(j.minutes))
    write_csv(path, ["origin", "destination", "minutes", "free_flow_minutes", "km"], [
        [j.zones[a], j.zones[b], f"{j.minutes[a, b]:.3f}", f"{j.free_flow_minutes[a, b]:.3f}", f"{j.km[a, b]:.3f}"]
        for a, b in reached
    ])  # fmt: skip
