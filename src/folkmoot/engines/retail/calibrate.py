"""From flows to a law with intervals (`fit`), or from an assumption to a range (`assume`): both are a `Calibration`.

A `Calibration` knows its status, and everything computed with it carries that status on. *Calibrated* means estimated
by maximum likelihood on observed flows, with intervals. *Uncalibrated* means that nobody has looked: parameters are
assumed, and whatever follows is given over a whole range of them, not as an interval of confidence.

>>> from folkmoot.engines.retail.model import Areas, Centres, Market
>>> market = Market(
...     Areas.of(["A", "B"], population=[100, 100], spend_per_head=2500),
...     Centres.of(["X", "Y", "Z"], floor_space_m2=[9_000, 3_000, 1_000]),
...     cost=[[5, 10, 4], [12, 3, 8]],
...     flows=[[60, 10, 30], [20, 70, 10]],
... )
>>> found = fit(market, decay="exponential")
>>> found.status, [p.name for p in found.parameters]
('calibrated', ['alpha', 'beta'])
>>> round(found.fit.mean_cost_fitted - found.fit.mean_cost_observed, 9)  # Hyman 1969
0.0
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from folkmoot.engines.retail.fitness import Fit, fitness
from folkmoot.engines.retail.gravity import Decay, Law
from folkmoot.engines.retail.likelihood import law_of, maximum, sample
from folkmoot.engines.retail.model import Floats, Market, RetailError, SetAside
from folkmoot.engines.retail.spread import Spread, spread

type Status = Literal["calibrated", "uncalibrated"]

LEVEL = 0.95
FEW_AREAS = 20
GRID = 5


@dataclass(frozen=True, slots=True)
class Interval:
    """A value between a low and a high: an interval of confidence if calibrated, a range of assumptions if not."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter with its interval, and the standard errors that went into it (None where not known)."""

    name: str
    value: float
    low: float
    high: float
    error_information: float | None = None
    error_dispersed: float | None = None
    error_by_area: float | None = None
    error_by_centre: float | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """A law and how far to trust it. `unit` is that of the costs; `visits_per_resident` that of the flows, if known."""

    status: Status
    law: Law
    parameters: tuple[Parameter, ...]
    covariance: tuple[tuple[float, ...], ...]
    level: float
    unit: str
    fit: Fit | None
    other_decay: Fit | None
    statements: tuple[str, ...]
    set_aside: tuple[SetAside, ...] = ()

    def __post_init__(self) -> None:
        k = len(self.law.names)
        names = tuple(p.name for p in self.parameters)
        shape = [len(row) for row in self.covariance]
        whole = names == self.law.names and self.status in ("calibrated", "uncalibrated")
        if not whole or (self.calibrated and shape != [k] * k) or not 0 < self.level < 1:
            raise RetailError("The parts of this calibration do not belong together; fit it again.")
        numbers = [*np.ravel(self.covariance), *(v for p in self.parameters for v in (p.value, p.low, p.high))]
        if not np.isfinite(np.array(numbers, dtype=np.float64)).all():
            raise RetailError("This calibration holds a number that is not finite; fit it again.")

    @property
    def calibrated(self) -> bool:
        return self.status == "calibrated"

    def laws(self, draws: int = 400, seed: int = 1) -> tuple[Law, ...]:
        """The laws to try: draws from the estimates' normal distribution, or the grid of the assumed ranges."""
        if not self.calibrated:
            axes = [np.linspace(p.low, p.high, GRID if p.low < p.high else 1) for p in self.parameters]
            grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)
            return tuple(self.law.with_vector(row) for row in grid)
        rng = np.random.Generator(np.random.Philox(key=[seed, 0]))
        values, vectors = np.linalg.eigh(np.array(self.covariance))
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        noise = rng.standard_normal((draws, len(values)))
        return tuple(self.law.with_vector(self.law.vector + row) for row in noise @ root.T)

    def interval(self, value: float, samples: Floats) -> Interval:
        """A value and how far it moves over the laws tried: quantiles if calibrated, the extremes if not."""
        if self.calibrated:
            low, high = np.quantile(samples, [0.5 - self.level / 2, 0.5 + self.level / 2])
        else:
            low, high = samples.min(), samples.max()
        return Interval(float(value), float(min(low, value)), float(max(high, value)))

    @classmethod
    def from_dict(cls, held: Mapping[str, Any]) -> Calibration:
        """The calibration that `dataclasses.asdict` took apart, as from a JSON file. Raises `RetailError` if it is none."""
        try:
            law = held["law"]
            return cls(
                status=held["status"],
                law=Law(
                    law["decay"], float(law["alpha"]), tuple((str(n), float(v)) for n, v in law["beta"]),
                    tuple((str(n), float(v)) for n, v in law["gamma"]), float(law["least_cost"]),
                ),
                parameters=tuple(Parameter(**row) for row in held["parameters"]),
                covariance=tuple(tuple(float(v) for v in row) for row in held["covariance"]),
                level=float(held["level"]),
                unit=str(held["unit"]),
                fit=Fit(**held["fit"]) if held["fit"] else None,
                other_decay=Fit(**held["other_decay"]) if held["other_decay"] else None,
                statements=tuple(held["statements"]),
                set_aside=tuple(SetAside(**{**row, "rows": tuple(row["rows"])}) for row in held["set_aside"]),
            )  # fmt: skip
        except RetailError:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise RetailError(
                f"This is not a calibration that `folkmoot retail fit` wrote ({error}); fit it again."
            ) from error


