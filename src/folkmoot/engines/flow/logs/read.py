"""Open a log of any kind: text with separators (also .gz), XES or OCEL 2.0, told apart by name and first bytes."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from zlib import error as ZlibError
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv

from folkmoot.engines.flow.logs.log import LogError, LogRead
from folkmoot.engines.flow.logs.mapping import Mapping, infer_mapping
from folkmoot.engines.flow.logs.rows import to_events

LARGEST = 4 * 1024**3
"""Bytes a log may unfold to: 4 GiB. A compressed file that grows beyond is refused, not unfolded."""

RAGGED = "The row has {found} fields where the header has {expected}."


def read_log(path: str | Path, mapping: Mapping | None = None, *, zone: str = "Europe/London") -> LogRead:
    """Read a log. `zone` is for times without an offset. Raises `LogError` when it is no log at all."""
    path = Path(path)
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise LogError(f"“{zone}” is not a time zone; write it like Europe/London.") from None
    if not path.is_file():
        raise LogError(f"There is no file “{path}”.")
    name = path.name.lower().removesuffix(".gz")
    data = _bytes(path)
    start = data[:400].lstrip(b"\xef\xbb\xbf \r\n\t")
    if name.endswith(".xes") or start.startswith((b"<?xml", b"<log")):
        from folkmoot.engines.flow.logs.xes import read_xes

        return read_xes(io.BytesIO(data), mapping, zone=zone)
    if name.endswith((".json", ".jsonocel")) or start.startswith(b"{"):
        from folkmoot.engines.flow.logs.ocel import read_ocel

        return read_ocel(data, mapping, zone=zone)
    return read_delimited(data, mapping, zone=zone)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, EOFError, ZlibError) as error:
        raise LogError(f"“{path.name}” cannot be unpacked: {error}.") from error
    if len(data) > LARGEST:
        raise LogError(f"“{path.name}” unfolds to more than 4 GiB; split it by year or by ward.")
    return data


def read_delimited(data: bytes, given: Mapping | None, *, zone: str) -> LogRead:
    """Text with one row an event and a header. Every column is read as text."""
    statements: list[str] = []
    text_start, encoding = _encoding(data, statements)
    data = data[text_start:]
    if not data.strip():
        raise LogError("The file is empty. A log needs a header and one row an event.")
    sep = (given and given.sep) or _separator(data)
    refused: list[tuple[int, str, str]] = []

    def keep(row: pv.InvalidRow) -> str:
        reason = RAGGED.format(found=row.actual_columns, expected=row.expected_columns)
        refused.append((int(row.number or 0) - 1, reason, row.text))
        return "skip"

    header = _header(data, sep, encoding)
    try:
        table = pv.read_csv(
            pa.BufferReader(data),
            read_options=pv.ReadOptions(encoding=encoding, use_threads=False, block_size=1 << 24),
            parse_options=pv.ParseOptions(delimiter=sep, newlines_in_values=True, invalid_row_handler=keep),
            convert_options=pv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise LogError(f"The file is not a table separated by “{sep}”: {error}.") from error
    table = pa.table([c.cast(pa.string()) for c in table.columns], names=_unique(table.column_names))
    if not len(table) and not refused:
        raise LogError(f"The file has a header and no rows. Its columns are: {', '.join(table.column_names)}.")
    mapping, inferred = infer_mapping(table.column_names, given)
    if not (given and given.sep):
        statements.append(f"The columns are separated by “{'tab' if sep == chr(9) else sep}”.")
    gaps = {number for number, _, _ in refused}
    rows = np.array([r for r in range(1, len(table) + len(gaps) + 1) if r not in gaps], dtype=np.int64)
    return to_events(table, rows, mapping, zone=zone, statements=[*statements, *inferred], refused=refused)


def _encoding(data: bytes, statements: list[str]) -> tuple[int, str]:
    if b"\x00" in data[:65536]:
        raise LogError("The file holds zero bytes: it is not text. Export the log as CSV in UTF-8.")
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        statements.append(f"The file is not UTF-8 (byte {error.start}); it was read as Latin-1.")
        return start, "latin-1"
    return start, "utf-8"


def _separator(data: bytes) -> str:
    first = data.split(b"\n", 1)[0].decode("latin-1")
    return max(";,\t|", key=first.count) if any(c in first for c in ";,\t|") else ","


def _header(data: bytes, sep: str, encoding: str) -> list[str]:
    import csv

    line = io.StringIO(data[: 1 << 20].decode(encoding, errors="replace"))
    return next(csv.reader(line, delimiter=sep), [])


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result
