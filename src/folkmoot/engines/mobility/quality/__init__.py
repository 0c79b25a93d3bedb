"""Quality: what is wrong with which event, said with multimno's codes, and nothing lost.

`check` runs the stages over a table of events: columns parsed, syntax, then the cells and the events before and after.
Every row ends in `accepted` or in `rejected` with its code and reason; events of people who opted out are taken away first
and counted. `report` counts all of it and says in sentences what a person should look at.

>>> import ibis
>>> from folkmoot.engines.mobility.quality import check
>>> rows = ibis.memtable({"user_id": ["a", "a", ""], "timestamp": ["2026-03-02T08:00:00Z", "late", "2026-03-02T08:00:00Z"],
...                       "cell_id": ["C", "C", "C"]})
>>> found = check(rows)
>>> found.accepted.count().to_pyarrow().as_py()
1
>>> found.rejected.order_by("error").select("error", "reason").to_pyarrow()["reason"].to_pylist()
['user_id is empty', 'timestamp is not an instant such as 2026-03-29T08:30:00Z']

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "checked": ("Checked", "check", "without"),
    "syntax": ("syntactic",),
    "semantics": ("semantic",),
    "days": ("days_touched", "period_of", "union"),
    "kinds": ("devices",),
    "counts": ("Counts", "count"),
    "reporting": ("Report", "report"),
    "limits": ("control", "empty_hours"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
