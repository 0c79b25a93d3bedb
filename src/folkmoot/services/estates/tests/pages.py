"""The pages of estates in their states, for the accessibility run."""

from typing import Any

from django.utils import timezone

from folkmoot.services.estates import actions
from folkmoot.services.estates.models import Estate, Programme
from folkmoot.services.estates.question import Question
from folkmoot.services.estates.tests import estates
from tests.a11y.pages import Entry


def _place(person: Any) -> Any:
    return person.memberships.first().organisation


def _estate(person: Any, name: str = "Road", **asked: Any) -> Estate:
    """Made once for both languages of an entry."""
    found = Estate.objects.for_organisation(_place(person)).filter(name=name).first()
    return found or estates.small(_place(person), person, name, **asked)


def _programme(person: Any, name: str = "Five sites", **asked: Any) -> Programme:
    estate = _estate(person)
    return estate.programmes.filter(name=name).first() or estates.solved(estate, person, name, **asked)


def _proposed(person: Any) -> Programme:
    programme = _programme(person)
    if programme.status == "draft":
        planner = estates.somebody(_place(person), "planner")
        programme = actions.propose(programme=programme, reason="It saves most.", at=timezone.now(), by=planner)
    return programme


def _approved(person: Any) -> Programme:
    programme = _proposed(person)
    if programme.status == "proposed":
        approver = estates.somebody(_place(person), "approver")
        programme = actions.approve(programme=programme, reason="Fair to all.", at=timezone.now(), by=approver)
    return programme


def everything(person: Any) -> tuple[Any, ...]:
    _programme(person)
    return ()


def an_estate(person: Any) -> tuple[Any, ...]:
    """With a frontier and a programme."""
    estate = _programme(person).estate
    if not estate.frontier:
        actions.draw_frontier(estate=estate, by=person)
        estates.started(_place(person))
    return (estate.pk,)


def an_estate_with_gaps(person: Any) -> tuple[Any, ...]:
    return (_estate(person, "Unknown road", travel=False, placed=False).pk,)


def a_site(person: Any) -> tuple[Any, ...]:
    return (_estate(person).pk, "R2")


def two_programmes(person: Any) -> tuple[Any, ...]:
    _programme(person), _programme(person, "Six sites", max_sites=6)
    return (_estate(person).pk,)


def a_draft(person: Any) -> tuple[Any, ...]:
    return (_programme(person).pk,)


def an_impossible_programme(person: Any) -> tuple[Any, ...]:
    return (_programme(person, "One site", max_sites=1).pk,)


def an_unsolved_programme(person: Any) -> tuple[Any, ...]:
    estate = _estate(person)
    if not estate.programmes.filter(name="A programme that waits").exists():
        actions.ask(estate=estate, name="A programme that waits", asked=Question(), by=person)
    return (estate.programmes.get(name="A programme that waits").pk,)


def a_proposal(person: Any) -> tuple[Any, ...]:
    return (_proposed(person).pk,)


def an_approved_programme(person: Any) -> tuple[Any, ...]:
    return (_approved(person).pk,)


def approved_programmes(person: Any) -> tuple[Any, ...]:
    _approved(person)
    return ()


def _send(page: Any) -> None:
    page.locator("main form button").first.click()


def _compare_one(page: Any) -> None:
    page.locator("input[name=programme]").first.check()
    _send(page)


def _compare_both(page: Any) -> None:
    for box in page.locator("input[name=programme]").all():
        box.check()
    _send(page)


PAGES = (
    Entry("estates:home", role="planner", prepare=everything),
    Entry("estates:home", "nothing yet", role="analyst", full=False),
    Entry("estates:approved", role="public_reader", prepare=approved_programmes),
    Entry("estates:take_in", role="planner"),
    Entry("estates:take_in", "errors", role="planner", arrive=_send, full=False),
    Entry("estates:estate", role="planner", prepare=an_estate),
    Entry("estates:estate", "much unknown", role="planner", prepare=an_estate_with_gaps, full=False),
    Entry("estates:figures", role="planner", prepare=an_estate_with_gaps),
    Entry("estates:site", role="planner", prepare=a_site),
    Entry("estates:desks", role="planner", prepare=a_site),
    Entry("estates:desks", "errors", role="planner", prepare=a_site, arrive=_send, full=False),
    Entry("estates:ask", role="planner", prepare=an_estate),
    Entry("estates:ask", "errors", role="planner", prepare=an_estate_with_gaps, arrive=_send, full=False),
    Entry("estates:compare", role="planner", prepare=two_programmes, arrive=_compare_both),
    Entry("estates:compare", "one only", role="planner", prepare=two_programmes, arrive=_compare_one, full=False),
    Entry("estates:programme", role="planner", prepare=a_draft),
    Entry("estates:programme", "impossible", role="planner", prepare=an_impossible_programme, full=False),
    Entry("estates:programme", "not worked out", role="planner", prepare=an_unsolved_programme, full=False),
    Entry("estates:programme", "public", role="public_reader", prepare=an_approved_programme, full=False),
    Entry("estates:pounds", role="planner", prepare=a_draft),
    Entry("estates:pounds", "of a class", role="planner", prepare=a_draft, query="?kind=running&year=2028", full=False),
    Entry("estates:paper", role="approver", prepare=an_approved_programme),
    Entry("estates:propose", role="planner", prepare=a_draft),
    Entry("estates:withdraw", role="planner", prepare=a_proposal, full=False),
    Entry("estates:decide", role="approver", prepare=a_proposal),
    Entry("estates:decide", "errors", role="approver", prepare=a_proposal, arrive=_send, full=False),
)
NOT_PAGES = {
    "estates:frontier": "POST only; leads to the job",
    "estates:again": "POST only; leads to the job",
    "estates:set_aside": "a file",
    "estates:steps_csv": "a file",
    "estates:cash_flow_csv": "a file",
    "estates:frontier_csv": "a file",
    "estates:sites_geojson": "a file",
    "estates:plan_gpkg": "a file",
}
