"""For whom patients waited, read from a log, and how surely: a figure where the log has starts, a range where not.

Only waits on the path of a stay count (see `path`): what went on beside it held nobody up.
*With starts* the wait for an event runs from the completion that enabled it to its start.
*With completions only* the time before an event is waiting and service together. The upper figure is the whole of it.
The lower one counts what exceeds the median of the activity: it assumes that the work itself seldom takes longer than
that median, in which waiting is included. Nothing in between is invented; with work longer than assumed even the lower
figure may be too high, and recovery is in both.

A wait while the team was open and had somebody free is delay, not queueing (see `idle`). The constraint is the resource
with most hours of queueing where the log has starts, else with most hours; its confidence is the share of bootstrap
resamples of cases in which it comes first by both figures (Efron 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.flow.evidence.clock import local
from folkmoot.engines.flow.evidence.idle import at_once, idle_hours
from folkmoot.engines.flow.evidence.opening import hours_open, opening_hours
from folkmoot.engines.flow.evidence.path import NONE, enabling, on_path
from folkmoot.engines.flow.evidence.stays import MICROSECONDS_IN_AN_HOUR, Cases, Stays, micros
from folkmoot.engines.flow.logs.log import EventLog

RESAMPLES = 400
NOBODY = "(no resource)"
SETTLED = 0.8

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Wait:
    """Hours waited for one resource or activity: `wait_hours` (the upper figure) and `wait_hours_low`, which are equal
    where the log has starts. `share` is of all hours waited. `wait_hours_open` is the part of the upper figure in the
    hours of the week in which the resource is seen at work; None where the log holds dates only, and for activities.
    `queue_hours` is the part in which nobody there was free; None where the log cannot tell."""

    name: str
    events: int
    wait_hours: float
    wait_hours_low: float
    share: float
    wait_hours_open: float | None = None
    queue_hours: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Waits:
    """All waits in a log, the longest first; and per event the hours counted, for those who want to look closer."""

    resources: tuple[Wait, ...]
    activities: tuple[Wait, ...]
    separable: bool
    statements: tuple[str, ...]
    high: Floats
    low: Floats
    queue: Floats | None
    on_path: Bools
    resource_of: Ints
    resource_names: list[str]
    case_of: Ints


@dataclass(frozen=True, slots=True)
class LogConstraint:
    """The likely constraint, in a sentence with numbers, and how sure (0 to 1)."""

    name: str
    evidence: str
    confidence: float


def waits(log: EventLog, found: Stays) -> Waits:
    """Waiting by resource and by activity on the paths of the stays `found` in the log."""
    end, begin = micros(log.table, "completed_at"), micros(log.table, "started_at")
    case = Cases.of(log).number
    known = begin != NONE
    enabled = enabling(case, begin, end)
    admitted = np.where(begin[found.first] != NONE, begin[found.first], end[found.first])
    path = on_path(enabled, end, found.first, found.last, admitted)
    since = _admission_of(case, found, admitted)
    before = np.maximum(np.where(enabled >= 0, end[enabled], since), since)
    until = np.maximum(np.where(known, begin, end), before)
    high = np.where(path, (until - before) / MICROSECONDS_IN_AN_HOUR, 0.0)
    activities, activity = _codes(log.table["activity"])
    resources, resource = _codes(log.table["resource"], missing=NOBODY)
    unsure = path & ~known
    unsure[found.first] = False  # nothing came before the first event of a stay
    low = np.where(known, high, _beyond_typical(high, activity, unsure, len(activities)))
    separable = bool(known[path].all()) if path.any() else log.has_starts
    said = [] if separable else [
        "Waiting and service cannot be told apart where only completions are known: the upper figure is the whole time "
        "since the patient's last event, recovery included, the lower one what exceeds the median of that activity."
    ]  # fmt: skip
    if log.day_resolution:
        said.append("Times are dates, so a wait is a number of whole days.")
        opened = None
    else:
        opened = _in_open_hours(log.zone, end, begin, known, before, until, resource, len(resources))
        opened = np.clip(opened, 0.0, high)
    queue = None
    if separable and not log.day_resolution:
        free = _while_free(log.zone, end, begin, before, until, resource, resources)
        queue = np.where(path, high - np.clip(free, 0.0, high), 0.0)
    return Waits(
        resources=_table(resources, resource, high, low, opened, queue),
        activities=_table(activities, activity, high, low, None, None),
        separable=separable,
        statements=tuple(said),
        high=high,
        low=low,
        queue=queue,
        on_path=path,
        resource_of=resource,
        resource_names=resources,
        case_of=case,
    )


def constraint_of(found: Waits, rng: np.random.Generator) -> LogConstraint | None:
    """The resource most queued for, with confidence; None where nobody waited for a resource that has a name."""
    named = [w for w in found.resources if w.name != NOBODY and w.wait_hours > 0]
    if not named:
        return None
    queued = sorted((w for w in named if w.queue_hours), key=lambda w: (-(w.queue_hours or 0.0), w.name))
    top = queued[0] if queued else named[0]
    figures = (found.queue,) if queued and found.queue is not None else (found.high, found.low)
    index = found.resource_names.index(top.name)
    confidence = float(np.mean(_first_in_resamples(found, figures, rng) == index))
    text = _of_queues(found, queued, named[0]) if queued else _of_waits(found, named)
    if confidence < SETTLED:
        text += f" This is not settled: it comes first in only {100 * confidence:.0f} % of resamples of the cases."
    nobody = next((w.share for w in found.resources if w.name == NOBODY), 0.0)
    if nobody > top.share:
        text += f" Events that name no resource hold {100 * nobody:.0f} %."
    return LogConstraint(top.name, text, confidence)


def _of_queues(found: Waits, queued: list[Wait], longest: Wait) -> str:
    total = sum(w.queue_hours or 0.0 for w in found.resources)
    parts = [(w.name, w.queue_hours or 0.0) for w in queued[:2]]
    second = f", before {parts[1][0]} with {100 * parts[1][1] / total:.0f} %" if len(parts) > 1 else ""
    text = (
        f"Patients queued {parts[0][1]:,.0f} hours for {parts[0][0]} while nobody there was free, "
        f"{100 * parts[0][1] / total:.0f} % of all queueing{second}."
    )
    if longest.name == parts[0][0]:
        return text
    free = 1.0 - (longest.queue_hours or 0.0) / longest.wait_hours
    return (
        f"{text} The longest waits, {longest.wait_hours:,.0f} hours, are for {longest.name}, but {100 * free:.0f} % of them "
        "while somebody there was free: delay, not queueing."
    )


def _of_waits(found: Waits, named: list[Wait]) -> str:
    top = named[0]
    second = f", before {named[1].name} with {100 * named[1].share:.0f} %" if len(named) > 1 else ""
    if found.separable:
        text = f"Patients waited {top.wait_hours:,.0f} hours for {top.name}, {100 * top.share:.0f} % of all waiting{second}."
        return text if found.queue is None else f"{text} Somebody was free all that time: it is delay, not queueing."
    return (
        f"Between {top.wait_hours_low:,.0f} and {top.wait_hours:,.0f} hours passed before events of {top.name}, "
        f"{100 * top.share:.0f} % of all such time{second}. How much of it was waiting, the log cannot tell: recovery "
        "and work are in it."
    )


def _first_in_resamples(found: Waits, figures: Sequence[Floats], rng: np.random.Generator) -> Ints:
    """In each resample of cases the resource that comes first by all figures, −1 where they name different ones."""
    cases, n = int(found.case_of.max()) + 1, len(found.resource_names)
    counted = found.high > 0
    who, whose = found.resource_of[counted], found.case_of[counted]
    first = np.empty((len(figures), RESAMPLES), dtype=np.int64)
    hidden = [i for i, name in enumerate(found.resource_names) if name == NOBODY]
    for k in range(RESAMPLES):
        times_drawn = np.bincount(rng.integers(0, cases, size=cases), minlength=cases)[whose]
        for which, hours in enumerate(figures):
            total = np.bincount(who, weights=hours[counted] * times_drawn, minlength=n)
            total[hidden] = -1.0
            first[which, k] = int(np.argmax(total))
    return np.where((first == first[0]).all(axis=0), first[0], -1)


def _admission_of(case: Ints, found: Stays, admitted: Ints) -> Ints:
    """The moment of admission of each event's case (0 where it has no stay; such events are on no path)."""
    of_case = np.zeros(int(case.max()) + 1 if len(case) else 0, dtype=np.int64)
    of_case[case[found.first]] = admitted
    return of_case[case]


