"""The strong mixed-integer model of a facility problem (Balinski 1965), for HiGHS, which cannot be replayed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from folkmoot.engines.siting import highs
from folkmoot.engines.siting.facility.clients import Bools, Clients
from folkmoot.engines.siting.facility.serving import Serving

if TYPE_CHECKING:
    from folkmoot.engines.siting.equity import Limits

MOST_PAIRS = 1_500_000
"""Beyond so many pairs the model would not fit a small machine; the Lagrangian bound stands alone then."""


def best(
    clients: Clients,
    start: Serving | None,
    *,
    keep: Bools,
    limits: Limits | None = None,
    gap: float = 0.0,
    should_stop: highs.ShouldStop | None = None,
    progress: Callable[[float | None, float], None] | None = None,
) -> tuple[Serving | None, highs.Answer]:
    """The best plan among the columns of `keep`, and what HiGHS knew when it ended."""
    model, rows, columns = _model(clients, keep, limits)
    m = len(clients.codes)
    begin = None
    if start is not None:
        begin = np.concatenate([start.chosen, start.used[rows] == columns]).astype(float)
    answer = highs.minimise(model, gap=gap, should_stop=should_stop, progress=progress, start=begin)
    if answer.x is None:
        return None, answer
    chosen = answer.x[:m] > 0.5
    share = np.zeros((len(clients.cost), m))
    share[rows, columns] = answer.x[m:]
    used = share.argmax(axis=1) if len(share) else np.zeros(0, dtype=np.int64)
    if clients.room is None and len(used):
        used = np.where(chosen, clients.cost, math.inf).argmin(axis=1)
    if not chosen[used].all() or not np.isfinite(clients.cost[np.arange(len(used)), used]).all():
        return None, answer
    return Serving(chosen, used, clients.total(chosen, used)), answer


def _model(clients: Clients, keep: Bools, limits: Limits | None) -> tuple[highs.Model, np.ndarray, np.ndarray]:
    m, r = len(clients.codes), len(clients.cost)
    rows, columns = np.nonzero(np.isfinite(clients.cost) & keep[None, :])
    pairs = len(rows)
    number = np.arange(pairs)
    blocks: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    lower: list[np.ndarray] = []
    upper: list[np.ndarray] = []
    count = 0

    def add(row: np.ndarray, column: np.ndarray, value: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        nonlocal count
        blocks.append((row + count, column, value))
        lower.append(low)
        upper.append(high)
        count += len(low)

    add(rows, m + number, np.ones(pairs), np.ones(r), np.ones(r))  # one site for each client
    add(
        np.concatenate([number, number]), np.concatenate([m + number, columns]),
        np.concatenate([np.ones(pairs), -np.ones(pairs)]), np.full(pairs, -math.inf), np.zeros(pairs),
    )  # an open one  # fmt: skip
    if clients.room is not None:
        services = clients.room.shape[1]
        cell = columns * services + clients.service[rows]
        sites, kinds = np.divmod(np.arange(m * services), services)
        add(
            np.concatenate([cell, np.arange(m * services)]), np.concatenate([m + number, sites]),
            np.concatenate([clients.demand[rows], -clients.room[sites, kinds]]),
            np.full(m * services, -math.inf), np.zeros(m * services),
        )  # fmt: skip
    if clients.p is not None:
        one = np.array([float(clients.p)])
        add(np.zeros(m, dtype=np.int64), np.arange(m), np.ones(m), one, one)
    if limits is not None:
        of = np.full(int(clients.area.max(initial=0)) + 1, -1)
        for g, members in enumerate(limits.members):
            of[members] = g
        group = of[clients.area[rows]]
        add(group, m + number, clients.cost[rows, columns], np.full(len(limits.names), -math.inf), limits.most)
    at = [np.concatenate(part) for part in zip(*blocks)]
    whole = np.zeros(m + pairs, dtype=bool)
    whole[:m] = True
    whole[m:] = clients.room is not None
    return (
        highs.Model(
            cost=np.concatenate([clients.opening, clients.cost[rows, columns]]),
            rows=csr_array((at[2], (at[0], at[1])), shape=(count, m + pairs)),
            row_lower=np.concatenate(lower), row_upper=np.concatenate(upper),
            lower=np.concatenate([clients.fixed.astype(float), np.zeros(pairs)]),
            upper=np.concatenate([keep.astype(float), np.ones(pairs)]),
            integer=whole,
        ),
        rows,
        columns,
    )  # fmt: skip
