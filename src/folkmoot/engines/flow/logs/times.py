"""Moments from text: one format for a whole column, summer time done right, and a reason where a moment cannot be.

Understood are ISO 8601 (T or a space, with or without seconds, offset or Z), 2014/02/09 19:29:29.000, numbers with the
day or the month first, month names (09-Feb-2014), HL7's 20140209192929, and seconds or milliseconds since 1970. Times
without an offset are local. Of the hour that occurs twice in autumn the first is taken here; `rows` corrects it where
the order of a case demands the second.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

SECONDS = re.compile(r"-?\d{9,10}(\.\d*)?$")
MILLIS = re.compile(r"-?\d{12,13}(\.0*)?$")
COMPACT = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d(?:T?\d{4}(?:\d\d(?:\.\d+)?)?(?:Z|[+-]\d{4})?)?$")
YEAR_FIRST = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[T ].*)?$")
CLOCK = r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*([AaPp][Mm])?)?$"
YEAR_LAST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})" + CLOCK)
DAY_NAMED = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d{4}|\d{2})" + CLOCK)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SAID = {
    "seconds": "seconds since 1970, UTC",
    "milliseconds": "milliseconds since 1970, UTC",
    "compact": "times without punctuation, such as 20140209192929",
    "year first": "year-month-day",
    "month named": "day, name of the month, year",
}
HOUR = 3_600_000_000
DAY = 24 * HOUR
MISSING = int(np.iinfo(np.int64).min)
START_OF_TIME = datetime(1970, 1, 1)  # noqa: DTZ001
MICROSECOND = timedelta(microseconds=1)
FEWEST_MIDNIGHTS = 3

NO_TIME = "The row has no time."
UNREADABLE = "The time cannot be read."
NONEXISTENT = "The local time does not exist: the clocks went forward over it."

type Ints = NDArray[np.int64]
type Reader = Callable[[str], datetime]


@dataclass(frozen=True, eq=False, slots=True)
class Moments:
    """`micros` UTC since 1970 (`MISSING` where `reason` says why), `second` the later reading of an ambiguous time."""

    micros: Ints
    second: Ints
    reason: NDArray[np.object_]
    statements: tuple[str, ...]
    day_resolution: bool


def parse(
    column: pa.ChunkedArray, *, zone: str, dayfirst: bool | None, name: str, time_format: str | None = None
) -> Moments:
    """Read a column of text. Each different text is read once; `time_format` is in the manner of strptime."""
    encoded = column.combine_chunks().dictionary_encode()
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    texts = [text.strip() for text in encoded.dictionary.to_pylist()]
    if not texts:
        empty = np.array([], dtype=np.int64)
        return Moments(empty, empty, np.array([], dtype=object), (), False)
    statements: list[str] = []
    kinds = Counter(kind_of(text) for text in texts if text)
    kind = "told" if time_format else max(kinds, key=lambda k: (k is not None, kinds[k]), default=None)
    if time_format:
        statements.append(f"“{name}” was read as {time_format}, as told.")
        read: Reader = lambda text: datetime.strptime(text, time_format)  # noqa: DTZ007, E731
    elif kind == "year last":
        read = _numbers(_day_first(texts, dayfirst, name, statements))
    else:
        read = READERS.get(kind or "", _iso)
        if kind is not None:
            statements.append(f"“{name}” was read as {SAID[kind]}.")
    epoch = kind in ("seconds", "milliseconds")
    read_all = [_one(text, kind, read, None if epoch else ZoneInfo(zone)) for text in texts]
    written = np.array([r[0] for r in read_all], dtype=np.int64)
    first = np.array([r[1] for r in read_all], dtype=np.int64)
    second = np.array([r[2] for r in read_all], dtype=np.int64)
    reasons = np.array([r[3] for r in read_all], dtype=object)
    day = _is_by_day(kind, written)
    if day:
        # Midnight in Europe is 22:00 to 01:00 of UTC: two hours on, the day is right for each.
        whole = (written + 2 * HOUR * (kind == "seconds")) // DAY * DAY
        first = second = np.where(written == MISSING, MISSING, whole)
        reasons[reasons == NONEXISTENT] = None
        statements.append(
            f"“{name}” holds dates, no hours: stays are whole days, and order within a day is the file's."
        )
    else:
        bare = sum(
            1 for t, w in zip(texts, written) if w != MISSING and not epoch and kind != "compact" and ":" not in t
        )
        if bare:
            statements.append(f"{bare} of the times in “{name}” have no hour; they were read as midnight.")
    if not day and not epoch and any(r[4] for r in read_all):
        statements.append(f"“{name}” has no offset and was read as local time of {zone}.")
    return Moments(first[codes], second[codes], reasons[codes], tuple(statements), day)


def kind_of(text: str) -> str | None:
    """Which of the formats a text is in; None: in none."""
    if COMPACT.match(text):
        return "compact"
    if YEAR_FIRST.match(text):
        return "year first"
    if SECONDS.match(text):
        return "seconds"
    if MILLIS.match(text):
        return "milliseconds"
    if YEAR_LAST.match(text):
        return "year last"
    return "month named" if DAY_NAMED.match(text) else None


def _day_first(texts: list[str], said: bool | None, name: str, statements: list[str]) -> bool:
    parts = [m for m in map(YEAR_LAST.match, texts) if m]
    day, month = sum(int(m[1]) > 12 for m in parts), sum(int(m[2]) > 12 for m in parts)
    if said is not None:
        statements.append(f"“{name}” was read with the {'day' if said else 'month'} first, as told.")
        return said
    if day == month == 0:
        statements.append(
            f"Nothing in “{name}” tells day from month; it was read with the day first. --monthfirst reads it otherwise."
        )
        return True
    statements.append(f"“{name}” was read with the {'day' if day >= month else 'month'} first.")
    return day >= month


def _one(text: str, kind: str | None, read: Reader, zone: ZoneInfo | None) -> tuple[int, int, int, str | None, bool]:
    """As written (its own clock), first and second reading in UTC, the reason if none, whether it was local."""
    if not text:
        return MISSING, MISSING, MISSING, NO_TIME, False
    try:
        if kind in ("seconds", "milliseconds"):
            if kind_of(text) != kind:
                return MISSING, MISSING, MISSING, UNREADABLE, False
            micros = round(float(text) * (1e6 if kind == "seconds" else 1e3))
            return micros, micros, micros, None, False
        if kind != "told" and kind_of(text) != kind:
            return MISSING, MISSING, MISSING, UNREADABLE, False
        moment = read(text)
        written = (moment.replace(tzinfo=None) - START_OF_TIME) // MICROSECOND
        offset = moment.utcoffset()
        if offset is not None:
            utc = written - offset // MICROSECOND
            return written, utc, utc, None, False
        assert zone is not None
        early = _offset(moment.replace(tzinfo=zone, fold=0))
        late = _offset(moment.replace(tzinfo=zone, fold=1))
    except (ValueError, OverflowError, AssertionError):
        return MISSING, MISSING, MISSING, UNREADABLE, False
    if early < late:  # PEP 495: in the hour that is skipped, the earlier offset is the smaller one
        return written, MISSING, MISSING, NONEXISTENT, True
    return written, written - early, written - late, None, True


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    return 0 if offset is None else offset // MICROSECOND


def _iso(text: str) -> datetime:
    date, clock = re.split(r"[T ]", text.replace("/", "-"), maxsplit=1) if len(text) > 10 else (text, "")
    if len(date) < 10 or len(date.strip()) < 10:
        year, month, day = date.split("-")
        date = f"{year}-{month:0>2}-{day:0>2}"
    clock = clock.strip()
    if len(clock) > 1 and clock[1] == ":":
        clock = "0" + clock
    return datetime.fromisoformat(f"{date}T{clock.replace(' ', '')}" if clock else date.strip())


def _compact(text: str) -> datetime:
    digits = re.match(r"\d{8}T?(\d*)", text)
    assert digits
    if len(digits[0]) == 8:
        return datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007
    return datetime.fromisoformat(text if "T" in text else f"{text[:8]}T{text[8:]}")


def _numbers(dayfirst: bool) -> Reader:
    def read(text: str) -> datetime:
        found = YEAR_LAST.match(text)
        assert found
        day, month = (found[1], found[2]) if dayfirst else (found[2], found[1])
        return _moment(_year(found[3]), int(month), int(day), found)

    return read


def _named(text: str) -> datetime:
    found = DAY_NAMED.match(text)
    assert found
    return _moment(_year(found[3]), MONTHS.index(found[2][:3].lower()) + 1, int(found[1]), found)


def _year(text: str) -> int:
    """Two digits are of this century: logs of hospitals are younger than 2000."""
    return int(text) + (2000 if len(text) == 2 else 0)


def _moment(year: int, month: int, day: int, found: re.Match[str]) -> datetime:
    hour, minute, second = int(found[4] or 0), int(found[5] or 0), int(found[6] or 0)
    if found[8]:
        if not 1 <= hour <= 12:
            raise ValueError(found[0])
        hour = hour % 12 + 12 * (found[8].lower() == "pm")
    return datetime(year, month, day, hour, minute, second, int((found[7] or "0")[:6].ljust(6, "0")))  # noqa: DTZ001


def _is_by_day(kind: str | None, written: Ints) -> bool:
    """Dates without hours: every clock reads midnight, or seconds since 1970 that are midnight somewhere in Europe."""
    known = written[written != MISSING]
    if kind == "seconds":
        return len(known) >= FEWEST_MIDNIGHTS and bool(np.isin(known % DAY, (0, HOUR, 22 * HOUR, 23 * HOUR)).all())
    return len(known) > 0 and kind != "milliseconds" and bool((known % DAY == 0).all())


READERS: dict[str, Reader] = {"year first": _iso, "compact": _compact, "month named": _named}
