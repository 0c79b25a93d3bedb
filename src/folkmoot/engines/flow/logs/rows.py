"""From rows of text to events: set aside what cannot be, join starts to completions, lose nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from folkmoot.engines.flow.logs import pairs, times
from folkmoot.engines.flow.logs.log import REJECTED, SCHEMA, STAMP, EventLog, LogError, LogRead, Rejected
from folkmoot.engines.flow.logs.mapping import Mapping

NO_CASE = "The row names no case."
NO_ACTIVITY = "The row names no activity."
REPEATED = "The row repeats an earlier row in every column."
ZERO_BYTE = "The row holds a zero byte, which no text has."

type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]
type Texts = NDArray[np.object_]


def to_events(
    raw: pa.Table,
    rows: Ints,
    mapping: Mapping,
    *,
    zone: str,
    statements: Sequence[str],
    refused: Sequence[tuple[int, str, str]] = (),
    may_hold_zero_bytes: bool = False,
) -> LogRead:
    """Events of a table of text. `rows` numbers its rows; `refused` are rows that never became part of the table."""
    if not (mapping.case and mapping.activity and mapping.timestamp):
        raise LogError("A log needs a column for the case, one for the activity and one for the time.")
    n = len(raw)
    said = list(statements)
    reason = np.full(n, None, dtype=object)
    if may_hold_zero_bytes:
        refuse(reason, _zero_bytes(raw), ZERO_BYTE)
    ends = _times(raw, mapping.timestamp, mapping, zone)
    said += ends.statements
    refuse(reason, _repeats(raw, ends.day_resolution, said), REPEATED)
    refuse(reason, _blank(raw[mapping.case]), NO_CASE)
    refuse(reason, _blank(raw[mapping.activity]), NO_ACTIVITY)
    _fill(reason, ends.reason)
    case = np.array(raw[mapping.case].to_pylist(), dtype=object)
    activity = np.array(raw[mapping.activity].to_pylist(), dtype=object)
    completed = _settle_autumn(ends, case, reason, said)
    started = np.full(n, times.MISSING, dtype=np.int64)
    paired = np.zeros(n, dtype=np.bool_)
    if mapping.start:
        begins = _times(raw, mapping.start, mapping, zone)
        said += [s for s in begins.statements if s not in said]
        _fill(reason, np.array([None if why == times.NO_TIME else why for why in begins.reason], dtype=object))
        started = begins.micros
        _end_after_start(started, completed, ends, reason, said)
    elif mapping.lifecycle:
        instance = raw[mapping.instance].to_pylist() if mapping.instance else None
        steps = raw[mapping.lifecycle].to_pylist()
        started, paired = pairs.join(steps, case, activity, instance, completed, reason, said)
    backwards = (started != times.MISSING) & (completed != times.MISSING) & (started > completed)
    refuse(reason, backwards & ~paired, pairs.BACKWARDS)
    good = (reason == None) & ~paired  # noqa: E711
    table = _table(raw, mapping, case, activity, started, completed, rows, np.flatnonzero(good))
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


def refuse(reason: Texts, mask: Bools, why: str) -> None:
    """Give `why` as the reason of the rows of `mask` that have none yet."""
    reason[mask & (reason == None)] = why  # noqa: E711


def _fill(reason: Texts, why: Texts) -> None:
    empty = (reason == None) & (why != None)  # noqa: E711
    reason[empty] = why[empty]


def _times(raw: pa.Table, name: str, mapping: Mapping, zone: str) -> times.Moments:
    return times.parse(raw[name], zone=zone, dayfirst=mapping.dayfirst, name=name, time_format=mapping.time_format)


def _blank(column: pa.ChunkedArray) -> Bools:
    return np.asarray(pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy())


def _zero_bytes(raw: pa.Table) -> Bools:
    found = np.zeros(len(raw), dtype=np.bool_)
    for column in raw.columns:
        found |= np.asarray(pc.match_substring(column, "\x00").to_numpy())
    return found


def _repeats(raw: pa.Table, day_resolution: bool, said: list[str]) -> Bools:
    """Rows identical in all columns to an earlier one: the same event written twice.

    Where times are dates, two such rows may as well be two executions on one day; they are kept, and counted.
    """
    n = len(raw)
    nothing = np.zeros(n, dtype=np.bool_)
    if not n or any(pc.count_distinct(column).as_py() == n for column in raw.columns):
        return nothing
    # Unlike any join with a separator, pairs of codes cannot be confused by what the cells hold.
    codes = np.zeros(n, dtype=np.int64)
    for column in raw.columns:
        cell = np.asarray(column.combine_chunks().dictionary_encode().indices.to_numpy(), dtype=np.int64)
        _, codes = np.unique(codes * (int(cell.max()) + 1) + cell, return_inverse=True)
        if int(codes.max()) + 1 == n:
            return nothing
    first = np.full(int(codes.max()) + 1, n, dtype=np.int64)
    np.minimum.at(first, codes, np.arange(n))
    again = np.asarray(first[codes] != np.arange(n))
    if day_resolution and again.any():
        said.append(
            f"{int(again.sum())} rows repeat an earlier row in every column. They were kept, because a log of dates cannot "
            "tell a row written twice from a thing done twice in a day."
        )
        return nothing
    return again


def _settle_autumn(ends: times.Moments, case: Texts, reason: Texts, said: list[str]) -> Ints:
    """The hour that occurs twice: the first reading, unless the case's row before it in the file came later."""
    twice = np.flatnonzero((ends.micros != ends.second) & (reason == None))  # noqa: E711
    completed = ends.micros.copy()
    if not len(twice):
        return completed
    wanted, before, later = set(twice.tolist()), dict[str, int](), 0
    affected = set(case[twice].tolist())
    for i in np.flatnonzero([c in affected for c in case]).tolist():
        if reason[i] is not None:
            continue
        if i in wanted and completed[i] < before.get(case[i], times.MISSING) <= ends.second[i]:
            completed[i] = ends.second[i]
            later += 1
        before[case[i]] = int(completed[i])
    said.append(
        f"{len(twice)} local times occur twice because the clocks went back; {len(twice) - later} were read as the first "
        f"and {later}, whose case demands it, as the second."
    )
    return completed


