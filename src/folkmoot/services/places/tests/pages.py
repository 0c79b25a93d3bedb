"""The pages of places in their states, for the accessibility run."""

from typing import Any

from django.utils import timezone

from folkmoot.services.places import actions
from folkmoot.services.places.models import Option, Study
from folkmoot.services.places.question import Question
from folkmoot.services.places.retail import actions as retail
from folkmoot.services.places.retail.models import Centre, Market
from folkmoot.services.places.tests import markets, places
from tests.a11y.pages import Entry


def _place(person: Any) -> Any:
    return person.memberships.first().organisation


def _study(person: Any) -> Study:
    """Made once for both languages of an entry."""
    found = Study.objects.for_organisation(_place(person)).filter(name="Charge points").first()
    return found or actions.begin_in_the_town(
        organisation=_place(person), name="Charge points", kind="charge point", by=person
    )


def _option(person: Any, name: str = "Twelve points", **asked: Any) -> Option:
    study = _study(person)
    return study.options.filter(name=name).first() or places.solved(
        study, person, name, **({"objective": "mclp", "p": 12, "radius": 5.0} | asked)
    )


def _proposed(person: Any) -> Option:
    option = _option(person)
    if option.status == "draft":
        planner = places.somebody(_place(person), "planner")
        option = actions.propose(option=option, reason="Most people, least cost.", at=timezone.now(), by=planner)
    return option


def _approved(person: Any) -> Option:
    option = _proposed(person)
    if option.status == "proposed":
        approver = places.somebody(_place(person), "approver")
        option = actions.approve(option=option, reason="Fair to all.", at=timezone.now(), by=approver)
    return option


def everything(person: Any) -> tuple[Any, ...]:
    _option(person)
    return ()


def a_study(person: Any) -> tuple[Any, ...]:
    return (_study(person).pk,)


def an_empty_study(person: Any) -> tuple[Any, ...]:
    found = Study.objects.for_organisation(_place(person)).filter(name="Empty").first()
    found = found or actions.begin(organisation=_place(person), name="Empty", what="library", by=person)
    return (found.pk,)


def a_goal(person: Any) -> tuple[Any, ...]:
    return (_study(person).pk, "mclp")


def two_options(person: Any) -> tuple[Any, ...]:
    _option(person), _option(person, "Eight points", p=8)
    return (_study(person).pk,)


def a_draft(person: Any) -> tuple[Any, ...]:
    return (_option(person).pk,)


def a_studied_draft(person: Any) -> tuple[Any, ...]:
    """With alternatives and robustness."""
    option = _option(person)
    if not option.alternatives:
        for verb in (actions.find_alternatives, actions.try_uncertain_demand):
            verb(option=option, by=person)
            places.started(_place(person))
    return (option.pk,)


def an_impossible_option(person: Any) -> tuple[Any, ...]:
    return (_option(person, "Impossible", objective="lscp", p=None, radius=1.0).pk,)


def an_unsolved_option(person: Any) -> tuple[Any, ...]:
    study = _study(person)
    if not study.options.filter(name="Waiting").exists():
        actions.ask(study=study, name="Waiting", asked=Question("mclp", p=3, radius=5.0), by=person)
    return (study.options.get(name="Waiting").pk,)


def a_proposal(person: Any) -> tuple[Any, ...]:
    return (_proposed(person).pk,)


def an_approved_plan(person: Any) -> tuple[Any, ...]:
    return (_approved(person).pk,)


def approved_plans(person: Any) -> tuple[Any, ...]:
    _approved(person)
    return ()


def _centre(person: Any, name: str = "Bus depot", m2: float = 3000.0) -> Centre:
    return markets.drawn(markets.town(_place(person), person), person, name, m2)


def a_market(person: Any) -> tuple[Any, ...]:
    return (_centre(person).market_id,)


def a_market_without_a_law(person: Any) -> tuple[Any, ...]:
    found = Market.objects.for_organisation(_place(person)).filter(name="A market that waits").first()
    if found is None:
        from folkmoot.services.places import seed

        retail.begin(
            organisation=_place(person), name="A market that waits", given=seed.town_market(), source="town", by=person
        )
        found = Market.objects.for_organisation(_place(person)).get(name="A market that waits")
    return (found.pk,)


def a_searched_market(person: Any) -> tuple[Any, ...]:
    market = _centre(person).market
    if not market.best:
        asked = {"objective": "benefit", "margin": None, "most_loss_percent": 15.0}
        retail.find_place(market=market, asked=asked, by=person)
        places.started(_place(person))
    return (market.pk,)


def two_centres(person: Any) -> tuple[Any, ...]:
    _centre(person), _centre(person, "Large depot", 6000.0)
    return a_market(person)


def a_centre(person: Any) -> tuple[Any, ...]:
    return (_centre(person).pk,)


def a_waiting_centre(person: Any) -> tuple[Any, ...]:
    market = markets.town(_place(person), person)
    return (markets.drawn(market, person, "Not yet", wait=True).pk,)


def _proposed_centre(person: Any) -> Centre:
    centre = _centre(person)
    if centre.status == "draft":
        planner = places.somebody(_place(person), "planner")
        centre = retail.propose(centre=centre, reason="Near and small.", at=timezone.now(), by=planner)
    return centre


