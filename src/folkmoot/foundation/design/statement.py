"""The accessibility statement's figures: read from the last run of the harness (tests/a11y), never written by hand.

The run writes `accessibility.json` into the installation's var folder; a release carries the copy beside this module.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

PACKAGED = Path(__file__).with_name("accessibility.json")


@dataclass(frozen=True)
class Run:
    """What was looked at, with what, and what was found."""

    on: date
    axe_version: str
    browser: str
    routes: int
    states: int
    languages: tuple[str, ...]
    checks: int
    planted: int
    caught: int
    findings: int
    incomplete: int
    not_tested: tuple[str, ...] = field(
        default=("screen readers", "switch access", "voice control", "magnifiers", "people")
    )


def last_run(var: Path | None) -> Run | None:
    """The latest results there are, or None where the harness has never run."""
    for place in ([var / "accessibility.json"] if var else []) + [PACKAGED]:
        if place.is_file():
            return _read(place)
    return None


def _read(place: Path) -> Run:
    said = json.loads(place.read_text(encoding="utf-8"))
    return Run(
        on=date.fromisoformat(said["on"]),
        axe_version=said["axe_version"],
        browser=said["browser"],
        routes=said["routes"],
        states=said["states"],
        languages=tuple(said["languages"]),
        checks=said["checks"],
        planted=said["planted"],
        caught=said["caught"],
        findings=said["findings"],
        incomplete=said["incomplete"],
    )
