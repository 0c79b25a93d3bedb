"""Who was in hospital at a moment of a log, what came next for each, and for whom: the census that a log allows.

A log says what was done, not what is still to do. The next step of each open case is therefore the step that most often
followed its last one in cases already closed, the remaining stay their median, the work left with the next team the
mean number of their later events there. Only events up to the moment are used. What had to be assumed is said in
`statements`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

import numpy as np
import pyarrow as pa

from folkmoot.engines.flow.model import ModelError, Scenario

FEWEST_CLOSED = 10
NOMINAL_HOURS = 1.0
"""Work counted per event where a log has completion times only."""


@dataclass(frozen=True, slots=True)
class LogCensus:
    """The open cases as a scenario (one waiting task each, and the rest of the stay behind it), and the assumptions."""

    scenario: Scenario
    statements: tuple[str, ...]


@dataclass(slots=True)
class _Case:
    activities: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    service: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _State:
    """What followed one activity in closed cases."""

    following: Counter[str] = field(default_factory=Counter)
    remaining: list[float] = field(default_factory=list)
    work: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def census_of_log(events: pa.Table, at: datetime, *, discharge: str | None = None) -> LogCensus:
    """The census at `at` (aware) of a normalised event table (see `logs.EventLog`).

    `discharge` is a pattern such as "Release*"; without one a case is open until its last event. Raises `ModelError`
    when nobody was in hospital then, or when too few cases had closed before to learn from.
    """
    if at.tzinfo is None:
        raise ModelError("Give the moment with a time zone, such as 2014-03-01T09:00+01:00.")
    cases, last_event = _cases(events, at)
    has_starts = events["started_at"].null_count < len(events)
    closed, still_open = _split(cases, last_event, at, discharge)
    if not still_open:
        first, last = _span(events)
        raise ModelError(
            f"Nobody is in hospital at {at:%d %B %Y %H:%M} in this log, which runs from {first} to {last}."
        )
    if len(closed) < FEWEST_CLOSED:
        raise ModelError(
            f"Only {len(closed)} cases had closed by {at:%d %B %Y}; at least {FEWEST_CLOSED} are needed to learn what "
            "follows what. Choose a later moment."
        )
    states, home, median_stay = _learn(closed)
    longest = _longest_silence(closed)
    present = {name: case for name, case in still_open.items() if _hours(case.times[-1], at) <= longest}
    if not present:
        raise ModelError(f"Nobody is in hospital at {at:%d %B %Y %H:%M}: all open cases fell silent long before.")
    scenario = _scenario(present, states, home, median_stay, at)
    said = _statements(len(closed), len(present), has_starts, discharge, median_stay)
    if len(present) < len(still_open):
        said += (
            f"{len(still_open) - len(present)} more cases never ended in the log but fell silent for over "
            f"{longest:.0f} hours, longer than 99 % of all pauses in cases that ended; they were taken to have left.",
        )
    return LogCensus(scenario, said)


def _cases(events: pa.Table, at: datetime) -> tuple[dict[str, _Case], dict[str, datetime]]:
    cases: dict[str, _Case] = {}
    last: dict[str, datetime] = {}
    columns = [events[name].to_pylist() for name in ("case_id", "activity", "resource", "started_at", "completed_at")]
    for case_id, activity, resource, started, completed in zip(*columns):
        last[case_id] = max(last.get(case_id, completed), completed)
        if completed > at:
            continue
        case = cases.setdefault(case_id, _Case())
        case.activities.append(activity)
        case.resources.append(resource or activity)
        case.times.append(completed)
        hours = (completed - started).total_seconds() / 3600.0 if started else NOMINAL_HOURS
        case.service.append(hours)
    return cases, last


def _split(
    cases: dict[str, _Case], last_event: dict[str, datetime], at: datetime, discharge: str | None
) -> tuple[dict[str, _Case], dict[str, _Case]]:
    closed: dict[str, _Case] = {}
    still_open: dict[str, _Case] = {}
    for case_id, case in cases.items():
        if discharge:
            ended = any(fnmatchcase(activity, discharge) for activity in case.activities)
        else:
            ended = last_event[case_id] <= at
        (closed if ended else still_open)[case_id] = case
    return closed, still_open


def _longest_silence(closed: dict[str, _Case]) -> float:
    """Hours between two events of a case that 99 % of pauses do not exceed."""
    pauses = [_hours(a, b) for case in closed.values() for a, b in zip(case.times[:-1], case.times[1:])]
    return float(np.quantile(pauses, 0.99)) if pauses else 0.0


def _hours(a: datetime, b: datetime) -> float:
    return (b - a).total_seconds() / 3600.0


def _learn(closed: dict[str, _Case]) -> tuple[dict[str, _State], dict[str, str], float]:
    states: dict[str, _State] = defaultdict(_State)
    home: dict[str, Counter[str]] = defaultdict(Counter)
    stays = []
    for case in closed.values():
        end = case.times[-1]
        stays.append((end - case.times[0]).total_seconds() / 3600.0)
        for i, activity in enumerate(case.activities):
            home[activity][case.resources[i]] += 1
            if i + 1 == len(case.activities):
                continue
            state = states[activity]
            state.following[case.activities[i + 1]] += 1
            state.remaining.append((end - case.times[i]).total_seconds() / 3600.0)
            left: dict[str, float] = defaultdict(float)
            for resource, hours in zip(case.resources[i + 1 :], case.service[i + 1 :]):
                left[resource] += hours
            for resource, hours in left.items():
                state.work[resource].append(hours)
    return states, {a: _most(c) for a, c in home.items()}, float(np.median(stays))


def _most(counter: Counter[str]) -> str:
    """The commonest, the first by name among equals."""
    return min(counter, key=lambda name: (-counter[name], name))


def _scenario(
    cases: dict[str, _Case], states: dict[str, _State], home: dict[str, str], median_stay: float, at: datetime
) -> Scenario:
    usual = _State()
    for state in states.values():
        usual.following.update(state.following)
        usual.remaining.extend(state.remaining)
        for resource, hours in state.work.items():
            usual.work[resource].extend(hours)
    rows = []
    for case_id, case in sorted(cases.items()):
        state = states.get(case.activities[-1], usual)
        following = _most(state.following or usual.following)
        resource = home.get(following, following)
        work = float(np.mean(state.work.get(resource) or usual.work.get(resource) or [NOMINAL_HOURS]))
        remaining = max(float(np.median(state.remaining or usual.remaining)), work)
        rows.append((case_id, case.times[0], case.times[-1], following, resource, work, remaining - work))
    ids, admitted, ready, following_, resources, work_, rest = (list(column) for column in zip(*rows))
    stamp = pa.timestamp("us", "UTC")
    names = sorted(set(resources))
    n = len(rows)
    tables = {
        "patients": pa.table(
            {
                "patient_id": ids,
                "admitted_at": pa.array(admitted, stamp),
                "buffer_hours": pa.array([max(median_stay, 1.0)] * n),
            }
        ),
        "tasks": pa.table(
            {
                "task_id": [f"{i}: {a}" for i, a in zip(ids, following_)] + [f"{i}: rest of the stay" for i in ids],
                "patient_id": ids + ids,
                "code": following_ + ["rest of the stay"] * n,
                "resource_id": pa.array(resources + [None] * n, pa.string()),
                "work_hours": pa.array(work_ + rest),
                "estimate_hours": pa.array(work_ + rest),
                "status": ["open"] * (2 * n),
                "ready_at": pa.array(ready + [None] * n, stamp),
                "started_at": pa.array([None] * (2 * n), stamp),
            }
        ),
        "edges": pa.table(
            {
                "before": [f"{i}: {a}" for i, a in zip(ids, following_)],
                "after": [f"{i}: rest of the stay" for i in ids],
            }
        ),
        "resources": pa.table({"resource_id": names, "name": names}),
        "shifts": pa.table(
            {
                "resource_id": [name for name in names for _ in range(7)],
                "weekday": list(range(7)) * len(names),
                "start_minute": [0] * (7 * len(names)),
                "end_minute": [1440] * (7 * len(names)),
                "staff": [1] * (7 * len(names)),
            }
        ),
    }
    return Scenario.from_tables(tables, now=at)


def _span(events: pa.Table) -> tuple[str, str]:
    times = events["completed_at"].to_pylist()
    return f"{min(times):%d %B %Y}", f"{max(times):%d %B %Y}"


def _statements(
    closed: int, still_open: int, has_starts: bool, discharge: str | None, median_stay: float
) -> tuple[str, ...]:
    ended = (
        f"a case is open until an activity like “{discharge}”" if discharge else "a case is open until its last event"
    )
    return (
        f"{still_open} patients are in hospital; {ended}.",
        f"What comes next is what most often followed in the {closed} cases closed by then; nothing later was used.",
        f"The planned discharge date is the median stay of those cases, {median_stay:.0f} hours, waiting included.",
        "Work is hours between start and completion."
        if has_starts
        else "The log has completion times only: work is counted as one hour an event.",
    )
