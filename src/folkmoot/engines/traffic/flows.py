"""What is handed on of an assignment: links with their flows as GeoJSON, and journey times between zones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.engines.traffic.assign import Problem
from folkmoot.engines.traffic.network import CONNECTOR, Floats
from folkmoot.engines.traffic.paths import along_trees, distances
from folkmoot.engines.traffic.result import Assignment


@dataclass(frozen=True, eq=False)
class Journeys:
    """Between zones (zones × zones), on the quickest roads at the assigned times; inf where there is none, 0 within."""

    zones: tuple[str, ...]
    minutes: Floats
    free_flow_minutes: Floats
    km: Floats


def journeys(found: Assignment, vehicle: int = 0) -> Journeys:
    """Journey times between all zones for a class of vehicle."""
    problem = Problem.of(found.network, found.demand)
    g, z = problem.graph, len(found.demand.zones)
    origins = np.arange(z, dtype=np.int32)
    out = [np.empty((z, z)) for _ in range(3)]
    minutes, own = found.minutes[g.order], problem.extra[vehicle]
    along_trees(g.first, g.tail, g.head, minutes + own, g.thru, origins, z, minutes, out[0])
    distances(g.first, g.head, problem.cost.base + own, g.thru, origins, z, out[1])
    km = found.network.length_m[g.order] / 1000
    along_trees(g.first, g.tail, g.head, minutes + own, g.thru, origins, z, km, out[2])
    return Journeys(found.demand.zones, *(np.where(np.isnan(each), np.inf, each) for each in out))


def rows(found: Assignment, *, connectors: bool = False) -> list[dict[str, Any]]:
    """One record a link, as the properties of `geojson` have them."""
    network, delay, voc = found.network, found.delay_vehicle_hours, found.voc
    names = [each.name for each in found.demand.classes]
    made = []
    for k, link in enumerate(network.link_id):
        if network.kind[k] == CONNECTOR and not connectors:
            continue
        capacity = float(network.capacity_vph[k])
        made.append(
            {
                "link_id": link,
                "name": network.name[k],
                "class": network.kind[k],
                "flow": round(float(found.flows[:, k].sum()), 3),
                **{f"flow_{name}": round(float(found.flows[c, k]), 3) for c, name in enumerate(names)},
                "pcu": round(float(found.pcu[k]), 3),
                "capacity": capacity if np.isfinite(capacity) else None,
                "voc": round(float(voc[k]), 4),
                "minutes": round(float(found.minutes[k]), 4),
                "free_flow_minutes": round(float(network.free_flow_minutes[k]), 4),
                "delay_vehicle_hours": round(float(delay[k]), 4),
                "length_m": round(float(network.length_m[k]), 1),
                "lanes": float(network.lanes[k]),
                "closed": bool(network.closed[k]),
            }
        )
    return made


def geojson(found: Assignment, *, connectors: bool = False) -> dict[str, Any]:
    """A FeatureCollection of links with their flows; a link without a drawn line has no geometry."""
    network = found.network
    features = []
    lines = dict(zip(network.link_id, network.geometry))
    for facts in rows(found, connectors=connectors):
        line, shape = lines[facts["link_id"]], None
        if line is not None:
            shape = {"type": "LineString", "coordinates": np.round(line, 7).tolist()}
        features.append({"type": "Feature", "properties": facts, "geometry": shape})
    return {"type": "FeatureCollection", "features": features}


def write_geojson(found: Assignment, path: Path | str, *, connectors: bool = False) -> None:
    """Write `geojson` to a file."""
    Path(path).write_text(json.dumps(geojson(found, connectors=connectors), ensure_ascii=False), encoding="utf-8")
