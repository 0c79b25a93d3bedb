"""What a hospital can change, as functions from one scenario to another: staff, hours, faster work, earlier referral.

Durations stay those of the same patients (common random numbers), so a difference between two runs is the lever's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from folkmoot.engines.flow.model import Ints, Scenario


def add_staff(scenario: Scenario, resource_id: str, extra: int = 1, weekdays: Iterable[int] = range(7)) -> Scenario:
    """`extra` more people of a resource on the given weekdays (Monday is 0), in its usual hours.

    A weekday without shifts gets the hours of the first shift, so `weekdays=[5]` opens Saturday.
    """
    resource = scenario.resources[scenario.resource_index(resource_id)]
    return scenario.with_resource(
        replace(resource, calendar=resource.calendar.with_more_staff(extra, weekdays=weekdays))
    )


def open_longer(scenario: Scenario, resource_id: str, minutes: int) -> Scenario:
    """Every shift of a resource ends `minutes` later."""
    resource = scenario.resources[scenario.resource_index(resource_id)]
    return scenario.with_resource(replace(resource, calendar=resource.calendar.with_longer_hours(minutes)))


def speed_up(scenario: Scenario, resource_id: str, factor: float) -> Scenario:
    """Divide the work (and its estimates) of one resource by `factor`: off-loading, simpler forms, better tools."""
    if factor <= 0:
        raise ValueError(f"Work cannot be divided by {factor}; give a factor above 0, such as 1.1.")
    mine = scenario.tasks.resource == scenario.resource_index(resource_id)
    tasks = replace(
        scenario.tasks,
        work=np.where(mine, scenario.tasks.work / factor, scenario.tasks.work),
        estimate=np.where(mine, scenario.tasks.estimate / factor, scenario.tasks.estimate),
    )
    return replace(scenario, tasks=tasks, _cache={})


@dataclass(frozen=True, slots=True)
class Referral:
    """An earlier referral: `codes` start when the predecessors of `instead_of` are done, beside it, not after it."""

    codes: tuple[str, ...]
    instead_of: str

    def __str__(self) -> str:
        return f"start {', '.join(self.codes)} beside {self.instead_of} instead of after it"


def earlier_referral(scenario: Scenario, resource_id: str) -> Referral | None:
    """The referral that would feed `resource_id` sooner: the delay its tasks wait behind, and the tasks in between.

    None when no delay (a task that needs nobody) stands before its tasks.
    """
    tasks, wanted = scenario.tasks, scenario.resource_index(resource_id)
    source, target = edges(scenario)
    is_delay = tasks.resource < 0
    to_move = tasks.resource == wanted
    for _ in range(8):  # walk back over people's tasks until a delay is reached
        feeding = np.zeros(len(tasks), dtype=np.bool_)
        feeding[source[to_move[target] & ~is_delay[source]]] = True
        behind = np.zeros(len(tasks), dtype=np.bool_)
        behind[target[is_delay[source]]] = True
        reach = _downstream(source, target, behind)
        if not (feeding & reach & ~to_move).any():
            break
        to_move |= feeding & reach
    gates = source[to_move[target] & is_delay[source]]
    if not len(gates):
        return None
    delay = Counter(tasks.code[gates].tolist()).most_common(1)[0][0]
    codes = sorted(set(tasks.code[to_move].tolist()))
    return Referral(tuple(codes), delay)


def refer_early(scenario: Scenario, referral: Referral) -> Scenario:
    """Take `referral.codes` off the delay: they follow what the delay follows, and what followed them follows both."""
    tasks = scenario.tasks
    moving = np.isin(tasks.code, list(referral.codes))
    delay = tasks.code == referral.instead_of
    source, target = edges(scenario)
    cut = delay[source] & moving[target]
    leads_to: dict[int, list[int]] = {}
    for a, b in zip(source[delay[target]].tolist(), target[delay[target]].tolist()):
        leads_to.setdefault(b, []).append(a)
    exits: dict[int, list[int]] = {}
    leaving = moving[source] & ~moving[target]
    for a, b in zip(source[leaving].tolist(), target[leaving].tolist()):
        exits.setdefault(int(tasks.patient[a]), []).append(b)
    extra: set[tuple[int, int]] = set()
    for gate, task in zip(source[cut].tolist(), target[cut].tolist()):
        extra.update((before, task) for before in leads_to.get(gate, ()))
        extra.update((gate, after) for after in exits.get(int(tasks.patient[task]), ()) if after > gate)
    added = np.array(sorted(extra), dtype=np.int64).reshape(-1, 2)
    source = np.concatenate([source[~cut], added[:, 0]])
    target = np.concatenate([target[~cut], added[:, 1]])
    pairs = np.unique(np.stack([source, target]), axis=1)
    source, target = pairs[0], pairs[1]
    n = len(tasks)
    return replace(
        scenario,
        tasks=replace(
            tasks,
            n_pred=np.bincount(target, minlength=n).astype(np.int64),
            succ_ptr=np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64),
            succ=target,
        ),
        _cache={},
    )


def edges(scenario: Scenario) -> tuple[Ints, Ints]:
    """Sources and targets of all precedence edges, as task numbers."""
    tasks = scenario.tasks
    return np.repeat(np.arange(len(tasks)), np.diff(tasks.succ_ptr)), tasks.succ


def _downstream(source: Ints, target: Ints, seed: np.ndarray) -> np.ndarray:
    """Everything reachable from `seed`, itself included."""
    reached = seed.copy()
    while True:
        new = np.zeros_like(reached)
        new[target[reached[source]]] = True
        if not (new & ~reached).any():
            return reached
        reached |= new
