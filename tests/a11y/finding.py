"""What a check says."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakSet

from playwright.sync_api import BrowserContext, Frame, Page

# Contexts in which a check has begun: axe tries styles that the page's policy refuses, and the console says so.
AUDITED: WeakSet[BrowserContext] = WeakSet()
_SCRIPTS = Path(__file__).with_name("scripts")


@dataclass(frozen=True, order=True)
class Finding:
    """One fault at one place. `planted` says that the place is one of our own planted faults."""

    rule: str
    where: str
    says: str
    planted: bool = False

    def __str__(self) -> str:
        return f"{self.rule} at {self.where}: {self.says}"


@cache
def script(name: str) -> str:
    """A script of this package. It is evaluated through the debugger, so the page's policy stays in force."""
    return (_SCRIPTS / name).read_text(encoding="utf-8")


def ready(page: Page | Frame) -> None:
    """Put the words all scripts share into the page."""
    AUDITED.add(page.context if isinstance(page, Page) else page.page.context)
    page.evaluate(script("shared.js"))


def found(rows: list[dict[str, Any]]) -> list[Finding]:
    """Findings as scripts report them."""
    return [Finding(row["rule"], row["where"], row["says"], row.get("planted", False)) for row in rows]
