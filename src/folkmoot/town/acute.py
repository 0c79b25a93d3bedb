"""Aldermoor General: the hospital of the demonstration, with beds, a ward for each need, surges by hour and weekday.

Emergency patients come day and night with the profile of an English emergency department, most on Mondays; elective
patients on weekday mornings. Older and more deprived people need more and longer support after discharge (pathways P0
to P3 of the hospital discharge guidance). A few in a hundred have sepsis or a stroke and go before everybody else.
All are adults.

The planted truth: **social care is the constraint**, and also the busiest. Staff are set from the work that comes so
that social care is busy .98 of its open hours and no other team more than .72 of its own. In winter, when a fifth more
patients come, social care falls behind and catches up only in spring; nobody else comes near being full. Each of its
patients moreover waits out nights and weekends, Σ gap² / (2 · 168) = 15 hours in the mean, on the critical path.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from folkmoot.town import arrivals
from folkmoot.town.archetypes import CLASSES, buffers, numbered
from folkmoot.town.borough import Residents, sexes
from folkmoot.town.pathways import Care, Step, care, task_tables
from folkmoot.town.randomness import generator
from folkmoot.town.teams import MORNING_ROUNDS, Hours, Team, always, team_tables
from folkmoot.town.truth import Truth

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

BY_HOUR = np.array(
    [2.6, 2.2, 1.9, 1.7, 1.6, 1.7, 2.1, 2.8, 4.0, 5.4, 6.2, 6.4]
    + [6.2, 6.0, 5.9, 5.8, 5.8, 5.7, 5.5, 5.1, 4.6, 4.2, 3.7, 3.1]
)  # fmt: skip
BY_WEEKDAY = np.array([1.13, 1.02, 1.00, 0.99, 1.01, 0.93, 0.92])
ELECTIVE_HOURS = np.where(np.isin(np.arange(24), (7, 8, 11, 12)), 1.0, 0.0)
ELECTIVE_WEEKDAYS = np.array([1.2, 1.3, 1.2, 1.2, 0.9, 0.0, 0.0])
ELECTIVE_SHARE = 0.15
SURGE_SD = 0.15
LEAVES_EARLY = 0.02

WARDS = (
    ("AMU", "Acute medical unit", 48),
    ("SHORT", "Short stay", 50),
    ("FRAIL", "Care of older people", 84),
    ("RESP", "Respiratory and general medicine", 44),
    ("CARD", "Cardiology", 30),
    ("STROKE", "Stroke and neurology", 30),
    ("SURG", "General surgery", 46),
    ("ORTHO", "Trauma and orthopaedics", 48),
)
AMU, SHORT, FRAIL, RESP, CARD, STROKE, SURG, ORTHO = range(8)

STEPS = (
    Step("senior-review", "doctor", (), (1.0, 1.25, 1.5)),
    Step("imaging", "imaging", ("senior-review",), (3.0, 3.5, 4.0), (0.55, 0.6, 0.75)),
    Step("second-review", "doctor", ("imaging",), (0.75, 1.0, 1.25)),
    Step("recovery", None, ("imaging",), (60.0, 150.0, 264.0), cv=0.6),
    Step("therapy", "therapy", ("second-review", "recovery"), (0.75, 1.5, 2.5), (0.3, 0.7, 0.95)),
    Step("social-assessment", "social", ("therapy",), (2.0, 3.5, 6.0)),
    Step("placement", None, ("social-assessment",), (12.0, 36.0, 72.0), cv=1.0, with_step="social-assessment"),
    Step("tto", "pharmacy", ("placement",), (0.75, 1.0, 1.5), (0.9, 0.97, 1.0)),
    Step("transport", "transport", ("tto",), (1.0, 1.25, 1.5), (0.35, 0.6, 0.9)),
)
WEEKDAYS = tuple(range(5))
# Hours of one person each; `teams` puts as many people on them as give the utilisation wanted in open hours.
TEAMS = (
    Team("doctor", "Ward doctors", always(1), MORNING_ROUNDS),
    Team("imaging", "Imaging", always(1), kind="machine"),
    Team("therapy", "Therapy", (Hours(WEEKDAYS, 480, 1080, 1), Hours((5, 6), 540, 900, 1))),
    Team("social", "Social care", (Hours(WEEKDAYS, 540, 1020, 1),)),
    Team("pharmacy", "Pharmacy", (Hours(WEEKDAYS, 480, 1080, 1), Hours((5, 6), 540, 900, 1))),
    Team("transport", "Patient transport", (Hours(tuple(range(7)), 480, 1200, 1),)),
)
UTILISATION = {"doctor": 0.62, "imaging": 0.72, "therapy": 0.60, "social": 0.98, "pharmacy": 0.60, "transport": 0.58}
TRUTH = Truth(constraint="social", busiest="social", kind="scarce team in office hours")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a hospital: days of admissions, patients a day, and its share of the beds of Aldermoor General."""

    days: int
    per_day: float
    beds: float


