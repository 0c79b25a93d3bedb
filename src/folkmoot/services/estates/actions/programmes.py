"""Asking for a programme: a question, sent to the search in the background."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.engines.estate import EstateError
from folkmoot.foundation import jobs
from folkmoot.services.estates import question
from folkmoot.services.estates.actions.audited import NotPossible, locked, record
from folkmoot.services.estates.models import Estate, Programme, Status
from folkmoot.services.estates.question import Question


@transaction.atomic
def ask(*, estate: Estate, name: str, asked: Question, by: Any) -> Any:
    """Keep a question as a programme and have it worked out; what cannot be meant is refused at once."""
    if estate.programmes.filter(name=name).exists():
        raise NotPossible(_("There is a programme called “%(name)s” already. Choose another name.") % {"name": name})
    try:
        question.programme(asked, estate)
    except EstateError as error:
        raise NotPossible(str(error)) from error
    programme = Programme.objects.for_organisation(estate.organisation_id).create(
        estate=estate, name=name, question=asked.record(), by=by
    )
    record("ask", programme, by, {name: str(value) for name, value in asked.record().items() if value})
    return _solve(programme, by)


@transaction.atomic
def solve_again(*, programme: Programme, by: Any) -> Any:
    """Work a draft out once more: with figures stated since, or after a worker was stopped."""
    programme = locked(programme)
    if programme.status != Status.DRAFT:
        raise NotPossible(_("This programme has been proposed, so its plan stays as it is."))
    record("solve", programme, by, {})
    return _solve(programme, by)


def _solve(programme: Programme, by: Any) -> Any:
    job = jobs.start("estates.plan", by=by, organisation=programme.organisation, programme=str(programme.pk))
    programme.job = job.pk
    programme.save(update_fields=["job"])
    return job
