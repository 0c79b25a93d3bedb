"""From rows of text to events: set aside what cannot be, join starts to completions, lose nothing."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from folkmoot.engines.flow.logs import times
from folkmoot.engines.flow.logs.log import REJECTED, SCHEMA, STAMP, EventLog, LogError, LogRead, Rejected
from folkmoot.engines.flow.logs.mapping import Mapping

NO_CASE = "The row names no case."
NO_ACTIVITY = "The row names no activity."
REPEATED = "The row repeats an earlier row in every column."
BACKWARDS = "The event ends before it starts."
NEVER_ENDED = "The event was started but never completed."
OTHER_STEP = "The lifecycle step is neither start nor complete."
STARTS, COMPLETES = {"start", "begin", "started"}, {"complete", "completed", "end", "finish", ""}


def to_events(
    raw: pa.Table,
    rows: np.ndarray,
    mapping: Mapping,
    *,
    zone: str,
    statements: Sequence[str],
    refused: Sequence[tuple[int, str, str]] = (),
) -> LogRead:
    """Events of a table of text. `rows` numbers its rows; `refused` are rows that never became part of the table."""
    if not (mapping.case and mapping.activity and mapping.timestamp):
        raise LogError("A log needs a column for the case, one for the activity and one for the time.")
    n = len(raw)
    said = list(statements)
    reason = np.full(n, None, dtype=object)
    _refuse(reason, _repeats(raw), REPEATED)
    _refuse(reason, _blank(raw[mapping.case]), NO_CASE)
    _refuse(reason, _blank(raw[mapping.activity]), NO_ACTIVITY)
    ends = times.parse(raw[mapping.timestamp], zone=zone, dayfirst=mapping.dayfirst, name=mapping.timestamp)
    said += ends.statements
    _fill(reason, ends.reason)
    case = np.array(raw[mapping.case].to_pylist(), dtype=object)
    activity = np.array(raw[mapping.activity].to_pylist(), dtype=object)
    completed = _settle_autumn(ends, case, reason, said)
    started = np.full(n, times.MISSING, dtype=np.int64)
    paired = np.zeros(n, dtype=np.bool_)
    if mapping.start:
        begins = times.parse(raw[mapping.start], zone=zone, dayfirst=mapping.dayfirst, name=mapping.start)
        said += [s for s in begins.statements if s not in said]
        _fill(reason, np.array([None if why == times.NO_TIME else why for why in begins.reason], dtype=object))
        started = begins.micros
    elif mapping.lifecycle:
        started, paired = _pair(raw, mapping, case, activity, completed, reason)
    backwards = (started != times.MISSING) & (completed != times.MISSING) & (started > completed)
    _refuse(reason, backwards & ~paired, BACKWARDS)
    good = (reason == None) & ~paired  # noqa: E711
    resource = raw[mapping.resource].to_pylist() if mapping.resource else [None] * n
    table = _table(case, activity, resource, started, completed, rows, good)
    bad = np.flatnonzero(reason != None)  # noqa: E711
    kept = _rejected(raw, rows, reason, bad, refused)
    log = EventLog(table, zone, ends.day_resolution, table["started_at"].null_count < len(table))
    if not log.has_starts:
        said.append("The log has completion times only: waiting and service cannot be told apart in it.")
    read = LogRead(log, mapping, Rejected(kept), tuple(said), n + len(refused), int(paired.sum()))
    if len(table) + read.paired + len(kept) != read.rows:
        raise LogError(
            f"{read.rows} rows were read but {len(table) + read.paired + len(kept)} accounted for; report this."
        )
    return read


def _refuse(reason: np.ndarray, mask: np.ndarray, why: str) -> None:
    reason[mask & (reason == None)] = why  # noqa: E711


def _fill(reason: np.ndarray, why: np.ndarray) -> None:
    empty = (reason == None) & (why != None)  # noqa: E711
    reason[empty] = why[empty]


def _blank(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy())


def _repeats(raw: pa.Table) -> np.ndarray:
    """Rows identical in all columns to an earlier one. A column of unique values settles it at once."""
    n = len(raw)
    nothing = np.zeros(n, dtype=np.bool_)
    if not n or any(pc.count_distinct(column).as_py() == n for column in raw.columns):
        return nothing
    whole = raw.columns[0] if raw.num_columns == 1 else pc.binary_join_element_wise(*raw.columns, "\x1f")
    codes = whole.combine_chunks().dictionary_encode().indices.to_numpy()
    first = np.full(int(codes.max()) + 1, n, dtype=np.int64)
    np.minimum.at(first, codes, np.arange(n))
    return np.asarray(first[codes] != np.arange(n))


def _settle_autumn(ends: times.Moments, case: np.ndarray, reason: np.ndarray, said: list[str]) -> np.ndarray:
    """The hour that occurs twice: the first reading, unless the case's event before it in the file came later."""
    twice = np.flatnonzero((ends.micros != ends.second) & (reason == None))  # noqa: E711
    completed = ends.micros.copy()
    if not len(twice):
        return completed
    wanted, before, later = set(twice.tolist()), {}, 0  # type: ignore[var-annotated]
    affected = set(case[twice].tolist())
    for i in np.flatnonzero([c in affected for c in case]).tolist():
        if reason[i] is not None:
            continue
        if i in wanted and before.get(case[i], times.MISSING) > completed[i]:
            completed[i] = ends.second[i]
            later += 1
        before[case[i]] = completed[i]
    said.append(
        f"{len(twice)} local times occur twice because the clocks went back; {len(twice) - later} were read as the first "
        f"and {later}, whose case demands it, as the second."
    )
    return completed


