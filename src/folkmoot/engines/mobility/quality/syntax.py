"""What is wrong with an event by itself, and events that come twice (multimno's syntactic checks).

The first fault found is the one that is said: type, emptiness, form, range, network, place, then doubles.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.instants import LONDON
from folkmoot.engines.mobility.quality.checked import Checked
from folkmoot.engines.mobility.quality.columns import AS_READ, NETWORKS, NUMBERS, Columns, typed
from folkmoot.engines.mobility.quality.rules import Rules
from folkmoot.engines.mobility.schema import SyntacticError

if TYPE_CHECKING:
    import ibis.expr.types as ir

ODD = r"^\s|\s$|[\x00-\x1f\x7f]"
ODDLY = "{} begins or ends with a blank, or holds characters that cannot be printed"
LIMITS = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "loc_error": (0.0, 1e6)}
FORMS = {"mcc": r"^\d{3}$", "mnc": r"^\d{2,3}$", "plmn": r"^\d{5,6}$"}

type Finding = tuple[Any, SyntacticError, str]


def syntactic(
    events: ir.Table,
    *,
    period: tuple[date, date] | None = None,
    zone: str = LONDON,
    network: bool = False,
    what: str = "events",
) -> Checked:
    """Check each event by itself. `period`: first and last local day, both included. `network`: mcc or plmn is needed."""
    from folkmoot.engines.mobility.quality.neighbours import doubles

    return doubles(parsed(events, period=period, zone=zone, network=network, what=what))


def parsed(events: ir.Table, *, period: tuple[date, date] | None, zone: str, network: bool, what: str) -> Checked:
    """Every check that needs no other event."""
    import ibis

    held = typed(events, what=what)
    table = held.table
    found = [
        *_unsupported(held), *_identity(table), *_instants(held, period, zone), *_numbers(held),
        *_networks(table, network), *_places(table),
    ]  # fmt: skip
    rules = Rules(tuple((code, why) for _, code, why in found))
    cases: list[Any] = [(when, k) for k, (when, _, _) in enumerate(found, start=1)]
    return Checked(table.mutate(verdict=ibis.cases(*cases, else_=0).cast("int16")), rules, held.as_read)


def bounds(period: tuple[date, date], zone: str) -> tuple[int, int]:
    """Seconds since 1970 of the first instant of the period and of the first one after it."""
    first, last = period
    if last < first:
        raise MobilityError(f"The period ends on {last}, before it starts on {first}. Exchange the two dates.")
    tz = ZoneInfo(zone)
    start = datetime.combine(first, time(), tz).astimezone(UTC)
    after = datetime.combine(date.fromordinal(last.toordinal() + 1), time(), tz).astimezone(UTC)
    return int(start.timestamp()), int(after.timestamp())


def _unsupported(held: Columns) -> Iterator[Finding]:
    for name, kind in held.unsupported.items():
        there = held.table[f"{name}{AS_READ}"].notnull()
        yield there, SyntacticError.UNSUPPORTED_TYPE, f"{name} cannot be of type {kind}"


def _identity(table: Any) -> Iterator[Finding]:
    import ibis

    user = table.user_id
    if user.type().is_binary():
        yield user.isnull() | (user == ibis.literal(b"", "binary")), SyntacticError.NULL_VALUE, "user_id is empty"
    else:
        yield user.isnull() | (user == ""), SyntacticError.NULL_VALUE, "user_id is empty"
        yield user.re_search(ODD), SyntacticError.CANNOT_PARSE, ODDLY.format("user_id")
    if "cell_id" in table.columns:
        yield table.cell_id.re_search(ODD), SyntacticError.CANNOT_PARSE, ODDLY.format("cell_id")


def _instants(held: Columns, period: tuple[date, date] | None, zone: str) -> Iterator[Finding]:
    table = held.table
    if "timestamp" in held.text:
        read = table[f"timestamp{AS_READ}"]
        yield read.isnull() | (read.strip() == ""), SyntacticError.NULL_VALUE, "timestamp is empty"
        why = "timestamp is not an instant such as 2026-03-29T08:30:00Z"
        yield table.timestamp.isnull(), SyntacticError.CANNOT_PARSE, why
    else:
        yield table.timestamp.isnull(), SyntacticError.NULL_VALUE, "timestamp is empty"
    if period is not None:
        start, after = (datetime.fromtimestamp(at, UTC) for at in bounds(period, zone))
        why = f"timestamp is outside {period[0]} to {period[1]}"
        yield (table.timestamp < start) | (table.timestamp >= after), SyntacticError.OUT_OF_RANGE, why


def _numbers(held: Columns) -> Iterator[Finding]:
    table = held.table
    for name in NUMBERS:
        if name not in table.columns:
            continue
        if name in held.text and name not in held.unsupported:
            said = table[f"{name}{AS_READ}"].strip()
            yield table[name].isnull() & (said != ""), SyntacticError.CANNOT_PARSE, f"{name} is not a number"
        low, high = LIMITS[name]
        outside = table[name].isnan() | (table[name] < low) | (table[name] > high)
        yield outside, SyntacticError.OUT_OF_RANGE, f"{name} is not between {low:g} and {high:g}"


def _networks(table: Any, needed: bool) -> Iterator[Finding]:
    there = [name for name in NETWORKS if name in table.columns]
    for name in there:
        wrong = table[name].notnull() & ~table[name].re_search(FORMS[name])
        yield wrong, SyntacticError.OUT_OF_RANGE, f"{name} is not a network code"
    if not needed:
        return
    known = [name for name in ("mcc", "plmn") if name in there]
    if not known:
        raise MobilityError("Network codes are asked for, but the events have neither mcc nor plmn. Add one of them.")
    nothing = table[known[0]].isnull()
    for name in known[1:]:
        nothing = nothing & table[name].isnull()
    yield nothing, SyntacticError.NO_MNO_INFO, "there is neither mcc nor plmn"


def _places(table: Any) -> Iterator[Finding]:
    has_cell, has_place = "cell_id" in table.columns, {"latitude", "longitude"} <= set(table.columns)
    if not has_cell and not has_place:
        raise MobilityError("The events have no cell_id, and no latitude and longitude. Give one or the other.")
    lost = (table.latitude.isnull() | table.longitude.isnull()) if has_place else None
    if has_cell and lost is not None:
        nowhere, why = table.cell_id.isnull() & lost, "there is neither a cell_id nor both latitude and longitude"
    elif has_cell:
        nowhere, why = table.cell_id.isnull(), "there is no cell_id"
    else:
        nowhere, why = lost, "there is no latitude or no longitude"
    yield nowhere, SyntacticError.NO_LOCATION_INFO, why
