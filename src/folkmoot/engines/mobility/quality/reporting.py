"""The report on a batch of events: what was read, kept and rejected, and what a person should look at, in sentences.

It holds numbers of single cells and hours, so it stays where the events are; `disclose` releases evidence, this does not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.instants import LONDON
from folkmoot.engines.mobility.quality import limits
from folkmoot.engines.mobility.quality.checked import Checked
from folkmoot.engines.mobility.quality.counts import Counts, count
from folkmoot.engines.mobility.quality.kinds import UNITED_KINGDOM
from folkmoot.engines.mobility.schema import SemanticError, SyntacticError

if TYPE_CHECKING:
    from folkmoot.engines.mobility.where.cells import Cells

SHOWN = 5
STAGES = {"syntactic": SyntacticError, "semantic": SemanticError}


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """Events rejected by one rule: `code` is of the stage (multimno's), `share` of all events that were read."""

    stage: str
    code: int
    name: str
    reason: str
    events: int
    share: float


@dataclass(frozen=True, slots=True)
class DayCount:
    """A local day, with the hours it has (23 or 25 where the clock changes)."""

    day: str
    hours: int
    read: int
    accepted: int


@dataclass(frozen=True, slots=True)
class HourCount:
    """An hour from `start` (UTC), as the wall clock shows it, and what was rejected in it by stage and code."""

    start: str
    shown: str
    read: int
    accepted: int
    rejected: dict[str, int]


@dataclass(frozen=True, slots=True)
class CellCount:
    cell_id: str
    read: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Report:
    """accepted + rejected + opted_out = read, always."""

    read: int
    opted_out: int
    accepted: int
    rejected: int
    devices: int
    machines: int
    roaming: int
    first: str | None
    last: str | None
    errors: tuple[ErrorCount, ...]
    days: tuple[DayCount, ...]
    hours: tuple[HourCount, ...]
    cells: tuple[CellCount, ...]
    silent_cells: tuple[str, ...]
    """Cells of the list without an accepted event."""
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, texts and lists, for JSON."""
        return asdict(self)


def report(
    checked: Checked,
    *,
    read: int,
    opted_out: int = 0,
    opt_out_listed: int = 0,
    cells: Cells | None = None,
    period: tuple[date, date] | None = None,
    zone: str = LONDON,
    home: tuple[str, ...] = UNITED_KINGDOM,
    deviations: float = 3.0,
) -> Report:
    """Count checked events (stored ones, or all is worked out again). `read`: rows of the file, counted by themselves."""
    counts = count(checked, cells, home=home)
    rejected = counts.before - counts.after
    if counts.after + rejected + opted_out != read:
        raise MobilityError(
            f"Of {read:,} events read, {counts.after:,} are accepted, {rejected:,} rejected and {opted_out:,} opted out: "
            f"{read - counts.before - opted_out:,} are missing. Were the files changed while they were read?"
        )
    first, last = (_instant(at) for at in (counts.first_second, counts.last_second))
    silent = tuple(sorted(set(cells.cell_id) - {c for c, (_, kept) in counts.by_cell.items() if kept})) if cells else ()
    return Report(
        read, opted_out, counts.after, rejected, counts.devices, counts.machines, counts.roaming, first, last,
        tuple(
            ErrorCount(stage, code, STAGES[stage](code).name, reason, events, events / read)
            for (stage, code, reason), events in sorted(counts.by_rule.items(), key=lambda each: -each[1])
        ),
        tuple(DayCount(f"{day}", hours, b, a) for day, (b, a, hours) in limits.by_day(counts, zone=zone).items()),
        _hours(counts, zone),
        tuple(CellCount(cell, before, after) for cell, (before, after) in counts.by_cell.items()),
        silent if counts.by_cell else (),
        tuple(_warnings(counts, silent, opted_out, opt_out_listed, cells, period, zone, deviations)),
    )  # fmt: skip


def _instant(second: int | None) -> str | None:
    return None if second is None else datetime.fromtimestamp(second, UTC).isoformat().replace("+00:00", "Z")


def _hours(counts: Counts, zone: str) -> tuple[HourCount, ...]:
    tz = ZoneInfo(zone)
    rejected: dict[int, dict[str, int]] = {}
    for (hour, stage, code), events in counts.by_hour_and_code.items():
        rejected.setdefault(hour, {})[f"{stage} {code}"] = events
    return tuple(
        HourCount(
            str(_instant(hour * 3600)), f"{datetime.fromtimestamp(hour * 3600, tz):%Y-%m-%d %H:%M %Z}", before, after,
            rejected.get(hour, {}),
        )
        for hour, (before, after) in sorted(counts.by_hour.items())
    )  # fmt: skip


def _warnings(
    counts: Counts, silent: tuple[str, ...], opted_out: int, listed: int, cells: Cells | None,
    period: tuple[date, date] | None, zone: str, deviations: float,
) -> list[str]:  # fmt: skip
    said = [*_whole_file(counts, cells), *_opt_out(opted_out, listed)]
    if period is None and counts.first_second is not None and counts.last_second is not None:
        tz = ZoneInfo(zone)
        period = tuple(datetime.fromtimestamp(at, tz).date() for at in (counts.first_second, counts.last_second))  # type: ignore[assignment]
    if period is not None and counts.after:
        said += limits.control(counts, *period, deviations=deviations, zone=zone)
        empty = limits.empty_hours(counts, *period, zone=zone)
        if empty:
            said.append(f"{len(empty):,} hours have no event: {_some(empty)}. Was a delivery lost?")
    if silent and counts.by_cell:
        said.append(f"{len(silent):,} cells of the list have no event: {_some(silent)}.")
    if counts.machines:
        said.append(
            f"{counts.machines:,} devices look like machines (one cell, a fixed beat); they are kept, and flagged."
        )
    if counts.roaming:
        said.append(f"{counts.roaming:,} devices are of foreign networks; they are kept, and flagged.")
    return said


def _whole_file(counts: Counts, cells: Cells | None) -> list[str]:
    said = []
    where = "the cells' area" if cells is not None else "Great Britain"
    if counts.positions and 2 * counts.in_box_swapped > counts.positions and 10 * counts.in_box < counts.positions:
        said.append(
            f"Latitude and longitude are swapped: {counts.in_box:,} of {counts.positions:,} positions lie in {where} as "
            f"given, {counts.in_box_swapped:,} the other way round. Exchange the two columns' names and check again."
        )
    if limits.is_one_instant(counts):
        said.append(
            f"All {counts.after:,} events are at one instant, {_instant(counts.first_second)}: the times were lost."
        )
    elif counts.after > 1 and counts.midnights == counts.after:
        said.append("Every event is at midnight UTC: the file has days, and the times of day were lost.")
    if counts.before and not counts.after:
        said.append("No event was accepted. See the errors: the whole file has one fault, or several.")
    if counts.bare:
        said.append(
            f"{counts.bare:,} values of user_id look like telephone numbers or IMSIs. If they are, stop: pseudonymise them "
            "with a key before anybody reads this file."
        )
    return said


def _opt_out(opted_out: int, listed: int) -> list[str]:
    if listed and not opted_out:
        return [
            f"None of the {listed:,} people on the opt-out list is in the events. Check that the list has the same "
            "pseudonyms as the file (the same key, the same month)."
        ]
    return []


def _some(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
