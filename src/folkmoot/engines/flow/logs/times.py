"""Moments from text: one format for a whole column, summer time done right, and a reason where a moment cannot be.

Understood are ISO 8601 (with T or a space, with or without seconds, offset or Z), 2014/02/09 19:29:29.000, dates with
the day or the month first, and seconds or milliseconds since 1970. Times without an offset are local. Of the hour
that occurs twice in autumn the first is taken here; `rows` corrects it where the order of a case demands the second.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

EPOCH = re.compile(r"-?\d{9,10}(\.\d+)?$")
MILLIS = re.compile(r"-?\d{12,13}(\.0*)?$")
YEAR_FIRST = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ].*)?$")
YEAR_LAST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$")
HOUR = 3_600_000_000
DAY = 24 * HOUR
MISSING = np.iinfo(np.int64).min

NO_TIME = "The row has no time."
UNREADABLE = "The time cannot be read."
NONEXISTENT = "The local time does not exist: the clocks went forward over it."


@dataclass(frozen=True, eq=False, slots=True)
class Moments:
    """`micros` UTC since 1970 (`MISSING` where `reason` says why), `second` the later reading of an ambiguous time."""

    micros: NDArray[np.int64]
    second: NDArray[np.int64]
    reason: NDArray[np.object_]
    statements: tuple[str, ...]
    day_resolution: bool


def parse(column: pa.ChunkedArray, *, zone: str, dayfirst: bool | None, name: str) -> Moments:
    """Read a column of text. Each different text is read once."""
    encoded = column.combine_chunks().dictionary_encode()
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    texts = [text.strip() for text in encoded.dictionary.to_pylist()]
    kinds = Counter(_kind(text) for text in texts if text)
    kind = kinds.most_common(1)[0][0] if kinds else "iso"
    statements: list[str] = []
    if kind == "year last":
        dayfirst = _day_first(texts, dayfirst, name, statements)
    place = ZoneInfo(zone)
    first, second, reasons = [], [], []
    for text in texts:
        a, b, reason = _one(text, kind, place, bool(dayfirst))
        first.append(a)
        second.append(b)
        reasons.append(reason)
    micros = np.array(first, dtype=np.int64)
    day = _is_by_day(kind, texts, micros)
    if day:
        known = micros != MISSING
        local = (
            micros
            if kind == "epoch"
            else np.array([m if m == MISSING else m + _offset(m, place) for m in micros.tolist()], dtype=np.int64)
        )
        rounded = (local + 2 * HOUR * (kind == "epoch")) // DAY * DAY
        micros = np.where(known, rounded, MISSING)
        second = micros.tolist()
        statements.append(
            f"“{name}” holds dates, no hours: stays are whole days, and order within a day is the file's."
        )
    elif kind == "epoch":
        statements.append(f"“{name}” was read as seconds since 1970, UTC.")
    elif kind == "millis":
        statements.append(f"“{name}” was read as milliseconds since 1970, UTC.")
    elif not all(re.search(r"(Z|[+-]\d{2}:?\d{2})$", t) for t in texts[:200] if t):
        statements.append(f"“{name}” has no offset and was read as local time of {zone}.")
    if not len(texts):
        empty = np.array([], dtype=np.int64)
        return Moments(empty, empty, np.array([], dtype=object), tuple(statements), False)
    return Moments(
        micros[codes],
        np.array(second, dtype=np.int64)[codes],
        np.array(reasons, dtype=object)[codes],
        tuple(statements),
        day,
    )


def _kind(text: str) -> str:
    if EPOCH.match(text):
        return "epoch"
    if MILLIS.match(text):
        return "millis"
    if YEAR_LAST.match(text):
        return "year last"
    return "iso"


def _day_first(texts: list[str], said: bool | None, name: str, statements: list[str]) -> bool:
    parts = [m for m in map(YEAR_LAST.match, texts) if m]
    day = any(int(m[1]) > 12 for m in parts)
    month = any(int(m[2]) > 12 for m in parts)
    if said is not None:
        statements.append(f"“{name}” was read with the {'day' if said else 'month'} first, as told.")
        return said
    if day == month:
        statements.append(
            f"Nothing in “{name}” tells day from month; it was read with the day first. --monthfirst reads it otherwise."
        )
        return True
    statements.append(f"“{name}” was read with the {'day' if day else 'month'} first.")
    return day


def _one(text: str, kind: str, zone: ZoneInfo, dayfirst: bool) -> tuple[int, int, str | None]:
    if not text:
        return MISSING, MISSING, NO_TIME
    try:
        if kind in ("epoch", "millis"):
            micros = round(float(text) * (1e6 if kind == "epoch" else 1e3))
            return micros, micros, None
        if kind == "year last":
            moment = _year_last(text, dayfirst)
        else:
            if not YEAR_FIRST.match(text):
                return MISSING, MISSING, UNREADABLE
            moment = datetime.fromisoformat(text.replace("/", "-"))
    except (ValueError, OverflowError):
        return MISSING, MISSING, UNREADABLE
    if moment.tzinfo is not None:
        micros = _micros(moment)
        return micros, micros, None
    return _local(moment, zone)


def _year_last(text: str, dayfirst: bool) -> datetime:
    found = YEAR_LAST.match(text)
    if not found:
        raise ValueError(text)
    a, b, year = int(found[1]), int(found[2]), int(found[3])
    day, month = (a, b) if dayfirst else (b, a)
    clock = found[4] or "00:00"
    return datetime.fromisoformat(f"{year:04d}-{month:02d}-{day:02d}T{clock.zfill(5) if len(clock) < 5 else clock}")


def _local(moment: datetime, zone: ZoneInfo) -> tuple[int, int, str | None]:
    early = moment.replace(tzinfo=zone, fold=0)
    late = moment.replace(tzinfo=zone, fold=1)
    if early.utcoffset() != late.utcoffset():
        if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
            return MISSING, MISSING, NONEXISTENT
        return _micros(early), _micros(late), None
    micros = _micros(early)
    return micros, micros, None


def _micros(moment: datetime) -> int:
    return int((moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def _offset(micros: int, zone: ZoneInfo) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros))
    offset = moment.astimezone(zone).utcoffset()
    return int(offset / timedelta(microseconds=1)) if offset else 0


def _is_by_day(kind: str, texts: list[str], micros: NDArray[np.int64]) -> bool:
    """Dates without hours: no clock in the text, or seconds since 1970 that are midnight somewhere in Europe."""
    known = micros[micros != MISSING]
    if not len(known):
        return False
    if kind == "epoch":
        return len(known) >= 20 and bool(np.isin(known % DAY, (0, HOUR, 22 * HOUR, 23 * HOUR)).all())
    if kind == "millis":
        return False
    return not any(":" in text for text in texts)
