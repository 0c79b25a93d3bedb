"""Small movement for tests: three zones in a row, a cell in each, and some devices that go to work and back.

Of every hundred lines a few are wrong. Four devices go from Cedar to Birch, too few for a number.
"""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from folkmoot.engines.mobility.disclose import Policy, count, release
from folkmoot.foundation.identity.models import Membership, User
from folkmoot.foundation.jobs import running
from folkmoot.services.highways import actions, checking, folders, making, numbers, publishing, secret
from folkmoot.services.highways.models import Dataset, LawfulBasis, Release
from folkmoot.services.highways.sources import Given, Wanted, looked_at

DAY = date(2026, 3, 2)
ZONES = {"A": ("Ash", -0.50), "B": ("Birch", -0.44), "C": ("Cedar", -0.38)}
HALF = 0.03
# Home, work, how many devices.
COMMUTES = (("A", "B", 40), ("A", "C", 24), ("B", "A", 18), ("B", "C", 30), ("C", "A", 22), ("C", "B", 4))
FEW = 4
PURPOSE = "To see how people get to work."


def somebody(organisation: Any, role: str) -> Any:
    """A member of the organisation who has nothing to do with who asks."""
    user = User.objects.create_user(f"{uuid4()}@test.example", name=f"Some {role}")
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def zones() -> str:
    """The three zones as GeoJSON."""

    def square(lon: float) -> list[list[list[float]]]:
        west, east, south, north = lon - HALF, lon + HALF, 52.95, 53.05
        return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]

    features = [
        {
            "type": "Feature",
            "properties": {"zone_id": code, "name": name},
            "geometry": {"type": "Polygon", "coordinates": square(lon)},
        }
        for code, (name, lon) in ZONES.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def events() -> str:
    """A day of events as CSV, with an empty time, a cell nobody knows, a place twice at once, and a line that is no row."""
    lines = ["user_id,timestamp,cell_id"]
    start = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
    number = 0
    for home, work, devices in COMMUTES:
        for _ in range(devices):
            number += 1
            for half in range(47):
                at = start + timedelta(minutes=30 * half + number % 20)
                cell = work if 18 <= half < 34 else home
                lines.append(f"device{number:04d},{at:%Y-%m-%dT%H:%M:%SZ},cell{cell}")
    lines += [
        "device0001,,cellA", "device0002,2026-03-02T10:00:00Z,cellX", "=cmd|' /C calc'!A0,yesterday,cellA",
        "device0003,2026-03-02T11:00:00Z,cellA", "device0003,2026-03-02T11:00:00Z,cellC", "a,line,with,too,much",
        "device9999,2026-03-02T11:00:00Z,cellA",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def files() -> dict[str, tuple[str, str]]:
    """{part: (file name, text)} as an analyst would send them."""
    cells = "\n".join(f"cell{code},53.0,{lon},1500" for code, (_name, lon) in ZONES.items())
    return {
        "events": ("events.csv", events()),
        "cells": ("cells.csv", f"cell_id,latitude,longitude,range\n{cells}\n"),
        "zones": ("zones.geojson", zones()),
        "opt_outs": ("opt-outs.csv", "user_id\ndevice9999\n"),
    }


def given(**changed: str) -> Given:
    """The files, looked at."""
    home = folders.arriving()
    parts: dict[str, Path] = {}
    for part, (name, text) in files().items():
        (home / part).mkdir()
        parts[part] = home / part / name
        parts[part].write_text(changed.get(part, text), encoding="utf-8")
    return looked_at(parts, home)


def worked(job: Any) -> Any:
    """Do a job here and now, as the worker would."""
    running.run(str(job.pk))
    job.refresh_from_db()
    return job


def checked(organisation: Any, by: Any, name: str = "Network A", **changed: str) -> Dataset:
    """Data that went through every check."""
    found = Dataset.objects.for_organisation(organisation).filter(name=name).first()
    if found is None:
        worked(actions.bring_in(organisation=organisation, name=name, given=given(**changed), by=by))
        found = Dataset.objects.for_organisation(organisation).get(name=name)
    return found


def held(organisation: Any, by: Any, name: str = "Network A") -> Dataset:
    """Data as if they had been checked, where a test is not about the checks."""
    found = Dataset.objects.for_organisation(organisation).filter(name=name).first()
    if found is not None:
        return found
    actions.bring_in(organisation=organisation, name=name, given=given(), by=by)
    found = Dataset.objects.for_organisation(organisation).get(name=name)
    counts = {"read": 6_500, "unreadable": 1, "opted_out": 1, "accepted": 6_490, "rejected": 8}
    pq.write_table(
        pa.table({"user_id": ["=1+1"], "reason": ["user_id is empty"]}), folders.dataset(found) / "rejected.parquet"
    )
    checking.checked(found, checking.Found(counts, DAY, DAY))
    found.refresh_from_db()
    return found


def contributions() -> pa.Table:
    """What each device gave to each pair of zones."""
    rows = []
    for number, (home, work) in enumerate((h, w) for h, w, devices in COMMUTES for _ in range(devices)):
        rows.append({"origin": home, "destination": work, "user_id": f"device{number}", "trips": 1})
        rows.append({"origin": work, "destination": home, "user_id": f"device{number}", "trips": 1})
    # One way only, so that there is a cell with few devices.
    return pa.Table.from_pylist([row for row in rows if (row["origin"], row["destination"]) != ("C", "B") or _few(row)])


def _few(row: dict[str, Any]) -> bool:
    return int(row["user_id"].removeprefix("device")) >= sum(devices for *_ends, devices in COMMUTES[:-1])


def waiting(
    organisation: Any, by: Any, name: str = "Trips", *, totals: bool = False, data: str = "Network A", k: int = 10
) -> Release:
    """A release asked for, whose candidate nobody has made."""
    found = Release.objects.for_organisation(organisation).filter(name=name).first()
    if found is None:
        wanted = Wanted(name, PURPOSE, LawfulBasis.PUBLIC_TASK, k=k, with_totals=totals)
        actions.request(dataset=held(organisation, by, data), wanted=wanted, by=by)
        found = Release.objects.for_organisation(organisation).select_related("dataset", "organisation").get(name=name)
    return found


def candidate(
    organisation: Any, by: Any, name: str = "Trips", *, totals: bool = False, data: str = "Network A", rows: Any = None
) -> Release:
    """A release that waits for a decision: made by disclosure control of the devices above, without their events."""
    found = waiting(organisation, by, name, totals=totals, data=data)
    if found.status != "working":
        return found
    earlier = numbers.everything_out(organisation)
    made = release(
        count(contributions() if rows is None else pa.Table.from_pylist(rows), found.keys, totals=making.totals(found)),
        policy=Policy(k=found.k, round_base=found.round_base, secret=secret.of(organisation)), name=name,
        domain={"origin": list(ZONES), "destination": list(ZONES)}, dates=[str(DAY)],
        earlier=numbers.known(earlier), provenance=making.provenance(found),
    )  # fmt: skip
    zones_ = folders.part(found.dataset, "zones")
    assert zones_ is not None
    making.hold(found, made, zones_)
    return _fresh(found)


def published(
    organisation: Any, by: Any, name: str = "Trips", *, totals: bool = False, data: str = "Network A"
) -> Release:
    """A release that somebody else approved."""
    found = candidate(organisation, by, name, totals=totals, data=data)
    if found.status == "candidate":
        approver = somebody(organisation, "approver")
        actions.approve(release=found, reason="Safe.", at=timezone.now(), by=approver)
        publishing.publish(_fresh(found))
    return _fresh(found)


def withdrawn(organisation: Any, by: Any, name: str = "Trips") -> Release:
    """A release that was published, and is not any more."""
    found = published(organisation, by, name)
    if found.status == "published":
        approver = somebody(organisation, "approver")
        actions.withdraw(release=found, reason="The days were wrong.", at=timezone.now(), by=approver)
    return _fresh(found)


def stopped(organisation: Any, by: Any) -> Release:
    """A release that gives a cell away beside another, published since it was made; approved, and stopped.

    Nothing is rounded, so that totals less what is published within them leave the four devices.
    """
    actions.set_policy(organisation=organisation, minimum_k=10, round_base=1, by=by)
    found = candidate(organisation, by, "Trips with totals", totals=True)
    if found.status == "candidate":
        published(organisation, by, "Trips alone")
        approver = somebody(organisation, "approver")
        actions.approve(release=found, reason="Safe.", at=timezone.now(), by=approver)
        publishing.publish(_fresh(found))
    return _fresh(found)


def _fresh(found: Release) -> Release:
    return (
        Release.objects.for_organisation(found.organisation_id)
        .select_related("dataset", "organisation", "requested_by", "decided_by")
        .get(pk=found.pk)
    )
