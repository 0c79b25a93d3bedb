"""Making an option: a question, sent to the solver in the background; then what else could be done nearly as well."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.foundation import jobs
from folkmoot.services.places import question, tables
from folkmoot.services.places.actions.audited import NotPossible, record
from folkmoot.services.places.models import Option, Status, Study
from folkmoot.services.places.question import Question


@transaction.atomic
def ask(*, study: Study, name: str, asked: Question, by: Any) -> Any:
    """Keep a question as an option of the study and have it solved; what cannot be meant is refused at once."""
    if not study.is_ready:
        raise NotPossible(_("This study is not ready: it has no travel times yet."))
    if study.options.filter(name=name).exists():
        raise NotPossible(_("There is an option called “%(name)s” already. Choose another name.") % {"name": name})
    try:
        question.problem(asked, tables.read(study))
    except ProblemError as error:
        raise NotPossible(str(error)) from error
    option = Option.objects.for_organisation(study.organisation_id).create(
        study=study, name=name, question=asked.record(), by=by
    )
    record("ask", option, by, {name: str(value) for name, value in asked.record().items() if value})
    return _solve(option, by)


@transaction.atomic
def solve_again(*, option: Option, by: Any) -> Any:
    """Solve a draft once more, for example with a worker that was stopped."""
    if option.status != Status.DRAFT:
        raise NotPossible(_("This option has been proposed, so its plan stays as it is."))
    record("solve", option, by, {})
    return _solve(option, by)


@transaction.atomic
def find_alternatives(*, option: Option, by: Any) -> Any:
    """Look for plans nearly as good that differ most."""
    return _after_plan(option, "places.alternatives", by)


@transaction.atomic
def try_uncertain_demand(*, option: Option, by: Any) -> Any:
    """Solve again and again with demand as it could be, and count how often each site is chosen."""
    return _after_plan(option, "places.robustness", by)


def _after_plan(option: Option, kind: str, by: Any) -> Any:
    if not option.has_plan:
        raise NotPossible(_("This option has no plan yet."))
    record(kind.split(".")[1], option, by, {})
    return jobs.start(kind, by=by, organisation=option.organisation, option=str(option.pk))


def _solve(option: Option, by: Any) -> Any:
    job = jobs.start("places.solve", by=by, organisation=option.organisation, option=str(option.pk))
    option.job = job.pk
    option.save(update_fields=["job"])
    return job
