"""Queueing theory, independent of the town and of any simulator: how many patients must wait for a team.

`pooled_queue` is Erlang's C (1917) with Allen's (1978) correction for the variability of tasks. `closing_backlog` is
the deterministic fluid that gathers while a team is closed and drains while it is open, week after week.
"""

import numpy as np

STEP = 0.25


def erlang_c(servers, load):
    """Probability of waiting in M/M/c by the recursion of Erlang's B."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    rho = load / servers
    return blocked / (1 - rho * (1 - blocked))


def pooled_queue(servers, rho, cv):
    """Mean number waiting in M/G/c (approximation; exact for c = 1 and for exponential tasks)."""
    return erlang_c(servers, servers * rho) * rho / (1 - rho) * (1 + cv * cv) / 2


def weekly_staff(shifts, resource_id):
    """People on duty in each quarter of an hour of the week."""
    staff = np.zeros(int(168 / STEP))
    for row in shifts:
        if row["resource_id"] == resource_id:
            start = (row["weekday"] * 24 + row["start_minute"] / 60) / STEP
            end = (row["weekday"] * 24 + row["end_minute"] / 60) / STEP
            staff[int(start) : int(end)] += row["staff"]
    return staff


def closing_backlog(staff, work_per_hour):
    """Mean hours of work waiting when work flows in evenly and is done at the pace of the staff on duty."""
    flow = np.tile((work_per_hour - staff) * STEP, 30)
    # Reflected at zero: level minus its running minimum.
    level = np.cumsum(flow)
    backlog = level - np.minimum(np.minimum.accumulate(level), 0.0)
    return float(backlog[-len(staff) :].mean())
