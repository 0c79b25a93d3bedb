"""Zones from GeoJSON polygons or points, and the connectors by which their trips reach the roads.

A connector goes from the middle of a zone to one of its nearest junctions, at a stated speed along 1.3 times the straight
line, and never jams. Junctions of motorways alone are no place to begin a trip and are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.traffic.network import CONNECTOR, Floats, RoadNetwork, TrafficError
from folkmoot.engines.traffic.noding import EARTH_RADIUS_METRES
from folkmoot.engines.traffic.ways import features_of

CODES = ("zone_id", "geo_code", "lsoa21cd", "lsoa11cd", "msoa21cd", "msoa11cd", "code", "id")
DETOUR = 1.3
"""Road kilometres for each straight kilometre."""
NEAR_METRES = 1000.0
NO_JUNCTION = frozenset({"motorway", "motorway_link", "dual_carriageway"})


@dataclass(frozen=True, eq=False)
class Zones:
    """`code`, `name` and the middle `xy` (z × 2, longitude and latitude) of each; `shape` where they are polygons."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    xy: Floats
    shape: tuple[Any, ...] = ()
    statements: tuple[str, ...] = ()


def read_zones(path: Path | str, *, code: str | None = None) -> Zones:
    """Zones of a GeoJSON file; `code` names the property that holds their codes, else it is found among usual ones."""
    from shapely.geometry import shape

    path = Path(path)
    features = features_of(path)
    if not features:
        raise TrafficError(f"“{path.name}” has no zone.")
    facts = [{str(k).lower(): v for k, v in (f.get("properties") or {}).items()} for f in features]
    column = code.lower() if code else next((each for each in CODES if each in facts[0]), None)
    if column is None or column not in facts[0]:
        raise TrafficError(
            f"“{path.name}” has no property {code or 'with the code of a zone'}. It has: {', '.join(facts[0]) or 'none'}. "
            "Name the right one with --zone-code."
        )
    codes = [str(each.get(column) or "") for each in facts]
    shapes = []
    for number, (feature, each) in enumerate(zip(features, codes), start=1):
        if not each:
            raise TrafficError(f"Zone {number} of “{path.name}” has no {column}. Give it one.")
        try:
            made = shape(feature["geometry"])
        except (KeyError, TypeError, ValueError, AttributeError):
            made = None
        if made is None or made.is_empty:
            raise TrafficError(f"Zone {number} of “{path.name}” ({each}) has no place. Correct its geometry.")
        shapes.append(made)
    twice = next((each for k, each in enumerate(codes) if each in codes[:k]), None)
    if twice is not None:
        raise TrafficError(f"The zone “{twice}” occurs twice in “{path.name}”. Join its parts to one MultiPolygon.")
    xy = np.array([[each.centroid.x, each.centroid.y] for each in shapes])
    names = tuple(str(each.get("name") or one) for each, one in zip(facts, codes))
    return Zones(tuple(codes), names, xy, tuple(shapes), (f"{len(codes):,} zones by {column}.",))


def connect(
    network: RoadNetwork, zones: Zones, *, per_zone: int = 8, reach_m: float = 10_000.0, kmh: float = 30.0
) -> RoadNetwork:
    """The network with its zones as first nodes and up to `per_zone` connectors each, both ways.

    They go to the nearest junction, and to others at most twice as far from the middle or within a kilometre.

    A zone without a junction within `reach_m` stays unconnected: its trips will be named as unserved. Raises
    `TrafficError` if no zone has one, saying when longitude and latitude look exchanged.
    """
    from scipy.spatial import cKDTree

    good = _good(network)
    plane, middle = _plane(network.xy, network), _plane(zones.xy, network)
    tree = cKDTree(plane[good])
    k = min(per_zone, len(good))
    away, at = tree.query(middle, k=k, distance_upper_bound=reach_m)
    away, at = away.reshape(len(middle), k), at.reshape(len(middle), k)
    near = np.isfinite(away) & (away <= np.maximum(NEAR_METRES, 2 * away[:, :1]))
    if not near.any():
        raise TrafficError(_nowhere(network, zones, reach_m))
    zone, rank = np.nonzero(near)
    said = [
        f"{len(np.unique(zone)):,} zones are joined to the roads by {len(zone):,} connectors, up to {per_zone} to the "
        f"nearest junctions within {reach_m / 1000:g} km, at {kmh:g} km/h along {DETOUR:g} times the straight line."
    ]
    without = np.flatnonzero(~near.any(axis=1))
    if len(without):
        named = ", ".join(zones.code[z] for z in without[:5])
        said.append(f"{len(without):,} zones have no junction within {reach_m / 1000:g} km: {named}.")
    joined = _joined(network, zones, zone, good[at[zone, rank]], away[zone, rank] * DETOUR, kmh)
    return replace(joined, statements=(*network.statements, *zones.statements, *said))


