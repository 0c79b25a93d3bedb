"""What an assignment found: flows, times, how near to equilibrium, and what could not be assigned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from folkmoot.engines.traffic.demand import Demand
    from folkmoot.engines.traffic.network import Floats, RoadNetwork


@dataclass(frozen=True, slots=True)
class Step:
    """One iteration: its relative gap, Beckmann's objective, the best lower bound so far, the step taken to it."""

    iteration: int
    gap: float
    objective: float
    lower_bound: float
    step: float


@dataclass(frozen=True, slots=True)
class Unserved:
    """Trips that no road leads to."""

    vehicle: str
    origin: str
    destination: str
    trips: float


@dataclass(frozen=True, eq=False)
class SelectLink:
    """Where the vehicles on some links come from, go and pass: `flows` (classes × m), `trips` (classes × zones × zones).

    The flow on the links themselves is exactly what is assigned to them, also under conjugate directions.
    """

    links: tuple[str, ...]
    flows: Floats
    trips: Floats


@dataclass(frozen=True, eq=False)
class PathMix:
    """Flows as a mixture of loadings: all trips on the least paths at `minutes[j]` (m,), times `weights[j]`."""

    minutes: tuple[Floats, ...]
    weights: Floats


@dataclass(frozen=True, eq=False)
class Assignment:
    """Flows at (nearly) user equilibrium. `flows` (classes × m) vehicles an hour, `pcu` and `minutes` (m,).

    `gap` is the relative gap (c·x − c·y) ÷ c·x, with x the flows, c their costs and y all trips on the paths that are
    least at c: what share of all time people could still save by changing path. TNTP and AequilibraE use the same.
    """

    network: RoadNetwork
    demand: Demand
    algorithm: str
    flows: Floats
    pcu: Floats
    minutes: Floats
    gap: float
    target: float
    converged: bool
    stopped: bool
    objective: float
    lower_bound: float
    history: tuple[Step, ...]
    intrazonal: Floats
    """(classes,) trips within zones, which use no link."""
    unserved: tuple[Unserved, ...]
    select: Mapping[str, SelectLink]
    mix: PathMix | None = None
    """What the flows are made of, where it was kept: needed to ask which trips use a link."""

    @property
    def iterations(self) -> int:
        """How many times all trips were put on least paths."""
        return len(self.history)

    @property
    def delay_vehicle_hours(self) -> Floats:
        """(m,) vehicle-hours an hour lost against free flow, all classes."""
        return self._vehicles * np.maximum(self.minutes - self.network.free_flow_minutes, 0.0) / 60

    @property
    def vehicle_hours(self) -> float:
        """Hours that all vehicles drive, connectors included."""
        return float(self._vehicles @ self.minutes) / 60

    @property
    def vehicle_km(self) -> float:
        """Kilometres that all vehicles drive, connectors included."""
        return float(self._vehicles @ self.network.length_m) / 1000

    @property
    def total_delay(self) -> float:
        """Vehicle-hours lost against free flow on all links."""
        return float(self.delay_vehicle_hours.sum())

    @property
    def voc(self) -> Floats:
        """(m,) flow over capacity in PCU; 0 where nothing limits."""
        capacity = self.network.capacity_vph
        usable = np.isfinite(capacity) & (capacity > 0)
        return np.where(usable, self.pcu / np.where(usable, capacity, 1.0), 0.0)

    @property
    def _vehicles(self) -> Floats:
        return np.asarray(self.flows.sum(axis=0))

    def statements(self) -> tuple[str, ...]:
        """What a reader must know of it, in sentences."""
        wanted = self.demand.trips.sum(axis=(1, 2))
        lost = np.array([sum(u.trips for u in self.unserved if u.vehicle == each.name) for each in self.demand.classes])
        said = [
            (
                f"Relative gap {self.gap:.2g} after {self.iterations:,} iterations"
                + (f", within {self.target:g}." if self.converged else f"; {self.target:g} was not reached.")
            )
        ]
        for k, each in enumerate(self.demand.classes):
            between = wanted[k] - self.intrazonal[k] - lost[k]
            said.append(
                f"Class {each.name}: {between:,.0f} of {wanted[k]:,.0f} trips an hour are assigned; "
                f"{self.intrazonal[k]:,.0f} stay within their zone and use no link; {lost[k]:,.0f} have no road."
            )
        if self.unserved:
            worst = sorted(self.unserved, key=lambda u: (-u.trips, u.origin, u.destination))[:5]
            pairs = ", ".join(f"{u.origin} to {u.destination} ({u.trips:,.4g})" for u in worst)
            said.append(f"No road leads from origin to destination for {len(self.unserved):,} pairs, such as {pairs}.")
        return tuple(said)