def _end_after_start(started: Ints, completed: Ints, ends: times.Moments, reason: Texts, said: list[str]) -> None:
    """An end in the hour that occurs twice is the later one where the earlier would come before its own start."""
    known = (started != times.MISSING) & (completed != times.MISSING) & (reason == None)  # noqa: E711
    late = known & (started > completed) & (started <= ends.second)
    completed[late] = ends.second[late]
    if late.any():
        said.append(f"{int(late.sum())} ends in the hour that occurs twice were read as the second, after their start.")


def _table(
    raw: pa.Table,
    mapping: Mapping,
    case: Texts,
    activity: Texts,
    started: Ints,
    completed: Ints,
    rows: Ints,
    index: Ints,
) -> pa.Table:
    begin = pa.array(started[index], mask=started[index] == times.MISSING)
    taken = raw.take(pa.array(index))
    resource = pa.nulls(len(index), pa.string())
    if mapping.resource:
        trimmed = pc.utf8_trim_whitespace(taken[mapping.resource])
        resource = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    columns = {
        "case_id": pa.array(case[index].tolist(), pa.string()),
        "activity": pa.array([text.strip() for text in activity[index]], pa.string()),
        "resource": resource,
        "started_at": begin.cast(STAMP),
        "completed_at": pa.array(completed[index]).cast(STAMP),
        "row": pa.array(rows[index]),
    }
    kept = {name: taken[name] for name in mapping.kept if name not in columns}
    schema = pa.schema([*SCHEMA, *((name, pa.string()) for name in kept)])
    table = pa.table({**columns, **kept}, schema=schema)
    return table.sort_by([("case_id", "ascending"), ("completed_at", "ascending"), ("row", "ascending")])


def _rejected(raw: pa.Table, rows: Ints, reason: Texts, bad: Ints, refused: Sequence[tuple[int, str, str]]) -> pa.Table:
    fields = raw.take(pa.array(bad)).to_pylist() if len(bad) else []
    found = [
        (int(rows[i]), str(reason[i]), json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False))
        for i, row in zip(bad.tolist(), fields)
    ]
    found += [(number, why, json.dumps({"": text}, ensure_ascii=False)) for number, why, text in refused]
    found.sort()
    return pa.table({name: [row[k] for row in found] for k, name in enumerate(REJECTED.names)}, schema=REJECTED)
