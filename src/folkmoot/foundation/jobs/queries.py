"""How far a job is, as a frozen answer for pages, the API and the live server."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from folkmoot.foundation.jobs.kinds import find
from folkmoot.foundation.jobs.models import Job, State


@dataclass(frozen=True)
class Progress:
    """What a person who waits wants to know."""

    id: UUID
    title: str | Promise
    state: str
    done: int
    total: int
    message: str
    error: str
    result_url: str
    ended: bool
    trail: list[list[float | None]] = field(default_factory=list)
    lines: tuple[str | Promise, str | Promise] | None = None
    stopping: bool = False

    @property
    def percent(self) -> int:
        if self.state == State.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0


def state(job: Job) -> Progress:
    """A job's progress."""
    try:
        kind = find(job.kind)
    except LookupError:  # the service that brought this kind has left the house
        kind = None
    finished = kind is not None and kind.result_url is not None and job.state == State.DONE
    return Progress(
        id=job.pk,
        title=kind.title if kind else job.kind,
        state=job.state,
        done=job.done,
        total=job.total,
        message=job.message,
        error=job.error,
        result_url=kind.result_url(job) if finished and kind and kind.result_url else "",
        ended=job.ended,
        trail=job.trail,
        lines=kind.lines if kind else None,
        stopping=job.stop_asked_at is not None,
    )


def recent(user: Any, limit: int = 50) -> list[Progress]:
    """The newest jobs of this person's organisations."""
    return [state(job) for job in Job.objects.visible_to(user)[:limit]]
