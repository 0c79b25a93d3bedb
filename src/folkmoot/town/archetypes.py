"""Three archetype hospitals on which orders of work are compared: A, B and C of the flow engine's notes, §1.2.

Patients are simple, intermediate or complex (50, 30 and 20 %). Their network:

    senior review → imaging (60 %) → second review ∥ recovery → therapy → social care assessment → placement delay
    → medicines to take out (TTO) → transport

Social care is the constraint. **A**: only complex patients need it, ten people. **B**: 60 % of all patients need it
(1.5, 3 and 8 hours by class), three people. **C**: B under slow surges of arrivals. Everybody else is sized to be busy
at most half the time. With office hours, therapy and social care work weekdays 9–17.

The arrival rate follows from the utilisation ρ wanted of the constraint in its open hours,

    λ = ρ · staff-hours per hour / expected hours of social care per patient,

and the draws do not depend on ρ, hours, early referral or the quality of estimates: scenarios differ only where they
say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.town import arrivals
from folkmoot.town.pathways import Care, Step, care, critical_path, task_tables
from folkmoot.town.randomness import generator
from folkmoot.town.teams import MINUTES_IN_A_WEEK, MORNING_ROUNDS, Team, always, office, team_tables

type Ints = NDArray[np.int64]

CLASSES = ("simple", "intermediate", "complex")
CLASS_SHARES = (0.5, 0.3, 0.2)
CONSTRAINT = "social"
BUFFER_FACTOR = 1.6
BUFFER_CV = 0.3
LIGHT = 0.5

NAMES = {
    "doctor": "Doctors",
    "imaging": "Imaging",
    "therapy": "Therapy",
    "social": "Social care",
    "pharmacy": "Pharmacy",
    "transport": "Patient transport",
}

SEQUENTIAL = (
    Step("senior-review", "doctor", (), (0.75, 1.0, 1.25)),
    Step("imaging", "imaging", ("senior-review",), (0.75, 1.0, 1.25), (0.6, 0.6, 0.6)),
    Step("second-review", "doctor", ("imaging",), (0.5, 0.75, 1.0)),
    Step("recovery", None, ("imaging",), (40.0, 84.0, 132.0), cv=0.5),
    Step("therapy", "therapy", ("second-review", "recovery"), (0.75, 1.25, 2.0)),
    Step("social-assessment", "social", ("therapy",), (1.5, 3.0, 8.0), (0.4, 0.7, 0.95)),
    Step("placement", None, ("social-assessment",), (2.0, 6.0, 12.0), with_step="social-assessment"),
    Step("tto", "pharmacy", ("placement",), (0.75, 1.0, 1.5)),
    Step("transport", "transport", ("tto",), (0.75, 1.0, 1.25)),
)
# Referred when the second review is done, while the patient still recovers; medicines wait for both.
EARLY = {"therapy": ("second-review",), "tto": ("recovery", "placement")}


def hospital(
    name: str,
    *,
    rho: float,
    hours: str = "24/7",
    patients: int = 20_000,
    seed: int = 1,
    early_referral: bool = False,
    estimate_r: float = 0.5,
    surges: float | None = None,
) -> Mapping[str, pa.Table]:
    """The tables of an archetype hospital, for `engines.flow.Scenario.from_tables`.

    `rho` is the utilisation of social care in its open hours; `hours` is "24/7" or "office"; `estimate_r` the
    correlation of (log) estimates with the truth; `surges` the log standard deviation of slow surges (10-day memory),
    by default that of the archetype. Buffers come from the sequential network also under early referral, so that the
    promise to a patient does not move when the hospital gets better.
    """
    if name not in ("A", "B", "C"):
        raise ValueError(f"There is no archetype hospital “{name}”; choose A, B or C.")
    if hours not in ("24/7", "office"):
        raise ValueError(f"An archetype hospital has hours “24/7” or “office”, not “{hours}”.")
    if not rho > 0:
        raise ValueError(f"The utilisation wanted is {rho}; it must be above zero.")
    steps = _steps(name)
    teams = _teams(name, steps, hours)
    rate = rho * _staff(teams, CONSTRAINT) / load(steps, CONSTRAINT)
    sd = surges if surges is not None else (0.35 if name == "C" else 0.0)
    admitted = arrivals.surging(seed, patients, rate, sd=sd) if sd > 0 else arrivals.steady(seed, patients, rate)
    patient_class = draw_classes(seed, patients)
    wanted = care(seed, steps, patient_class, estimate_r=estimate_r)
    people = patient_table(seed, patient_class, admitted, buffers(seed, wanted))
    if early_referral:
        wanted = replace(wanted, steps=refer_early(steps))
    return {
        "patients": people,
        **task_tables(people["patient_id"].combine_chunks(), wanted),
        **team_tables(teams),
        "wards": empty_wards(),
    }


def refer_early(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The same steps with therapy and social care started after the second review instead of after recovery."""
    return tuple(replace(step, after=EARLY.get(step.code, step.after)) for step in steps)


