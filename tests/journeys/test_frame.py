"""Anybody may read these pages: in Welsh or English, light or dark, with scripts or without, by keyboard, on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.a11y import audit_page


@pytest.fixture
def site(live_server) -> str:
    return live_server.url


def test_somebody_who_reads_welsh_without_scripts(new_page: Callable[..., Page], site: str) -> None:
    page = given_no_scripts(new_page)
    page.goto(f"{site}/accessibility/")
    when_i_press(page, "Cymraeg")
    then_the_page_speaks(page, "cy", "Datganiad hygyrchedd")
    page.goto(f"{site}/privacy/")
    then_the_page_speaks(page, "cy", "Preifatrwydd")
    when_i_press(page, "English")
    then_the_page_speaks(page, "en", "Privacy")


def test_somebody_who_wants_it_dark_without_scripts(new_page: Callable[..., Page], site: str) -> None:
    page = given_no_scripts(new_page)
    page.goto(site)
    when_i_press(page, "Dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    then_the_ground_is(page, "rgb(18, 22, 26)")
    when_i_press(page, "Light")
    then_the_ground_is(page, "rgb(255, 255, 255)")
    when_i_press(page, "As my device")
    page.emulate_media(color_scheme="dark")
    then_the_ground_is(page, "rgb(18, 22, 26)")


def test_somebody_who_fills_in_a_form_without_scripts(new_page: Callable[..., Page], site: str) -> None:
    page = given_no_scripts(new_page)
    page.goto(f"{site}/_components/form/")
    when_i_press(page, "Send")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page).to_have_title("Error: A form with every field – Folkmoot")
    page.get_by_role("link", name="Enter a date").click()
    assert page.evaluate("() => location.hash") == "#id_start-day"
    when_i_fill_in_everything(page)
    when_i_press(page, "Send")
    expect(page.get_by_text("Everything was filled in")).to_be_visible()


def test_a_form_left_open_and_sent_again_does_nothing_twice(browser_page: Page, site: str) -> None:
    page = browser_page
    page.goto(f"{site}/_components/form/")
    token = page.locator("[name=form_token]").input_value()
    when_i_fill_in_everything(page)
    when_i_press(page, "Send")
    expect(page.get_by_text("Everything was filled in")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Everything was filled in")).to_have_count(0)
    # The page that was left open still has its old token.
    page.evaluate("token => { document.querySelector('[name=form_token]').value = token; }", token)
    when_i_fill_in_everything(page)
    with page.expect_navigation():
        when_i_press(page, "Send")
    expect(page).to_have_url(f"{site}/_components/form/")
    expect(page.get_by_text("Everything was filled in")).to_have_count(0)


def test_progress_moves_by_itself_and_the_map_by_its_buttons(browser_page: Page, site: str) -> None:
    page = browser_page
    page.goto(f"{site}/_components/progress/?done=30")
    expect(page.get_by_text("50 of 50")).to_be_visible()
    page.goto(f"{site}/_components/map/")
    expect(page.locator("[data-fm-map][data-drawn=true]").first).to_be_visible()
    signs = page.locator("[data-fm-map]").first.locator(".fm-map__canvas .fm-map__sign")
    expect(signs).to_have_count(4)
    before = signs.first.bounding_box()
    page.get_by_role("button", name="Zoom in").first.press("Enter")
    expect(page.locator("[data-fm-said]").first).to_have_text("Zoom in")
    assert signs.first.bounding_box() != before


def test_a_press_on_the_map_fills_in_the_position_and_typing_moves_the_sign(browser_page: Page, site: str) -> None:
    page = browser_page
    page.goto(f"{site}/_components/map/")
    expect(page.locator("[data-fm-map][data-drawn=true]").first).to_be_visible()
    page.locator("[data-fm-canvas] canvas").first.click(position={"x": 60, "y": 60})
    expect(page.get_by_label("Longitude")).not_to_have_value("")
    expect(page.locator("[data-fm-said]").first).to_contain_text("Position chosen")
    chosen = page.locator("[data-fm-canvas] .fm-map__sign--new")
    before = chosen.bounding_box()
    page.get_by_label("Longitude").fill("-1.55")
    page.get_by_label("Latitude").fill("53.80")
    expect(chosen).to_have_count(1)
    assert chosen.bounding_box() != before


def test_a_chart_has_its_figures_beside_it(phone_page: Page, site: str, look: Callable[[Page, str], None]) -> None:
    page = phone_page
    page.goto(f"{site}/_components/charts/")
    drawing = page.get_by_role("img", name="Pareto chart: Bed-hours waited, by resource")
    expect(drawing).to_have_count(1)
    assert letters_are_legible(page)
    page.get_by_text("The same figures as a table: Bed-hours waited").click()
    expect(page.get_by_role("table", name="Bed-hours waited, by resource")).to_be_visible()
    assert audit_page(page, every_look=False) == []
    look(page, "charts")


def given_no_scripts(new_page: Callable[..., Page]) -> Page:
    return new_page(java_script_enabled=False)


def when_i_press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def when_i_fill_in_everything(page: Page) -> None:
    page.get_by_label("Name of the log").fill("March")
    page.get_by_label("Open beds").fill("24")
    for part, value in (("Day", "27"), ("Month", "3"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_label("Index with ageing").check()
    page.get_by_label("I have checked these figures").check()


def then_the_page_speaks(page: Page, language: str, heading: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def then_the_ground_is(page: Page, colour: str) -> None:
    expect(page.locator("body")).to_have_css("background-color", colour)


def letters_are_legible(page: Page) -> bool:
    """No letter of a drawing on a phone is smaller than 12 CSS pixels."""
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("svg.fm-drawing--narrow")].map((svg) => {
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            return scale * parseFloat(getComputedStyle(svg.querySelector("text")).fontSize);
        })"""
    )
    return len(sizes) == 7 and min(sizes) >= 12
