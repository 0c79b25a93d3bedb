"""Words, forms and marks that no general tool sees: errors tied to fields, Welsh marked, links that lead."""

from playwright.sync_api import Page

from tests.a11y.finding import Finding, found, script


def check(page: Page) -> list[Finding]:
    """All checks of the document as it stands."""
    return found(page.evaluate(script("content.js")))
