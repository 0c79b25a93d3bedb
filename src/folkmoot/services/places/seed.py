"""The demonstration: studies of the invented town for its council, with options solved, proposed and approved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from django.utils import timezone

from folkmoot import town
from folkmoot.foundation.identity.models import Membership, Organisation
from folkmoot.foundation.identity.roles import Role
from folkmoot.foundation.jobs import running
from folkmoot.services.places.models import Option, Source, Study
from folkmoot.services.places.question import Question
from folkmoot.services.places.retail.sources import GivenMarket
from folkmoot.services.places.uploads import Given, Way

KINDS = ("library", "health hub", "charge point")
NAMES = {"library": "Libraries of Aldermoor", "charge point": "Charge points of Aldermoor"}
INVENTED = "The town of Aldermoor is invented: its people, streets and sites are drawn from stated laws, not measured."


@dataclass(frozen=True, eq=False)
class TownTables:
    """What a study needs, for one kind of site of the town."""

    areas: Given
    sites: Given
    way: Way


@cache
def _town() -> Any:
    return town.build(seed=1, scale="demo").tables


def town_tables(kind: str) -> TownTables:
    """The town's areas, the sites of one kind, and the minutes between them over the town's streets."""
    given = _town()
    areas, sites = given["areas"], given["siting_candidates"]
    sites = sites.filter(pa.compute.equal(sites["kind"], kind))
    older = pa.compute.add(areas["age_65_79"], areas["age_80_plus"])
    people = areas["population"].to_numpy().astype(float)
    without = np.round(people * (1 - areas["car_access_share"].to_numpy()), 1)
    return TownTables(
        Given(
            pa.table(
                {
                    "area": areas["lsoa21cd"], "name": areas["name"], "lon": areas["lon"], "lat": areas["lat"],
                    "people": pa.array(people), "decile": pa.compute.cast(areas["imd_decile"], pa.string()),
                    "older": pa.compute.cast(older, pa.float64()), "without_car": pa.array(without),
                }
            ),
            statements=(INVENTED,),
        ),
        Given(
            pa.table(
                {
                    "site": sites["site_id"], "name": sites["name"], "lon": sites["lon"], "lat": sites["lat"],
                    "existing": sites["existing"], "capacity": pa.compute.cast(sites["capacity"], pa.float64()),
                    "opening_cost": sites["yearly_cost_pounds"],
                }
            )
        ),
        Way(
            _minutes(given, areas["lsoa21cd"].to_pylist(), sites["site_id"].to_pylist()),
            list(range(len(areas))),
            statements=("By car, the shortest way over the town’s streets at their speeds.",),
        ),
    )  # fmt: skip


def town_market() -> GivenMarket:
    """The town's shops and what its people chose, by a law that a calibration should find again."""
    from folkmoot.services.places.retail.tables import PARTS

    given = _town()
    return GivenMarket({name: given[name] for name in PARTS}, (INVENTED,))


def market(council: Any, planner: Any) -> None:
    """The town's market with its law, the best place, and two centres drawn, one of them proposed."""
    from folkmoot.services.places.retail import actions
    from folkmoot.services.places.retail.models import Centre, Market

    worked(
        actions.begin(
            organisation=council, name="Shopping in Aldermoor", given=town_market(), source=Source.TOWN, by=planner
        )
    )
    shops = Market.objects.for_organisation(council).get()
    worked(
        actions.find_place(
            market=shops, asked={"objective": "benefit", "margin": None, "most_loss_percent": 15.0}, by=planner
        )
    )
    for name, lon, lat, m2 in (
        ("Ring road east", -0.52173, 53.08884, 4500.0),
        ("Bus depot", -0.51519, 53.06601, 3000.0),
    ):
        worked(
            actions.draw(
                market=shops, by=planner, name=name, lon=lon, lat=lat, floor_space_m2=m2, centre_class="retail park"
            )
        )
    depot = Centre.objects.for_organisation(council).get(name="Bus depot")
    actions.propose(
        centre=depot, reason="Most of its visitors have no car and live near; the town centre keeps its trade.",
        at=timezone.now(), by=planner,
    )  # fmt: skip


def worked(job: Any) -> None:
    """Do a job here and now."""
    running.run(str(job.pk))


def _minutes(given: Any, areas: list[str], sites: list[str]) -> Any:
    from folkmoot.services.places.tables import matrix

    long = given["siting_minutes"]
    return matrix(areas, sites, long.rename_columns(["area", "site", "minutes"]))


def demo() -> None:
    """Studies and options for the council of the demo, once; run again it changes nothing."""
    council = Organisation.objects.filter(code="E09").first()
    if council is None or Study.objects.for_organisation(council).exists():
        return
    planner, approver = (_who(council, role) for role in (Role.PLANNER, Role.APPROVER))
    if planner is not None and approver is not None:
        studies(council, planner, approver)
        market(council, planner)


def studies(council: Any, planner: Any, approver: Any) -> None:
    """Two studies: charge points with an option approved and one proposed, libraries with a draft."""
    from folkmoot.services.places import actions

    points = actions.begin_in_the_town(
        organisation=council, name=NAMES["charge point"], kind="charge point", by=planner
    )
    many = solved(points, "Six more for most people", Question("mclp", p=12, radius=5.0, seconds=20), planner)
    actions.propose(
        option=many, reason="Twelve points bring most people within five minutes at the least cost.",
        at=timezone.now(), by=planner,
    )  # fmt: skip
    actions.approve(
        option=many, reason="The worst-served deciles gain most. Build in two years.", at=timezone.now(), by=approver
    )
    everybody = solved(points, "Everybody within eight minutes", Question("lscp", radius=8.0, seconds=20), planner)
    actions.propose(
        option=everybody, reason="Nobody in town would be further than eight minutes.", at=timezone.now(), by=planner
    )
    books = actions.begin_in_the_town(organisation=council, name=NAMES["library"], kind="library", by=planner)
    solved(books, "Four libraries", Question("p-median", p=4, seconds=20), planner)
    solved(
        books,
        "Four, the present ones stay",
        Question("p-median", p=4, must_open=tuple(_existing(books)), seconds=20),
        planner,
    )


def solved(study: Study, name: str, asked: Question, by: Any) -> Option:
    """An option with its answer, worked out here and now."""
    from folkmoot.services.places import actions

    job = actions.ask(study=study, name=name, asked=asked, by=by)
    running.run(str(job.pk))
    found: Option = study.options.get(name=name)
    return found


def _existing(study: Study) -> list[str]:
    from folkmoot.services.places import tables

    return list(tables.read(study).existing)


def _who(organisation: Any, role: str) -> Any:
    member = Membership.objects.filter(organisation=organisation, role=role).select_related("user").first()
    return member.user if member else None
