"""Forecasts: every pound is somewhere, mixes are those of the areas, and what is not calibrated says so."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.retail import (
    Areas,
    Centres,
    Law,
    Market,
    NewCentre,
    Prediction,
    RetailError,
    assume,
    extended,
    fit,
    predict,
    shares,
)
from folkmoot.engines.retail.tests.markets import random_market, with_flows

LAW = Law("exponential", 0.9, (("", 0.12),))
NEW = NewCentre(-0.45, 53.08, 6_000.0, running_cost_per_m2=200.0)
ASSUMED = assume(decay="exponential", alpha=0.9, beta=0.12)


def total(found: Prediction) -> float:
    return sum(one.turnover.value for one in found.centres) + found.elsewhere.value + found.unserved


@settings(max_examples=15)
@given(st.integers(0, 1_000), st.floats(0, 0.6), st.sampled_from(["responds", "fixed"]))
def test_every_pound_is_spent_once(seed: int, away: float, elsewhere: str) -> None:
    market = random_market(seed, elsewhere=away)
    cost = market.cost.copy()
    cost[0] = np.inf
    market = Market(market.areas, market.centres, cost)
    new = replace(NEW, cost=(np.inf, *[5.0] * 11))
    for found in (predict(market, ASSUMED), predict(market, ASSUMED, new, elsewhere=elsewhere)):
        assert total(found) == pytest.approx(market.areas.spend.sum())
        assert found.unserved == pytest.approx(market.areas.spend[0] * (1 - away))
        assert found.unserved_areas == ("A0",)
        json.dumps(asdict(found), allow_nan=False)


def test_what_a_new_centre_takes_is_what_the_others_lose() -> None:
    market = random_market(2, elsewhere=0.2)
    fixed = predict(market, ASSUMED, NEW, elsewhere="fixed")
    lost = -sum(one.change.value for one in fixed.centres if one.change)
    assert fixed.centres[-1].is_new
    assert fixed.centres[-1].turnover.value == pytest.approx(lost)
    responds = predict(market, ASSUMED, NEW)
    assert responds.elsewhere.value < fixed.elsewhere.value
    assert responds.centres[-1].turnover.value > fixed.centres[-1].turnover.value


def test_turnover_and_mix_are_those_worked_out_by_hand() -> None:
    market = random_market(5)
    found = predict(market, ASSUMED, NEW)
    later = extended(market, NEW)
    going = shares(LAW, later).to[:, -1]
    areas = market.areas
    assert found.centres[-1].turnover.value == pytest.approx(float(going @ areas.spend))
    people = going * areas.population
    who = found.visitors
    assert who is not None
    by_group = {(g.kind, g.group): g for g in who.mix}
    assert by_group["age", "age_65_plus"].share.value == pytest.approx(float(people @ areas.age[:, 1] / people.sum()))
    assert by_group["car", "access to a car"].share.value == pytest.approx(
        float(people @ areas.car_access / people.sum())
    )
    decile = int(areas.imd_decile[0])
    mine = float(people[areas.imd_decile == decile].sum() / people.sum())
    everybody = float(areas.population[areas.imd_decile == decile].sum() / areas.population.sum())
    one = by_group["imd_decile", str(decile)]
    assert (one.share.value, one.of_everybody) == (pytest.approx(mine), pytest.approx(everybody))
    assert one.index == pytest.approx(100 * mine / everybody)


@given(st.integers(0, 200))
@settings(max_examples=15)
def test_shares_of_each_kind_of_group_add_up_to_one(seed: int) -> None:
    who = predict(random_market(seed), ASSUMED, NEW).visitors
    assert who is not None
    for kind in ("age", "imd_decile", "classification", "car"):
        assert sum(g.share.value for g in who.mix if g.kind == kind) == pytest.approx(1.0)
    for g in who.mix:
        assert 0 <= g.share.low <= g.share.value <= g.share.high <= 1


def test_the_catchment_is_the_fewest_areas_that_make_up_half_and_four_fifths() -> None:
    who = predict(random_market(7, 40), ASSUMED, NEW).visitors
    assert who is not None
    sent = np.array([area.visitors for area in who.catchment])
    assert (np.diff(sent) <= 0).all()
    for band in (0.5, 0.8):
        k = len(who.areas_within(band))
        assert sent[:k].sum() >= band * sent.sum() > sent[: k - 1].sum()
    assert sent.sum() == pytest.approx(who.visitors.value)


def test_an_addition_never_harms_access_and_a_nearer_centre_is_noticed() -> None:
    market = random_market(3, elsewhere=0.1)
    found = predict(market, ASSUMED, replace(NEW, cost=tuple([0.1] * 12)))
    for row in found.access:
        assert row.benefit is not None
        assert row.benefit.low > 0
        assert row.nearest < row.nearest_before
    assert found.access[0].population == market.areas.population.sum()


def test_with_one_beta_the_benefit_is_the_uniform_saving_that_is_as_good() -> None:
    """Cutting every cost by the benefit raises the log-sum as much as the new centre does (Williams 1977)."""
    market = random_market(11, 1, 4)
    found = predict(market, ASSUMED, NEW)
    benefit = found.access[0].benefit
    assert benefit is not None
    cheaper = Market(market.areas, market.centres, market.cost - benefit.value)
    assert shares(LAW, cheaper).logsum == pytest.approx(shares(LAW, extended(market, NEW)).logsum)


def test_with_power_decay_the_benefit_is_the_proportional_saving_that_is_as_good() -> None:
    market = random_market(11, 1, 4)
    power = Law("power", 0.9, (("", 1.7),))
    row = predict(market, assume(decay="power", alpha=0.9, beta=1.7, least_cost=0.0), NEW).access[0]
    assert row.benefit is not None
    factor = 1.0 - row.benefit.value / row.mean_cost_before
    cheaper = Market(market.areas, market.centres, market.cost * factor)
    assert shares(power, cheaper).logsum == pytest.approx(shares(power, extended(market, NEW)).logsum)


def test_an_area_that_could_reach_nothing_is_newly_served() -> None:
    market = random_market(4, elsewhere=0.3)
    cost = market.cost.copy()
    cost[2] = np.inf
    market = Market(market.areas, market.centres, cost)
    found = predict(market, ASSUMED, replace(NEW, cost=tuple([4.0] * 12)))
    assert found.newly_served_areas == ("A2",)
    assert found.unserved == 0
    who = found.visitors
    assert who is not None
    probability = {area.code: area.probability.value for area in who.catchment}["A2"]
    assert probability == pytest.approx(0.7)


def test_uncalibrated_is_said_everywhere_and_ranges_hold_the_extremes() -> None:
    market = random_market(6)
    wide = assume(decay="exponential", alpha=0.9, beta=0.12, alpha_range=(0.5, 1.5), beta_range=(0.05, 0.3))
    found = predict(market, wide, NEW)
    assert found.status == "uncalibrated"
    assert found.statements[0].startswith("Uncalibrated")
    for alpha, beta in ((0.5, 0.05), (1.5, 0.3), (0.5, 0.3)):
        turnover = shares(Law("exponential", alpha, (("", beta),)), extended(market, NEW)).to.T @ market.areas.spend
        for one, value in zip(found.centres, turnover):
            assert one.turnover.low <= value * (1 + 1e-12)
            assert value * (1 - 1e-12) <= one.turnover.high


def test_more_visits_make_narrower_intervals() -> None:
    market = random_market(9, 40, 6)
    widths = []
    for visits in (50, 5_000):
        found = predict(market, fit(with_flows(market, LAW, visits, 9), decay="exponential"), NEW)
        widths.append(found.centres[-1].turnover.high - found.centres[-1].turnover.low)
    assert widths[1] < widths[0] / 5


def test_intervals_of_a_forecast_cover_what_the_true_law_says() -> None:
    hits = []
    for seed in range(25):
        market = random_market(seed, 40, 8)
        truth = shares(LAW, extended(market, NEW)).to[:, -1] @ market.areas.spend
        held = fit(with_flows(market, LAW, 100, seed), decay="exponential")
        span = predict(market, held, NEW).centres[-1].turnover
        hits.append(span.low <= truth <= span.high)
    assert np.mean(hits) >= 0.85


def test_an_existing_centre_can_be_described_and_an_unknown_one_is_refused() -> None:
    market = random_market(1)
    who = predict(market, ASSUMED, about="C2").visitors
    assert who is not None
    assert who.code == "C2"
    assert predict(market, ASSUMED).visitors is None
    with pytest.raises(RetailError, match="no centre “C9”; the centres are C0, C1"):
        predict(market, ASSUMED, about="C9")


def test_a_law_for_minutes_is_not_used_for_kilometres() -> None:
    with pytest.raises(RetailError, match="in minutes, but this market's are in kilometres"):
        predict(replace(random_market(1), unit="kilometres"), ASSUMED)


def test_the_same_seed_gives_the_same_forecast() -> None:
    market = with_flows(random_market(1, 30), LAW, 100, 1)
    held = fit(market)
    assert predict(market, held, NEW) == predict(market, held, NEW)
    assert predict(market, held, NEW, seed=2) != predict(market, held, NEW)


def test_a_stopped_forecast_says_that_its_intervals_are_too_narrow() -> None:
    market = with_flows(random_market(1, 30), LAW, 100, 1)
    asked = iter([False, False, True])
    found = predict(market, fit(market), NEW, should_stop=lambda: next(asked))
    assert any("only 3 of 400 laws" in said for said in found.statements)
    json.dumps(asdict(found), allow_nan=False)


def test_unknown_ages_cars_and_deciles_leave_their_rows_out() -> None:
    areas = Areas.of(["A", "B"], population=[10, 20], spend=[1, 1], car_access=[np.nan, 0.5])
    market = Market(areas, Centres.of(["X"], floor_space_m2=[100]), np.array([[3.0], [4.0]]))
    who = predict(market, ASSUMED, about="X").visitors
    assert who is not None
    assert [(g.kind, g.share.value) for g in who.mix] == [("car", 0.5), ("car", 0.5)]
