"""Run a scenario under a policy: lays out the arrays for the event loop and reads the result back.

>>> from folkmoot import town                                                            # doctest: +SKIP
>>> scenario = Scenario.from_tables(town.hospital("B", rho=0.9, hours="office", patients=2000, seed=1))
>>> simulate(scenario, "index-ageing").stays.mean() < simulate(scenario, "fcfs").stays.mean()
True
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.engines.flow._compiled import feed
from folkmoot.engines.flow.calendar import Steps
from folkmoot.engines.flow.model import DONE, RUNNING, Floats, Ints, Scenario, refuse_what_began_too_soon
from folkmoot.engines.flow.path import buffers, critical_waits, features, horizon
from folkmoot.engines.flow.policy import DEFAULT, Rule, get, work_here
from folkmoot.engines.flow.sim import kernel
from folkmoot.engines.flow.sim.score import GIVEN, NEEDS_FEATURES


@dataclass(frozen=True, eq=False)
class Result:
    """What happened. Times are hours since the scenario's origin; NaN where it did not happen before the end.

    `ready` (predecessors done), `bed_at` (moved to the bed it needed), `begun`, `ended`: one a task.
    `discharged`: one a patient. `events` is the number of events taken.
    """

    scenario: Scenario
    policy: Rule
    ready: Floats
    bed_at: Floats
    begun: Floats
    ended: Floats
    discharged: Floats
    events: int
    until: float

    @property
    def finished(self) -> Any:
        """Which patients have left (boolean, one a patient)."""
        return np.isfinite(self.discharged)

    @property
    def stays(self) -> Floats:
        """Length of stay in hours of each discharged patient, in the order of the scenario."""
        stays: Floats = (self.discharged - self.scenario.patients.admitted)[self.finished]
        return stays

    @property
    def late(self) -> Any:
        """Which of the discharged patients left after their planned discharge date (one a stay)."""
        return self.stays > buffers(self.scenario)[self.finished]

    def busy_hours(self) -> Floats:
        """Hours of work done by each resource."""
        tasks = self.scenario.tasks
        done = np.isfinite(self.ended) & (tasks.resource >= 0)
        return np.bincount(tasks.resource[done], weights=tasks.work[done], minlength=len(self.scenario.resources))

    def utilisation(self, start: float, end: float) -> Floats:
        """Busy ÷ available person-hours of each resource, over the work begun within [start, end)."""
        tasks = self.scenario.tasks
        within = np.isfinite(self.ended) & (tasks.resource >= 0) & (self.begun >= start) & (self.begun < end)
        work = np.bincount(tasks.resource[within], weights=tasks.work[within], minlength=len(self.scenario.resources))
        staff = [s.staff_hours(start, end) for s in capacity_steps(self.scenario)]
        return np.asarray(work / np.maximum(np.array(staff), 1e-9))

    def critical_waits(self) -> Any:
        """Waits on the realised critical path; see `path.critical_waits`."""
        return critical_waits(self.scenario, self.ready, self.begun, self.ended, self.bed_at, self.discharged)


def capacity_steps(scenario: Scenario) -> list[Steps]:
    """Each resource's people on duty, over the scenario's horizon."""
    until = horizon(scenario)
    return [r.calendar.steps(scenario.origin, until) for r in scenario.resources]


def simulate(
    scenario: Scenario,
    policy: str | Rule = DEFAULT,
    *,
    until: float = np.inf,
    given: Floats | None = None,
) -> Result:
    """Run `scenario` under `policy` until everybody has left or until `until` (hours since the origin).

    `given` holds one score a task for the policy "given". The result depends on nothing but the arguments.
    """
    rule = get(policy) if isinstance(policy, str) else policy
    if (rule.code == GIVEN) != (given is not None):
        raise ValueError("The policy “given” needs `given`, one score a task, and no other policy takes it.")
    if given is not None and (np.shape(given) != scenario.tasks.work.shape or np.isnan(given).any()):
        raise ValueError(f"`given` needs {len(scenario.tasks)} numbers, one a task.")
    people, tasks = scenario.patients, scenario.tasks
    n, n_tasks, n_resources = len(people), len(tasks), len(scenario.resources)
    blank = np.zeros(n_tasks)
    facts = features(scenario, clairvoyant=rule.clairvoyant) if rule.code in NEEDS_FEATURES else None
    order = np.argsort(people.admitted, kind="stable")
    steps = capacity_steps(scenario)
    step_ptr, step_time, step_staff = _join([(s.times, s.capacity) for s in steps])
    gates = _gates(scenario) if rule.rounds else [(np.zeros(0), np.zeros(0))] * n_resources
    gate_ptr, gate_start, gate_end = _join(gates)
    peak = np.array([int(s.capacity.max()) for s in steps] or [0], dtype=np.int64)
    ongoing = np.bincount(tasks.resource[(tasks.resource >= 0) & (tasks.status == RUNNING)], minlength=n_resources)
    queue_ptr = _pointers(np.bincount(tasks.resource[tasks.resource >= 0], minlength=n_resources))
    team_ptr = _pointers(peak[:n_resources] + ongoing)
    bed_ptr = _pointers(np.bincount(tasks.ward[tasks.ward >= 0], minlength=len(scenario.wards)))
    census = _census(scenario, steps)
    room = 2 * (n_tasks + n + n_resources) + 64  # twice what can be pending, so that stale events are seldom dropped

    def floats(size: int) -> Any:
        return feed(np.zeros(max(size, 1)))

    def ints(size: int) -> Any:
        return feed(np.zeros(max(size, 1), dtype=np.int64))

    state, left = feed(census.state), feed(census.left)
    ready, begun = feed(census.ready), feed(tasks.started.copy())
    ended, bed_at = feed(np.where(tasks.status == DONE, tasks.started, np.nan)), feed(np.full(n_tasks, np.nan))
    discharged, tally = feed(np.full(n, np.nan)), ints(1)
    free_beds = np.array([w.beds for w in scenario.wards], dtype=np.int64)
    free_beds -= np.bincount(census.ward[census.ward >= 0], minlength=len(scenario.wards))
    last = kernel.run(
        feed(order), feed(people.admitted), feed(people.priority), feed(buffers(scenario)),
        feed(np.minimum(people.leaves, kernel.FOREVER)), feed(scenario.task_ptr), feed(tasks.patient),
        feed(tasks.resource), feed(tasks.ward), feed(tasks.work),
        feed(tasks.work if rule.clairvoyant else tasks.estimate), feed(census.n_pred), feed(tasks.succ_ptr),
        feed(tasks.succ), feed(facts.tail if facts else blank), feed(work_here(scenario, rule) if facts else blank),
        feed(facts.after if facts else np.zeros(n_tasks, dtype=np.int64)),
        feed(blank if given is None else np.asarray(given, dtype=np.float64)),
        feed(step_ptr), feed(step_time), feed(step_staff.astype(np.int64)), feed(gate_ptr), feed(gate_start),
        feed(gate_end), feed(queue_ptr), feed(team_ptr), feed(bed_ptr), rule.code, rule.slack_scale, rule.grace,
        rule.patience, rule.power, float(scenario.start), min(float(until), 1e299), state, left, ready, begun, ended,
        bed_at, discharged, ints(int(queue_ptr[-1])), ints(int(team_ptr[-1])), ints(int(team_ptr[-1])),
        ints(int(bed_ptr[-1])), ints(n_tasks), floats(n_tasks), feed(census.ward), feed(census.open_tasks),
        floats(n_tasks), floats(n_tasks), floats(room), ints(room), ints(n_resources), ints(n_resources),
        ints(n_resources), ints(n_resources), ints(n_resources), feed(np.zeros(max(n_resources, 1), np.bool_)),
        ints(n_resources), feed(np.append(free_beds, 0)), ints(len(scenario.wards) + 1), ints(n + 1),
        ints(2 * n_tasks + 1), tally,
    )  # fmt: skip
    return Result(
        scenario, rule, np.asarray(ready), np.asarray(bed_at), np.asarray(begun), np.asarray(ended),
        np.asarray(discharged), int(tally[0]), float(last),
    )  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class _Census:
    state: Ints
    left: Floats
    ready: Floats
    n_pred: Ints
    open_tasks: Ints
    ward: Ints


def _census(scenario: Scenario, steps: list[Steps]) -> _Census:
    """The state in which each task enters: untouched, in hand with so much left, or done."""
    tasks, start = scenario.tasks, scenario.start
    done, running = tasks.status == DONE, tasks.status == RUNNING
    state = np.full(len(tasks), kernel.PENDING, dtype=np.int64)
    n_pred = tasks.n_pred.copy()
    ward = np.full(len(scenario.patients), -1, dtype=np.int64)
    left, ready = tasks.work.copy(), tasks.ready.copy()
    if done.any() or running.any():
        state[done], state[running] = kernel.FINISHED, kernel.RUNNING
        counts = np.diff(tasks.succ_ptr)
        after_done = tasks.succ[np.repeat(done, counts)]
        np.subtract.at(n_pred, after_done, 1)
        refuse_what_began_too_soon(tasks, n_pred)
        for j in np.flatnonzero(running & (tasks.started < start)).tolist():
            r = int(tasks.resource[j])
            worked = start - tasks.started[j] if r < 0 else steps[r].hours_open(float(tasks.started[j]), start)
            left[j] = max(tasks.work[j] - worked, 0.0)
        ready[n_pred > 0] = np.nan
        placed = np.flatnonzero((done | running) & (tasks.ward >= 0))
        ward[tasks.patient[placed]] = tasks.ward[placed]
    open_tasks = np.bincount(tasks.patient[~done], minlength=len(scenario.patients)).astype(np.int64)
    return _Census(state, left, ready, n_pred, open_tasks, ward)


def _gates(scenario: Scenario) -> list[tuple[Floats, Floats]]:
    """Start and end of every round of every resource that has rounds."""
    gates = []
    for resource in scenario.resources:
        if resource.rounds is None:
            gates.append((np.zeros(0), np.zeros(0)))
            continue
        steps = resource.rounds.steps(scenario.origin, horizon(scenario))
        edge = np.flatnonzero(np.diff(np.concatenate([[False], steps.capacity > 0, [False]])))
        times = np.append(steps.times, kernel.FOREVER)
        gates.append((times[edge[::2]], times[edge[1::2]]))
    return gates


def _pointers(counts: Any) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _join(parts: Sequence[tuple[Any, Any]]) -> tuple[Ints, Any, Any]:
    """Ragged pairs of arrays as CSR."""
    ptr = _pointers([len(a) for a, _ in parts])
    if not parts:
        return ptr, np.zeros(0), np.zeros(0)
    return ptr, np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])
