"""Who may ask which address of roads, for the access matrix."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django.utils import timezone

from folkmoot.foundation.identity.models import Membership, User
from folkmoot.foundation.identity.roles import Role
from folkmoot.services.highways.roads import actions
from folkmoot.services.highways.roads.models import RoadStudy
from folkmoot.services.highways.roads.tests import nets
from tests.contracts.access import Rule

PLANS = frozenset({Role.PLANNER, Role.ANALYST})
SEES = PLANS | {Role.APPROVER}
DECIDES = frozenset({Role.APPROVER})
DONE = frozenset({302})
NOT_THERE = frozenset({404})


class Fresh(Mapping[str, Any]):
    """Form data with a token of its own each time it is read."""

    def __getitem__(self, key: str) -> Any:
        return str(uuid4())

    def __iter__(self) -> Iterator[str]:
        return iter(["form_token"])

    def __len__(self) -> int:
        return 1


def _somebody(organisation: Any, role: str) -> Any:
    user = User.objects.create_user(f"{uuid4()}@test.example", name=f"Some {role}")
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def a_study(organisation: Any, person: Any) -> dict[str, Any]:
    found: RoadStudy = nets.study(organisation, person)
    return {"key": found.pk}


def a_draft(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": nets.scheme(nets.study(organisation, person), person).pk}


def a_proposal(organisation: Any, person: Any) -> dict[str, Any]:
    scheme = nets.scheme(nets.study(organisation, person), person)
    planner = _somebody(organisation, Role.PLANNER)
    return {"key": actions.propose(scheme=scheme, reason="Good.", at=timezone.now(), by=planner).pk}


API = frozenset({401})
MATRIX: dict[str, Rule] = {
    "highways/roads/": Rule(roles=SEES),
    "highways/roads/new/": Rule(roles=PLANS),
    "highways/roads/approved/": Rule(anonymous=True),
    # Whoever asks: what is not approved is not there. tests/journeys/test_roads.py reads an approved one without log-in.
    "highways/roads/approved/<uuid:key>/": Rule(anonymous=True, make=a_draft, expect=NOT_THERE),
    "highways/roads/approved/<uuid:key>/change.geojson": Rule(anonymous=True, make=a_draft, expect=NOT_THERE),
    "highways/roads/approved/<uuid:key>/before-and-after.csv": Rule(anonymous=True, make=a_draft, expect=NOT_THERE),
    "highways/roads/<uuid:key>/": Rule(roles=SEES, make=a_study),
    "highways/roads/<uuid:key>/assign/": Rule(roles=PLANS, make=a_study, method="post", data=Fresh(), expect=DONE),
    "highways/roads/<uuid:key>/link/": Rule(roles=SEES, make=a_study),
    "highways/roads/<uuid:key>/ranking/": Rule(roles=SEES, make=a_study),
    "highways/roads/<uuid:key>/schemes/new/": Rule(roles=PLANS, make=a_study),
    "highways/roads/<uuid:key>/flows.geojson": Rule(roles=SEES, make=a_study),
    "highways/roads/<uuid:key>/links.csv": Rule(roles=SEES, make=a_study),
    "highways/roads/<uuid:key>/links.geojson": Rule(roles=SEES, make=a_study),
    "highways/roads/schemes/<uuid:key>/": Rule(roles=SEES, make=a_draft),
    "highways/roads/schemes/<uuid:key>/changes/": Rule(roles=PLANS, make=a_draft),
    "highways/roads/schemes/<uuid:key>/run/": Rule(roles=PLANS, make=a_draft, method="post", data=Fresh(), expect=DONE),
    "highways/roads/schemes/<uuid:key>/propose/": Rule(roles=PLANS, make=a_draft),
    "highways/roads/schemes/<uuid:key>/withdraw/": Rule(roles=PLANS, make=a_proposal),
    "highways/roads/schemes/<uuid:key>/decide/": Rule(roles=DECIDES, make=a_proposal),
    "highways/roads/schemes/<uuid:key>/change.geojson": Rule(roles=SEES, make=a_draft),
    "highways/roads/schemes/<uuid:key>/before-and-after.csv": Rule(roles=SEES, make=a_draft),
    # Lists are never refused: they hold what the person may see.
    "api/v1/highways/roads/studies": Rule(stranger=API),
    "api/v1/highways/roads/studies/<uuidstr:key>": Rule(roles=SEES, make=a_study, stranger=API),
    "api/v1/highways/roads/schemes": Rule(stranger=API),
    "api/v1/highways/roads/schemes/<uuidstr:key>": Rule(roles=SEES, make=a_draft, stranger=API),
    "api/v1/highways/roads/approved": Rule(anonymous=True),
}
