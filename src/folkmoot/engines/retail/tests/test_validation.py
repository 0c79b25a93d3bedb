"""A centre that was left out is foretold well when the law is right, and badly when it is not."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.engines import retail
from folkmoot.engines.retail import Centres, Law, Market, RetailError, fit, hold_out, shares
from folkmoot.engines.retail.tests.markets import random_market, town_market, with_flows

LAW = Law("exponential", 0.9, (("", 0.12),))


def test_in_a_town_that_follows_the_law_every_centre_is_foretold_about_as_well_as_chance_allows() -> None:
    held = hold_out(town_market(1))
    assert len(held.centres) == 10
    for one in held.centres:
        # Chance alone is about 1/√visits; parameters add a little to that.
        assert abs(one.error_percent) < 100 * (5 / one.observed**0.5 + 0.06)
    assert held.median_error_percent < 6


def test_what_is_foretold_is_every_area_s_visits_times_its_own_probability() -> None:
    market = with_flows(random_market(3, 30, 5), LAW, 1, 3)
    counts = np.random.Generator(np.random.Philox(key=[3, 3])).integers(50, 900, 30)
    assert market.flows is not None
    flows = np.round(shares(LAW, market).to * counts[:, None])
    whole = Market(market.areas, market.centres, market.cost, flows=flows)
    rest = Market(
        market.areas,
        Centres.of(market.centres.code[1:], floor_space_m2=market.centres.floor_space_m2[1:]),
        market.cost[:, 1:],
        flows=flows[:, 1:],
    )
    going = shares(fit(rest, decay="exponential").law, market).to[:, 0]
    one = hold_out(whole, decay="exponential", codes=["C0"]).centres[0]
    assert one.observed == flows[:, 0].sum()
    assert one.foretold == pytest.approx(float(flows.sum(axis=1) @ going))


def test_a_centre_that_draws_more_than_its_floor_space_is_noticed() -> None:
    market = random_market(3, 30, 8)
    size = market.centres.floor_space_m2
    nicer = Centres.of(market.centres.code, floor_space_m2=np.where(np.arange(8) == 2, 5 * size, size))
    flows = with_flows(Market(market.areas, nicer, market.cost), LAW, 2_000, 3).flows
    held = hold_out(Market(market.areas, market.centres, market.cost, flows=flows), decay="exponential")
    lowest = min(held.centres, key=lambda one: one.error_percent)
    assert lowest.code == "C2"
    assert lowest.foretold < 0.5 * lowest.observed


def test_what_cannot_be_foretold_is_left_aside_with_its_reason() -> None:
    market = with_flows(random_market(3, 30, 5, classes=True), LAW, 500, 3)
    classes = ["only", *market.centres.centre_class.tolist()[1:]]
    centres = Centres.of(market.centres.code, floor_space_m2=market.centres.floor_space_m2, centre_class=classes)
    held = hold_out(Market(market.areas, centres, market.cost, flows=market.flows), beta_by_class=True)
    assert [code for code, _ in held.left_aside] == ["C0"]
    assert "no β for centres of class “only”" in held.left_aside[0][1]


def test_some_may_be_left_out_only_and_work_may_be_stopped() -> None:
    market = with_flows(random_market(3, 30, 5), LAW, 500, 3)
    assert [one.code for one in hold_out(market, codes=["C1", "C3"]).centres] == ["C1", "C3"]
    with pytest.raises(RetailError, match="stopped before"):
        hold_out(market, should_stop=lambda: True)
    with pytest.raises(RetailError, match="no centre “C9”"):
        hold_out(market, codes=["C9"])
    with pytest.raises(RetailError, match="no flows"):
        hold_out(random_market(3))


def test_every_public_name_is_there_and_unknown_ones_are_not() -> None:
    for name in retail.__all__:
        assert getattr(retail, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'profit'"):
        retail.profit  # noqa: B018
