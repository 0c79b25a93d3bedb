"""Counted flows on links, from a CSV file: link_id, count [, screenline]."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from folkmoot.engines.traffic.network import RoadNetwork, TrafficError
from folkmoot.engines.traffic.od import amount, column, numbered_rows


@dataclass(frozen=True, slots=True)
class Count:
    """Vehicles an hour that were counted on a link, and the screenline it belongs to."""

    link_id: str
    vehicles: float
    screenline: str = ""


def read_counts(path: Path | str, network: RoadNetwork) -> tuple[Count, ...]:
    """Counts on links of a network. Raises `TrafficError` for an unknown link, a link twice and a count that is none."""
    path = Path(path)
    rows = numbered_rows(path)
    head = next(rows)[1]
    link = column(path, head, None, ("link_id", "link"), "the link", "its usual name, link_id")
    count = column(
        path, head, None, ("count", "flow", "vehicles", "all_motor_vehicles"), "the count", "its usual name, count"
    )
    line = next((k for k, name in enumerate(head) if name.strip().lower() == "screenline"), None)
    known, made = set(network.link_id), {}
    for number, row in rows:
        at = row[link].strip()
        if at not in known:
            raise TrafficError(
                f"Row {number} of “{path.name}” has a count on the link “{at}”, which the network does not have. Take ids "
                "from the property link_id of what `folkmoot roads assign` writes."
            )
        if at in made:
            raise TrafficError(
                f"Row {number} of “{path.name}” counts the link “{at}” a second time. Keep one of the two."
            )
        value = amount(path, number, "a count", row[count])
        if value is not None:
            made[at] = Count(at, value, row[line].strip() if line is not None else "")
    if not made:
        raise TrafficError(f"“{path.name}” has no count. It needs rows of link_id and count.")
    return tuple(made.values())
