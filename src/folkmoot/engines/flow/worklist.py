"""One ordered list per resource, for a team that asks "whom next?", with the reason for every rank in words.

The list is kept up to date by events, not rebuilt: an event touches one patient, whose few tasks are looked at again;
then all waiting tasks are scored at once. The order is advice. Clinical priority comes first, whatever the rule says.

>>> from folkmoot import town                                                            # doctest: +SKIP
>>> lists = Worklist(census, policy="index-ageing")
>>> for entry in lists.ranked("social")[:3]:
...     print(entry.position, entry.patient_id, entry.why)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from folkmoot.engines.flow.model import DONE, OPEN, RUNNING, Ints, ModelError, Scenario
from folkmoot.engines.flow.path import buffers, features
from folkmoot.engines.flow.policy import DEFAULT, Policy, Rule, Waiting, get, work_here

WAITING = 3
CANCELLED = 4
COLOURS = ("green", "amber", "red", "black")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a rank: a code for translators, the values in it, and the sentence in English."""

    code: str
    values: dict[str, float | str]

    SENTENCES: ClassVar[dict[str, str]] = {
        "clinical-priority": "Clinical priority {priority} comes before any order.",
        "buffer": "{colour}: {percent:.0f} % of the time to the planned discharge date is used.",
        "late": "{colour}: {late_hours:.0f} hours past the planned discharge date.",
        "critical": "On the critical path: a bed is freed {tail_hours:.0f} hours after this starts.",
        "slack": "Not on the critical path: something else keeps the patient {slack_hours:.0f} hours longer anyway.",
        "work": "{work_hours:.1f} hours of this team's work; {typical_hours:.1f} is typical.",
        "waited": "Has waited {waited_hours:.0f} hours here.",
    }

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self.SENTENCES[self.code].format(**self.values)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list. Times are hours since the origin of the scenario, durations hours."""

    position: int
    task_id: str
    patient_id: str
    code: str
    resource_id: str
    clinical_priority: int
    score: float
    penetration: float
    colour: str
    due: float
    waited_hours: float
    work_hours: float
    frees_bed_in_hours: float
    slack_hours: float
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        """The reasons as one paragraph."""
        return " ".join(reason.text for reason in self.reasons)


class Worklist:
    """The waiting tasks of every resource, in order, kept up to date event by event."""

    def __init__(self, scenario: Scenario, *, now: float | None = None, policy: str | Policy = DEFAULT) -> None:
        """From a census (`live.census`, or a scenario from tables with `now`). Nobody waits before being admitted."""
        self.scenario = scenario
        self.now = scenario.start if now is None else now
        self.policy: Policy = get(policy) if isinstance(policy, str) else policy
        tasks = scenario.tasks
        self._state = tasks.status.copy()
        self._n_pred = tasks.n_pred.copy()
        counts = np.diff(tasks.succ_ptr)
        np.subtract.at(self._n_pred, tasks.succ[np.repeat(tasks.status == DONE, counts)], 1)
        self._ready = np.where(np.isnan(tasks.ready), self.now, tasks.ready)
        self._started = tasks.started.copy()
        self._other_end = np.full(len(tasks), -1e300)
        self._here = work_here(scenario, self.policy) if isinstance(self.policy, Rule) else features(scenario).here
        self._place = {str(task): j for j, task in enumerate(tasks.id)}
        free = (self._state == OPEN) & (self._n_pred == 0) & (tasks.resource >= 0)
        free &= scenario.patients.admitted[tasks.patient] <= self.now
        self._state[free] = WAITING
        for patient in np.unique(tasks.patient[free]).tolist():
            self._refresh(patient)

    @classmethod
    def from_scenario(cls, scenario: Scenario, *, now: float, policy: str | Policy = DEFAULT) -> Worklist:
        """The lists of a scenario at a moment."""
        return cls(scenario, now=now, policy=policy)

    def start(self, task_id: str, *, at: float) -> None:
        """Somebody has taken the task."""
        task = self._find(task_id)
        if self._state[task] not in (WAITING, OPEN):
            raise ModelError(f"Task “{task_id}” cannot start: it is {self._word(task)}.")
        self._state[task], self._started[task], self.now = RUNNING, at, max(self.now, at)
        self._refresh(int(self.scenario.tasks.patient[task]))

    def finish(self, task_id: str, *, at: float) -> None:
        """The task is done; what waited only for it is now waiting for its own resource."""
        task = self._find(task_id)
        if self._state[task] in (DONE, CANCELLED):
            raise ModelError(f"Task “{task_id}” cannot end: it is {self._word(task)}.")
        self._close(task, DONE, at)

    def cancel(self, task_id: str, *, at: float) -> None:
        """The task is not needed after all; what waited for it waits no longer."""
        task = self._find(task_id)
        if self._state[task] == DONE:
            raise ModelError(f"Task “{task_id}” cannot be cancelled: it is done.")
        self._close(task, CANCELLED, at)

    def leave(self, patient_id: str, *, at: float) -> None:
        """The patient has left (died, transferred, gone home): nothing of theirs waits any more."""
        found = np.flatnonzero(self.scenario.patients.id == patient_id)
        if not len(found):
            raise ModelError(f"There is no patient “{patient_id}” on these lists.")
        first, last = self.scenario.task_ptr[found[0]], self.scenario.task_ptr[found[0] + 1]
        mine = self._state[first:last]
        mine[mine != DONE] = CANCELLED
        self.now = max(self.now, at)

    def order(self, *, now: float | None = None) -> Ints:
        """All waiting tasks (numbers), by resource, then clinical priority, then score, ready time and number."""
        when = self.now if now is None else now
        waiting = np.flatnonzero(self._state == WAITING)
        tasks = self.scenario.tasks
        who = tasks.patient[waiting]
        scores = self.policy.scores(self._waiting(waiting), when)
        keys = (waiting, self._ready[waiting], scores, self.scenario.patients.priority[who], tasks.resource[waiting])
        return waiting[np.lexsort(keys)]

    def ranked(self, resource_id: str, *, now: float | None = None) -> list[Entry]:
        """The list of one resource, each line with its reasons."""
        when = self.now if now is None else now
        index = self.scenario.resource_index(resource_id)
        order = self.order(now=when)
        mine = order[self.scenario.tasks.resource[order] == index]
        scores = self.policy.scores(self._waiting(mine), when)
        return [
            self._entry(place, int(task), float(score), when)
            for place, (task, score) in enumerate(zip(mine, scores), start=1)
        ]

    def in_hand(self, resource_id: str) -> list[tuple[str, str, str]]:
        """Task, patient and code of what the resource is working on now."""
        index = self.scenario.resource_index(resource_id)
        tasks = self.scenario.tasks
        busy = np.flatnonzero((self._state == RUNNING) & (tasks.resource == index))
        ids = self.scenario.patients.id[tasks.patient[busy]]
        return [(str(t), str(p), str(c)) for t, p, c in zip(tasks.id[busy], ids, tasks.code[busy])]

    def _waiting(self, tasks: Ints) -> Waiting:
        facts, people = features(self.scenario), self.scenario.patients
        who = self.scenario.tasks.patient[tasks]
        return Waiting(
            ready=self._ready[tasks],
            admitted=people.admitted[who],
            buffer=buffers(self.scenario)[who],
            estimate=self.scenario.tasks.estimate[tasks],
            tail=facts.tail[tasks],
            here=self._here[tasks],
            other_end=self._other_end[tasks],
        )

    def _close(self, task: int, state: int, at: float) -> None:
        tasks = self.scenario.tasks
        self._state[task] = state
        self.now = max(self.now, at)
        for after in tasks.succ[tasks.succ_ptr[task] : tasks.succ_ptr[task + 1]]:
            self._n_pred[after] -= 1
            if self._n_pred[after] == 0 and self._state[after] == OPEN:
                self._ready[after] = at
                self._state[after] = WAITING if tasks.resource[after] >= 0 else RUNNING
                if tasks.resource[after] < 0:
                    self._started[after] = at
        self._refresh(int(tasks.patient[task]))

    def _refresh(self, patient: int) -> None:
        """When the patient's other branches are expected to end, for each waiting task (as in the simulator)."""
        first, last = int(self.scenario.task_ptr[patient]), int(self.scenario.task_ptr[patient + 1])
        if last - first > 62:
            return
        facts, tasks = features(self.scenario), self.scenario.tasks
        rows = np.arange(first, last)
        state = self._state[first:last]
        left = np.maximum(tasks.estimate[rows] - np.maximum(self.now - self._started[rows], 0.0), 0.0)
        running_end = self.now + left + facts.tail[rows] - tasks.estimate[rows]
        ends = np.where(state == RUNNING, running_end, self.now + facts.tail[rows])
        ends = np.where((state == DONE) | (state == CANCELLED), -1e300, ends)
        for task in rows[state == WAITING]:
            after = (int(facts.after[task]) >> (rows - first)) & 1
            others = ends[(after == 0) & (rows != task)]
            self._other_end[task] = others.max(initial=-1e300)

    def _entry(self, place: int, task: int, score: float, now: float) -> Entry:
        scenario, facts = self.scenario, features(self.scenario)
        patient = int(scenario.tasks.patient[task])
        admitted, buffer = float(scenario.patients.admitted[patient]), float(buffers(scenario)[patient])
        penetration = (now - admitted) / buffer
        colour = COLOURS[int(np.clip(np.floor(penetration * 3.0), 0, 3))]
        tail = float(facts.tail[task])
        slack = max(0.0, float(self._other_end[task]) - now - tail)
        resource = int(scenario.tasks.resource[task])
        waited = now - float(self._ready[task])
        priority = int(scenario.patients.priority[patient])
        work = float(facts.here[task])
        reasons = [
            Reason("late", {"colour": colour.capitalize(), "late_hours": now - admitted - buffer})
            if penetration >= 1.0
            else Reason("buffer", {"colour": colour.capitalize(), "percent": 100.0 * penetration}),
            Reason("slack", {"slack_hours": slack}) if slack > 1.0 else Reason("critical", {"tail_hours": tail}),
            Reason("work", {"work_hours": work, "typical_hours": self._typical(resource)}),
            Reason("waited", {"waited_hours": waited}),
        ]
        if priority < self.scenario.patients.priority.max():
            reasons.insert(0, Reason("clinical-priority", {"priority": priority}))
        return Entry(
            position=place,
            task_id=str(scenario.tasks.id[task]),
            patient_id=str(scenario.patients.id[patient]),
            code=str(scenario.tasks.code[task]),
            resource_id=scenario.resources[resource].id,
            clinical_priority=priority,
            score=score,
            penetration=penetration,
            colour=colour,
            due=admitted + buffer,
            waited_hours=waited,
            work_hours=work,
            frees_bed_in_hours=tail,
            slack_hours=slack,
            reasons=tuple(reasons),
        )

    def _typical(self, resource: int) -> float:
        mine = self.scenario.tasks.resource == resource
        return float(features(self.scenario).here[mine].mean())

    def _find(self, task_id: str) -> int:
        try:
            return self._place[task_id]
        except KeyError:
            raise ModelError(f"There is no task “{task_id}” on these lists.") from None

    def _word(self, task: int) -> str:
        return {OPEN: "not yet possible", RUNNING: "in hand", DONE: "done", WAITING: "waiting", CANCELLED: "cancelled"}[
            int(self._state[task])
        ]
