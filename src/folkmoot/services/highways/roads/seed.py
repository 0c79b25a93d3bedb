"""The demonstration: the invented town's morning on its roads, and three schemes that a roads authority might weigh."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from django.utils import timezone

from folkmoot.foundation.identity.models import Membership, Organisation
from folkmoot.foundation.identity.roles import Role
from folkmoot.foundation.jobs import running
from folkmoot.services.highways.roads import actions, kept, sources
from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy, Source
from folkmoot.town import movement

NAME = "Morning in Aldermoor"
RESIDENTS, TRIPS_EACH = 20_000, 2.5
"""How large the invented town is, and how many vehicles each of its trips stands for, so that there are queues to see."""
EIGHT = 8


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
    given = in_the_town(RESIDENTS, sources.Asked(), trips_each=TRIPS_EACH)
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


def in_the_town(residents: int, asked: sources.Asked, *, trips_each: float = 1.0) -> sources.GivenRoads:
    """The invented town's ways, and who drives there from eight to nine."""
    made = _town(residents)
    with TemporaryDirectory() as place:
        paths = {name: Path(place) / f"{name}.geojson" for name in ("ways", "zones")}
        for name, path in paths.items():
            path.write_text(json.dumps(_geojson(made[name])), encoding="utf-8")
        network, zones = sources.roads_and_zones(paths["ways"], paths["zones"])
    at = {code: k for k, code in enumerate(network.zones)}
    count = {"car": np.zeros((len(at), len(at))), "heavy goods": np.zeros((len(at), len(at)))}
    for row in made["truth_trips"].select(["origin_zone", "destination_zone", "departed", "mode"]).to_pylist():
        ends = at.get(row["origin_zone"]), at.get(row["destination_zone"])
        if row["mode"] in count and row["departed"].hour == EIGHT and None not in ends:
            count[row["mode"]][ends] += trips_each
    said = (
        f"The town is invented: {residents:,} residents whose days are drawn from stated laws, not measured.",
        f"{count['car'].sum():,.0f} cars and {count['heavy goods'].sum():,.0f} heavy goods vehicles set out from eight to "
        "nine" + (f"; each of them stands for {trips_each:g}." if trips_each != 1 else "."),
    )
    return sources.vehicles(network, zones, count["car"], None, None, said, asked, heavy=count["heavy goods"][None])


@cache
def _town(residents: int) -> Any:
    return movement.build(seed=1, residents=residents)


def _geojson(table: Any) -> dict[str, Any]:
    """A table with a column `wkb` as features."""
    import shapely
    from shapely.geometry import mapping

    rows = table.to_pylist()
    shapes = [mapping(shapely.from_wkb(row.pop("wkb"))) for row in rows]
    features = [{"type": "Feature", "properties": row, "geometry": at} for row, at in zip(rows, shapes)]
    return {"type": "FeatureCollection", "features": features}
