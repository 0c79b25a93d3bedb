"""What may leave: the threshold, the rounding, and the secret that keeps rounding the same for the same people.

`k` is a matter of policy, not of statistics: 5 in multimno's example, 15 in FlowKit; 10 is this project's suggestion.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from folkmoot.engines.mobility.errors import MobilityError

SECRET_BYTES = 16


class Reason(StrEnum):
    """Why a cell is blank. The sentence is `said(reason, k)`."""

    FEW = "fewer_than_k"
    DOMINATED = "dominated"
    PROTECTS = "protects_another"


@dataclass(frozen=True, slots=True)
class Policy:
    """How a table of counts is made safe.

    `k`: a cell needs so many distinct devices. `dominance`: no device may make more than this share of a cell's trips.
    `round_base`: published values are multiples of it. `secret`: at least 16 bytes, kept by the data controller; with
    another secret the same people are rounded another way, so use one for all releases that may be compared.
    """

    k: int = 10
    round_base: int = 5
    dominance: float = 0.5
    secret: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if self.k < 3:
            raise MobilityError(
                f"A threshold of {self.k} devices protects nobody: two people in a cell know of each other."
            )
        if self.round_base < 1:
            raise MobilityError(f"The rounding base is {self.round_base}; it must be 1 or more.")
        if not 0 < self.dominance <= 1:
            raise MobilityError(f"Dominance is a share above 0 and up to 1, not {self.dominance:g}.")
        if self.secret and len(self.secret) < SECRET_BYTES:
            raise MobilityError(f"The secret of rounding has {len(self.secret)} bytes; give {SECRET_BYTES} or more.")

    def said(self, reason: Reason) -> str:
        """The reason as a sentence, the same whatever the count was."""
        return {
            Reason.FEW: f"Fewer than {self.k} devices, possibly none.",
            Reason.DOMINATED: f"One device made more than {self.dominance:.0%} of these trips.",
            Reason.PROTECTS: "Enough devices, but this number would give away another cell.",
        }[reason]
