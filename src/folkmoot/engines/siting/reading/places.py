"""Where areas or sites are: CSV with coordinates, or GeoJSON; degrees (EPSG:4326) or eastings and northings (27700).

Headings say which: lon and lat, or easting and northing; x and y say nothing, so the numbers must. A file in which some
rows are degrees and others metres is refused with the first row that differs, whatever its headings say. Everything comes
back as longitude and latitude. GeoJSON is degrees by RFC 7946, unless its `crs` member says 27700.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.engines.siting.reading import sheet
from folkmoot.engines.siting.reading.problems import AREA, SITE

DEGREES = (("lon", "lat"), ("longitude", "latitude"), ("lng", "lat"))
METRES = (("easting", "northing"), ("eastings", "northings"), ("bng_e", "bng_n"))
EITHER = (("x", "y"),)


@dataclass(frozen=True, eq=False)
class Positions:
    """Codes and `lonlat` (n × 2) in degrees, WGS 84."""

    codes: tuple[str, ...]
    lonlat: NDArray[np.float64]
    statements: tuple[str, ...] = ()


def positions(path: Path | str) -> Positions:
    """Read positions from CSV or GeoJSON."""
    path = Path(path)
    if not path.exists():
        raise ProblemError(f"There is no file “{path}”.")
    if path.suffix in (".geojson", ".json"):
        codes, at, lines, claimed = _geojson(path)
    else:
        codes, at, lines, claimed = _csv(path)
    twice = (
        next((code for k, code in enumerate(codes) if code in codes[:k]), None)
        if len(set(codes)) < len(codes)
        else None
    )
    if twice is not None:
        raise ProblemError(f"“{path.name}” gives a place to “{twice}” more than once. Keep one.")
    gone = np.flatnonzero(~np.isfinite(at).all(axis=1))
    if len(gone):
        k = int(gone[0])
        raise ProblemError(
            f"Row {lines[k]} of “{path.name}”, “{codes[k]}”, has no place. Give its coordinates or take it out."
        )
    metres = _which(path.name, codes, at, lines, claimed)
    if not metres:
        return Positions(codes, at)
    from pyproj import Transformer

    lon, lat = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True).transform(at[:, 0], at[:, 1])
    said = f"The {len(codes):,} places of “{path.name}” are eastings and northings (EPSG:27700), turned into degrees."
    return Positions(codes, np.column_stack([lon, lat]), (said,))


def _which(name: str, codes: tuple[str, ...], at: NDArray[np.float64], lines: list[int], claimed: str | None) -> bool:
    """Whether positions are metres; refused where rows or headings disagree."""
    degrees = (np.abs(at[:, 0]) <= 180) & (np.abs(at[:, 1]) <= 90)
    if degrees.any() and not degrees.all():
        most = degrees.mean() >= 0.5
        k = int(np.flatnonzero(degrees != most)[0])
        was, other = (
            ("degrees (EPSG:4326)", "metres (EPSG:27700)") if most else ("metres (EPSG:27700)", "degrees (EPSG:4326)")
        )
        raise ProblemError(
            f"“{name}” mixes two coordinate systems: most rows are {was}, and row {lines[k]}, “{codes[k]}” at {at[k, 0]:g}, "
            f"{at[k, 1]:g}, is {other}. Convert them to one."
        )
    metres = not bool(degrees.all())
    if claimed is not None and (claimed == "metres") != metres:
        raise ProblemError(
            f"“{name}” says its coordinates are {claimed}, and row {lines[0]}, “{codes[0]}” at {at[0, 0]:g}, {at[0, 1]:g}, "
            f"is {'metres' if metres else 'degrees'}. Rename the columns or convert the numbers."
        )
    inside = (at[:, 0] >= 0) & (at[:, 0] <= 700_000) & (at[:, 1] >= 0) & (at[:, 1] <= 1_300_000)
    if metres and not inside.all():
        k = int(np.flatnonzero(~inside)[0])
        raise ProblemError(
            f"Row {lines[k]} of “{name}”, “{codes[k]}” at {at[k, 0]:g}, {at[k, 1]:g}, lies outside the British National Grid "
            "(EPSG:27700) and is not in degrees either."
        )
    return metres


def _csv(path: Path) -> tuple[tuple[str, ...], NDArray[np.float64], list[int], str | None]:
    table = sheet.read(path)
    code = table.needs("codes", *dict.fromkeys((*AREA, *SITE)))
    for pairs, claimed in ((DEGREES, "degrees"), (METRES, "metres"), (EITHER, None)):
        for x, y in pairs:
            a, b = table.column(x), table.column(y)
            if a is not None and b is not None:
                numbers = [[sheet.number(row[a]), sheet.number(row[b])] for row in table.rows]
                at = np.array(numbers, dtype=float)
                return tuple(row[code] for row in table.rows), at, list(table.lines), claimed
    raise ProblemError(f"“{path.name}” needs columns lon and lat, or easting and northing.")


def _geojson(path: Path) -> tuple[tuple[str, ...], NDArray[np.float64], list[int], str | None]:
    import shapely

    try:
        held: Any = json.loads(path.read_text(encoding="utf-8"))
        features = held["features"]
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise ProblemError(f"“{path.name}” is not GeoJSON with features.") from None
    named = json.dumps(held.get("crs") or {})
    claimed = "metres" if "27700" in named else "degrees"
    codes, at = [], []
    for number, feature in enumerate(features, start=1):
        facts = feature.get("properties") or {}
        low = {str(key).lower(): value for key, value in facts.items()}
        code = feature.get("id") or next((low[key] for key in (*AREA, *SITE) if low.get(key) is not None), number)
        shape = feature.get("geometry")
        centre = None if shape is None else shapely.geometry.shape(shape).representative_point()
        codes.append(str(code))
        at.append((np.nan, np.nan) if centre is None or centre.is_empty else (centre.x, centre.y))
    if not codes:
        raise ProblemError(f"“{path.name}” has no features.")
    return tuple(codes), np.array(at), list(range(1, len(codes) + 1)), claimed
