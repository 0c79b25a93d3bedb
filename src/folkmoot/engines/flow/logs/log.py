"""What a log becomes: a table of events, what was set aside, and what had to be assumed."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from folkmoot.engines.flow.logs.mapping import Mapping

STAMP = pa.timestamp("us", "UTC")
SCHEMA = pa.schema(
    [
        ("case_id", pa.string()),
        ("activity", pa.string()),
        ("resource", pa.string()),
        ("started_at", STAMP),
        ("completed_at", STAMP),
        ("row", pa.int64()),
    ]
)
REJECTED = pa.schema([("row", pa.int64()), ("reason", pa.string()), ("fields", pa.string())])


class LogError(ValueError):
    """The log cannot be read; the message says what, where and what to do."""


@dataclass(frozen=True, eq=False, slots=True)
class EventLog:
    """Events sorted by case, completion and row. `table` has the columns of `SCHEMA`, then those that were asked to be
    kept, as text; `row` counts from 1.

    `day_resolution`: times are dates, so order within a day is the file's. `has_starts`: some events say when they
    began, so waiting and service can be told apart.
    """

    table: pa.Table
    zone: str
    day_resolution: bool
    has_starts: bool

    def __len__(self) -> int:
        return len(self.table)

    @property
    def cases(self) -> int:
        """Number of different cases."""
        import pyarrow.compute as pc

        return int(pc.count_distinct(self.table["case_id"]).as_py())


@dataclass(frozen=True, eq=False, slots=True)
class Rejected:
    """Rows set aside: number, reason, and the original fields as JSON text."""

    table: pa.Table

    def __len__(self) -> int:
        return len(self.table)

    def counts(self) -> list[tuple[str, int]]:
        """Each reason and how many rows it holds, the commonest first."""
        found: dict[str, int] = {}
        for reason in self.table["reason"].to_pylist():
            found[reason] = found.get(reason, 0) + 1
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True, eq=False, slots=True)
class LogRead:
    """A log that has been read. `rows` = events + `paired` start rows + rejected rows, always."""

    log: EventLog
    mapping: Mapping
    rejected: Rejected
    statements: tuple[str, ...]
    rows: int
    paired: int

    def without(self, cases: Collection[str], reason: str) -> LogRead:
        """The same, but the events of `cases` are set aside, all with one reason."""
        import pyarrow.compute as pc

        mask = pc.is_in(self.log.table["case_id"], pa.array(sorted(cases), pa.string()))
        out = self.log.table.filter(mask)
        rows = out.drop_columns("row").to_pylist()
        fields = [json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False, default=str) for row in rows]
        moved = pa.table({"row": out["row"], "reason": [reason] * len(out), "fields": fields}, schema=REJECTED)
        kept = replace(self.log, table=self.log.table.filter(pc.invert(mask)))
        both = pa.concat_tables([self.rejected.table, moved]).sort_by("row")
        return replace(self, log=kept, rejected=Rejected(both))
