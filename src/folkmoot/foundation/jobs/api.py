"""Background work, as another program watches it."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from folkmoot.foundation.jobs import queries
from folkmoot.foundation.jobs.models import Job

router = Router(tags=["jobs"])


class Progress(Schema):
    id: UUID
    title: str
    state: str
    done: int
    total: int
    percent: int
    message: str
    error: str
    result_url: str
    ended: bool


@router.get("/", response=list[Progress], summary="The newest jobs of your organisations")
def recent(request: HttpRequest) -> list[Progress]:
    """At most 50, newest first."""
    return [answer(each) for each in queries.recent(request.user)]


@router.get("/{uuid:key}", response=Progress, summary="One job")
def job(request: HttpRequest, key: UUID) -> Progress:
    """How far it is, or how it ended."""
    return answer(queries.state(get_object_or_404(Job.objects.visible_to(request.user), pk=key)))


def answer(progress: queries.Progress) -> Progress:
    """A job's progress as JSON has it."""
    return Progress(
        id=progress.id, title=str(progress.title), state=progress.state, done=progress.done, total=progress.total,
        percent=progress.percent, message=progress.message, error=progress.error, result_url=progress.result_url,
        ended=progress.ended,
    )  # fmt: skip
