"""A plan as files other people's tools read, and the bundle with which `folkmoot siting verify` checks it.

GeoJSON as RFC 7946 has it (WGS 84, longitude first); GeoPackage with a layer of sites and one of areas; CSV whose cells
no spreadsheet takes for formulas; the certificate as the engine writes it.
"""

from __future__ import annotations

import csv
import io
import json
import shlex
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from django.http import HttpResponse

from folkmoot.services.places import question
from folkmoot.services.places.models import Option, Study
from folkmoot.services.places.tables import Tables
from folkmoot.store.sheets import harmless

SITE_COLUMNS = (
    "site",
    "name",
    "existing",
    "open",
    "change",
    "people",
    "share",
    "mean_minutes",
    "capacity",
    "opening_cost",
)


def as_file(body: bytes, name: str, kind: str) -> HttpResponse:
    """A download under its name."""
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def geojson(option: Option, tables: Tables) -> bytes:
    """Sites and areas in one collection; `layer` says which is which."""
    features = [
        {
            "type": "Feature",
            "id": f"site-{row['site']}",
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {"layer": "sites", **_site(row)},
        }
        for row in option.findings["sites"]
    ]
    for area, geometry in zip(_areas(option, tables), _geometries(tables)):
        features.append(
            {
                "type": "Feature", "id": f"area-{area['area']}", "geometry": geometry,
                "properties": {"layer": "areas", **area},
            }
        )  # fmt: skip
    about = {
        "type": "FeatureCollection",
        "name": f"{option.study.name}: {option.name}",
        "features": features,
    }
    return json.dumps(about, ensure_ascii=False, allow_nan=False).encode()


def geopackage(option: Option, tables: Tables) -> bytes:
    """Two layers, sites and areas."""
    import pyogrio
    import shapely

    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.gpkg"
        rows = [_site(row) for row in option.findings["sites"]]
        points = shapely.points([(row["lon"], row["lat"]) for row in option.findings["sites"]])
        areas = _areas(option, tables)
        shapes = np.array([shapely.geometry.shape(g) for g in _geometries(tables)], dtype=object)
        for layer, made, facts in (("sites", points, rows), ("areas", shapes, areas)):
            names, columns = list(facts[0]), columns_of(facts)
            kinds = {shape.geom_type for shape in made}
            pyogrio.raw.write(
                path, geometry=shapely.to_wkb(made), field_data=columns, fields=np.array(names, dtype=object), layer=layer,
                driver="GPKG", crs="EPSG:4326", geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
                append=layer != "sites",
            )  # fmt: skip
        return path.read_bytes()


def sites_csv(option: Option, tables: Tables) -> bytes:
    """A row for each candidate site."""
    rows = [_site(row) for row in option.findings["sites"]]
    return _csv(SITE_COLUMNS, [[_cell(row[name]) for name in SITE_COLUMNS] for row in rows])


def areas_csv(option: Option, tables: Tables) -> bytes:
    """A row for each area: its site and minutes, with the plan and today."""
    rows = _areas(option, tables)
    return _csv(list(rows[0]), [[_cell(value) for value in row.values()] for row in rows])


def certificate(option: Option, tables: Tables) -> bytes:
    """The plan with its certificate, as `folkmoot siting verify` reads it."""
    return json.dumps(option.plan, ensure_ascii=False).encode()


def bundle(option: Option, tables: Tables) -> bytes:
    """Plan, the three tables it answers to, and the command that verifies it."""
    problem = question.problem(question.of(option.question), tables)
    held = io.BytesIO()
    groups = tables.deciles
    head = ["area", "demand", *(["group"] if groups is not None else [])]
    demand = [
        [code, repr(float(problem.total[i])), *([groups[i]] if groups is not None else [])]
        for i, code in enumerate(problem.areas)
    ]
    by_site = [("opening_cost", problem.opening_cost), ("capacity", problem.capacity)]
    used = [(name, values) for name, values in by_site if values is not None]
    there = set(problem.existing)
    rows = [
        [code, "yes" if code in there else "no", *(repr(float(values[j])) for _name, values in used)]
        for j, code in enumerate(problem.sites)
    ]
    cost = np.asarray(problem.cost)
    travel = [[code, *(repr(float(c)) for c in cost[i])] for i, code in enumerate(problem.areas)]
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in (
            ("plan.json", certificate(option, tables)),
            ("demand.csv", _csv(head, demand)),
            ("sites.csv", _csv(["site", "existing", *(name for name, _values in used)], rows)),
            ("travel.csv", _csv(["area", *problem.sites], travel)),
            ("README.txt", _readme(option).encode()),
        ):
            packed.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), body)
    return held.getvalue()


