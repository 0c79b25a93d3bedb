"""Background work of places: ways over streets, solving, alternatives, uncertain demand. Results are plain JSON."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from folkmoot.engines.siting.problem import Objective, Problem, ProblemError
from folkmoot.engines.siting.record import plan_of, record_of
from folkmoot.foundation import jobs
from folkmoot.services.places import actions, findings, question, tables
from folkmoot.services.places.models import Option, Study, Travel

ALTERNATIVES, WITHIN = 3, 0.02
"""So many other plans, so much worse than the best at most."""
DRAWS, SPREAD, TOGETHER = 60, 0.2, 0.1
"""Draws of demand; how much each area varies by itself, and all together (coefficients of variation)."""
SECONDS = 120


def _option_url(job: Any) -> str:
    return reverse("places:option", args=[job.result["option"]])


def _study_url(job: Any) -> str:
    return reverse("places:study", args=[job.result["study"]])


def _option(job: Any, key: str) -> Option:
    found: Option = Option.objects.for_organisation(job.organisation_id).select_related("study").get(pk=key)
    return found


@jobs.kind(
    "places.solve",
    title=_("Looking for the best plan"),
    result_url=_option_url,
    lines=(_("Best plan so far"), _("No plan can be better")),
)
def run_solve(job: Any, progress: Any, *, option: str) -> dict[str, str]:
    """The best plan that the time allows, its certificate checked, and what it means for people."""
    from folkmoot.engines.siting.solve import solve
    from folkmoot.engines.siting.verify import verify

    kept = _option(job, option)
    asked, held = question.of(kept.question), tables.read(kept.study)
    try:
        problem = question.problem(asked, held)
        scaled = scale(problem)
        plan = jobs.watched(
            job,
            progress,
            lambda watch: solve(
                problem,
                gap=asked.gap,
                should_stop=watch.should_stop,
                progress=lambda _what, value, bound: watch.point(scaled(value), scaled(bound)),
            ),
            seconds=asked.seconds,
            message=_("Closing in on the best plan"),
        )
        verdict = jobs.watched(
            job, progress, lambda watch: verify(problem, plan), message=_("Checking the proof independently")
        )
    except ProblemError as error:
        raise jobs.JobFailed(str(error)) from error
    # A bound that rests on HiGHS is not refuted, only not replayed: the page says so, and the plan may be proposed.
    believed = verdict.holds if plan.replayable else verdict.value_holds
    kept.plan = record_of(plan)
    kept.findings = {
        "verdict": {"holds": believed, "statements": list(verdict.statements)},
        "total": float(problem.total.sum()),
    }
    if plan.value is not None:
        kept.findings |= findings.findings(problem, plan, held, radius=asked.radius)
    kept.alternatives, kept.robustness, kept.solved_at = {}, {}, timezone.now()
    kept.save()
    return {"option": option}


def scale(problem: Problem) -> Callable[[float | None], float | None]:
    """Values as people read them: minutes a head, or per cent of people; sites and pounds as they are."""
    total = float(problem.total.sum()) or 1.0
    factor = {
        Objective.P_MEDIAN: 1 / total,
        Objective.CAPACITATED_P_MEDIAN: 1 / total,
        Objective.MCLP: 100 / total,
    }.get(problem.objective, 1.0)
    return lambda value: None if value is None else value * factor


@jobs.kind("places.travel", title=_("Finding the shortest ways over the streets"), result_url=_study_url)
def run_travel(job: Any, progress: Any, *, study: str, mode: str) -> dict[str, str]:
    """Minutes between all areas and all sites."""
    from folkmoot.services.places.uploads import over_streets

    kept = Study.objects.for_organisation(job.organisation_id).get(pk=study)
    areas, sites = tables.part(kept, "given"), tables.part(kept, "sites")
    if areas is None or sites is None:
        raise jobs.JobFailed(_("The areas or the sites are gone: give them again."))
    try:
        way = jobs.watched(
            job,
            progress,
            lambda watch: over_streets(
                tables.folder(kept) / "streets.geojson", areas, sites, mode=mode, progress=watch.note
            ),
            message=_("Reading the streets"),
        )
        actions.put_travel(study=kept, way=way, how=Travel.STREETS, by=job.by)
    except (ProblemError, actions.NotPossible) as error:
        raise jobs.JobFailed(str(error)) from error
    return {"study": study}


@jobs.kind("places.alternatives", title=_("Looking for other good plans"), result_url=_option_url)
def run_alternatives(job: Any, progress: Any, *, option: str) -> dict[str, str]:
    """Plans nearly as good that differ most, with the reason for each difference."""
    from folkmoot.engines.siting.alternatives import alternatives

    kept = _option(job, option)
    problem = question.problem(question.of(kept.question), tables.read(kept.study))
    found = jobs.watched(
        job,
        progress,
        lambda watch: alternatives(
            problem, plan_of(kept.plan), count=ALTERNATIVES, within=WITHIN, should_stop=watch.should_stop,
            progress=watch.note,
        ),
        seconds=SECONDS,
        message=_("Looking for plans that differ most"),
    )  # fmt: skip
    kept.alternatives = {
        "within": WITHIN,
        "plans": [
            {
                "opened": list(each.opened), "closed": list(each.closed), "open": list(each.plan.open),
                "value": each.plan.value, "extra": each.extra, "proved": each.proved, "distance": each.distance,
                "gained": each.travel.everybody.gained, "lost": each.travel.everybody.lost,
                "most_lost": _finite(each.travel.everybody.most_lost), "reason": each.reason,
            }
            for each in found.plans
        ],
        "statements": list(found.statements),
    }  # fmt: skip
    kept.save(update_fields=["alternatives"])
    return {"option": option}


@jobs.kind("places.robustness", title=_("Trying the plan with demand as it could be"), result_url=_option_url)
def run_robustness(job: Any, progress: Any, *, option: str) -> dict[str, str]:
    """How often each site is in the best plan when demand varies, and how much this plan may come to regret."""
    from folkmoot.engines.siting.uncertain import draws, stress

    kept = _option(job, option)
    problem = question.problem(question.of(kept.question), tables.read(kept.study))
    rng = np.random.Generator(np.random.Philox(key=1))
    drawn = draws(problem.demand, DRAWS, rng, spread=SPREAD, together=TOGETHER)
    found = jobs.watched(
        job,
        progress,
        lambda watch: stress(
            problem, kept.plan["open"], drawn, should_stop=watch.should_stop, progress=watch.note
        ),
        seconds=SECONDS,
        message=_("Solving again with other demand"),
    )  # fmt: skip
    if not found.draws:
        raise jobs.JobFailed(_("Not one of the draws could be solved in the time allowed."))
    kept.robustness = {
        "draws": found.draws, "asked": DRAWS, "proved": found.proved, "spread": SPREAD, "together": TOGETHER,
        "chosen": [list(pair) for pair in found.chosen],
        "mean_regret": _finite(found.mean_regret), "worst_regret": _finite(found.worst_regret),
    }  # fmt: skip
    kept.save(update_fields=["robustness"])
    return {"option": option}


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
