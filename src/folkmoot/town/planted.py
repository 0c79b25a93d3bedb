"""Small hospitals whose constraint is known by construction, to test whatever claims to find it.

The argument, for a resource with c servers and utilisation ρ of its open hours: the patients waiting for it number, in
the mean, the queue of a pooled team plus what gathers while it is closed (both computed in `tests/queueing.py`),

    Lq = C(c, ρ) · ρ / (1 − ρ) · (1 + cv²) / 2   (Erlang 1917; Allen 1978),     Lfluid = backlog of the weekly fluid.

Both grow without limit as ρ → 1 and fall with the number of servers and with the share of open hours. So:

* *scarce team in office hours*: one team works weekdays 9–17 at ρ .92–.97 while every other is open day and night and
  busy at most .45; the backlog of nights and weekends alone exceeds all other queues together.
* *busiest is not the constraint*: three to five people in office hours at ρ .89–.90, after recovery; recovery is nursed
  day and night by a pool of about 200 nurses whose utilisation is higher (.910–.915). Such a pool has C about .1 and a
  queue of about one patient, which more nurses cannot shorten by more.
* *short touch on everybody's path*: one person or machine sees every patient for half an hour in a daily session of
  four to six hours, ρ .93–.97. Its tasks are the shortest of all; its queue is not.
* *surging*: every team is open day and night; arrivals surge slowly (10-day memory, at most 1.7 times the mean). One
  team has ρ .86–.92 in the mean and overflows in every surge; the others have ρ ≤ .45.

Utilisations are exact for the work drawn, because the arrival rate and the pool of nurses are set from its total. The
constraint is where capacity is worth most, and it is on the critical path: the second review, which runs beside
recovery, is never what is planted.

In a shifting town the tasks of one team become shorter and of another longer for patients admitted from a known day on:
the backlog of work drains at the one and grows at the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.town import arrivals
from folkmoot.town.archetypes import NAMES, SEQUENTIAL, buffers, draw_classes, empty_wards, load, patient_table
from folkmoot.town.pathways import Care, Step, care, task_tables
from folkmoot.town.randomness import generator
from folkmoot.town.teams import MINUTES_IN_A_WEEK, MORNING_ROUNDS, Team, always, daily, office, team_tables
from folkmoot.town.truth import Truth

type Floats = NDArray[np.float64]

PATIENTS = 2_000
OFFICE = "scarce team in office hours"
BUSIEST = "busiest is not the constraint"
SHORT = "short touch on everybody's path"
SURGING = "surging"
SHIFTING = "shifting"
KINDS = (OFFICE, BUSIEST, SHORT, SURGING)
LIGHT = 0.45
# The first place of `STEP_OF` at which a kind may be planted: the doctors see patients twice, so their touch is not the
# shortest; before recovery, a team in office hours would send patients to the nurses in bursts.
FROM = {OFFICE: 0, SURGING: 0, SHORT: 1, BUSIEST: 2}
# The step by which each resource holds patients up; the doctors' second review runs beside recovery.
STEP_OF = {
    "doctor": "senior-review",
    "imaging": "imaging",
    "therapy": "therapy",
    "social": "social-assessment",
    "pharmacy": "tto",
    "transport": "transport",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A planted constraint: its team, the utilisation of its open hours, and what its step asks of patients."""

    kind: str
    team: Team
    rho: float
    hours: float
    share: float
    patients: int = PATIENTS
    surge_sd: float = 0.0
    nurses_rho: float | None = None


def planted(seed: int) -> tuple[Mapping[str, pa.Table], Truth]:
    """The tables of a small hospital and where its constraint is. Kind and place go with the seed."""
    plan = draw_plan(seed)
    x = plan.team.id
    steps = _with_step(SEQUENTIAL, x, hours=plan.hours, share=plan.share)
    if plan.nurses_rho is not None:
        steps = tuple(replace(s, resource_id="nursing") if s.code == "recovery" else s for s in steps)
    rate = plan.rho * _servers(plan.team) / load(steps, x)
    n = plan.patients
    if plan.surge_sd > 0:
        admitted = arrivals.surging(seed, n, rate, sd=plan.surge_sd, most=1.7)
    else:
        admitted = arrivals.steady(seed, n, rate)
    patient_class = draw_classes(seed, n)
    # The same draws twice: the first pass tells by how much the tasks of the constraint must be stretched.
    wanted = care(seed, steps, patient_class, estimate_r=0.5)
    span = float(admitted[-1])
    stretch = np.full(n, plan.rho * _servers(plan.team) * span / wanted.hours_on(x))
    own = [s.code for s in steps if s.resource_id == x]
    wanted = care(seed, steps, patient_class, estimate_r=0.5, factors=dict.fromkeys(own, stretch))
    busiest = x
    teams = [plan.team if key == x else _light(key, wanted, span) for key in NAMES]
    if plan.nurses_rho is not None:
        busiest = "nursing"
        nurses = round(wanted.hours_on("nursing") / (span * plan.nurses_rho))
        teams.append(Team("nursing", "Ward nurses", always(nurses)))
    truth = Truth(constraint=x, busiest=busiest, kind=plan.kind)
    return _tables(seed, patient_class, admitted, wanted, teams, truth), truth


