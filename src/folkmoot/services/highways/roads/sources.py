"""Where a study's roads and trips come from: files, a published release, the invented town; judged before anything is kept.

Trips may count people: they are divided by how many sit in a vehicle. Heavy goods are added as a share of all vehicles, in
the pattern of the others. Both are assumptions, and are said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from folkmoot.engines.traffic import TrafficError

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose import Releasable
    from folkmoot.engines.traffic import Count, Demand, RoadNetwork, Zones

FINE_DEGREES, PLACES = 0.0001, 5
ROAD_MODES, HEAVY_MODES = ("road", "car"), ("heavy", "heavy goods")
ON_A_PAGE = {
    "--trips-column": "the field “Column of trips”", "--origin-column": "one of the usual names, such as origin",
    "--destination-column": "one of the usual names, such as destination", "--zone-code": "a property zone_id",
    "--outside leave": "the box “Leave out trips beyond the zones”",
    "a file of a whole day needs --hour-share": "a file of a whole day needs a share",
    "take ids from the property link_id of what `folkmoot roads assign` writes": "the ids are in the file of all links",
    "The ids are the property link_id of what `folkmoot roads assign` writes": "The ids are in the table of links",
    "Take ids from the property link_id of what `folkmoot roads assign` writes": "Take ids from the file of all links",
}  # fmt: skip
"""What the engine says to somebody at the command line → the same for somebody at a page."""


@dataclass(frozen=True)
class Asked:
    """How trips become vehicles in an hour."""

    hour_share: float = 1.0
    occupancy: float = 1.0
    heavy_share: float = 0.0
    column: str = ""
    hour: int | None = None
    leave_outside: bool = False
    gap: float = 1e-4
    credit: str = ""


@dataclass(frozen=True, eq=False)
class GivenRoads:
    """What a study needs. `low` and `high` (classes × zones × zones) where the source knows them."""

    network: RoadNetwork
    demand: Demand
    low: Any = None
    high: Any = None
    counts: tuple[Count, ...] = ()
    areas: dict[str, Any] | None = None
    asked: Asked = field(default_factory=Asked)
    about: dict[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """Sizes and assumptions, as the study's row keeps them."""
        roads = [k for k, kind in enumerate(self.network.kind) if kind != "connector"]
        return {
            "links": len(roads), "zones": len(self.network.zones),
            "km": round(float(self.network.length_m[roads].sum()) / 1000, 1),
            "trips": {each.name: round(float(self.demand.trips[k].sum()), 1)
                      for k, each in enumerate(self.demand.classes)},
            "counts": len(self.counts), "drawn": any(line is not None for line in self.network.geometry),
            "geographic": self.network.geographic, "hour_share": self.asked.hour_share,
            "occupancy": self.asked.occupancy, "heavy_share": self.asked.heavy_share, "hour": self.asked.hour,
            "gap": self.asked.gap, "credit": self.asked.credit, **self.about,
        }  # fmt: skip

    def statements(self) -> list[str]:
        """Everything that was read, left out or assumed, in sentences."""
        return [on_a_page(said) for said in (*self.network.statements, *self.demand.statements)]


def on_a_page(sentence: str) -> str:
    """A sentence of the engine as it is right for somebody at a page."""
    for option, words in ON_A_PAGE.items():
        sentence = sentence.replace(option, words)
    return sentence


def from_files(files: dict[str, Path], asked: Asked) -> GivenRoads:
    """Network, zones, trips and counts from files; the network's file says by its ending what it is.

    Raises `TrafficError` with the file, the row and what to do.
    """
    from folkmoot.engines.traffic import read_counts, read_od, read_trips

    if files["network"].suffix.lower() == ".tntp":
        network, zones = _tntp(files), None
    else:
        if "zones" not in files:
            raise TrafficError("Roads as GeoJSON need zones as GeoJSON too: trips begin and end in them.")
        network, zones = roads_and_zones(files["network"], files["zones"])
    if files["trips"].suffix.lower() == ".tntp":
        held = read_trips(files["trips"], network)
        trips, low, high, said = held.trips[0] * asked.hour_share, None, None, held.statements
    else:
        table = read_od(
            files["trips"], network.zones, trips=asked.column or None, hour_share=asked.hour_share,
            hour=str(asked.hour) if asked.hour is not None else None, leave_outside=asked.leave_outside,
        )  # fmt: skip
        trips, low, high, said = table.trips, table.low, table.high, table.statements
    counts = read_counts(files["counts"], network) if "counts" in files else ()
    return vehicles(network, zones, trips, low, high, said, asked, counts=counts)