@dataclass(frozen=True, eq=False, slots=True)
class Admissions:
    """Who came, in order of arrival."""

    hours: Floats
    elective: NDArray[np.bool_]
    resident: Ints
    patient_class: Ints
    pathway: Ints
    urgent: NDArray[np.bool_]
    ward: Ints


def hospital(seed: int, size: Size, residents: Residents, *, estimate_r: float = 0.5) -> dict[str, pa.Table]:
    """The hospital tables of the town."""
    who = admit(seed, size, residents)
    wanted = _care(seed, who, estimate_r)
    patient_ids = numbered("P", len(who.hours))
    tables = {"patients": _patients(seed, who, wanted, residents, patient_ids)}
    tables |= task_tables(patient_ids, wanted, ward=_ward_of_each_step(who))
    tables |= team_tables(teams(wanted, size))
    beds = [max(2, round(beds * size.beds)) for _, _, beds in WARDS]
    tables["wards"] = pa.table(
        {
            "ward_id": pa.array([w[0] for w in WARDS], pa.string()),
            "name": pa.array([w[1] for w in WARDS], pa.string()),
            "beds": pa.array(beds, pa.int64()),
        }
    )
    return tables


def admit(seed: int, size: Size, residents: Residents) -> Admissions:
    """Arrivals and the people behind them; nobody is admitted twice."""
    surges = arrivals.surge_factors(seed, size.days, sd=SURGE_SD) * _winter(size.days)
    emergency = arrivals.profiled(
        seed, "emergency", days=size.days, per_day=size.per_day * (1 - ELECTIVE_SHARE), by_hour=BY_HOUR,
        by_weekday=BY_WEEKDAY, daily=surges,
    )  # fmt: skip
    elective = arrivals.profiled(
        seed, "elective", days=size.days, per_day=size.per_day * ELECTIVE_SHARE, by_hour=ELECTIVE_HOURS,
        by_weekday=ELECTIVE_WEEKDAYS,
    )  # fmt: skip
    hours = np.concatenate([emergency, elective])
    planned = np.concatenate([np.zeros(len(emergency), dtype=bool), np.ones(len(elective), dtype=bool)])
    order = np.argsort(hours, kind="stable")
    hours, planned = hours[order], planned[order]
    n = len(hours)
    resident = _who(seed, n, residents)
    age, decile = residents.age[resident], residents.imd_decile[resident]
    frailty = (
        0.055 * (age - 70) + 0.09 * (5.5 - decile) + 0.15 * residents.female[resident]
        + generator(seed, "frailty").standard_normal(n) - 0.8 * planned
    )  # fmt: skip
    patient_class = np.digitize(frailty, (-0.4, 0.9)).astype(np.int64)
    support = frailty + 0.8 * generator(seed, "support").standard_normal(n)
    pathway = np.digitize(support, (0.1, 1.7, 2.7)).astype(np.int64)
    urgent = (generator(seed, "urgent").random(n) < 0.045) & ~planned
    ward = _wards(seed, age, patient_class, planned, urgent)
    return Admissions(hours, planned, resident, patient_class, pathway, urgent, ward)


def _winter(days: int) -> Floats:
    """Emergencies peak around 20 January, a fifth above the rest of the year."""
    from_peak = (np.arange(days) + 4 - 19 + 182) % 365 - 182
    return 1.0 + 0.2 * np.exp(-((from_peak / 35.0) ** 2))


def teams(wanted: Care, size: Size) -> tuple[Team, ...]:
    """Staff that give each team the utilisation of `UTILISATION` in its open hours, given the work that comes."""
    weeks = size.days / 7.0
    result = []
    for team in TEAMS:
        people = wanted.hours_on(team.id) / (weeks * UTILISATION[team.id] * team.weekly_staff_hours)
        result.append(replace(team, hours=tuple(h for window in team.hours for h in _staffed(window, people))))
    return tuple(result)


def _staffed(window: Hours, people: float) -> list[Hours]:
    """`people` (a fraction) on duty: whole people throughout, one more for part of the window, to the quarter hour."""
    whole = max(1, int(people))
    rows = [replace(window, staff=whole)]
    part = round(max(0.0, people - whole) * (window.end - window.start) / 15) * 15
    if part:
        # The extra person works from eight where that leaves room, for that is when the work comes.
        start = min(max(window.start, 8 * 60), window.end - part)
        rows.append(replace(window, start=start, end=start + part, staff=1))
    return rows


