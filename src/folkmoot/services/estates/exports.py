"""A programme as files: the steps, the cash flow with its trace and the frontier as CSV, the sites as GeoJSON and GeoPackage.

CSV cells are such that no spreadsheet takes them for formulas. GeoJSON is WGS 84, longitude first (RFC 7946); sites whose
position nobody gave have a null geometry, as the standard has it for unlocated features.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from django.http import HttpResponse

from folkmoot.services.estates.models import Estate, Programme
from folkmoot.store.sheets import harmless


def as_file(body: bytes, name: str, kind: str) -> HttpResponse:
    """A download under its name."""
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def steps(programme: Programme) -> bytes:
    """A row for each move of a service, in the order of the steps."""
    rows = []
    for step in programme.plan["steps"]:
        for move in step["moves"] or [{"service": "", "taker": "", "m2": ""}]:
            rows.append(
                [step["order"], step["calendar_year"], step["action"], step["site"], step["name"], move["service"],
                 move["taker"], move["m2"]]
            )  # fmt: skip
    return _csv(("order", "year", "action", "site", "name", "service", "moves_to", "m2"), rows)


def cash_flow(programme: Programme) -> bytes:
    """A row for each line of cash and year, with file, row and column or assumptions; costs positive, in pounds."""
    start = programme.answer["start_year"]
    rows = []
    for line in programme.answer["lines"]:
        sources = [line["sources"][0][name] for name in ("file", "row", "column")] if line["sources"] else ["", "", ""]
        traced = [*sources, " ".join(line["assumptions"]), line["formula"]]
        for year in range(line["first"], line["last"] + 1):
            rows.append([start + year, line["site"], line["item"], line["kind"], _pounds(line["pence"]), *traced])
    rows.sort(key=lambda row: (row[0], row[1]))
    return _csv(("year", "site", "item", "class", "pounds", "file", "row", "column", "assumptions", "formula"), rows)


def frontier(programme: Programme) -> bytes:
    """A row for each number of sites."""
    names = ("sites", "cost", "bound", "gap", "status", "at_most", "mean_minutes", "worst_minutes", "wanted")
    rows = [
        [*("" if point[name] is None else point[name] for name in names), " ".join(point["closed"])]
        for point in programme.answer["frontier"]["points"]
    ]
    return _csv((*names, "closed"), rows)


def geojson(programme: Programme) -> bytes:
    """Every named site, what becomes of it, and when."""
    when = {(step["action"], step["site"]): step["calendar_year"] for step in programme.plan["steps"]}
    features = []
    for site in programme.answer["sites"]:
        located = site["lon"] is not None and site["lat"] is not None
        features.append(
            {
                "type": "Feature", "id": site["code"],
                "geometry": {"type": "Point", "coordinates": [site["lon"], site["lat"]]} if located else None,
                "properties": {
                    **{name: site[name] for name in ("code", "name", "kind", "m2", "tenure")},
                    "open_today": site["is_open"], "closes": when.get(("close", site["code"])),
                    "opens": when.get(("open", site["code"])),
                },
            }
        )  # fmt: skip
    about = {"type": "FeatureCollection", "name": f"{programme.estate}: {programme}", "features": features}
    return json.dumps(about, ensure_ascii=False, allow_nan=False).encode()


def geopackage(programme: Programme) -> bytes:
    """Two layers for a GIS: the sites whose position is known, and a line for each way that services go; empty without."""
    import pyogrio
    import shapely

    made = json.loads(geojson(programme))
    sites = [one for one in made["features"] if one["geometry"]]
    if not sites:
        return b""
    at = {one["id"]: one["geometry"]["coordinates"] for one in sites}
    moves = [
        {"site": step["site"], "moves_to": move["taker"], "service": move["service"], "m2": move["m2"],
         "year": step["calendar_year"]}
        for step in programme.plan["steps"]
        for move in step["moves"]
        if step["site"] in at and move["taker"] in at
    ]  # fmt: skip
    layers = {
        "sites": (shapely.points([at[one["id"]] for one in sites]), [one["properties"] for one in sites], "Point"),
        "moves": (
            [shapely.LineString([at[move["site"]], at[move["moves_to"]]]) for move in moves], moves, "LineString",
        ),
    }  # fmt: skip
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.gpkg"
        for layer, (shapes, rows, kind) in layers.items():
            if not rows:
                continue
            names = list(rows[0])
            pyogrio.raw.write(
                path, geometry=shapely.to_wkb(np.array(shapes, dtype=object)), layer=layer, driver="GPKG",
                field_data=[_column([row[name] for row in rows]) for name in names],
                fields=np.array(names, dtype=object), crs="EPSG:4326", geometry_type=kind, append=path.exists(),
            )  # fmt: skip
        return path.read_bytes()


def set_aside(estate: Estate) -> bytes:
    """Every row that is not in the estate, and why."""
    return _csv(("row", "code", "reason"), [[one["row"], one["code"], one["reason"]] for one in estate.set_aside])


FILES: dict[str, tuple[Callable[[Programme], bytes], str]] = {
    "steps.csv": (steps, "text/csv; charset=utf-8"),
    "cash-flow.csv": (cash_flow, "text/csv; charset=utf-8"),
    "frontier.csv": (frontier, "text/csv; charset=utf-8"),
    "sites.geojson": (geojson, "application/geo+json"),
    "plan.gpkg": (geopackage, "application/geopackage+sqlite3"),
}


def _column(values: list[Any]) -> Any:
    if all(isinstance(value, bool) for value in values):
        return np.array(values)
    if all(value is None or isinstance(value, int | float) for value in values):
        return np.array([np.nan if value is None else float(value) for value in values])
    return np.array(["" if value is None else str(value) for value in values], dtype=object)


def _pounds(pence: int) -> str:
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(name) for name in head])
    writer.writerows([[harmless(str(cell)) for cell in row] for row in rows])
    return text.getvalue().encode()
