"""Columns of a table that people made: text or typed, with every wrong row named.

>>> found = Faults("cells.csv")
>>> numbers(["1.5", "x", ""], "latitude", found).tolist()
[1.5, nan, nan]
>>> found.rows
[(1, 'latitude “x” is not a number')]
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.schema import Contract

NOTHING = frozenset({"", "null", "none", "nan", "na", "n/a"})
SHOWN = 5


@dataclass
class Faults:
    """What is wrong with which row (from 0), gathered so that all of it is said at once."""

    source: str
    first_row: int = 2
    """Number that people see for the first row: 2 in a CSV file, whose first line is names; 1 elsewhere."""
    rows: list[tuple[int, str]] = field(default_factory=list)

    def add(self, row: int, what: str) -> None:
        self.rows.append((int(row), what))

    def refuse(self, advice: str = "Correct these rows or take them out.") -> None:
        """Raise if there is any fault."""
        if not self.rows:
            return
        said = sorted(set(self.rows))
        lines = "; ".join(f"row {row + self.first_row}: {what}" for row, what in said[:SHOWN])
        more = f"; and {len(said) - SHOWN:,} more" if len(said) > SHOWN else ""
        raise MobilityError(f"“{self.source}” cannot be used. {lines[0].upper()}{lines[1:]}{more}. {advice}")


def read(path: Path | str) -> tuple[dict[str, list[Any]], int]:
    """Columns of a CSV (as text) or Parquet file, and the number of its first row for people."""
    path = Path(path)
    if not path.is_file():
        raise MobilityError(f"There is no file “{path}”. Check the path.")
    if path.suffix.lower() == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            held = pq.read_table(path)
        except pa.ArrowInvalid:
            raise MobilityError(f"“{path.name}” is not a Parquet file, or was cut short. Write it again.") from None
        return {name: held[name].to_pylist() for name in held.column_names}, 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise MobilityError(
            f"“{path.name}” is not a CSV file in UTF-8 ({error}). Save it again as CSV UTF-8."
        ) from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if len(rows) < 2:
        raise MobilityError(f"“{path.name}” has no rows. It needs a row of names and at least one more.")
    head = [name.strip() for name in rows[0]]
    if len(set(head)) < len(head):
        double = next(name for name in head if head.count(name) > 1)
        raise MobilityError(f"“{path.name}” has two columns named “{double}”. Rename one.")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(head):
            raise MobilityError(
                f"Row {number} of “{path.name}” has {len(row)} values, but there are {len(head)} columns. Is a comma "
                "missing, or a value with a comma not in quotation marks?"
            )
    return {name: [row[i] for row in rows[1:]] for i, name in enumerate(head)}, 2


def fitted(columns: dict[str, list[Any]], contract: Contract, what: str) -> dict[str, list[Any]]:
    """The columns of the contract, under its names."""
    lower = {name.lower(): name for name in columns}
    renames = contract.renames(lower)
    held = {ours: columns[lower[theirs]] for ours, theirs in renames.items()}
    wanted = (*contract.required, *contract.optional)
    held |= {name: columns[lower[name]] for name in wanted if name in lower and name not in held}
    contract.check([*held, *(name for name in columns if name not in held)], what=what)
    return held


def empty(value: Any) -> bool:
    """Nothing there: null, NaN, or a text that says so."""
    if value is None:
        return True
    if isinstance(value, str):
        return value.strip().lower() in NOTHING
    return bool(isinstance(value, float | np.floating) and value != value)


def texts(values: Sequence[Any], name: str, faults: Faults) -> list[str]:
    """Codes as text; an empty one is a fault, so is one with line breaks or other control characters."""
    found = []
    for row, value in enumerate(values):
        text = "" if empty(value) else str(value).strip()
        if not text:
            faults.add(row, f"{name} is empty")
        elif not text.isprintable():
            faults.add(row, f"{name} {text!r} holds characters that cannot be printed")
        found.append(text)
    return found


def numbers(values: Sequence[Any], name: str, faults: Faults) -> NDArray[np.float64]:
    """Finite numbers, NaN where there is nothing."""
    found = np.full(len(values), np.nan)
    for row, value in enumerate(values):
        if empty(value):
            continue
        try:
            number = float(value)
        except (TypeError, ValueError):
            faults.add(row, f"{name} “{value}” is not a number")
            continue
        if not np.isfinite(number):
            faults.add(row, f"{name} “{value}” is not finite")
            continue
        found[row] = number
    return found


def dates(values: Sequence[Any], name: str, faults: Faults) -> NDArray[np.datetime64]:
    """Dates as datetime64[D], NaT where there is nothing."""
    found = np.full(len(values), np.datetime64("NaT", "D"), dtype="datetime64[D]")
    for row, value in enumerate(values):
        if empty(value):
            continue
        if isinstance(value, datetime):
            value = value.date()
        try:
            day = value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:10])
        except ValueError:
            faults.add(row, f"{name} “{value}” is not a date such as 2026-03-29")
            continue
        found[row] = np.datetime64(day)
    return found
