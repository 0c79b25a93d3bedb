"""The first half of the way to evidence: events are checked and become stays, in parts that memory holds.

What is checked and what is found of a device depends on that device alone, so devices are dealt to parts by a hash of their
pseudonym, and each part is checked and searched by itself. The parts together are the same rows as the whole. On one machine
compiled loops first take the devices in whose events nothing is wrong (`faultless`); expressions do the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.stays import faultless
from folkmoot.engines.mobility.stays.rule import Rule
from folkmoot.engines.mobility.where import Cells

PART, LOOPED = 8_000_000, 100_000_000
"""So many events at a time, by expressions and by loops: either takes about two gigabytes."""

type Keep = Callable[[Any, str], Any]
"""Writes what an expression gives under a name and returns the table of it."""


@dataclass(frozen=True, eq=False)
class Stayed:
    """Stays of all devices (an Ibis table), the local dates they span, and how many rows were read and set aside."""

    first: date
    last: date
    stays: Any
    found: dict[str, Any] = field(repr=False)


@dataclass(slots=True)
class _Found:
    """Tables of stays so far, how many events were accepted, and how many set aside by stage and code."""

    tables: list[Any] = field(default_factory=list)
    accepted: int = 0
    wrong: Counter[str] = field(default_factory=Counter)


def stays_of(events: Any, cells: Cells, rule: Rule, *, keep: Keep, told: Callable[[int, int], None]) -> Stayed:
    """Check events and find stays by cell, part by part; `told(part, parts)` before each.

    Raises `MobilityError` when not one event passes the checks.
    """
    found = _Found()
    if rule.threads and faultless.possible(events):
        left = [_by_loops(some, cells, rule, found, keep, name) for name, some in _dealt(events, LOOPED, told)]
        events = _together(left)
    _by_expressions(events, cells, rule, found, keep, told)
    if not rule.check:
        return Stayed(*rule.period, _together(found.tables), {})
    read = found.accepted + found.wrong.total()
    if not found.accepted:
        raise MobilityError(f"Not one of {read:,} events passed the checks. See `folkmoot mobility check`.")
    counts = {"events": read, "accepted": found.accepted, "rejected": dict(found.wrong)}
    return Stayed(*rule.period, _together(found.tables), counts)


def _by_loops(events: Any, cells: Cells, rule: Rule, found: _Found, keep: Keep, name: str) -> Any:
    """Find the stays of devices without fault; returns the events that are left for a closer look."""
    import ibis

    from folkmoot.engines.mobility.quality.columns import identity

    fine = faultless.search(events, cells, rule)
    if fine.events:
        found.tables.append(keep(ibis.memtable(fine.stays), f"stays-faultless{name}"))
        found.accepted += fine.events
    if not rule.check:
        return events.limit(0)  # nobody is left
    who = events.mutate(who_=identity(events))
    others = ibis.memtable(pa.table({"other_": fine.others}))
    left = who.filter(who.who_.isnull() | who.who_.isin(others.other_)).drop("who_")
    return keep(left, f"for-a-closer-look{name}")


def _by_expressions(
    events: Any, cells: Cells, rule: Rule, found: _Found, keep: Keep, told: Callable[[int, int], None]
) -> None:
    from folkmoot.engines.mobility import quality, where
    from folkmoot.engines.mobility.stays.cell import runs

    first, last = rule.period
    for name, dealt in _dealt(events, PART, told):
        # Written first: the checks look at their rows several times.
        some = keep(dealt, f"part{name}") if name else dealt
        if rule.check:
            checked = quality.check(some, cells, period=rule.period, zone=rule.zone)
            held = checked.stored(keep(checked.tagged, f"events{name}"))
            rejected = held.rejected.group_by("stage", "error").agg(rows=lambda t: t.count()).to_pyarrow().to_pylist()
            found.wrong.update({f"{row['stage']} {row['error']}": row["rows"] for row in rejected})
            found.accepted += held.accepted.count().to_pyarrow().as_py()
            some = held.accepted.select("user_id", "timestamp", "cell_id")
        keyed = where.versions.keyed(some, cells, first=first, last=last, zone=rule.zone)
        stays = runs(keyed, max_gap_seconds=rule.max_gap_seconds, min_stay_seconds=rule.min_stay_seconds)
        found.tables.append(keep(stays, f"stays{name}"))


def _dealt(events: Any, most: int, told: Callable[[int, int], None]) -> Iterator[tuple[str, Any]]:
    """The events in parts of whole devices of about `most`, a power of two of them, each with what to add to names."""
    number, parts = events.count().to_pyarrow().as_py(), 1
    while number > parts * most:
        parts *= 2
    for part in range(parts):
        told(part, parts)
        if parts == 1:
            yield "", events
        else:
            yield f"-{part}", events.filter((events.user_id.hash() & (parts - 1)) == part)


def _together(tables: list[Any]) -> Any:
    import ibis

    return tables[0] if len(tables) == 1 else ibis.union(*tables)
