"""How much better could it possibly get: a lower bound on the mean stay of this very set of patients.

Three relaxations, each valid for every policy, clairvoyant ones included:

(a) *critical path*: every patient alone in the hospital, with calendars;
(b) *SRPT*: one resource kept, as a single preemptive machine as fast as all its people together. Jobs are released at
    the earliest possible time, last as long as the patient's work there, and are followed by the patient's shortest
    remaining path. Shortest-remaining-processing-time minimises the sum of completion times (Schrage 1968), in the
    clock of person-hours on duty, and the number unfinished at every instant, so mapping that clock back to real time
    keeps the bound valid;
(c) *mean busy time*: the same machine, but a job cannot go faster than one person per task: it ends at least half its
    duration, divided by its number of tasks there, after its mean busy time. The preemptive schedule by shortest
    total work minimises the sum of mean busy times (Goemans, Queyranne, Schulz, Skutella & Wang 2002, Theorem 2.1,
    here with unit weights), in any increasing clock, because exchanging two slices of work towards the shorter job
    never makes the sum larger.

(b) and (c) hold for the sum over patients, not for each, so the bound is the largest of the sums: never a sum of
largest parts. Patients who leave before the end count with what (a) leaves of their stay and need no work in (b) and
(c). Beds, rounds and ordering only ever add to a stay, so all three hold for hospitals with them.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines._compiled import feed, jit
from folkmoot.engines.flow.calendar import Steps
from folkmoot.engines.flow.model import Floats, Ints, Scenario
from folkmoot.engines.flow.path import alone, horizon
from folkmoot.engines.flow.sim.heap import drop_first, push


@dataclass(frozen=True, eq=False, slots=True)
class Bound:
    """A lower bound on the mean stay (hours) over `counted` patients, and which relaxation gave it.

    `by_resource` holds the better of (b) and (c) for each resource (mean hours), `critical_path` the mean of (a).
    """

    mean_hours: float
    critical_path: float
    by_resource: dict[str, float]
    binding: str
    counted: int

    def gap(self, mean_hours: float) -> float:
        """How far a mean stay lies above the bound, as a share of the bound."""
        if self.mean_hours == 0.0:
            return 0.0 if mean_hours == 0.0 else float("inf")
        return mean_hours / self.mean_hours - 1.0


def lower_bound(scenario: Scenario, counted: Ints | None = None) -> Bound:
    """The bound for the mean stay of all patients, or of those in `counted` (indices).

    Patients outside `counted` are left out of the relaxation altogether, which keeps it valid.
    """
    people = scenario.patients
    who = np.arange(len(people)) if counted is None else np.asarray(counted)
    if not len(who):
        return Bound(0.0, 0.0, {resource.id: 0.0 for resource in scenario.resources}, "critical path", 0)
    path = alone(scenario)
    ends = np.minimum(path.discharge, people.leaves)
    stay = ends - people.admitted
    base = float(stay[who].mean())
    member = np.zeros(len(people), dtype=np.bool_)
    member[who] = True
    member &= ~np.isfinite(people.leaves)
    by_resource = {
        resource.id: _one_resource(scenario, index, member, who, path.ready, path.end, stay)
        for index, resource in enumerate(scenario.resources)
    }
    best = max(by_resource, key=by_resource.__getitem__, default="")
    if not best or by_resource[best] <= base:
        return Bound(base, base, by_resource, "critical path", len(who))
    return Bound(by_resource[best], base, by_resource, best, len(who))


def _one_resource(
    scenario: Scenario, resource: int, member: NDArray[np.bool_], who: Ints, ready: Floats, end: Floats, stay: Floats
) -> float:
    tasks, people = scenario.tasks, scenario.patients
    mine = (tasks.resource == resource) & member[tasks.patient]
    if not mine.any():
        return float(stay[who].mean())
    n = len(people)
    patient = tasks.patient[mine]
    work = np.bincount(patient, weights=tasks.work[mine], minlength=n)
    release = np.full(n, np.inf)
    np.minimum.at(release, patient, ready[mine])
    after = np.asarray(_after(scenario))
    tail = np.full(n, np.inf)
    np.minimum.at(tail, patient, after[mine])
    users = np.flatnonzero(np.isfinite(release) & (work > 0))
    if not len(users):
        return float(stay[who].mean())
    users = users[np.argsort(release[users], kind="stable")]
    clock = _Clock.of(scenario.resources[resource].calendar.steps(scenario.origin, horizon(scenario)))
    released = clock.worked(release[users])
    work_users = work[users]
    by_size = np.argsort(np.argsort(work_users, kind="stable"), kind="stable").astype(np.int64)
    n_users = len(users)
    finish = feed(np.zeros(n_users))
    _srpt(feed(released), feed(work_users), feed(np.zeros(n_users)), feed(np.zeros(n_users, np.int64)), finish)
    srpt = float(np.sum(clock.moment(np.asarray(finish))))
    busy = feed(np.zeros(n_users))
    _by_size(
        feed(released), feed(work_users), feed(by_size), feed(clock.at), feed(clock.rate), feed(clock.done),
        feed(np.zeros(n_users)), feed(np.zeros(n_users, np.int64)), feed(np.zeros(n_users)), busy,
    )  # fmt: skip
    people_at_once = np.bincount(patient, minlength=n)[users]
    half = float(np.sum(np.asarray(busy) / work_users + 0.5 * work_users / people_at_once))
    others = np.setdiff1d(who, users)
    total = max(srpt, half) + float(np.sum(tail[users] - people.admitted[users])) + float(stay[others].sum())
    return total / len(who)


@jit
def _after_loop(succ_ptr, succ, work, tail):
    for back in range(len(work)):
        j = len(work) - 1 - back
        longest = 0.0
        for k in range(succ_ptr[j], succ_ptr[j + 1]):
            i = succ[k]
            if work[i] + tail[i] > longest:
                longest = work[i] + tail[i]
        tail[j] = longest


def _after(scenario: Scenario) -> Floats:
    """Longest true path after each task ends, hours."""
    tasks = scenario.tasks
    tail = feed(np.zeros(len(tasks)))
    _after_loop(feed(tasks.succ_ptr), feed(tasks.succ), feed(tasks.work), tail)
    return np.asarray(tail)


@dataclass(frozen=True, eq=False, slots=True)
class _Clock:
    """Person-hours on duty as a function of time: piecewise linear with slope `rate` from `at`, where it is `done`."""

    at: Floats
    rate: Floats
    done: Floats

    @classmethod
    def of(cls, steps: Steps) -> _Clock:
        rate = steps.capacity.astype(np.float64)
        done = np.concatenate([[0.0], np.cumsum(np.diff(steps.times) * rate[:-1])])
        return cls(steps.times, rate, done)

    def worked(self, moment: Floats) -> Floats:
        """Person-hours before each moment."""
        k = np.maximum(np.searchsorted(self.at, moment, side="right") - 1, 0)
        return np.asarray(self.done[k] + (moment - self.at[k]) * self.rate[k])

    def moment(self, worked: Floats) -> Floats:
        """The earliest moment by which so many person-hours have been on duty."""
        k = np.maximum(np.searchsorted(self.done, worked, side="left") - 1, 0)
        rate = np.where(self.rate[k] > 0, self.rate[k], np.inf)
        return np.asarray(self.at[k] + (worked - self.done[k]) / rate)


@jit
def _srpt(released, work, times, codes, finish):
    """Preemptive shortest remaining processing time on one machine of speed one; `released` is sorted."""
    n = len(work)
    size = 0
    now = 0.0
    k = 0
    while k < n or size > 0:
        if size == 0 and released[k] > now:
            now = released[k]
        while k < n and released[k] <= now:
            size = push(times, codes, size, work[k], k)
            k += 1
        rest = times[0]
        job = codes[0]
        if k < n and now + rest > released[k]:
            done = released[k] - now
            size = drop_first(times, codes, size)
            size = push(times, codes, size, rest - done, job)
            now = released[k]
        else:
            size = drop_first(times, codes, size)
            now = now + rest
            finish[job] = now


@jit
def _integral(start, end, at, rate, done, cursor):
    """∫ real time over the working clock from `start` to `end`, and where in the calendar it ended."""
    total = 0.0
    here = start
    n = len(at)
    while here < end:
        while cursor + 1 < n and (done[cursor + 1] <= here or rate[cursor] == 0.0):
            cursor += 1
        stop = end
        if cursor + 1 < n and done[cursor + 1] < stop:
            stop = done[cursor + 1]
        if stop <= here:
            break
        slope = rate[cursor] if rate[cursor] > 0.0 else 1e300
        first = at[cursor] + (here - done[cursor]) / slope
        last = at[cursor] + (stop - done[cursor]) / slope
        total += 0.5 * (first + last) * (stop - here)
        here = stop
    return total, cursor


@jit
def _by_size(released, work, rank, at, rate, done, keys, codes, left, busy):
    """Preemptive, shortest total work first; adds each job's ∫ real time × speed into `busy`."""
    n = len(work)
    size = 0
    now = 0.0
    k = 0
    cursor = 0
    while k < n or size > 0:
        if size == 0 and released[k] > now:
            now = released[k]
        while k < n and released[k] <= now:
            left[k] = work[k]
            size = push(keys, codes, size, 1.0 * rank[k], k)
            k += 1
        job = codes[0]
        end = now + left[job]
        whole = True
        if k < n and end > released[k]:
            end = released[k]
            whole = False
        area, cursor = _integral(now, end, at, rate, done, cursor)
        busy[job] += area
        if whole:
            size = drop_first(keys, codes, size)
        else:
            left[job] -= end - now
        now = end
