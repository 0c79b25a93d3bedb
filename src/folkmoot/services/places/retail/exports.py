"""A drawn centre's forecast to take away: tables for people, layers for maps. Nothing in them runs in a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from folkmoot.services.places.exports import as_file, columns_of, written_csv
from folkmoot.services.places.queries import consult
from folkmoot.services.places.retail import queries, tables
from folkmoot.services.places.retail.models import Centre


def centres_csv(centre: Centre) -> bytes:
    """A row for each centre: turnover, visitors and change, with intervals."""
    rows = _centres(centre)
    return written_csv(list(rows[0]), [list(row.values()) for row in rows])


def visitors_csv(centre: Centre) -> bytes:
    """A row for each group of visitors."""
    head = ("status", "kind", "group", "share", "share_low", "share_high", "of_everybody", "index")
    mix = centre.forecast["visitors"]["mix"]
    rows = [
        [centre.forecast["status"], g["kind"], g["group"], *_three(g["share"]), g["of_everybody"], g["index"]]
        for g in mix
    ]
    return written_csv(head, rows)


def catchment_csv(centre: Centre) -> bytes:
    """A row for each area that sends visitors."""
    head = ("status", "area", "name", "visitors", "probability", "probability_low", "probability_high", "cumulative")
    rows = [
        [centre.forecast["status"], a["code"], a["name"], a["visitors"], *_three(a["probability"]), a["cumulative"]]
        for a in centre.forecast["visitors"]["catchment"]
    ]
    return written_csv(head, rows)


def geojson(centre: Centre) -> bytes:
    """Centres and areas in one collection; `layer` says which is which."""
    features = [
        {
            "type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"layer": layer, **facts},
        }
        for layer, rows in _layers(centre).items()
        for lon, lat, facts in rows
    ]  # fmt: skip
    about = {"type": "FeatureCollection", "name": f"{centre.market.name}: {centre.name}", "features": features}
    return json.dumps(about, ensure_ascii=False, allow_nan=False).encode()


def geopackage(centre: Centre) -> bytes:
    """Two layers, centres and areas."""
    import pyogrio
    import shapely

    with TemporaryDirectory() as folder:
        path = Path(folder) / "forecast.gpkg"
        for number, (layer, rows) in enumerate(_layers(centre).items()):
            names = list(rows[0][2])
            pyogrio.raw.write(
                path, geometry=shapely.to_wkb(shapely.points([(lon, lat) for lon, lat, _facts in rows])),
                field_data=columns_of([facts for _lon, _lat, facts in rows]), fields=np.array(names, dtype=object),
                layer=layer, driver="GPKG", crs="EPSG:4326", geometry_type="Point", append=number > 0,
            )  # fmt: skip
        return path.read_bytes()


FILES: dict[str, tuple[Callable[[Centre], bytes], str]] = {
    "centres.csv": (centres_csv, "text/csv; charset=utf-8"),
    "visitors.csv": (visitors_csv, "text/csv; charset=utf-8"),
    "catchment.csv": (catchment_csv, "text/csv; charset=utf-8"),
    "forecast.geojson": (geojson, "application/geo+json"),
    "forecast.gpkg": (geopackage, "application/geopackage+sqlite3"),
}


@require_safe
@login_required
def file(request: HttpRequest, key: Any, name: str) -> HttpResponse:
    """One of the files above; that somebody took it is noted."""
    found = queries.centre_of(request, key)
    if not found.is_forecast:
        raise Http404
    make, kind = FILES[name]
    consult(target=found, by=request.user, part=name)
    return as_file(make(found), name, kind)


def _centres(centre: Centre) -> list[dict[str, Any]]:
    rows = []
    for c in centre.forecast["centres"]:
        row = {
            "status": centre.forecast["status"], "code": c["code"], "name": c["name"], "is_new": c["is_new"],
            "centre_class": c["centre_class"], "floor_space_m2": c["floor_space_m2"],
        }  # fmt: skip
        for name in ("turnover", "visitors", "change", "change_percent"):
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), _three(c[name])))
        rows.append(row)
    return rows


def _layers(centre: Centre) -> dict[str, list[tuple[float, float, dict[str, Any]]]]:
    """For each layer its points with their facts; what has no position is only in the tables."""
    market = tables.engine_market(tables.read(centre.market))
    at = dict(zip(market.centres.code.tolist(), zip(market.centres.lon.tolist(), market.centres.lat.tolist())))
    at[tables.NEW] = (centre.lon, centre.lat)
    chance = {a["code"]: a for a in centre.forecast["visitors"]["catchment"]}
    areas = [
        (lon, lat, {
            "area": code, "name": name, "people": people,
            "visitors": chance.get(code, {}).get("visitors", 0.0),
            "probability": chance.get(code, {}).get("probability", {}).get("value", 0.0),
        })
        for code, name, lon, lat, people in zip(
            market.areas.code.tolist(), market.areas.name.tolist(), market.areas.lon.tolist(),
            market.areas.lat.tolist(), market.areas.population.tolist(),
        )
    ]  # fmt: skip
    centres = [(*at[row["code"]], row) for row in _centres(centre)]
    layers = {"centres": centres, "areas": areas}
    return {
        name: kept
        for name, rows in layers.items()
        if (kept := [r for r in rows if np.isfinite(r[0]) and np.isfinite(r[1])])
    }


def _three(interval: dict[str, float] | None) -> list[Any]:
    return [None] * 3 if interval is None else [interval["value"], interval["low"], interval["high"]]
