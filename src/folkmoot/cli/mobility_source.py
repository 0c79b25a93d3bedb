"""What commands about movement share: dates, the secret of rounding, files and their digests, and a bar over steps."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

SECRET = "rounding.secret"  # noqa: S105 – a file's name


def period(first: str | None, last: str | None) -> tuple[date, date] | None:
    if (first is None) != (last is None):
        raise ValueError("Give both --first and --last, or neither.")
    if first is None or last is None:
        return None
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise ValueError(f"“{first}” to “{last}”: dates are written YYYY-MM-DD.") from None


def totals_of(given: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(() if each == "all" else tuple(part.strip() for part in each.split(",")) for each in given)


def by_zone(path: Path | None) -> dict[str, float] | None:
    """{zone: number} of a CSV with zone_id and weight."""
    import csv

    if path is None:
        return None
    if not path.exists():
        raise ValueError(f"There is no file “{path}”. Check the path.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"zone_id", "weight"} <= set(rows.fieldnames or ()):
            there = ", ".join(rows.fieldnames or ()) or "none"
            raise ValueError(f"“{path.name}” needs the columns zone_id and weight; it has {there}.")
        found: dict[str, float] = {}
        for number, row in enumerate(rows, start=2):
            if row["zone_id"] in found:
                raise ValueError(f"Row {number} of “{path.name}” is zone {row['zone_id']} again. Give each zone once.")
            try:
                found[row["zone_id"]] = float(row["weight"])
            except (TypeError, ValueError):
                raise ValueError(
                    f"Row {number} of “{path.name}”: “{row['weight']}” is not a number. Write 0 where nothing goes on."
                ) from None
    return found


def secret_of(path: Path) -> bytes:
    """The secret of rounding: the same for all releases that may be compared, so it is kept in a file of its own."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


def geojson(path: Path | None) -> Any:
    if path is None:
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"There is no file “{path}”. Check the path.") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise ValueError(f"“{path.name}” is not GeoJSON.") from None


def loops(backend: str) -> int | None:
    """On how many threads compiled loops go over the events: all of this machine's, and none of them where Spark reads."""
    return None if backend == "spark" else os.cpu_count() or 1


def listed(opened: Any, path: Path) -> Any:
    from folkmoot.store.movement import parquet

    return opened.read_csv(str(path)) if path.suffix.lower() == ".csv" else parquet(opened, path)


def digests(small: list[Path | None], events: Path) -> dict[str, str]:
    found = {path.name: digest(path) for path in small if path is not None}
    files = sorted(events.rglob("*.parquet")) if events.is_dir() else [events]
    return found | {str(file.relative_to(events.parent)): digest(file) for file in files}


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def version() -> str:
    from folkmoot import __version__

    return f"folkmoot {__version__}"


class Steps:
    """A bar over the steps on standard error, silent with --json."""

    def __init__(self, silent: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        notes = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=notes, transient=True, disable=silent or not notes.is_terminal)

    def __enter__(self) -> Any:
        self._progress.start()
        bar = self._progress.add_task("Reading", total=8)
        return lambda step, done, total: self._progress.update(bar, description=step, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
