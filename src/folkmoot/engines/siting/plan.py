"""What is decided: the open sites, who uses which, and how close to the best possible that is.

A `Plan` cannot say “optimal” without a bound that meets its value: its status is not given, it follows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from folkmoot.engines.siting.problem import Objective


class Status(StrEnum):
    """How far the search came."""

    OPTIMAL = "optimal"
    """Value and bound meet (within the gap that was asked for: then `gap` says so)."""
    FEASIBLE = "feasible"
    """A plan, and a bound that does not meet it yet."""
    INFEASIBLE = "infeasible"
    """Proved that no plan exists."""
    UNKNOWN = "unknown"
    """No plan found yet and no proof that there is none."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Evidence for the bound that `verify` replays without the solver.

    `kind` is “dual” (one vector of multipliers), “tree” (leaves of a branching, each with its own), “cover” and others as
    `verify` knows them, or “solver-trusted” where HiGHS proved it; what then lies with it, if anything, replays to a
    weaker bound.
    """

    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A siting plan with its bound. `value` and `bound` are in the objective's own unit."""

    objective: Objective
    fingerprint: str
    open: tuple[str, ...]
    assignment: tuple[tuple[str, ...], ...]
    """For each area the site it uses, one for each service; empty text where none."""
    value: float | None
    bound: float
    proved_infeasible: bool = False
    tolerance: float = 0.0
    """Relative gap at which the caller was content."""
    certificate: Certificate = field(default_factory=lambda: Certificate("none"))
    work: dict[str, int] = field(default_factory=dict)
    """Steps, nodes, rounds: what it took, in counts that repeat."""
    explanation: tuple[str, ...] = ()
    """Why there is no plan (which area, which limit), or what else should be known."""

    @property
    def gap(self) -> float:
        """|value − bound| ÷ |value|; 0 for a value of 0 that is met, infinity where there is no plan."""
        if self.value is None or not math.isfinite(self.bound):
            return math.inf
        apart = abs(self.value - self.bound)
        return apart / abs(self.value) if self.value else (0.0 if apart == 0 else math.inf)

    @property
    def status(self) -> Status:
        if self.proved_infeasible:
            return Status.INFEASIBLE
        if self.value is None:
            return Status.UNKNOWN
        return Status.OPTIMAL if self.gap <= max(self.tolerance, 1e-12) else Status.FEASIBLE

    @property
    def replayable(self) -> bool:
        """Whether `verify` can check the bound without trusting a solver."""
        return self.certificate.kind not in ("none", "solver-trusted")
