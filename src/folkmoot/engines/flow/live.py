"""The hospital as it stands at one moment: who is in, what is done, in hand and waiting. Simulations start from here.

A census is itself a `Scenario` whose `start` is the moment and whose tasks carry a status, so that everything that
works on scenarios (ordering, simulating, bounding) works on the hospital of this morning.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from folkmoot.engines.flow.model import DONE, OPEN, RUNNING, Scenario
from folkmoot.engines.flow.path import buffers
from folkmoot.engines.flow.resample import bootstrap, join, redraw_open, take
from folkmoot.engines.flow.sim.simulate import Result


def census(result: Result, now: float) -> Scenario:
    """The patients in hospital `now` (hours since the origin), as a simulated history left them."""
    scenario, tasks = result.scenario, result.scenario.tasks
    people = scenario.patients
    inside = (people.admitted <= now) & ~(result.discharged <= now)
    done = result.ended <= now
    running = (result.begun <= now) & ~done
    ready = np.where(result.ready <= now, result.ready, np.nan)
    known = replace(
        tasks,
        status=np.select([done, running], [DONE, RUNNING], OPEN).astype(np.int64),
        ready=ready,
        started=np.where(done | running, result.begun, np.nan),
    )
    with_buffer = replace(people, buffer=buffers(scenario))
    whole = replace(scenario, patients=with_buffer, tasks=known, _cache={})
    return replace(take(whole, np.flatnonzero(inside)), start=now)


def future(census: Scenario, history: Scenario, rng: np.random.Generator, *, days: float) -> Scenario:
    """The census with unknown durations drawn anew, and `days` of arrivals in the pattern of `history` after it.

    Both must come from the same tables of resources and wards; the hours of the week of arrivals are kept.
    """
    start = history.hours(census.at(census.start))
    arrivals = bootstrap(history, rng, weeks=int(np.ceil(days / 7.0)) + 2, start=start)
    soon = np.flatnonzero(arrivals.patients.admitted < start + 24.0 * days)
    return join(redraw_open(census, rng), take(arrivals, soon))


@dataclass(frozen=True, slots=True)
class PlannedDischarge:
    """A planned discharge date that can be moved but not gamed: buffers count from the first date, moves are counted.

    >>> from datetime import date
    >>> plan = PlannedDischarge.of(date(2026, 3, 2)).moved(date(2026, 3, 5))
    >>> plan.first.isoformat(), plan.current.isoformat(), plan.moves
    ('2026-03-02', '2026-03-05', 1)
    """

    first: date
    current: date
    moves: int = 0

    @classmethod
    def of(cls, day: date) -> PlannedDischarge:
        return cls(day, day)

    def moved(self, day: date) -> PlannedDischarge:
        """The plan with another date; setting the same date again changes nothing."""
        return self if day == self.current else PlannedDischarge(self.first, day, self.moves + 1)


@dataclass(frozen=True, slots=True)
class DischargeReady:
    """The discharge-ready date: the start of the final period in which the patient no longer meets the criteria to
    reside; blank for patients discharged the same day; cleared when the patient meets them again (NHS England,
    Discharge Ready Date guidance)."""

    since: datetime | None = None
    rescinded: int = 0

    def assessed(self, *, meets_criteria_to_reside: bool, at: datetime) -> DischargeReady:
        """After one assessment."""
        if meets_criteria_to_reside:
            return self if self.since is None else DischargeReady(None, self.rescinded + 1)
        return self if self.since is not None else DischargeReady(at, self.rescinded)

    def reported(self, *, discharged: datetime) -> datetime | None:
        """The date to report: blank if the patient left on the day it began."""
        if self.since is None or self.since.date() == discharged.date():
            return None
        return self.since

    def delay(self, until: datetime) -> timedelta:
        """Time in hospital beyond readiness."""
        return timedelta(0) if self.since is None else until - self.since
