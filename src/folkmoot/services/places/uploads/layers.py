"""A table with positions, whatever it came as: CSV, GeoJSON or GeoPackage, in WGS 84 or British National Grid.

Everything becomes one sheet of text with `lon` and `lat` of each row, so that rows are judged in one way. A polygon keeps
its shape for the map; its position is a point inside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.engines.siting.reading import sheet

LON = ("lon", "longitude", "long", "lng", "x_wgs84")
LAT = ("lat", "latitude", "y_wgs84")
EAST = ("easting", "eastings", "east", "oseast1m", "bng_e", "x")
NORTH = ("northing", "northings", "north", "osnrth1m", "bng_n", "y")
GRID, DEGREES = "EPSG:27700", "EPSG:4326"
COORDINATES_KEPT = 400
"""Corners of a shape beyond which it is simplified for the map."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that is not in the study, and why."""

    table: str
    line: int
    code: str
    reason: str


@dataclass(frozen=True, eq=False)
class Given:
    """A table for the study, what was set aside from the file, and what had to be assumed."""

    table: pa.Table
    aside: tuple[Aside, ...] = ()
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Layer:
    """The rows as text; `lon` and `lat` are None where a row has no position; `row` is what a row is called."""

    sheet: sheet.Sheet
    lon: list[float | None]
    lat: list[float | None]
    shapes: list[bytes | None] | None = None
    row: str = "Line"
    statements: tuple[str, ...] = ()


def layer(path: Path) -> Layer:
    """Read a file by its ending."""
    ending = path.name.lower()
    if ending.endswith((".csv", ".csv.gz", ".txt", ".tsv")):
        return _csv(sheet.read(path))
    if ending.endswith((".geojson", ".json", ".gpkg")):
        return _shapes(path)
    raise ProblemError(f"“{path.name}” is not a CSV, GeoJSON or GeoPackage file by its name. Save it as one of these.")


def _csv(table: sheet.Sheet) -> Layer:
    lon, lat = table.column(*LON), table.column(*LAT)
    if lon is not None and lat is not None:
        at = [(_degrees(table, row, line, lon, 180), _degrees(table, row, line, lat, 90)) for row, line in _rows(table)]
        _not_swapped(table.name, at)
        return Layer(table, [a for a, _ in at], [b for _, b in at])
    east, north = table.column(*EAST), table.column(*NORTH)
    if east is None or north is None:
        raise ProblemError(
            f"“{table.name}” has no positions: it needs columns “lon” and “lat” in degrees, or “easting” and "
            f"“northing” of the British National Grid. It has {', '.join(f'“{h}”' for h in table.head[:12])}."
        )
    metres = [(sheet.number(row[east]), sheet.number(row[north])) for row in table.rows]
    lons, lats = _converted(metres, GRID)
    return Layer(
        table, lons, lats, statements=("Eastings and northings were converted from the British National Grid.",)
    )


def _rows(table: sheet.Sheet) -> Any:
    return zip(table.rows, table.lines)


def _degrees(table: sheet.Sheet, row: tuple[str, ...], line: int, column: int, most: float) -> float | None:
    found = sheet.number(row[column])
    if found is None:
        if sheet.kind(row[column]) == "unknown":
            return None
        raise ProblemError(
            f"Line {line} of “{table.name}”: {table.head[column]} is “{row[column]}”, which is not a number of degrees."
        )
    if not abs(found) <= most:
        raise ProblemError(
            f"Line {line} of “{table.name}”: {table.head[column]} is {found:g}, which is no degree. Name the "
            f"columns “easting” and “northing” if they are of the British National Grid, or convert them to WGS 84."
        )
    return found


def _not_swapped(name: str, at: list[tuple[float | None, float | None]]) -> None:
    known = [(a, b) for a, b in at if a is not None and b is not None]
    if known and all(49 <= a <= 61.5 and -9 <= b <= 2.5 for a, b in known):
        raise ProblemError(
            f"In “{name}” longitude and latitude look swapped: every longitude lies between 49 and 61, where British "
            "latitudes are. Change the two headings."
        )


def _converted(
    points: list[tuple[float | None, float | None]], crs: Any
) -> tuple[list[float | None], list[float | None]]:
    from pyproj import Transformer

    turn = Transformer.from_crs(crs, DEGREES, always_xy=True)
    lons: list[float | None] = []
    lats: list[float | None] = []
    for x, y in points:
        if x is None or y is None:
            lons.append(None), lats.append(None)
            continue
        lon, lat = turn.transform(x, y)
        finite = abs(lon) <= 180 and abs(lat) <= 90
        lons.append(round(lon, 7) if finite else None), lats.append(round(lat, 7) if finite else None)
    return lons, lats


def _shapes(path: Path) -> Layer:
    import pyogrio
    import shapely

    try:
        meta, _ids, wkb, columns = pyogrio.raw.read(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError) as error:
        raise ProblemError(f"“{path.name}” cannot be read as a layer of features: {error}.") from None
    if wkb is None or not len(wkb):
        raise ProblemError(f"“{path.name}” has no features with a geometry.")
    shapes = shapely.from_wkb(wkb)
    said = []
    crs = meta.get("crs") or DEGREES
    if not _is_degrees(crs):
        shapes = _turned(shapes, crs)
        said.append(f"Positions were converted from {crs} to WGS 84.")
    bounds = shapely.total_bounds(shapes)
    if not (abs(bounds) <= 180).all():
        raise ProblemError(
            f"“{path.name}” has coordinates up to {abs(bounds).max():g}, which are no degrees, and does not say "
            f"what they are. Save it in WGS 84 (EPSG:4326)."
        )
    inside = shapely.point_on_surface(shapes)
    lon, lat = (
        [None if v != v else round(float(v), 7) for v in axis]
        for axis in (shapely.get_x(inside), shapely.get_y(inside))
    )
    polygons = [_simple(shape) for shape in shapes]
    head = tuple(map(str, meta["fields"]))
    rows = tuple(tuple("" if _empty(value) else str(value) for value in row) for row in zip(*columns)) if head else ()
    if not rows:
        raise ProblemError(f"“{path.name}” has features without properties; it needs at least a code.")
    table = sheet.Sheet(path.name, head, rows, tuple(range(1, len(rows) + 1)))
    return Layer(table, lon, lat, polygons if any(polygons) else None, "Feature", tuple(said))


def _is_degrees(crs: Any) -> bool:
    from pyproj import CRS

    made = CRS.from_user_input(crs)
    return made.is_geographic and made.to_epsg() in (4326, None, 4258)


def _turned(shapes: Any, crs: Any) -> Any:
    import shapely
    from pyproj import Transformer

    turn = Transformer.from_crs(crs, DEGREES, always_xy=True)
    return shapely.transform(shapes, turn.transform, interleaved=False)


def _simple(shape: Any) -> bytes | None:
    """The shape for the map: polygons only, simplified where they have very many corners."""
    import shapely

    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
        return None
    corners = shapely.get_num_coordinates(shape)
    drawn = shapely.simplify(shape, 0.0005) if corners > COORDINATES_KEPT else shape
    return bytes(shapely.to_wkb(drawn))


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)
