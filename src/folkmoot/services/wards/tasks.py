"""Background work of the wards: the five steps, an uploaded log, a what-if. Results are plain JSON, drawn by pages."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from folkmoot.engines.flow import (
    Arm,
    Scenario,
    add_staff,
    compare,
    earlier_referral,
    five_steps,
    future,
    histories,
    open_longer,
    refer_early,
)
from folkmoot.engines.flow.logs import LogError, Mapping, read_log
from folkmoot.foundation import jobs
from folkmoot.services.wards import census, history
from folkmoot.services.wards.models import Analysis, Hospital, WhatIf

HISTORIES = 6
FUTURES = 6
DAYS = 28


def _analysis_url(job: Any) -> str:
    return reverse("wards:analysis", args=[job.result["analysis"]])


@jobs.kind("wards.five_steps", title=_("Working through the five steps"), result_url=_analysis_url)
def run_five_steps(job: Any, progress: Any, *, analysis: str, hospital: str) -> dict[str, str]:
    """The constraint, the worth of each step, all orders compared."""
    place = Hospital.objects.for_organisation(job.organisation_id).get(pk=hospital)
    past = history.scenario(place)
    if past is None:
        raise jobs.JobFailed(_("This hospital has no history yet, so there is nothing to learn from."))
    found = jobs.watched(
        job,
        progress,
        lambda watch: five_steps(past, make=histories(past), seeds=range(1, HISTORIES + 1), progress=watch.note),
        message=_("Simulating the hospital with each change"),
    )
    _save(job, analysis, plain(found))
    return {"analysis": analysis}


@jobs.kind("wards.log", title=_("Analysing the log"), result_url=_analysis_url)
def run_log(job: Any, progress: Any, *, analysis: str) -> dict[str, str]:
    """Stays, waits, the likely constraint, and what was set aside."""
    from folkmoot.engines.flow.evidence import constraint_of, stays, waits

    kept = Analysis.objects.for_organisation(job.organisation_id).get(pk=analysis)
    try:
        progress(0, 3, _("Reading the log"))
        mapping = Mapping(**kept.mapping)
        read = read_log(history.folder("logs") / kept.file, mapping)
        progress(1, 3, _("Measuring stays and waits"))
        found = stays(read.log, admission=mapping.admission, discharge=mapping.discharge)
        waited = waits(read.log, found)
        constraint = constraint_of(waited, np.random.Generator(np.random.Philox(key=1)))
        progress(2, 3, _("Simulating the hospital of this log"))
        steps, why_not = _steps_of(read.log, found)
    except LogError as error:
        raise jobs.JobFailed(str(error)) from error
    edges = (
        np.linspace(0.0, float(np.quantile(found.hours, 0.97)) or 1.0, 25) if len(found.hours) else np.array([0.0, 1.0])
    )
    _save(
        job,
        analysis,
        {
            "cases": read.log.cases,
            "events": len(read.log),
            "rows": read.rows,
            "rejected": read.rejected.counts(),
            "rejected_rows": [list(row) for row in zip(*read.rejected.table.to_pydict().values())][:10_000],
            "stays": found.summary() | {"open_cases": found.open_cases, "never_admitted": found.never_admitted},
            "sample": np.sort(found.hours)[:: max(1, len(found.hours) // 2000)].tolist(),
            "edges": edges.tolist(),
            "separable": waited.separable,
            "resources": [asdict(w) for w in waited.resources[:40]],
            "activities": [asdict(w) for w in waited.activities[:20]],
            "constraint": asdict(constraint) if constraint else None,
            "steps": steps,
            "why_not": why_not,
            "statements": [*read.statements, found.statement, *waited.statements],
        },
    )
    return {"analysis": analysis}


def _steps_of(log: Any, found: Any) -> tuple[dict[str, Any] | None, str]:
    """The five steps on the hospital that a log teaches; or the sentence why it cannot teach one."""
    from folkmoot.engines.flow.calibrate import calibrate
    from folkmoot.engines.flow.model import ModelError

    try:
        past = Scenario.from_tables(calibrate(log, found).to_tables())
        return plain(five_steps(past, make=histories(past), seeds=range(1, HISTORIES + 1))), ""
    except (LogError, ModelError) as error:
        return None, str(error)


@jobs.kind("wards.what_if", title=_("Asking the simulator"), result_url=lambda job: reverse("wards:what_ifs"))
def run_what_if(job: Any, progress: Any, *, what_if: str) -> dict[str, str]:
    """The next four weeks from this morning's patients, with and without the change."""
    asked = WhatIf.objects.for_organisation(job.organisation_id).select_related("hospital").get(pk=what_if)
    morning = census.scenario(asked.hospital, timezone.now())
    past = history.scenario(asked.hospital)
    if morning is None or past is None:
        raise jobs.JobFailed(_("Nobody is in hospital, or no history is kept, so there is nothing to simulate."))
    change = lever(asked.question, past)

    def make(seed: int) -> Scenario:
        return future(morning, past, np.random.Generator(np.random.Philox(key=[7, seed])), days=DAYS)

    order = asked.hospital.policy
    arms = {"now": Arm(order), "changed": Arm(order, change)}
    if order != "fcfs":
        arms |= {"no order": Arm("fcfs"), "no order, changed": Arm("fcfs", change)}
    found = jobs.watched(
        job,
        progress,
        lambda watch: compare(make, arms, against="now", seeds=range(1, FUTURES + 1), trim=False, progress=watch.note),
        message=_("Simulating the next four weeks"),
    )
    changed = change(past)
    extra = sum(r.calendar.weekly_staff_hours for r in changed.resources) - sum(
        r.calendar.weekly_staff_hours for r in past.resources
    )
    per_seed = found.patients / found.seeds
    saved = [(b - a) * per_seed / 24.0 for a, b in zip(found["changed"].means, found["now"].means)]
    from folkmoot.engines.flow.experiment import Interval

    asked.answer = plain(
        {
            "change": asdict(found["changed"].change),
            "now": asdict(found["now"].mean),
            "changed": asdict(found["changed"].mean),
            "order": order,
            "order_worth": asdict(found.change("now", "no order")) if order != "fcfs" else None,
            "change_without_order": asdict(found.change("no order, changed", "no order")) if order != "fcfs" else None,
            "late": [found["now"].late, found["changed"].late],
            "p99": [found["now"].p99, found["changed"].p99],
            "longest": [found["now"].longest, found["changed"].longest],
            "bound": found["changed"].bound,
            "bed_days": asdict(Interval.of(saved)),
            "staff_hours_a_week": extra,
            "patients": per_seed,
            "futures": found.seeds,
            "until": (timezone.now() + timedelta(days=DAYS)).isoformat(),
        }
    )
    asked.save(update_fields=["answer"])
    return {"what_if": what_if}


def lever(question: dict[str, Any], scenario: Scenario) -> Any:
    """The change a question asks about, as a function from scenario to scenario."""
    team, change = question["team"], question["change"]
    if change == "staff":
        days = question.get("days") or list(range(7))
        return lambda s: add_staff(s, team, int(question.get("extra", 1)), days)
    if change == "hours":
        return lambda s: open_longer(s, team, int(question.get("minutes", 60)))
    referral = earlier_referral(scenario, team)
    if referral is None:
        raise jobs.JobFailed(_("No delay stands before this team’s tasks, so there is nothing to refer earlier."))
    return lambda s: refer_early(s, referral)


def plain(result: Any) -> dict[str, Any]:
    """A result as JSON can hold it: what is not a number becomes null."""

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: clean(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [clean(v) for v in value]
        if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
            return None
        return value

    cleaned: dict[str, Any] = clean(result if isinstance(result, dict) else asdict(result))
    return cleaned


def _save(job: Any, analysis: str, result: dict[str, Any]) -> None:
    kept = Analysis.objects.for_organisation(job.organisation_id).get(pk=analysis)
    kept.result = result
    kept.save(update_fields=["result"])
