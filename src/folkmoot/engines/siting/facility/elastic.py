"""How much demand must go unserved at least: the model in which any client may be left out, at the price of its demand.

Of plans that leave out equally much, which clients are left out says where room is missing (Chinneck 2008, elastic
programming).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from folkmoot.engines.siting import highs
from folkmoot.engines.siting.facility.clients import Clients, Floats


def unserved(clients: Clients, *, whole: bool, should_stop: Callable[[], bool] | None = None) -> Floats:
    """Demand of each client left out (r,). `whole`: a client has one site; else it may be split between several."""
    assert clients.room is not None
    rows, columns = np.nonzero(np.isfinite(clients.cost))
    m, r, pairs = len(clients.codes), len(clients.cost), len(rows)
    services = clients.room.shape[1]
    number, cells = np.arange(pairs), np.arange(m * services)
    sites, kinds = np.divmod(cells, services)
    at = [
        np.concatenate([rows, np.arange(r), r + columns * services + clients.service[rows], r + cells]),
        np.concatenate([m + number, m + pairs + np.arange(r), m + number, sites]),
        np.concatenate([np.ones(pairs), np.ones(r), clients.demand[rows], -clients.room[sites, kinds]]),
    ]
    low = np.concatenate([np.ones(r), np.full(len(cells), -math.inf)])
    high = np.concatenate([np.ones(r), np.zeros(len(cells))])
    count = r + len(cells)
    if clients.p is not None:
        at = [np.concatenate([a, b]) for a, b in zip(at, (np.full(m, count), np.arange(m), np.ones(m)))]
        low, high, count = np.append(low, clients.p), np.append(high, clients.p), count + 1
    integer = np.zeros(m + pairs + r, dtype=bool)
    integer[:m] = True
    integer[m:] = whole
    answer = highs.minimise(
        highs.Model(
            cost=np.concatenate([np.zeros(m + pairs), clients.demand]),
            rows=csr_array((at[2], (at[0], at[1])), shape=(count, m + pairs + r)),
            row_lower=low,
            row_upper=high,
            lower=np.concatenate([clients.fixed.astype(float), np.zeros(pairs + r)]),
            upper=np.ones(m + pairs + r),
            integer=integer,
        ),
        should_stop=should_stop,
    )
    if answer.x is None:
        return np.zeros(r)
    return np.asarray(np.maximum(0.0, answer.x[m + pairs :]) * clients.demand)
