"""What if a link were closed, widened, slowed or opened again: assigned anew from where it was, before beside after.

>>> from folkmoot.engines.traffic import Change, Demand, RoadNetwork, what_if
>>> both = RoadNetwork.of([(1, 2, 10, 1000), (1, 3, 6, 1000), (3, 2, 6, 1000)], zones=2)
>>> answer = what_if(both, Demand.of(both.zones, car=[[0, 2000], [0, 0]]), Change(close=("2",)))
>>> answer.after.flows[0].round().tolist(), round(answer.vehicle_hours_saved)
([2000.0, 0.0, 0.0], -705)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from folkmoot.engines.traffic.assign import Problem, equilibrium
from folkmoot.engines.traffic.demand import Demand
from folkmoot.engines.traffic.mixture import select_link
from folkmoot.engines.traffic.network import Floats, RoadNetwork, TrafficError
from folkmoot.engines.traffic.result import Assignment

type Progress = Callable[[int, float, float], None]


@dataclass(frozen=True, slots=True)
class Change:
    """Links to close and to open again; to give so many lanes; to be driven at so many km/h when empty."""

    close: tuple[str, ...] = ()
    reopen: tuple[str, ...] = ()
    widen: Mapping[str, float] = field(default_factory=dict)
    slow: Mapping[str, float] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.close or self.reopen or self.widen or self.slow)


def changed(network: RoadNetwork, change: Change) -> RoadNetwork:
    """The network after a change. Capacity grows with lanes.

    Raises `TrafficError` for an unknown link, lanes or a speed not above 0, and a link both closed and opened.
    """
    both = set(change.close) & set(change.reopen)
    if both:
        raise TrafficError(f"The link “{min(both)}” cannot be closed and opened at once.")
    closed, lanes = network.closed.copy(), network.lanes.copy()
    capacity, minutes = network.capacity_vph.copy(), network.free_flow_minutes.copy()
    closed[[network.index(link) for link in change.close]] = True
    closed[[network.index(link) for link in change.reopen]] = False
    for link, count in change.widen.items():
        k = network.index(link)
        if not (np.isfinite(count) and count > 0):
            raise TrafficError(f"The link “{link}” cannot have {count:g} lanes. Close it, or give it some.")
        capacity[k] *= count / lanes[k]
        lanes[k] = count
    for link, kmh in change.slow.items():
        k = network.index(link)
        if not (np.isfinite(kmh) and kmh > 0):
            raise TrafficError(f"The link “{link}” cannot be driven at {kmh:g} km/h. Close it, or give it a speed.")
        minutes[k] = network.length_m[k] / 1000 / kmh * 60
    return replace(network, closed=closed, lanes=lanes, capacity_vph=capacity, free_flow_minutes=minutes)


@dataclass(frozen=True, eq=False)
class WhatIf:
    """Two assignments of the same demand, before and after a change."""

    change: Change
    before: Assignment
    after: Assignment

    @property
    def vehicle_hours_saved(self) -> float:
        """Hours that all vehicles drive less in the hour; negative where more. Trips that lose their road are not in it."""
        return self.before.vehicle_hours - self.after.vehicle_hours

    @property
    def vehicle_km_saved(self) -> float:
        """Kilometres driven less; negative where more."""
        return self.before.vehicle_km - self.after.vehicle_km

    @property
    def accuracy_vehicle_hours(self) -> float:
        """What savings smaller than cannot be told from the gaps of the two assignments."""
        return self.before.gap * self.before.vehicle_hours + self.after.gap * self.after.vehicle_hours

    @property
    def stranded(self) -> float:
        """Trips an hour that lose their only road by the change."""
        return max(0.0, sum(u.trips for u in self.after.unserved) - sum(u.trips for u in self.before.unserved))

    @property
    def flow_change(self) -> Floats:
        """(m,) vehicles an hour more on each link."""
        return np.asarray((self.after.flows - self.before.flows).sum(axis=0))

    def statements(self) -> tuple[str, ...]:
        """What it comes to, in sentences."""
        saved = self.vehicle_hours_saved
        said = [
            f"Vehicle-hours in the hour: {self.before.vehicle_hours:,.1f} before, {self.after.vehicle_hours:,.1f} after, "
            f"{abs(saved):,.1f} {'saved' if saved >= 0 else 'more'} (differences under "
            f"{self.accuracy_vehicle_hours:.2g} are within the gaps).",
            f"Vehicle-kilometres: {self.before.vehicle_km:,.0f} before, {self.after.vehicle_km:,.0f} after.",
        ]
        if self.stranded > 0:
            said.append(f"{self.stranded:,.4g} trips an hour lose their only road; their hours are in no total.")
        return tuple(said)


def what_if(
    network: RoadNetwork,
    demand: Demand,
    change: Change,
    *,
    base: Assignment | None = None,
    gap: float = 1e-4,
    threads: int | None = None,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> WhatIf:
    """Assign before (or take `base`) and after a change; the second begins from the flows of the first.

    A base that kept its paths lets closures begin warm too: only those who used the closed links are moved.
    """
    after = changed(network, change)
    if base is None:
        base = equilibrium(
            network,
            demand,
            gap=gap,
            keep_paths=bool(change.close),
            threads=threads,
            progress=progress,
            should_stop=should_stop,
        )
    start = _carried_over(base, after, change, threads)
    found = equilibrium(
        after, base.demand, gap=gap, start=start, threads=threads, progress=progress, should_stop=should_stop
    )
    return WhatIf(change, base, found)


def _carried_over(base: Assignment, after: RoadNetwork, change: Change, threads: int | None) -> Floats | None:
    """Flows on the changed network from those before: who used a closed link takes the least path there is now."""
    used = [link for link in change.close if base.flows[:, base.network.index(link)].sum() > 0]
    if not used:
        return None if base.unserved else base.flows
    if base.mix is None:
        return None
    through = select_link(base, used, threads=threads)
    moving = Problem.of(after, replace(base.demand, trips=through.trips), threads)
    order = moving.graph.order
    pcu = np.array([each.pcu for each in base.demand.classes])
    moved = moving.back(moving.load(base.minutes[order])[0]) / pcu[:, None]
    start = np.maximum(base.flows - through.flows, 0.0) + moved
    start[:, after.closed] = 0.0
    return np.asarray(start)
