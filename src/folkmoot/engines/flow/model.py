"""The hospital as the engine sees it: patients, tasks with predecessors, resources with calendars, wards with beds.

A `Scenario` is immutable and made of arrays. Tasks of one patient are contiguous (CSR: the tasks of patient p are
`task_ptr[p]:task_ptr[p + 1]`) and stand in an order in which every task comes after its predecessors. Times are hours
since `origin`, durations are hours.

It is built from Arrow tables (`Scenario.from_tables`, the shape that `town.build` and `flow.calibrate` produce):

======== =============================================================================================================
patients patient_id, admitted_at (timestamp UTC), and optionally patient_class, clinical_priority (0 is most urgent),
         buffer_hours, leaves_at, ward_id, age, sex, imd_decile
tasks    task_id, patient_id, code, resource_id (null: a delay that needs nobody, such as recovery), work_hours (what
         it will take), estimate_hours (what is believed beforehand), optionally ward_id (the bed it must be done in),
         and for a live census status ("open", "running", "done"), ready_at, started_at
edges    before, after (task ids of one patient)
resources resource_id, name, and optionally kind, pausable (work waits over closing time; default true)
shifts   resource_id, weekday (Monday 0), start_minute, end_minute, staff
rounds   resource_id, weekday, start_minute, end_minute: the hours of timetabled rounds (used by the rounds policy)
wards    ward_id, name, beds
======== =============================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.flow.calendar import Calendar

if TYPE_CHECKING:
    import pyarrow as pa

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Texts = NDArray[np.str_]

OPEN, RUNNING, DONE = 0, 1, 2


class ModelError(ValueError):
    """The hospital described cannot be simulated; the message says what, where and what to do."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A team or a machine. `calendar` holds hours and staff; `rounds` the hours of timetabled visits, if any."""

    id: str
    name: str
    calendar: Calendar
    rounds: Calendar | None = None
    kind: str = "team"


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward and its staffed beds."""

    id: str
    name: str
    beds: int


@dataclass(frozen=True, eq=False)
class Patients:
    """One row a patient. `buffer` is hours from admission to the planned discharge date; NaN: derive it."""

    id: Texts
    admitted: Floats
    patient_class: Texts
    priority: Ints
    buffer: Floats
    leaves: Floats
    age: Ints
    sex: Texts
    imd_decile: Ints

    def __len__(self) -> int:
        return len(self.admitted)


@dataclass(frozen=True, eq=False)
class Tasks:
    """One row a task, grouped by patient and topologically sorted within the patient.

    `resource` and `ward` are indices, −1 meaning none. `successors` is CSR by `succ_ptr`; `n_pred` the number of direct
    predecessors. `work` is what the task will really take and `estimate` what is believed beforehand, in hours.
    """

    id: Texts
    code: Texts
    patient: Ints
    resource: Ints
    ward: Ints
    work: Floats
    estimate: Floats
    n_pred: Ints
    succ_ptr: Ints
    succ: Ints
    status: Ints
    ready: Floats
    started: Floats

    def __len__(self) -> int:
        return len(self.work)


@dataclass(frozen=True, eq=False)
class Scenario:
    """A hospital and its patients, ready to be simulated."""

    origin: datetime
    resources: tuple[Resource, ...]
    wards: tuple[Ward, ...]
    patients: Patients
    tasks: Tasks
    task_ptr: Ints
    start: float = 0.0
    _cache: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def at(self, hours: float) -> datetime:
        """The moment `hours` after the origin, in UTC."""
        return self.origin + timedelta(hours=float(hours))

    def hours(self, moment: datetime) -> float:
        """Hours from the origin to an aware moment."""
        return (moment - self.origin).total_seconds() / 3600.0

    @property
    def resource_ids(self) -> list[str]:
        return [r.id for r in self.resources]

    def resource_index(self, resource_id: str) -> int:
        """The position of a resource, or a sentence saying which ones there are."""
        try:
            return self.resource_ids.index(resource_id)
        except ValueError:
            known = ", ".join(self.resource_ids)
            raise ModelError(f"There is no resource “{resource_id}”. The resources are: {known}.") from None

    def with_resource(self, resource: Resource) -> Scenario:
        """The same hospital with one resource (found by its id) replaced."""
        index = self.resource_index(resource.id)
        resources = tuple(resource if i == index else r for i, r in enumerate(self.resources))
        return replace(self, resources=resources, _cache={})

    def with_work(self, work: Floats) -> Scenario:
        """The same hospital with other true durations (hours, one a task)."""
        return replace(self, tasks=replace(self.tasks, work=np.asarray(work, dtype=np.float64)), _cache={})

    @classmethod
    def from_tables(
        cls, tables: Mapping[str, pa.Table], *, zone: str = "Europe/London", now: datetime | None = None
    ) -> Scenario:
        """Build from the tables described above. Raises `ModelError` naming the first row that is impossible.

        `now` (aware) makes it a live census: patients admitted before it keep what is done, running and ready.
        """
        from folkmoot.engines.flow._tables import scenario_from_tables

        return scenario_from_tables(tables, zone=zone, now=now)


def refuse_what_began_too_soon(tasks: Tasks, open_predecessors: Ints) -> None:
    """Raise `ModelError` for a task in hand or done although a predecessor is not."""
    early = (tasks.status != OPEN) & (open_predecessors > 0)
    if early.any():
        first = int(np.flatnonzero(early)[0])
        status = "running" if tasks.status[first] == RUNNING else "done"
        raise ModelError(
            f"Task “{tasks.id[first]}” is {status} although a predecessor is not done; correct one of the two."
        )


def planned_discharge(scenario: Scenario, patient: int) -> datetime:
    """The planned discharge date of patient number `patient`: admission plus buffer, in UTC."""
    from folkmoot.engines.flow.path import buffers

    hours = scenario.patients.admitted[patient] + buffers(scenario)[patient]
    return scenario.at(float(hours)).astimezone(UTC)
