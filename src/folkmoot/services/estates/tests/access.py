"""Who may ask which address of estates, for the access matrix."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django.utils import timezone

from folkmoot.foundation.identity.roles import Role
from folkmoot.services.estates import actions, exports
from folkmoot.services.estates.models import Programme
from folkmoot.services.estates.tests import estates
from tests.contracts.access import Rule

PLANS = frozenset({Role.PLANNER, Role.ANALYST})
SEES = PLANS | {Role.APPROVER}
READS = SEES | {Role.PUBLIC_READER}
PROPOSES = frozenset({Role.PLANNER})
DECIDES = frozenset({Role.APPROVER})


class Fresh(Mapping[str, Any]):
    """Form data with a token of its own each time it is read."""

    def __getitem__(self, key: str) -> Any:
        return str(uuid4())

    def __iter__(self) -> Iterator[str]:
        return iter(["form_token"])

    def __len__(self) -> int:
        return 1


def an_estate(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": estates.small(organisation, person).pk}


def a_site(organisation: Any, person: Any) -> dict[str, Any]:
    return {**an_estate(organisation, person), "code": "R2"}


def a_draft(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": estates.solved(estates.small(organisation, person), person).pk}


def a_proposal(organisation: Any, person: Any) -> dict[str, Any]:
    programme = estates.solved(estates.small(organisation, person), person)
    planner = estates.somebody(organisation, Role.PLANNER)
    return {"key": actions.propose(programme=programme, reason="Good.", at=timezone.now(), by=planner).pk}


def an_approved_programme(organisation: Any, person: Any) -> dict[str, Any]:
    programme = Programme.objects.for_organisation(organisation).get(pk=a_proposal(organisation, person)["key"])
    approver = estates.somebody(organisation, Role.APPROVER)
    return {"key": actions.approve(programme=programme, reason="Fair.", at=timezone.now(), by=approver).pk}


DONE = frozenset({302})
MATRIX: dict[str, Rule] = {
    # Public readers are led on to what is approved.
    "estates/": Rule(roles=READS, expect=frozenset({200, 302})),
    "estates/approved/": Rule(roles=READS),
    "estates/new/": Rule(roles=PLANS),
    "estates/<uuid:key>/": Rule(roles=SEES, make=an_estate),
    "estates/<uuid:key>/figures/": Rule(roles=PLANS, make=an_estate),
    "estates/<uuid:key>/sites/<path:code>/": Rule(roles=PLANS, make=a_site),
    "estates/<uuid:key>/sites/<path:code>/desks/": Rule(roles=PLANS, make=a_site),
    "estates/<uuid:key>/frontier/": Rule(roles=PLANS, make=an_estate, method="post", data=Fresh(), expect=DONE),
    "estates/<uuid:key>/set-aside.csv": Rule(roles=SEES, make=an_estate),
    "estates/<uuid:key>/compare/": Rule(roles=SEES, make=an_estate),
    "estates/<uuid:key>/programmes/new/": Rule(roles=PLANS, make=an_estate),
    # Before it is approved a programme is for those who plan and decide.
    "estates/programmes/<uuid:key>/": Rule(roles=SEES, make=a_draft),
    "estates/programmes/<uuid:key>/pounds/": Rule(roles=READS, make=an_approved_programme),
    "estates/programmes/<uuid:key>/paper/": Rule(roles=READS, make=an_approved_programme),
    "estates/programmes/<uuid:key>/again/": Rule(roles=PLANS, make=a_draft, method="post", data=Fresh(), expect=DONE),
    "estates/programmes/<uuid:key>/propose/": Rule(roles=PROPOSES, make=a_draft),
    "estates/programmes/<uuid:key>/withdraw/": Rule(roles=PROPOSES, make=a_proposal),
    "estates/programmes/<uuid:key>/decide/": Rule(roles=DECIDES, make=a_proposal),
    # Lists are never refused: they hold what the person may see.
    "api/v1/estates/estates": Rule(stranger=frozenset({401})),
    "api/v1/estates/programmes": Rule(stranger=frozenset({401})),
    "api/v1/estates/estates/<uuidstr:key>": Rule(roles=SEES, make=an_estate, stranger=frozenset({401})),
    "api/v1/estates/programmes/<uuidstr:key>": Rule(roles=READS, make=an_approved_programme, stranger=frozenset({401})),
    **{
        f"estates/programmes/<uuid:key>/{name}": Rule(roles=READS, make=an_approved_programme) for name in exports.FILES
    },
}
