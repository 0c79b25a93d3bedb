"""Events counted before and after: by rule, by hour and by cell; and what the whole file looks like.

Runs the expressions; give it a `Checked` that was stored, or everything is worked out again for each count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.instants import seconds
from folkmoot.engines.mobility.quality.checked import Checked
from folkmoot.engines.mobility.quality.kinds import UNITED_KINGDOM, devices
from folkmoot.engines.mobility.where.plane import GREAT_BRITAIN

if TYPE_CHECKING:
    from folkmoot.engines.mobility.where.cells import Cells

type Box = tuple[float, float, float, float]
MARGIN_DEGREES = 0.5


@dataclass(frozen=True)
class Counts:
    """`by_rule`: {(stage, code, reason): events}. `by_hour`: {hour since 1970: (before, after)}. `by_cell` likewise."""

    before: int
    after: int
    by_rule: Mapping[tuple[str, int, str], int]
    by_hour: Mapping[int, tuple[int, int]]
    by_hour_and_code: Mapping[tuple[int, str, int], int]
    by_cell: Mapping[str, tuple[int, int]]
    first_second: int | None
    last_second: int | None
    midnights: int
    """Accepted events at exactly 00:00:00 UTC."""
    devices: int
    machines: int
    roaming: int
    bare: int
    """Devices whose pseudonym looks like a telephone number or an IMSI."""
    positions: int
    in_box: int
    in_box_swapped: int


def count(checked: Checked, cells: Cells | None = None, *, home: tuple[str, ...] = UNITED_KINGDOM) -> Counts:
    """All counts of checked events."""
    tagged: Any = checked.tagged
    dated = tagged.mutate(hour_=(seconds(tagged.timestamp).cast("float64") / 3600.0).floor().cast("int64"))
    hours = dated.group_by(["hour_", "verdict"]).aggregate(events=dated.count()).to_pyarrow().to_pylist()
    by_rule: dict[tuple[str, int, str], int] = {}
    by_hour: dict[int, tuple[int, int]] = {}
    by_code: dict[tuple[int, str, int], int] = {}
    for row in sorted(hours, key=lambda row: (row["hour_"] is None, row["hour_"] or 0, row["verdict"])):
        events, verdict, hour = row["events"], row["verdict"], row["hour_"]
        if verdict:
            named = checked.rules.named(verdict)
            by_rule[named] = by_rule.get(named, 0) + events
        if hour is not None:
            old = by_hour.get(hour, (0, 0))
            by_hour[hour] = (old[0] + events, old[1] + (0 if verdict else events))
            if verdict:
                key = (hour, named[0], named[1])
                by_code[key] = by_code.get(key, 0) + events
    before = sum(row["events"] for row in hours)
    after = sum(row["events"] for row in hours if not row["verdict"])
    return Counts(before, after, by_rule, by_hour, by_code, _by_cell(tagged), **_whole(checked), **_people(checked, home),
                  **_places(tagged, cells))  # fmt: skip


def _by_cell(tagged: Any) -> dict[str, tuple[int, int]]:
    if "cell_id" not in tagged.columns:
        return {}
    good = (tagged.verdict == 0).ifelse(1, 0)
    named = tagged.mutate(good_=good).filter(tagged.cell_id.notnull())
    rows = named.group_by("cell_id").aggregate(before=named.count(), after=named.good_.sum()).to_pyarrow().to_pylist()
    return {row["cell_id"]: (row["before"], row["after"]) for row in sorted(rows, key=lambda row: str(row["cell_id"]))}


def _whole(checked: Checked) -> dict[str, Any]:
    held: Any = checked.accepted
    held = held.mutate(at_=seconds(held.timestamp))
    midnight = (held.at_ % 86_400 == 0).ifelse(1, 0)
    found = held.aggregate(first_second=held.at_.min(), last_second=held.at_.max(), midnights=midnight.sum())
    row: dict[str, Any] = found.to_pyarrow().to_pylist()[0]
    return {**row, "midnights": row["midnights"] or 0}


def _people(checked: Checked, home: tuple[str, ...]) -> dict[str, Any]:
    known: Any = devices(checked.accepted, home=home)
    bare = known.user_id.type().is_string()
    flag = known.user_id.re_search(r"^\+?[0-9]{10,15}$").ifelse(1, 0) if bare else 0
    known = known.mutate(bare_=flag, machine_=known.machine.ifelse(1, 0), roaming_=known.roaming.ifelse(1, 0))
    found = known.aggregate(
        devices=known.count(), machines=known.machine_.sum(), roaming=known.roaming_.sum(), bare=known.bare_.sum()
    )
    return {name: value or 0 for name, value in found.to_pyarrow().to_pylist()[0].items()}


def _places(tagged: Any, cells: Cells | None) -> dict[str, int]:
    nothing = {"positions": 0, "in_box": 0, "in_box_swapped": 0}
    if not {"latitude", "longitude"} <= set(tagged.columns):
        return nothing
    west, south, east, north = GREAT_BRITAIN
    if cells is not None:
        box = cells.box
        west, south, east, north = (at + sign * MARGIN_DEGREES for at, sign in zip(box, (-1, -1, 1, 1)))

    def inside(lon: Any, lat: Any) -> Any:
        return ((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).ifelse(1, 0)

    lat, lon = tagged.latitude, tagged.longitude
    held = tagged.filter(lat.notnull() & lon.notnull())
    held = held.mutate(in_=inside(held.longitude, held.latitude), swapped_=inside(held.latitude, held.longitude))
    found = held.aggregate(positions=held.count(), in_box=held.in_.sum(), in_box_swapped=held.swapped_.sum())
    return {name: value or 0 for name, value in found.to_pyarrow().to_pylist()[0].items()}
