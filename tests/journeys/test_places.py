"""A plan defended in public: the planner solves and proposes, the approver decides, the public reads."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from folkmoot.foundation.identity.models import Organisation, User
from folkmoot.foundation.identity.personas import make
from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.places.models import Option
from tests.a11y import audit_page


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
    page.goto(f"{site}/places/options/{_option().pk}/")
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


def _council() -> Organisation:
    make()
    return Organisation.objects.get(code="E09")


def _who(email: str) -> User:
    return User.objects.get(email=email)


def _option() -> Any:
    return Option.objects.for_organisation(_council()).order_by("-at").first()


def when_the_worker_has_done_its_work() -> None:
    for job in Job.objects.across_organisations(because="the test is the worker").filter(state="waiting"):
        running.run(str(job.pk))
        job.refresh_from_db()
        assert job.error == ""
