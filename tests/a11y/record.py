"""What the run saw, kept for the accessibility statement: var/accessibility.json, written when the run ends.

Each worker counts what it saw itself; their counts are put together at the end.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.a11y import axe
from tests.a11y.plants import PLANTS

PLACE = Path(__file__).parents[2] / "var" / "accessibility.json"


@dataclass
class Run:
    """Counts, as tests add to them."""

    routes: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    checks: int = 0
    findings: int = 0
    caught: set[str] = field(default_factory=set)
    browser: str = ""


RUN = Run()


def caught(name: str) -> None:
    RUN.caught.add(name)


def looked(route: str, state: str, language: str, *, checks: int, findings: int) -> None:
    """One page in one state and language."""
    RUN.routes.add(route)
    RUN.states.add(f"{route} {state} {language}")
    RUN.languages.add(language)
    RUN.checks += checks
    RUN.findings += findings


def told() -> dict[str, Any]:
    """This worker's counts in what JSON knows."""
    return {name: sorted(value) if isinstance(value, set) else value for name, value in vars(RUN).items()}


def add(counts: dict[str, Any] | None) -> None:
    """Put another worker's counts to these."""
    for name, value in (counts or {}).items():
        mine = getattr(RUN, name)
        if isinstance(mine, set):
            mine.update(value)
        else:
            setattr(RUN, name, mine + value if isinstance(mine, int) else value or mine)


def write() -> None:
    """Keep the run's figures, unless it was only part of a run."""
    if len(RUN.caught) < len(PLANTS) or not RUN.states:
        return
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    said = {
        "on": datetime.now(UTC).date().isoformat(),
        "axe_version": axe.version(),
        "browser": RUN.browser,
        "routes": len(RUN.routes),
        "states": len(RUN.states),
        "languages": sorted(RUN.languages),
        "checks": RUN.checks,
        "planted": len(PLANTS),
        "caught": len(RUN.caught),
        "findings": RUN.findings,
        "incomplete": len(axe.signed_off()),
    }
    PLACE.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
