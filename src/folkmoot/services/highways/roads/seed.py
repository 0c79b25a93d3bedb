"""The demonstration: the invented town's morning on its roads, and three schemes that a roads authority might weigh."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from folkmoot.foundation.identity.models import Membership, Organisation
from folkmoot.foundation.identity.roles import Role
from folkmoot.foundation.jobs import running
from folkmoot.services.highways.roads import actions, kept, sources
from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy, Source
from folkmoot.services.highways.roads.views.studies import RESIDENTS, TRIPS_EACH

NAME = "Morning in Aldermoor"


def demo() -> None:
    """A study with schemes run, ranked, one proposed and one approved, once; run again it changes nothing."""
    authority = Organisation.objects.filter(code="HA1").first()
    if authority is None or RoadStudy.objects.for_organisation(authority).exists():
        return
    planner, approver = (_who(authority, role) for role in (Role.PLANNER, Role.APPROVER))
    if planner is not None and approver is not None:
        _schemes(town(authority, planner), planner, approver)


def town(organisation: Any, by: Any, name: str = NAME) -> RoadStudy:
    """The town's roads with everybody on them."""
    given = sources.in_the_town(RESIDENTS, sources.Asked(), trips_each=TRIPS_EACH)
    worked(actions.begin(organisation=organisation, name=name, given=given, source=Source.TOWN, by=by))
    found: RoadStudy = RoadStudy.objects.for_organisation(organisation).get(name=name)
    return found


def scheme(
    study: RoadStudy, name: str, pounds: int, changes: list[tuple[str, str, float | None]], by: Any
) -> RoadScheme:
    """A scheme with its changes, run here and now."""
    made = actions.draw_up(study=study, name=name, pounds=pounds, by=by)
    for link, what, value in changes:
        made = actions.change(scheme=made, link=link, what=what, value=value, both_ways=True, by=by)
    worked(actions.run(scheme=made, by=by))
    made.refresh_from_db()
    return made


def worked(job: Any) -> None:
    """Do a job here and now."""
    running.run(str(job.pk))


def _schemes(study: RoadStudy, planner: Any, approver: Any) -> None:
    network = kept.network(study)
    worst = [row["link"] for row in study.findings["worst"]]
    lanes = dict(zip(network.link_id, network.lanes.tolist()))
    first = scheme(
        study, "A second lane where most is lost", 2_400_000, [(worst[0], "widen", lanes[worst[0]] + 1)], planner
    )
    both = [(link, "widen", lanes[link] + 1) for link in worst[:3]]
    scheme(study, "Three bottlenecks at once", 5_500_000, both, planner)
    calm = scheme(study, "20 mph on the fullest street", 90_000, [(worst[1], "slow", 32.0)], planner)
    worked(actions.rank(study=study, asked={"draws": 8, "cell_cv": 0.2, "total_cv": 0.05}, by=planner))
    actions.propose(
        scheme=first, reason="It saves most of the time lost in the morning.", at=timezone.now(), by=planner
    )
    actions.decide(
        scheme=first,
        verb="approve",
        reason="The saving holds over the demand that may come.",
        at=timezone.now(),
        by=approver,
    )
    actions.propose(scheme=calm, reason="Residents asked for it; it costs little time.", at=timezone.now(), by=planner)


def _who(organisation: Any, role: str) -> Any:
    member = Membership.objects.filter(organisation=organisation, role=role).select_related("user").first()
    return member.user if member else None
