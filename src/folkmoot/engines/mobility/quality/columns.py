"""Columns of events as they come, made what the contract says, with what was read kept beside where it was text.

A cast that fails gives null, and the text that failed stays in NAME_as_read, so that a rejected row can be mended.
Instants without a zone are UTC. Texts are matched before they are cast, for DuckDB and Spark take different ones: Spark
would read “2026” as the first of January.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.schema import EVENT

if TYPE_CHECKING:
    import ibis.expr.types as ir

INSTANT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?$"
NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
AS_READ = "_as_read"
NUMBERS = ("latitude", "longitude", "loc_error")
NETWORKS = ("mcc", "mnc", "plmn")


@dataclass(frozen=True)
class Columns:
    """`table`: typed columns under the contract's names; `text`: those that came as text; `unsupported`: {name: its type}."""

    table: ir.Table
    text: tuple[str, ...]
    unsupported: dict[str, str]

    @property
    def as_read(self) -> tuple[str, ...]:
        return tuple(f"{name}{AS_READ}" for name in self.text)


def typed(events: ir.Table, *, what: str = "events") -> Columns:
    """The events with typed columns; raises `MobilityError` naming columns that are missing."""
    renames = EVENT.renames(events.columns)
    events = events.rename(renames) if renames else events
    EVENT.check(events.columns, what=what)
    made: dict[str, Any] = {}
    text: list[str] = []
    unsupported: dict[str, str] = {}
    for name in (*EVENT.required, *EVENT.optional):
        if name not in events.columns:
            continue
        column, kind = events[name], events[name].type()
        found = _typed(name, column, kind)
        if found is None:
            unsupported[name] = str(kind)
            found = _null(name)
        if kind.is_string() and (name == "timestamp" or name in NUMBERS):
            text.append(name)
            made[f"{name}{AS_READ}"] = column
        elif name in unsupported:
            text.append(name)
            made[f"{name}{AS_READ}"] = column.cast("string")
        made[name] = found
    return Columns(events.mutate(**made), tuple(text), unsupported)


def identity(events: ir.Table) -> Any:
    """The column user_id as `typed` makes it."""
    column: Any = events[EVENT.renames(events.columns).get("user_id", "user_id")]
    return _typed("user_id", column, column.type())


def _typed(name: str, column: Any, kind: Any) -> Any:
    """The column as the contract says, or None where its type cannot be."""
    if name == "user_id":
        return column if kind.is_string() or kind.is_binary() else _as_text(column, kind)
    if name == "timestamp":
        if kind.is_timestamp():
            return column.cast("timestamp('UTC', 6)")
        return _instant(column) if kind.is_string() else None
    if name in NUMBERS:
        if kind.is_string():
            trimmed = column.strip()
            return _when(trimmed.re_search(NUMBER), trimmed).try_cast("float64")
        return column.cast("float64") if kind.is_numeric() else None
    code = column if kind.is_string() else _as_text(column, kind)
    return None if code is None else code.nullif("")


def _as_text(column: Any, kind: Any) -> Any:
    return column.cast("string") if kind.is_integer() or kind.is_uuid() else None


def _instant(column: Any) -> Any:
    trimmed = column.strip()
    return _when(trimmed.re_search(INSTANT), trimmed).try_cast("timestamp('UTC', 6)")


def _when(condition: Any, value: Any) -> Any:
    import ibis

    return ibis.ifelse(condition, value, ibis.null("string"))


def _null(name: str) -> Any:
    import ibis

    kind = "timestamp('UTC', 6)" if name == "timestamp" else "float64" if name in NUMBERS else "string"
    return ibis.null(kind)
