"""Schemes ranked by the hours they save for a pound, with the interval that not knowing the demand gives.

Every scheme is assigned with the same draws of demand (common random numbers), so that differences between schemes are
not blurred by differences between draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from folkmoot.engines.traffic.assign import equilibrium
from folkmoot.engines.traffic.demand import Demand
from folkmoot.engines.traffic.network import Floats, RoadNetwork, TrafficError
from folkmoot.engines.traffic.od import column, numbered_rows
from folkmoot.engines.traffic.whatif import Change, what_if


@dataclass(frozen=True, slots=True)
class Scheme:
    """A change with what it costs to build."""

    name: str
    change: Change
    pounds: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.pounds) and self.pounds > 0):
            raise TrafficError(f"The scheme “{self.name}” needs a cost above 0 pounds, not {self.pounds:g}.")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A scheme with the vehicle-hours it saves in the hour: at the expected demand, and a 90 % interval over draws."""

    scheme: Scheme
    saved: float
    saved_low: float
    saved_high: float
    per_million: float
    per_million_low: float
    per_million_high: float
    first_in: float
    """Share of draws in which it saves most for a pound, among those that strand nobody."""
    stranded: float
    """Trips an hour that it leaves without a road. What these spent is no saving: such a scheme comes after all others."""
    accuracy: float
    """Vehicle-hours that cannot be told from the gaps of the assignments."""
    draws: tuple[float, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Schemes, the best first by hours saved for a pound at the expected demand."""

    schemes: tuple[Ranked, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """How little the demand is known: coefficients of variation of each cell (or its own `sd`) and of the whole together."""

    cell_cv: float = 0.2
    total_cv: float = 0.05
    sd: Floats | None = None
    """(classes × zones × zones) standard deviations, instead of `cell_cv`."""

    @staticmethod
    def of_bounds(low: Floats, high: Floats, total_cv: float = 0.0) -> Uncertainty:
        """From 95 % intervals of each cell (classes × zones × zones)."""
        return Uncertainty(total_cv=total_cv, sd=np.maximum(high - low, 0.0) / (2 * 1.959964))

    def draw(self, demand: Demand, generator: np.random.Generator) -> Demand:
        """One demand that it might be: gamma cells with the given mean and spread, times one gamma factor for all."""
        mean = demand.trips
        sd = self.sd if self.sd is not None else self.cell_cv * mean
        spread = (mean > 0) & (sd > 0)
        shape = np.where(spread, (mean / np.where(spread, sd, 1.0)) ** 2, 1.0)
        drawn = np.where(spread, generator.gamma(shape) * np.where(spread, mean / shape, 0.0), mean)
        whole = generator.gamma(1 / self.total_cv**2) * self.total_cv**2 if self.total_cv > 0 else 1.0
        return demand.times(whole * drawn / np.where(mean > 0, mean, 1.0))


def rank(
    network: RoadNetwork,
    demand: Demand,
    schemes: Sequence[Scheme],
    *,
    generator: np.random.Generator,
    uncertainty: Uncertainty | None = None,
    draws: int = 20,
    gap: float = 1e-4,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Ranking:
    """Assign every scheme at the expected demand and at `draws` others; `progress(done, of)` counts assignments.

    When `should_stop` ends it early, intervals are of the draws that were finished, and `statements` says so.
    """
    if not schemes:
        raise TrafficError("There is no scheme to rank. Give each a name, a change and a cost.")
    twice = {s.name for s in schemes if sum(o.name == s.name for o in schemes) > 1}
    if twice:
        raise TrafficError(f"Two schemes are named “{min(twice)}”. Give each a name of its own.")
    uncertainty = uncertainty or Uncertainty()
    total = (draws + 1) * (len(schemes) + 1)
    done, saved = 0, []
    accuracy, stranded = np.zeros(len(schemes)), np.zeros(len(schemes))
    closes = any(scheme.change.close for scheme in schemes)
    for number in range(draws + 1):
        if number > 0 and should_stop is not None and should_stop():
            break
        asked = demand if number == 0 else uncertainty.draw(demand, generator)
        base = equilibrium(network, asked, gap=gap, keep_paths=closes, threads=threads)
        done += 1
        row = []
        for k, scheme in enumerate(schemes):
            answer = what_if(network, asked, scheme.change, base=base, gap=gap, threads=threads)
            row.append(answer.vehicle_hours_saved)
            if number == 0:
                accuracy[k], stranded[k] = answer.accuracy_vehicle_hours, answer.stranded
            done += 1
            if progress is not None:
                progress(done, total)
        saved.append(row)
    return _ranking(schemes, np.array(saved), accuracy, stranded, draws, uncertainty)


def _ranking(
    schemes: Sequence[Scheme], saved: Floats, accuracy: Floats, stranded: Floats, asked: int, uncertainty: Uncertainty
) -> Ranking:
    pounds = np.array([scheme.pounds for scheme in schemes])
    drawn = saved[1:] if len(saved) > 1 else saved
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    whole = np.where(stranded > 0, -np.inf, drawn / pounds)
    first = np.bincount(whole.argmax(axis=1), minlength=len(schemes)) / len(drawn)
    first[stranded > 0] = 0.0
    each = 1e6 / pounds
    made = [
        Ranked(
            scheme=scheme,
            saved=float(saved[0, k]),
            saved_low=float(low[k]),
            saved_high=float(high[k]),
            per_million=float(saved[0, k] * each[k]),
            per_million_low=float(low[k] * each[k]),
            per_million_high=float(high[k] * each[k]),
            first_in=float(first[k]),
            stranded=float(stranded[k]),
            accuracy=float(accuracy[k]),
            draws=tuple(float(value) for value in saved[1:, k]),
        )
        for k, scheme in enumerate(schemes)
    ]
    cells = "each cell by its own interval" if uncertainty.sd is not None else f"each cell by {uncertainty.cell_cv:.0%}"
    said = [
        f"Intervals hold 90 % of {len(saved) - 1:,} draws of the demand, {cells} and the whole by "
        f"{uncertainty.total_cv:.0%} (coefficients of variation). Costs of building are taken as certain."
    ]
    if len(saved) - 1 < asked:
        said.append(f"It was stopped after {len(saved) - 1:,} of {asked:,} draws.")
    said += [
        f"{scheme.name} leaves {trips:,.4g} trips an hour without a road. Their hours are no saving, so it comes last."
        for scheme, trips in zip(schemes, stranded)
        if trips > 0
    ]
    return Ranking(tuple(sorted(made, key=lambda r: (r.stranded > 0, -r.per_million, r.scheme.name))), tuple(said))


def read_schemes(path: Path | str) -> tuple[Scheme, ...]:
    """Schemes of a CSV file: scheme, pounds, change (close, reopen, widen or slow), link_id, value; rows of a name join."""
    path = Path(path)
    rows = numbered_rows(path)
    head = next(rows)[1]
    usual = {
        "scheme": ("scheme", "name"),
        "pounds": ("pounds", "cost", "cost_pounds"),
        "change": ("change", "kind", "what"),
        "link": ("link_id", "link"),
        "value": ("value", "lanes", "kmh"),
    }
    at = {what: column(path, head, None, names, what, "its usual name") for what, names in usual.items()}
    parts: dict[str, list[tuple[str, str, float]]] = {}
    pounds: dict[str, float] = {}
    for number, row in rows:
        name, kind, link = (row[at[what]].strip() for what in ("scheme", "change", "link"))
        if kind not in ("close", "reopen", "widen", "slow"):
            raise TrafficError(
                f"Row {number} of “{path.name}” has the change “{kind}”. It must be close, reopen, widen or slow."
            )
        needs = kind in ("widen", "slow")
        try:
            value = float(row[at["value"]]) if needs else 0.0
            cost = float(row[at["pounds"]]) if row[at["pounds"]].strip() or name not in pounds else pounds[name]
        except ValueError:
            raise TrafficError(
                f"Row {number} of “{path.name}” needs numbers for pounds"
                f"{' and for value (lanes or km/h)' if needs else ''}. Correct the row."
            ) from None
        if pounds.setdefault(name, cost) != cost:
            raise TrafficError(f"Row {number} of “{path.name}” gives “{name}” another cost than before. Give it once.")
        parts.setdefault(name, []).append((kind, link, value))
    return tuple(Scheme(name, _change(rows_of), pounds[name]) for name, rows_of in parts.items())


def _change(parts: Sequence[tuple[str, str, float]]) -> Change:
    links = {
        kind: {link: value for k, link, value in parts if k == kind} for kind in ("close", "reopen", "widen", "slow")
    }
    return Change(tuple(links["close"]), tuple(links["reopen"]), links["widen"], links["slow"])
