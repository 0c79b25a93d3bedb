"""Networks, trips and places of nodes in the TNTP format of the Transportation Networks for Research.

Comments begin with ~, rows end with a semicolon; node 1 is here node 0. Times and capacities stay in the file's units unless
`minutes_per_unit` says otherwise. A power of 0 and a free-flow time of 0 mean constant costs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from folkmoot.engines.traffic.demand import Demand
from folkmoot.engines.traffic.network import RoadNetwork, TrafficError

COLUMNS = ("init node", "term node", "capacity", "length", "free flow time", "b", "power")
HEAD = re.compile(r"<\s*([^>]+?)\s*>\s*([^~]*)")
PAIR = re.compile(r"(\d+)\s*:\s*([-+.\deE]+)\s*;?")


def read_network(
    path: Path | str, *, nodes: Path | str | None = None, minutes_per_unit: float = 1.0, metres_per_unit: float = 1.0
) -> RoadNetwork:
    """A network from a `_net.tntp` file, with places from a `_node.tntp` file where there is one.

    Raises `TrafficError` for a file that is cut short, a row with too few numbers, or a capacity of 0.
    """
    path = Path(path)
    head, rows = _parts(path)
    zones, count = _whole(path, head, "NUMBER OF ZONES"), _whole(path, head, "NUMBER OF NODES")
    links, first = _whole(path, head, "NUMBER OF LINKS"), _whole(path, head, "FIRST THRU NODE")
    table = np.array([_numbers(path, number, row) for number, row in rows]).reshape(-1, len(COLUMNS))
    if len(table) != links:
        raise TrafficError(
            f"“{path.name}” announces {links:,} links and holds {len(table):,}: it was cut short, or its head is wrong. "
            "Fetch it again, or correct <NUMBER OF LINKS>."
        )
    start, end = table[:, 0].astype(np.int32) - 1, table[:, 1].astype(np.int32) - 1
    names = tuple(str(k + 1) for k in range(count))
    said = [f"{links:,} links, {count:,} nodes and {zones:,} zones of “{path.name}”; times are taken as "
            f"{minutes_per_unit:g} minutes a unit, lengths as {metres_per_unit:g} metres."]  # fmt: skip
    if first > 1:
        said.append(f"Nodes before {first:,} carry no through traffic.")
    network = RoadNetwork(
        node_id=names,
        xy=np.zeros((count, 2)),
        link_id=tuple(str(k + 1) for k in range(links)),
        start=start,
        end=end,
        length_m=table[:, 3] * metres_per_unit,
        lanes=np.ones(links),
        free_flow_minutes=table[:, 4] * minutes_per_unit,
        capacity_vph=table[:, 2],
        b=table[:, 5],
        power=table[:, 6],
        kind=("road",) * links,
        name=tuple(f"{a + 1} to {b + 1}" for a, b in zip(start, end)),
        geometry=(None,) * links,
        zones=names[:zones],
        zone_names=names[:zones],
        first_thru_node=first - 1,
        statements=tuple(said),
    )
    return network if nodes is None else _placed(network, Path(nodes))


def read_trips(path: Path | str, network: RoadNetwork) -> Demand:
    """Demand of one class from a `_trips.tntp` file; its total is held against the one the file announces."""
    path = Path(path)
    head, rows = _parts(path)
    matrix, origin = np.zeros((len(network.zones),) * 2), -1
    for number, row in rows:
        if row.lower().startswith("origin"):
            origin = int(row.split()[1]) - 1
            continue
        for zone, trips in PAIR.findall(row):
            if origin < 0 or not (origin < len(matrix) and 1 <= int(zone) <= len(matrix)):
                raise TrafficError(
                    f"Line {number} of “{path.name}” has trips from zone {origin + 1} to zone {zone}; the network has "
                    f"{len(matrix):,} zones. Use the trips that belong to the network."
                )
            matrix[origin, int(zone) - 1] += float(trips)
    announced = float(head.get("TOTAL OD FLOW", "nan") or "nan")
    if np.isfinite(announced) and abs(matrix.sum() - announced) > 1e-3 * max(1.0, announced):
        raise TrafficError(
            f"“{path.name}” announces {announced:,.1f} trips and holds {matrix.sum():,.1f}: it was cut short, or its head "
            "is wrong. Fetch it again, or correct <TOTAL OD FLOW>."
        )
    return Demand.of(network.zones, car=matrix).saying(f"{matrix.sum():,.0f} trips of “{path.name}”.")


def _parts(path: Path) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """The announcements by name, and the rows with their line numbers."""
    if not path.exists():
        raise TrafficError(f"There is no file “{path}”.")
    head, rows, inside = {}, [], False
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        text = line.split("~")[0].strip()
        found = HEAD.match(text)
        if found:
            inside = inside or found[1].upper() == "END OF METADATA"
            head[found[1].upper()] = found[2].strip()
        elif text and inside:
            rows.append((number, text))
    if not inside:
        raise TrafficError(f"“{path.name}” is not TNTP: it has no line <END OF METADATA>.")
    return head, rows


def _whole(path: Path, head: dict[str, str], name: str) -> int:
    try:
        return int(head[name])
    except (KeyError, ValueError):
        raise TrafficError(
            f"“{path.name}” does not say <{name}> as a whole number. It is no network in TNTP."
        ) from None


def _numbers(path: Path, number: int, row: str) -> list[float]:
    parts = row.replace(";", " ").split()
    try:
        found = [float(part) for part in parts[: len(COLUMNS)]]
    except ValueError:
        found = []
    if len(found) < len(COLUMNS):
        raise TrafficError(
            f"Line {number} of “{path.name}” has {len(parts)} values that are not all numbers; a link needs "
            f"{', '.join(COLUMNS)}. Correct the line."
        )
    return found


def _placed(network: RoadNetwork, path: Path) -> RoadNetwork:
    xy = np.full((network.n, 2), np.nan)
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split("~")[0].replace(";", " ").split()
        if len(parts) >= 3 and parts[0].isdigit() and 1 <= int(parts[0]) <= network.n:
            xy[int(parts[0]) - 1] = float(parts[1]), float(parts[2])
    missing = np.flatnonzero(np.isnan(xy).any(axis=1))
    if len(missing):
        raise TrafficError(f"Node {missing[0] + 1} has no place in “{path.name}”. Give every node a row: node, x, y.")
    geographic = bool((np.abs(xy) <= [180, 90]).all())
    lines = tuple(np.array([xy[a], xy[b]]) for a, b in zip(network.start, network.end))
    return replace(network, xy=xy, geometry=lines, geographic=geographic)