def draw_classes(seed: int, n: int) -> Ints:
    """Patient classes as indices into `CLASSES`."""
    edges = np.cumsum(CLASS_SHARES)[:-1]
    return np.searchsorted(edges, generator(seed, "class").random(n), side="right").astype(np.int64)


def buffers(seed: int, wanted: Care) -> NDArray[np.float64]:
    """Hours from admission to the planned discharge date: 1.6 × estimated critical path × lognormal (mean 1, cv .3)."""
    sigma = math.sqrt(math.log1p(BUFFER_CV**2))
    spread = np.exp(sigma * generator(seed, "buffer").standard_normal(len(wanted.work)) - sigma**2 / 2)
    return np.asarray(np.round(BUFFER_FACTOR * critical_path(wanted.steps, wanted.estimate) * spread, 6))


def patient_table(
    seed: int, patient_class: Ints, admitted: NDArray[np.float64], buffer: NDArray[np.float64]
) -> pa.Table:
    """Patients with an age, a sex and a deprivation decile that go with their class, all of the same priority."""
    n = len(patient_class)
    mean = np.array([52.0, 68.0, 80.0])[patient_class]
    age = np.clip(np.rint(mean + 13.0 * generator(seed, "age").standard_normal(n)), 18, 102).astype(np.int64)
    tilt = np.array([1.0, 0.85, 0.7])[patient_class]
    decile = 1 + np.floor(10.0 * generator(seed, "decile").random(n) ** (1 / tilt)).astype(np.int64)
    female = generator(seed, "sex").random(n) < np.array([0.50, 0.52, 0.56])[patient_class]
    return pa.table(
        {
            "patient_id": numbered("P", n),
            "admitted_at": arrivals.timestamps(admitted),
            "patient_class": pa.array(CLASSES, pa.string()).take(pa.array(patient_class)),
            "clinical_priority": pa.array(np.ones(n, dtype=np.int64)),
            "buffer_hours": pa.array(buffer),
            "age": pa.array(age),
            "sex": pa.array(["male", "female"]).take(pa.array(female.astype(np.int64))),
            "imd_decile": pa.array(np.minimum(decile, 10)),
        }
    )


def numbered(prefix: str, n: int) -> pa.Array:
    """Identifiers P000001, P000002 …, wide enough to sort as text."""
    width = max(6, len(str(n)))
    return pa.array([f"{prefix}{i:0{width}d}" for i in range(1, n + 1)], pa.string())


def empty_wards() -> pa.Table:
    """No wards: beds are not a limit here."""
    return pa.table(
        {"ward_id": pa.array([], pa.string()), "name": pa.array([], pa.string()), "beds": pa.array([], pa.int64())}
    )


def _steps(name: str) -> tuple[Step, ...]:
    if name != "A":
        return SEQUENTIAL
    only_complex = {"social-assessment": (0.0, 0.0, 1.0)}
    # Longer than in B, so that the mean critical path is the same 82 hours.
    longer = {"placement": (2.0, 6.0, 24.0)}
    return tuple(
        replace(s, share=only_complex.get(s.code, s.share), hours=longer.get(s.code, s.hours)) for s in SEQUENTIAL
    )


def load(steps: tuple[Step, ...], resource_id: str) -> float:
    """Expected hours a patient brings to a resource."""
    return sum(
        share * need * mean
        for step in steps
        if step.resource_id == resource_id
        for share, need, mean in zip(CLASS_SHARES, step.share, step.hours)
    )


def _staff(teams: tuple[Team, ...], resource_id: str) -> float:
    """Staff-hours per hour of the week."""
    return next(t.weekly_staff_hours for t in teams if t.id == resource_id) * 60.0 / MINUTES_IN_A_WEEK


def _teams(name: str, steps: tuple[Step, ...], hours: str) -> tuple[Team, ...]:
    """Social care as the archetype says; every other team busy at most half the time even when social care is full."""
    timetable = {"therapy": office, "social": office} if hours == "office" else {}
    staff = 10 if name == "A" else 3
    social = Team(CONSTRAINT, NAMES[CONSTRAINT], timetable.get(CONSTRAINT, always)(staff))
    full_rate = _staff((social,), CONSTRAINT) / load(steps, CONSTRAINT)
    teams = []
    for key, label in NAMES.items():
        if key == CONSTRAINT:
            teams.append(social)
            continue
        hours_of = timetable.get(key, always)
        one = _staff((Team(key, label, hours_of(1)),), key)
        people = math.ceil(full_rate * load(steps, key) / (LIGHT * one)) + 1
        teams.append(Team(key, label, hours_of(people), MORNING_ROUNDS if key == "doctor" else ()))
    return tuple(teams)
