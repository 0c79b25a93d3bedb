"""Whether cost grows in proportion to patients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import median

from benchmarks.measure import Contender, Report, Target, interleaved
from benchmarks.task_network import build, forget_calendars
from folkmoot.engines.flow.model import Scenario
from folkmoot.engines.flow.sim.simulate import simulate

SIZES = (20_000, 40_000, 80_000, 160_000, 320_000)
ROUNDS = 5


def once(scenario: Scenario) -> Callable[[int], float]:
    """Simulate from nothing known: features and calendars are worked out each time."""

    def run(_: int) -> float:
        forget_calendars()
        return float(simulate(replace(scenario, _cache={}), "index-ageing").stays.mean())

    return run


def run(tick: Callable[[], None]) -> Report:
    scenarios = {size: build(0, size) for size in SIZES}
    simulate(scenarios[SIZES[0]], "index-ageing")
    contenders = [Contender(f"{size:,}", size, once(scenarios[size])) for size in SIZES]
    timings = list(interleaved(contenders, ROUNDS, tick))
    first = timings[0]
    rows = [["patients", "microseconds a patient", "against the smallest", "mean stay, hours"]]
    ratios = [1.0 / t.times_faster_than(first) for t in timings]
    for timing, ratio in zip(timings, ratios):
        each = 1e6 * median(timing.seconds) / timing.items
        rows.append([timing.name, f"{each:.2f}", f"{ratio:.2f} ×", f"{timing.figures[0]:.1f}"])
    worst = max(ratios)
    return Report("growth", "Cost a patient as hospitals grow (index with ageing, office hours)", rows,
                  [Target("cost a patient, 16 times the patients", "≤ 1.50 ×", f"{worst:.2f} ×", worst <= 1.5)])  # fmt: skip
