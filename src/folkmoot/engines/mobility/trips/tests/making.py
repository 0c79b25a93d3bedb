"""Small tables of stays and cells, written so that a test can be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ibis
import pyarrow as pa

WHEN = pa.timestamp("us", "UTC")
STAYS = pa.schema(
    [
        ("user_id", pa.string()),
        ("start", WHEN),
        ("end", WHEN),
        ("cell_id", pa.string()),
        ("events", pa.int64()),
        ("state", pa.string()),
        ("open", pa.bool_()),
    ]
)
# One hundredth of a degree north is 1,112 metres.
CELLS = pa.table(
    {
        "cell_id": ["home", "home2", "near", "work", "shop", "far"],
        "latitude": [51.50, 51.50, 51.502, 51.55, 51.52, 51.90],
        "longitude": [-2.60, -2.60, -2.60, -2.60, -2.60, -2.60],
    }
)


def at(text: str) -> datetime:
    """“2026-03-02 21:00” as an instant in UTC; without a date, 2 March 2026 (a Monday)."""
    found = datetime.fromisoformat(text if "-" in text else f"2026-03-02 {text}")
    return found.replace(tzinfo=UTC)


def stays(*rows: tuple[Any, ...]) -> Any:
    """Rows of (user, start, end, cell [, state])."""
    held = [
        {
            "user_id": row[0],
            "start": at(row[1]),
            "end": at(row[2]),
            "cell_id": row[3],
            "events": 2,
            "state": row[4] if len(row) > 4 else "stay",
            "open": False,
        }
        for row in rows
    ]
    return ibis.memtable(pa.Table.from_pylist(held, STAYS))


def cells() -> Any:
    return ibis.memtable(CELLS)


def rows(table: Any, *order: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (table.order_by(*order) if order else table).to_pyarrow().to_pylist()
    return found
