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

from folkmoot.engines._compiled import feed
from folkmoot.engines.flow.calendar import Steps
from folkmoot.engines.flow.model import DONE, RUNNING, Floats, Ints, Scenario, refuse_what_began_too_soon
from folkmoot.engines.flow.path import buffers, critical_waits, features, horizon
from folkmoot.engines.flow.policy import DEFAULT, Rule, get, work_here
from folkmoot.engines.flow.sim import kernel
from folkmoot.engines.flow.sim.room import fed, zeros
from folkmoot.engines.flow.sim.score import FCFS, GIVEN, NEEDS_FEATURES

MANY_PRIORITIES = 32


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
    changes = any(not resource.calendar.is_constant for resource in scenario.resources)
    until = horizon(scenario) if changes else 0.0
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
    free_beds = np.array([w.beds for w in scenario.wards] + [0], dtype=np.int64)
    census = _census(scenario, steps)
    np.subtract.at(free_beds, census.ward[census.ward >= 0], 1)
    found = zeros(*[(n_tasks, np.float64)] * 4, (n, np.float64))
    ready, begun, ended, bed_at, discharged = found
    ready[:n_tasks], begun[:n_tasks] = tasks.ready, tasks.started
    ready[:n_tasks][census.waits] = np.nan
    ended[:n_tasks] = np.where(tasks.status == DONE, tasks.started, np.nan)
    bed_at[:], discharged[:] = np.nan, np.nan
    found = fed(found)
    # Task numbers fit in 32 bits, and without a sign numba need not ask whether an index counts from the end.
    # The event list has twice the room of what can be pending, so that it is seldom cleared.
    room, u32, i64, f64 = 2 * (n_tasks + n + n_resources) + 64, np.uint32, np.int64, np.float64
    queue, team, paused, bed_queue, place, other_end, segment, finish, times, codes, freed, agenda = fed(
        zeros(
            (int(queue_ptr[-1]), u32), (int(team_ptr[-1]), u32), (int(team_ptr[-1]), u32), (int(bed_ptr[-1]), u32),
            (n_tasks, u32), (n_tasks, f64), (n_tasks, f64), (n_tasks, f64), (room, f64), (room, u32), (n + 1, u32),
            (2 * n_tasks + 1, u32),
        )
    )  # fmt: skip
    # First come, first served keeps a line for each clinical priority, unless there are very many.
    most_urgent, least_urgent = (int(people.priority.min()), int(people.priority.max())) if n else (0, 0)
    lines = least_urgent - most_urgent + 1 if rule.code == FCFS else 0
    lines = lines if lines <= MANY_PRIORITIES else 0
    head, foot, behind = zeros((lines * n_resources, u32), (lines * n_resources, u32), (n_tasks if lines else 0, u32))
    head[:], foot[:] = n_tasks, n_tasks
    head, foot, behind = fed([head, foot, behind])
    staff, step, queued, busy, resting, dirty, dirty_list, waiting_beds, tally = fed(
        zeros(*[(n_resources, i64)] * 5, (n_resources, np.bool_), (n_resources, i64), (len(free_beds), i64), (1, i64))
    )
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
        rule.patience, rule.power, float(scenario.start), min(float(until), 1e299), feed(census.state),
        feed(census.left), *found, queue, team, paused, bed_queue, place, other_end, feed(census.ward),
        feed(census.open_tasks), segment, finish, times, codes, staff, step, queued, busy, resting, dirty, dirty_list,
        feed(free_beds), waiting_beds, freed, agenda, lines, most_urgent, head, foot, behind, tally,
    )  # fmt: skip
    ready, begun, ended, bed_at = (np.asarray(array)[:n_tasks] for array in found[:4])
    return Result(
        scenario, rule, ready, bed_at, begun, ended, np.asarray(found[4])[:n], int(tally[0]), float(last)
    )  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class _Census:
    state: Ints
    left: Floats
    waits: Any
    n_pred: Ints
    open_tasks: Ints
    ward: Ints


def _census(scenario: Scenario, steps: list[Steps]) -> _Census:
    """The state in which each task enters: untouched, in hand with so much left, or done."""
    tasks, start = scenario.tasks, scenario.start
    done, running = tasks.status == DONE, tasks.status == RUNNING
    state, n_pred, left = zeros((len(tasks), np.int8), (len(tasks), np.int32), (len(tasks), np.float64))
    state, n_pred, left = state[: len(tasks)], n_pred[: len(tasks)], left[: len(tasks)]
    n_pred[:], left[:] = tasks.n_pred, tasks.work
    ward = np.full(len(scenario.patients), -1, dtype=np.int64)
    open_tasks = np.diff(scenario.task_ptr)
    waits = np.zeros(0, dtype=np.int64)
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
        waits = np.flatnonzero(n_pred > 0)
        placed = np.flatnonzero((done | running) & (tasks.ward >= 0))
        ward[tasks.patient[placed]] = tasks.ward[placed]
        open_tasks = open_tasks - np.bincount(tasks.patient[done], minlength=len(open_tasks))
    return _Census(state, left, waits, n_pred, open_tasks, ward)


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
