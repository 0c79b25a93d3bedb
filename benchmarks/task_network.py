"""The whole network of hospital B in office hours: six teams, joins, calendars that pause work, orders that move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from benchmarks.measure import Contender, Report, Target, interleaved
from folkmoot.engines.flow import calendar
from folkmoot.engines.flow.model import Scenario
from folkmoot.engines.flow.sim.simulate import simulate
from folkmoot.town import archetypes

PATIENTS, ROUNDS = 80_000, 5
POLICIES = ("fcfs", "toc", "index-ageing")
WANTED = 250_000


def build(seed: int, patients: int = PATIENTS) -> Scenario:
    """The scenario from the tables."""
    return Scenario.from_tables(archetypes.hospital("B", rho=0.9, hours="office", patients=patients, seed=seed + 1))


def run(tick: Callable[[], None]) -> Report:
    tables = [
        archetypes.hospital("B", rho=0.9, hours="office", patients=PATIENTS, seed=seed + 1) for seed in range(ROUNDS)
    ]
    small = build(0, 2_000)
    for policy in POLICIES:
        simulate(small, policy)
    made: dict[int, Scenario] = {}

    def from_tables(number: int) -> float:
        made[number] = Scenario.from_tables(tables[number])
        return 0.0

    def order(policy: str) -> Callable[[int], float]:
        def once(number: int) -> float:
            forget_calendars()
            return float(simulate(replace(made[number], _cache={}), policy).stays.mean())

        return once

    contenders = [Contender("from tables", PATIENTS, from_tables)]
    contenders += [Contender(policy, PATIENTS, order(policy)) for policy in POLICIES]
    timings = list(interleaved(contenders, ROUNDS, tick))
    building = timings[0]
    rows = [["what", "patients/s", "with building from tables", "mean stay, hours"]]
    rows.append([building.name, f"{building.per_second:,.0f}", "", ""])
    for t in timings[1:]:
        both = 1.0 / (1.0 / t.per_second + 1.0 / building.per_second)
        rows.append([t.name, f"{t.per_second:,.0f}", f"{both:,.0f}", f"{sum(t.figures) / len(t.figures):.1f}"])
    targets = [
        Target(f"{t.name}, simulated", f"≥ {WANTED:,} patients/s", f"{t.per_second:,.0f}", t.per_second >= WANTED)
        for t in timings[1:]
    ]
    tasks = len(made[0].tasks) / PATIENTS
    note = f"{ROUNDS} towns of {PATIENTS:,} patients, {tasks:.1f} tasks each; calendars and features laid out anew each time."
    return Report("task-network", "Hospital B, office hours, ρ .90: the full task network", rows, targets, note)


def forget_calendars() -> None:
    """Calendars are laid out once a process; here every contender pays for its own."""
    calendar._steps.cache_clear()
    calendar._midnights.cache_clear()
