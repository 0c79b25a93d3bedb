"""Equilibrium assignment to equal gaps against AequilibraE: same network, costs and demand; bi-conjugate Frank–Wolfe in both.

AequilibraE needs pandas 3, which the lock does not hold, so it may live in an environment of its own:
`FOLKMOOT_AEQUILIBRAE=/path/to/python make bench`. It runs in a child process that answers one request at a time, so that
rounds alternate; building its graph and copying its matrix are not timed, nor is reading for ours. CPU seconds are of one
thread each, wall seconds of as many threads as there are cores. What takes wall time on a busy machine is not only ours.
"""

from __future__ import annotations

import json
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
from typing import Any

import numpy as np

from benchmarks.measure import Report, Target
from folkmoot.engines.traffic import Demand, RoadNetwork, connect, equilibrium, read_od, read_ways, read_zones
from folkmoot.engines.traffic.cost import Cost
from folkmoot.engines.traffic.tests.sioux_falls import LINKS, OPTIMUM, TRIPS

DATA = Path(
    os.environ.get("FOLKMOOT_MOBILITY_DATA", Path(__file__).resolve().parents[2] / "shared" / "data" / "mobility")
)
ROUNDS = 5
HOUR_SHARE = 0.3
CORES = os.cpu_count() or 1
AGREE = 0.02
"""Relative RMSE of flows on roads under which two assignments agree at the tightest gap; connectors have no unique flows."""
HEADINGS = [
    "network",
    "gap",
    "who",
    "iterations",
    "CPU s, 1 thread",
    f"wall s, {CORES} threads",
    "faster by (CPU, wall)",
]


@dataclass(frozen=True, slots=True)
class Case:
    """A network with its demand, and the gaps to reach."""

    label: str
    network: RoadNetwork
    demand: Demand
    gaps: tuple[float, ...]


