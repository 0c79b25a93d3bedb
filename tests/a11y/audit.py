"""All checks together, on the page as it stands."""

from playwright.sync_api import Page

from tests.a11y import axe, content, keyboard, layout, live, tree
from tests.a11y.finding import Finding, ready

CHECKS = 6


def audit_page(page: Page, *, every_look: bool = True, press: bool = False) -> list[Finding]:
    """Findings of axe, tree, words, layout and keyboard; an empty list is what a test wants.

    `press` also presses every button that sends no form, which may change the page: ask for it last.
    """
    page.emulate_media(reduced_motion="reduce")
    ready(page)
    findings = [
        *axe.check(page, every_look=every_look),
        *tree.check(page),
        *content.check(page),
        *layout.check(page),
        *keyboard.check(page),
    ]
    if press:
        findings += live.check(page)
    return findings


def light_audit(page: Page) -> list[Finding]:
    """For the many pages made of parts that are audited in full elsewhere: axe twice, tree, words, layout."""
    page.emulate_media(reduced_motion="reduce")
    ready(page)
    return [*axe.check(page, every_look=False), *tree.check(page), *content.check(page), *layout.check(page)]
