"""Length of stay of each case: from the first admission to the last discharge, else from first to last event."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.engines.flow.logs.log import EventLog, LogError

ADMISSIONS = ("Admission*", "Admit*", "Registration*", "ER Registration*", "Arrival*")
DISCHARGES = ("Release*", "Discharge*", "Departure*", "Check-out*")
MICROSECONDS_IN_AN_HOUR = 3.6e9


@dataclass(frozen=True, eq=False, slots=True)
class Stays:
    """One row a stay that has ended: `hours`, and its first and last event (positions in the log's table).

    `open_cases` began but did not end, `never_admitted` never began, `backward_cases` (their names) ended before they
    began, which is a negative stay. All are left out.
    """

    case_id: list[str]
    hours: NDArray[np.float64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    open_cases: int
    backward_cases: tuple[str, ...]
    never_admitted: int
    admission: str | None
    discharge: str | None
    statement: str

    @property
    def backwards(self) -> int:
        """How many cases ended before they began."""
        return len(self.backward_cases)

    def summary(self) -> dict[str, float]:
        """Count, mean, median and 95th percentile, in hours (0 when nobody has left)."""
        if not len(self.hours):
            return {"count": 0, "mean_hours": 0.0, "median_hours": 0.0, "p95_hours": 0.0}
        return {
            "count": len(self.hours),
            "mean_hours": float(self.hours.mean()),
            "median_hours": float(np.median(self.hours)),
            "p95_hours": float(np.quantile(self.hours, 0.95)),
        }


def stays(log: EventLog, *, admission: str | None = None, discharge: str | None = None) -> Stays:
    """Stays from the first event matching `admission` to the last event matching `discharge` (patterns such as
    "Release*"). A pattern not given is recognised among common names when at least half the cases have such an event.

    Raises `LogError` when a pattern that was given matches nothing.
    """
    case, activity = Cases.of(log), log.table["activity"].combine_chunks().dictionary_encode()
    names, codes = activity.dictionary.to_pylist(), activity.indices.to_numpy()
    start = _matching(admission, ADMISSIONS, names, codes, case, "admission")
    end = _matching(discharge, DISCHARGES, names, codes, case, "discharge")
    times = micros(log.table, "completed_at")
    begins = np.where(_is(start, names, codes), case.number, -1) if start else case.number
    ends = np.where(_is(end, names, codes), case.number, -1) if end else case.number
    n, rows = len(case.ids), np.arange(len(codes))
    first = np.full(n, len(codes), dtype=np.int64)
    last = np.full(n, -1, dtype=np.int64)
    np.minimum.at(first, begins[begins >= 0], rows[begins >= 0])
    np.maximum.at(last, ends[ends >= 0], rows[ends >= 0])
    began, ended = first < len(codes), last >= 0
    start_times = micros(log.table, "started_at")
    start_times = np.where(start_times == np.iinfo(np.int64).min, times, start_times)
    whole = began & ended
    whole[whole] = times[last[whole]] >= start_times[first[whole]]
    begin_time = start_times[first[whole]]
    hours = (times[last[whole]] - begin_time) / MICROSECONDS_IN_AN_HOUR
    said = (f"Stays run from the first “{start}” " if start else "Stays run from the first event ") + (
        f"to the last “{end}”." if end else "to the last event of a case."
    )
    return Stays(
        case_id=[case.ids[i] for i in np.flatnonzero(whole)],
        hours=hours,
        first=first[whole],
        last=last[whole],
        open_cases=int((began & ~ended).sum()),
        backward_cases=tuple(case.ids[i] for i in np.flatnonzero(began & ended & ~whole)),
        never_admitted=int((~began).sum()),
        admission=start,
        discharge=end,
        statement=said,
    )


@dataclass(frozen=True, eq=False, slots=True)
class Cases:
    """Cases numbered in the order of the table: `number` per event, `ids` per case."""

    number: NDArray[np.int64]
    ids: list[str]

    @classmethod
    def of(cls, log: EventLog) -> Cases:
        encoded = log.table["case_id"].combine_chunks().dictionary_encode()
        return cls(np.asarray(encoded.indices.to_numpy(), dtype=np.int64), encoded.dictionary.to_pylist())


def micros(table: pa.Table, column: str) -> NDArray[np.int64]:
    """A time column as microseconds since 1970; the smallest integer where it is missing."""
    import pyarrow.compute as pc

    missing = int(np.iinfo(np.int64).min)
    return np.asarray(pc.fill_null(table[column].cast(pa.int64()), missing).to_numpy(), dtype=np.int64)


def _is(pattern: str, names: list[str], codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    wanted = np.array([fnmatchcase(name, pattern) for name in names], dtype=np.bool_)
    return np.asarray(wanted[codes])


def _matching(
    given: str | None, usual: tuple[str, ...], names: list[str], codes: NDArray[np.int64], case: Cases, what: str
) -> str | None:
    if given is not None:
        if not any(fnmatchcase(name, given) for name in names):
            some = ", ".join(sorted(names)[:20])
            raise LogError(
                f"No activity matches the {what} “{given}”. Activities are: {some}{', …' * (len(names) > 20)}."
            )
        return given
    for pattern in usual:
        hit = _is(pattern, names, codes)
        if len(set(case.number[hit].tolist())) * 2 >= len(case.ids):
            return pattern
    return None
