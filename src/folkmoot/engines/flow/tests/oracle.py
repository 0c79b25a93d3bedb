"""The best possible order of a small hospital, by OR-Tools' CP-SAT: what bounds must not exceed and orders may approach.

Time goes in whole hours. Every hour of work is placed by itself, so work may pause at any moment and change hands: at
least as free as any hospital the simulator knows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.engines.flow.model import Scenario
from folkmoot.engines.flow.sim.simulate import capacity_steps


@dataclass(frozen=True, slots=True)
class Best:
    """The mean stay of the best schedule found (hours), whether it is proved best, and the proved floor."""

    mean_hours: float
    proved: bool
    floor: float


def best_mean_stay(scenario: Scenario, hours: int, *, effort: float = 20.0) -> Best:
    """Within `hours` of the origin, which must suffice. Admissions and work must be whole hours.

    `effort` is CP-SAT's deterministic time, so that the answer does not depend on the machine.
    """
    from ortools.sat.python import cp_model

    tasks, people = scenario.tasks, scenario.patients
    work = np.rint(tasks.work).astype(int)
    if not np.array_equal(work, tasks.work) or not np.array_equal(np.rint(people.admitted), people.admitted):
        raise ValueError("The oracle works in whole hours.")
    model = cp_model.CpModel()
    at_work = [[model.new_bool_var(f"{j} {t}") for t in range(hours)] for j in range(len(tasks))]
    for j, row in enumerate(at_work):
        model.add(sum(row) == int(work[j]))
        for t in range(min(hours, int(people.admitted[tasks.patient[j]]))):
            model.add(row[t] == 0)
    for j in range(len(tasks)):
        for k in tasks.succ[tasks.succ_ptr[j] : tasks.succ_ptr[j + 1]]:
            for t in range(hours):
                model.add(int(work[j]) <= sum(at_work[j][:t])).only_enforce_if(at_work[k][t])
    for r, steps in enumerate(capacity_steps(scenario)):
        mine = np.flatnonzero(tasks.resource == r)
        for t in range(hours):
            people_on_duty = int(steps.capacity[np.searchsorted(steps.times, t, side="right") - 1])
            model.add(sum(at_work[j][t] for j in mine) <= people_on_duty)
    ends = []
    for p in range(len(people)):
        end = model.new_int_var(int(people.admitted[p]), hours, f"end {p}")
        for j in range(scenario.task_ptr[p], scenario.task_ptr[p + 1]):
            for t in range(hours):
                model.add(end >= t + 1).only_enforce_if(at_work[j][t])
        ends.append(end)
    model.minimize(sum(ends))
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = effort
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise ValueError(f"No schedule fits into {hours} hours ({solver.status_name(status)}).")
    admitted = float(people.admitted.sum())
    mean = (solver.objective_value - admitted) / len(people)
    return Best(mean, status == cp_model.OPTIMAL, (solver.best_objective_bound - admitted) / len(people))
