"""The patient's path: what is still to be done, how long it takes at best, and which waits really held the bed.

The critical path with calendars (no queue, but closing hours) is both the basis of the planned discharge date,
"assuming ideal recovery and no unnecessary waiting" (NHS England, SAFER patient flow bundle), and the first lower
bound.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.engines._compiled import feed, jit
from folkmoot.engines.flow.model import DONE, Floats, Ints, Scenario

MARGIN = 1.28
"""P80 ÷ P50 of a lognormal with cv 0.3, exp(0.2936 · 0.8416): the planned date is met four times in five."""

_FAR = 1e290


@dataclass(frozen=True, eq=False, slots=True)
class Features:
    """What ordering rules know of each task beforehand, one entry a task, hours.

    `tail`: longest path from the start of the task to discharge. `here`: work on the task's own resource, by it and the
    tasks after it. `after`: bit i set when the patient's i-th task comes after this one (patients of up to 62 tasks).
    """

    tail: Floats
    here: Floats
    after: Ints


@jit
def _walk_back(task_ptr, succ_ptr, succ, resource, hours, tail, after, here):
    for p in range(len(task_ptr) - 1):
        first = task_ptr[p]
        last = task_ptr[p + 1]
        small = last - first <= 62
        for back in range(last - first):
            j = last - 1 - back
            longest = 0.0
            mask = 0
            for k in range(succ_ptr[j], succ_ptr[j + 1]):
                i = succ[k]
                if tail[i] > longest:
                    longest = tail[i]
                if small:
                    mask = mask | after[i] | (1 << (i - first))
            tail[j] = hours[j] + longest
            after[j] = mask
            total = hours[j]
            if small:
                for i in range(j + 1, last):
                    if (mask >> (i - first)) & 1 and resource[i] == resource[j]:
                        total += hours[i]
            here[j] = total


def features(scenario: Scenario, *, clairvoyant: bool = False) -> Features:
    """The features from the estimates, or from the truth for the clairvoyant rule. Kept with the scenario."""
    key = "features of truth" if clairvoyant else "features"
    if key not in scenario._cache:
        tasks = scenario.tasks
        hours = np.where(tasks.status == DONE, 0.0, tasks.work if clairvoyant else tasks.estimate)
        n = len(tasks)
        tail, after, here = (feed(np.zeros(n, t)) for t in (np.float64, np.int64, np.float64))
        _walk_back(
            feed(scenario.task_ptr), feed(tasks.succ_ptr), feed(tasks.succ), feed(tasks.resource), feed(hours),
            tail, after, here,
        )  # fmt: skip
        scenario._cache[key] = Features(np.asarray(tail), np.asarray(here), np.asarray(after, dtype=np.int64))
    found: Features = scenario._cache[key]
    return found


@dataclass(frozen=True, eq=False, slots=True)
class OpenHours:
    """The hours each resource is open, CSR by `ptr`: opened, closed, and hours open before each opening."""

    ptr: Ints
    opened: Floats
    closed: Floats
    before: Floats


def horizon(scenario: Scenario) -> float:
    """A moment by which even a long queue has cleared; calendars are laid out until then, and last for ever after."""
    tasks = scenario.tasks
    if not len(scenario.patients):
        return 24.0
    if "demand" not in scenario._cache:
        to_do = np.where(tasks.status == DONE, 0.0, tasks.work)
        hours = np.bincount(tasks.resource + 1, weights=to_do, minlength=len(scenario.resources) + 1)[1:]
        scenario._cache["demand"] = hours
    demand = scenario._cache["demand"]
    staff = np.array([r.calendar.weekly_staff_hours for r in scenario.resources]) / 168.0
    longest = float(np.max(demand[staff > 0] / staff[staff > 0], initial=0.0))
    first, last = float(scenario.patients.admitted.min()), float(scenario.patients.admitted.max())
    return max(last + 24.0 * 400.0, first + 1.25 * longest + 24.0 * 400.0)


def open_hours(scenario: Scenario) -> OpenHours:
    """Opening hours over the scenario's horizon."""
    if "open hours" not in scenario._cache:
        ptr, opened, closed, before = [0], [], [], []
        for resource in scenario.resources:
            steps = resource.calendar.steps(scenario.origin, horizon(scenario))
            is_open = steps.capacity > 0
            edge = np.flatnonzero(np.diff(np.concatenate([[False], is_open, [False]])))
            times = np.append(steps.times, _FAR)
            start, end = times[edge[::2]], times[edge[1::2]]
            if len(end) and len(steps.times) > 1:
                end[-1] = _FAR
            opened.append(start)
            closed.append(end)
            before.append(np.concatenate([[0.0], np.cumsum(end - start)[:-1]]) if len(start) else start)
            ptr.append(ptr[-1] + len(start))
        join = np.concatenate if opened else (lambda _: np.zeros(0))
        scenario._cache["open hours"] = OpenHours(
            np.array(ptr, dtype=np.int64), join(opened), join(closed), join(before)
        )
    found: OpenHours = scenario._cache["open hours"]
    return found


