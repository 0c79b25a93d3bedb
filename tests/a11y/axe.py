"""axe-core in every frame, at two widths, in light and dark, with everything opened.

Rules: WCAG 2.0, 2.1 and 2.2 at A and AA, and best practice; `target-size` (2.5.8) is off by default and switched on.
What axe cannot decide ("incomplete") counts as a finding unless it is in the list that somebody looked at.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.a11y.finding import Finding, ready, script

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = (1280, 900), (320, 800)


@cache
def source() -> str:
    return (AXE / "axe.min.js").read_text(encoding="utf-8")


@cache
def version() -> str:
    return str(json.loads((AXE / "package.json").read_text())["version"])


@cache
def signed_off() -> list[dict[str, str]]:
    """Incompletes that a person has looked at: rule, part of the place, and why it is well."""
    return json.loads(Path(__file__).with_name("incomplete_signed_off.json").read_text())


# Rules whose answer changes with width or colour scheme; the others are asked once.
_BY_LOOK = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]


def check(page: Page, *, every_look: bool = True) -> list[Finding]:
    """Four looks: all rules wide and light, all rules narrow and dark, rules of look in the other two."""
    size = page.viewport_size
    looks: list[tuple[tuple[int, int], str, list[str] | None]] = [(WIDE, "light", None), (NARROW, "dark", None)]
    if every_look:
        looks += [(WIDE, "dark", _BY_LOOK), (NARROW, "light", _BY_LOOK)]
    seen: dict[tuple[str, str], Finding] = {}
    opened = page.evaluate(script("open.js"))
    for (width, height), scheme, rules in looks:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        _rest(page)
        for finding in _look(page, rules):
            seen.setdefault((finding.rule, finding.where), finding)
    page.emulate_media(color_scheme=None, reduced_motion="reduce")
    if opened:
        page.evaluate(script("close.js"))
    if size:
        page.set_viewport_size(size)
    return sorted(seen.values())


def _rest(page: Page) -> None:
    """Give what watches widths two seconds to act, as on a busy machine it may need; if it does not, axe will say so."""
    for _ in range(40):
        if page.evaluate(script("rest.js")):
            return
        page.wait_for_timeout(50)


def _look(page: Page, rules: list[str] | None) -> list[Finding]:
    findings = []
    for frame in page.frames:
        ready(frame)
        if not frame.evaluate("() => Boolean(window.axe)"):
            frame.evaluate(f"() => {{ {source()} }}")
        inner = frame != page.main_frame
        findings += [_finding(row, inner) for row in frame.evaluate(script("axe.js"), [TAGS, rules, inner])]
    return [finding for finding in findings if not _is_signed_off(finding)]


def _finding(row: dict[str, Any], inner: bool) -> Finding:
    return Finding(row["rule"], row["where"], row["says"], row["planted"] or inner)


def _is_signed_off(finding: Finding) -> bool:
    return any(
        finding.rule == f"incomplete:{known['rule']}"
        and known["where"] in finding.where
        and known["says"] in finding.says
        for known in signed_off()
    )
