"""A town of two banks for tests: a narrow bridge in the middle that jams, a long way round in the north, three zones."""

import json
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.highways.roads import actions, sources
from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy

WAYS = {
    "bridge": ("secondary", "B17", [(-0.52, 53.00), (-0.51, 53.00), (-0.50, 53.00)]),
    "west": ("primary", "A7", [(-0.52, 53.00), (-0.52, 53.02), (-0.52, 53.03)]),
    "north": ("primary", "A7", [(-0.52, 53.03), (-0.50, 53.03)]),
    "east": ("primary", "A7", [(-0.50, 53.03), (-0.50, 53.00)]),
    "out": ("tertiary", "", [(-0.50, 53.00), (-0.47, 53.00)]),
    "path": ("cycleway", "", [(-0.52, 53.00), (-0.50, 53.01)]),
}
MPH = {"A7": "60 mph"}
ZONES = {"A": ("Ash", -0.52, 53.00), "B": ("Birch", -0.50, 53.00), "C": ("Cedar", -0.47, 53.00)}
TRIPS = (
    "origin,destination,trips,low,high\nA,B,2900,2500,3300\nB,A,300,250,350\nA,C,200,150,250\nC,A,250,200,300\n"
    "A,A,90,80,100\n"
)


def files(**changed: str) -> dict[str, str]:
    """The study's files as text, some of them changed."""
    roads = [
        {"type": "Feature", "properties": {"osm_id": key, "highway": kind, "ref": ref, "maxspeed": MPH.get(ref, "30 mph")},
         "geometry": {"type": "LineString", "coordinates": line}}
        for key, (kind, ref, line) in WAYS.items()
    ]  # fmt: skip
    zones = [
        {"type": "Feature", "properties": {"zone_id": code, "name": name},
         "geometry": {"type": "Polygon", "coordinates": [
             [(x - .004, y - .003), (x + .004, y - .003), (x + .004, y + .003), (x - .004, y + .003), (x - .004, y - .003)]
         ]}}
        for code, (name, x, y) in ZONES.items()
    ]  # fmt: skip
    made = {
        "network": json.dumps({"type": "FeatureCollection", "features": roads}),
        "zones": json.dumps({"type": "FeatureCollection", "features": zones}), "trips": TRIPS,
    }  # fmt: skip
    return made | changed


ENDINGS = {"network": "roads.geojson", "zones": "zones.geojson", "trips": "trips.csv", "counts": "counts.csv"}


def uploads(**changed: str) -> dict[str, Any]:
    """The same as uploads of a form."""
    return {name: SimpleUploadedFile(ENDINGS[name], text.encode()) for name, text in files(**changed).items()}


def given(folder: Path, asked: sources.Asked | None = None, **changed: str) -> sources.GivenRoads:
    """The same, read."""
    paths = {}
    for name, text in files(**changed).items():
        paths[name] = folder / ENDINGS[name]
        paths[name].write_text(text, encoding="utf-8")
    return sources.from_files(paths, asked or sources.Asked(credit="Invented roads"))


def study(organisation: Any, by: Any, name: str = "Two banks", *, wait: bool = False, **changed: str) -> RoadStudy:
    """A study, assigned unless it should wait; made once for each name."""
    from tempfile import TemporaryDirectory

    found = RoadStudy.objects.for_organisation(organisation).filter(name=name).first()
    if found is None:
        with TemporaryDirectory() as folder:
            roads = given(Path(folder), **changed)
        job = actions.begin(organisation=organisation, name=name, given=roads, source="files", by=by)
        if not wait:
            running.run(str(job.pk))
        found = RoadStudy.objects.for_organisation(organisation).get(name=name)
    return found


def bridge(found: RoadStudy) -> str:
    """The id of the bridge, eastward: the worst link there is."""
    return str(found.findings["worst"][0]["link"])


def scheme(
    found: RoadStudy, by: Any, name: str = "Wider bridge", *, what: str = "widen", value: float | None = 2.0,
    pounds: int = 2_000_000, wait: bool = False,
) -> RoadScheme:  # fmt: skip
    """A scheme that changes the bridge both ways, run unless it should wait; made once for each name."""
    made = found.schemes.filter(name=name).first()
    if made is None:
        made = actions.draw_up(study=found, name=name, pounds=pounds, by=by)
        made = actions.change(scheme=made, link=bridge(found), what=what, value=value, both_ways=True, by=by)
        if not wait:
            running.run(str(actions.run(scheme=made, by=by).pk))
        made.refresh_from_db()
    return made


def started(organisation: Any) -> Any:
    """Run the job that waits, as the worker would, and return it."""
    job = Job.objects.for_organisation(organisation).filter(state="waiting").order_by("-created_at").first()
    assert job is not None
    running.run(str(job.pk))
    job.refresh_from_db()
    return job
