"""What the law says will happen: turnover of every centre, and what a new one would take, give and change.

>>> from folkmoot.engines.retail.calibrate import assume
>>> from folkmoot.engines.retail.model import Areas, Centres, Market
>>> market = Market(
...     Areas.of(["A", "B"], population=[1000, 1000], spend_per_head=2500, lon=[-0.55, -0.50], lat=[53, 53]),
...     Centres.of(["X"], floor_space_m2=[9_000], lon=[-0.56], lat=[53]),
...     cost=[[2], [8]],
... )
>>> new = NewCentre(-0.49, 53, 9_000, cost=(8.0, 2.0))
>>> found = predict(market, assume("minutes"), new)
>>> found.status, round(found.centres[0].turnover.value), round(found.centres[1].turnover.value)
('uncalibrated', 2500000, 2500000)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from folkmoot.engines.retail.benefit import equivalent, mean_beta, mean_cost
from folkmoot.engines.retail.calibrate import Calibration, Interval
from folkmoot.engines.retail.gravity import Law, Shares, shares
from folkmoot.engines.retail.model import Areas, Floats, Market, RetailError, SetAside
from folkmoot.engines.retail.newcomer import NewCentre, extended
from folkmoot.engines.retail.visitors import WITHIN_AREAS, Visitors, visitors_of

type Elsewhere = Literal["responds", "fixed"]

ONLY_PARAMETERS = (
    "Intervals hold the uncertainty of the law's parameters, not that of the law itself nor of what people spend."
)


@dataclass(frozen=True, slots=True)
class CentreForecast:
    """One centre: yearly turnover in pounds, visitors, and with a new centre what changes (pounds and per cent)."""

    code: str
    name: str
    centre_class: str
    floor_space_m2: float
    is_new: bool
    turnover: Interval
    turnover_per_m2: float
    market_share: Interval
    visitors: Interval
    turnover_before: float | None
    change: Interval | None
    change_percent: Interval | None


@dataclass(frozen=True, slots=True)
class AccessChange:
    """A group of areas: mean cost of a trip and of the nearest centre before and after, and the benefit a trip.

    `benefit` is the fall in travel cost that would be as good as the wider choice (consumer surplus); it is never
    negative for an addition, while the mean cost may rise where people choose to go further.
    """

    group: str
    population: float
    mean_cost_before: float
    mean_cost: Interval
    nearest_before: float
    nearest: float
    benefit: Interval | None


@dataclass(frozen=True, slots=True)
class Prediction:
    """A forecast for a whole market. `elsewhere` and `unserved` are pounds a year that reach no centre."""

    status: str
    unit: str
    level: float
    centres: tuple[CentreForecast, ...]
    visitors: Visitors | None
    access: tuple[AccessChange, ...]
    elsewhere: Interval
    unserved: float
    unserved_areas: tuple[str, ...]
    newly_served_areas: tuple[str, ...]
    statements: tuple[str, ...]
    set_aside: tuple[SetAside, ...]


def predict(
    market: Market,
    calibration: Calibration,
    new: NewCentre | None = None,
    *,
    about: str | None = None,
    elsewhere: Elsewhere = "responds",
    draws: int = 400,
    seed: int = 1,
    should_stop: Callable[[], bool] | None = None,
) -> Prediction:
    """Turnover, visitors and access, with the new centre if one is given.

    Visitors are described for the new centre, or for the existing one whose code is `about`. `elsewhere` says whether a
    new centre also draws from what is spent elsewhere ("responds") or not ("fixed"). Intervals are over `draws` laws of
    the calibration (or over the range of an uncalibrated one); if `should_stop` says so, over those done so far.
    """
    refuse_other_units(market, calibration)
    later = extended(market, new) if new is not None else market
    index = _described(later, new, about)
    look = _Look(market, later, elsewhere, index)
    now = look(calibration.law)
    tried, stopped = under_each(look, calibration.laws(draws, seed), should_stop)
    areas = market.areas

    def over(pick: Callable[[_Seen], Floats | float]) -> tuple[Floats, Floats]:
        return np.atleast_1d(pick(now)), np.array([np.atleast_1d(pick(one)) for one in tried])

    visitors = None
    if index is not None:
        column, columns = over(lambda seen: seen.going)
        visitors = visitors_of(
            str(later.centres.code[index]), str(later.centres.name[index]), areas, column, columns, calibration.interval
        )
    away, aways = over(lambda seen: seen.elsewhere)
    unserved = ~later.reached
    newly = later.reached & ~market.reached
    said = [*calibration.statements, *stopped, *(s for s in later.statements if s not in calibration.statements)]
    if calibration.calibrated:
        said.append(ONLY_PARAMETERS)
    if visitors is not None and visitors.mix:
        said.append(WITHIN_AREAS)
    if unserved.any():
        said.append(f"{int(unserved.sum())} areas reach no centre; what they spend is counted as served by none.")
    if new is not None and (areas.elsewhere > 0).any():
        verb = "may also draw from" if elsewhere == "responds" else "takes nothing from"
        said.append(f"The new centre {verb} what is spent elsewhere.")
    return Prediction(
        status=calibration.status,
        unit=market.unit,
        level=calibration.level,
        centres=_centres(market, later, calibration, over),
        visitors=visitors,
        access=_access(areas, calibration, now, tried) if new is not None else (),
        elsewhere=calibration.interval(float(away[0]), aways[:, 0]),
        unserved=float((areas.spend * (1 - areas.elsewhere))[unserved].sum()),
        unserved_areas=tuple(areas.code[unserved].tolist()),
        newly_served_areas=tuple(areas.code[newly].tolist()),
        statements=tuple(said),
        set_aside=tuple(dict.fromkeys([*calibration.set_aside, *market.set_aside])),
    )


def under_each[T](
    look: Callable[[Law], T], laws: Sequence[Law], should_stop: Callable[[], bool] | None
) -> tuple[list[T], list[str]]:
    """What is seen under each law, and a sentence if not all could be tried. At least one is."""
    seen: list[T] = []
    for number, law in enumerate(laws):
        if number and should_stop is not None and should_stop():
            return seen, [f"Stopped early: only {number} of {len(laws)} laws were tried, so intervals are too narrow."]
        seen.append(look(law))
    return seen, []


def refuse_other_units(market: Market, calibration: Calibration) -> None:
    """A β per minute means nothing for kilometres."""
    if market.unit != calibration.unit:
        raise RetailError(
            f"The law is for costs in {calibration.unit}, but this market's are in {market.unit}; "
            "calibrate in the unit that is used."
        )


@dataclass(frozen=True, eq=False)
class _Seen:
    """What one law says, in numbers."""

    before: Floats
    turnover: Floats
    visitors: Floats
    going: Floats
    elsewhere: float
    cost_before: Floats
    cost: Floats
    nearest_before: Floats
    nearest: Floats
    benefit: Floats


class _Look:
    """What a law says of a market before and after."""

    def __init__(self, market: Market, later: Market, elsewhere: Elsewhere, index: int | None) -> None:
        self.market, self.later, self.elsewhere, self.index = market, later, elsewhere, index

    def __call__(self, law: Law) -> _Seen:
        market, later, areas = self.market, self.later, self.market.areas
        now = shares(law, market)
        then = now if later is market else shares(law, later, now.outside if self.elsewhere == "responds" else None)
        cost = mean_cost(market, now)
        return _Seen(
            before=now.to.T @ areas.spend,
            turnover=then.to.T @ areas.spend,
            visitors=then.to.T @ areas.population,
            going=then.to[:, self.index] if self.index is not None else np.zeros(len(areas)),
            elsewhere=float(then.elsewhere @ areas.spend),
            cost_before=cost,
            cost=mean_cost(later, then),
            nearest_before=market.cost.min(axis=1),
            nearest=later.cost.min(axis=1),
            benefit=self._benefit(law, now, then, cost),
        )

    def _benefit(self, law: Law, now: Shares, then: Shares, cost: Floats) -> Floats:
        """Units of cost a trip; NaN where nobody could go before, for that gain has no finite worth."""
        if self.elsewhere == "responds":
            with np.errstate(invalid="ignore"):
                gain = _with_outside(then) - _with_outside(now)
        else:
            with np.errstate(invalid="ignore"):
                gain = (1.0 - self.market.areas.elsewhere) * (then.logsum - now.logsum)
        gain = np.where(np.isfinite(now.logsum), gain, np.nan)
        return equivalent(gain, mean_beta(law, self.market, now), cost, law.decay)


def _with_outside(found: Shares) -> Floats:
    return np.asarray(np.logaddexp(found.logsum, np.where(np.isnan(found.outside), -np.inf, found.outside)))


def _described(later: Market, new: NewCentre | None, about: str | None) -> int | None:
    if about is None:
        return len(later.centres) - 1 if new is not None else None
    found = np.flatnonzero(later.centres.code == about)
    if not len(found):
        raise RetailError(f"There is no centre “{about}”; the centres are {', '.join(later.centres.code[:12])}.")
    return int(found[0])


def _centres(
    market: Market,
    later: Market,
    calibration: Calibration,
    over: Callable[[Callable[[_Seen], Floats | float]], tuple[Floats, Floats]],
) -> tuple[CentreForecast, ...]:
    turnover, turnovers = over(lambda seen: seen.turnover)
    before, befores = over(lambda seen: seen.before)
    visitors, visitor_draws = over(lambda seen: seen.visitors)
    total, interval, centres = float(market.areas.spend.sum()) or 1.0, calibration.interval, later.centres
    percents = _percent(turnover[: len(before)], before)
    found = []
    for j in range(len(centres)):
        is_new, changed = j >= len(market.centres), later is not market
        change = percent = None
        if changed and not is_new:
            change = interval(float(turnover[j] - before[j]), turnovers[:, j] - befores[:, j])
            percent = interval(float(percents[j]), _percent(turnovers[:, j], befores[:, j]))
        found.append(
            CentreForecast(
                code=str(centres.code[j]),
                name=str(centres.name[j]),
                centre_class=str(centres.centre_class[j]),
                floor_space_m2=float(centres.floor_space_m2[j]),
                is_new=is_new,
                turnover=interval(float(turnover[j]), turnovers[:, j]),
                turnover_per_m2=float(turnover[j] / centres.floor_space_m2[j]),
                market_share=interval(float(turnover[j]) / total, turnovers[:, j] / total),
                visitors=interval(float(visitors[j]), visitor_draws[:, j]),
                turnover_before=float(before[j]) if changed and not is_new else None,
                change=change,
                change_percent=percent,
            )
        )
    return tuple(found)


def _percent(after: Floats, before: Floats) -> Floats:
    """Change in per cent, 0 where there was nothing to lose."""
    base = np.where(before > 0, before, 1.0)
    return np.asarray(np.where(before > 0, 100.0 * (after / base - 1.0), 0.0))


def _access(areas: Areas, calibration: Calibration, now: _Seen, tried: list[_Seen]) -> tuple[AccessChange, ...]:
    """Before and after for everybody and for each decile of deprivation, over areas that could go before."""
    could = np.isfinite(now.cost_before)
    rows = [("everybody", could)]
    rows += [(f"IMD decile {d}", could & (areas.imd_decile == d)) for d in range(1, 11)]
    found = []
    for label, mine in rows:
        people = areas.population[mine]
        if not people.sum():
            continue

        def mean(values: Floats, mine: np.ndarray = mine, people: Floats = people) -> float:
            return float(values[mine] @ people / people.sum())

        benefit, benefits = mean(now.benefit), np.array([mean(one.benefit) for one in tried])
        known = np.isfinite(benefit) and np.isfinite(benefits).all()
        found.append(
            AccessChange(
                group=label,
                population=float(people.sum()),
                mean_cost_before=mean(now.cost_before),
                mean_cost=calibration.interval(mean(now.cost), np.array([mean(one.cost) for one in tried])),
                nearest_before=mean(now.nearest_before),
                nearest=mean(now.nearest),
                benefit=calibration.interval(benefit, benefits) if known else None,
            )
        )
    return tuple(found)
