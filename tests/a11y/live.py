"""What changes must be said: press each button that stays on the page and watch what screen readers would be told.

A region must be there, empty, before its text comes (4.1.3); a change of words outside any region, with the focus
elsewhere, is silent; a focus whose element has gone is lost.
"""

from playwright.sync_api import Page

from tests.a11y.finding import Finding, found, script


def check(page: Page) -> list[Finding]:
    """Press every button of the main part that sends no form."""
    findings: list[Finding] = []
    for index in range(page.evaluate(script("live_start.js"))):
        findings += found(page.evaluate(script("live_press.js"), index))
    return findings
