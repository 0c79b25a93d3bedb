"""The demonstration: the estate of the invented town's hospital trust, with programmes solved, proposed and approved."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils import timezone

from folkmoot import town
from folkmoot.engines.estate import sites_of, travel_of
from folkmoot.foundation.identity.models import Membership, Organisation
from folkmoot.foundation.identity.roles import Role
from folkmoot.foundation.jobs import running
from folkmoot.services.estates.models import Estate, Origin, Programme
from folkmoot.services.estates.question import Question
from folkmoot.services.estates.sources import Given

NAME = "Hospital trust of Aldermoor"
INVENTED = (
    "An invented trust of the synthetic town: its sites, leases and costs are drawn from stated laws, not measured."
)


@cache
def of_the_town() -> Given:
    """The trust of the town: 112 sites with leases, positions and travel times."""
    held = town.build(seed=1, scale="demo").tables
    sites = sites_of(held["estate_sites"], held["estate_services"])
    travel = travel_of(held["estate_travel"], held["areas"])
    return Given(sites, "the town’s year", travel=travel, statements=(INVENTED,))


def demo() -> None:
    """An estate and programmes for the trust of the demo, once; run again it changes nothing."""
    trust = Organisation.objects.filter(code="RM1").first()
    if trust is None or Estate.objects.for_organisation(trust).exists():
        return
    planner, approver = (_who(trust, role) for role in (Role.PLANNER, Role.APPROVER))
    if planner is not None and approver is not None:
        estate(trust, planner, approver)


def estate(trust: Any, planner: Any, approver: Any) -> None:
    """Offices first, worked out here and approved; fewer than 70 sites is left to the worker, which has more time."""
    from folkmoot.services.estates import actions

    found = actions.take_in(organisation=trust, name=NAME, given=of_the_town(), origin=Origin.TOWN, by=planner)
    first = solved(found, "Offices first, every clinic stays", offices_only(found), planner)
    actions.propose(
        programme=first, reason="It saves most of what offices can save, and no patient has further to go.",
        at=timezone.now(), by=planner,
    )  # fmt: skip
    actions.approve(
        programme=first, reason="Begin with the offices; bring the clinics back with travel limits.",
        at=timezone.now(), by=approver,
    )  # fmt: skip
    actions.draw_frontier(estate=found, by=planner)
    actions.ask(estate=found, name="Fewer than 70 sites", asked=Question(max_sites=69), by=planner)


def offices_only(found: Estate) -> Question:
    """Every site where patients are seen must stay."""
    from folkmoot.services.estates import question

    clinical = [site.code for site in question.sites(found) if any(s != "non-clinical" for s, _m2 in site.needs)]
    return Question(must_keep=tuple(clinical), seconds=20)


def solved(found: Estate, name: str, asked: Question, by: Any) -> Programme:
    """A programme with its answer, worked out here and now."""
    from folkmoot.services.estates import actions

    running.run(str(actions.ask(estate=found, name=name, asked=asked, by=by).pk))
    made: Programme = found.programmes.get(name=name)
    return made


def _who(organisation: Any, role: str) -> Any:
    member = Membership.objects.filter(organisation=organisation, role=role).select_related("user").first()
    return member.user if member else None