def from_release(released: Releasable, name: str, ways: Path, zones: Path, asked: Asked) -> GivenRoads:
    """Roads from a file, trips from a release: its rows of one hour if it has hours, of road modes if it has modes."""
    network, places = roads_and_zones(ways, zones)
    measure, keys = released.published.measure, released.published.keys
    at = {code: k for k, code in enumerate(network.zones)}
    made = {role: np.zeros((3, len(at), len(at))) for role in ("road", "heavy")}
    used, blank = 0, len(released.suppressed)
    for row in released.table.to_pylist():
        if any(row[key] is None for key in keys) or row["origin"] not in at or row["destination"] not in at:
            continue
        mode = row.get("mode", "road")
        role = "heavy" if mode in HEAVY_MODES else "road"
        if mode not in (*ROAD_MODES, *HEAVY_MODES):
            continue
        if "hour" in keys and asked.hour is not None and int(row["hour"]) != asked.hour:
            continue
        used += 1
        value = float(row[measure])
        cell = made[role][:, at[row["origin"]], at[row["destination"]]]
        cell += [value, float(row.get("low") or value), float(row.get("high") or value)]
    if not used:
        raise TrafficError(f"The release “{name}” has no trips between these zones in that hour. Choose another.")
    trips, low, high = made["road"] * asked.hour_share
    said = [
        f"{trips.sum():,.0f} trips of {used:,} cells of the published release “{name}”; {blank:,} cells were held back and "
        "count as 0.",
        "Low and high are those that were published with each cell.",
    ]
    heavy = made["heavy"] * asked.hour_share if made["heavy"].any() else None
    return vehicles(network, places, trips, low, high, tuple(said), asked, heavy=heavy)


def vehicles(
    network: RoadNetwork, zones: Zones | None, trips: Any, low: Any, high: Any, said: tuple[str, ...], asked: Asked, *,
    counts: tuple[Count, ...] = (), heavy: Any = None,
) -> GivenRoads:  # fmt: skip
    """People become vehicles, and heavy goods are added; what was known of their bounds follows."""
    from folkmoot.engines.traffic import Demand

    known = low is not None and high is not None
    cars = [each / asked.occupancy for each in ([trips, low, high] if known else [trips])]
    if heavy is None and asked.heavy_share > 0:
        heavy = np.stack(cars) * (asked.heavy_share / (1 - asked.heavy_share))
        said += (
            f"Assumed: {asked.heavy_share:.3g} of all vehicles are heavy goods vehicles, and go where the others go.",
        )
    if asked.occupancy != 1:
        said += (f"Assumed: {asked.occupancy:g} people in each vehicle.",)
    by_class = {"car": cars[0]} | ({} if heavy is None else {"heavy": heavy[0]})
    demand = Demand.of(network.zones, **by_class).saying(*said)
    bounds: list[Any] = [None, None]
    if known:
        high_heavy = None if heavy is None else (heavy[1:] if len(heavy) > 1 else np.stack([heavy[0], heavy[0]]))
        bounds = [np.stack([cars[k + 1], *([] if high_heavy is None else [high_heavy[k]])]) for k in range(2)]
    if not demand.trips.sum() > 0:
        raise TrafficError(
            "There is no trip between these zones. Check the column of trips and the codes of the zones."
        )
    return GivenRoads(
        network, demand, *bounds, counts=counts, areas=None if zones is None else outlines(zones, demand), asked=asked
    )


def roads_and_zones(ways: Path, zones: Path) -> tuple[RoadNetwork, Zones]:
    """Roads of one GeoJSON file, joined to the zones of another."""
    from folkmoot.engines.traffic import connect, read_ways, read_zones

    network, places = read_ways(ways), read_zones(zones)
    return connect(network, places), places


def _tntp(files: dict[str, Path]) -> RoadNetwork:
    from folkmoot.engines.traffic import read_network

    return read_network(files["network"], nodes=files.get("nodes"))


def outlines(zones: Zones, demand: Demand) -> dict[str, Any] | None:
    """Polygons of the zones, coarse enough for a page, each telling how many trips begin and end there."""
    import shapely

    if not zones.shape or any("Polygon" not in each.geom_type for each in zones.shape):
        return None
    out, into = demand.trips.sum(axis=(0, 2)), demand.trips.sum(axis=(0, 1))
    shapes = shapely.set_precision(shapely.simplify(np.array(zones.shape, dtype=object), FINE_DEGREES), 10.0**-PLACES)
    features = []
    for k, shape in enumerate(shapes):
        facts = {"name": zones.name[k], "out": round(float(out[k])), "into": round(float(into[k]))}
        if not shape.is_empty:
            features.append({"type": "Feature", "geometry": _rounded(shape), "properties": facts})
    return {"type": "FeatureCollection", "features": features}


def _rounded(shape: Any) -> Any:
    from shapely.geometry import mapping

    def fewer(part: Any) -> Any:
        return round(part, PLACES) if isinstance(part, float) else [fewer(each) for each in part]

    made = mapping(shape)
    return {"type": made["type"], "coordinates": fewer(made["coordinates"])}