def fit(
    market: Market,
    *,
    decay: Decay | Literal["auto"] = "auto",
    beta_by_class: bool = False,
    variables: Sequence[str] = (),
    least_cost: float = 0.0,
    level: float = LEVEL,
) -> Calibration:
    """Estimate the law of a market from its flows.

    `decay="auto"` fits both forms and takes the one of lower AIC. `beta_by_class` gives every class of centre a β of its
    own; `variables` names further columns of the centres to estimate exponents for. Costs below `least_cost` count as
    that in power decay. Raises `RetailError` if the market has no flows or they cannot tell.
    """
    if market.flows is None:
        raise RetailError("This market has no flows to calibrate on; give flows, or state assumed parameters.")
    missing = [name for name in variables if name not in market.centres.further]
    if missing:
        there = ", ".join(market.centres.further) or "none"
        raise RetailError(f"The centres have no further variable “{missing[0]}”; there are: {there}.")
    if not 0.5 <= level < 1:
        raise RetailError(f"The level of intervals is {level:g}; give one from 0.5 to below 1, such as 0.95.")
    classes = market.centres.classes if beta_by_class else ()
    wanted: tuple[Decay, ...] = ("exponential", "power") if decay == "auto" else (decay,)
    remarks = []
    if decay == "auto" and least_cost <= 0 and (market.cost == 0).any():
        wanted = ("exponential",)
        remarks.append("Power decay was not tried, since some costs are zero; state a least cost to try it.")
    tried = [_estimate(market, law_of(form, classes, variables, least_cost), level) for form in wanted]
    tried.sort(key=lambda one: one[2].aic)
    (law, found, fitted), other = tried[0], tried[1][2] if len(tried) > 1 else None
    return Calibration(
        status="calibrated",
        law=law,
        parameters=_parameters(law, found),
        covariance=tuple(tuple(float(v) for v in row) for row in found.covariance),
        level=level,
        unit=market.unit,
        fit=fitted,
        other_decay=other,
        statements=(*market.statements, *_remarks(market, law, found, fitted, other), *remarks),
        set_aside=(*market.set_aside, *_unused(market, fitted)),
    )