def _pair(
    raw: pa.Table,
    mapping: Mapping,
    case: np.ndarray,
    activity: np.ndarray,
    moment: np.ndarray,
    reason: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Start rows joined to completions of the same case, activity and instance, first started first completed."""
    steps = [text.strip().lower() for text in raw[mapping.lifecycle].to_pylist()]
    n = len(steps)
    started, paired = np.full(n, times.MISSING, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    _refuse(reason, np.array([s not in STARTS and s not in COMPLETES for s in steps], dtype=np.bool_), OTHER_STEP)
    if not any(s in STARTS for s in steps):
        return started, paired
    instance = raw[mapping.instance].to_pylist() if mapping.instance else [""] * n
    waiting: dict[tuple[str, str, str], deque[int]] = defaultdict(deque)
    good = np.flatnonzero(reason == None)  # noqa: E711
    is_completion = np.array([s in COMPLETES for s in steps])
    for i in good[np.lexsort((good, is_completion[good], moment[good]))].tolist():
        key = (case[i], activity[i], instance[i])
        if steps[i] in STARTS:
            waiting[key].append(i)
        elif waiting[key]:
            begin = waiting[key].popleft()
            started[i], paired[begin] = moment[begin], True
    left = np.zeros(n, dtype=np.bool_)
    for queue in waiting.values():
        left[list(queue)] = True
    # A completion dated before its own start: both ends are known, the order is impossible.
    open_ends = {
        (case[i], activity[i], instance[i]): i
        for i in good.tolist()
        if is_completion[i] and started[i] == times.MISSING
    }
    for i in np.flatnonzero(left).tolist():
        end = open_ends.get((case[i], activity[i], instance[i]))
        if mapping.instance and end is not None and moment[end] < moment[i]:
            reason[i] = reason[end] = BACKWARDS
            left[i] = False
    _refuse(reason, left, NEVER_ENDED)
    return started, paired


def _table(
    case: np.ndarray, activity: np.ndarray, resource: list[str | None], started: np.ndarray, completed: np.ndarray,
    rows: np.ndarray, good: np.ndarray,
) -> pa.Table:  # fmt: skip
    index = np.flatnonzero(good)
    begin = pa.array(started[index], mask=started[index] == times.MISSING)
    table = pa.table(
        {
            "case_id": pa.array(case[index].tolist(), pa.string()),
            "activity": pa.array([text.strip() for text in activity[index]], pa.string()),
            "resource": pa.array([(resource[i] or "").strip() or None for i in index], pa.string()),
            "started_at": begin.cast(STAMP),
            "completed_at": pa.array(completed[index]).cast(STAMP),
            "row": pa.array(rows[index]),
        },
        schema=SCHEMA,
    )
    return table.sort_by([("case_id", "ascending"), ("completed_at", "ascending"), ("row", "ascending")])


def _rejected(
    raw: pa.Table, rows: np.ndarray, reason: np.ndarray, bad: np.ndarray,
    refused: Sequence[tuple[int, str, str]],
) -> pa.Table:  # fmt: skip
    fields = raw.take(pa.array(bad)).to_pylist() if len(bad) else []
    found = [
        (int(rows[i]), str(reason[i]), json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False))
        for i, row in zip(bad.tolist(), fields)
    ]
    found = sorted(found + list(refused))
    return pa.table({name: [row[k] for row in found] for k, name in enumerate(REJECTED.names)}, schema=REJECTED)
