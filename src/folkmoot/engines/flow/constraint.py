"""Which resource holds up the most bed-hours? Identify the constraint, with evidence and confidence.

Two measures, which often disagree with "who is busiest":

* bed-hours waited *on the critical path* per resource: waits that really kept a bed, followed back from discharge;
* the derivative of the mean stay by capacity: every resource in turn works a little faster on the same patients (common
  random numbers), and the waiting saved is counted: what the faster work itself shortens, which more people at the old
  speed would not, is taken off again. This decides.

Confidence is the share of bootstrap resamples of whole weeks in which the same resource comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from folkmoot.engines.flow.levers import speed_up
from folkmoot.engines.flow.model import Floats, Scenario
from folkmoot.engines.flow.path import alone
from folkmoot.engines.flow.policy import Rule
from folkmoot.engines.flow.sim.simulate import Result, simulate

WHAT_IF = 1.05
"""The little more capacity: 5 %."""

RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Pressure:
    """What one resource costs. Hours; `worth_hours` is the mean stay saved per patient by 5 % more capacity."""

    resource_id: str
    name: str
    utilisation: float
    critical_wait_hours: float
    share: float
    worth_hours: float
    holders: int


@dataclass(frozen=True, slots=True)
class Constraint:
    """The finding: the resource, how sure, and everything measured, the worst first. Bed waits are per ward (hours)."""

    resource_id: str
    name: str
    confidence: float
    pressures: tuple[Pressure, ...]
    bed_wait_hours: dict[str, float]
    mean_stay: float

    @property
    def busiest(self) -> Pressure:
        """The resource of highest utilisation, which need not be the constraint."""
        return max(self.pressures, key=lambda p: p.utilisation)

    @property
    def evidence(self) -> str:
        """The finding in one sentence."""
        top = self.pressures[0]
        text = (
            f"5 % more capacity of {top.name} would shorten the average stay by {top.worth_hours:.1f} hours, and "
            f"{100 * top.share:.0f} % of the bed-hours waited on critical paths are waits for it."
        )
        if self.busiest.resource_id != top.resource_id:
            text += f" The busiest resource is {self.busiest.name}, at {100 * self.busiest.utilisation:.0f} %."
        return text


def identify(
    scenario: Scenario,
    policy: str | Rule = "fcfs",
    *,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Constraint:
    """Simulate the hospital as it is and with 5 % more of each resource in turn, and say which one matters most."""
    base = simulate(scenario, policy)
    n = len(scenario.resources)
    unhindered = alone(scenario).discharge
    saved = np.zeros((n, len(scenario.patients)))
    for index, resource in enumerate(scenario.resources):
        if progress:
            progress(index, n)
        changed = speed_up(scenario, resource.id, WHAT_IF)
        by_itself = unhindered - alone(changed).discharge
        saved[index] = np.nan_to_num(base.discharged - simulate(changed, policy).discharged - by_itself, nan=0.0)
    if progress:
        progress(n, n)
    return from_runs(scenario, base, saved, np.random.Generator(np.random.Philox(key=seed)))


def from_runs(scenario: Scenario, base: Result, saved: Floats, rng: np.random.Generator) -> Constraint:
    """The finding from a base run and the hours each patient would be saved, shape (resources, patients)."""
    waits = base.critical_waits()
    tasks, n = scenario.tasks, len(scenario.resources)
    staffed = tasks.resource >= 0
    held = np.bincount(tasks.resource[staffed], weights=waits.wait[staffed], minlength=n)
    total = max(float(held.sum()), 1e-9)
    worth = saved.mean(axis=1) if saved.size else np.zeros(n)
    admitted = scenario.patients.admitted
    use = base.utilisation(float(admitted.min(initial=0.0)), float(admitted.max(initial=1.0)))
    holders = _holders(base, scenario)
    order = np.lexsort((-held, -worth))
    pressures = tuple(
        Pressure(
            resource_id=scenario.resources[r].id,
            name=scenario.resources[r].name,
            utilisation=float(use[r]),
            critical_wait_hours=float(held[r]),
            share=float(held[r]) / total,
            worth_hours=float(worth[r]),
            holders=int(holders[r]),
        )
        for r in order
    )
    in_beds = tasks.ward >= 0
    beds = np.bincount(tasks.ward[in_beds], weights=waits.bed[in_beds], minlength=len(scenario.wards))
    return Constraint(
        resource_id=pressures[0].resource_id,
        name=pressures[0].name,
        confidence=_confidence(scenario, saved, int(order[0]), rng),
        pressures=pressures,
        bed_wait_hours={ward.id: float(hours) for ward, hours in zip(scenario.wards, beds)},
        mean_stay=float(base.stays.mean()) if len(base.stays) else 0.0,
    )


def _confidence(scenario: Scenario, saved: Floats, winner: int, rng: np.random.Generator) -> float:
    """Share of resamples of whole weeks in which the winner saves most."""
    week = (scenario.patients.admitted // 168.0).astype(np.int64)
    week -= week.min(initial=0)
    weeks = int(week.max(initial=0)) + 1
    sums = np.stack([np.bincount(week, weights=row, minlength=weeks) for row in saved])
    draws = rng.integers(0, weeks, size=(RESAMPLES, weeks))
    return float(np.mean(np.argmax(sums[:, draws].sum(axis=2), axis=0) == winner))


def _holders(base: Result, scenario: Scenario) -> Floats:
    """Patients whose last wait on the critical path before going home late was for each resource."""
    waits = base.critical_waits()
    tasks = scenario.tasks
    late = np.zeros(len(scenario.patients), dtype=np.bool_)
    late[np.flatnonzero(base.finished)] = base.late
    longest = np.full(len(scenario.patients), -1, dtype=np.int64)
    order = np.argsort(waits.wait, kind="stable")
    longest[tasks.patient[order]] = np.where(tasks.resource[order] >= 0, tasks.resource[order], -1)
    chosen = longest[late & (longest >= 0)]
    return np.bincount(chosen, minlength=len(scenario.resources)).astype(np.float64)


def watch(
    result: Result, *, window_days: float = 7.0, step_days: float = 1.0, confirm: int = 2
) -> list[tuple[float, str]]:
    """Follow the constraint through time: (hours since the origin, resource) at the start and at each change noticed.

    Every `step_days`, the bed-hours waited in the last `window_days` are added up per resource, waits of patients still
    waiting included, using only what was known by then. A change is announced when another resource has led, by at
    least a fifth, on `confirm` looks in a row.
    """
    scenario, tasks = result.scenario, result.scenario.tasks
    begin = float(scenario.patients.admitted.min())
    end = float(scenario.patients.admitted.max())
    staffed = tasks.resource >= 0
    free = np.where(result.bed_at >= result.ready, result.bed_at, result.ready)[staffed]
    until = np.where(np.isnan(result.ended), np.inf, result.ended - tasks.work)[staffed]
    resource = tasks.resource[staffed]
    known = ~np.isnan(free)
    free, until, resource = free[known], until[known], resource[known]
    found: list[tuple[float, str]] = []
    current, candidate, streak = -1, -1, 0
    for now in np.arange(begin + 24.0 * window_days, end + 1e-9, 24.0 * step_days):
        low = now - 24.0 * window_days
        hours = np.clip(np.minimum(until, now) - np.maximum(free, low), 0.0, None)
        held = np.bincount(resource, weights=hours, minlength=len(scenario.resources))
        leader = int(np.argmax(held))
        if current < 0:
            if held[leader] > 0:
                current = leader
                found.append((float(now), scenario.resources[leader].id))
            continue
        if leader != current and held[leader] > 1.2 * held[current]:
            streak = streak + 1 if leader == candidate else 1
            candidate = leader
            if streak >= confirm:
                current, streak = leader, 0
                found.append((float(now), scenario.resources[leader].id))
        else:
            streak = 0
    return found
