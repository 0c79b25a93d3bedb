"""A plan valued by the Green Book (HM Treasury): present value, benefit–cost ratio, switching values, full trace.

Costs and savings are real, at the price year of the data, against changing nothing. Receipts and transfers are shown and
not added. NPV = −Σ amount · factor over the valued lines, so that a positive value is a gain. The ratio sets the savings
(running, backlog) against what is spent once (capital, one-off). A switching value is the figure at which NPV = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from folkmoot.engines.estate.cashflow import VALUED, CashLine, closing, opening
from folkmoot.engines.estate.discount import discount_factor, factors
from folkmoot.engines.estate.programme import Programme
from folkmoot.engines.estate.schedule import Plan
from folkmoot.engines.estate.settings import Settings
from folkmoot.engines.estate.sites import EstateError
from folkmoot.vocabulary.money import Money

__all__ = ["Appraisal", "CashLine", "Switching", "YearValue", "appraise", "discount_factor"]

SWITCHED = (
    "refit_clinical", "refit_non_clinical", "closing_cost", "double_running_share", "running_follows_share",
    "finance_counted_share", "backlog_avoided_share", "optimism_bias_capital",
)  # fmt: skip

LONG_YEARS = 50
"""Horizons beyond this need a further test (Green Book 2026, as quoted by the Department for Transport, TAG, April 2026)."""


@dataclass(frozen=True, slots=True)
class YearValue:
    """Sums of a year by class, exact; `present` is the valued part, discounted, in pounds."""

    year: int
    calendar_year: int
    by_kind: tuple[tuple[str, Money], ...]
    factor: float
    present: float


@dataclass(frozen=True, slots=True)
class Switching:
    """How far an input may go before the net present value is 0; `at` None: no value of it from 0 up gets there."""

    name: str
    now: float
    at: float | None
    unit: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Net present value and ratio in pounds of today, yearly sums, receipts and transfers apart."""

    npv: float
    benefits: float
    costs: float
    bcr: float | None
    receipts: float
    transfers: float
    price_year: str
    years: tuple[YearValue, ...]
    lines: tuple[CashLine, ...]
    switching: tuple[Switching, ...]
    statements: tuple[str, ...]


def appraise(plan: Plan, programme: Programme) -> Appraisal:
    """Value a plan that was found."""
    if plan.objective is None:
        raise EstateError(f"A plan that is {plan.status} has no value; relax the limits that its breaches name.")
    factor = _factors(programme)
    years, sums = [], dict.fromkeys((*VALUED, "receipt", "transfer"), 0.0)
    for t in range(programme.horizon):
        here = [line for line in plan.lines if line.first <= t <= line.last]
        by_kind = {kind: Money.total(line.amount for line in here if line.kind == kind) for kind in sums}
        valued = Money.total(by_kind[kind] for kind in VALUED)
        for kind, amount in by_kind.items():
            sums[kind] += float(amount.pounds) * factor[t]
        years.append(
            YearValue(t, programme.start_year + t, tuple(by_kind.items()), factor[t], float(valued.pounds) * factor[t])
        )
    costs, benefits = sums["capital"] + sums["one-off"], -sums["running"] - sums["backlog"]
    return Appraisal(
        npv=benefits - costs, benefits=benefits, costs=costs, bcr=benefits / costs if costs > 0 else None,
        receipts=-sums["receipt"], transfers=-sums["transfer"], price_year=programme.price_year, years=tuple(years),
        lines=plan.lines, switching=_switching(plan, programme),
        statements=(
            f"Prices of {programme.price_year}, real, not uplifted; year 0 is {programme.start_year} and "
            f"{'not ' if programme.settings.value('year_zero_undiscounted') else ''}discounted.",
            "3.5 % a year to year 30, 3.0 % to year 75, 2.5 % to year 125 (Green Book).",
            *_beyond(programme.horizon),
            "Receipts and transfers are not in the net present value.",
            "Valued against changing nothing; benefits to patients and staff are not valued.",
        ),
    )  # fmt: skip


def _beyond(horizon: int) -> tuple[str, ...]:
    if horizon <= LONG_YEARS:
        return ()
    return (
        f"Past {LONG_YEARS} years the Green Book of 2026 asks also for a test at lower discount rates; it is not made here.",
    )


def _factors(programme: Programme) -> tuple[float, ...]:
    return factors(programme.horizon, year_zero_undiscounted=bool(programme.settings.value("year_zero_undiscounted")))


def npv_with(plan: Plan, programme: Programme, settings: Settings) -> float:
    """The same plan valued with other figures."""
    from dataclasses import replace

    changed = replace(programme, settings=settings)
    by_code = {site.code: site for site in programme.sites}
    lines = [
        line
        for step in plan.steps
        for line in (closing if step.action == "close" else opening)(by_code[step.site], step.year, changed)
    ]
    factor = _factors(changed)
    return -sum(float(c.amount.pounds) * sum(factor[c.first : c.last + 1]) for c in lines if c.kind in VALUED)


def _switching(plan: Plan, programme: Programme) -> tuple[Switching, ...]:
    if not plan.steps:
        return ()
    found = []
    for name in SWITCHED:
        one = programme.settings.assumption(name)

        def at(value: float, name: str = name) -> float:
            return npv_with(plan, programme, programme.settings.changed(name, value))

        value = _zero(at, one.value)
        if value is None:
            said = f"No value of {name} from 0 up brings the net present value to 0."
        else:
            said = f"The net present value is 0 at {name} = {value:,.4g} {one.unit}; it is {one.value:,.4g} now."
            if one.unit == "share" and name != "optimism_bias_capital" and value > 1:
                said = f"{name} would have to be {value:,.4g}, more than a share can be."
        found.append(Switching(name, one.value, value, one.unit, said))
    return tuple(found)


def _zero(npv: Callable[[float], float], now: float) -> float | None:
    """Where a value that is linear in the input, rounding to pence apart, crosses 0 at or above 0."""
    step = max(1.0, now)
    low, high = npv(0.0), npv(step)
    slope = (high - low) / step
    if abs(slope) < 1e-9:
        return None
    at = -low / slope
    return at if at >= 0 else None
