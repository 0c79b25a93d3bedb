"""The run's figures are written once, when the last page has been looked at."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.a11y import record


@pytest.fixture(scope="session", autouse=True)
def _recorded(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    record.write()


@pytest.fixture(autouse=True)
def _version(browser: Browser) -> None:
    record.RUN.browser = f"Chromium {browser.version}"
