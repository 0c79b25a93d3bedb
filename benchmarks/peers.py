"""Peers solve in a process of their own, within a limit of CPU seconds: one that is stopped there had the whole limit.

Their own time limits are of the wall clock, which says little on a machine that does other things too.
"""

from __future__ import annotations

import multiprocessing
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

LONG = 1e5  # seconds of the wall clock, for a peer that asks for a limit
WARM = np.floor(np.random.default_rng(1).random((60, 60)) * 1000)


@dataclass(frozen=True, slots=True)
class Ran:
    """The value a peer proved, or None, and the CPU seconds it took or had."""

    value: float | None
    seconds: float


def ran(peer: str, cost: Any, p: int, limit: int) -> Ran:
    """Let a peer solve once, warm."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_solve, args=(there, peer, np.array(cost), p, limit), daemon=True)
    child.start()
    there.close()
    try:
        found: Ran | None = here.recv()
    except EOFError:
        found = None
    child.join()
    if found is None and child.exitcode not in (-signal.SIGXCPU, -signal.SIGKILL):
        raise RuntimeError(f"{peer} broke down, which is not to be counted as slow; it says why above.")
    return found or Ran(None, float(limit))


def _solve(there: Connection, peer: str, cost: Any, p: int, limit: int) -> None:
    solve = PEERS[peer]
    solve(WARM, 4)
    spent = int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (spent + limit + 1, spent + limit + 1))
    begun = time.process_time()
    value = solve(cost, p)
    there.send(Ran(value, time.process_time() - begun))


def pbp(cost: Any, p: int) -> float | None:
    """pbp-pmedian by the engine that it chooses itself; its status 0 says that the optimum is proved."""
    import pbp_pmedian

    value, _, _, status, _ = pbp_pmedian.solve(cost, p, time_limit=LONG)
    return float(value) if value is not None and status == 0 else None


def spopt(cost: Any, p: int) -> float | None:
    """spopt's model on HiGHS, building it included."""
    import pulp
    from spopt.locate import PMedian

    model = PMedian.from_cost_matrix(cost, np.ones(len(cost)), p_facilities=p)
    model = model.solve(pulp.HiGHS(msg=False, threads=1))
    proved = model.problem.sol_status == pulp.LpSolutionOptimal
    return float(pulp.value(model.problem.objective)) if proved else None


PEERS: dict[str, Callable[[Any, int], float | None]] = {"pbp-pmedian": pbp, "spopt": spopt}