def command(option: Option) -> str:
    """The command that verifies the plan, in the folder where the bundle was unpacked."""
    asked = question.of(option.question)
    words = [
        "folkmoot",
        "siting",
        "verify",
        "plan.json",
        "--demand",
        "demand.csv",
        "--sites",
        "sites.csv",
        "--cost",
        "travel.csv",
    ]
    rate = asked.rate or 1.0
    for flag, value in (
        ("--p", asked.p),
        ("--radius", asked.radius),
        ("--max-cost", None if asked.longest is None else asked.longest * rate),
        ("--equity-slack", None if asked.slack is None else asked.slack * rate),
    ):
        if value is not None:
            words += [flag, repr(value)]
    for flag, codes in (("--must-open", asked.must_open), ("--must-close", asked.must_close)):
        for code in codes:
            words += [flag, code]
    return shlex.join(words)


def set_aside(study: Study) -> bytes:
    """Every row that is not in the study, and why."""
    return _csv(("step", "table", "line", "code", "reason"), study.set_aside)


FILES: dict[str, tuple[Callable[[Option, Tables], bytes], str]] = {
    "plan.geojson": (geojson, "application/geo+json"),
    "plan.gpkg": (geopackage, "application/geopackage+sqlite3"),
    "sites.csv": (sites_csv, "text/csv; charset=utf-8"),
    "areas.csv": (areas_csv, "text/csv; charset=utf-8"),
    "certificate.json": (certificate, "application/json"),
    "bundle.zip": (bundle, "application/zip"),
}


def _site(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row["mean" if name == "mean_minutes" else name] for name in SITE_COLUMNS}


def _areas(option: Option, tables: Tables) -> list[dict[str, Any]]:
    served = [(sites[0] if sites else "") for sites in option.plan["assignment"]]
    today = option.findings["today"] or [None] * len(served)
    names, people = tables.areas["name"].to_pylist(), tables.areas["people"].to_pylist()
    return [
        {
            "area": code, "name": names[i], "people": people[i], "site": served[i], "minutes": option.findings["minutes"][i],
            "minutes_today": today[i],
        }
        for i, code in enumerate(tables.area_codes)
    ]  # fmt: skip


def _geometries(tables: Tables) -> list[dict[str, Any]]:
    import shapely

    points: list[dict[str, Any]] = [
        {"type": "Point", "coordinates": [lon, lat]}
        for lon, lat in zip(tables.areas["lon"].to_pylist(), tables.areas["lat"].to_pylist())
    ]
    if "shape" not in tables.areas.column_names:
        return points
    shapes = tables.areas["shape"].to_pylist()
    # RFC 7946, 3.1.6: outer rings run anticlockwise.
    return [
        shapely.geometry.mapping(shapely.orient_polygons(shapely.from_wkb(shape))) if shape is not None else point
        for shape, point in zip(shapes, points)
    ]


def _column(values: list[Any]) -> Any:
    if all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values):
        return np.array([np.nan if value is None else float(value) for value in values])
    if all(isinstance(value, bool) for value in values):
        return np.array(values)
    return np.array(["" if value is None else str(value) for value in values], dtype=object)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def written_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV whose every cell is written for people: no formula, nothing where nothing is known."""
    return _csv(head, [[_cell(value) for value in row] for row in rows])


def columns_of(rows: list[dict[str, Any]]) -> list[Any]:
    """Rows as columns for a layer: numbers, yes or no, or text."""
    return [_column([row[name] for row in rows]) for name in rows[0]]


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(str(name)) for name in head])
    writer.writerows([[harmless(str(cell)) for cell in row] for row in rows])
    return text.getvalue().encode()


def _readme(option: Option) -> str:
    return (
        f"{option.study.name}: {option.name}\n\n"
        "plan.json holds the plan, its bound and the certificate of the bound. The three tables are all that it answers to.\n"
        "To check it, unpack everything into one folder and run there:\n\n"
        f"  {command(option)}\n\n"
        "It recomputes the value from the sites and the bound from the certificate, and exits with 0 only if both hold.\n"
    )
