"""A release as files, and the rejected rows of data for the analyst who mends them.

Whatever leaves is written from a `Releasable`, which only disclosure control makes and only a folder whose digests fit
gives back. GeoJSON is WGS 84, longitude first (RFC 7946); OMX is version 0.2, with missing values where cells are blank.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from django.http import HttpResponse, StreamingHttpResponse

from folkmoot.engines.mobility.od import desire_lines, write_omx
from folkmoot.engines.mobility.where import zones as zones_
from folkmoot.services.highways import folders
from folkmoot.services.highways.models import Dataset, Release
from folkmoot.store.sheets import harmless

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose import Releasable

type Write = Callable[[Release, Releasable], bytes]
ROWS_AT_ONCE = 10_000


def as_file(body: bytes, name: str, kind: str) -> HttpResponse:
    """A download under its name."""
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _as_written(name: str) -> Write:
    """A file as it lies in the folder; that it is the one published was seen when the release was read."""
    return lambda release, _made: (folders.published(release) / name).read_bytes()


def lines(release: Release, made: Releasable) -> bytes:
    """Desire lines between the middles of zones."""
    return json.dumps(desire_lines(made, centroids(release)), ensure_ascii=False).encode()


def centroids(release: Release) -> dict[str, tuple[float, float]]:
    """A point within each zone."""
    found = zones_.read(folders.published(release) / folders.ZONES)
    points = [shape.representative_point() for shape in found.degrees]
    return {zone: (round(at.x, 5), round(at.y, 5)) for zone, at in zip(found.zone_id, points, strict=True)}


def matrix(release: Release, made: Releasable) -> bytes:
    """One matrix for the trips and one for each end of the interval; by hour or means of travel, one of each for each."""
    keys, measure = made.published.keys, made.published.measure
    zones = tuple(dict.fromkeys((*made.published.domain["origin"], *made.published.domain["destination"])))
    place = {zone: index for index, zone in enumerate(zones)}
    found: dict[str, Any] = {}
    for row in made.table.to_pylist():
        if any(row[key] is None for key in keys):
            continue
        further = "".join(f"_{key}_{row[key]}" for key in keys if key not in {"origin", "destination"})
        for value in (measure, "low", "high"):
            held = found.setdefault(f"{value}{further}", np.full((len(zones), len(zones)), np.nan))
            held[place[row["origin"]], place[row["destination"]]] = row[value]
    found = found or {measure: np.full((len(zones), len(zones)), np.nan)}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "matrix.omx"
        write_omx(path, found, zones)
        return path.read_bytes()


FILES: dict[str, tuple[Write, str]] = {
    "od.csv": (_as_written("od.csv"), "text/csv; charset=utf-8"),
    "suppressed.csv": (_as_written("suppressed.csv"), "text/csv; charset=utf-8"),
    "manifest.json": (_as_written("manifest.json"), "application/json"),
    "desire-lines.geojson": (lines, "application/geo+json"),
    "matrix.omx": (matrix, "application/x-hdf5"),
}


def rejected(dataset: Dataset) -> StreamingHttpResponse:
    """The rows kept aside, as CSV that no spreadsheet will obey."""
    response = StreamingHttpResponse(_rows(folders.part(dataset, "rejected")), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rejected.csv"'
    return response


def _rows(path: Path | None) -> Iterator[str]:
    import csv
    import io

    import pyarrow.parquet as pq

    if path is None:
        return
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    for number, batch in enumerate(file.iter_batches(batch_size=ROWS_AT_ONCE)):
        out = io.StringIO()
        writer = csv.writer(out)
        if not number:
            writer.writerow(names)
        writer.writerows([_cell(row[name]) for name in names] for row in batch.to_pylist())
        yield out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return "" if value is None else harmless(str(value))
