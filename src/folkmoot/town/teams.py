"""Who does the work and when: teams with weekly hours, and the tables `resources`, `shifts` and `rounds`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

MINUTES_IN_A_WEEK = 7 * 1440


@dataclass(frozen=True, slots=True)
class Hours:
    """`staff` people from `start` to `end` (minutes of the local day) on each of `days`, Monday being 0."""

    days: tuple[int, ...]
    start: int
    end: int
    staff: int


@dataclass(frozen=True, slots=True)
class Team:
    """A resource of the hospital. Rounds are the hours of timetabled visits."""

    id: str
    name: str
    hours: tuple[Hours, ...]
    rounds: tuple[Hours, ...] = ()
    kind: str = "team"
    pausable: bool = True

    @property
    def weekly_staff_hours(self) -> float:
        """Person-hours of an ordinary week."""
        return sum(len(h.days) * (h.end - h.start) * h.staff for h in self.hours) / 60.0


def always(staff: int) -> tuple[Hours, ...]:
    """Day and night, every day."""
    return (Hours(tuple(range(7)), 0, 1440, staff),)


def office(staff: int) -> tuple[Hours, ...]:
    """Weekdays from nine to five."""
    return (Hours(tuple(range(5)), 9 * 60, 17 * 60, staff),)


def daily(staff: int, start: int, end: int) -> tuple[Hours, ...]:
    """Every day between two hours of the clock."""
    return (Hours(tuple(range(7)), start * 60, end * 60, staff),)


MORNING_ROUNDS = (Hours(tuple(range(7)), 9 * 60, 11 * 60, 1),)


def team_tables(teams: Sequence[Team]) -> dict[str, pa.Table]:
    """The tables `resources`, `shifts` and `rounds`."""
    resources = pa.table(
        {
            "resource_id": pa.array([t.id for t in teams], pa.string()),
            "name": pa.array([t.name for t in teams], pa.string()),
            "kind": pa.array([t.kind for t in teams], pa.string()),
            "pausable": pa.array([t.pausable for t in teams], pa.bool_()),
        }
    )
    return {
        "resources": resources,
        "shifts": _hours_table([(t.id, h) for t in teams for h in t.hours], staffed=True),
        "rounds": _hours_table([(t.id, h) for t in teams for h in t.rounds], staffed=False),
    }


def _hours_table(rows: list[tuple[str, Hours]], *, staffed: bool) -> pa.Table:
    flat = [(owner, day, h.start, h.end, h.staff) for owner, h in rows for day in h.days]
    columns = {
        "resource_id": pa.array([row[0] for row in flat], pa.string()),
        "weekday": pa.array([row[1] for row in flat], pa.int64()),
        "start_minute": pa.array([row[2] for row in flat], pa.int64()),
        "end_minute": pa.array([row[3] for row in flat], pa.int64()),
    }
    if staffed:
        columns["staff"] = pa.array([row[4] for row in flat], pa.int64())
    return pa.table(columns)
