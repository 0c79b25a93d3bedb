"""Separated text (CSV and its kin): find the encoding, the separator and the columns, and keep every row as text."""

from __future__ import annotations

import csv
import io

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from folkmoot.engines.flow.logs.log import LogError, LogRead
from folkmoot.engines.flow.logs.mapping import Mapping, infer_mapping
from folkmoot.engines.flow.logs.rows import to_events

RAGGED = "The row has {found} fields where the header has {expected}."
SWALLOWED = "A quotation mark in the row is never closed; it swallowed {lines} lines."
SEPARATORS = ";,\t|"
SMALLEST_BLOCK, LARGEST_BLOCK = 1 << 20, 1 << 30
SAMPLE = 200


def read_separated(data: bytes, given: Mapping | None, *, zone: str) -> LogRead:
    """Text with one row an event and a header. Every column is read as text, and only an empty cell is missing."""
    statements: list[str] = []
    data, encoding = _as_text(data, statements)
    if not data.strip():
        raise LogError("The file is empty. A log needs a header and one row an event.")
    sep = (given and given.sep) or _separator(data)
    sep = "\t" if sep in ("\\t", "tab") else sep
    if len(sep) != 1:
        raise LogError(f"“{sep}” is not a separator; it must be one character.")
    header = _header(data, sep, encoding)
    refused: list[tuple[int, str, str]] = []
    table = _table(data, sep, encoding, header, refused)
    if not len(table) and not refused:
        raise LogError(f"The file has a header and no rows. Its columns are: {', '.join(table.column_names)}.")
    sample = {name: table[name][:SAMPLE].to_pylist() for name in table.column_names}
    mapping, inferred = infer_mapping(table.column_names, given, sample)
    statements += [
        f"The header names “{name}” more than once; the first is meant, the others have a number."
        for name in dict.fromkeys(header)
        if header.count(name) > 1 and name
    ]
    if not (given and given.sep):
        statements.append(f"The columns are separated by “{'tab' if sep == chr(9) else sep}”.")
    if data.count(b'"') % 2:
        statements.append("The file has an odd number of quotation marks: somewhere one is never closed.")
    gaps = {number for number, _, _ in refused}
    rows = np.array([r for r in range(1, len(table) + len(gaps) + 1) if r not in gaps], dtype=np.int64)
    return to_events(
        table, rows, mapping, zone=zone, statements=[*statements, *inferred], refused=refused,
        may_hold_zero_bytes=b"\x00" in data,
    )  # fmt: skip


def _as_text(data: bytes, statements: list[str]) -> tuple[bytes, str]:
    """The bytes without their mark, and their encoding as pyarrow names it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeDecodeError as error:
            raise LogError(f"The file begins like UTF-16 but is not: {error}. Export the log as UTF-8.") from error
        statements.append("The file is UTF-16.")
        return data, "utf-8"
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data[:65536].count(b"\x00") > len(data[:65536]) // 20:
        raise LogError("The file is full of zero bytes: it is not text. Export the log as CSV in UTF-8.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        statements.append(
            f"The file is not UTF-8 (line {line}, byte {error.start + 1}); it was read as Windows Latin-1."
        )
        try:
            return data.decode("cp1252").encode(), "utf-8"
        except UnicodeDecodeError:  # five bytes mean nothing in Windows' version; the standard's own loses none
            return data.decode("latin-1").encode(), "utf-8"
    return data, "utf-8"


def _separator(data: bytes) -> str:
    first = data.lstrip(b"\r\n").split(b"\n", 1)[0].decode("utf-8", errors="replace")
    quoted = first.split('"')[::2]  # what stands between quotation marks separates nothing
    return max(SEPARATORS, key=lambda s: sum(part.count(s) for part in quoted)) if any(
        s in part for s in SEPARATORS for part in quoted
    ) else ","  # fmt: skip


def _header(data: bytes, sep: str, encoding: str) -> list[str]:
    line = io.StringIO(data[: 1 << 20].decode(encoding, errors="replace"), newline="")
    try:
        return next((row for row in csv.reader(line, delimiter=sep) if row), [])
    except csv.Error as error:
        raise LogError(f"The header cannot be read: {error}.") from error


def _table(data: bytes, sep: str, encoding: str, header: list[str], refused: list[tuple[int, str, str]]) -> pa.Table:
    def keep(row: pv.InvalidRow) -> str:
        lines = row.text.count("\n")
        reason = RAGGED.format(found=row.actual_columns, expected=row.expected_columns)
        if lines > row.text.count('"') // 2 + 1:
            reason = SWALLOWED.format(lines=lines)
        refused.append((int(row.number) - 1, reason, row.text.rstrip("\r\n")))
        return "skip"

    try:
        table = pv.read_csv(
            pa.BufferReader(data),
            # One thread, so that rows have numbers; blocks as large as the file, so that no field is too long.
            read_options=pv.ReadOptions(
                encoding=encoding, use_threads=False, block_size=min(max(len(data) + 1, SMALLEST_BLOCK), LARGEST_BLOCK)
            ),
            parse_options=pv.ParseOptions(delimiter=sep, newlines_in_values=True, invalid_row_handler=keep),
            convert_options=pv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise LogError(f"The file is not a table separated by “{sep}”: {error}.") from error
    columns = [c if c.type == pa.string() else pc.fill_null(c.cast(pa.string()), "") for c in table.columns]
    return pa.table(columns, names=_unique(table.column_names))


def _unique(names: list[str]) -> list[str]:
    """Columns of the same name are told apart by a number."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result