class Peer:
    """AequilibraE in a process of its own, asked again and again."""

    def __init__(self, case: Case, folder: Path) -> None:
        n = case.network
        given = folder / "given.npz"
        np.savez(given, start=n.start, end=n.end, minutes=n.free_flow_minutes, capacity=n.capacity_vph, b=n.b, power=n.power,
                 zones=len(n.zones), first_thru=n.first_thru_node, trips=_between(case.demand))  # fmt: skip
        script = Path(__file__).with_name("aequilibrae_peer.py")
        self.process = subprocess.Popen(
            [peer_python() or sys.executable, script, given],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.version = str(self._answer()["version"])

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def ask(self, gap: float, cores: int) -> dict[str, Any]:
        assert self.process.stdin is not None
        print(json.dumps({"gap": gap, "cores": cores}), file=self.process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("AequilibraE broke down, which is not to be counted as slow.")
        answer: dict[str, Any] = json.loads(line)
        return answer


def run(tick: Callable[[], None]) -> Report:
    title = f"User equilibrium to equal gaps, bi-conjugate Frank–Wolfe, {ROUNDS} alternating rounds, medians"
    rows, targets, notes = [HEADINGS], [], []
    with_peer = peer_python() is not None
    if not with_peer:
        notes.append("AequilibraE is not there: install it in an environment of its own and set FOLKMOOT_AEQUILIBRAE.")
    for case in (sioux_falls(), *bristol()):
        with TemporaryDirectory() as folder:
            if with_peer:
                with Peer(case, Path(folder)) as peer:
                    part, wanted = raced(case, peer, tick)
                    notes.append(f"{case.label}: AequilibraE {peer.version}.")
            else:
                part, wanted = raced(case, None, tick)
        rows += part
        targets += wanted
    if not DATA.is_dir():
        notes.append(f"Bristol is not in {DATA}.")
    targets.append(optimum())
    return Report("traffic", title, rows, targets, " ".join(notes))


def raced(case: Case, peer: Peer | None, tick: Callable[[], None]) -> tuple[list[list[str]], list[Target]]:
    rows, targets = [], []
    equilibrium(case.network, case.demand, gap=0.5)
    for gap in case.gaps:
        ours: list[dict[str, Any]] = []
        theirs: list[dict[str, Any]] = []
        for _ in range(ROUNDS):
            ours.append(_ours(case, gap))
            if peer is not None:
                one, many = peer.ask(gap, 1), peer.ask(gap, CORES)
                theirs.append({**one, "wall": many["wall"]})
            tick()
        cpu, wall = (median(r[what] for r in ours) for what in ("cpu", "wall"))
        row = [case.label, f"{gap:g}", "folkmoot", str(ours[0]["iterations"]), f"{cpu:.3f}", f"{wall:.3f}", "–"]
        if not theirs:
            rows.append(row)
            continue
        their_cpu, their_wall = (median(r[what] for r in theirs) for what in ("cpu", "wall"))
        row[-1] = f"{their_cpu / cpu:.1f} ×, {their_wall / wall:.1f} ×"
        other = ["", "", "AequilibraE", str(theirs[0]["iterations"]), f"{their_cpu:.3f}", f"{their_wall:.3f}", ""]
        rows += [row, other]
        targets += _targets(case, gap, ours, theirs, min(their_cpu / cpu, their_wall / wall))
    return rows, targets


def _ours(case: Case, gap: float) -> dict[str, Any]:
    begun = time.process_time()
    found = equilibrium(case.network, case.demand, gap=gap, threads=1, max_iterations=5000)
    cpu = time.process_time() - begun
    began = time.perf_counter()
    equilibrium(case.network, case.demand, gap=gap, threads=CORES, max_iterations=5000)
    wall = time.perf_counter() - began
    return {"cpu": cpu, "wall": wall, "iterations": found.iterations, "gap": found.gap, "flows": found.flows[0]}


def _targets(
    case: Case, gap: float, ours: list[dict[str, Any]], theirs: list[dict[str, Any]], ratio: float
) -> list[Target]:
    a, b = np.asarray(ours[0]["flows"]), np.asarray(theirs[0]["flows"])
    road = case.network.b > 0
    apart = float(np.sqrt(((a - b)[road] ** 2).mean()) / a[road].mean())
    cost = Cost.of(case.network)
    off = abs(cost.integral(a) / cost.integral(b) - 1)
    reached = max(ours[0]["gap"], theirs[0]["gap"]) <= gap
    wanted, near = f"both gaps reached, objectives within {gap:g}", reached and off <= gap
    if gap == min(case.gaps):
        wanted, near = f"{wanted}, RMSE of flows ≤ {AGREE:.0%}", near and apart <= AGREE
    return [
        Target(
            f"{case.label}, gap {gap:g}: faster than AequilibraE", "> 1 ×, CPU and wall", f"{ratio:.1f} ×", ratio > 1
        ),
        Target(f"{case.label}, gap {gap:g}: agrees", wanted, f"objectives {off:.1e} apart, RMSE {apart:.2%}", near),
    ]


def optimum() -> Target:
    """Sioux Falls to a gap of 1e-6 against its known least objective."""
    case = sioux_falls()
    found = equilibrium(case.network, case.demand, gap=1e-6)
    off = found.objective / OPTIMUM - 1
    return Target(
        "Sioux Falls, gap 1e-6: known optimum", "within 1e-5", f"{off:.1e}", found.converged and abs(off) <= 1e-5
    )


def sioux_falls() -> Case:
    network = RoadNetwork.of(LINKS, zones=24)
    return Case("Sioux Falls", network, Demand.of(network.zones, car=np.array(TRIPS) * 100.0), (1e-4,))


def bristol() -> list[Case]:
    if not DATA.is_dir():
        return []
    network = connect(read_ways(DATA / "bristol_ways.geojson"), read_zones(DATA / "bristol_zones.geojson"))
    table = read_od(DATA / "bristol_od_2011.csv", network.zones, trips="car_driver", hour_share=HOUR_SHARE)
    return [Case("Bristol", network, Demand.of(network.zones, car=table.trips), (1e-4, 1e-5))]


def peer_python() -> str | None:
    """The interpreter that has AequilibraE: the one named, or this one; None if neither."""
    named = os.environ.get("FOLKMOOT_AEQUILIBRAE")
    return named or (sys.executable if find_spec("aequilibrae") else None)


def _between(demand: Demand) -> Any:
    trips = demand.trips[0].copy()
    np.fill_diagonal(trips, 0.0)
    return trips
