"""Background work of roads: assigning, running a scheme, ranking schemes. Results are plain JSON, flows are files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from folkmoot.engines.traffic import TrafficError
from folkmoot.foundation import jobs
from folkmoot.services.highways.roads import findings, kept
from folkmoot.services.highways.roads.changes import change_of
from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy
from folkmoot.services.highways.roads.sources import on_a_page

SECONDS = 600
LINES = (_("All that is driven, as 100"), _("The least it could be at these times"))


def _study_url(job: Any) -> str:
    return reverse("highways:road_study", args=[job.result["study"]])


def _rank_url(job: Any) -> str:
    return reverse("highways:road_ranking", args=[job.result["study"]])


def _scheme_url(job: Any) -> str:
    return reverse("highways:road_scheme", args=[job.result["scheme"]])


def closing_in(watch: Any) -> Callable[[int, float, float], None]:
    """The two lines of a trail: between them lies the relative gap."""

    def told(_iteration: int, gap: float, _objective: float) -> None:
        watch.point(100.0, 100.0 * (1.0 - gap))

    return told


@jobs.kind("highways.assign", title=_("Finding where everybody drives"), result_url=_study_url, lines=LINES)
def run_assign(job: Any, progress: Any, *, study: str) -> dict[str, str]:
    """Everybody on their quickest road, until nobody could save more than the gap."""
    from folkmoot.engines.traffic import equilibrium

    row = RoadStudy.objects.for_organisation(job.organisation_id).get(pk=study)
    network, demand = kept.network(row), kept.demand(row)
    try:
        found = jobs.watched(
            job, progress,
            lambda watch: equilibrium(
                network, demand, gap=row.facts["gap"], keep_paths=True, progress=closing_in(watch),
                should_stop=watch.should_stop,
            ),
            seconds=SECONDS, message=_("Moving vehicles to quicker roads"),
        )  # fmt: skip
    except TrafficError as error:
        raise jobs.JobFailed(on_a_page(str(error))) from error
    kept.keep_flows(kept.folder(row), kept.BASE, found)
    row.findings = findings.of_assignment(found, kept.counts(row))
    row.ranking, row.assigned_at = {}, timezone.now()
    row.save(update_fields=["findings", "ranking", "assigned_at"])
    # What schemes were held against has changed: they are run again before anybody proposes them.
    row.schemes.filter(status="draft").update(findings={}, run_at=None)
    return {"study": study}


@jobs.kind("highways.scheme", title=_("Driving with the scheme"), result_url=_scheme_url, lines=LINES)
def run_scheme(job: Any, progress: Any, *, scheme: str) -> dict[str, str]:
    """The same trips on the roads as they would be, from the flows there are."""
    from folkmoot.engines.traffic import what_if

    row = RoadScheme.objects.for_organisation(job.organisation_id).select_related("study").get(pk=scheme)
    asked = row.changes
    base = kept.base(row.study)
    try:
        answer = jobs.watched(
            job, progress,
            lambda watch: what_if(
                base.network, base.demand, change_of(asked), base=base, gap=row.study.facts["gap"],
                progress=closing_in(watch), should_stop=watch.should_stop,
            ),
            seconds=SECONDS, message=_("Moving vehicles to quicker roads"),
        )  # fmt: skip
    except TrafficError as error:
        raise jobs.JobFailed(on_a_page(str(error))) from error
    kept.keep_flows(kept.folder(row.study), f"scheme-{row.pk}", answer.after)
    drafts = RoadScheme.objects.for_organisation(job.organisation_id).filter(pk=scheme, status="draft", changes=asked)
    if not drafts.update(findings=findings.of_scheme(answer), run_at=timezone.now()):
        raise jobs.JobFailed(_("The scheme was changed while it was run. Run it again."))
    return {"scheme": scheme}


@jobs.kind("highways.rank", title=_("Ranking the schemes"), result_url=_rank_url)
def run_rank(job: Any, progress: Any, *, study: str, asked: dict[str, Any]) -> dict[str, str]:
    """Every scheme with the demand as expected, and with the same draws of what it might be."""
    from folkmoot.engines.traffic import Scheme, Uncertainty, rank

    row = RoadStudy.objects.for_organisation(job.organisation_id).get(pk=study)
    schemes = [each for each in row.schemes.all() if each.changes]
    bounds = kept.bounds(row)
    doubt = (
        Uncertainty(cell_cv=asked["cell_cv"], total_cv=asked["total_cv"])
        if bounds is None
        else Uncertainty.of_bounds(*bounds, total_cv=asked["total_cv"])
    )
    network, demand = kept.network(row), kept.demand(row)
    try:
        found = jobs.watched(
            job, progress,
            lambda watch: rank(
                network, demand, [Scheme(s.name, change_of(s.changes), float(s.pounds)) for s in schemes],
                generator=np.random.Generator(np.random.Philox(key=1)), uncertainty=doubt, draws=asked["draws"],
                gap=row.facts["gap"], progress=watch.note, should_stop=watch.should_stop,
            ),
            seconds=SECONDS, message=_("Assigning every scheme with other demand"),
        )  # fmt: skip
    except TrafficError as error:
        raise jobs.JobFailed(on_a_page(str(error))) from error
    key = {scheme.name: str(scheme.pk) for scheme in schemes}
    row.ranking = {
        "asked": asked, "bounds": bounds is not None, "statements": list(found.statements),
        "rows": [
            {
                "scheme": key[each.scheme.name], "name": each.scheme.name, "pounds": each.scheme.pounds,
                "changes": next(s.changes for s in schemes if s.name == each.scheme.name),
                "saved": [each.saved, each.saved_low, each.saved_high],
                "per_million": [each.per_million, each.per_million_low, each.per_million_high],
                "first_in": each.first_in, "accuracy": each.accuracy,
            }
            for each in found.schemes
        ],
    }  # fmt: skip
    row.save(update_fields=["ranking"])
    return {"study": study}
