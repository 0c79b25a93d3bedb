"""Three stations in a row, two classes, against SimPy and Ciw; drawing the random numbers is part of the time."""

from __future__ import annotations

from collections.abc import Callable
from statistics import mean, stdev

import numpy as np

from benchmarks.measure import Contender, Report, Target, Timing, interleaved
from folkmoot.engines.flow.queues import tandem
from folkmoot.engines.flow.sim.simulate import simulate
from folkmoot.engines.flow.tests.peers import stays_by_ciw, stays_by_simpy

SERVERS, UTILISATION, URGENT = (20, 4, 60), 0.9, 0.2
PATIENTS, ROUNDS = 40_000, 7
RUNS = 20  # of ours in a round, so that each contender is timed over about a second


def generator(number: int) -> np.random.Generator:
    return np.random.default_rng(number + 1)


def ours(patients: int, runs: int = 1) -> Callable[[int], float]:
    def run(number: int) -> float:
        means = []
        for k in range(runs):
            scenario = tandem(SERVERS, UTILISATION, patients, generator(number + 1000 * k), urgent_share=URGENT)
            means.append(float(simulate(scenario, "fcfs").stays.mean()))
        return mean(means)

    return run


def simpy(patients: int) -> Callable[[int], float]:
    return lambda number: float(
        stays_by_simpy(SERVERS, UTILISATION, patients, generator(number), urgent_share=URGENT).mean()
    )


def ciw(patients: int) -> Callable[[int], float]:
    return lambda number: float(stays_by_ciw(SERVERS, UTILISATION, patients, number, urgent_share=URGENT).mean())


def run(tick: Callable[[], None]) -> Report:
    ours(2_000)(0)
    contenders = [
        Contender("folkmoot", PATIENTS * RUNS, ours(PATIENTS, RUNS)),
        Contender("SimPy", PATIENTS, simpy(PATIENTS)),
        Contender("Ciw", PATIENTS, ciw(PATIENTS)),
    ]
    timings = list(interleaved(contenders, ROUNDS, tick))
    first = timings[0]
    rows = [["simulator", "patients a round", "patients/s", "folkmoot is faster by", "mean stay, hours"]]
    rows += [[t.name, f"{t.items:,}", f"{t.per_second:,.0f}", _factor(first, t), _interval(t)] for t in timings]
    targets = [
        Target(f"against {t.name}", f"≥ {wanted} ×", _factor(first, t), first.times_faster_than(t) >= wanted)
        for t, wanted in zip(timings[1:], (50, 100))
    ]
    return Report("three-stations", f"Three stations of {SERVERS} servers, ρ {UTILISATION}, two classes", rows, targets,
                  f"{ROUNDS} rounds of runs of {PATIENTS:,} patients; mean stay ± two standard errors.")  # fmt: skip


def _factor(first: Timing, other: Timing) -> str:
    return "" if first is other else f"{first.times_faster_than(other):.0f} ×"


def _interval(timing: Timing) -> str:
    return f"{mean(timing.figures):.1f} ± {2 * stdev(timing.figures) / len(timing.figures) ** 0.5:.1f}"
