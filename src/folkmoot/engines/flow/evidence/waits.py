"""For whom patients waited, read from a log, and how surely: a figure where the log has starts, a range where not.

*With starts*, the wait for an event is from the latest completion before its start (of the same case) to its start. An
event that began while another of the case was in hand waited from the completion before both: concurrent work is not
counted as waiting for each other.

*Completions only*, the gap before an event is waiting and service together. The upper figure is the whole gap. The lower
figure counts only what exceeds the activity's median gap: it assumes that the work itself seldom takes longer than the
typical gap with its waiting. Nothing in between is invented.

Only gaps within the stay count. The constraint is the resource with most hours; its confidence is the share of
bootstrap resamples of cases in which it comes first by both figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.flow.evidence.stays import MICROSECONDS_IN_AN_HOUR, Cases, Stays, micros
from folkmoot.engines.flow.logs.log import EventLog

RESAMPLES = 400
NOBODY = "(no resource)"

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wait:
    """Hours waited for one resource or activity: `wait_hours` (the upper figure) and `wait_hours_low`, which are equal
    where the log has starts. `share` is of all hours waited."""

    name: str
    events: int
    wait_hours: float
    wait_hours_low: float
    share: float


@dataclass(frozen=True, eq=False, slots=True)
class Waits:
    """All waits in a log, the longest first; and per event the hours counted, for those who want to look closer."""

    resources: tuple[Wait, ...]
    activities: tuple[Wait, ...]
    separable: bool
    statements: tuple[str, ...]
    high: Floats
    low: Floats
    resource_of: NDArray[np.int64]
    resource_names: list[str]
    case_of: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LogConstraint:
    """The likely constraint, in a sentence with numbers, and how sure (0 to 1)."""

    name: str
    evidence: str
    confidence: float


def waits(log: EventLog, found: Stays) -> Waits:
    """Waiting by resource and by activity over the stays `found` in the log."""
    table = log.table
    end, begin = micros(table, "completed_at"), micros(table, "started_at")
    case = Cases.of(log).number
    n = len(end)
    inside = _inside(found, n)
    previous = np.concatenate([[False], case[1:] == case[:-1]]) if n else np.zeros(0, dtype=np.bool_)
    counted = inside & previous & np.concatenate([[False], inside[:-1]]) if n else inside
    has_start = begin != np.iinfo(np.int64).min
    activities, activity = _codes(table["activity"])
    resources, resource = _codes(table["resource"], missing=NOBODY)
    gap = np.zeros(n)
    gap[1:] = (end[1:] - end[:-1]) / MICROSECONDS_IN_AN_HOUR
    high = np.where(counted, gap, 0.0)
    low = _beyond_typical(high, activity, counted, len(activities))
    if log.has_starts:
        enabled = _enabling(case, begin, end, has_start)
        true = np.maximum((begin - enabled) / MICROSECONDS_IN_AN_HOUR, 0.0)
        high = np.where(counted & has_start, true, high)
        low = np.where(counted & has_start, true, low)
    separable = bool(has_start[counted].all()) if counted.any() else log.has_starts
    said = [] if separable else [
        "Waiting and service cannot be told apart where only completions are known: the upper figure is the whole time "
        "since the patient's last event, the lower one what exceeds the median of that activity."
    ]  # fmt: skip
    if log.day_resolution:
        said.append("Times are dates, so a wait is a number of whole days.")
    return Waits(
        resources=_table(resources, resource, high, low, counted),
        activities=_table(activities, activity, high, low, counted),
        separable=separable,
        statements=tuple(said),
        high=high,
        low=low,
        resource_of=resource,
        resource_names=resources,
        case_of=case,
    )


def constraint_of(found: Waits, rng: np.random.Generator) -> LogConstraint | None:
    """The resource most waited for, with confidence; None where nobody waited."""
    named = [w for w in found.resources if w.name != NOBODY and w.wait_hours > 0]
    if not named:
        return None
    top = named[0]
    cases = int(found.case_of.max()) + 1
    n = len(found.resource_names)
    hidden = [i for i, name in enumerate(found.resource_names) if name == NOBODY]
    firsts = []
    for hours in (found.high, found.low):
        cell = np.bincount(found.case_of * n + found.resource_of, weights=hours, minlength=cases * n).reshape(cases, n)
        cell[:, hidden] = -1.0
        firsts.append(np.argmax(_weights(cases, rng) @ cell, axis=1))
    index = found.resource_names.index(top.name)
    confidence = float(np.mean((firsts[0] == index) & (firsts[1] == index)))
    second = f", before {named[1].name} with {100 * named[1].share:.0f} %" if len(named) > 1 else ""
    if found.separable:
        text = (
            f"Patients waited {top.wait_hours:,.0f} hours for {top.name}, {100 * top.share:.0f} % of all waiting"
            f"{second}."
        )
    else:
        text = (
            f"Between {top.wait_hours_low:,.0f} and {top.wait_hours:,.0f} hours passed before events of {top.name}, "
            f"{100 * top.share:.0f} % of all such time{second}. How much of it was waiting, the log cannot tell: recovery "
            "and work are in it."
        )
    return LogConstraint(top.name, text, confidence)


def _weights(cases: int, rng: np.random.Generator) -> Floats:
    """How often each case is drawn in each resample, shape (resamples, cases)."""
    return rng.multinomial(cases, np.full(cases, 1.0 / cases), size=RESAMPLES).astype(np.float64)


def _inside(found: Stays, n: int) -> NDArray[np.bool_]:
    """Events from the first to the last of each stay (the table is sorted by case and time)."""
    change = np.zeros(n + 1, dtype=np.int64)
    np.add.at(change, found.first, 1)
    np.add.at(change, found.last + 1, -1)
    return np.asarray(np.cumsum(change)[:-1] > 0)


def _codes(column: object, missing: str = "") -> tuple[list[str], NDArray[np.int64]]:
    import pyarrow.compute as pc

    encoded = pc.fill_null(column, missing).combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), np.asarray(encoded.indices.to_numpy(), dtype=np.int64)


def _beyond_typical(gap: Floats, activity: NDArray[np.int64], counted: NDArray[np.bool_], n: int) -> Floats:
    """What of each gap exceeds the median gap of its activity."""
    median = np.zeros(n)
    rows = np.flatnonzero(counted)
    order = rows[np.lexsort((gap[rows], activity[rows]))]
    for code, part in zip(*_groups(activity[order], order)):
        median[code] = float(np.median(gap[part]))
    return np.where(counted, np.maximum(gap - median[activity], 0.0), 0.0)


def _groups(keys: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[list[int], list[NDArray[np.int64]]]:
    if not len(keys):
        return [], []
    cut = np.flatnonzero(np.diff(keys)) + 1
    return [int(k) for k in keys[np.concatenate([[0], cut])]], np.split(rows, cut)


def _enabling(
    case: NDArray[np.int64], begin: NDArray[np.int64], end: NDArray[np.int64], known: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The latest completion of the same case at or before each start (its own start where there is none)."""
    enabled = np.where(known, begin, end)
    first = np.concatenate([[0], np.flatnonzero(np.diff(case)) + 1, [len(case)]])
    for low, high in zip(first[:-1].tolist(), first[1:].tolist()):
        ends = end[low:high]  # sorted by completion
        place = np.searchsorted(ends, begin[low:high], side="right") - 1
        fits = (place >= 0) & known[low:high]
        enabled[low:high] = np.where(fits, ends[np.maximum(place, 0)], enabled[low:high])
    return enabled


def _table(
    names: list[str], codes: NDArray[np.int64], high: Floats, low: Floats, counted: NDArray[np.bool_]
) -> tuple[Wait, ...]:
    n = len(names)
    events = np.bincount(codes, minlength=n)
    upper, lower = np.bincount(codes, high, n), np.bincount(codes, low, n)
    total = max(float(upper.sum()), 1e-12)
    rows = [Wait(names[i], int(events[i]), float(upper[i]), float(lower[i]), float(upper[i]) / total) for i in range(n)]
    return tuple(sorted(rows, key=lambda w: (-w.wait_hours, w.name)))
