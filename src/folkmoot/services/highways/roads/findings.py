"""What an assignment says, as plain JSON for a study's or scheme's row: totals, convergence, bottlenecks, fit to counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from folkmoot.services.highways.roads.changes import bearing
from folkmoot.services.highways.roads.sources import on_a_page

if TYPE_CHECKING:
    from folkmoot.engines.traffic import Assignment, Count, RoadNetwork, WhatIf

BUSIEST, WORST, QUEUES, CHANGED = 25, 15, 5, 25
"""So many links are kept by name; all of them are in the files."""


def totals(found: Assignment) -> dict[str, float]:
    """What a whole hour comes to."""
    return {
        "vehicle_hours": found.vehicle_hours, "delay": found.total_delay, "vehicle_km": found.vehicle_km, "gap": found.gap,
        "unserved": float(sum(each.trips for each in found.unserved)),
    }  # fmt: skip


def of_assignment(found: Assignment, counts: Sequence[Count] = ()) -> dict[str, Any]:
    """Everything the page of a study tells."""
    from folkmoot.engines.traffic import validate

    findings: dict[str, Any] = {
        **totals(found), "target": found.target, "converged": found.converged, "iterations": found.iterations,
        "trail": [[step.iteration, step.gap] for step in found.history],
        "busiest": busiest(found), "worst": worst(found), "statements": [on_a_page(s) for s in found.statements()],
    }  # fmt: skip
    if counts:
        fit = validate(found, counts)
        findings["fit"] = {
            "rows": [
                {
                    **named(found.network, found.network.index(link)), "modelled": float(m), "counted": float(c),
                    "geh": float(g),
                }
                for link, m, c, g in zip(fit.link_id, fit.modelled, fit.counted, fit.geh)
            ],
            "geh_share": fit.geh_share, "flow_share": fit.flow_share, "r2": _finite(fit.r2),
            "rmse_percent": _finite(fit.rmse_percent), "passes": fit.passes, "statements": list(fit.statements()),
        }  # fmt: skip
    return findings


def busiest(found: Assignment) -> list[dict[str, Any]]:
    """The links with most vehicles, the most first; a road with a number or name once, where it has most."""
    flow, roads = found.flows.sum(axis=0), _roads(found.network)
    order = roads[np.lexsort((roads, -flow[roads]))].tolist()
    first = {found.network.name[k] or found.network.link_id[k]: k for k in reversed(order)}
    return [loaded(found, k) for k in sorted(first.values(), key=order.index)[:BUSIEST]]


def worst(found: Assignment) -> list[dict[str, Any]]:
    """Where most hours are lost, with the queue of each quarter hour."""
    from folkmoot.engines.traffic import Profile, bottlenecks

    profile = Profile()
    made = []
    for each in bottlenecks(found, most=2 * WORST):
        if each.kind == "connector" or len(made) == WORST:
            continue
        row = loaded(found, found.network.index(each.link_id))
        made.append(
            {
                **row, "from": each.queue_from, "until": each.queue_until, "longest": each.longest_queue,
                "queue_hours": each.queue_vehicle_hours, "queue": [round(q, 1) for q in each.queue],
                "begin": profile.begin, "slices": len(profile.factor),
            }
        )  # fmt: skip
    return made


def loaded(found: Assignment, k: int) -> dict[str, Any]:
    """A link with what drives on it."""
    return {
        **named(found.network, k), "flow": float(found.flows[:, k].sum()), "voc": float(found.voc[k]),
        "minutes": float(found.minutes[k]), "free": float(found.network.free_flow_minutes[k]),
        "delay": float(found.delay_vehicle_hours[k]),
    }  # fmt: skip


def named(network: RoadNetwork, k: int) -> dict[str, Any]:
    """A link as a page names it: its number, class, id and where it leads."""
    return {
        "link": network.link_id[k], "name": network.name[k], "kind": network.kind[k], "bearing": bearing(network, k),
        "lanes": float(network.lanes[k]), "km": round(float(network.length_m[k]) / 1000, 3),
    }  # fmt: skip


def of_scheme(answer: WhatIf) -> dict[str, Any]:
    """Before and after, and the links that change most."""
    before, after, change = answer.before, answer.after, answer.flow_change
    roads = _roads(before.network)
    order = roads[np.lexsort((roads, -np.abs(change[roads])))][:CHANGED]
    rows = [
        {
            **named(before.network, int(k)), "before": float(before.flows[:, k].sum()),
            "after": float(after.flows[:, k].sum()), "voc_before": float(before.voc[k]),
            "voc_after": float(after.voc[k]),
        }
        for k in order
        if abs(change[k]) >= 1
    ]  # fmt: skip
    return {
        "before": totals(before), "after": totals(after), "accuracy": answer.accuracy_vehicle_hours, "rows": rows,
        "largest": float(np.abs(change[roads]).max(initial=0.0)), "statements": list(answer.statements()),
        "worst": [row["link"] for row in worst(after)],
    }  # fmt: skip


def _roads(network: RoadNetwork) -> Any:
    return np.flatnonzero([kind != "connector" for kind in network.kind])


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
