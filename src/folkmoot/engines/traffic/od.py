"""Trips between zones from a CSV file with columns for origin, destination and trips, one row or several for each pair.

Columns are found by their usual names, or named. Rows of the same pair are added up (hours, modes). Empty trips are cells
that were held back for disclosure; they count as 0 and are reported. In a release (`manifest.json` beside it) a row without
an origin or a destination is a total, and “outside” is where no zone is; both are left out and counted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from folkmoot.engines.traffic.network import Floats, TrafficError

ORIGIN = ("origin", "o", "from", "origin_zone", "from_zone", "start")
DESTINATION = ("destination", "d", "to", "destination_zone", "to_zone", "end")
OUTSIDE = "outside"
TRIPS = ("trips", "car_driver", "vehicles", "cars", "car", "count", "flow", "all")


@dataclass(frozen=True, eq=False)
class TripTable:
    """`trips`, and `low` and `high` where the file has them (zones × zones)."""

    trips: Floats
    low: Floats | None
    high: Floats | None
    statements: tuple[str, ...]


def read_od(
    path: Path | str,
    zones: Sequence[str],
    *,
    origin: str | None = None,
    destination: str | None = None,
    trips: str | None = None,
    hour_share: float = 1.0,
    occupancy: float = 1.0,
    hour: str | None = None,
    mode: str | None = None,
    leave_outside: bool = False,
) -> TripTable:
    """The trips of a file between `zones`, times `hour_share`; rows of other hours or modes than asked are left out.

    `occupancy`: people to a vehicle, where the file counts people.

    Raises `TrafficError` for a missing column, an unknown zone (unless `leave_outside`, which counts them instead), and
    trips that are negative or no number, each with its row.
    """
    path = Path(path)
    if not (np.isfinite(hour_share) and hour_share > 0):
        raise TrafficError(f"The share of trips in the hour must be above 0, not {hour_share:g}.")
    if not (np.isfinite(occupancy) and occupancy >= 1):
        raise TrafficError(f"People to a vehicle are 1 or more, not {occupancy:g}.")
    rows = numbered_rows(path)
    head = next(rows)[1]
    o = column(path, head, origin, ORIGIN, "the origin", "--origin-column")
    d = column(path, head, destination, DESTINATION, "the destination", "--destination-column")
    t = column(path, head, trips, TRIPS, "trips", "--trips-column")
    keep = {_asked(path, head, name): value for name, value in (("hour", hour), ("mode", mode)) if value is not None}
    ends = [next((k for k, name in enumerate(head) if name.lower() == bound), None) for bound in ("low", "high")]
    at = {zone: k for k, zone in enumerate(zones)}
    made = np.zeros((3, len(zones), len(zones)))
    released = path.with_name("manifest.json").exists()
    used = others = blank = outside = totals = 0
    lost = 0.0
    for number, row in rows:
        if any(row[k].strip() != value for k, value in keep.items()):
            others += 1
            continue
        count = amount(path, number, head[t], row[t])
        if count is None:
            blank += 1
            continue
        named = [row[k].strip() for k in (o, d)]
        if released and "" in named:
            totals += 1
            continue
        pair = [at.get(name) for name in named]
        if None in pair:
            if not leave_outside and OUTSIDE not in named:
                strange = row[o] if pair[0] is None else row[d]
                raise TrafficError(
                    f"Row {number} of “{path.name}” has the zone “{strange.strip()}”, which is not among the "
                    f"{len(zones):,} zones. Add it to the zones, or leave such rows out with --outside leave."
                )
            outside += 1
            lost += count
            continue
        used += 1
        values = [count] + [count if k is None else amount(path, number, head[k], row[k]) or 0.0 for k in ends]
        for k, value in enumerate(values):
            made[k, pair[0], pair[1]] += value
    made *= hour_share / occupancy
    said = [
        f"{made[0].sum() * occupancy / hour_share:,.0f} trips of {used:,} rows of “{path.name}”: origin “{head[o]}”, "
        f"destination “{head[d]}”, trips “{head[t]}”."
    ]
    said.append(
        f"Of these {hour_share:.4g} are taken to be driven in the hour."
        if hour_share != 1
        else "All of them are taken to be driven in one hour; a file of a whole day needs --hour-share."
    )
    if occupancy != 1:
        said.append(f"They are of people, taken to be {occupancy:g} to a vehicle.")
    if totals:
        said.append(f"{totals:,} rows are totals of the release and are left out.")
    if others:
        said.append(f"{others:,} rows are of another hour or mode and are left out.")
    if blank:
        said.append(f"{blank:,} rows have no trips (held back); they count as 0.")
    if outside:
        said.append(f"{outside:,} rows with {lost:,.0f} trips begin or end outside the zones and are left out.")
    low, high = (made[k + 1] if ends[k] is not None else None for k in (0, 1))
    return TripTable(made[0], low, high, tuple(said))


def column(path: Path, head: Sequence[str], asked: str | None, usual: Sequence[str], what: str, option: str) -> int:
    """The place of a column by name, or by the first of its usual names."""
    names = [name.strip().lower() for name in head]
    for name in [asked.lower()] if asked is not None else usual:
        if name in names:
            return names.index(name)
    raise TrafficError(
        f"“{path.name}” has no column {f'“{asked}”' if asked else f'for {what}'}. Its columns are: {', '.join(head)}. "
        f"Name the right one with {option}."
    )


def _asked(path: Path, head: Sequence[str], name: str) -> int:
    return column(path, head, name, (), name, f"--{name}")


def numbered_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    if not path.exists():
        raise TrafficError(f"There is no file “{path}”.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            width = 0
            for number, row in enumerate(csv.reader(file), start=1):
                if not row:
                    continue
                width = width or len(row)
                if len(row) != width:
                    raise TrafficError(
                        f"Row {number} of “{path.name}” has {len(row)} values, not {width}. Correct the row."
                    )
                yield number, row
    except UnicodeDecodeError:
        raise TrafficError(f"“{path.name}” is not a CSV file in UTF-8. Save it as one.") from None
    if width == 0:
        raise TrafficError(f"“{path.name}” is empty.")


def amount(path: Path, number: int, name: str, text: str) -> float | None:
    if text.strip() == "":
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not (np.isfinite(value) and value >= 0):
        raise TrafficError(
            f"Row {number} of “{path.name}” has {text.strip()!r} for {name}. Trips must be numbers of 0 or more; leave the "
            "cell empty where they are not known."
        )
    return value