def _in_open_hours(
    zone: str, end: Ints, begin: Ints, known: Bools, before: Ints, until: Ints, resource: Ints, n: int
) -> Floats:
    """Hours between `before` and `until` in which the event's own resource is seen at work."""
    result = np.zeros(len(end))
    starts, ends = local(before, zone), local(until, zone)
    order = np.argsort(resource, kind="stable")
    for mine in np.split(order, np.searchsorted(resource[order], np.arange(1, n))):
        seen = np.concatenate([end[mine], begin[mine][known[mine]]])
        result[mine] = hours_open(starts[mine], ends[mine], opening_hours(seen, zone))
    return result


def _while_free(
    zone: str, end: Ints, begin: Ints, before: Ints, until: Ints, resource: Ints, names: list[str]
) -> Floats:
    """Hours between `before` and `until` in which the event's own resource was open and had somebody free. Nobody is
    waited for where an event names no resource."""
    result = (until - before) / MICROSECONDS_IN_AN_HOUR
    known = begin != NONE
    begin_here, end_here = local(np.where(known, begin, end), zone), local(end, zone)
    since_here, until_here = local(before, zone), local(until, zone)
    for number, name in enumerate(names):
        mine = np.flatnonzero((resource == number) & known)
        if name != NOBODY and len(mine):
            people = at_once(begin[mine], end[mine])
            opened = opening_hours(np.concatenate([end[mine], begin[mine]]), zone)
            result[mine] = idle_hours(
                begin_here[mine], end_here[mine], people, opened, since_here[mine], until_here[mine]
            )
    return np.asarray(result)


