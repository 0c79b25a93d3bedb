"""Primary suppression: which cells rest on too few devices, or on one. It reads raw counts and nothing else can be given."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.disclose.counting import RawCounts
from folkmoot.engines.mobility.disclose.policy import Policy, Reason


@dataclass(frozen=True, eq=False)
class Judged:
    """Raw counts with a reason for each cell that must be blank (None: it may be shown)."""

    raw: RawCounts
    policy: Policy
    reasons: NDArray[np.object_] = field(repr=False)


def threshold(raw: RawCounts, policy: Policy) -> Judged:
    """Blank what has fewer than k distinct devices, or is mostly one device's trips.

    Raises `TypeError` for anything but raw counts: once a count is expanded, five devices look like fifty people.
    """
    if type(raw) is not RawCounts:
        raise TypeError(f"The threshold is for distinct raw devices: give what count() made, not {type(raw).__name__}.")
    devices, trips = raw.table["devices"].to_numpy(), raw.table["trips"].to_numpy()
    reasons = np.full(len(devices), None, dtype=object)
    reasons[raw.table["largest"].to_numpy() > policy.dominance * trips] = Reason.DOMINATED
    reasons[devices < policy.k] = Reason.FEW
    return Judged(raw, policy, reasons)
