"""The error that location alone puts on a count: a property of the network, not of people, so safe to publish.

Devices are counted in the likeliest zone of their cell (`of`), or in one drawn with its chances (`drawn`). Of those counted
in a zone, `right` really are there; of those really there, `found` are counted there. Both follow from footprints and their
priors; no device is looked at.

>>> from scipy.sparse import csr_array
>>> held = csr_array([[0.9, 0.1], [0.2, 0.8]])
>>> made = Footprint(("A", "B"), ("W", "E"), held, np.zeros(2), np.array([0.5, 0.5]), "signal")
>>> Confusion.of(made).right.round(2).tolist()
[0.9, 0.8]
>>> found = uncertainty(made, 1000, "W")
>>> round(found.bias, 3), round(found.random, 4), [round(x) for x in found.interval()]
(-0.1, 0.0182, [1064, 1136])
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.where.result import Footprint

type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Confusion:
    """By zone, as parts of all devices: `counted` there, `really` there, and `both`."""

    zone_id: tuple[str, ...]
    counted: Floats
    really: Floats
    both: Floats

    @classmethod
    def of(cls, footprint: Footprint) -> Confusion:
        """Where each cell's devices are counted in its likeliest zone."""
        size, likely, weight = len(footprint.zone_id), footprint.likely, footprint.weight
        inside = np.flatnonzero(likely >= 0)
        right = footprint.probability.tocsr()[inside, likely[inside]]
        counted = np.bincount(likely[inside], weight[inside], minlength=size)
        both = np.bincount(likely[inside], weight[inside] * np.asarray(right).ravel(), minlength=size)
        return cls(footprint.zone_id, counted, np.asarray(weight @ footprint.probability).ravel(), both)

    @classmethod
    def drawn(cls, parts: Sequence[tuple[Footprint, float]]) -> Confusion:
        """Where each device is counted in a zone drawn for it; `parts`: footprints, and what part of the devices each places.

        A drawn zone is right on average, so `counted` is `really`, and what remains is chance.
        """
        zone_id = parts[0][0].zone_id
        really, both = np.zeros(len(zone_id)), np.zeros(len(zone_id))
        for footprint, part in parts:
            held = footprint.probability
            really += part * np.asarray(footprint.weight @ held).ravel()
            both += part * np.asarray(footprint.weight @ held.multiply(held)).ravel()
        return cls(zone_id, really, really, both)

    @property
    def right(self) -> Floats:
        """Of devices counted in a zone, the part that really is there; NaN where none is counted."""
        return _part(self.both, self.counted)

    @property
    def found(self) -> Floats:
        """Of devices really in a zone, the part that is counted there; NaN where nobody is."""
        return _part(self.both, self.really)

    def at(self, zone: str) -> int:
        if zone not in self.zone_id:
            raise MobilityError(f"There is no zone “{zone}” in the footprint. Check the zones' codes.")
        return self.zone_id.index(zone)

    def rows(self) -> list[dict[str, Any]]:
        """zone_id, right, found for each zone: what to publish beside counts. None where a zone is never counted."""
        pairs = zip(self.zone_id, self.right.tolist(), self.found.tolist())
        return [{"zone_id": z, "right": _or_none(r), "found": _or_none(f)} for z, r, f in pairs]


def _part(some: Floats, of: Floats) -> Floats:
    return np.where(of > 0, some / np.where(of > 0, of, 1.0), np.nan)


def _or_none(number: float) -> float | None:
    return None if math.isnan(number) else number


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Of a count of devices: `random` (falls with the count) and `bias` (does not), both relative to the count.

    bias = (counted − really there) / counted if people are spread as the prior says. NaN where nothing can be counted.
    """

    count: float
    random: float
    bias: float

    @property
    def relative_standard_error(self) -> float:
        """√(random² + bias²)."""
        return math.hypot(self.random, self.bias)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Between which numbers the true one lies, bias taken out; never below 0."""
        away = NormalDist().inv_cdf((1 + level) / 2) * self.random
        return max(self.count * (1 - self.bias - away), 0.0), max(self.count * (1 - self.bias + away), 0.0)


def uncertainty(
    footprint: Footprint | Confusion, count: float, origin: str, destination: str | None = None
) -> Uncertainty:
    """Error of a count of devices in a zone, or of trips from `origin` to `destination`, that location alone makes.

    With p counted, q really there, b both (parts of all N devices): bias is (p − q) / p, and what is left when a count is
    corrected for it has variance N·(q / p)·(p + q − 2b), that is relative to a count of n the square of `random` is
    (q / p)·(p + q − 2b) / (p·n). Ends of a trip are taken to err independently.
    """
    held = footprint if isinstance(footprint, Confusion) else Confusion.of(footprint)
    if not (math.isfinite(count) and count >= 0):
        raise MobilityError(f"A count of {count:g} devices is not a number of devices.")
    counted, really, both = _parts(held, origin)
    if destination is not None:
        counted, really, both = (a * b for a, b in zip((counted, really, both), _parts(held, destination)))
    if counted <= 0:
        return Uncertainty(count, math.nan, math.nan)
    wrong = max(counted + really - 2 * both, 0.0) * really / counted**2
    random = math.sqrt(wrong / count) if count > 0 else math.nan
    return Uncertainty(count, random, (counted - really) / counted)


def _parts(held: Confusion, zone: str) -> tuple[float, float, float]:
    at = held.at(zone)
    return float(held.counted[at]), float(held.really[at]), float(held.both[at])