def _codes(column: object, missing: str = "") -> tuple[list[str], Ints]:
    import pyarrow.compute as pc

    encoded = pc.fill_null(column, missing).combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), np.asarray(encoded.indices.to_numpy(), dtype=np.int64)


def _beyond_typical(hours: Floats, activity: Ints, counted: Bools, n: int) -> Floats:
    """What exceeds the median of its activity."""
    median = np.zeros(n)
    rows = np.flatnonzero(counted)
    rows = rows[np.argsort(activity[rows], kind="stable")]
    for code, part in enumerate(np.split(rows, np.searchsorted(activity[rows], np.arange(1, n)))):
        if len(part):
            median[code] = float(np.median(hours[part]))
    return np.where(counted, np.maximum(hours - median[activity], 0.0), 0.0)


def _table(
    names: list[str], codes: Ints, high: Floats, low: Floats, opened: Floats | None, queue: Floats | None
) -> tuple[Wait, ...]:
    n = len(names)
    events = np.bincount(codes, minlength=n)
    upper, lower = np.bincount(codes, high, n), np.bincount(codes, low, n)
    while_open = None if opened is None else np.bincount(codes, opened, n)
    queued = None if queue is None else np.bincount(codes, queue, n).round(9)
    total = max(float(upper.sum()), 1e-12)
    rows = [
        Wait(
            names[i], int(events[i]), float(upper[i]), float(lower[i]), float(upper[i]) / total,
            None if while_open is None else float(while_open[i]),
            None if queued is None else float(queued[i]),
        )
        for i in range(n)
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda w: (-w.wait_hours, w.name)))
