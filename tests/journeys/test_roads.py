"""Where it jams and which scheme helps most: assigned, drawn, asked what if, ranked, proposed, decided, read by all."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from folkmoot.foundation.identity.models import Organisation, User
from folkmoot.foundation.identity.personas import make
from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.highways.roads import actions
from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy
from folkmoot.services.highways.roads.tests import nets
from tests.a11y import audit_page
from tests.conftest import sign_in


@pytest.fixture
def site(live_server: Any) -> str:
    return str(live_server.url)


def test_a_press_on_a_road_tells_it_marks_its_row_and_chooses_it(
    browser_page: Page, site: str, look: Callable[[Page, str], None]
) -> None:
    page = browser_page
    page.goto(f"{site}/_components/map/")
    section = page.locator("[data-fm-map]").nth(1)
    section.scroll_into_view_if_needed()
    expect(section).to_have_attribute("data-drawn", "true", timeout=15_000)
    pressed(section, (-1.60, 53.79, -1.52, 53.85), (-1.58, 53.80))
    told = str(section.locator("[data-fm-told]").text_content())
    assert "of its capacity" in told
    chosen = page.get_by_label("Road", exact=True).input_value()
    assert told.startswith(f"Road {chosen}:")
    expect(section.get_by_role("status")).to_have_text(f"Road chosen: Road {chosen}")
    assert section.locator("tr[data-pressed]").count() == section.locator(f"tr[data-fm-line='{chosen}']").count()
    look(page, "gallery-map")
    assert audit_page(page, every_look=False) == []


def test_a_planner_gives_files_sees_where_it_jams_and_asks_whose_vehicles_they_are(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="HA1")
    page.goto(f"{site}/highways/roads/")
    page.get_by_role("button", name="Begin a study of roads").click()
    page.get_by_label("Name of the study").fill("Two banks")
    page.get_by_role("button", name="Check and assign").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the file of roads.")
    send(page, trips=nets.TRIPS.replace("A,B,2900", "A,B,many"))
    expect(page.get_by_role("alert")).to_contain_text("Row 2 of “trips.csv” has 'many' for trips.")
    look(page, "roads-wrong-file")
    assert audit_page(page, every_look=False) == []
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Finding where everybody drives")
    when_the_worker_has_done_its_work()
    study = _study()
    then_the_page_leads_to(page, f"{site}/highways/roads/{study.pk}/")
    expect(page.get_by_text("Most is lost on B17 eastbound").first).to_be_visible()
    expect(page.locator("[data-fm-map]")).to_have_attribute("data-drawn", "true", timeout=15_000)
    expect(page.get_by_text("Invented roads")).to_be_visible()
    expect(page.get_by_text("lines of “cycleway” are not for cars")).to_be_visible()
    expect(page.get_by_text("The longest queue is on B17 eastbound")).to_be_visible()
    look(page, "roads-study")
    assert audit_page(page, every_look=False) == []
    page.get_by_label("Link id").fill(nets.bridge(study))
    page.get_by_role("button", name="Show whose they are").click()
    expect(page.get_by_role("rowheader", name="Ash to Birch")).to_be_visible()
    expect(page.locator("[data-fm-map]")).to_have_attribute("data-drawn", "true", timeout=15_000)
    look(page, "roads-link")
    assert audit_page(page, every_look=False) == []


def test_a_scheme_is_drawn_by_pressing_the_map_run_and_ranked(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("planner", organisation="HA1")
    hugh = _who("hugh@demo.example")
    study = nets.study(_authority(), hugh)
    nets.scheme(study, hugh, "No bridge", what="close", value=None, pounds=50_000)
    page.goto(f"{site}/highways/roads/{study.pk}/")
    page.get_by_role("button", name="Draw up a scheme").click()
    page.get_by_label("Name of the scheme").fill("Two lanes each way")
    page.get_by_label("Cost in pounds").fill("2000000")
    page.get_by_role("button", name="Go on to its changes").click()
    section = page.locator("[data-fm-map]")
    expect(section).to_have_attribute("data-drawn", "true", timeout=15_000)
    pressed(section, (-0.52, 53.00, -0.47, 53.03), (-0.50, 53.02))
    expect(section.locator("[data-fm-told]")).to_contain_text("A7")
    assert page.get_by_label("Road (link id)").input_value() != ""
    page.get_by_label("Road (link id)").fill(nets.bridge(study))
    page.get_by_label("Give it other lanes").check()
    page.get_by_role("button", name="Add this change").click()
    expect(page.get_by_role("alert")).to_contain_text("Say how many lanes it has then")
    page.get_by_label("Lanes each way, or km/h").fill("2")
    page.get_by_role("button", name="Add this change").click()
    expect(page.get_by_role("button", name="Take back")).to_have_count(2)
    look(page, "roads-changes")
    assert audit_page(page, every_look=False) == []
    page.get_by_role("button", name="Run the scheme").click()
    when_the_worker_has_done_its_work()
    scheme = study.schemes.get(name="Two lanes each way")
    then_the_page_leads_to(page, f"{site}/highways/roads/schemes/{scheme.pk}/")
    expect(page.get_by_text("It saves").first).to_be_visible()
    expect(page.locator("[data-fm-map]")).to_have_attribute("data-drawn", "true", timeout=15_000)
    look(page, "roads-scheme")
    assert audit_page(page, every_look=False) == []
    page.goto(f"{site}/highways/roads/{study.pk}/ranking/")
    page.get_by_label("Draws of the demand").fill("3")
    page.get_by_role("button", name="Rank the schemes").click()
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/highways/roads/{study.pk}/ranking/")
    expect(page.get_by_text("Two lanes each way saves most for a pound")).to_be_visible()
    look(page, "roads-ranking")
    assert audit_page(page, every_look=False) == []


def test_an_approver_approves_on_a_phone_and_everybody_reads_it_without_logging_in(
    as_persona: Callable[..., Page], phone_page: Page, new_page: Callable[..., Page], site: str
) -> None:
    page = as_persona("approver", page=phone_page, organisation="HA1")
    hugh = _who("hugh@demo.example")
    study = nets.study(_authority(), hugh)
    nets.scheme(study, hugh, "A draft", value=3.0)
    scheme = actions.propose(scheme=nets.scheme(study, hugh), reason="Most for a pound.", at=timezone.now(), by=hugh)
    page.goto(f"{site}/highways/roads/schemes/{scheme.pk}/")
    page.get_by_role("button", name="Decide").tap()
    page.get_by_label("Approve", exact=True).tap()
    page.get_by_label("Reason").fill("The queue at the bridge goes.")
    page.get_by_role("button", name="Decide").tap()
    expect(page.get_by_text("The decision is recorded.")).to_be_visible()
    assert audit_page(page, every_look=False) == []
    anybody = new_page()
    anybody.goto(f"{site}/highways/roads/approved/")
    expect(anybody.get_by_text("A draft")).to_have_count(0)
    anybody.get_by_role("link", name="Wider bridge").click()
    expect(anybody.get_by_text("The queue at the bridge goes.")).to_be_visible()
    expect(anybody.locator("[data-fm-map]")).to_have_attribute("data-drawn", "true", timeout=15_000)
    assert audit_page(anybody, every_look=False) == []
    with anybody.expect_download() as downloaded:
        anybody.get_by_role("link", name="All links, before and after (CSV)").click()
    assert downloaded.value.suggested_filename == "before-and-after.csv"


def test_without_scripts_a_road_is_found_by_its_number_closed_and_reopened(
    new_page: Callable[..., Page], site: str
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, site, "analyst", organisation="HA1")
    study = nets.study(_authority(), _who("hugh@demo.example"))
    page.goto(f"{site}/highways/roads/{study.pk}/schemes/new/")
    page.get_by_label("Name of the scheme").fill("Plain")
    page.get_by_label("Cost in pounds").fill("1000")
    page.get_by_role("button", name="Go on to its changes").click()
    page.get_by_label("Number, name or id").fill("b17")
    page.get_by_role("button", name="Search").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="B17 eastbound"))
    page.get_by_label("Road (link id)").fill(str(row.locator("td").last.text_content()))
    page.get_by_label("Close it").check()
    page.get_by_role("button", name="Add this change").click()
    expect(page.get_by_role("button", name="Take back")).to_have_count(2)
    page.get_by_role("button", name="Take back").last.click()
    expect(page.get_by_text("The change is taken back.")).to_be_visible()
    page.get_by_role("button", name="Run the scheme").click()
    expect(page.get_by_text("Waiting to start")).to_be_visible()
    when_the_worker_has_done_its_work()
    scheme = RoadScheme.objects.for_organisation(_authority()).get(name="Plain")
    page.goto(f"{site}/highways/roads/schemes/{scheme.pk}/")
    expect(page.get_by_text("It costs").first).to_be_visible()
    assert page.locator("tr[data-fm-line]").count() == len(scheme.findings["rows"])


def _authority() -> Organisation:
    make()
    return Organisation.objects.get(code="HA1")


def _who(email: str) -> User:
    make()
    return User.objects.get(email=email)


def _study() -> Any:
    return RoadStudy.objects.for_organisation(_authority()).order_by("-at").first()


def send(page: Page, **changed: str) -> None:
    """The files of the town of two banks, some of them changed."""
    for name, text in nets.files(**changed).items():
        page.locator(f"input[name={name}]").set_input_files(
            [{"name": nets.ENDINGS[name], "mimeType": "application/octet-stream", "buffer": text.encode()}]
        )
    page.get_by_label("Whose roads are these?").fill("Invented roads")
    page.get_by_role("button", name="Check and assign").click()


def pressed(section: Any, bounds: tuple[float, float, float, float], at: tuple[float, float]) -> None:
    """Press the map at a longitude and latitude; `bounds` (west, south, east, north) is what the map was drawn to fit."""
    canvas = section.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None

    def north(lat: float) -> float:
        return math.degrees(math.asinh(math.tan(math.radians(lat))))

    west, south, east, top = bounds
    tall = north(top) - north(south)
    scale = min((box["width"] - 96) / (east - west), (box["height"] - 96) / tall, 512 * 2**14 / 360)
    x = box["width"] / 2 + scale * (at[0] - (west + east) / 2)
    y = box["height"] / 2 - scale * (north(at[1]) - (north(south) + north(top)) / 2)
    canvas.click(position={"x": x, "y": y})


def when_the_worker_has_done_its_work() -> None:
    for job in Job.objects.across_organisations(because="the test is the worker").filter(state="waiting"):
        running.run(str(job.pk))
        job.refresh_from_db()
        assert job.error == ""


def then_the_page_leads_to(page: Page, address: str) -> None:
    """It asks each second how far the work is, and goes to the result by itself."""
    expect(page).to_have_url(address, timeout=15_000)
