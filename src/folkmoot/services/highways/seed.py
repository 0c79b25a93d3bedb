"""The demonstration: movement of an invented town for its roads authority, with releases; then its roads."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.csv
import pyarrow.parquet
from django.utils import timezone

from folkmoot.foundation.identity.models import Membership, Organisation
from folkmoot.foundation.identity.roles import Role
from folkmoot.foundation.jobs import running
from folkmoot.services.highways.models import Dataset, LawfulBasis, Origin, Release
from folkmoot.services.highways.roads import seed as roads
from folkmoot.services.highways.sources import Given, Wanted, looked_at
from folkmoot.town import movement

RESIDENTS = 4_000
MONDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 7)
NAMES = {MONDAY: "Aldermoor, Monday 2 March 2026", SATURDAY: "Aldermoor, Saturday 7 March 2026"}


def of_the_town(home: Path, day: date = MONDAY, residents: int = RESIDENTS) -> Given:
    """A day of a small town: what a network would hand over, in files of their own, with some events that are wrong."""
    made = movement.build(seed=1, residents=residents, first_day=day)
    events = movement.faults(made, rate=0.004).events
    parts = {
        name: home / f"{name}.parquet" if name in {"events", "opt_outs"} else home / f"{name}.csv"
        for name in ("events", "cells", "population", "opt_outs")
    }
    pyarrow.parquet.write_table(events, parts["events"], compression="zstd")
    pyarrow.parquet.write_table(made["opt_outs"], parts["opt_outs"], compression="zstd")
    for name in ("cells", "population"):
        pyarrow.csv.write_csv(made[name], parts[name])
    for name, part in (("zones", "zones"), ("rail", "rails"), ("ways", "ways")):
        parts[part] = home / f"{part}.geojson"
        parts[part].write_text(_geojson(made[name]), encoding="utf-8")
    return looked_at(parts, home)


def _geojson(table: Any) -> str:
    from shapely import from_wkb
    from shapely.geometry import mapping

    features = [
        {"type": "Feature", "properties": row, "geometry": mapping(from_wkb(row.pop("wkb")))}
        for row in table.to_pylist()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, default=str)


def demo() -> None:
    """Everything the room shows, once; run again it changes nothing."""
    authority = Organisation.objects.filter(code="HA1").first()
    if authority is None:
        return
    analyst, approver = (_who(authority, role) for role in (Role.ANALYST, Role.APPROVER))
    if analyst and approver and not Dataset.objects.for_organisation(authority).exists():
        releases(authority, analyst, approver)
    roads.demo()


def releases(authority: Any, analyst: Any, approver: Any) -> None:
    """Two days of the town, checked; a release of one published, one of the other that waits."""
    from folkmoot.services.highways import actions

    first = asked(
        day(authority, MONDAY, analyst), Wanted(
            "Trips between zones, 2 March 2026", "To see where people travel on a working day, for the transport plan.",
            LawfulBasis.PUBLIC_TASK,
        ), analyst,
    )  # fmt: skip
    worked(
        actions.approve(
            release=first, reason="No blank can be found out, and the purpose is that of the transport plan.",
            at=timezone.now(), by=approver,
        )
    )  # fmt: skip
    asked(
        day(authority, SATURDAY, analyst), Wanted(
            "Trips by means of travel, 7 March 2026", "To see how many trips of a Saturday could go by rail.",
            LawfulBasis.PUBLIC_TASK, by_mode=True,
        ), analyst,
    )  # fmt: skip


def day(authority: Any, which: date, by: Any) -> Dataset:
    """A day of the town, checked here and now."""
    from folkmoot.services.highways import actions, folders

    given = of_the_town(folders.arriving(), which)
    worked(actions.bring_in(organisation=authority, name=NAMES[which], given=given, origin=Origin.TOWN, by=by))
    found: Dataset = Dataset.objects.for_organisation(authority).get(name=NAMES[which])
    return found


def asked(found: Dataset, wanted: Wanted, by: Any) -> Release:
    """A release with its candidate, made here and now."""
    from folkmoot.services.highways import actions

    worked(actions.request(dataset=found, wanted=wanted, by=by))
    made: Release = found.releases.get(name=wanted.name)
    return made


def worked(job: Any) -> None:
    """Do a job here and now."""
    running.run(str(job.pk))


def _who(organisation: Any, role: str) -> Any:
    member = Membership.objects.filter(organisation=organisation, role=role).select_related("user").first()
    return member.user if member else None
