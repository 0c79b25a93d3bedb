"""The pages of roads in their states, for the accessibility run."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from folkmoot.foundation.identity.models import Membership, User
from folkmoot.services.highways.roads import actions
from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy
from folkmoot.services.highways.roads.tests import nets
from tests.a11y.pages import Entry


def _place(person: Any) -> Any:
    return person.memberships.first().organisation


def _somebody(person: Any, role: str) -> Any:
    user = User.objects.create_user(f"{uuid4()}@test.example", name=f"Some {role}")
    Membership.objects.create(user=user, organisation=_place(person), role=role)
    return user


def _study(person: Any) -> RoadStudy:
    """Made once for both languages of an entry."""
    return nets.study(_place(person), person)


def _scheme(person: Any) -> RoadScheme:
    return nets.scheme(_study(person), person)


def everything(person: Any) -> tuple[Any, ...]:
    _scheme(person)
    return ()


def a_study(person: Any) -> tuple[Any, ...]:
    return (_scheme(person).study_id,)


def a_counted_study(person: Any) -> tuple[Any, ...]:
    link = nets.bridge(_study(person))
    return (nets.study(_place(person), person, "Counted", counts=f"link_id,count\n{link},2400\n").pk,)


def a_waiting_study(person: Any) -> tuple[Any, ...]:
    return (nets.study(_place(person), person, "Waits", wait=True).pk,)


def a_ranked_study(person: Any) -> tuple[Any, ...]:
    study = _scheme(person).study
    if not study.ranking:
        nets.scheme(study, person, "No bridge", what="close", value=None)
        actions.rank(study=study, asked={"draws": 2, "cell_cv": 0.2, "total_cv": 0.05}, by=person)
        nets.started(_place(person))
    return (study.pk,)


def a_draft(person: Any) -> tuple[Any, ...]:
    return (_scheme(person).pk,)


def a_closure(person: Any) -> tuple[Any, ...]:
    return (nets.scheme(_study(person), person, "No bridge", what="close", value=None).pk,)


def an_empty_draft(person: Any) -> tuple[Any, ...]:
    study = _study(person)
    found = study.schemes.filter(name="Nothing drawn").first()
    return ((found or actions.draw_up(study=study, name="Nothing drawn", pounds=1000, by=person)).pk,)


def _proposed(person: Any) -> RoadScheme:
    scheme = _scheme(person)
    if scheme.status == "draft":
        planner = _somebody(person, "planner")
        scheme = actions.propose(scheme=scheme, reason="Most time for the money.", at=timezone.now(), by=planner)
    return scheme


def a_proposal(person: Any) -> tuple[Any, ...]:
    return (_proposed(person).pk,)


def an_approved_scheme(person: Any) -> tuple[Any, ...]:
    scheme = _proposed(person)
    if scheme.status == "proposed":
        approver = _somebody(person, "approver")
        actions.decide(scheme=scheme, verb="approve", reason="Fair to all.", at=timezone.now(), by=approver)
    return (scheme.pk,)


def approved_schemes(person: Any) -> tuple[Any, ...]:
    return an_approved_scheme(person)[:0]


def _send(page: Any) -> None:
    page.locator("main form button").last.click()


def _add_nothing(page: Any) -> None:
    page.get_by_role("button", name="Add this change").or_(
        page.get_by_role("button", name="Ychwanegu’r newid hwn")
    ).click()


PAGES = (
    Entry("highways:roads", role="planner", prepare=everything),
    Entry("highways:roads", "nothing yet", role="analyst", full=False),
    Entry("highways:begin_roads", role="planner"),
    Entry("highways:begin_roads", "errors", role="planner", arrive=_send, full=False),
    Entry("highways:road_study", role="planner", prepare=a_study),
    Entry("highways:road_study", "counted", role="planner", prepare=a_counted_study, full=False),
    Entry("highways:road_study", "not assigned", role="planner", prepare=a_waiting_study, full=False),
    Entry("highways:road_link", role="planner", prepare=a_study, full=False),
    Entry(
        "highways:road_link", "unknown", role="planner", prepare=a_study, query="?link=nowhere", status=422, full=False
    ),
    Entry("highways:road_ranking", role="planner", prepare=a_ranked_study),
    Entry("highways:road_ranking", "not ranked", role="planner", prepare=a_study, full=False),
    Entry("highways:draw_up_scheme", role="planner", prepare=a_study, full=False),
    Entry("highways:draw_up_scheme", "errors", role="planner", prepare=a_study, arrive=_send, full=False),
    Entry("highways:road_changes", role="planner", prepare=a_draft),
    Entry("highways:road_changes", "errors", role="planner", prepare=an_empty_draft, arrive=_add_nothing, full=False),
    Entry("highways:road_changes", "searched", role="planner", prepare=a_draft, query="?q=A7", full=False),
    Entry("highways:road_scheme", role="planner", prepare=a_draft),
    Entry("highways:road_scheme", "closure", role="planner", prepare=a_closure, full=False),
    Entry("highways:road_scheme", "not run", role="planner", prepare=an_empty_draft, full=False),
    Entry("highways:propose_scheme", role="planner", prepare=a_draft, full=False),
    Entry("highways:withdraw_scheme", role="planner", prepare=a_proposal, full=False),
    Entry("highways:decide_scheme", role="approver", prepare=a_proposal),
    Entry("highways:decide_scheme", "errors", role="approver", prepare=a_proposal, arrive=_send, full=False),
    Entry("highways:approved_schemes", role="public_reader", prepare=approved_schemes),
    Entry("highways:approved_scheme", role="public_reader", prepare=an_approved_scheme, full=False),
)
NOT_PAGES = {
    "highways:assign_roads": "POST only; leads to the job",
    "highways:run_scheme": "POST only; leads to the job",
    "highways:road_flows": "what the map draws",
    "highways:road_scheme_change": "what the map draws",
    "highways:approved_scheme_change": "what the map draws",
    "highways:road_links_csv": "a file",
    "highways:road_links_geojson": "a file",
    "highways:road_scheme_csv": "a file",
    "highways:approved_scheme_csv": "a file",
}
