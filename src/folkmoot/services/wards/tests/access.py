"""Who may ask which address of the wards, for the access matrix."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from folkmoot.foundation.identity.roles import Role
from folkmoot.services.wards.tests import hospital
from tests.contracts.access import Rule

CARE = frozenset({Role.FLOW_MANAGER, Role.CLINICIAN, Role.WARD_CLERK})
FIGURES = frozenset({Role.FLOW_MANAGER, Role.ANALYST})


class Fresh(Mapping[str, Any]):
    """Form data with a token of its own each time it is read."""

    def __init__(self, **data: Any) -> None:
        self.data = data

    def __getitem__(self, key: str) -> Any:
        return str(uuid4()) if key == "form_token" else self.data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(["form_token", *self.data])

    def __len__(self) -> int:
        return len(self.data) + 1


def a_team(organisation: Any, person: Any) -> dict[str, Any]:
    hospital.small(organisation)
    return {"code": "social"}


def a_stay(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": hospital.small(organisation).stays.first().pk}


def a_task(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": hospital.first_task(hospital.small(organisation)).pk}


def a_log(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": hospital.a_log(organisation, person).pk}


DONE = frozenset({302})
MATRIX: dict[str, Rule] = {
    # Analysts are led on to the analyses.
    "wards/": Rule(roles=CARE | FIGURES, expect=frozenset({200, 302})),
    "wards/board/": Rule(roles=CARE),
    "wards/paper/": Rule(roles=CARE),
    "wards/lists/<slug:code>/": Rule(roles=CARE, make=a_team),
    "wards/patients/<uuid:key>/": Rule(roles=CARE, make=a_stay),
    "wards/patients/<uuid:key>/plan/": Rule(
        roles=CARE, make=a_stay, method="post", expect=DONE,
        data=Fresh(discharge_day="1", discharge_month="1", discharge_year="2040"),
    ),
    "wards/patients/<uuid:key>/criteria/": Rule(
        roles=CARE, make=a_stay, method="post", expect=DONE, data=Fresh(meets="no")
    ),
    "wards/tasks/<uuid:key>/": Rule(
        roles=CARE, make=a_task, method="post", expect=DONE, data=Fresh(verb="delay", reason="family")
    ),
    "wards/order/": Rule(roles=frozenset({Role.FLOW_MANAGER})),
    "wards/what-if/": Rule(roles=FIGURES),
    "wards/analyses/": Rule(roles=FIGURES),
    # Without a file the form comes back.
    "wards/analyses/upload/": Rule(roles=FIGURES, method="post", data=Fresh(), expect=frozenset({422})),
    "wards/analyses/five-steps/": Rule(roles=FIGURES, method="post", data=Fresh()),
    "wards/analyses/<uuid:key>/": Rule(roles=FIGURES, make=a_log),
    "wards/analyses/<uuid:key>/columns/": Rule(roles=FIGURES, make=a_log),
    "wards/analyses/<uuid:key>/rejected.csv": Rule(roles=FIGURES, make=a_log),
}  # fmt: skip
