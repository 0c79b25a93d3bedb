"""Probabilities: they sum to one, do not care for units of size, and agree with what can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.engines.retail import Areas, Centres, Law, Market, RetailError, shares
from folkmoot.engines.retail.gravity import logsumexp
from folkmoot.engines.retail.tests.markets import random_market

LAW = Law("exponential", 1.2, (("", 0.1),))
seeds = st.integers(0, 10_000)


def two(size: tuple[float, float], cost: tuple[float, float], elsewhere: float = 0.0) -> Market:
    areas = Areas.of(["A"], population=[100], spend=[1000.0], elsewhere=elsewhere)
    return Market(areas, Centres.of(["X", "Y"], floor_space_m2=size), np.array([cost]))


@given(
    seeds,
    st.floats(-3, 5),
    st.floats(-1, 50),
    st.sampled_from(["exponential", "power"]),
    st.floats(0, 0.95),
)
def test_everybody_goes_somewhere(seed: int, alpha: float, beta: float, decay: str, elsewhere: float) -> None:
    market = random_market(seed, elsewhere=elsewhere)
    found = shares(Law(decay, alpha, (("", beta),)), market)
    assert (found.to >= 0).all()
    assert np.allclose(found.to.sum(axis=1) + found.elsewhere + found.unserved, 1.0)
    assert np.allclose(found.elsewhere, elsewhere)


@given(seeds, st.floats(1e-6, 1e6))
def test_square_feet_give_the_same_probabilities_as_square_metres(seed: int, factor: float) -> None:
    market = random_market(seed)
    centres = Centres.of(market.centres.code, floor_space_m2=market.centres.floor_space_m2 * factor)
    other = Market(market.areas, centres, market.cost)
    assert np.allclose(shares(LAW, market).to, shares(LAW, other).to)


def test_two_centres_are_chosen_by_the_odds_of_size_and_distance() -> None:
    first = shares(LAW, two((9_000, 3_000), (12.0, 4.0))).to[0, 0]
    assert first / (1 - first) == pytest.approx(3.0**1.2 * np.exp(-0.1 * 8))
    power = shares(Law("power", 1.0, (("", 2.0),)), two((9_000, 3_000), (12.0, 4.0))).to[0, 0]
    assert power / (1 - power) == pytest.approx(3.0 * (4 / 12) ** 2)


def test_reilly_s_breaking_point_draws_both_ways_alike() -> None:
    # Reilly (1931): between towns d apart the break is at d / (1 + √(A_y/A_x)) from x.
    away = 30.0 / (1 + np.sqrt(2_500 / 10_000))
    half = shares(Law("power", 1.0, (("", 2.0),)), two((10_000, 2_500), (away, 30.0 - away))).to
    assert half[0] == pytest.approx([0.5, 0.5])


def test_the_production_constrained_model_of_wilson_is_the_same_thing() -> None:
    market = random_market(3)
    size, cost = market.centres.floor_space_m2, market.cost
    pull = size**1.2 * np.exp(-0.1 * cost)
    balance = 1.0 / pull.sum(axis=1)
    wilson = balance[:, None] * market.areas.spend[:, None] * pull
    assert np.allclose(market.areas.spend[:, None] * shares(LAW, market).to, wilson)


@given(seeds)
def test_a_centre_added_takes_the_same_share_of_every_other_in_an_area(seed: int) -> None:
    market = random_market(seed)
    fewer = Market(
        market.areas,
        Centres.of(market.centres.code[:-1], floor_space_m2=market.centres.floor_space_m2[:-1]),
        market.cost[:, :-1],
    )
    before, after = shares(LAW, fewer).to, shares(LAW, market).to
    factor = after[:, :-1] / before
    assert np.allclose(factor, factor[:, :1])
    assert np.allclose(factor[:, 0], 1 - after[:, -1])


def test_a_tiny_far_centre_changes_nothing_that_can_be_seen() -> None:
    market = two((9_000, 1e-9), (3.0, 500.0))
    assert shares(LAW, market).to[0, 0] == pytest.approx(1.0, abs=1e-12)


def test_numbers_far_beyond_the_range_of_exp_stay_probabilities() -> None:
    found = shares(Law("exponential", 300.0, (("", 500.0),)), two((9_000, 8_999), (2_000.0, 1_999.0)))
    assert np.isfinite(found.to).all()
    assert found.to.sum() == pytest.approx(1.0)


def test_an_area_that_reaches_nothing_is_served_by_none() -> None:
    areas = Areas.of(["A", "B"], population=[1, 1], spend=[1, 1], elsewhere=[0.2, 0.2])
    market = Market(areas, Centres.of(["X"], floor_space_m2=[10]), np.array([[5.0], [np.inf]]))
    found = shares(LAW, market)
    assert found.to[:, 0].tolist() == pytest.approx([0.8, 0.0])
    assert found.unserved.tolist() == pytest.approx([0.0, 0.8])


def test_what_goes_elsewhere_is_what_is_stated_and_yields_to_a_new_centre() -> None:
    now = shares(LAW, two((9_000, 1e-12), (3.0, 3.0), elsewhere=0.25))
    assert now.elsewhere[0] == pytest.approx(0.25)
    later = shares(LAW, two((9_000, 9_000), (3.0, 3.0), elsewhere=0.25), now.outside)
    # Utilities 1, 1 and 1/3: elsewhere keeps 1/3 of 7/3.
    assert later.elsewhere[0] == pytest.approx(1 / 7)


def test_every_class_of_centre_may_have_a_beta_of_its_own() -> None:
    centres = Centres.of(["X", "Y"], floor_space_m2=[1, 1], centre_class=["town", "park"])
    market = Market(Areas.of(["A"], population=[1], spend=[1]), centres, np.array([[10.0, 10.0]]))
    found = shares(Law("exponential", 1.0, (("park", 0.05), ("town", 0.2))), market).to[0]
    assert found[0] / found[1] == pytest.approx(np.exp(-1.5))
    with pytest.raises(RetailError, match="no β for centres of class “park”"):
        shares(Law("exponential", 1.0, (("town", 0.2),)), market)


def test_further_variables_multiply_in() -> None:
    centres = Centres.of(["X", "Y"], floor_space_m2=[1, 1], further={"parking": [100, 400]})
    market = Market(Areas.of(["A"], population=[1], spend=[1]), centres, np.array([[10.0, 10.0]]))
    found = shares(Law("exponential", 1.0, (("", 0.2),), (("parking", 0.5),)), market).to[0]
    assert found[1] / found[0] == pytest.approx(2.0)


def test_no_distance_is_refused_by_power_decay_until_a_least_cost_is_stated() -> None:
    market = two((9_000, 3_000), (0.0, 4.0))
    with pytest.raises(RetailError, match="state a least cost"):
        shares(Law("power", 1.0, (("", 2.0),)), market)
    found = shares(Law("power", 1.0, (("", 2.0),), least_cost=2.0), market).to[0]
    assert found[0] / found[1] == pytest.approx(3.0 * 4.0)


def test_log_sum_exp_of_nothing_is_minus_infinity() -> None:
    assert logsumexp(np.array([[-np.inf, -np.inf], [0.0, 0.0]])).tolist() == [-np.inf, pytest.approx(np.log(2))]
