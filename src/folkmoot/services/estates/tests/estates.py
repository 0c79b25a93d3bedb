"""Small estates for tests: five clinics and offices along a road with room for one another, or the invented town."""

import csv
import io
from typing import Any
from uuid import uuid4

import numpy as np

from folkmoot.engines.estate import CostLine, EstateSite, Source, Travel
from folkmoot.foundation.identity.models import Membership, User
from folkmoot.foundation.jobs import running
from folkmoot.services.estates import actions, seed
from folkmoot.services.estates.models import Estate, Programme
from folkmoot.services.estates.question import Question
from folkmoot.services.estates.sources import Given
from folkmoot.vocabulary.money import Money

FILE = "road.csv"
OFFICE, CLINIC = "non-clinical", "outpatient"
# Code, name, clinical m², office m², empty %, £ a year, tenure, lease break, minutes from the two ends of the road.
ROWS = (
    ("R1", "WEST CLINIC", 800.0, 100.0, 40.0, 400_000, "freehold", None, 2.0),
    ("R2", "MILL CLINIC", 100.0, 0.0, 0.0, 60_000, "leasehold", 2028, 8.0),
    ("R3", "=OLD OFFICE", 0.0, 150.0, 0.0, 70_000, "freehold", None, 10.0),
    ("R4", "EAST CLINIC", 600.0, 80.0, 35.0, 350_000, "unknown", None, 16.0),
    ("R5", "FAR OFFICE", 0.0, 90.0, 10.0, 50_000, "leasehold", 2029, 18.0),
)


def somebody(organisation: Any, role: str) -> Any:
    """A member of the organisation who has nothing to do with who asks."""
    user = User.objects.create_user(f"{uuid4()}@test.example", name=f"Some {role}")
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def sites(*, placed: bool = True) -> tuple[EstateSite, ...]:
    """The road's sites; one has a name that a spreadsheet would take for a formula."""
    return tuple(
        EstateSite(
            code, name, "Clinic" if clinical else "Office", clinical + office, clinical, office, empty, 0.0,
            (CostLine("running cost", Money(100 * cost), "running", Source(FILE, row, "running_cost")),),
            Source(FILE, row, "gia_m2"), needs=((CLINIC, clinical), (OFFICE, office)), accepts=(CLINIC, OFFICE),
            tenure=tenure, lease_break=leave, lease_end=None if leave is None else leave + 5,
            lon=-0.5 + along / 100 if placed else None, lat=53.0 if placed else None,
        )
        for row, (code, name, clinical, office, empty, cost, tenure, leave, along) in enumerate(ROWS, start=2)
    )  # fmt: skip


def given(*, travel: bool = True, placed: bool = True) -> Given:
    """The estate as it would have been read: a poor area in the west, a rich one in the east."""
    along = np.array([row[-1] for row in ROWS])
    minutes = np.abs(np.array([4.0, 15.0])[:, None] - along[None, :])
    codes = tuple(row[0] for row in ROWS)
    ways = Travel(("west", "east"), np.array([600.0, 400.0]), np.array([1, 9]), codes, minutes)
    return Given(
        sites(placed=placed), "2016-17", travel=ways if travel else None, statements=("Along a road.",),
        set_aside=({"row": 9, "code": "R9", "reason": "Its floor is “Not Applicable”."},),
        aggregates=({"code": "AGGRE", "name": "OTHERS", "m2": 300.0, "pounds": 90_000.0, "file": FILE, "row": 8},),
        others=2,
    )  # fmt: skip


def small(organisation: Any, by: Any, name: str = "Road", **asked: Any) -> Estate:
    """The road, kept."""
    return actions.take_in(organisation=organisation, name=name, given=given(**asked), by=by)


def solved(estate: Estate, by: Any, name: str = "Five sites", **asked: Any) -> Programme:
    """A programme with its answer; at most five of seven sites unless asked otherwise."""
    return seed.solved(estate, name, Question(**{"max_sites": 5, "seconds": 20, **asked}), by)


def started(organisation: Any) -> Any:
    """Run the job that waits, as the worker would, and return it."""
    from folkmoot.foundation.jobs.models import Job

    job = Job.objects.for_organisation(organisation).filter(state="waiting").order_by("-created_at").first()
    assert job is not None
    running.run(str(job.pk))
    job.refresh_from_db()
    return job


HEAD = (
    "Organisation Code", "Organisation Name", "Organisation Type", "Site Code", "Site Name", "Site Type",
    "Gross internal floor area (m²)", "Clinical space (m²)", "Non-clinical space (m²)", "Floor area - empty (%)",
    "Floor area - under used (%)", "Cleaning service cost (£)",
)  # fmt: skip
CLINIC_TYPE = "7. Non inpatient"


def eric(*rows: tuple[str, ...]) -> bytes:
    """A site file of the trust RXX as ERIC has it: code, name, floor, clinical, offices, empty %, £ a year."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for code, name, floor, clinical, office, empty, cost in rows:
        kind = "Aggregate site" if code == "AGGRE" else CLINIC_TYPE
        writer.writerow(("RXX", "A TRUST", "COMMUNITY", code, name, kind, floor, clinical, office, empty, "0", cost))
    return text.getvalue().encode()


ERIC_ROWS = (
    ("RXX01", "ST MARY'S CLINIC", "1,000", "600", "300", "40", "200,000"),
    ("RXX02", "MILL CLINIC", "300", "200", "60", "0", "90,000"),
    ("RXX03", "LOST CLINIC", "about 400", "200", "60", "0", "90,000"),
    ("RXX04", "=HYPERLINK(1)", "250", "150", "50", "0", "80,000"),
    ("AGGRE", "OTHER SITES", "2,000", "900", "800", "0", "400,000"),
)
