"""A day of a million residents: the town built, stays found, trips counted by origin and destination, and released.

Each step is a command of its own in a process of its own, as an analyst would run it, so that its peak memory is its own
(`ru_maxrss` of the child). Everything is written to a folder that is thrown away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Report, Target

RESIDENTS = 1_000_000
GIB = 24.0


@dataclass(frozen=True, slots=True)
class Step:
    """What a command printed, and what it took."""

    name: str
    said: dict[str, object]
    wall: float
    cpu: float
    peak_gib: float


def run(tick: Callable[[], None], *, residents: int = RESIDENTS) -> Report:
    """The whole day."""
    with tempfile.TemporaryDirectory(prefix="folkmoot-million-") as folder:
        place = Path(folder)
        town, events = place / "town", place / "town" / "events"
        steps = []
        for name, command in (
            ("town", ["town", "movement", "--residents", str(residents), "--share", "0.85", "--out", str(town)]),
            ("stays", ["mobility", "stays", str(events), "--mode", "cell", "--out", str(place / "stays.parquet")]),
            ("od, by pair", _od(town, events, place / "pairs")),
            (
                "od, by pair and hour, with totals",
                [*_od(town, events, place / "hours"), "--hour", "--total", "origin,hour"],
            ),
            ("audit of the second beside the first", ["mobility", "audit", str(place / "hours"), str(place / "pairs")]),
        ):
            steps.append(_ran(name, [*command, "--json"]))
            tick()
    return _report(steps, residents)


def _od(town: Path, events: Path, out: Path) -> list[str]:
    given = [
        *("--cells", str(town / "cells.csv"), "--zones", str(town / "zones.geojson")),
        *("--population", str(town / "population.csv")),
    ]
    return ["mobility", "od", str(events), *given, "--k", "10", "--out", str(out)]


def _ran(name: str, arguments: list[str]) -> Step:
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as told:
        child = subprocess.Popen([sys.executable, "-m", "folkmoot.cli", *arguments], stdout=told)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        text = told.read()
    # An audit that finds something ends with 1 and still prints what it found.
    if child.returncode not in (0, 1) or not text:
        raise RuntimeError(f"“{name}” ended with {child.returncode}; what it said is above.")
    wall = time.monotonic() - begun
    return Step(name, json.loads(text), wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20)


def _report(steps: list[Step], residents: int) -> Report:
    rows = [["step", "wall, s", "CPU, s", "peak, GiB", "what came of it"]]
    rows += [[s.name, f"{s.wall:,.0f}", f"{s.cpu:,.0f}", f"{s.peak_gib:.2f}", _told(s)] for s in steps]
    wall, cpu, peak = sum(s.wall for s in steps), sum(s.cpu for s in steps), max(s.peak_gib for s in steps)
    rows.append(["all", f"{wall:,.0f}", f"{cpu:,.0f}", f"{peak:.2f}", ""])
    released = [s for s in steps if s.name.startswith("od")]
    return Report(
        "million", f"One day of {residents:,} residents", rows,
        [
            Target("peak memory of any step", f"below {GIB:g} GiB", f"{peak:.2f} GiB", peak < GIB),
            Target("released", "cells in every release", ", ".join(str(s.said["cells"]) for s in released),
                   all(int(str(s.said["cells"])) > 0 for s in released)),
        ],
        "Wall time is of a shared machine.",
    )  # fmt: skip


def _told(step: Step) -> str:
    said = step.said
    if step.name.startswith("od"):
        read = said.get("read")
        events = read.get("events") if isinstance(read, dict) else None
        blank = said["blanks"]
        return f"{events:,} events; {said['cells']:,} cells released; blank {blank}"
    if "safe" in said:
        return f"safe: {said['safe']}; {said['programs']:,} linear programs"
    return ", ".join(
        f"{key} {value:,}" for key, value in said.items() if isinstance(value, int) and not isinstance(value, bool)
    )
