"""Who may ask which address of places, for the access matrix."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django.utils import timezone

from folkmoot.foundation.identity.roles import Role
from folkmoot.services.places import actions, exports
from folkmoot.services.places.retail import actions as retail
from folkmoot.services.places.retail import exports as retail_exports
from folkmoot.services.places.tests import markets, places
from tests.contracts.access import Rule

PLANS = frozenset({Role.PLANNER, Role.ANALYST})
SEES = PLANS | {Role.APPROVER}
READS = SEES | {Role.PUBLIC_READER}
PROPOSES = frozenset({Role.PLANNER})
DECIDES = frozenset({Role.APPROVER})


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


def a_study(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": places.small(organisation, person).pk}


def a_goal(organisation: Any, person: Any) -> dict[str, Any]:
    return {**a_study(organisation, person), "goal": "mclp"}


def a_draft(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": places.solved(places.small(organisation, person), person).pk}


def a_proposal(organisation: Any, person: Any) -> dict[str, Any]:
    option = places.solved(places.small(organisation, person), person)
    planner = places.somebody(organisation, Role.PLANNER)
    return {"key": actions.propose(option=option, reason="Good.", at=timezone.now(), by=planner).pk}


def an_approved_plan(organisation: Any, person: Any) -> dict[str, Any]:
    from folkmoot.services.places.models import Option

    option = Option.objects.for_organisation(organisation).get(pk=a_proposal(organisation, person)["key"])
    approver = places.somebody(organisation, Role.APPROVER)
    return {"key": actions.approve(option=option, reason="Fair.", at=timezone.now(), by=approver).pk}


def a_market(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": markets.town(organisation, person).pk}


def a_centre(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": markets.drawn(markets.town(organisation, person), person).pk}


def a_proposed_centre(organisation: Any, person: Any) -> dict[str, Any]:
    drawn = markets.drawn(markets.town(organisation, person), person)
    planner = places.somebody(organisation, Role.PLANNER)
    return {"key": retail.propose(centre=drawn, reason="Good.", at=timezone.now(), by=planner).pk}


def an_approved_centre(organisation: Any, person: Any) -> dict[str, Any]:
    from folkmoot.services.places.retail.models import Centre

    proposed = Centre.objects.for_organisation(organisation).get(pk=a_proposed_centre(organisation, person)["key"])
    approver = places.somebody(organisation, Role.APPROVER)
    retail.decide(centre=proposed, verb="approve", reason="Fair.", at=timezone.now(), by=approver)
    return {"key": proposed.pk}


DONE = frozenset({302})
MATRIX: dict[str, Rule] = {
    # Public readers are led on to what is approved.
    "places/": Rule(roles=READS, expect=frozenset({200, 302})),
    "places/approved/": Rule(roles=READS),
    "places/studies/new/": Rule(roles=PLANS),
    "places/studies/<uuid:key>/": Rule(roles=SEES, make=a_study),
    "places/studies/<uuid:key>/areas/": Rule(roles=PLANS, make=a_study),
    "places/studies/<uuid:key>/sites/": Rule(roles=PLANS, make=a_study),
    "places/studies/<uuid:key>/travel/": Rule(roles=PLANS, make=a_study),
    "places/studies/<uuid:key>/set-aside.csv": Rule(roles=SEES, make=a_study),
    "places/studies/<uuid:key>/compare/": Rule(roles=SEES, make=a_study),
    "places/studies/<uuid:key>/options/new/": Rule(roles=PLANS, make=a_study),
    "places/studies/<uuid:key>/options/new/<slug:goal>/": Rule(roles=PLANS, make=a_goal),
    # Before it is approved an option is for those who plan and decide.
    "places/options/<uuid:key>/": Rule(roles=SEES, make=a_draft),
    "places/options/<uuid:key>/paper/": Rule(roles=READS, make=an_approved_plan),
    "places/options/<uuid:key>/solve/": Rule(roles=PLANS, make=a_draft, method="post", data=Fresh(), expect=DONE),
    "places/options/<uuid:key>/alternatives/": Rule(
        roles=PLANS, make=a_draft, method="post", data=Fresh(), expect=DONE
    ),
    "places/options/<uuid:key>/robustness/": Rule(roles=PLANS, make=a_draft, method="post", data=Fresh(), expect=DONE),
    "places/options/<uuid:key>/propose/": Rule(roles=PROPOSES, make=a_draft),
    "places/options/<uuid:key>/withdraw/": Rule(roles=PROPOSES, make=a_proposal),
    "places/options/<uuid:key>/decide/": Rule(roles=DECIDES, make=a_proposal),
    "places/markets/": Rule(roles=SEES),
    "places/markets/new/": Rule(roles=PLANS),
    "places/markets/<uuid:key>/": Rule(roles=SEES, make=a_market),
    "places/markets/<uuid:key>/law/": Rule(roles=PLANS, make=a_market, method="post", data=Fresh(), expect=DONE),
    "places/markets/<uuid:key>/draw/": Rule(roles=PLANS, make=a_market),
    "places/markets/<uuid:key>/best/": Rule(roles=SEES, make=a_market),
    "places/markets/<uuid:key>/compare/": Rule(roles=SEES, make=a_market),
    "places/centres/<uuid:key>/": Rule(roles=SEES, make=a_centre),
    "places/centres/<uuid:key>/paper/": Rule(roles=READS, make=an_approved_centre),
    "places/centres/<uuid:key>/forecast/": Rule(roles=PLANS, make=a_centre, method="post", data=Fresh(), expect=DONE),
    "places/centres/<uuid:key>/propose/": Rule(roles=PROPOSES, make=a_centre),
    "places/centres/<uuid:key>/withdraw/": Rule(roles=PROPOSES, make=a_proposed_centre),
    "places/centres/<uuid:key>/decide/": Rule(roles=DECIDES, make=a_proposed_centre),
    **{
        f"places/centres/<uuid:key>/{name}": Rule(roles=READS, make=an_approved_centre) for name in retail_exports.FILES
    },
    "api/v1/places/markets": Rule(stranger=frozenset({401})),
    "api/v1/places/centres": Rule(stranger=frozenset({401})),
    "api/v1/places/centres/<uuidstr:key>": Rule(roles=READS, make=an_approved_centre, stranger=frozenset({401})),
    # Lists are never refused: they hold what the person may see.
    "api/v1/places/studies": Rule(stranger=frozenset({401})),
    "api/v1/places/options": Rule(stranger=frozenset({401})),
    "api/v1/places/studies/<uuidstr:key>": Rule(roles=SEES, make=a_study, stranger=frozenset({401})),
    "api/v1/places/options/<uuidstr:key>": Rule(roles=READS, make=an_approved_plan, stranger=frozenset({401})),
    **{f"places/options/<uuid:key>/{name}": Rule(roles=READS, make=an_approved_plan) for name in exports.FILES},
}
