"""Other weeks of the same hospital: scenarios drawn from one scenario, for replications and forecasts.

`bootstrap` keeps what a history teaches about arrivals (whole weeks, drawn with replacement, so hours and weekdays keep
their pattern and busy weeks stay busy) and about patients (each arrival gets the tasks of a patient drawn at random).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from folkmoot.engines.flow.model import DONE, OPEN, Floats, Ints, Patients, Scenario, Tasks

HOURS_IN_A_WEEK = 168.0


def take(scenario: Scenario, who: Ints, admitted: Floats | None = None) -> Scenario:
    """The scenario with patients `who` (indices, repeats allowed), admitted at other hours if given."""
    who = np.asarray(who, dtype=np.int64)
    people, tasks = scenario.patients, scenario.tasks
    counts = np.diff(scenario.task_ptr)[who]
    ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    rows = np.repeat(scenario.task_ptr[who] - ptr[:-1], counts) + np.arange(ptr[-1])
    shift = np.repeat(ptr[:-1] - scenario.task_ptr[who], counts)
    succ_counts = np.diff(tasks.succ_ptr)[rows]
    succ_ptr = np.concatenate([[0], np.cumsum(succ_counts)]).astype(np.int64)
    succ_rows = np.repeat(tasks.succ_ptr[rows] - succ_ptr[:-1], succ_counts) + np.arange(succ_ptr[-1])
    when = people.admitted[who] if admitted is None else admitted
    moved = np.repeat(when - people.admitted[who], counts)
    return replace(
        scenario,
        patients=Patients(
            id=people.id[who],
            admitted=when,
            patient_class=people.patient_class[who],
            priority=people.priority[who],
            buffer=people.buffer[who],
            leaves=people.leaves[who] + (when - people.admitted[who]),
            age=people.age[who],
            sex=people.sex[who],
            imd_decile=people.imd_decile[who],
        ),
        tasks=Tasks(
            id=tasks.id[rows],
            code=tasks.code[rows],
            patient=np.repeat(np.arange(len(who)), counts),
            resource=tasks.resource[rows],
            ward=tasks.ward[rows],
            work=tasks.work[rows],
            estimate=tasks.estimate[rows],
            n_pred=tasks.n_pred[rows],
            succ_ptr=succ_ptr,
            succ=tasks.succ[succ_rows] + np.repeat(shift, succ_counts),
            status=tasks.status[rows],
            ready=tasks.ready[rows] + moved,
            started=tasks.started[rows] + moved,
        ),
        task_ptr=ptr,
        _cache={},
    )


def untouched(scenario: Scenario) -> Scenario:
    """The same patients with nothing yet done."""
    tasks = scenario.tasks
    nothing = np.full(len(tasks), np.nan)
    fresh = replace(tasks, status=np.full(len(tasks), OPEN, dtype=np.int64), ready=nothing, started=nothing)
    return replace(scenario, tasks=fresh, start=0.0, _cache={})


def bootstrap(
    scenario: Scenario, rng: np.random.Generator, *, weeks: int | None = None, start: float = 0.0
) -> Scenario:
    """A new history of `weeks` weeks (default: as many whole weeks as there are) beginning `start` hours after the
    origin, in the pattern of the old one. A history shorter than a week counts as one week."""
    source = untouched(scenario)
    admitted = source.patients.admitted
    first = np.floor(admitted.min() / HOURS_IN_A_WEEK) * HOURS_IN_A_WEEK
    week = ((admitted - first) // HOURS_IN_A_WEEK).astype(np.int64)
    whole = int(week.max()) if week.max() > 0 else 1
    members = [np.flatnonzero(week == w) for w in range(whole)]
    drawn = rng.integers(0, whole, size=weeks or whole)
    base = start - start % HOURS_IN_A_WEEK + admitted.min() * 0.0
    hours = np.concatenate(
        [admitted[members[w]] - first - w * HOURS_IN_A_WEEK + base + i * HOURS_IN_A_WEEK for i, w in enumerate(drawn)]
        or [np.zeros(0)]
    )
    hours = np.sort(hours[hours >= start])
    return take(source, rng.integers(0, len(admitted), size=len(hours)), hours)


def redraw_open(scenario: Scenario, rng: np.random.Generator, *, cv: float = 0.5) -> Scenario:
    """Draw anew what is unknown: durations of tasks not yet done, lognormal about their estimates with variation `cv`.

    Work in hand lasts at least as long as it already has.
    """
    tasks = scenario.tasks
    sigma = np.sqrt(np.log1p(cv * cv))
    drawn = tasks.estimate * np.exp(sigma * rng.standard_normal(len(tasks)) - 0.5 * sigma * sigma)
    elapsed = np.nan_to_num(scenario.start - tasks.started, nan=0.0)
    drawn = np.maximum(drawn, np.where(tasks.status == DONE, 0.0, np.minimum(elapsed, drawn + 1.0)))
    return scenario.with_work(np.where(tasks.status == DONE, tasks.work, drawn))


def join(first: Scenario, second: Scenario) -> Scenario:
    """The patients of both scenarios in the hospital of the first (whose origin, resources and start count)."""
    gap = first.hours(second.origin)
    a, b = first.patients, second.patients
    s, t = first.tasks, second.tasks

    def both(x: Ints, y: Ints) -> Ints:
        return np.concatenate([x, y])

    return replace(
        first,
        patients=Patients(
            id=np.concatenate([a.id, b.id]),
            admitted=np.concatenate([a.admitted, b.admitted + gap]),
            patient_class=np.concatenate([a.patient_class, b.patient_class]),
            priority=both(a.priority, b.priority),
            buffer=np.concatenate([a.buffer, b.buffer]),
            leaves=np.concatenate([a.leaves, b.leaves + gap]),
            age=both(a.age, b.age),
            sex=np.concatenate([a.sex, b.sex]),
            imd_decile=both(a.imd_decile, b.imd_decile),
        ),
        tasks=Tasks(
            id=np.concatenate([s.id, t.id]),
            code=np.concatenate([s.code, t.code]),
            patient=both(s.patient, t.patient + len(a)),
            resource=both(s.resource, t.resource),
            ward=both(s.ward, t.ward),
            work=np.concatenate([s.work, t.work]),
            estimate=np.concatenate([s.estimate, t.estimate]),
            n_pred=both(s.n_pred, t.n_pred),
            succ_ptr=both(s.succ_ptr, t.succ_ptr[1:] + s.succ_ptr[-1]),
            succ=both(s.succ, t.succ + len(s)),
            status=both(s.status, t.status),
            ready=np.concatenate([s.ready, t.ready + gap]),
            started=np.concatenate([s.started, t.started + gap]),
        ),
        task_ptr=both(first.task_ptr, second.task_ptr[1:] + first.task_ptr[-1]),
        _cache={},
    )