def assume(
    unit: str = "minutes",
    *,
    decay: Decay = "power",
    alpha: float = 1.0,
    beta: float = 2.0,
    alpha_range: tuple[float, float] | None = None,
    beta_range: tuple[float, float] | None = None,
    least_cost: float = 1.0,
) -> Calibration:
    """An uncalibrated law: by default Reilly's (1931), attraction as floor space over the square of the cost.

    Without ranges, α and β vary by half of themselves either way.
    """
    law = Law(decay, alpha, (("", beta),), least_cost=least_cost if decay == "power" else 0.0)
    parameters = []
    for name, value, span in (("alpha", alpha, alpha_range), ("beta", beta, beta_range)):
        low, high = span if span is not None else sorted((0.5 * value, 1.5 * value))
        if not low <= value <= high:
            raise RetailError(f"The assumed {name} of {value:g} lies outside its own range, {low:g} to {high:g}.")
        parameters.append(Parameter(name, value, low, high))
    spans = " and ".join(f"{p.name} {p.value:g} ({p.low:g} to {p.high:g})" for p in parameters)
    return Calibration(
        status="uncalibrated",
        law=law,
        parameters=tuple(parameters),
        covariance=(),
        level=LEVEL,
        unit=unit,
        fit=None,
        other_decay=None,
        statements=(
            f"Uncalibrated: no observed flows were used. {decay.capitalize()} decay with {spans} is an assumption; "
            "every low and high is the least and the most over that range, not an interval of confidence.",
        ),
    )


def _estimate(market: Market, empty: Law, level: float) -> tuple[Law, Spread, Fit]:
    data = sample(market, empty)
    theta = maximum(data, empty.names)
    found = spread(data, theta, level)
    return empty.with_vector(theta), found, fitness(data, theta, market.cost[data.rows], found.dispersion)


def _parameters(law: Law, found: Spread) -> tuple[Parameter, ...]:
    def one(errors: Floats | None, k: int) -> float | None:
        return None if errors is None else float(errors[k])

    return tuple(
        Parameter(
            name, float(value), float(value - found.half_width[k]), float(value + found.half_width[k]),
            one(found.information, k), one(found.dispersed, k), one(found.by_area, k), one(found.by_centre, k),
        )
        for k, (name, value) in enumerate(zip(law.names, law.vector))
    )  # fmt: skip


def _remarks(market: Market, law: Law, found: Spread, fitted: Fit, other: Fit | None) -> list[str]:
    """What a careful reader should be told about this calibration."""
    said = [
        f"Calibrated by maximum likelihood on {fitted.flows:,.0f} {market.flow_unit} from {fitted.areas} areas "
        f"({fitted.cells:,} cells); {fitted.deviance_explained:.0%} of the deviance of equal shares is explained."
    ]
    if other is not None:
        said.append(
            f"{law.decay.capitalize()} decay was chosen: its AIC is {other.aic - fitted.aic:,.1f} lower than the other's."
        )
    if fitted.dispersion > 1.5:
        said.append(
            f"The flows vary {fitted.dispersion:.1f} times as much as independent visits would; intervals are widened."
        )
    if market.flow_unit == "pounds":
        said.append("Flows in pounds are not counts: their likelihood is a quasi-likelihood, and so is the AIC.")
    if fitted.areas < FEW_AREAS:
        said.append(f"Only {fitted.areas} areas have flows; errors clustered by area are themselves uncertain.")
    if law.alpha < 0:
        said.append("α is negative: smaller centres draw more. Check the floor space.")
    said += [
        f"{name} is negative: people go further rather than nearer. Check costs and flows."
        for name, value in zip(law.names, law.vector)
        if name.startswith("beta") and value < 0
    ]
    return said


def _unused(market: Market, fitted: Fit) -> list[SetAside]:
    """Cells of flows that could not be used."""
    assert market.flows is not None
    surveyed = np.isfinite(market.flows).any(axis=1)
    hidden = np.isnan(market.flows) & surveyed[:, None]
    lost = np.isfinite(market.flows) & (market.flows > 0) & ~np.isfinite(market.cost)
    found = []
    if hidden.any():
        i, j = np.argwhere(hidden)[0]
        pair = f"{market.areas.code[i]} → {market.centres.code[j]}"
        found.append(
            SetAside("The count is suppressed; the cell is left out of the calibration.", int(hidden.sum()), pair)
        )
    if lost.any():
        i, j = np.argwhere(lost)[0]
        pair = f"{market.areas.code[i]} → {market.centres.code[j]}"
        found.append(SetAside("There are flows although the cost says there is no way.", int(lost.sum()), pair))
    if (~surveyed).any():
        first = str(market.areas.code[np.flatnonzero(~surveyed)[0]])
        found.append(SetAside("The area has no flows; it was not calibrated on.", int((~surveyed).sum()), first))
    return found
