"""Making a study: begin it, then give areas, sites and travel, in this order."""

from __future__ import annotations

import math
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.foundation import jobs
from folkmoot.services.places import tables
from folkmoot.services.places.actions.audited import NotPossible, record
from folkmoot.services.places.models import Source, Study, Travel
from folkmoot.services.places.uploads import Given, Way


@transaction.atomic
def begin(*, organisation: Any, name: str, what: str, source: str = Source.FILES, by: Any) -> Study:
    """An empty study, to be filled by files."""
    _named_once(organisation, name)
    study: Study = Study.objects.for_organisation(organisation).create(name=name, what=what, source=source, by=by)
    record("begin", study, by, {"source": source})
    return study


@transaction.atomic
def begin_in_the_town(*, organisation: Any, name: str, kind: str, by: Any) -> Study:
    """A study of the invented town, ready at once: to learn with, and to show."""
    from folkmoot.services.places import seed

    study = begin(organisation=organisation, name=name, what=kind, source=Source.TOWN, by=by)
    given = seed.town_tables(kind)
    put_areas(study=study, given=given.areas, by=by)
    put_sites(study=study, given=given.sites, by=by)
    return put_travel(study=study, way=given.way, how=Travel.STREETS, by=by)


@transaction.atomic
def put_areas(*, study: Study, given: Given, by: Any) -> Study:
    """Give the study its areas; travel that was there belongs to other areas and goes."""
    _open(study)
    tables.keep(study, "given", given.table)
    tables.keep(study, "areas", given.table)
    study.areas, study.people = len(given.table), _people(given.table)
    study.columns = [c for c in given.table.column_names if c not in ("area", "name", "lon", "lat", "people", "shape")]
    return _put(study, "areas", given.aside, given.statements, by)


@transaction.atomic
def put_sites(*, study: Study, given: Given, by: Any) -> Study:
    """Give the study its candidate sites; travel that was there goes."""
    _open(study)
    tables.keep(study, "sites", given.table)
    study.sites, study.existing = len(given.table), sum(given.table["existing"].to_pylist())
    return _put(study, "sites", given.aside, given.statements, by)


@transaction.atomic
def put_travel(*, study: Study, way: Way, how: str, by: Any) -> Study:
    """Give the study its travel times: with them it is ready. Areas without any are set aside."""
    _open(study)
    areas, sites = _areas_and_sites(study)
    left = areas.take(way.keep)
    tables.keep(study, "areas", left)
    tables.keep(study, "travel", tables.long(left["area"].to_pylist(), sites["site"].to_pylist(), way.minutes))
    study.areas, study.people, study.travel = len(left), _people(left), how
    return _put(study, "travel", way.aside, way.statements, by)


@transaction.atomic
def route_over_streets(*, study: Study, streets: Path, mode: str, by: Any) -> Any:
    """Find the shortest ways over the streets of a file, in the background."""
    _open(study)
    _areas_and_sites(study)
    kept = tables.folder(study) / "streets.geojson"
    kept.write_bytes(streets.read_bytes())
    record("route", study, by, {"sha256": sha256(kept.read_bytes()).hexdigest(), "mode": mode})
    return jobs.start("places.travel", by=by, organisation=study.organisation, study=str(study.pk), mode=mode)


def _put(study: Study, step: str, aside: Any, statements: Any, by: Any) -> Study:
    if step != "travel":
        study.travel = ""
    forgotten = {step, "travel"}
    study.set_aside = [row for row in study.set_aside if row[0] not in forgotten] + [
        [step, each.table, each.line, each.code, each.reason] for each in aside
    ]
    study.statements = {k: v for k, v in study.statements.items() if k not in forgotten} | {step: list(statements)}
    study.save()
    record(step, study, by, {"areas": study.areas, "sites": study.sites, "set_aside": len(study.set_aside)})
    return study


def _areas_and_sites(study: Study) -> tuple[Any, Any]:
    areas, sites = tables.part(study, "given"), tables.part(study, "sites")
    if areas is None or sites is None:
        raise NotPossible(_("Give the areas and the sites first: travel is between them."))
    return areas, sites


def _open(study: Study) -> None:
    if study.options.exists():
        raise NotPossible(_("Options stand on the tables of this study, so they stay as they are. Begin a new study."))


def _named_once(organisation: Any, name: str) -> None:
    if Study.objects.for_organisation(organisation).filter(name=name).exists():
        raise NotPossible(_("There is a study called “%(name)s” already. Choose another name.") % {"name": name})


def _people(areas: Any) -> int:
    return round(math.fsum(areas["people"].to_pylist()))
