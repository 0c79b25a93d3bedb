"""Stays by cell against DuckDB's sort of the same file, stays on coordinates against fastmob, both against trackintel.

Every run is a process of its own, contenders take turns, and ratios are of medians. `FOLKMOOT_BENCH_EVENTS` makes it
smaller while it is worked on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.measure import Report, Target

EVENTS = int(os.environ.get("FOLKMOOT_BENCH_EVENTS", 10_000_000))
FEW = 50_000
"""Events that trackintel is given."""
ROUNDS, GROWTH_ROUNDS = 5, 3
HEADINGS = ["contender", "events", "CPU s", "of it system", "wall s", "peak MB", "M events a CPU second", "stays"]
LABELS = {
    "sort": "DuckDB: sort by user, time, cell into a table",
    "cells": "stays by cell",
    "expression": "stays by cell, the Ibis expression on DuckDB",
    "coordinates": "stays on coordinates",
    "fastmob": "fastmob stay_locations, from Arrow",
    "trackintel": "trackintel generate_staypoints",
}


@dataclass
class Runs:
    """What was measured of one contender on one file."""

    name: str
    events: int
    cpu: list[float] = field(default_factory=list)
    system: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    rows: int = 0

    def add(self, told: dict[str, float]) -> None:
        self.cpu.append(told["cpu"])
        self.system.append(told["system"])
        self.wall.append(told["wall"])
        self.peak.append(told["peak"])
        self.rows = int(told["rows"])

    @property
    def system_each(self) -> float:
        """The system's part of it: mostly the first touch of memory, which is dear where the machine is a virtual one."""
        return median(self.system) / self.events

    @property
    def each(self) -> float:
        """CPU seconds of an event."""
        return median(self.cpu) / self.events

    def row(self) -> list[str]:
        return [
            LABELS[self.name], f"{self.events:,}", f"{median(self.cpu):.2f}", f"{median(self.system):.2f}",
            f"{median(self.wall):.2f}", f"{median(self.peak):,.0f}", f"{1e-6 / self.each:.3f}",
            f"{self.rows:,}" if self.rows else "",
        ]  # fmt: skip


def run(tick: Callable[[], None]) -> Report:
    with TemporaryDirectory(prefix="folkmoot-bench-") as name:
        return _report(Path(name), tick)


def _report(folder: Path, tick: Callable[[], None]) -> Report:
    title = "Stays by cell and on coordinates"
    files = {events: folder / f"{events}.parquet" for events in (FEW, EVENTS // 10, EVENTS, 5 * EVENTS)}
    for events, file in files.items():
        _child("write", str(events), str(file))
        tick()
    peers = [name for name in ("fastmob", "trackintel") if find_spec(name)]
    whole = ["sort", "cells", "expression", "coordinates", *(p for p in peers if p == "fastmob")]
    full = _raced(whole, EVENTS, files[EVENTS], ROUNDS, tick, folder)
    few = _raced(["cells", "coordinates", *(p for p in peers if p == "trackintel")], FEW, files[FEW], 3, tick)
    grown = {
        events: _raced(["sort", "cells", "coordinates"], events, files[events], GROWTH_ROUNDS, tick)
        for events in (EVENTS // 10, 5 * EVENTS)
    }
    targets = [*_against_sort(full), *_against_fastmob(full, folder), *_against_trackintel(few), *_linear(full, grown)]
    rows = [HEADINGS, *(r.row() for part in (full, few, *grown.values()) for r in part.values())]
    missing = [name for name in ("fastmob", "trackintel") if name not in peers]
    note = f"{ROUNDS} rounds, one process a run, medians. " + (
        f"Not installed: {', '.join(missing)} (`uv pip install --group bench`)." if missing else ""
    )
    return Report("mobility", title, rows, targets, note)


def _raced(
    names: Sequence[str], events: int, file: Path, rounds: int, tick: Callable[[], None], keep: Path | None = None
) -> dict[str, Runs]:
    found = {name: Runs(name, events) for name in names}
    for _ in range(rounds):
        for name in names:
            out = "-" if keep is None else str(keep / f"{name}.stays.parquet")
            found[name].add(json.loads(_child(name, str(file), out)))
            tick()
    return found


def _child(*words: str) -> str:
    """Made by a parent that holds nothing, since a child's peak begins with its parent's size."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.mobility_stays", *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} broke down, which is not to be counted as slow:\n{done.stderr[-2000:]}")
    return done.stdout


def _against_sort(full: dict[str, Runs]) -> list[Target]:
    ours, sort = full["cells"], full["sort"]
    cpu, wall = _ratio(ours.cpu, sort.cpu), _ratio(ours.wall, sort.wall)
    peak = median(ours.peak) / median(sort.peak)
    return [
        Target("stays by cell ÷ DuckDB's sort, CPU", "≤ 1.6", f"{cpu:.2f}", cpu <= 1.6),
        Target("stays by cell ÷ DuckDB's sort, wall clock", "≤ 1.6", f"{wall:.2f}", wall <= 1.6),
        Target("stays by cell ÷ DuckDB's sort, peak memory", "≤ 1.3", f"{peak:.2f}", peak <= 1.3),
    ]


def _against_fastmob(full: dict[str, Runs], folder: Path) -> list[Target]:
    if "fastmob" not in full:
        return []
    faster = [
        _ratio(full["fastmob"].cpu, full["coordinates"].cpu),
        _ratio(full["fastmob"].wall, full["coordinates"].wall),
    ]
    agree = json.loads(
        _child("agreement", str(folder / "coordinates.stays.parquet"), str(folder / "fastmob.stays.parquet"))
    )
    return [
        Target("stays on coordinates, faster than fastmob, CPU", "> 1 ×", f"{faster[0]:.2f} ×", faster[0] > 1),
        Target("stays on coordinates, faster than fastmob, wall clock", "> 1 ×", f"{faster[1]:.2f} ×", faster[1] > 1),
        Target("agreement with fastmob in time", "≥ 0.99", f"{agree:.6f}", agree >= 0.99),
    ]


def _against_trackintel(few: dict[str, Runs]) -> list[Target]:
    if "trackintel" not in few:
        return []
    found = []
    for name in ("cells", "coordinates"):
        ratio = _ratio(few["trackintel"].cpu, few[name].cpu)
        found.append(Target(f"{LABELS[name]}, faster than trackintel, CPU", "≥ 50 ×", f"{ratio:.0f} ×", ratio >= 50))
    return found


def _linear(full: dict[str, Runs], grown: dict[int, dict[str, Runs]]) -> list[Target]:
    """CPU of an event at 50 × the events over that of the least; beside it without the system's part, and a sort's."""
    found, raced = [], (grown[EVENTS // 10], full, grown[5 * EVENTS])
    sorts = [runs["sort"].each for runs in raced]
    for name in ("cells", "coordinates"):
        sizes = [runs[name] for runs in raced]
        each, own = [one.each for one in sizes], [one.each - one.system_each for one in sizes]
        worst, mine, sort = (values[2] / min(values) for values in (each, own, sorts))
        what = f"{LABELS[name]}, CPU of an event at 50 × the events"
        told = f"{worst:.2f} × ({mine:.2f} × without the system's part; the sort {sort:.2f} ×)"
        found.append(Target(what, "≤ 1.25 ×", told, worst <= 1.25))
    return found


def _ratio(ours: list[float], theirs: list[float]) -> float:
    """The median over rounds of the ratio within a round."""
    return median(a / b for a, b in zip(ours, theirs))
