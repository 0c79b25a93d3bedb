"""Bristol through the pages: real roads, zones and commuting uploaded, assigned to 1e-4, drawn, the busiest roads named."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "mobility"
CREDIT = "© OpenStreetMap contributors (ODbL)"

pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="Bristol's files are not here (../shared/data/mobility)."),
]


def test_bristol_is_uploaded_assigned_and_drawn(
    as_persona: Callable[..., Page], live_server: Any, tmp_path: Path
) -> None:
    page = as_persona("planner", organisation="HA1")
    page.set_default_timeout(60_000)
    page.goto(f"{live_server.url}/highways/roads/new/")
    given_the_files_of_bristol(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Finding where everybody drives")
    when_the_worker_has_done_its_work()
    expect(page).to_have_url(re.compile(r"/highways/roads/[0-9a-f-]{36}/$"), timeout=60_000)
    then_the_flows_are_drawn_and_named(page)
    page.screenshot(path=tmp_path / "bristol.png", full_page=True)
    if place := os.environ.get("FOLKMOOT_PICTURES"):
        pictured(page, Path(place))


def given_the_files_of_bristol(page: Page) -> None:
    page.get_by_label("Name of the study").fill("Bristol, morning peak")
    for field, name in (("network", "ways.geojson"), ("zones", "zones.geojson"), ("trips", "od_2011.csv")):
        page.locator(f"input[name={field}]").set_input_files(DATA / f"bristol_{name}")
    page.get_by_label("Column of trips").fill("car_driver")
    page.get_by_label("Share of the trips in that hour").fill("25")
    page.get_by_label("Whose roads are these?").fill(CREDIT)
    page.get_by_role("button", name="Check and assign").click()


def when_the_worker_has_done_its_work() -> None:
    for job in Job.objects.across_organisations(because="the test is the worker").filter(state="waiting"):
        running.run(str(job.pk))
        job.refresh_from_db()
        assert job.error == ""


def then_the_flows_are_drawn_and_named(page: Page) -> None:
    from folkmoot.services.highways.roads.models import RoadStudy

    study = RoadStudy.objects.across_organisations(because="the test reads what was made").get()
    assert study.findings["gap"] <= 1e-4
    assert study.findings["converged"]
    assert study.facts["zones"] == 102
    # Whoever drives to work in Bristol knows these.
    names = {each["name"] for each in study.findings["busiest"]}
    assert {"M5", "A38"} & names
    section = page.locator("[data-fm-map]")
    expect(section).to_have_attribute("data-drawn", "true", timeout=30_000)
    expect(section.get_by_text(CREDIT)).to_be_visible()
    rows = section.locator("tr[data-fm-line]")
    assert rows.count() == len(study.findings["busiest"])
    first = study.findings["busiest"][0]
    expect(rows.first).to_contain_text(first["name"])
    answer = page.context.request.get(page.url + "flows.geojson")
    assert len(answer.json()["features"]) == study.facts["links"]
    assert len(answer.body()) < 1_500_000
    expect(page.get_by_text("132,319 trips of 2,910 rows").first).to_be_visible()


def pictured(page: Page, place: Path) -> None:
    """The picture of the README: the map and its table, as a wide window shows them in light colours."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1460, "height": 1100})
    page.reload()
    section = page.locator("[data-fm-map]")
    expect(section).to_have_attribute("data-drawn", "true", timeout=30_000)
    place.mkdir(parents=True, exist_ok=True)
    section.get_by_role("button", name="Zoom in").click()
    section.get_by_role("button", name="South").click()
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(2_000)
    # From the heading to the legend; the buttons that move the map say nothing on paper.
    top, bottom = section.bounding_box(), section.locator(".fm-map__legend").bounding_box()
    assert top is not None
    assert bottom is not None
    page.screenshot(
        path=place / "bristol.png", full_page=True,
        clip={
            "x": top["x"] - 12, "y": top["y"] - 6, "width": top["width"] + 24,
            "height": bottom["y"] + bottom["height"] - top["y"] + 16,
        },
    )  # fmt: skip
    page.screenshot(path=place / "bristol-page.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 740})
    page.screenshot(path=place / "bristol-phone.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    expect(page.locator("[data-fm-map]")).to_have_attribute("data-drawn", "true", timeout=30_000)
    page.locator("[data-fm-map]").screenshot(path=place / "bristol-dark.png")
