"""Every page in every state and both languages has no finding; every route is in the map; titles tell pages apart."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Page

from tests.a11y import audit_page, record
from tests.a11y.audit import CHECKS, light_audit
from tests.a11y.pages import NEED_A_JOURNEY, Entry, every_entry, not_pages
from tests.conftest import sign_in

ENTRIES = every_entry()


@pytest.fixture(scope="session")
def titles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share: for each title a file that names the route that has it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "titles"
    folder.mkdir(exist_ok=True)
    return folder


def _first_with(titles: Path, title: str, route: str) -> str:
    """The route that had this title first."""
    mine = titles / uuid4().hex
    mine.write_text(route)
    try:
        # Whole or not at all, whichever worker comes first.
        (place := titles / hashlib.sha256(title.encode()).hexdigest()).hardlink_to(mine)
    except FileExistsError:
        return place.read_text()
    return route


def _named(patterns: list[URLPattern | URLResolver], prefix: str = "") -> set[str]:
    names: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            names |= _named(pattern.url_patterns, space)
        elif pattern.name:
            names.add(prefix + pattern.name)
    return names


def test_every_named_route_is_in_the_map_or_has_a_reason_not_to_be() -> None:
    names = {name for name in _named(get_resolver().url_patterns) if not name.startswith("api:")}
    mapped = {entry.route for entry in ENTRIES}
    missing = names - mapped - set(not_pages()) - NEED_A_JOURNEY
    assert not missing, (
        f"no accessibility entry for {sorted(missing)}: list them in the service's tests/pages.py or in tests/a11y/pages.py"
    )
    assert not (mapped | set(not_pages()) | NEED_A_JOURNEY) - names, "the map names routes that are gone"


@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_a_page_has_no_accessibility_finding(
    entry: Entry, new_page: Callable[..., Page], live_server, titles: Path
) -> None:
    page = new_page()
    person = sign_in(page, live_server.url, entry.role) if entry.role else None
    for language in entry.languages:
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        arguments = entry.prepare(person) if entry.prepare else entry.arguments
        answer = page.goto(live_server.url + reverse(entry.route, args=arguments) + entry.query)
        assert answer is not None
        assert answer.status == entry.status
        if entry.arrive:
            entry.arrive(page)
        assert page.locator("html").get_attribute("lang") == language[:2]
        title = page.title()
        full = entry.full and language == "en-gb"
        findings = audit_page(page, press=True) if full else light_audit(page)
        record.looked(entry.route, entry.state, language[:2], checks=CHECKS if full else 4, findings=len(findings))
        assert not findings, "\n".join(str(finding) for finding in findings)
        other = _first_with(titles, f"{language} {title}", entry.route)
        assert other == entry.route, f"{entry.route} and {other} have the same title, “{title}”"
