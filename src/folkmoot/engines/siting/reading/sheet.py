"""A table of text from CSV (also .gz), with the number of each line, and what its cells may mean.

Codes stay text: “007” is not 7. Blank, “NaN” and “Not Applicable” are unknown; “*”, “c”, “x”, “..” and “<5” are counts that
were suppressed because they are small; both are different from nothing.

>>> kind("12.5"), kind("*"), kind("<5"), kind("Not Applicable"), kind("twelve")
('number', 'suppressed', 'suppressed', 'unknown', 'text')
"""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from folkmoot.engines.siting.problem import ProblemError

UNKNOWN = frozenset({"", "nan", "na", "n/a", "none", "null", "not applicable", "not available", "unknown", "-"})
SUPPRESSED = frozenset({"*", "c", "[c]", "x", "[x]", "..", "†", "suppressed"})
FEWER = re.compile(r"<\s*\d+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A head and rows of text; `lines[k]` is the line of the file that row k came from."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def column(self, *names: str) -> int | None:
        """The first column whose heading is one of the names, whatever its case, spaces and underscores."""
        plain = [_plain(h) for h in self.head]
        return next((plain.index(_plain(n)) for n in names if _plain(n) in plain), None)

    def needs(self, what: str, *names: str) -> int:
        """The same, refused in a sentence where there is none."""
        found = self.column(*names)
        if found is None:
            raise ProblemError(
                f"“{self.name}” needs a column of {what}, called {' or '.join(f'“{n}”' for n in names)}; "
                f"it has {', '.join(f'“{h}”' for h in self.head[:12])}."
            )
        return found


def read(path: Path | str) -> Sheet:
    """Read a CSV file with a heading."""
    path = Path(path)
    if not path.exists():
        raise ProblemError(f"There is no file “{path}”.")
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            separator = max(",;\t|", key=first.count)
            rows: list[tuple[str, ...]] = []
            lines: list[int] = []
            reader = csv.reader(file, delimiter=separator)
            for row in reader:
                if any(cell.strip() for cell in row):
                    rows.append(tuple(cell.strip() for cell in row))
                    lines.append(reader.line_num)
    except UnicodeDecodeError:
        raise ProblemError(f"“{path.name}” is not text in UTF-8; save it again as “CSV UTF-8”.") from None
    except (csv.Error, gzip.BadGzipFile) as error:
        raise ProblemError(f"“{path.name}” cannot be read as CSV: {error}.") from None
    if len(rows) < 2:
        raise ProblemError(f"“{path.name}” has no rows below its heading.")
    width = len(rows[0])
    for cells, line in zip(rows, lines):
        if len(cells) != width:
            raise ProblemError(f"Line {line} of “{path.name}” has {len(cells)} cells and the heading has {width}.")
    return Sheet(path.name, rows[0], tuple(rows[1:]), tuple(lines[1:]))


def kind(cell: str) -> str:
    """What a cell is: number, unknown, suppressed or text."""
    low = cell.strip().lower()
    if low in UNKNOWN:
        return "unknown"
    if low in SUPPRESSED or FEWER.fullmatch(low):
        return "suppressed"
    return "text" if number(cell) is None else "number"


def number(cell: str) -> float | None:
    """The number in a cell, with or without thousands' commas; None where there is none."""
    text = cell.strip()
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        return float(text)
    except ValueError:
        return None


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.lower())
