"""What was planted: the answer that an analysis of the town should find."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Truth:
    """`constraint` is where capacity is worth most; `busiest` has the highest utilisation in open hours.

    In a shifting town the constraint is `constraint` until day `shift_at` (from the origin) and `then` afterwards.
    """

    constraint: str
    busiest: str
    kind: str
    shift_at: int | None = None
    then: str | None = None

    def table(self) -> pa.Table:
        """The table `truth`: key and value, both text, the value null where it does not apply."""
        rows = {
            "constraint": self.constraint,
            "busiest": self.busiest,
            "kind": self.kind,
            "shift_at": None if self.shift_at is None else str(self.shift_at),
            "constraint_after": self.then,
        }
        return pa.table({"key": pa.array(list(rows), pa.string()), "value": pa.array(list(rows.values()), pa.string())})
