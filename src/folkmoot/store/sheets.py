"""CSV for people. A cell that a spreadsheet would take for a formula gets an apostrophe before it.

Such cells begin with =, +, −, @, tab or carriage return (OWASP, CSV Injection). Plain numbers keep their sign.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?$")


def harmless(text: str) -> str:
    """The text as a spreadsheet will show it and not run it."""
    return f"'{text}" if text.startswith(DANGEROUS) and not NUMBER.match(text) else text


def write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows; every cell of text is made harmless."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(name) for name in head])
        writer.writerows([[harmless(str(cell)) for cell in row] for row in rows])
