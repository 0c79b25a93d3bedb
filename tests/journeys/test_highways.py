"""A table of trips leaves a roads authority: the analyst imports and asks, somebody else decides, everybody reads."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from folkmoot.foundation.identity.models import Organisation, User
from folkmoot.foundation.identity.personas import make
from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.highways.models import Dataset, Release
from folkmoot.services.highways.tests import movement
from tests.a11y import audit_page
from tests.conftest import sign_in

PLACE = "HA1"


@pytest.fixture
def site(live_server: Any) -> str:
    return str(live_server.url)


def test_an_analyst_imports_a_day_and_sees_what_was_kept_aside_and_why(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    page = as_persona("analyst", organisation=PLACE)
    page.goto(f"{site}/highways/")
    page.get_by_role("button", name="Bring in data").click()
    page.get_by_label("Name of the data").fill("Network A, March")
    page.get_by_label("Files of a mobile network").check()
    when_i_send_files(page, cells="cell_id,latitude,longitude\ncellA,-0.50,53.0\ncellA,53.0,-0.5\n")
    expect(page.get_by_role("alert")).to_contain_text("cells.csv")
    look(page, "highways-wrong-file")
    assert audit_page(page, every_look=False) == []
    when_i_send_files(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Checking every event")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/highways/data/{_dataset().pk}/")
    expect(page.get_by_role("row", name="The cell is not in the list M1")).to_contain_text("there is no such cell")
    expect(page.get_by_role("row", name="In two places at one instant M5").get_by_role("cell").nth(3)).to_have_text("2")
    expect(page.get_by_text("1 line could not be read as a row.")).to_be_visible()
    expect(page.get_by_text("The busiest hour begins at")).to_be_visible()
    look(page, "highways-dataset")
    assert audit_page(page, every_look=False) == []
    with page.expect_download() as aside:
        page.get_by_role("link", name="Download the events kept aside").click()
    rows = list(csv.DictReader(io.StringIO(aside.value.path().read_text(encoding="utf-8"))))
    assert len(rows) == 5
    assert any(row["user_id"].startswith("'=cmd") and "not an instant" in row["reason"] for row in rows)


def test_an_analyst_asks_for_a_release_that_events_become_and_cannot_approve_it_alone(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    found = movement.checked(given_the_authority(), who("hana"))
    page = as_persona("analyst", organisation=PLACE)
    page.goto(f"{site}{found.get_absolute_url()}")
    page.get_by_role("button", name="Ask for a release").click()
    page.get_by_label("Fewest devices in a cell").fill("4")
    page.get_by_role("button", name="Make it safe and ask").click()
    expect(page.get_by_role("alert")).to_contain_text("A cell needs at least 10 devices in your organisation.")
    page.get_by_label("Name of the release").fill("Trips of a Monday")
    page.get_by_label("Fewest devices in a cell").fill("10")
    page.get_by_label("Purpose").fill(movement.PURPOSE)
    page.get_by_label("Lawful basis").select_option(label="Public task, article 6(1)(e)")
    look(page, "highways-ask")
    page.get_by_role("button", name="Make it safe and ask").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Making a release that gives nobody away")
    when_the_worker_has_done_its_work()
    release = _release()
    then_the_page_leads_to(page, f"{site}/highways/releases/{release.pk}/")
    expect(
        page.get_by_text("It waits for an approver of your organisation, who is not the person who asked.")
    ).to_be_visible()
    expect(page.get_by_role("button", name="Decide")).to_have_count(0)
    expect(page.get_by_role("row", name="Fewer than 10 devices, possibly none")).to_be_visible()
    page.goto(f"{site}/highways/releases/{release.pk}/decide/")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Decide on this release")
    # Also when the analyst is an approver besides, it must be somebody else.
    who("hana").memberships.create(organisation=given_the_authority(), role="approver")
    page.goto(f"{site}/highways/releases/{release.pk}/")
    expect(page.get_by_text("You asked for this release, so somebody else must decide.")).to_be_visible()
    look(page, "highways-release")
    assert audit_page(page, every_look=False) == []
    page.goto(f"{site}/highways/releases/{release.pk}/decide/")
    page.get_by_label("Approve").check()
    page.get_by_label("Reason").fill("I find it good myself.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert")).to_contain_text("You asked for this release, so somebody else must decide.")
    assert _release().status == "candidate"


def test_a_second_person_approves_and_then_everybody_reads_it_without_logging_in(
    as_persona: Callable[..., Page], new_page: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    release = movement.candidate(given_the_authority(), who("hana"), totals=True)
    public = new_page()
    public.goto(f"{site}/highways/published/{release.pk}/")
    expect(public.get_by_text("Trips", exact=True)).to_have_count(0)
    page = as_persona("approver", organisation=PLACE)
    page.goto(f"{site}/highways/")
    page.get_by_role("link", name="Read the disclosure report of Trips and decide.").click()
    expect(page.get_by_text("There was no earlier release to hold it against")).to_be_visible()
    look(page, "highways-report")
    page.get_by_role("button", name="Decide").click()
    page.get_by_label("Approve").check()
    page.get_by_label("Reason").fill("Nobody can be found in it.")
    look(page, "highways-decide")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Holding it against everything published")
    when_the_worker_has_done_its_work()
    then_the_page_leads_to(page, f"{site}/highways/releases/{release.pk}/")
    expect(page.get_by_text("Published", exact=True)).to_be_visible()
    public.goto(f"{site}/highways/published/")
    look(public, "highways-published")
    public.get_by_role("link", name="Trips").click()
    expect(public.locator("[data-fm-map]")).to_have_attribute("data-drawn", "true", timeout=15_000)
    expect(public.get_by_text("Harriet Approver, Mootham Highways")).to_be_visible()
    expect(public.get_by_text("A blank is not nought.")).to_be_visible()
    look(public, "highways-evidence")
    assert audit_page(public, every_look=False) == []
    with public.expect_download() as got:
        public.get_by_role("link", name="Where it comes from, policy, audit, digests (JSON)").click()
    manifest = json.loads(got.value.path().read_text(encoding="utf-8"))
    assert manifest["approved_by"] == "Harriet Approver, Mootham Highways"
    assert manifest["lawful_basis"] == "UK GDPR article 6(1)(e), public task"


def test_a_release_that_gives_a_cell_away_beside_an_earlier_one_is_stopped_with_the_reason(
    as_persona: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    release = movement.stopped(given_the_authority(), who("hana"))
    page = as_persona("analyst", organisation=PLACE)
    page.goto(f"{site}/highways/")
    page.get_by_role("link", name="See why disclosure control stopped Trips with totals.").click()
    expect(page.get_by_role("heading", name="Why it cannot leave")).to_be_visible()
    expect(page.locator(".hw-warn")).to_contain_text("leaves a few devices")
    look(page, "highways-stopped")
    assert audit_page(page, every_look=False) == []
    assert Client().get(f"/highways/published/{release.pk}/").status_code == 404


def test_a_withdrawn_release_stays_listed_without_its_numbers(
    as_persona: Callable[..., Page], new_page: Callable[..., Page], site: str, look: Callable[[Page, str], None]
) -> None:
    release = movement.published(given_the_authority(), who("hana"))
    page = as_persona("approver", organisation=PLACE)
    page.goto(f"{site}/highways/releases/{release.pk}/")
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_label("Reason").fill("The days in the file were wrong.")
    page.get_by_role("button", name="Withdraw").click()
    expect(
        page.get_by_text("The release is withdrawn. It stays listed, and still counts in every audit.")
    ).to_be_visible()
    public = new_page()
    public.goto(f"{site}/highways/published/")
    public.get_by_role("link", name="Trips").click()
    expect(public.get_by_text("The days in the file were wrong.")).to_be_visible()
    expect(public.get_by_role("table")).to_have_count(0)
    look(public, "highways-withdrawn")
    assert Client().get(f"/highways/published/{release.pk}/od.csv").status_code == 404


def test_without_scripts_data_are_taken_asked_of_and_deleted_by_keyboard(
    new_page: Callable[..., Page], as_persona: Callable[..., Page], site: str
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, site, "analyst", organisation=PLACE)
    found = movement.held(given_the_authority(), who("hana"))
    page.goto(f"{site}/highways/data/{found.pk}/delete/")
    page.keyboard.press("Tab")
    page.get_by_label("Reason").focus()
    page.keyboard.type("The contract is over.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The events are deleted. What was released stays.")).to_be_visible()
    expect(page.get_by_text("The contract is over.")).to_be_visible()
    expect(page.get_by_role("button", name="Ask for a release")).to_have_count(0)
    movement.published(given_the_authority(), who("hana"), "Another", data="Network B")
    page.goto(f"{site}/highways/published/")
    page.get_by_role("link", name="Another").press("Enter")
    expect(page.get_by_role("table", name="The largest flows between zones")).to_be_visible()


def given_the_authority() -> Organisation:
    make()
    return Organisation.objects.get(code=PLACE)


def who(name: str) -> User:
    make()
    return User.objects.get(email=f"{name}@demo.example")


def when_i_send_files(page: Page, **changed: str) -> None:
    labels = {"events": "Events", "cells": "Cells", "zones": "Zones", "opt_outs": "Opt-out list"}
    for part, (name, text) in movement.files().items():
        sent = {"name": name, "mimeType": "text/csv", "buffer": changed.get(part, text).encode()}
        page.get_by_label(labels[part]).set_input_files([sent])  # type: ignore[list-item]
    page.get_by_role("button", name="Check every event").click()


def when_the_worker_has_done_its_work() -> None:
    for job in Job.objects.across_organisations(because="the test is the worker").filter(state="waiting"):
        running.run(str(job.pk))
        job.refresh_from_db()
        assert job.error == ""


def then_the_page_leads_to(page: Page, address: str) -> None:
    """It asks each second how far the work is, and goes to the result by itself."""
    expect(page).to_have_url(address, timeout=15_000)


def _dataset() -> Dataset:
    return Dataset.objects.across_organisations(because="there is one").get()


def _release() -> Release:
    return Release.objects.across_organisations(because="there is one").get()