def _who(seed: int, n: int, residents: Residents) -> Ints:
    """n different adults, older and more deprived ones more often (exponential races, Efraimidis & Spirakis 2006)."""
    adult = residents.age >= 18
    if n > adult.sum():
        raise ValueError(f"{n} patients cannot all be different people of a town of {adult.sum()} adults.")
    hazard = np.exp(0.038 * (residents.age - 50.0) + 0.05 * (5.5 - residents.imd_decile))
    race = generator(seed, "who").standard_exponential(len(residents)) / hazard
    race[~adult] = np.inf
    first = np.argpartition(race, n - 1)[:n] if n else np.zeros(0, dtype=np.int64)
    # Shuffle, so that the frailest do not all come first.
    return np.asarray(np.sort(first)[generator(seed, "turn").permutation(n)], dtype=np.int64)


def _wards(seed: int, age: Ints, patient_class: Ints, planned: NDArray[np.bool_], urgent: NDArray[np.bool_]) -> Ints:
    """The ward where a patient recovers."""
    u = generator(seed, "ward").random(len(age))
    medical = np.select(
        [(age >= 75) & (u < 0.55), u < 0.16, u < 0.27, u < 0.50, u < 0.67, u < 0.80, u < 0.92],
        [FRAIL, CARD, STROKE, RESP, SURG, FRAIL, ORTHO],
        SHORT,
    )
    medical = np.where((patient_class == 0) & (u > 0.40) & (u < 0.80), SHORT, medical)
    ward = np.where(planned, np.where(u < 0.5, SURG, ORTHO), medical)
    return np.asarray(np.where(urgent, np.where(u < 0.45, STROKE, RESP), ward), dtype=np.int64)


def _care(seed: int, who: Admissions, estimate_r: float) -> Care:
    needs_social = np.array([0.25, 0.90, 1.0, 1.0])[who.pathway]
    recovery = np.where(who.elective, 0.7, np.where(who.urgent, 1.25, 1.0))
    return care(
        seed, STEPS, who.patient_class, estimate_r=estimate_r,
        factors={"recovery": recovery, "placement": np.array([0.4, 0.8, 1.6, 2.2])[who.pathway]},
        shares={"social-assessment": needs_social},
    )  # fmt: skip


def _patients(seed: int, who: Admissions, wanted: Care, residents: Residents, patient_ids: pa.Array) -> pa.Table:
    n = len(who.hours)
    buffer = buffers(seed, wanted)
    goes = generator(seed, "leaves").random(n) < LEAVES_EARLY
    after = buffer * generator(seed, "leaves-when").uniform(0.05, 0.6, n)
    condition = np.where(who.urgent, np.where(who.ward == STROKE, 1, 0), -1)
    return pa.table(
        {
            "patient_id": patient_ids,
            "nhs_number": residents.nhs_number.take(pa.array(who.resident)),
            "admitted_at": arrivals.timestamps(who.hours),
            "admission": pa.array(["emergency", "elective"], pa.string()).take(pa.array(who.elective.astype(np.int64))),
            "patient_class": pa.array(CLASSES, pa.string()).take(pa.array(who.patient_class)),
            "pathway": pa.array(["P0", "P1", "P2", "P3"], pa.string()).take(pa.array(who.pathway)),
            "condition": pa.array(["sepsis", "stroke"], pa.string()).take(pa.array(condition, mask=condition < 0)),
            "clinical_priority": pa.array(np.where(who.urgent, 0, 1)),
            "buffer_hours": pa.array(buffer),
            "leaves_at": arrivals.timestamps(np.where(goes, who.hours + after, np.nan)),
            "ward_id": pa.array([w[0] for w in WARDS], pa.string()).take(pa.array(who.ward)),
            "age": pa.array(residents.age[who.resident]),
            "sex": sexes(residents.female[who.resident]),
            "imd_decile": pa.array(residents.imd_decile[who.resident]),
        }
    )


def _ward_of_each_step(who: Admissions) -> list[pa.Array]:
    """Emergencies are reviewed and imaged in the acute medical unit, then move to their ward; electives go straight."""
    names = pa.array([w[0] for w in WARDS], pa.string())
    home = names.take(pa.array(who.ward))
    first = names.take(pa.array(np.where(who.elective, who.ward, AMU)))
    return [first if step.code in ("senior-review", "imaging") else home for step in STEPS]
