"""Narrow, large, spaced out, still: reflow (1.4.10), text spacing (1.4.12), double text (1.4.4), motion."""

from playwright.sync_api import Page

from tests.a11y.finding import Finding, found, script

# 1280 × 1024 pixels at 400 % zoom.
ZOOMED = {"width": 320, "height": 256}


def check(page: Page) -> list[Finding]:
    """All four, leaving the page as it was."""
    size = page.viewport_size
    findings = found(page.evaluate(script("motion.js")))
    page.set_viewport_size(ZOOMED)
    findings += found(page.evaluate(script("reflow.js")))
    page.set_viewport_size({"width": 1280, "height": 900})
    findings += found(page.evaluate(script("large.js")))
    if size:
        page.set_viewport_size(size)
    return findings