def _good(network: RoadNetwork) -> NDArray[np.int64]:
    ordinary = np.array([kind not in NO_JUNCTION for kind in network.kind])
    if not ordinary.any():
        ordinary[:] = True
    return np.unique(np.concatenate([network.start[ordinary], network.end[ordinary]])).astype(np.int64)


def _plane(xy: Floats, network: RoadNetwork) -> Floats:
    """Metres east and north, true near the middle of the network."""
    if not network.geographic:
        return xy
    lat = np.radians(network.xy[:, 1].mean())
    return np.asarray(np.radians(xy) * EARTH_RADIUS_METRES * np.array([np.cos(lat), 1.0]))


def _nowhere(network: RoadNetwork, zones: Zones, reach_m: float) -> str:
    low, high = network.xy.min(axis=0), network.xy.max(axis=0)
    turned = zones.xy[:, ::-1]
    inside = ((turned >= low - 0.2) & (turned <= high + 0.2)).all(axis=1)
    if inside.mean() > 0.5:
        return (
            "The zones lie where the roads are once longitude and latitude are exchanged: one of the two files has them "
            "the wrong way round. GeoJSON gives longitude first."
        )
    place, road = zones.xy.mean(axis=0), network.xy.mean(axis=0)
    return (
        f"No zone has a road within {reach_m / 1000:g} km: the zones lie around {place[0]:.4g}, {place[1]:.4g} and the roads "
        f"around {road[0]:.4g}, {road[1]:.4g}. Use zones and roads of the same area, both in WGS 84 degrees."
    )


def _joined(
    network: RoadNetwork, zones: Zones, zone: NDArray[Any], node: NDArray[Any], metres: Floats, kmh: float
) -> RoadNetwork:
    z, c = len(zones.code), len(zone)
    minutes = metres * 60 / (kmh * 1000)

    def both(values: Floats, own: Floats) -> Floats:
        return np.concatenate([values, own, own])

    def text(values: tuple[Any, ...], own: Sequence[Any]) -> tuple[Any, ...]:
        return (*values, *own)

    inner = node + z
    lines = [np.array([zones.xy[a], network.xy[b]]) for a, b in zip(zone, node)]
    rank = np.zeros(c, dtype=int)
    for k in range(1, c):
        rank[k] = rank[k - 1] + 1 if zone[k] == zone[k - 1] else 0
    out = [f"{zones.code[a]}>{r + 1}" for a, r in zip(zone, rank)]
    back = [f"{zones.code[a]}<{r + 1}" for a, r in zip(zone, rank)]
    return replace(
        network,
        node_id=(*zones.code, *(f"n{node}" for node in network.node_id)),
        xy=np.concatenate([zones.xy, network.xy]),
        link_id=text(network.link_id, (*out, *back)),
        start=np.concatenate([network.start + z, zone, inner]).astype(np.int32),
        end=np.concatenate([network.end + z, inner, zone]).astype(np.int32),
        length_m=both(network.length_m, metres),
        lanes=both(network.lanes, np.ones(c)),
        free_flow_minutes=both(network.free_flow_minutes, minutes),
        capacity_vph=both(network.capacity_vph, np.full(c, np.inf)),
        b=both(network.b, np.zeros(c)),
        power=both(network.power, np.zeros(c)),
        kind=text(network.kind, (CONNECTOR,) * (2 * c)),
        name=text(network.name, ("",) * (2 * c)),
        geometry=text(network.geometry, [*lines, *(line[::-1] for line in lines)]),
        zones=zones.code,
        zone_names=zones.name,
        first_thru_node=z,
        closed=np.concatenate([network.closed, np.zeros(2 * c, dtype=bool)]),
    )