@jit
def finish_working(r, ready, hours, ptr, opened, closed):
    """When `hours` of work at resource r, ready at `ready`, are done if nobody queues (work pauses at closing)."""
    low = ptr[r]
    high = ptr[r + 1]
    while low < high:
        middle = (low + high) >> 1
        if closed[middle] > ready:
            high = middle
        else:
            low = middle + 1
    at = ready
    rest = hours
    while low < ptr[r + 1]:
        if opened[low] > at:
            at = opened[low]
        if at + rest <= closed[low]:
            return at + rest
        rest -= closed[low] - at
        low += 1
    return _FAR


@jit
def _walk(admitted, task_ptr, succ_ptr, succ, resource, hours, ptr, opened, closed, begin, end, out):
    for p in range(len(task_ptr) - 1):
        latest = admitted[p]
        for j in range(task_ptr[p], task_ptr[p + 1]):
            if begin[j] < admitted[p]:
                begin[j] = admitted[p]
            r = resource[j]
            if r < 0:
                end[j] = begin[j] + hours[j]
            else:
                end[j] = finish_working(r, begin[j], hours[j], ptr, opened, closed)
            for k in range(succ_ptr[j], succ_ptr[j + 1]):
                if begin[succ[k]] < end[j]:
                    begin[succ[k]] = end[j]
            if end[j] > latest:
                latest = end[j]
        out[p] = latest


@dataclass(frozen=True, eq=False, slots=True)
class Path:
    """Every patient alone in the hospital: `ready` and `end` per task, `discharge` per patient (hours since origin)."""

    ready: Floats
    end: Floats
    discharge: Floats


def alone(scenario: Scenario, *, hours: Floats | None = None) -> Path:
    """The schedule of each patient without any queue, with calendars; durations are the truth unless given."""
    tasks = scenario.tasks
    clock = open_hours(scenario)
    begin, end = feed(np.full(len(tasks), -1e300)), feed(np.zeros(len(tasks)))
    out = feed(np.zeros(len(scenario.patients)))
    _walk(
        feed(scenario.patients.admitted), feed(scenario.task_ptr), feed(tasks.succ_ptr), feed(tasks.succ),
        feed(tasks.resource), feed(tasks.work if hours is None else hours), feed(clock.ptr), feed(clock.opened),
        feed(clock.closed), begin, end, out,
    )  # fmt: skip
    return Path(np.asarray(begin), np.asarray(end), np.asarray(out))


def buffers(scenario: Scenario) -> Floats:
    """Hours from admission to planned discharge, one a patient: as given, else `MARGIN` × estimated critical path."""
    if "buffers" not in scenario._cache:
        given = scenario.patients.buffer
        missing = np.isnan(given)
        if missing.any():
            expected = alone(scenario, hours=scenario.tasks.estimate).discharge - scenario.patients.admitted
            given = np.where(missing, np.maximum(MARGIN * expected, 1.0), given)
        scenario._cache["buffers"] = given
    found: Floats = scenario._cache["buffers"]
    return found


@jit
def _trace(task_ptr, succ_ptr, succ, resource, ward, ready, begun, ended, bed_at, work, discharged, on_path, wait, bed):
    for p in range(len(task_ptr) - 1):
        if not discharged[p] < 1e290:
            continue
        first = task_ptr[p]
        last = task_ptr[p + 1]
        j = -1
        for i in range(first, last):
            if ended[i] <= discharged[p] and (j < 0 or ended[i] > ended[j]):
                j = i
        while j >= 0:
            on_path[j] = True
            free = ready[j]
            if bed_at[j] >= ready[j]:
                bed[j] = bed_at[j] - ready[j]
                free = bed_at[j]
            if resource[j] >= 0:
                wait[j] = ended[j] - free - work[j]
            before = -1
            for i in range(first, j):
                for k in range(succ_ptr[i], succ_ptr[i + 1]):
                    if succ[k] == j and (before < 0 or ended[i] > ended[before]):
                        before = i
            j = before


@dataclass(frozen=True, eq=False, slots=True)
class CriticalWaits:
    """Waiting on the realised critical path: per task whether it lay on it, hours waited for its resource (queue and
    closing time), and hours waited for a bed."""

    on_path: Ints
    wait: Floats
    bed: Floats


def critical_waits(
    scenario: Scenario, ready: Floats, begun: Floats, ended: Floats, bed_at: Floats, discharged: Floats
) -> CriticalWaits:
    """Follow each discharged patient back from the last task to the admission, along the predecessor that ended last.

    Only these waits held the bed: a wait beside a longer branch cost nothing.
    """
    tasks = scenario.tasks
    n = len(tasks)
    on_path, wait, bed = feed(np.zeros(n, np.bool_)), feed(np.zeros(n)), feed(np.zeros(n))
    _trace(
        feed(scenario.task_ptr), feed(tasks.succ_ptr), feed(tasks.succ), feed(tasks.resource), feed(tasks.ward),
        feed(ready), feed(begun), feed(ended), feed(bed_at), feed(tasks.work), feed(discharged), on_path, wait, bed,
    )  # fmt: skip
    return CriticalWaits(np.asarray(on_path), np.maximum(np.asarray(wait), 0.0), np.asarray(bed))
