"""A shopping centre before it is built: drawn on a map, foretold, compared, proposed, decided, read by the public."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from folkmoot.foundation.identity.models import Organisation, User
from folkmoot.foundation.identity.personas import make
from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.places.retail import actions
from folkmoot.services.places.retail.models import Centre, Market
from folkmoot.services.places.tests import markets
from tests.a11y import audit_page
from tests.conftest import sign_in


@pytest.fixture
def site(live_server: Any) -> str:
    return str(live_server.url)


def test_a_planner_takes_the_town_presses_the_map_and_proposes_what_would_stand_there(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="E09")
    page.goto(f"{site}/places/")
    page.get_by_role("link", name="Shopping centres").click()
    page.get_by_role("button", name="Begin a market").click()
    page.get_by_label("Name of the market").fill("Shopping 2030")
    page.get_by_label("The invented town of Aldermoor").check()
    page.get_by_role("button", name="Check and take in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Finding the law by which people choose")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/places/markets/{_market().pk}/")
    expect(page.get_by_text("Calibrated on 12,000 observed visits.").first).to_be_visible()
    expect(page.get_by_role("rowheader", name="α, pull of floor space")).to_be_visible()
    look(page, "centres-market")
    assert audit_page(page, every_look=False) == []
    page.get_by_role("button", name="Draw a new centre").click()
    page.locator("[data-fm-map][data-drawn]").wait_for()
    page.locator("[data-fm-canvas] canvas").click(position={"x": 300, "y": 150})
    expect(page.get_by_label("Longitude")).to_have_value(re.compile(r"^-0\.\d{5}$"))
    expect(page.get_by_label("Latitude")).to_have_value(re.compile(r"^53\.\d{5}$"))
    page.get_by_label("Name of the centre").fill("Where I pressed")
    page.get_by_label("Floor space in square metres").fill("3000")
    page.get_by_label("Kind of centre").select_option("retail park")
    look(page, "centres-draw")
    assert audit_page(page, every_look=False) == []
    page.get_by_role("button", name="Foretell who would come").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Foretelling who would come")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/places/centres/{_centre().pk}/")
    expect(page.get_by_text("residents would come")).to_be_visible()
    for heading in ("Visitors by age", "Visitors by deprivation decile", "What every centre would lose"):
        expect(page.get_by_text(heading).first).to_be_visible()
    look(page, "centres-centre")
    assert audit_page(page, every_look=False) == []
    page.get_by_role("button", name="Propose this centre").click()
    page.get_by_label("Reason").fill("Near to those without a car.")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("The centre is proposed.")).to_be_visible()


def test_by_keyboard_alone_a_centre_is_put_in_the_middle_of_an_area(as_persona: Callable[..., Page], site: str) -> None:
    page = as_persona("planner", organisation="E09")
    market = markets.town(_council(), _who("pip@demo.example"))
    page.goto(f"{site}/places/markets/{market.pk}/draw/")
    page.get_by_label("Name of the centre").focus()
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.type("2500")
    page.keyboard.press("Tab")
    page.keyboard.type("retail")
    page.keyboard.press("Tab")
    page.keyboard.type("Aldermoor 005D")
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Foretelling who would come")
    drawn = _centre()
    assert (drawn.name, drawn.centre_class) == ("By keyboard", "retail park")
    held = {row["name"]: (row["lon"], row["lat"]) for row in _areas()}
    assert (drawn.lon, drawn.lat) == pytest.approx(held["Aldermoor 005D"])


def test_files_without_flows_are_called_uncalibrated_and_a_wrong_row_is_told(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="E09")
    page.goto(f"{site}/places/markets/new/")
    page.get_by_role("button", name="Check and take in").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the file of areas.")
    page.get_by_label("Name of the market").fill("Four villages")
    send(page, areas=markets.FILES["areas"].replace("B,Birch,3000", "B,Birch,many"))
    expect(page.get_by_role("alert")).to_contain_text("population")
    expect(page.get_by_role("alert")).to_contain_text("many")
    look(page, "centres-wrong-file")
    assert audit_page(page, every_look=False) == []
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Finding the law by which people choose")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/places/markets/{_market().pk}/")
    expect(page.get_by_text("Uncalibrated: how people choose is assumed, not observed.").first).to_be_visible()
    expect(page.get_by_role("button", name="Find the best place and size")).to_have_count(0)
    look(page, "centres-uncalibrated")
    assert audit_page(page, every_look=False) == []


def test_the_best_place_is_asked_for_drawn_and_compared_with_another(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="E09")
    pip = _who("pip@demo.example")
    market = markets.town(_council(), pip)
    markets.drawn(market, pip)
    page.goto(f"{site}/places/markets/{market.pk}/")
    page.get_by_role("button", name="Find the best place and size").click()
    page.get_by_label("Most profit").check()
    page.get_by_role("button", name="Look for the best place").click()
    expect(page.get_by_role("alert")).to_contain_text("Say the margin")
    page.get_by_label("Margin in per cent").fill("9")
    page.get_by_label("No existing centre may lose more than").fill("15")
    page.get_by_role("button", name="Look for the best place").click()
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/places/markets/{market.pk}/best/")
    expect(page.get_by_text("the best site in").first).to_be_visible()
    look(page, "centres-best")
    assert audit_page(page, every_look=False) == []
    page.get_by_role("link", name="Draw it and see who would come").click()
    expect(page.get_by_label("Longitude")).not_to_be_empty()
    expect(page.get_by_label("Floor space in square metres")).not_to_be_empty()
    page.get_by_label("Name of the centre").fill("The best one")
    page.get_by_role("button", name="Foretell who would come").click()
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/places/centres/{_centre().pk}/")
    page.goto(f"{site}/places/markets/{market.pk}/compare/")
    for name in ("Bus depot", "The best one"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("rowheader", name="Of visitors, no access to a car")).to_be_visible()
    look(page, "centres-compare")
    assert audit_page(page, every_look=False) == []


def test_an_approver_approves_on_a_phone_and_the_public_reads_that_and_no_draft(
    as_persona: Callable[..., Page], phone_page: Page, new_page: Callable[..., Page], site: str
) -> None:
    page = as_persona("approver", page=phone_page, organisation="E09")
    pip = _who("pip@demo.example")
    market = markets.town(_council(), pip)
    markets.drawn(market, pip, "A draft", 2000.0)
    depot = actions.propose(centre=markets.drawn(market, pip), reason="Near and small.", at=timezone.now(), by=pip)
    page.goto(f"{site}/places/centres/{depot.pk}/")
    page.get_by_role("button", name="Decide").tap()
    page.get_by_label("Approve", exact=True).tap()
    page.get_by_label("Reason").fill("The town centre keeps its trade.")
    page.get_by_role("button", name="Decide").tap()
    expect(page.get_by_text("The decision is recorded.")).to_be_visible()
    assert audit_page(page, every_look=False) == []
    public = as_persona("public_reader", page=new_page(), organisation="E09")
    public.goto(f"{site}/places/approved/")
    expect(public.get_by_text("A draft")).to_have_count(0)
    public.get_by_role("link", name="Bus depot").click()
    expect(public.get_by_text("The town centre keeps its trade.")).to_be_visible()
    assert audit_page(public, every_look=False) == []
    with public.expect_download() as downloaded:
        public.get_by_role("link", name="Visitors (CSV)").click()
    assert downloaded.value.suggested_filename == "visitors.csv"


def test_without_scripts_a_centre_is_drawn_by_its_position(new_page: Callable[..., Page], site: str) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, site, "planner", organisation="E09")
    market = markets.town(_council(), _who("pip@demo.example"))
    page.goto(f"{site}/places/markets/{market.pk}/draw/")
    page.get_by_label("Name of the centre").fill("Plain")
    page.get_by_label("Floor space in square metres").fill("2500")
    page.get_by_role("button", name="Foretell who would come").click()
    expect(page.get_by_role("alert")).to_contain_text("Say where: press the map, choose an area")
    page.get_by_label("Longitude").fill("-0.51519")
    page.get_by_label("Latitude").fill("53.06601")
    page.get_by_role("button", name="Foretell who would come").click()
    expect(page.get_by_text("Waiting to start")).to_be_visible()
    when_the_worker_has_done_its_work()
    page.goto(f"{site}/places/centres/{_centre().pk}/")
    expect(page.get_by_text("residents would come")).to_be_visible()


def _council() -> Organisation:
    make()
    return Organisation.objects.get(code="E09")


def _who(email: str) -> User:
    return User.objects.get(email=email)


def _market() -> Any:
    return Market.objects.for_organisation(_council()).order_by("-at").first()


def _centre() -> Any:
    return Centre.objects.for_organisation(_council()).order_by("-at").first()


def _areas() -> list[dict[str, Any]]:
    from folkmoot.services.places.retail import tables

    return tables.read(_market())["areas"].to_pylist()


def send(page: Page, **changed: str) -> None:
    """The three files of the small market, one of them changed."""
    fields = {"areas": "areas", "centres": "centres", "travel_minutes": "travel"}
    for name, text in (markets.FILES | changed).items():
        page.locator(f"input[name={fields[name]}]").set_input_files(
            [{"name": f"{name}.csv", "mimeType": "text/csv", "buffer": text.encode()}]
        )
    page.get_by_role("button", name="Check and take in").click()


def when_the_worker_has_done_its_work() -> None:
    for job in Job.objects.across_organisations(because="the test is the worker").filter(state="waiting"):
        running.run(str(job.pk))
        job.refresh_from_db()
        assert job.error == ""


def then_the_page_leads_to(page: Page, address: str) -> None:
    """It asks each second how far the work is, and goes to the result by itself."""
    expect(page).to_have_url(address, timeout=15_000)
