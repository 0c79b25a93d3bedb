"""What is believed about modes before a trip is seen: every number of `mode` and `heavy` with its name and where it is from.

All are assumptions to be replaced by local ones (a household survey, ticket counts): `Beliefs` is a parameter. Shares by
distance have the shape of the National Travel Survey (walking below a mile, cars between, rail from 25 miles), not its
figures. Speeds are door to door as the crow flies, detours and waiting for trains included; they are log-normal, since both
multiply. What the network adds is apart: a stay ends for it with the last event heard there, so a trip seems longer than it
was by a silence, which is exponential.

>>> Beliefs().share(3_000.0)
(0.79, 0.01, 0.2)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose

from folkmoot.engines.mobility.errors import MobilityError


@dataclass(frozen=True, slots=True)
class Speed:
    """Log-normal speed: its median in km/h and the standard deviation of its logarithm."""

    median_kmh: float
    spread: float


SHARES = (
    (1_600.0, (0.25, 0.00, 0.75)),
    (5_000.0, (0.79, 0.01, 0.20)),
    (10_000.0, (0.92, 0.03, 0.05)),
    (40_000.0, (0.91, 0.08, 0.01)),
    (float("inf"), (0.85, 0.149, 0.001)),
)
"""(up to this many metres, (road, rail, slow)). Assumed."""


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Priors and likelihoods of the modes of a trip, and of a device being heavy goods. Shares and chances from 0 to 1."""

    shares: tuple[tuple[float, tuple[float, float, float]], ...] = SHARES
    road: Speed = Speed(22.0, 0.65)
    rail: Speed = Speed(30.0, 0.5)
    slow: Speed = Speed(4.0, 0.5)
    silent_minutes: float = 30.0
    """Mean time that goes by unheard around a trip: how far apart the events of a device are."""
    most_cells: int = 4
    """Neighbouring cells are not independent: evidence of more than so many counts as so many."""
    rail_from_metres: int = 3_000
    """What cells are passed anyway is counted over trips of at least this length, shorter ones not going by train."""
    stray: float = 0.005
    """Chance of each cell and of each duration, whatever the map or the speeds say: masts fail and maps are wrong."""
    heavy_share: float = 0.02
    """Share of devices that are heavy goods, before anything is seen."""
    driving_hours: float = 4.0
    stops: int = 8
    driving_if_heavy: float = 0.8
    driving_if_person: float = 0.02
    stops_if_heavy: float = 0.7
    stops_if_person: float = 0.05
    homeless_if_heavy: float = 0.8
    homeless_if_person: float = 0.15

    def __post_init__(self) -> None:
        for upto, shares in self.shares:
            if not isclose(sum(shares), 1.0, abs_tol=1e-9) or min(shares) < 0:
                raise MobilityError(f"The mode shares up to {upto:g} metres are {shares}; they must sum to 1.")
        if self.shares[-1][0] != float("inf"):
            raise MobilityError("The last band of mode shares must reach to infinity.")
        chances = (
            self.stray, self.heavy_share, self.driving_if_heavy, self.driving_if_person,
            self.stops_if_heavy, self.stops_if_person, self.homeless_if_heavy, self.homeless_if_person,
        )  # fmt: skip
        if not all(0 < chance < 1 for chance in chances):
            raise MobilityError("Every chance in the beliefs about modes must be above 0 and below 1.")
        if not self.silent_minutes > 0:
            raise MobilityError(f"Events {self.silent_minutes} minutes apart leave no time; give more than 0.")

    def share(self, metres: float) -> tuple[float, float, float]:
        """(road, rail, slow) before a trip of this length is seen."""
        return next(shares for upto, shares in self.shares if metres < upto or upto == float("inf"))
