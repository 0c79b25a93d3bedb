"""A log with starts as a hospital to simulate: its own patients, their work in the order it had, teams with capacity.

*What comes before what*: an event follows every event of the stay that ended before it began, less those that another
of them already follows (the interval order; Fishburn 1970). Work that merely happened one after the other is thereby
tied, so what parallel work could gain is understated.

*What was waited for*: the part of a wait in which the team was open and had somebody free is not queueing, and no order
and no colleague shortens it. It stays as a delay before the work (Chapela-Campa and Dumas 2023 call it extraneous).
The rest is left to the simulator, which lets patients queue.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.engines.flow.evidence import Stays
from folkmoot.engines.flow.evidence.clock import local
from folkmoot.engines.flow.evidence.idle import idle_hours
from folkmoot.engines.flow.evidence.path import NONE
from folkmoot.engines.flow.evidence.stays import MICROSECONDS_IN_AN_HOUR, micros
from folkmoot.engines.flow.logs.log import STAMP, EventLog

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]
type Task = tuple[str, str, str, str | None, float, float]


def predecessors(begin: Ints, end: Ints) -> list[list[int]]:
    """For each event of one stay (sorted by end) the events it follows directly, by position."""
    found: list[list[int]] = []
    index = np.arange(len(begin))
    for i in range(len(begin)):
        before = (end < begin[i]) | ((end == begin[i]) & (index < i))
        if not before.any():
            found.append([])
            continue
        latest = np.flatnonzero(before)[np.lexsort((index[before], begin[before]))][-1]
        last = before & ((end > begin[latest]) | ((end == begin[latest]) & (index >= latest)))
        found.append(np.flatnonzero(last).tolist())
    return found


def hospital(
    log: EventLog,
    found: Stays,
    capacity: Mapping[str, int],
    calendars: Mapping[str, Bools],
    expected: Mapping[str, float],
) -> tuple[dict[str, pa.Table], float]:
    """The tables of `Scenario.from_tables`, and the share of all waiting that is delay rather than queueing."""
    end, begin = micros(log.table, "completed_at"), micros(log.table, "started_at")
    begin = np.where(begin == NONE, end, begin)
    names, who = log.table["activity"].to_pylist(), log.table["resource"].to_pylist()
    follows: dict[int, list[int]] = {}
    since: dict[int, int] = {}
    for first, last in zip(found.first.tolist(), found.last.tolist()):
        for k, before in enumerate(predecessors(begin[first : last + 1], end[first : last + 1])):
            follows[first + k] = [first + j for j in before]
            since[first + k] = max([int(end[first + j]) for j in before] or [int(begin[first])])
    rows = np.array(sorted(follows), dtype=np.int64)
    ready = np.array([since[i] for i in rows.tolist()], dtype=np.int64)
    waited = np.maximum((begin[rows] - ready) / MICROSECONDS_IN_AN_HOUR, 0.0)
    delay = _delays(log, begin, end, who, rows, ready, waited, capacity, calendars)
    usual: dict[str, list[float]] = {}
    for i, hours in zip(rows.tolist(), delay.tolist()):
        usual.setdefault(names[i], []).append(hours)
    mean_delay = {name: float(np.mean(hours)) for name, hours in usual.items()}
    case: dict[int, str] = {}
    for name, first, last in zip(found.case_id, found.first.tolist(), found.last.tolist()):
        case.update(dict.fromkeys(range(first, last + 1), name))
    tasks: list[Task] = []
    edges: list[tuple[str, str]] = []
    for i, hours in zip(rows.tolist(), delay.tolist()):
        task = f"{case[i]}/{i}"
        earlier = [f"{case[i]}/{j}" for j in follows[i]]
        if hours > 0:
            tasks.append((f"{task} delay", case[i], f"before {names[i]}", None, hours, mean_delay[names[i]]))
            edges += [(name, f"{task} delay") for name in earlier]
            earlier = [f"{task} delay"]
        work = float(end[i] - begin[i]) / MICROSECONDS_IN_AN_HOUR
        tasks.append(
            (task, case[i], names[i], who[i] if who[i] in capacity else None, work, expected.get(names[i], work))
        )
        edges += [(name, task) for name in earlier]
    people = [(name, int(begin[first])) for name, first in zip(found.case_id, found.first.tolist())]
    share = float(delay.sum() / waited.sum()) if waited.sum() > 0 else 0.0
    return _as_tables(people, tasks, edges, capacity, calendars), share


def _delays(
    log: EventLog, begin: Ints, end: Ints, who: list[str | None], rows: Ints, ready: Ints, waited: Floats,
    capacity: Mapping[str, int], calendars: Mapping[str, Bools],
) -> Floats:  # fmt: skip
    """The part of each wait that is not queueing: all of it where nobody is waited for."""
    delay = waited.copy()
    team = np.array([name or "" for name in who], dtype=object)
    begin_here, end_here, ready_here = local(begin, log.zone), local(end, log.zone), local(ready, log.zone)
    for name, people in capacity.items():
        mine, seen = np.flatnonzero(team[rows] == name), team == name
        if len(mine):
            idle = idle_hours(
                begin_here[seen], end_here[seen], people, calendars[name], ready_here[mine], begin_here[rows[mine]]
            )
            delay[mine] = np.minimum(np.maximum(idle, 0.0), waited[mine])
    return delay


def _as_tables(
    people: list[tuple[str, int]],
    tasks: list[Task],
    edges: list[tuple[str, str]],
    capacity: Mapping[str, int],
    calendars: Mapping[str, Bools],
) -> dict[str, pa.Table]:
    teams = sorted({t[3] for t in tasks if t[3] is not None})
    shifts = [(team, *shift, capacity[team]) for team in teams for shift in _shifts(calendars[team])]
    text, real, whole = pa.string(), pa.float64(), pa.int64()

    def table(rows: list[tuple[object, ...]], **columns: pa.DataType) -> pa.Table:
        return pa.table({name: pa.array([r[k] for r in rows], kind) for k, (name, kind) in enumerate(columns.items())})

    patients = table(list(people), patient_id=text, admitted_at=whole)
    return {
        "patients": patients.set_column(1, "admitted_at", patients["admitted_at"].cast(STAMP)),
        "tasks": table(
            list(tasks),
            task_id=text,
            patient_id=text,
            code=text,
            resource_id=text,
            work_hours=real,
            estimate_hours=real,
        ),
        "edges": table(list(edges), before=text, after=text),
        "resources": table([(team, team) for team in teams], resource_id=text, name=text),
        "shifts": table(
            list(shifts), resource_id=text, weekday=whole, start_minute=whole, end_minute=whole, staff=whole
        ),
    }


def _shifts(opened: Bools) -> list[tuple[int, int, int]]:
    """Runs of open hours in each day: weekday, first and last minute."""
    found = []
    for day in range(7):
        edge = np.flatnonzero(np.diff(np.concatenate([[0], opened[24 * day : 24 * day + 24].astype(int), [0]])))
        found += [(day, int(a) * 60, int(b) * 60) for a, b in zip(edge[::2], edge[1::2])]
    return found
