"""Discounting against the published table, and pounds traced to the penny."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from folkmoot.engines.estate import Programme, Settings, appraise, discount_factor, plan, ratios
from folkmoot.engines.estate.discount import factors
from folkmoot.engines.estate.tests.small import site
from folkmoot.engines.estate.value import npv_with
from folkmoot.vocabulary.money import Money


@pytest.mark.parametrize(
    ("year", "factor"), [(0, 1.0), (1, 0.9662), (10, 0.7089), (30, 0.3563), (31, 0.3459), (75, 0.0942), (76, 0.0919)]
)
def test_discount_factors_are_those_of_the_green_book(year: int, factor: float) -> None:
    assert round(discount_factor(year), 4) == factor


def test_the_first_year_can_be_discounted_too() -> None:
    assert factors(2, year_zero_undiscounted=False) == pytest.approx((1 / 1.035, 1 / 1.035**2))


def test_no_year_beyond_125_is_discounted() -> None:
    with pytest.raises(ValueError, match="0 to 125"):
        discount_factor(126)


@pytest.mark.parametrize(("years", "told"), [(50, 0), (60, 1)])
def test_a_horizon_beyond_fifty_years_says_which_test_is_still_to_be_made(years: int, told: int) -> None:
    sites = (site("A"), site("BIG", spare=(("floor", 5000.0),)))
    programme = Programme(sites, Settings.of({"appraisal_years": years}), clinical=frozenset({"outpatient"}))
    value = appraise(plan(programme), programme)
    assert sum("test at lower discount rates" in said for said in value.statements) == told


def made() -> tuple[Programme, object]:
    leaving = site("A", pounds=333_333, backlog=(("high", Money(1_234_567)),), tenure="freehold")
    settings = Settings.of({"backlog_avoided_share": 0.37, "receipt_per_m2": 100, "appraisal_years": 30})
    programme = Programme(
        (leaving, site("BIG", spare=(("floor", 5000.0),))), settings, max_sites=1, clinical=frozenset({"outpatient"})
    )
    return programme, plan(programme)


def test_every_penny_of_the_cash_flow_is_in_a_line_with_a_source() -> None:
    programme, found = made()
    value = appraise(found, programme)  # type: ignore[arg-type]
    by_line = Money.total(line.total for line in value.lines)
    by_year = Money.total(amount for year in value.years for _, amount in year.by_kind)
    assert by_line == by_year
    known = {one.name for one in programme.settings.assumptions}
    for line in value.lines:
        assert line.sources
        assert set(line.assumptions) <= known


def test_the_net_present_value_is_the_objective_with_its_sign_turned() -> None:
    programme, found = made()
    value = appraise(found, programme)  # type: ignore[arg-type]
    assert value.npv == pytest.approx(-found.objective)  # type: ignore[attr-defined]
    assert value.npv == pytest.approx(value.benefits - value.costs)
    assert value.bcr == pytest.approx(value.benefits / value.costs)


def test_receipts_are_kept_apart_from_the_value() -> None:
    programme, found = made()
    value = appraise(found, programme)  # type: ignore[arg-type]
    assert value.receipts == pytest.approx(100_000 * discount_factor(found.steps[0].year))  # type: ignore[attr-defined]
    without = replace(programme, settings=programme.settings.changed("receipt_per_m2", 0.0))
    assert appraise(plan(without), without).npv == pytest.approx(value.npv)


def test_at_a_switching_value_the_net_present_value_is_nothing() -> None:
    programme, found = made()
    value = appraise(found, programme)  # type: ignore[arg-type]
    reached = [one for one in value.switching if one.at is not None]
    assert len(reached) >= 5
    for one in reached:
        at = npv_with(found, programme, programme.settings.changed(one.name, one.at))  # type: ignore[arg-type]
        assert at == pytest.approx(0.0, abs=5.0)


def test_ratios_count_what_moved_in() -> None:
    programme, found = made()
    before, after = ratios(programme), ratios(programme, found)  # type: ignore[arg-type]
    assert (before.sites, after.sites) == (2, 1)
    assert after.non_clinical_share == pytest.approx((300 + 300) / (900 + 900))
    assert after.running_cost == Money(10_000_000) + Money(33_333_300).at_rate(Fraction(6, 10))
