"""The meeting at nine and the hours after it: flow manager, clinician, ward clerk and analyst at one hospital."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from folkmoot.foundation.identity.models import Organisation
from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.wards.models import Delay, Hospital, Stay
from folkmoot.services.wards.tests import hospital
from tests.a11y import audit_page
from tests.conftest import sign_in


@pytest.fixture
def site(live_server: Any) -> str:
    return str(live_server.url)


def test_a_flow_manager_finds_who_is_waited_for_and_asks_for_help_on_saturday(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("flow_manager")
    given_the_hospital_of_the_town()
    page.goto(f"{site}/wards/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This morning at Aldermoor General")
    expect(page.get_by_text("Most is waited for")).to_be_visible()
    look(page, "wards-morning")
    when_i_follow(page, "What if")
    page.get_by_label("Which team?").select_option(label="Social care")
    page.get_by_label("More staff").check()
    page.get_by_label("Saturday").check()
    page.get_by_role("button", name="Ask the simulator").click()
    expect(page.get_by_text("Waiting to start")).to_be_visible()
    when_the_worker_has_done_its_work()
    page.get_by_role("link", name="See the result").or_(page.get_by_role("heading", name="What if?")).first.wait_for()
    page.goto(f"{site}/wards/what-if/")
    expect(page.get_by_role("heading", name="Social care: 1 more person (Saturday)")).to_be_visible()
    expect(page.get_by_text("95 per cent interval")).to_be_visible()
    look(page, "wards-what-if")
    assert audit_page(page, every_look=False) == []


def test_a_clinician_takes_the_second_patient_says_why_and_finishes(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("clinician")
    given_three_patients_who_wait()
    page.goto(f"{site}/wards/lists/social/")
    look(page, "wards-list")
    page.get_by_role("button", name="Take P-2").click()
    expect(page.get_by_text("not the first of the list")).to_be_visible()
    page.get_by_label("Why out of order, or why it waits P-2").select_option(label="Waiting for the family’s decision")
    page.get_by_role("button", name="Take P-2").click()
    expect(page.get_by_text("P-2 is in hand.")).to_be_visible()
    page.get_by_role("button", name="Done P-2").click()
    expect(page.get_by_text("Done for P-2.")).to_be_visible()
    kept = Delay.objects.across_organisations(because="a test looks").get()
    assert (kept.out_of_order, kept.position, kept.reason) == (True, 2, "family")
    assert audit_page(page, every_look=False) == []


def test_a_ward_clerk_says_why_somebody_waits_in_two_taps_on_a_phone(
    as_persona: Callable[..., Page], phone_page: Page, site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("ward_clerk", page=phone_page)
    given_three_patients_who_wait()
    page.goto(f"{site}/wards/board/")
    look(page, "wards-board")
    page.get_by_role("link", name="Why waiting? P-1").tap()
    page.get_by_role("button", name="Equipment or a room is missing").tap()
    expect(page.get_by_text("The reason for P-1 is recorded.")).to_be_visible()
    look(page, "wards-patient")
    page.goto(f"{site}/wards/board/")
    expect(page.get_by_text("Equipment or a room is missing")).to_be_visible()
    assert audit_page(page, every_look=False) == []


def test_the_board_can_be_filtered_paused_and_walked_by_keyboard(as_persona: Callable[..., Page], site: str) -> None:
    page = as_persona("ward_clerk")
    given_three_patients_who_wait()
    page.goto(f"{site}/wards/board/")
    pause = page.get_by_role("button", name="Pause updates")
    pause.focus()
    page.keyboard.press("Enter")
    expect(pause).to_have_attribute("aria-pressed", "true")
    page.get_by_role("combobox", name="Ward").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/wards/board/?ward=frail")
    expect(page.get_by_role("link", name="P-1", exact=True)).to_be_visible()
    page.get_by_role("link", name="P-1", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Patient P-1")
    assert audit_page(page, every_look=False) == []


def test_without_scripts_the_planned_date_moves_and_the_first_one_stays(
    new_page: Callable[..., Page], as_persona: Callable[..., Page], site: str
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, site, "clinician")
    place = given_three_patients_who_wait()
    stay = place.stays.get(pseudonym="P-1")
    page.goto(f"{site}/wards/patients/{stay.pk}/")
    page.get_by_role("button", name="Move the date").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a date")
    for part, value in (("Day", "27"), ("Month", "3"), ("Year", "2040")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("button", name="Move the date").click()
    expect(page.get_by_text("The planned discharge has moved")).to_be_visible()
    moved = Stay.objects.for_organisation(place.organisation_id).get(pk=stay.pk)
    assert (moved.planned_discharge_moves, moved.first_planned_discharge) == (1, stay.first_planned_discharge)
    twin = as_persona("clinician")  # axe itself needs scripts
    twin.goto(f"{site}/wards/patients/{stay.pk}/")
    assert audit_page(twin, every_look=False) == []


def test_an_analyst_uploads_a_log_corrects_a_column_and_reads_what_it_shows(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("analyst")
    given_the_hospital_of_the_town()
    events = (("Admission", 8, "desk"), ("Review", 11, "doctor"), ("Release", 15, "ward"))
    rows = [f"p{n},{what},2026-03-{1 + n:02d} {hour:02d}:00,{team}" for n in range(20) for what, hour, team in events]
    log = "\n".join(["who,activity,time,team", *rows]).encode()
    page.goto(f"{site}/wards/analyses/")
    page.get_by_label("A hospital’s log").set_input_files(
        [{"name": "march.csv", "mimeType": "text/csv", "buffer": log}]
    )
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which column is what?")
    page.get_by_label("Patient or case").select_option("who")
    said = {"What happened": "activity", "When it was completed": "time", "Team, person or department": "team"}
    for label, column in said.items():
        page.get_by_label(label).select_option(column)
    page.get_by_role("button", name="Analyse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Analysing the log")
    when_the_worker_has_done_its_work()
    page.goto(f"{site}/wards/analyses/")
    page.get_by_role("link", name="march.csv").click()
    expect(page.get_by_text("hours passed before events of")).to_be_visible()
    expect(page.get_by_text("How the log was read")).to_be_visible()
    look(page, "wards-log")
    assert audit_page(page, every_look=False) == []
    # Figures about everybody, but nobody's bed: the board is not for analysts.
    answer = page.goto(f"{site}/wards/board/")
    assert answer is not None
    assert answer.status == 403


def test_a_flow_manager_changes_the_order_of_all_lists(as_persona: Callable[..., Page], site: str) -> None:
    page = as_persona("flow_manager")
    place = given_three_patients_who_wait()
    page.goto(f"{site}/wards/order/")
    page.get_by_label("Earliest planned discharge date").check()
    page.get_by_role("button", name="Use this order").click()
    expect(page.get_by_text("All lists follow this order now.")).to_be_visible()
    assert Hospital.objects.for_organisation(place.organisation_id).get(pk=place.pk).policy == "edd"
    page.goto(f"{site}/wards/order/")
    assert audit_page(page, every_look=False) == []


def _organisation() -> Organisation:
    return Organisation.objects.get(code="RM1")


def given_the_hospital_of_the_town() -> Hospital:
    return hospital.of_the_town(_organisation())


def given_three_patients_who_wait() -> Hospital:
    return hospital.small(_organisation())


def when_i_follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def when_the_worker_has_done_its_work() -> None:
    for job in Job.objects.across_organisations(because="the test is the worker").filter(state="waiting"):
        running.run(str(job.pk))
        job.refresh_from_db()
        assert job.error == ""
