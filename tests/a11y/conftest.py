"""Which browser looked at the pages."""

import pytest
from playwright.sync_api import Browser

from tests.a11y import record


@pytest.fixture(autouse=True)
def _version(browser: Browser) -> None:
    record.RUN.browser = f"Chromium {browser.version}"