def draw_plan(seed: int) -> Plan:
    """The kind, the place and the size of what is planted under a seed."""
    luck = generator(seed, "plan")
    kind = KINDS[int(luck.integers(len(KINDS)))]
    places = tuple(STEP_OF)[FROM[kind] :]
    x = places[int(luck.integers(len(places)))]
    u = luck.random(4)
    if kind == SHORT:
        session = 4 + int(u[0] * 3)
        opens = 9 + int(u[1] * 4)
        team = Team(x, NAMES[x], daily(1, opens, opens + session))
        return Plan(kind, team, rho=0.93 + 0.04 * u[2], hours=0.45 + 0.1 * u[3], share=1.0)
    share = 0.6 + 0.4 * float(u[0])
    if kind == BUSIEST:
        staff = 3 + int(u[1] * 3)
        team, rho = Team(x, NAMES[x], office(staff)), 0.89 + 0.01 * float(u[2])
        # Patients enough for a pool of two hundred nurses.
        hours = rho * _servers(team) / (2.6 * share)
        return Plan(kind, team, rho, hours, share, patients=4_000, nurses_rho=0.91 + 0.005 * float(u[3]))
    staff = 2 + int(u[1] * 3)
    if kind == OFFICE:
        return Plan(kind, Team(x, NAMES[x], office(staff)), 0.92 + 0.05 * float(u[2]), 1.5 + 1.5 * float(u[3]), share)
    team = Team(x, NAMES[x], always(staff))
    return Plan(kind, team, 0.86 + 0.06 * float(u[2]), 4.0 + 2.0 * float(u[3]), share, surge_sd=0.4)


def shifting(seed: int) -> tuple[Mapping[str, pa.Table], Truth]:
    """A hospital whose constraint moves to another team for patients admitted from a known day on.

    Both teams work daily from 7 to 21 and see everybody. Before the day the first has ρ = .98 and the second .45;
    afterwards the first .50 and the second 1.25, so that work at the second grows by a quarter of a day every day while
    the first, half idle, drains what it had. Recovery is short (a day or two), so that the change reaches teams that
    come after it at once.
    """
    luck = generator(seed, "shift-plan")
    pair = luck.permutation(len(NAMES) - 1)[:2]
    first, second = (tuple(NAMES)[1:][int(i)] for i in pair)
    staff = 2 + luck.integers(3, size=2)
    sessions = {key: Team(key, NAMES[key], daily(int(c), 7, 21)) for key, c in zip((first, second), staff)}
    day = 50 + int(luck.integers(21))
    steps: tuple[Step, ...] = SEQUENTIAL
    for key in (first, second):
        steps = _with_step(steps, key, hours=1.0, share=1.0)
    steps = tuple(replace(s, hours=(24.0, 30.0, 36.0), cv=0.3) if s.code == "recovery" else s for s in steps)
    admitted = arrivals.steady(seed, PATIENTS, PATIENTS / (110 * 24.0))
    late = admitted >= day * 24.0
    patient_class = draw_classes(seed, PATIENTS)
    wanted = care(seed, steps, patient_class, estimate_r=0.5)
    spans = (day * 24.0, float(admitted[-1]) - day * 24.0)
    factors = {}
    for key, utilisations in ((first, (0.98, 0.50)), (second, (0.45, 1.25))):
        column = wanted.column(STEP_OF[key])
        factor = np.empty(PATIENTS)
        for who, span, rho in zip((~late, late), spans, utilisations):
            factor[who] = rho * _servers(sessions[key]) * span / wanted.work[who, column].sum()
        factors[STEP_OF[key]] = factor
    wanted = care(seed, steps, patient_class, estimate_r=0.5, factors=factors)
    teams = [sessions[key] if key in sessions else _light(key, wanted, sum(spans)) for key in NAMES]
    truth = Truth(first, first, SHIFTING, shift_at=day, then=second)
    return _tables(seed, patient_class, admitted, wanted, teams, truth), truth


def _tables(
    seed: int, patient_class: NDArray[np.int64], admitted: Floats, wanted: Care, teams: list[Team], truth: Truth
) -> Mapping[str, pa.Table]:
    people = patient_table(seed, patient_class, admitted, buffers(seed, wanted))
    return {
        "patients": people,
        **task_tables(people["patient_id"].combine_chunks(), wanted),
        **team_tables(teams),
        "wards": empty_wards(),
        "truth": truth.table(),
    }


def _with_step(steps: tuple[Step, ...], resource_id: str, *, hours: float, share: float) -> tuple[Step, ...]:
    """The same pathway where one resource's step takes `hours` (more or less by class) and `share` of patients need it.

    Doctors' second reviews become a quarter of an hour, so that what holds patients up is the first.
    """
    changed = []
    for step in steps:
        if step.code == STEP_OF[resource_id]:
            step = replace(step, hours=(0.9 * hours, hours, 1.25 * hours), share=(share, share, share))
        elif step.resource_id == resource_id:
            step = replace(step, hours=(0.25, 0.25, 0.25))
        changed.append(step)
    return tuple(changed)


def _light(key: str, wanted: Care, span: float) -> Team:
    """A team open day and night and busy at most `LIGHT` of it."""
    people = math.ceil(wanted.hours_on(key) / (LIGHT * span))
    return Team(key, NAMES[key], always(people), MORNING_ROUNDS if key == "doctor" else ())


def _servers(team: Team) -> float:
    """Mean number on duty over the week."""
    return team.weekly_staff_hours * 60.0 / MINUTES_IN_A_WEEK
