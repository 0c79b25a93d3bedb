"""A worklist of 6,000 open tasks put in order again after one event."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np

from benchmarks.measure import Report, Target
from benchmarks.task_network import build
from folkmoot.engines.flow.model import Scenario
from folkmoot.engines.flow.resample import take
from folkmoot.engines.flow.worklist import WAITING, Worklist

OPEN_TASKS = 6_000
EVENTS = 200
WANTED = 10.0


def census(all_waiting: bool) -> Scenario:
    """6,000 open tasks: of the patients of hospital B, or one task each of as many patients, all waiting at once."""
    scenario = build(0, OPEN_TASKS)
    if all_waiting:
        tasks = scenario.tasks
        alone = replace(tasks, n_pred=np.zeros_like(tasks.n_pred), succ=tasks.succ[:0],
                        succ_ptr=np.zeros_like(tasks.succ_ptr),
                        resource=np.where(tasks.resource < 0, 3, tasks.resource))  # fmt: skip
        scenario = replace(scenario, tasks=alone, _cache={})
    patients = int(np.searchsorted(scenario.task_ptr, OPEN_TASKS))
    part = take(scenario, np.arange(patients))
    return replace(part, start=float(part.patients.admitted.max()))


def run(tick: Callable[[], None]) -> Report:
    rows = [["open tasks", "waiting", "event and order, median ms", "99 %", "one list with its reasons, median ms"]]
    slowest = 0.0
    for all_waiting in (False, True):
        scenario = census(all_waiting)
        lists = Worklist.from_scenario(scenario, now=scenario.start)
        waiting = np.flatnonzero(lists._state == WAITING)
        lists.order()
        orders, texts = [], []
        for number in range(EVENTS):
            at = scenario.start + timedelta(minutes=number).total_seconds() / 3600.0
            task = str(scenario.tasks.id[waiting[number]])
            begun = time.process_time()
            lists.finish(task, at=at)
            lists.order()
            orders.append(1e3 * (time.process_time() - begun))
            if number % 20 == 0:
                begun = time.process_time()
                lists.ranked("social")
                texts.append(1e3 * (time.process_time() - begun))
        tick()
        middle, high = np.percentile(orders, [50, 99])
        slowest = max(slowest, float(high))
        rows.append(
            [f"{len(scenario.tasks):,}", f"{len(waiting):,}", f"{middle:.2f}", f"{high:.2f}", f"{np.median(texts):.1f}"]
        )
    targets = [Target("order after one event, 99 %", f"< {WANTED:.0f} ms", f"{slowest:.2f} ms", slowest < WANTED)]
    return Report("reranking", "Re-ranking a worklist after one event", rows, targets)
