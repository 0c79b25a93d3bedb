"""A plan defended in public: the planner solves and proposes, the approver decides, the public reads."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from folkmoot.foundation.identity.models import Organisation, User
from folkmoot.foundation.identity.personas import make
from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.places import actions
from folkmoot.services.places.models import Option, Study
from folkmoot.services.places.tests import places
from tests.a11y import audit_page
from tests.conftest import sign_in


@pytest.fixture
def site(live_server: Any) -> str:
    return str(live_server.url)


def test_a_planner_takes_the_town_asks_for_the_best_plan_and_proposes_it(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="E09")
    page.goto(f"{site}/places/")
    page.get_by_role("button", name="Begin a study").click()
    page.get_by_label("Name of the study").fill("Charge points 2030")
    page.get_by_label("The invented town of Aldermoor").check()
    page.get_by_label("What is sited in Aldermoor?").select_option(label="Charge points")
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Charge points 2030")
    look(page, "places-study")
    page.get_by_role("button", name="Ask for an option").click()
    look(page, "places-goal")
    page.get_by_label("Most people within a time").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name of the option").fill("Twelve points")
    page.get_by_label("How many sites may be open?").fill("12")
    page.get_by_label("Within how many minutes?").fill("5")
    look(page, "places-ask")
    page.get_by_role("button", name="Find the best plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Looking for the best plan")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/places/options/{_option().pk}/")
    expect(page.get_by_text("Proved the best possible.")).to_be_visible()
    expect(page.get_by_text("Re-checked independently: it holds.")).to_be_visible()
    look(page, "places-option")
    assert audit_page(page, every_look=False) == []
    page.get_by_role("button", name="Propose this option").click()
    page.get_by_label("Reason").fill("Twelve points bring most people within five minutes.")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("The option is proposed.")).to_be_visible()
    page.goto(f"{site}/places/")
    look(page, "places-home")
    assert audit_page(page, every_look=False) == []


def test_an_approver_reads_who_gains_and_approves_and_then_the_public_reads_it(
    as_persona: Callable[..., Page], new_page: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("approver", organisation="E09")
    option = given_a_proposal()
    public = as_persona("public_reader", page=new_page(), organisation="E09")
    public.goto(f"{site}/places/")
    expect(public.get_by_text("Nothing has been approved yet.")).to_be_visible()
    page.goto(f"{site}/places/")
    page.get_by_role("link", name="Decide on Twelve points, of Charge points.").click()
    expect(page.get_by_role("heading", name="Who gains and who loses")).to_be_visible()
    expect(page.get_by_text("Most is gained by: Decile 10")).to_be_visible()
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert")).to_contain_text("Fill this in")
    page.get_by_label("Approve", exact=True).check()
    page.get_by_label("Reason").fill("No decile is worse off, and the furthest gain most.")
    look(page, "places-decide")
    assert audit_page(page, every_look=False) == []
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The decision is recorded.")).to_be_visible()
    public.goto(f"{site}/places/")
    public.get_by_role("link", name="Twelve points").click()
    expect(public.get_by_text("No decile is worse off, and the furthest gain most.")).to_be_visible()
    expect(public.get_by_role("button", name="Look for other good plans")).to_have_count(0)
    public.get_by_role("link", name="Options paper to print").click()
    expect(public.get_by_text("folkmoot siting verify plan.json")).to_be_visible()
    look(public, "places-paper")
    assert audit_page(public, every_look=False) == []
    with public.expect_download() as downloaded:
        public.goto(f"{site}/places/options/{option.pk}/")
        public.get_by_role("link", name="Sites and areas (GeoJSON)").click()
    assert downloaded.value.suggested_filename == "plan.geojson"


def test_a_planner_with_files_of_their_own_is_told_what_is_wrong_and_then_gets_a_plan(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="E09")
    page.goto(f"{site}/places/studies/new/")
    page.get_by_label("Name of the study").fill("Two villages")
    page.get_by_label("What is sited?").fill("surgery")
    page.get_by_role("button", name="Begin", exact=True).click()
    look(page, "places-task-list")
    page.get_by_role("link", name="Areas: who lives where").click()
    when_i_send(page, "areas.csv", "area,people,lon,lat\nE1,many,-0.5,53.0\nE2,200,-0.4,53.0\n")
    expect(page.get_by_role("alert")).to_contain_text(
        "Line 2 of “areas.csv”: people of “E1” is “many”; it must be a number of at least 0."
    )
    look(page, "places-wrong-file")
    assert audit_page(page, every_look=False) == []
    areas = "area,people,lon,lat,decile\nE1,100,-0.5,53.0,1\nE2,200,-0.4,53.0,7\nE3,not available,-0.45,53.0,5\n"
    when_i_send(page, "areas.csv", areas)
    expect(page.get_by_text("It is in the study.")).to_be_visible()
    page.get_by_role("link", name="Candidate sites").click()
    when_i_send(page, "sites.csv", "site,name,lon,lat,existing\nS1,Mill,-0.5,53.0,yes\nS2,Forge,-0.4,53.0,no\n")
    page.get_by_role("link", name="Travel times").click()
    page.get_by_label("Straight lines at one speed").check()
    page.get_by_role("button", name="Check and take in").click()
    expect(page.get_by_text("Assumed, not measured")).to_be_visible()
    with page.expect_download() as aside:
        page.get_by_role("link", name="Download the rows set aside").click()
    assert "E3" in aside.value.path().read_text()
    page.get_by_role("button", name="Ask for an option").click()
    page.get_by_label("Most people within a time").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name of the option").fill("Forge")
    page.get_by_label("How many sites may be open?").fill("1")
    page.get_by_label("Within how many minutes?").fill("2")
    page.get_by_role("button", name="Find the best plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Looking for the best plan")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/places/options/{_option().pk}/")
    expect(page.get_by_text("With 1 site, 66.7")).to_be_visible()
    expect(page.get_by_role("heading", name="1 site closes")).to_be_visible()
    assert audit_page(page, every_look=False) == []


def test_a_planner_learns_why_there_is_no_plan(as_persona: Callable[..., Page], site: str) -> None:
    page = as_persona("planner", organisation="E09")
    study = given_a_study()
    option = places.solved(study, _who("pip@demo.example"), "Two minutes", objective="lscp", p=None, radius=2.0)
    page.goto(f"{site}/places/options/{option.pk}/")
    expect(page.get_by_text("There is no such plan: the limits cannot all be kept.")).to_be_visible()
    expect(page.get_by_text("cannot be served within 2").first).to_be_visible()
    expect(page.get_by_text("“Aldermoor 0").first).to_be_visible()
    expect(page.get_by_role("button", name="Propose this option")).to_have_count(0)
    assert audit_page(page, every_look=False) == []


def test_options_are_compared_side_by_side(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("analyst", organisation="E09")
    study, pip = given_a_study(), _who("pip@demo.example")
    for name, p in (("Eight points", 8), ("Twelve points", 12)):
        places.solved(study, pip, name, p=p)
    page.goto(f"{site}/places/studies/{study.pk}/")
    page.get_by_role("button", name="Compare options").click()
    page.get_by_label("Eight points").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose two, three or four options to compare.")
    page.get_by_label("Twelve points").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("rowheader", name="The worst-served tenth")).to_be_visible()
    expect(page.get_by_role("table", name="Sites on which they differ")).to_be_visible()
    look(page, "places-compare")
    assert audit_page(page, every_look=False) == []


def test_other_good_plans_and_other_demand_are_asked_for_and_told(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="E09")
    option = places.solved(given_a_study(), _who("pip@demo.example"), "Twelve points", p=12)
    page.goto(f"{site}/places/options/{option.pk}/")
    page.get_by_role("button", name="Look for other good plans").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Looking for other good plans")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/places/options/{option.pk}/")
    page.get_by_role("button", name="Try other demand").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trying the plan with demand as it could be")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/places/options/{option.pk}/")
    expect(page.get_by_role("heading", name="Alternative 1: ")).to_be_visible()
    expect(page.get_by_text("Demand was drawn 60 times")).to_be_visible()
    look(page, "places-further")
    assert audit_page(page, every_look=False) == []


def test_an_approver_declines_on_a_phone(
    as_persona: Callable[..., Page], phone_page: Page, site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("approver", page=phone_page, organisation="E09")
    option = given_a_proposal()
    page.goto(f"{site}/places/options/{option.pk}/")
    page.get_by_role("button", name="Decide").tap()
    page.get_by_label("Decline", exact=True).tap()
    page.get_by_label("Reason").fill("Too many would lose the point they use.")
    page.get_by_role("button", name="Decide").tap()
    expect(page.get_by_text("Too many would lose the point they use.")).to_be_visible()
    assert audit_page(page, every_look=False) == []


def test_without_scripts_an_option_is_asked_for_and_read(
    new_page: Callable[..., Page], as_persona: Callable[..., Page], site: str
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, site, "planner", organisation="E09")
    study = given_a_study()
    page.goto(f"{site}/places/studies/{study.pk}/options/new/")
    page.get_by_label("Everybody within a time").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Find the best plan").click()
    expect(page.get_by_role("alert")).to_contain_text("Fill this in")
    page.get_by_label("Name of the option").fill("Everybody")
    page.get_by_label("Within how many minutes?").fill("8")
    page.get_by_role("button", name="Find the best plan").click()
    expect(page.get_by_text("Waiting to start")).to_be_visible()
    when_the_worker_has_done_its_work()
    page.goto(f"{site}/places/options/{_option().pk}/")
    expect(page.get_by_text("bring everybody within 8 minutes.")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Charge point 1", exact=True)).to_be_visible()
    twin = as_persona("planner", organisation="E09")  # axe itself needs scripts
    twin.goto(f"{site}/places/options/{_option().pk}/")
    assert audit_page(twin, every_look=False) == []


def _council() -> Organisation:
    make()
    return Organisation.objects.get(code="E09")


def _who(email: str) -> User:
    return User.objects.get(email=email)


def _option() -> Any:
    return Option.objects.for_organisation(_council()).order_by("-at").first()


def given_a_study() -> Study:
    return actions.begin_in_the_town(
        organisation=_council(), name="Charge points", kind="charge point", by=_who("pip@demo.example")
    )


def given_a_proposal() -> Option:
    option = places.solved(given_a_study(), _who("pip@demo.example"), "Twelve points", p=12)
    return actions.propose(option=option, reason="Most people, least cost.", at=timezone.now(), by=option.by)


def when_i_send(page: Page, name: str, text: str) -> None:
    page.locator("input[type=file]").set_input_files([{"name": name, "mimeType": "text/csv", "buffer": text.encode()}])
    page.get_by_role("button", name="Check and take in").click()


def when_the_worker_has_done_its_work() -> None:
    for job in Job.objects.across_organisations(because="the test is the worker").filter(state="waiting"):
        running.run(str(job.pk))
        job.refresh_from_db()
        assert job.error == ""


def then_the_page_leads_to(page: Page, address: str) -> None:
    """It asks each second how far the work is, and goes to the result by itself."""
    expect(page).to_have_url(address, timeout=15_000)
