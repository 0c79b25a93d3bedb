"""A real browser for journeys and the accessibility harness: one for the whole run, one fresh context for each test.

Everything that uses it is marked `browser`; each worker has a browser of its own. Where Chromium is absent those tests are
skipped.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    sync_playwright,
)

from tests.a11y import record
from tests.a11y.finding import AUDITED

# The headless shell is Chromium without what draws windows, and takes a third less of the processor.
PLACES = [
    Path("/usr/bin") / name for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
]
CHROMIUM = next((str(place) for place in PLACES if place.exists()), "")
SCREENSHOTS = Path(__file__).parents[1] / "var" / "screenshots"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """A worker is done: what its accessibility tests saw is added to what others saw."""
    record.add(getattr(node, "workeroutput", {}).get("accessibility"))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker sends on what it saw; who has heard of all of it writes it down."""
    output = getattr(session.config, "workeroutput", None)
    if output is None:
        record.write()
    else:
        output["accessibility"] = record.told()


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    """Playwright's synchronous interface, which keeps an event loop in this thread.

    Django would take all code in it for async, and has one set of connections inside the loop and another outside. Each is
    closed at the border: PostgreSQL drops no test database to which somebody is connected still.
    """
    from django.db import connections

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    with sync_playwright() as playwright:
        yield playwright
        connections.close_all()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: `make test` installs it from apt.txt where it may.")
    playwright = request.getfixturevalue("_playwright")
    try:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--enable-unsafe-swiftshader", "--force-color-profile=srgb"]
        )
    except Error as error:
        pytest.skip(f"Chromium is installed but does not start: {error.message.splitlines()[0]}")
    yield started
    started.close()


class Outside:
    """Requests to anywhere but the page's own origin, and complaints in the console."""

    def __init__(self, context: BrowserContext) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        context.on("request", self._request)
        context.on("console", lambda said: self._console(context, said))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _console(self, context: BrowserContext, said: ConsoleMessage) -> None:
        if said.type == "error" and context not in AUDITED:
            self.complaints.append(said.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://localhost:", "http://127.0.0.1:", "data:", "blob:", "about:")):
            self.requests.append(request.url)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages; afterwards none may have asked anything of another origin or broken its own policy."""
    contexts: list[tuple[BrowserContext, Outside]] = []

    def make(**options: object) -> Page:
        options.setdefault("viewport", DESKTOP)
        options.setdefault("reduced_motion", "reduce")
        options.setdefault("locale", "en-GB")
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append((context, Outside(context)))
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield make
    for context, outside in contexts:
        context.close()
        assert outside.requests == [], "a page asked something of another origin"
        broken = [said for said in outside.complaints if "Content Security Policy" in said or "Uncaught" in said]
        assert broken == [], "a page broke its own policy or its script failed"


@pytest.fixture
def browser_page(new_page: Callable[..., Page]) -> Page:
    """A page on a desk."""
    return new_page()


@pytest.fixture
def phone_page(new_page: Callable[..., Page]) -> Page:
    """A page on a phone."""
    return new_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def look() -> Callable[[Page, str], None]:
    """Save what the page looks like on desktop and phone, for people to look at: var/screenshots/NAME-desktop.png."""

    def save(page: Page, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        size = page.viewport_size
        for device, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            page.screenshot(path=SCREENSHOTS / f"{name}-{device}.png", full_page=True)
        if size:
            page.set_viewport_size(size)

    return save


@pytest.fixture
def as_persona(live_server: object, request: pytest.FixtureRequest) -> Callable[..., Page]:
    """`as_persona("flow_manager")` gives a page logged in as the demo's person of that role, second factor and all."""

    def enter(role: str, *, page: Page | None = None, organisation: str = "RM1") -> Page:
        page = page or request.getfixturevalue("browser_page")
        sign_in(page, live_server.url, role, organisation=organisation)  # type: ignore[attr-defined]
        return page

    return enter


def sign_in(page: Page, address: str, role: str, *, organisation: str = "RM1") -> object:
    """Give this page's context the session of a persona, and return the person."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from allauth.mfa.utils import is_mfa_enabled
    from django.conf import settings
    from django.test import Client

    from folkmoot.foundation.identity.models import User
    from folkmoot.foundation.identity.personas import PERSONAS, make

    make()
    held = [p for p in PERSONAS if p.role == role]
    person = next((p for p in held if p.organisation == organisation), held[0])
    user = User.objects.get(email=person.email)
    if user.is_staff_somewhere and not is_mfa_enabled(user):
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    return user
