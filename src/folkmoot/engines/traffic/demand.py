"""Who drives where in the hour: a matrix of trips between zones for each class of vehicle.

>>> from folkmoot.engines.traffic.demand import Demand
>>> asked = Demand.of(["A", "B"], car=[[0, 90], [10, 0]])
>>> float(asked.total("car")), asked.classes[0].pcu
(100.0, 1.0)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from folkmoot.engines.traffic.network import Floats, TrafficError

HEAVY_PCU = 2.5
"""Passenger-car units of a heavy goods vehicle: 2.5 on motorways and dual carriageways in DfT's TAG M3-1 (from memory)."""


@dataclass(frozen=True, slots=True)
class VehicleClass:
    """Vehicles that see the same costs. `minutes_per_km` is what distance costs them beside time."""

    name: str
    pcu: float = 1.0
    minutes_per_km: float = 0.0
    banned_kinds: frozenset[str] = frozenset()
    banned_links: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not (np.isfinite(self.pcu) and self.pcu > 0):
            raise TrafficError(f"A vehicle of class “{self.name}” needs passenger-car units above 0, not {self.pcu:g}.")
        if not (np.isfinite(self.minutes_per_km) and self.minutes_per_km >= 0):
            raise TrafficError(f"What a kilometre costs class “{self.name}” must be 0 minutes or more.")


CAR = VehicleClass("car")
HEAVY = VehicleClass("heavy", pcu=HEAVY_PCU)


@dataclass(frozen=True, eq=False)
class Demand:
    """`trips` (classes × zones × zones) vehicles an hour, zones in the order of `zones`."""

    zones: tuple[str, ...]
    classes: tuple[VehicleClass, ...]
    trips: Floats
    statements: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        k, z = len(self.classes), len(self.zones)
        if self.trips.shape != (k, z, z):
            raise TrafficError(f"Trips have the shape {self.trips.shape}; {k} classes of {z} zones need {(k, z, z)}.")
        bad = ~(np.isfinite(self.trips) & (self.trips >= 0))
        if bad.any():
            c, i, j = (int(each) for each in np.argwhere(bad)[0])
            raise TrafficError(
                f"Trips of class “{self.classes[c].name}” from “{self.zones[i]}” to “{self.zones[j]}” are "
                f"{self.trips[c, i, j]:g}. Trips must be numbers of 0 or more."
            )
        if len({each.name for each in self.classes}) != k:
            raise TrafficError("Two classes of vehicles have the same name. Give each its own.")

    @staticmethod
    def of(zones: Sequence[str], *, classes: Mapping[str, VehicleClass] | None = None, **matrices: ArrayLike) -> Demand:
        """From one zone × zone matrix for each class by its name; `car` and `heavy` are known, others count 1 PCU."""
        known = {"car": CAR, "heavy": HEAVY, **(classes or {})}
        made = tuple(known.get(name, VehicleClass(name)) for name in matrices)
        trips = np.stack([np.asarray(matrix, dtype=float) for matrix in matrices.values()])
        return Demand(tuple(zones), made, trips)

    def of_class(self, name: str) -> int:
        """The place of a class."""
        for k, each in enumerate(self.classes):
            if each.name == name:
                return k
        raise TrafficError(f"There is no class “{name}”; there are {', '.join(each.name for each in self.classes)}.")

    def total(self, name: str) -> float:
        """Trips of a class in all, those within zones included."""
        return float(self.trips[self.of_class(name)].sum())

    def times(self, factor: ArrayLike) -> Demand:
        """The same trips times a number, or times one for each (classes × zones × zones)."""
        return replace(self, trips=self.trips * np.asarray(factor, dtype=float))

    def saying(self, *said: str) -> Demand:
        """The same, with more said about where it comes from."""
        return replace(self, statements=(*self.statements, *said))
