"""Everything a log teaches, in one object, and a hospital to simulate where the log allows one.

Only a log with starts separates waiting from service, so only from such a log are teams with capacity made (see
`tables`): each event a task of its service time; a team's opening hours from its timestamps, and as many people as it
is seen to serve at once (95th percentile over its busy moments). From a log with completions only there is no honest
way to capacity, and `to_tables` refuses in a sentence; stays can still be predicted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.engines.flow.calibrate.arrivals import Arrivals, arrivals
from folkmoot.engines.flow.calibrate.durations import Fit, fit
from folkmoot.engines.flow.calibrate.routing import Routing, routing
from folkmoot.engines.flow.calibrate.tables import hospital
from folkmoot.engines.flow.evidence import Stays, stays
from folkmoot.engines.flow.evidence.idle import at_once
from folkmoot.engines.flow.evidence.opening import opening_hours
from folkmoot.engines.flow.evidence.stays import MICROSECONDS_IN_AN_HOUR, micros
from folkmoot.engines.flow.evidence.waits import NOBODY
from folkmoot.engines.flow.logs.log import EventLog, LogError

NONE = int(np.iinfo(np.int64).min)


@dataclass(frozen=True, eq=False, slots=True)
class Calibration:
    """`services` are durations of work by activity (log with starts), `gaps` the time before each activity, `calendars`
    the open hours of the week by resource, `capacity` the people at work at once; `delays` says in a sentence how much of
    the waiting is not queueing (empty where the log cannot tell)."""

    log: EventLog
    found: Stays
    arrivals: Arrivals
    routing: Routing
    gaps: tuple[Fit, ...]
    services: tuple[Fit, ...]
    calendars: dict[str, NDArray[np.bool_]]
    capacity: dict[str, int]
    statements: tuple[str, ...]
    tables: dict[str, pa.Table] | None
    delays: str

    @property
    def separable(self) -> bool:
        """Waiting and service can be told apart."""
        return bool(self.services)

    def stays(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Hours of `n` stays as the routing predicts them."""
        return self.routing.stays(n, rng)

    def to_tables(self) -> dict[str, pa.Table]:
        """The hospital as tables for `Scenario.from_tables`: the log's own patients, who then compete for its teams."""
        if self.tables is None:
            raise LogError(
                "This log has completion times only, so how many people a team has and how long its work takes cannot be "
                "known, and inventing them would decide the result. Give a log with start times, or simulate a town."
            )
        return self.tables


def calibrate(log: EventLog, found: Stays | None = None) -> Calibration:
    """Learn from the closed stays of a log. Raises `LogError` when there are none."""
    closed = found or stays(log)
    if not len(closed.hours):
        raise LogError("No stay in this log has both begun and ended, so there is nothing to learn from.")
    end, begin = micros(log.table, "completed_at"), micros(log.table, "started_at")
    names = log.table["activity"].to_pylist()
    gaps: dict[str, list[float]] = {}
    sequences = []
    for first, last in zip(closed.first.tolist(), closed.last.tolist()):
        zero = begin[first] if begin[first] != NONE else end[first]
        hours = ((end[first : last + 1] - zero) / MICROSECONDS_IN_AN_HOUR).tolist()
        sequences.append((names[first : last + 1], hours))
        for k in range(1, len(hours)):
            gaps.setdefault(names[first + k], []).append(hours[k] - hours[k - 1])
    services, calendars, capacity = _teams(log, begin, end, names)
    admitted = np.where(begin[closed.first] != NONE, begin[closed.first], end[closed.first])
    came = arrivals(admitted, log.zone)
    fits = tuple(sorted((fit(n, np.array(h)) for n, h in gaps.items()), key=lambda f: -f.count))
    said = _statements(log, closed, came, fits)
    tables, delays = None, ""
    if services:
        tables, share = hospital(log, closed, capacity, calendars, {f.name: f.mean_hours for f in services})
        delays = (
            f"{100 * share:.0f} % of all waiting is seen while the team waited for was open and had somebody free. Such "
            "delays are not queueing: no order and no colleague shortens them."
        )
        said += (delays,)
    return Calibration(log, closed, came, routing(sequences), fits, services, calendars, capacity, said, tables, delays)


def _teams(
    log: EventLog, begin: NDArray[np.int64], end: NDArray[np.int64], names: list[str]
) -> tuple[tuple[Fit, ...], dict[str, NDArray[np.bool_]], dict[str, int]]:
    resources = [r or NOBODY for r in log.table["resource"].to_pylist()]
    rows: dict[str, list[int]] = {}
    for i, name in enumerate(resources):
        rows.setdefault(name, []).append(i)
    calendars, capacity = {}, {}
    for name, mine in rows.items():
        if name == NOBODY:
            continue
        index = np.array(mine)
        known = begin[index] != NONE
        seen = np.concatenate([end[index], begin[index][known]])
        calendars[name] = opening_hours(seen, log.zone)
        if known.any():
            capacity[name] = at_once(begin[index][known], end[index][known])
    work: dict[str, list[float]] = {}
    for i in np.flatnonzero(begin != NONE).tolist():
        work.setdefault(names[i], []).append((int(end[i]) - int(begin[i])) / MICROSECONDS_IN_AN_HOUR)
    services = tuple(sorted((fit(n, np.array(h)) for n, h in work.items()), key=lambda f: -f.count))
    return (services if log.has_starts else ()), calendars, capacity


def _statements(log: EventLog, found: Stays, came: Arrivals, fits: tuple[Fit, ...]) -> tuple[str, ...]:
    said = [found.statement]
    if found.open_cases:
        said.append(f"{found.open_cases} cases had not ended and were left out.")
    if not np.isnan(came.dispersion):
        word = (
            "as a Poisson process would"
            if 0.8 <= came.dispersion <= 1.25
            else ("more than a Poisson process would" if came.dispersion > 1 else "less than a Poisson process would")
        )
        said.append(
            f"{came.per_day:.1f} patients a day arrive; numbers vary {word} (dispersion {came.dispersion:.2f})."
        )
    poor = [f.name for f in fits if f.distance > 0.1]
    if poor:
        said.append(
            f"The time before {len(poor)} of {len(fits)} activities is not lognormal; the times themselves are used."
        )
    if not log.has_starts:
        said.append("The log cannot separate waiting from service, so no team's capacity is given.")
    return tuple(said)