def a_proposed_centre(person: Any) -> tuple[Any, ...]:
    return (_proposed_centre(person).pk,)


def an_approved_centre(person: Any) -> tuple[Any, ...]:
    centre = _proposed_centre(person)
    if centre.status == "proposed":
        approver = places.somebody(_place(person), "approver")
        retail.decide(centre=centre, verb="approve", reason="Fair to all.", at=timezone.now(), by=approver)
    return (centre.pk,)


def _send(page: Any) -> None:
    page.locator("main form button").first.click()


def _compare_one(page: Any) -> None:
    page.locator("input[name=option]").first.check()
    _send(page)


def _compare_both(page: Any) -> None:
    for box in page.locator("input[name=option], input[name=centre]").all():
        box.check()
    _send(page)


PAGES = (
    Entry("places:home", role="planner", prepare=everything),
    Entry("places:home", "nothing yet", role="analyst", full=False),
    Entry("places:approved", role="public_reader", prepare=approved_plans),
    Entry("places:begin", role="planner"),
    Entry("places:begin", "errors", role="planner", arrive=_send, full=False),
    Entry("places:study", role="planner", prepare=a_study),
    Entry("places:study", "empty", role="planner", prepare=an_empty_study, full=False),
    Entry("places:areas", role="planner", prepare=an_empty_study),
    Entry("places:areas", "no file", role="planner", prepare=an_empty_study, arrive=_send, full=False),
    Entry("places:sites", role="planner", prepare=an_empty_study, full=False),
    Entry("places:travel", role="planner", prepare=an_empty_study),
    Entry("places:goal", role="planner", prepare=a_study),
    Entry("places:goal", "nothing chosen", role="planner", prepare=a_study, arrive=_send, full=False),
    Entry("places:ask", role="planner", prepare=a_goal),
    Entry("places:ask", "errors", role="planner", prepare=a_goal, arrive=_send, full=False),
    Entry("places:compare", role="planner", prepare=two_options, arrive=_compare_both),
    Entry("places:compare", "one only", role="planner", prepare=two_options, arrive=_compare_one, full=False),
    Entry("places:option", role="planner", prepare=a_studied_draft),
    Entry("places:option", "impossible", role="planner", prepare=an_impossible_option, full=False),
    Entry("places:option", "not solved", role="planner", prepare=an_unsolved_option, full=False),
    Entry("places:option", "public", role="public_reader", prepare=an_approved_plan, full=False),
    Entry("places:paper", role="approver", prepare=an_approved_plan),
    Entry("places:propose", role="planner", prepare=a_draft),
    Entry("places:withdraw", role="planner", prepare=a_proposal, full=False),
    Entry("places:decide", role="approver", prepare=a_proposal),
    Entry("places:decide", "errors", role="approver", prepare=a_proposal, arrive=_send, full=False),
    Entry("places:markets", role="planner", prepare=lambda person: a_market(person)[:0]),
    Entry("places:markets", "nothing yet", role="analyst", full=False),
    Entry("places:begin_market", role="planner"),
    Entry("places:begin_market", "errors", role="planner", arrive=_send, full=False),
    Entry("places:market", role="planner", prepare=a_market),
    Entry("places:market", "no law yet", role="planner", prepare=a_market_without_a_law, full=False),
    Entry("places:draw", role="planner", prepare=a_market),
    Entry("places:draw", "errors", role="planner", prepare=a_market, arrive=_send, full=False),
    Entry("places:best", role="planner", prepare=a_searched_market),
    Entry("places:best", "not asked", role="planner", prepare=a_market, full=False),
    Entry("places:compare_centres", role="planner", prepare=two_centres, arrive=_compare_both),
    Entry("places:centre", role="planner", prepare=a_centre),
    Entry("places:centre", "not foretold", role="planner", prepare=a_waiting_centre, full=False),
    Entry("places:centre", "public", role="public_reader", prepare=an_approved_centre, full=False),
    Entry("places:centre_paper", role="approver", prepare=an_approved_centre),
    Entry("places:propose_centre", role="planner", prepare=a_centre),
    Entry("places:withdraw_centre", role="planner", prepare=a_proposed_centre, full=False),
    Entry("places:decide_centre", role="approver", prepare=a_proposed_centre),
    Entry("places:decide_centre", "errors", role="approver", prepare=a_proposed_centre, arrive=_send, full=False),
)
NOT_PAGES = {
    "places:solve": "POST only; leads to the job",
    "places:alternatives": "POST only; leads to the job",
    "places:robustness": "POST only; leads to the job",
    "places:set_aside": "a file",
    "places:plan_geojson": "a file",
    "places:plan_gpkg": "a file",
    "places:sites_csv": "a file",
    "places:areas_csv": "a file",
    "places:certificate_json": "a file",
    "places:bundle_zip": "a file",
    "places:law": "POST only; leads to the job",
    "places:forecast": "POST only; leads to the job",
    "places:centre_centres_csv": "a file",
    "places:centre_visitors_csv": "a file",
    "places:centre_catchment_csv": "a file",
    "places:centre_forecast_geojson": "a file",
    "places:centre_forecast_gpkg": "a file",
}
