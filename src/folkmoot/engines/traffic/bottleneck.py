"""Where it hurts and when: flow over capacity, hours lost, and the queue of each quarter hour.

The queue is deterministic and stands at a point (Newell's cumulative counts): what arrives beyond capacity waits and leaves
at capacity. Arrivals are the assigned flow times a profile; a queue neither spills back nor holds back arrivals downstream.

>>> from folkmoot.engines.traffic import Demand, RoadNetwork, equilibrium
>>> one = RoadNetwork.of([(1, 2, 10, 1000)], zones=2)
>>> found = equilibrium(one, Demand.of(one.zones, car=[[0, 1100], [0, 0]]))
>>> worst = bottlenecks(found)[0]
>>> worst.voc, worst.queue_from, worst.queue_until, round(worst.longest_queue)
(1.1, '07:45', '09:37', 111)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from folkmoot.engines.traffic.network import Floats, TrafficError
from folkmoot.engines.traffic.result import Assignment

SLICE_HOURS = 0.25
MORNING = (0.62, 0.74, 0.86, 0.95, 1.0, 1.05, 1.02, 0.93, 0.82, 0.72, 0.65, 0.60)


@dataclass(frozen=True, slots=True)
class Profile:
    """Arrivals in each quarter hour as a multiple of the assigned hourly flow, from `begin` minutes after midnight.

    The default is an assumed morning, 07:00 to 10:00, whose hour from 08:00 is the assigned one.
    """

    begin: int = 7 * 60
    factor: tuple[float, ...] = MORNING

    def __post_init__(self) -> None:
        if not self.factor or any(not (np.isfinite(f) and f >= 0) for f in self.factor):
            raise TrafficError("A profile needs a factor of 0 or more for each quarter hour.")


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A link: its load, what it costs in the assigned hour, and its queue over the profile (clock times, vehicles, hours).

    `queue_until` is None where the queue outlasts the profile.
    """

    link_id: str
    name: str
    kind: str
    flow: float
    capacity: float
    voc: float
    delay_vehicle_hours: float
    queue_from: str | None
    queue_until: str | None
    longest_queue: float
    queue_vehicle_hours: float
    queue: tuple[float, ...] = field(repr=False)
    """PCU waiting at the end of each quarter hour."""


def bottlenecks(
    found: Assignment, *, profile: Profile | None = None, most: int | None = None
) -> tuple[Bottleneck, ...]:
    """Links that delay anybody, the most vehicle-hours first; `most` of them at most."""
    profile = profile or Profile()
    network, delay, voc = found.network, found.delay_vehicle_hours, found.voc
    waiting, hours, ends = queues(found.pcu, network.capacity_vph, profile)
    order = np.lexsort((np.arange(network.m), -delay))
    order = order[(delay[order] > 1e-9) | (waiting.max(axis=0)[order] > 1e-9)]
    made = []
    for k in order[:most]:
        begun = np.flatnonzero(waiting[:, k] > 1e-9)
        made.append(
            Bottleneck(
                link_id=network.link_id[k],
                name=network.name[k],
                kind=network.kind[k],
                flow=float(found.flows[:, k].sum()),
                capacity=float(network.capacity_vph[k]),
                voc=float(voc[k]),
                delay_vehicle_hours=float(delay[k]),
                queue_from=_clock(profile.begin + 15 * int(begun[0])) if len(begun) else None,
                queue_until=_clock(profile.begin + ends[k] * 60) if len(begun) and np.isfinite(ends[k]) else None,
                longest_queue=float(waiting[:, k].max(initial=0.0)),
                queue_vehicle_hours=float(hours[k]),
                queue=tuple(float(q) for q in waiting[:, k]),
            )
        )
    return tuple(made)


def queues(flow: Floats, capacity: Floats, profile: Profile) -> tuple[Floats, Floats, Floats]:
    """PCU waiting at the end of each slice (slices × m), PCU-hours waited (m,), and when the last queue ends (m,).

    Ends are hours from the beginning, inf where a queue outlasts the profile. Within a slice the queue is a straight line.
    """
    queue, hours, ends = np.zeros(len(flow)), np.zeros(len(flow)), np.full(len(flow), np.inf)
    waiting = np.zeros((len(profile.factor), len(flow)))
    room = np.where(np.isfinite(capacity), capacity, 0.0)
    limited = np.isfinite(capacity)
    for t, factor in enumerate(profile.factor):
        net = np.where(limited, factor * flow - room, -np.inf)
        after = np.where(limited, queue + np.where(limited, net, 0.0) * SLICE_HOURS, 0.0)
        dissolves = (queue > 0) & (after <= 0) & limited
        lasts = np.where(dissolves, queue / np.where(dissolves, -net, 1.0), SLICE_HOURS)
        ends = np.where(dissolves, t * SLICE_HOURS + lasts, ends)
        after = np.maximum(after, 0.0)
        ends = np.where(after > 0, np.inf, ends)
        hours += np.where(dissolves, queue * lasts / 2, (queue + after) / 2 * SLICE_HOURS)
        queue = after
        waiting[t] = queue
    return waiting, hours, ends


def _clock(minutes: float) -> str:
    whole = round(minutes)
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"
