"""Textbook queues as scenarios: stations in a row, each with its servers, under Poisson arrivals.

For checks against theory (Erlang C, Pollaczek–Khinchine, Cobham) and against other simulators, and as the shortest way
to try an ordering rule on a queue one understands.

>>> import numpy as np
>>> from folkmoot.engines.flow.sim.simulate import simulate
>>> scenario = tandem([2], 0.5, 2_000, np.random.default_rng(1))
>>> result = simulate(scenario, "fcfs")
>>> round(float((result.begun - result.ready).mean()), 1)    # Erlang C: 1/3 hour
0.3
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from folkmoot.engines.flow.calendar import Calendar
from folkmoot.engines.flow.model import Floats, Ints, Patients, Resource, Scenario, Tasks

ORIGIN = datetime(2026, 1, 5, tzinfo=UTC)


def tandem(
    servers: Sequence[int],
    utilisation: float,
    patients: int,
    rng: np.random.Generator,
    *,
    urgent_share: float = 0.0,
    cv: float | None = None,
) -> Scenario:
    """Patients arrive one an hour (Poisson) and pass every station in turn, open day and night.

    Station i has `servers[i]` servers and mean service `utilisation * servers[i]` hours: exponential, or lognormal with
    coefficient of variation `cv`. `urgent_share` of patients have clinical priority 0, the others 1.
    """
    stations = len(servers)
    admitted = np.cumsum(rng.standard_exponential(patients))
    work = rng.standard_exponential((patients, stations)) if cv is None else _lognormal(rng, (patients, stations), cv)
    work.reshape(-1)[:] *= np.tile(utilisation * np.asarray(servers, dtype=np.float64), patients)
    priority = (rng.random(patients) >= urgent_share).astype(np.int64)
    return in_a_row(admitted, work, priority, servers)


def in_a_row(admitted: Floats, work: Floats, priority: Ints, servers: Sequence[int]) -> Scenario:
    """The scenario of given arrivals (hours, n), services (hours, n × stations) and clinical priorities (n)."""
    n, stations = work.shape
    size = n * stations
    blank = np.zeros(n, dtype="<U1")
    nothing, nobody = np.full(size, np.nan), np.broadcast_to(np.int64(-1), size)
    nameless = np.broadcast_to(np.zeros(1, dtype="<U1"), size)
    number, station = np.arange(n), np.arange(stations)
    patient = np.repeat(number, stations)
    links = stations - 1  # one to every station but the first
    links_before = np.arange(size + 1)
    links_before[:size] -= patient
    links_before[size] = n * links
    hours = np.ascontiguousarray(work).ravel()
    return Scenario(
        origin=ORIGIN,
        resources=tuple(
            Resource(f"station-{i + 1}", f"Station {i + 1}", Calendar.always(c)) for i, c in enumerate(servers)
        ),
        wards=(),
        patients=Patients(
            id=blank,
            admitted=admitted,
            patient_class=blank,
            priority=priority,
            buffer=np.full(n, max(1.0, 2.0 * float(hours.mean()) * stations if n else 1.0)),
            leaves=np.full(n, np.inf),
            age=np.broadcast_to(np.int64(-1), n),
            sex=blank,
            imd_decile=np.broadcast_to(np.int64(-1), n),
        ),
        tasks=Tasks(
            id=nameless,
            code=nameless,
            patient=patient,
            resource=np.tile(station, n),
            ward=nobody,
            work=hours,
            estimate=hours,
            n_pred=np.tile((station > 0).astype(np.int64), n),
            succ_ptr=links_before,
            succ=np.arange(1, n * links + 1) + np.repeat(number, links),
            status=np.zeros(size, dtype=np.int64),
            ready=nothing,
            started=nothing,
        ),
        task_ptr=np.arange(0, size + 1, stations),
    )


def _lognormal(rng: np.random.Generator, shape: tuple[int, int], cv: float) -> Floats:
    """Lognormal with mean one."""
    sigma = np.sqrt(np.log1p(cv * cv))
    return np.asarray(np.exp(sigma * rng.standard_normal(shape) - 0.5 * sigma * sigma))
