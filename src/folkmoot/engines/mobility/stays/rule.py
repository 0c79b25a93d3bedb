"""What is asked of events on their way to stays by cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Rule:
    """What is checked, and what a stay is. `threads`: how many run compiled loops here; None: only expressions."""

    period: tuple[date, date]
    zone: str
    check: bool
    max_gap_seconds: float
    min_stay_seconds: float
    threads: int | None = None
