"""Everything a log teaches, in one object, and a hospital to simulate where the log allows one.

Only a log with starts separates waiting from service, so only from such a log are teams with capacity made: each
event a task of its service time, following its enabling event; a team's opening hours from its timestamps, and as
many people as it is seen to serve at once (95th percentile over its busy moments). From a log with completions only
there is no honest way to capacity, and `to_tables` refuses in a sentence; stays can still be predicted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.engines.flow.calibrate.arrivals import Arrivals, arrivals
from folkmoot.engines.flow.calibrate.durations import Fit, fit
from folkmoot.engines.flow.calibrate.routing import Routing, routing
from folkmoot.engines.flow.evidence import Stays, stays
from folkmoot.engines.flow.evidence.opening import opening_hours
from folkmoot.engines.flow.evidence.stays import MICROSECONDS_IN_AN_HOUR, micros
from folkmoot.engines.flow.evidence.waits import NOBODY
from folkmoot.engines.flow.logs.log import STAMP, EventLog, LogError

NONE = int(np.iinfo(np.int64).min)


@dataclass(frozen=True, eq=False, slots=True)
class Calibration:
    """`services` are durations of work by activity (log with starts), `gaps` the time before each activity, `calendars`
    the open hours of the week by resource, `capacity` the people at work at once."""

    log: EventLog
    found: Stays
    arrivals: Arrivals
    routing: Routing
    gaps: tuple[Fit, ...]
    services: tuple[Fit, ...]
    calendars: dict[str, NDArray[np.bool_]]
    capacity: dict[str, int]
    statements: tuple[str, ...]

    @property
    def separable(self) -> bool:
        """Waiting and service can be told apart."""
        return bool(self.services)

    def stays(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Hours of `n` stays as the routing predicts them."""
        return self.routing.stays(n, rng)

    def to_tables(self) -> dict[str, pa.Table]:
        """The hospital as tables for `Scenario.from_tables`: the log's own patients, who then compete for its teams."""
        if not self.separable:
            raise LogError(
                "This log has completion times only, so how many people a team has and how long its work takes cannot be "
                "known, and inventing them would decide the result. Give a log with start times, or simulate a town."
            )
        return _tables(self)


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
    return Calibration(
        log, closed, came, routing(sequences), fits, services, calendars, capacity, _statements(log, closed, came, fits)
    )


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
            capacity[name] = _at_once(begin[index][known], end[index][known])
    work: dict[str, list[float]] = {}
    for i in np.flatnonzero(begin != NONE).tolist():
        work.setdefault(names[i], []).append((int(end[i]) - int(begin[i])) / MICROSECONDS_IN_AN_HOUR)
    services = tuple(sorted((fit(n, np.array(h)) for n, h in work.items()), key=lambda f: -f.count))
    return (services if log.has_starts else ()), calendars, capacity


def _at_once(begin: NDArray[np.int64], end: NDArray[np.int64]) -> int:
    """People at work at once: the 95th percentile, over time with any work, of work in hand."""
    moment = np.concatenate([begin, end])
    order = np.lexsort((np.repeat([1, 0], len(begin)), moment))
    level = np.cumsum(np.repeat([1, -1], len(begin))[order])[:-1]
    length = np.diff(moment[order])
    busy = (level > 0) & (length > 0)
    if not busy.any():
        return 1
    by = np.argsort(level[busy], kind="stable")
    share = np.cumsum(length[busy][by]) / length[busy].sum()
    return int(level[busy][by][np.searchsorted(share, 0.95)])


def _tables(c: Calibration) -> dict[str, pa.Table]:
    table = c.log.table
    end, begin = micros(table, "completed_at"), micros(table, "started_at")
    names, who = table["activity"].to_pylist(), table["resource"].to_pylist()
    rows, edges, people = [], [], []
    for case, first, last in zip(c.found.case_id, c.found.first.tolist(), c.found.last.tolist()):
        people.append((case, int(begin[first] if begin[first] != NONE else end[first])))
        for i in range(first, last + 1):
            work = (int(end[i]) - int(begin[i])) / MICROSECONDS_IN_AN_HOUR if begin[i] != NONE else 0.0
            rows.append((f"{case}/{i}", case, names[i], who[i] if who[i] in c.capacity else None, work))
            enabling = _enabling(i, first, begin, end)
            if enabling is not None:
                edges.append((f"{case}/{enabling}", f"{case}/{i}"))
    expected = {f.name: f.mean_hours for f in c.services}
    teams = sorted({row[3] for row in rows if row[3] is not None})
    shifts = [(team, *shift, c.capacity[team]) for team in teams for shift in _shifts(c.calendars[team])]
    return {
        "patients": pa.table(
            {
                "patient_id": [p[0] for p in people],
                "admitted_at": pa.array([p[1] for p in people], pa.int64()).cast(STAMP),
            }
        ),
        "tasks": pa.table(
            {
                "task_id": [r[0] for r in rows],
                "patient_id": [r[1] for r in rows],
                "code": [r[2] for r in rows],
                "resource_id": pa.array([r[3] for r in rows], pa.string()),
                "work_hours": pa.array([r[4] for r in rows], pa.float64()),
                "estimate_hours": pa.array([expected.get(r[2], r[4]) for r in rows], pa.float64()),
            }
        ),
        "edges": pa.table(
            {
                "before": pa.array([e[0] for e in edges], pa.string()),
                "after": pa.array([e[1] for e in edges], pa.string()),
            }
        ),
        "resources": pa.table({"resource_id": pa.array(teams, pa.string()), "name": pa.array(teams, pa.string())}),
        "shifts": pa.table(
            {
                "resource_id": pa.array([s[0] for s in shifts], pa.string()),
                **{
                    column: pa.array([s[k] for s in shifts], pa.int64())
                    for k, column in enumerate(("weekday", "start_minute", "end_minute", "staff"), start=1)
                },
            }
        ),
    }


def _enabling(i: int, first: int, begin: NDArray[np.int64], end: NDArray[np.int64]) -> int | None:
    """The event of the same stay that completed last before this one started."""
    start = begin[i] if begin[i] != NONE else end[i]
    before = [k for k in range(first, i) if end[k] <= start]
    return before[-1] if before else None


def _shifts(open_hours: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Runs of open hours in each day: weekday, first and last minute."""
    found = []
    for day in range(7):
        edge = np.flatnonzero(np.diff(np.concatenate([[0], open_hours[24 * day : 24 * day + 24].astype(int), [0]])))
        found += [(day, int(a) * 60, int(b) * 60) for a, b in zip(edge[::2], edge[1::2])]
    return found


def _statements(log: EventLog, found: Stays, came: Arrivals, fits: tuple[Fit, ...]) -> tuple[str, ...]:
    said = [found.statement, f"{found.open_cases} cases had not ended and were left out."]
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
