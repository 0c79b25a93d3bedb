"""What an analyst gives: files of movement, looked at before they are kept; and what release they want of them.

Cells, zones and population are read whole at once, so that whatever cannot be meant is refused with its row; events are
only looked at for their columns here, and checked row by row in the background.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from folkmoot.engines.mobility import EVENT, MobilityError
from folkmoot.services.highways import folders

PARTS = ("events", "cells", "zones", "population", "opt_outs", "rails", "ways")
NEEDED = ("events", "cells", "zones")


@dataclass(frozen=True)
class Given:
    """Files by part, in a folder of their own until they are kept."""

    parts: dict[str, Path]
    zones: int = 0
    home: Path | None = None

    def about(self) -> dict[str, dict[str, Any]]:
        """Name, size and digest of each."""
        return {
            part: {"name": path.name, "bytes": path.stat().st_size, "sha256": folders.sha256(path)}
            for part, path in self.parts.items()
        }

    def move_to(self, place: Path) -> None:
        """Keep every file, under the name of its part."""
        for part, path in self.parts.items():
            path.rename(place / f"{part}{_ending(part, path)}")
        if self.home:
            folders.remove(self.home)


@dataclass(frozen=True)
class Wanted:
    """A release as it is asked for."""

    name: str
    purpose: str
    lawful_basis: str
    k: int = 10
    by_hour: bool = False
    by_mode: bool = False
    with_totals: bool = True


class Refused(MobilityError):
    """A file that cannot be meant, and which part it was given for."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


def looked_at(parts: dict[str, Path], home: Path) -> Given:
    """The files, if all of them can be meant. Raises `Refused` with a sentence."""
    from folkmoot.engines.mobility import where

    zones = 0
    for part, path in parts.items():
        try:
            if part == "events":
                EVENT.check([EVENT_NAMES.get(name, name) for name in columns(path)], what=path.name)
            elif part == "cells":
                where.cells.read(path)
            elif part == "zones":
                zones = len(where.zones.read(path))
            elif part == "population":
                where.population.read(path)
            elif part == "opt_outs":
                _has_users(path)
            else:
                lines(path)
        except (MobilityError, ValueError) as error:
            raise Refused(part, str(error)) from error
    return Given(parts, zones, home)


EVENT_NAMES = {other: ours for ours, others in EVENT.aliases.items() for other in others}
"""Other names under which columns of events come."""


def columns(path: Path) -> list[str]:
    """The columns of a CSV or Parquet file."""
    if path.suffix.lower() == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return list(pq.read_schema(path).names)
        except pa.ArrowInvalid:
            raise MobilityError(
                _("“%(file)s” is not a Parquet file, or was cut short. Write it again.") % {"file": path.name}
            ) from None
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [name.strip() for name in next(csv.reader(file), [])]
    except UnicodeDecodeError:
        raise MobilityError(
            _("“%(file)s” is not text in UTF-8. Save it as CSV with UTF-8.") % {"file": path.name}
        ) from None


def lines(path: Path) -> dict[str, Any]:
    """Railways or roads as GeoJSON lines."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        kinds = {feature["geometry"]["type"] for feature in found["features"]}
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError):
        raise MobilityError(_("“%(file)s” is no GeoJSON of lines.") % {"file": path.name}) from None
    if not kinds or not kinds <= {"LineString", "MultiLineString"}:
        raise MobilityError(_("“%(file)s” is no GeoJSON of lines.") % {"file": path.name})
    return found


def _has_users(path: Path) -> None:
    if "user_id" not in [EVENT_NAMES.get(name, name) for name in columns(path)]:
        raise MobilityError(
            _("“%(file)s” has no column user_id: an opt-out list names the devices to leave out.") % {"file": path.name}
        )


def _ending(part: str, path: Path) -> str:
    if part in {"zones", "rails", "ways"}:
        return ".geojson"
    return ".parquet" if path.suffix.lower() == ".parquet" else ".csv"
