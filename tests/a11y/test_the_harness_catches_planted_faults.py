"""The test of the tests: each planted fault is caught by the check meant for it, and its twin raises nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.a11y import axe, content, keyboard, layout, live, record, tree
from tests.a11y.finding import Finding, ready
from tests.a11y.plants import PLANTS, Plant

PAGE = "/_components/form/"
CHECKS: dict[str, Callable[[Page], list[Finding]]] = {
    "axe": axe.check,
    "tree": tree.check,
    "content": content.check,
    "layout": layout.check,
    "keyboard": keyboard.check,
    "live": live.check,
}


@pytest.fixture
def page(new_page, live_server) -> Page:
    # Planted faults may break the policy of the page or its scripts; that is their business.
    page = new_page()
    page.goto(live_server.url + PAGE)
    ready(page)
    return page


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name.replace(" ", "-"))
def test_a_planted_fault_is_caught_by_the_check_meant_for_it(page: Page, plant: Plant) -> None:
    page.evaluate(plant.script)
    found = CHECKS[plant.check](page)
    caught = [finding for finding in found if finding.rule == plant.rule and finding.planted]
    assert caught, f"{plant.rule} did not see “{plant.name}”; it saw {[str(f) for f in found]}"
    record.caught(plant.name)


@pytest.mark.parametrize("check", CHECKS)
def test_the_unplanted_twin_raises_nothing(page: Page, check: str) -> None:
    assert CHECKS[check](page) == []


def test_at_least_26_faults_are_planted_and_every_rule_of_ours_has_one() -> None:
    assert len({plant.name for plant in PLANTS}) == len(PLANTS) >= 26
    here = Path(__file__).parent
    code = "".join(path.read_text() for path in [*here.glob("*.py"), *here.glob("scripts/*.js")])
    ours = {
        *re.findall(r'"((?:keyboard|live|layout|tree):[a-z-]+)"', code),
        *(
            f"content:{rule}"
            for rule in re.findall(r'say\("([a-z-]+)", (?:el|error|link|table|field|form|first|canvas|document)', code)
        ),
    }
    assert len(ours) > 25
    without = ours - {plant.rule for plant in PLANTS}
    assert without <= EXTRA, f"no fault is planted for {sorted(without - EXTRA)}"


# Raised by the walk besides the rule that its plant is for, or about a whole page.
EXTRA = {
    "tree:level-skipped",
    "keyboard:endless",
    "keyboard:esc",
    "keyboard:order",
    "keyboard:never-reached",
    "keyboard:unseen-stop",
    "content:skip-link",
    "content:third-party",
    "content:title",
}
