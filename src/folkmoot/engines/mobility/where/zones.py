"""Zones: the areas for which evidence is given, as polygons of GeoJSON with a code each.

GeoJSON is degrees (RFC 7946). The code is `zone_id` or one of its other names (geo_code, lsoa21cd, msoa21cd, …). Invalid
polygons, codes that come twice, zones that overlap by more than the drawing's tolerance, and eastings given as degrees are
refused by feature.

>>> square = "POLYGON ((-2.6 51.4, -2.5 51.4, -2.5 51.5, -2.6 51.5, -2.6 51.4))"
>>> town = of({"E02000001": square})
>>> town.zone_id, town.plane.name, (town.area_m2 / 1e6).round(1).tolist()
(('E02000001',), 'EPSG:27700', [77.3])
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.schema import ZONE
from folkmoot.engines.mobility.where.plane import Plane, choose
from folkmoot.engines.mobility.where.table import Faults, empty

OVERLAP = 0.01
"""Part of the smaller zone that two may share: generalised boundaries overlap by slivers."""


@dataclass(frozen=True, eq=False)
class Zones:
    """Codes, names and polygons; `degrees` as given (WGS 84), `polygons` in metres of `plane`."""

    zone_id: tuple[str, ...]
    name: tuple[str, ...]
    degrees: NDArray[np.object_]
    polygons: NDArray[np.object_]
    plane: Plane

    def __len__(self) -> int:
        return len(self.zone_id)

    @property
    def area_m2(self) -> NDArray[np.float64]:
        """Area of each zone in square metres."""
        import shapely

        return np.asarray(shapely.area(self.polygons), float)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all of them, in metres of the plane."""
        import shapely

        west, south, east, north = shapely.total_bounds(self.polygons)
        return float(west), float(south), float(east), float(north)


def read(path: Path | str) -> Zones:
    """Zones from a GeoJSON file."""
    path = Path(path)
    if not path.is_file():
        raise MobilityError(f"There is no file “{path}”. Check the path.")
    try:
        held = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise MobilityError(f"“{path.name}” is not JSON ({error}). Export the zones as GeoJSON.") from None
    return from_geojson(held, source=path.name)


def from_geojson(held: Any, *, source: str = "zones") -> Zones:
    """Zones from GeoJSON that is already read."""
    features = held.get("features") if isinstance(held, dict) else None
    if not isinstance(features, list) or not features:
        raise MobilityError(f"“{source}” is not GeoJSON with features. Export the zones as a FeatureCollection.")
    faults = Faults(source, 1)
    key = _code_name(features, source)
    codes, names, shapes = [], [], []
    for row, feature in enumerate(features):
        facts = feature.get("properties") or {} if isinstance(feature, dict) else {}
        code = facts.get(key)
        if empty(code):
            faults.add(row, f"the zone has no {key}")
        codes.append("" if empty(code) else str(code).strip())
        names.append("" if empty(facts.get("name")) else str(facts["name"]))
        shapes.append(_polygon(feature, row, faults))
    faults.refuse("Correct these features or take them out.")
    return _zones(codes, names, np.array(shapes, dtype=object), faults)


def of(polygons: Mapping[str, Any], *, source: str = "zones") -> Zones:
    """Zones from {code: shapely polygon or its WKT} in degrees."""
    import shapely

    faults = Faults(source, 1)
    if not polygons:
        raise MobilityError(f"“{source}” has no zones. Give at least one.")
    shapes = [shapely.from_wkt(each) if isinstance(each, str) else each for each in polygons.values()]
    for row, shape in enumerate(shapes):
        _check(shape, row, faults)
    faults.refuse("Correct these zones or take them out.")
    return _zones(list(polygons), [""] * len(shapes), np.array(shapes, dtype=object), faults)


def _code_name(features: list[Any], source: str) -> str:
    seen: Counter[str] = Counter()
    for feature in features:
        seen.update((feature.get("properties") or {}) if isinstance(feature, dict) else {})
    for name in (*ZONE.required, *ZONE.aliases["zone_id"]):
        found = next((each for each in seen if each.lower() == name), None)
        if found:
            return found
    wanted = ", ".join((*ZONE.required, *ZONE.aliases["zone_id"]))
    raise MobilityError(
        f"The zones of “{source}” have no code. A zone needs one of the properties {wanted}; these have "
        f"{', '.join(sorted(seen)) or 'none'}. Rename the property that holds the code."
    )


def _polygon(feature: Any, row: int, faults: Faults) -> Any:
    import shapely
    from shapely.geometry import shape

    drawn = feature.get("geometry") if isinstance(feature, dict) else None
    if not drawn:
        faults.add(row, "the zone has no geometry")
        return None
    if drawn.get("type") not in ("Polygon", "MultiPolygon"):
        faults.add(row, f"the zone is a {drawn.get('type')}, not a Polygon or MultiPolygon")
        return None
    try:
        made = shapely.force_2d(shape(drawn))
    except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError):
        faults.add(row, "the zone's coordinates are not pairs of numbers in closed rings")
        return None
    _check(made, row, faults)
    return made


def _check(made: Any, row: int, faults: Faults) -> None:
    import shapely

    if made is None or shapely.is_empty(made):
        faults.add(row, "the zone is empty")
        return
    west, south, east, north = shapely.bounds(made)
    if not np.isfinite([west, south, east, north]).all():
        faults.add(row, "the zone has a coordinate that is not a finite number")
    elif max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise MobilityError(
            f"The zones of “{faults.source}” are not in degrees: feature {row + 1} reaches from ({west:,.0f}, {south:,.0f}) "
            f"to ({east:,.0f}, {north:,.0f}), which looks like eastings and northings. Export them as WGS 84 (EPSG:4326)."
        )
    elif not shapely.is_valid(made):
        faults.add(row, f"the zone's polygon is not valid ({shapely.is_valid_reason(made)}); repair it")


def _zones(codes: list[str], names: list[str], degrees: NDArray[np.object_], faults: Faults) -> Zones:
    import shapely

    for code, count in Counter(codes).items():
        if count > 1:
            rows = [row for row, each in enumerate(codes) if each == code]
            faults.add(rows[1], f"the code “{code}” is also that of feature {rows[0] + 1}")
    faults.refuse("Merge the parts of one zone into one MultiPolygon, or give each zone its own code.")
    west, south, east, north = shapely.total_bounds(degrees)
    plane = choose([west, east], [south, north])
    polygons = np.asarray(plane.projected(degrees), dtype=object)
    _refuse_overlaps(codes, polygons, faults)
    return Zones(tuple(codes), tuple(names), degrees, polygons, plane)


def _refuse_overlaps(codes: list[str], polygons: NDArray[np.object_], faults: Faults) -> None:
    import shapely

    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.area(shapely.intersection(polygons[one], polygons[other]))
    smaller = np.minimum(shapely.area(polygons[one]), shapely.area(polygons[other]))
    for k in np.flatnonzero(shared > OVERLAP * smaller):
        part = shared[k] / smaller[k]
        faults.add(int(other[k]), f"zone “{codes[other[k]]}” overlaps “{codes[one[k]]}” by {part:.0%} of the smaller")
    faults.refuse("Zones must not overlap: use one set of boundaries of one year.")
