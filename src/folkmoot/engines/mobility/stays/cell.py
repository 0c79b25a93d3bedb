"""Runs of events in one cell, as an Ibis expression that is the same on DuckDB and on Spark.

A run ends where the cell changes or where nothing was heard for longer than the gap allowed; it lasts from its first event
to its last. One window over the events finds where runs begin; only those rows, and each device's last, are kept, and a
second window over these few finds where they end. Summing up beginnings and grouping by the sum gives the same rows in
more than half as much time again.

>>> import ibis, pyarrow as pa
>>> from datetime import UTC, datetime, timedelta
>>> noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
>>> heard = [(0, "A"), (5, "A"), (20, "A"), (25, "B"), (200, "B")]
>>> events = ibis.memtable(
...     pa.table(
...         {
...             "user_id": ["x"] * 5,
...             "timestamp": pa.array([noon + timedelta(minutes=m) for m, _ in heard], pa.timestamp("us", "UTC")),
...             "cell_id": [cell for _, cell in heard],
...         }
...     )
... )
>>> for row in runs(events).order_by("start", "end").to_pyarrow().to_pylist():
...     print(f"{row['start']:%H:%M}–{row['end']:%H:%M}", row["cell_id"], row["events"], row["state"], row["open"])
12:00–12:20 A 3 stay False
12:25–12:25 B 1 move False
12:25–15:20 None 0 unknown False
15:20–15:20 B 1 move True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.engines.mobility.stays.states import lasting, microseconds, told

if TYPE_CHECKING:
    import ibis.expr.types as ir

MAX_GAP_SECONDS, MIN_STAY_SECONDS = 3600.0, 600.0


def runs(
    events: ir.Table, *, max_gap_seconds: float = MAX_GAP_SECONDS, min_stay_seconds: float = MIN_STAY_SECONDS
) -> ir.Table:
    """Rows of user_id, start, end, cell_id, events, state and open, in no order.

    `events` has user_id, timestamp and cell_id; rows in which one of them is null say nothing and are passed over (`quality`
    keeps them aside). A run shorter than `min_stay_seconds` is a `move`; a gap is a row `unknown`. The last run of each
    device is `open`: it may go on after the data end.
    """
    return told(_found(events, max_gap_seconds=max_gap_seconds), min_stay_seconds=min_stay_seconds)


def _found(events: ir.Table, *, max_gap_seconds: float) -> ir.Table:
    import ibis

    heard = events.select("user_id", "timestamp", "cell_id").drop_null()
    each = ibis.window(group_by="user_id", order_by=["timestamp", "cell_id"])
    seen = heard.mutate(
        before=heard.timestamp.lag().over(each),
        cell_before=heard.cell_id.lag().over(each),
        after=heard.timestamp.lead().over(each),
        number=ibis.row_number().over(each),
    )
    late = lasting(seen.before, seen.timestamp) > microseconds(max_gap_seconds)
    begins = seen.before.isnull() | (seen.cell_id != seen.cell_before) | late
    kept = seen.mutate(begins=begins, late=late).filter(lambda t: t.begins | t.after.isnull())
    # Numbers are a total order, also among events that are alike in everything.
    few = ibis.window(group_by="user_id", order_by="number")
    ends = kept.mutate(
        next_begins=kept.begins.lead().over(few),
        next_before=kept.before.lead().over(few),
        next_at=kept.timestamp.lead().over(few),
        next_number=kept.number.lead().over(few),
    ).filter(lambda t: t.begins)
    return ends.select(
        user_id=ends.user_id,
        start=ends.timestamp,
        # The next row begins a run, or is this run's last event, or there is none: this run is one event.
        end=ibis.ifelse(ends.next_begins.fill_null(False), ends.next_before, ends.next_at.coalesce(ends.timestamp)),
        cell_id=ends.cell_id,
        events=ibis.ifelse(
            ends.next_begins.fill_null(True), ends.next_number.fill_null(ends.number + 1), ends.next_number + 1
        )
        - ends.number,
        open=~ends.next_begins.fill_null(False),
        since=ibis.ifelse(ends.late, ends.before, ibis.null(ends.before.type())),
    )
