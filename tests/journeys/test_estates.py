"""An estate brought below a number of sites, in public: the planner asks and proposes, the approver decides, all read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from folkmoot.foundation.identity.models import Organisation, User
from folkmoot.foundation.identity.personas import make
from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.estates import actions
from folkmoot.services.estates.models import Estate, Programme
from folkmoot.services.estates.tests import estates
from tests.a11y import audit_page
from tests.conftest import sign_in


@pytest.fixture
def site(live_server: Any) -> str:
    return str(live_server.url)


def test_a_planner_takes_the_town_trust_asks_for_fewer_sites_and_proposes(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="RM1")
    page.goto(f"{site}/estates/")
    page.get_by_role("button", name="Bring in an estate").click()
    page.get_by_label("Name of the estate").fill("Aldermoor 2030")
    page.get_by_label("The invented town of Aldermoor").check()
    page.get_by_role("button", name="Check and bring in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aldermoor 2030")
    expect(page.get_by_text("112 sites. Travel times are known.")).to_be_visible()
    look(page, "estates-estate")
    page.get_by_role("button", name="Ask for a programme").click()
    page.get_by_label("Name of the programme").fill("Offices first")
    page.get_by_label("At most how many sites at the end?").fill("105")
    page.get_by_text("Sites that must stay, or must close").click()
    page.get_by_label("Sites that must stay").fill(" ".join(where_patients_are_seen()))
    page.get_by_label("Capital budget").fill("£2,000,000")
    look(page, "estates-ask")
    page.get_by_role("button", name="Find the best programme").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Looking for the best programme")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/estates/programmes/{_programme().pk}/")
    expect(page.get_by_text("Checked again by code of its own.")).to_be_visible()
    expect(page.get_by_text("Nobody’s nearest site with a service is further than today.")).to_be_visible()
    look(page, "estates-programme")
    page.get_by_role("button", name="Propose this programme").click()
    page.get_by_label("Reason").fill("Offices can go without anybody travelling further.")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("The programme is proposed.")).to_be_visible()
    page.goto(f"{site}/estates/")
    look(page, "estates-home")
    assert audit_page(page, every_look=False) == []


def test_a_planner_with_eric_files_learns_what_is_wrong_what_is_unknown_and_what_is_no_place(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="RM1")
    page.goto(f"{site}/estates/new/")
    page.get_by_label("Name of the estate").fill("Our trust")
    page.get_by_label("ERIC files").check()
    page.get_by_role("button", name="Check and bring in").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the code of the organisation")
    look(page, "estates-wrong")
    assert audit_page(page, every_look=False) == []
    page.get_by_label("Code of the organisation").fill("RXX")
    when_i_send(page)
    expect(page.get_by_role("alert")).to_contain_text("a number of sites cannot be promised")
    page.get_by_label("Sites that are in no row of their own").fill("3")
    when_i_send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Our trust")
    expect(page.get_by_text("6 sites, 3 of them in no row of their own and always kept.")).to_be_visible()
    expect(page.get_by_text("The position of 3 sites of 3")).to_be_visible()
    expect(page.get_by_text("Rows that put small sites together: no places, and never closed")).to_be_visible()
    with page.expect_download() as aside:
        page.get_by_role("link", name="Download the rows set aside").click()
    assert "RXX03" in aside.value.path().read_text()
    page.get_by_text("State what you know of a site").click()
    page.get_by_role("link", name="Mill Clinic (RXX02)").click()
    page.get_by_label("Tenure").select_option(label="Leasehold")
    page.get_by_label("Year in which the lease can be broken").fill("2031")
    page.get_by_label("Year in which the lease ends").fill("2030")
    page.get_by_role("button", name="State it").click()
    expect(page.get_by_role("alert")).to_contain_text("A lease cannot be broken after it ends.")
    page.get_by_label("Year in which the lease ends").fill("2035")
    page.get_by_role("button", name="State it").click()
    expect(page.get_by_text("What you know of this site is stated.")).to_be_visible()
    expect(page.get_by_text("The tenure and leases of 2 sites of 3")).to_be_visible()
    page.get_by_role("button", name="Find the cheapest estate of every size").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Finding the cheapest estate of every size")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/estates/{_estate().pk}/")
    expect(page.get_by_text("that is proved.")).to_be_visible()
    look(page, "estates-unknown")
    assert audit_page(page, every_look=False) == []


def test_a_planner_learns_which_limit_must_give_way_and_may_not_propose(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="RM1")
    programme = estates.solved(given_an_estate(), _who("esme@demo.example"), "One site", max_sites=1)
    page.goto(f"{site}/estates/programmes/{programme.pk}/")
    expect(page.get_by_text("There is no such plan: a limit must give way.")).to_be_visible()
    expect(page.get_by_text("A limit of 1 cannot be kept with what is known.")).to_be_visible()
    expect(page.get_by_role("button", name="Propose this programme")).to_have_count(0)
    look(page, "estates-impossible")
    assert audit_page(page, every_look=False) == []


def test_a_figure_leads_to_the_rows_behind_it(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("analyst", organisation="RM1")
    programme = estates.solved(given_an_estate(), _who("esme@demo.example"))
    page.goto(f"{site}/estates/programmes/{programme.pk}/")
    row = page.get_by_role("row", name="closing the site")
    figure = row.get_by_role("link")
    said = figure.inner_text()
    figure.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Every pound and where it comes from")
    expect(page.locator("dd").first).to_have_text(said)
    expect(page.get_by_text("road.csv, row 4, gia_m2").first).to_be_visible()
    look(page, "estates-pounds")
    assert audit_page(page, every_look=False) == []


def test_an_approver_reads_what_is_assumed_and_approves_and_then_the_public_reads_it(
    as_persona: Callable[..., Page], new_page: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("approver", organisation="RM1")
    programme = given_a_proposal()
    public = as_persona("public_reader", page=new_page(), organisation="RM1")
    public.goto(f"{site}/estates/")
    expect(public.get_by_text("Nothing has been approved yet.")).to_be_visible()
    assert public.goto(f"{site}/estates/programmes/{programme.pk}/").status == 404  # type: ignore[union-attr]
    page.goto(f"{site}/estates/")
    page.get_by_role("link", name="Decide on Five sites, of Road.").click()
    expect(page.get_by_text("It rests on 17 figures that nobody stated for this trust, of 17.")).to_be_visible()
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert")).to_contain_text("Fill this in")
    page.get_by_label("Approve", exact=True).check()
    page.get_by_label("Reason").fill("Fair to the west, and the rent ends anyway.")
    look(page, "estates-decide")
    assert audit_page(page, every_look=False) == []
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The decision is recorded.")).to_be_visible()
    public.goto(f"{site}/estates/")
    public.get_by_role("link", name="Five sites").click()
    expect(public.get_by_text("Fair to the west, and the rent ends anyway.")).to_be_visible()
    expect(public.get_by_role("button", name="Work it out again")).to_have_count(0)
    with public.expect_download() as downloaded:
        public.get_by_role("link", name="Sites (GeoJSON)").click()
    assert downloaded.value.suggested_filename == "sites.geojson"
    public.get_by_role("link", name="Options paper to print").click()
    expect(public.get_by_text("Print this page with your browser.")).to_be_visible()
    look(public, "estates-paper")
    assert audit_page(public, every_look=False) == []


def test_programmes_are_compared_side_by_side(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("analyst", organisation="RM1")
    estate, esme = given_an_estate(), _who("esme@demo.example")
    for name, most in (("Five sites", 5), ("Six sites", 6)):
        estates.solved(estate, esme, name, max_sites=most)
    page.goto(f"{site}/estates/{estate.pk}/")
    page.get_by_role("button", name="Compare programmes").click()
    page.get_by_label("Five sites").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose two, three or four programmes to compare.")
    page.get_by_label("Six sites").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("rowheader", name="Net present value").first).to_be_visible()
    look(page, "estates-compare")
    assert audit_page(page, every_look=False) == []


def test_an_approver_declines_on_a_phone(as_persona: Callable[..., Page], phone_page: Page, site: str) -> None:
    page = as_persona("approver", page=phone_page, organisation="RM1")
    programme = given_a_proposal()
    page.goto(f"{site}/estates/programmes/{programme.pk}/")
    page.get_by_role("button", name="Decide").tap()
    page.get_by_label("Decline", exact=True).tap()
    page.get_by_label("Reason").fill("The east would lose its clinic.")
    page.get_by_role("button", name="Decide").tap()
    expect(page.get_by_text("The east would lose its clinic.")).to_be_visible()
    assert audit_page(page, every_look=False) == []


def test_without_scripts_a_programme_is_asked_for_by_keyboard_and_read(
    new_page: Callable[..., Page], as_persona: Callable[..., Page], site: str
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, site, "planner", organisation="RM1")
    estate = given_an_estate()
    page.goto(f"{site}/estates/{estate.pk}/programmes/new/")
    page.get_by_label("Name of the programme").focus()
    page.keyboard.type("Five sites")
    page.keyboard.press("Tab")
    page.keyboard.type("50")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There are 7 sites today: give as many or fewer.")
    page.get_by_label("At most how many sites at the end?").fill("5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Waiting to start")).to_be_visible()
    when_the_worker_has_done_its_work()
    page.goto(f"{site}/estates/programmes/{_programme().pk}/")
    expect(page.get_by_text("7 sites become 4")).to_be_visible()
    expect(page.get_by_role("table", name="Net present value, and what each row is made of")).to_be_visible()
    twin = as_persona("planner", organisation="RM1")  # axe itself needs scripts
    twin.goto(f"{site}/estates/programmes/{_programme().pk}/")
    assert audit_page(twin, every_look=False) == []


def _trust() -> Organisation:
    make()
    return Organisation.objects.get(code="RM1")


def _who(email: str) -> User:
    return User.objects.get(email=email)


def _estate() -> Any:
    return Estate.objects.for_organisation(_trust()).order_by("-at").first()


def _programme() -> Any:
    return Programme.objects.for_organisation(_trust()).order_by("-at").first()


def given_an_estate() -> Estate:
    trust = _trust()
    return estates.small(trust, _who("esme@demo.example"))


def given_a_proposal() -> Programme:
    programme = estates.solved(given_an_estate(), _who("esme@demo.example"))
    return actions.propose(programme=programme, reason="It saves most.", at=timezone.now(), by=programme.by)


def where_patients_are_seen() -> list[str]:
    from folkmoot.services.estates import seed

    return [s.code for s in seed.of_the_town().sites if any(need != "non-clinical" for need, _m2 in s.needs)]


def when_i_send(page: Page) -> None:
    sites = {"name": "sites.csv", "mimeType": "text/csv", "buffer": estates.eric(*estates.ERIC_ROWS)}
    page.get_by_label("ERIC site file").set_input_files([sites])  # type: ignore[list-item]
    page.get_by_role("button", name="Check and bring in").click()


def when_the_worker_has_done_its_work() -> None:
    for job in Job.objects.across_organisations(because="the test is the worker").filter(state="waiting"):
        running.run(str(job.pk))
        job.refresh_from_db()
        assert job.error == ""


def then_the_page_leads_to(page: Page, address: str) -> None:
    """It asks each second how far the work is, and goes to the result by itself."""
    expect(page).to_have_url(address, timeout=15_000)
