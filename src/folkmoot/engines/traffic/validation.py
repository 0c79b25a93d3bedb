"""Does the model agree with what was counted and timed: GEH, flow criteria, screenlines, journey times.

The criteria are those usually quoted from DfT's TAG M3-1; they were taken from notes and not held against its text. An hour
is assumed: GEH is not comparable for other periods.

>>> geh([1100.0], [1000.0]).round(2).tolist()
[3.09]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from folkmoot.engines.traffic.counts import Count
from folkmoot.engines.traffic.network import Floats, TrafficError
from folkmoot.engines.traffic.result import Assignment

GEH_LIMIT, SHARE_WANTED, SCREENLINE_WITHIN = 5.0, 0.85, 0.05


@dataclass(frozen=True, slots=True)
class Screenline:
    """Flows over a screenline together."""

    name: str
    links: int
    modelled: float
    counted: float

    @property
    def difference(self) -> float:
        """(modelled − counted) ÷ counted."""
        return (self.modelled - self.counted) / self.counted if self.counted > 0 else float("inf")


@dataclass(frozen=True, eq=False)
class Fit:
    """Modelled beside counted flows. Shares are of links; `r2` is the squared correlation."""

    link_id: tuple[str, ...]
    modelled: Floats
    counted: Floats
    geh: Floats
    geh_share: float
    flow_share: float
    r2: float
    rmse_percent: float
    screenlines: tuple[Screenline, ...]

    @property
    def passes(self) -> bool:
        """Whether 85 % of links have a GEH below 5 or are within the flow criteria, and screenlines are within 5 %."""
        enough = max(self.geh_share, self.flow_share) >= SHARE_WANTED
        return enough and all(abs(line.difference) <= SCREENLINE_WITHIN for line in self.screenlines)

    def statements(self) -> tuple[str, ...]:
        """The fit in sentences."""
        said = [
            f"GEH is below 5 on {self.geh_share:.0%} of {len(self.geh):,} counted links (85 % is usually wanted); "
            f"{self.flow_share:.0%} are within the flow criteria; r² is {self.r2:.3f}, the RMSE {self.rmse_percent:.1f} %."
        ]
        said += [
            f"Screenline {line.name}: {line.modelled:,.0f} modelled, {line.counted:,.0f} counted ({line.difference:+.1%})."
            for line in self.screenlines
        ]
        return tuple(said)


def geh(modelled: ArrayLike, counted: ArrayLike) -> Floats:
    """√(2(m − c)² ÷ (m + c)), Geoffrey E. Havers' statistic of hourly flows; 0 where both are 0."""
    m, c = np.asarray(modelled, dtype=float), np.asarray(counted, dtype=float)
    both = m + c
    return np.asarray(np.sqrt(np.where(both > 0, 2 * (m - c) ** 2 / np.where(both > 0, both, 1.0), 0.0)))


def within_flow_criteria(modelled: ArrayLike, counted: ArrayLike) -> np.ndarray:
    """Within 100 vehicles where fewer than 700 were counted, 15 % up to 2,700, 400 above."""
    m, c = np.asarray(modelled, dtype=float), np.asarray(counted, dtype=float)
    allowed = np.where(c < 700, 100.0, np.where(c <= 2700, 0.15 * c, 400.0))
    return np.asarray(np.abs(m - c) <= allowed)


def journey_times_within(modelled: ArrayLike, timed: ArrayLike) -> np.ndarray:
    """Within 15 % or one minute of what was timed, whichever is more (minutes)."""
    m, t = np.asarray(modelled, dtype=float), np.asarray(timed, dtype=float)
    return np.asarray(np.abs(m - t) <= np.maximum(0.15 * t, 1.0))


def validate(found: Assignment, counts: Sequence[Count], vehicle: int | None = None) -> Fit:
    """Flows of an assignment (of one class, else all vehicles) held against counts."""
    if not counts:
        raise TrafficError("There is no count to validate against.")
    at = [found.network.index(count.link_id) for count in counts]
    flow = found.flows.sum(axis=0) if vehicle is None else found.flows[vehicle]
    m, c = flow[at], np.array([count.vehicles for count in counts])
    names = sorted({count.screenline for count in counts} - {""})
    lines = []
    for name in names:
        on = np.array([count.screenline == name for count in counts])
        lines.append(Screenline(name, int(on.sum()), float(m[on].sum()), float(c[on].sum())))
    varied = len(c) > 1 and m.std() > 0 and c.std() > 0
    return Fit(
        link_id=tuple(count.link_id for count in counts),
        modelled=m,
        counted=c,
        geh=geh(m, c),
        geh_share=float((geh(m, c) < GEH_LIMIT).mean()),
        flow_share=float(within_flow_criteria(m, c).mean()),
        r2=float(np.corrcoef(m, c)[0, 1] ** 2) if varied else float("nan"),
        rmse_percent=float(100 * np.sqrt(((m - c) ** 2).mean()) / c.mean()) if c.mean() > 0 else float("nan"),
        screenlines=tuple(lines),
    )
