"""The first half of the way to evidence: events are checked and become stays, in parts that memory holds.

What is checked and what is found of a device depends on that device alone, so devices are dealt to parts by a hash of their
pseudonym, and each part is checked and searched by itself. The parts together are the same rows as the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.where import Cells

PART = 8_000_000
"""So many events at a time: their windows take about two gigabytes."""


@dataclass(frozen=True, eq=False)
class Stayed:
    """Stays of all devices (an Ibis table), the local dates they span, and how many rows were read and set aside."""

    first: date
    last: date
    stays: Any
    found: dict[str, Any] = field(repr=False)


def stays_of(
    events: Any,
    cells: Cells,
    *,
    opt_out: Any,
    period: tuple[date, date] | None,
    check: bool,
    max_gap_seconds: float,
    min_stay_seconds: float,
    zone: str,
    keep: Callable[[Any, str], Any],
    told: Callable[[int, int], None],
) -> Stayed:
    """Check events and find stays by cell, part by part; `told(part, parts)` before each.

    Raises `MobilityError` when not one event passes the checks.
    """
    from folkmoot.engines.mobility import quality, where
    from folkmoot.engines.mobility.quality.days import period_of
    from folkmoot.engines.mobility.stays.cell import runs

    if opt_out is not None:
        events, _ = quality.without(events, opt_out)
    first, last = period or period_of(events, zone=zone)
    parts = _parts(events)
    tables: list[Any] = []
    wrong: Counter[str] = Counter()
    accepted = 0
    for part in range(parts):
        told(part, parts)
        name = f"-{part}" if parts > 1 else ""
        # Written first: the checks look at their rows several times.
        mine = (events.user_id.hash() & (parts - 1)) == part
        some = events if parts == 1 else keep(events.filter(mine), f"part{name}")
        if check:
            checked = quality.check(some, cells, period=(first, last), zone=zone)
            held = checked.stored(keep(checked.tagged, f"events{name}"))
            rejected = held.rejected.group_by("stage", "error").agg(rows=lambda t: t.count()).to_pyarrow().to_pylist()
            wrong.update({f"{row['stage']} {row['error']}": row["rows"] for row in rejected})
            accepted += held.accepted.count().to_pyarrow().as_py()
            some = held.accepted.select("user_id", "timestamp", "cell_id")
        keyed = where.versions.keyed(some, cells, first=first, last=last, zone=zone)
        found = runs(keyed, max_gap_seconds=max_gap_seconds, min_stay_seconds=min_stay_seconds)
        tables.append(keep(found, f"stays{name}"))
    if check and not accepted:
        raise MobilityError(
            f"Not one of {sum(wrong.values()):,} events passed the checks. See `folkmoot mobility check`."
        )
    counts = {"events": accepted + sum(wrong.values()), "accepted": accepted, "rejected": dict(wrong)} if check else {}
    return Stayed(first, last, _together(tables), counts)


def _parts(events: Any) -> int:
    """How many parts: a power of two."""
    number, parts = events.count().to_pyarrow().as_py(), 1
    while number > parts * PART:
        parts *= 2
    return parts


def _together(tables: list[Any]) -> Any:
    import ibis

    return tables[0] if len(tables) == 1 else ibis.union(*tables)
