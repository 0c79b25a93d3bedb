"""A small hospital for tests: the town's, with everybody in it and their history, or a handful of patients by hand."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.utils import timezone

from folkmoot import town
from folkmoot.services.wards import actions, seed
from folkmoot.services.wards.models import Analysis, Hospital, Stay, Task, TaskStatus, Team, Ward, WhatIf


@cache
def _town() -> Any:
    return town.build(seed=1, scale="demo").tables


def of_the_town(organisation: Any, now: datetime | None = None) -> Hospital:
    """The synthetic town's hospital, as the demonstration has it."""
    return seed.hospital(organisation, _town(), now or timezone.now())


def small(organisation: Any, now: datetime | None = None) -> Hospital:
    """One team that is always on duty, one ward, three patients who wait for it, the first of them longest."""
    at = now or timezone.now()
    place = Hospital.objects.for_organisation(organisation).create(name="Small", policy="fcfs")
    always = [[day, 0, 1440, 1] for day in range(7)]
    team = Team.objects.for_organisation(organisation).create(
        hospital=place, code="social", name="Social care", shifts=always
    )
    ward = Ward.objects.for_organisation(organisation).create(hospital=place, code="frail", name="Frailty", beds=4)
    for number, waited in enumerate((9, 6, 3), start=1):
        stay = Stay.objects.for_organisation(organisation).create(
            hospital=place, ward=ward, pseudonym=f"P-{number}", admitted_at=at - timedelta(days=3),
            first_planned_discharge=at + timedelta(days=1), planned_discharge=at + timedelta(days=1),
        )  # fmt: skip
        task(stay, team, "social-assessment", 0, ready=at - timedelta(hours=waited))
        task(stay, team, "tto", 1, after=[0])
    return place


def task(stay: Stay, team: Team | None, code: str, number: int, **given: Any) -> Task:
    """A task of a stay."""
    made: Task = Task.objects.for_organisation(stay.organisation_id).create(
        stay=stay, team=team, code=code, number=number, estimate_hours=2.0, after=given.get("after", []),
        ready_at=given.get("ready"), status=TaskStatus.OPEN,
    )  # fmt: skip
    return made


def first_task(place: Hospital) -> Task:
    """The task that has waited longest."""
    found: Task = place.stays.get(pseudonym="P-1").tasks.get(number=0)
    return found


def a_log(organisation: Any, by: Any, *, header: str = "patient,activity,time,team") -> Analysis:
    """An uploaded log of twenty short stays."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    rows = [header]
    for n in range(20):
        rows += [f"p{n},Admission,2026-03-{1 + n:02d} 08:00,desk", f"p{n},Review,2026-03-{1 + n:02d} 11:00,doctor",
                 f"p{n},Release,2026-03-{1 + n:02d} {12 + n % 8}:00,ward"]  # fmt: skip
    return actions.upload(
        organisation=organisation, file=SimpleUploadedFile("march.csv", "\n".join(rows).encode()), by=by
    )


def a_what_if(place: Hospital, by: Any) -> WhatIf:
    """A question not answered yet."""
    made: WhatIf = WhatIf.objects.for_organisation(place.organisation_id).create(
        hospital=place, by=by, question={"team": "social", "change": "staff", "extra": 1, "days": [5]}
    )
    return made
