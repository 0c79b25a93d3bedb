"""A stay's path home: what is still to do, which task decides when the patient leaves, and whether today moved it on.

Red and green days as in NHS England's "Red to Green bed days": a day is green when something on the patient's critical
path was finished. Here it is computed, not declared: a task was on the critical path if, when it began, no other open
task of the stay led to a later discharge by more than an hour.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from folkmoot.services.wards.models import TaskStatus

OVER = (TaskStatus.DONE, TaskStatus.CANCELLED)
SAME_HOURS = 1.0
LONDON = ZoneInfo("Europe/London")


def tails(tasks: Sequence[Any]) -> dict[int, float]:
    """Hours from the start of each task (by number) to the discharge it leads to, by the estimates."""
    found: dict[int, float] = {}
    after: dict[int, list[int]] = {}
    for task in tasks:
        for before in task.after:
            after.setdefault(before, []).append(task.number)
    for task in sorted(tasks, key=lambda t: -t.number):
        found[task.number] = task.estimate_hours + max(
            (found[n] for n in after.get(task.number, ()) if n in found), default=0.0
        )
    return found


def decides(tasks: Sequence[Any]) -> Any | None:
    """The task that decides when the patient leaves: possible now, and longest on the way home."""
    length = tails(tasks)
    now = [t for t in tasks if t.status == TaskStatus.RUNNING or (t.status == TaskStatus.OPEN and t.ready_at)]
    return max(now, key=lambda t: length[t.number], default=None)


def moved_on(tasks: Sequence[Any], day: date) -> bool:
    """Whether a task on the critical path was finished that day (London's)."""
    length = tails(tasks)
    for task in tasks:
        if task.status != TaskStatus.DONE or task.team_id is None or task.ended_at is None:
            continue
        if task.ended_at.astimezone(LONDON).date() == day and _was_critical(task, tasks, length):
            return True
    return False


def _was_critical(task: Any, tasks: Sequence[Any], length: dict[int, float]) -> bool:
    began: datetime = task.started_at or task.ended_at
    others = [
        length[t.number]
        for t in tasks
        if t is not task and t.ready_at and t.ready_at <= began and not (t.ended_at and t.ended_at <= began)
    ]
    return length[task.number] >= max(others, default=0.0) - SAME_HOURS
