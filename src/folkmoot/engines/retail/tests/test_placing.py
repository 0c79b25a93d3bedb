"""Placing: the same numbers as a forecast, the best by brute force, and limits that hold."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.retail import Limits, Market, NewCentre, RetailError, assume, fit, place, predict
from folkmoot.engines.retail.placing import at_floor_space
from folkmoot.engines.retail.tests.markets import random_market, with_flows
from folkmoot.engines.retail.tests.test_gravity import LAW

ASSUMED = assume(decay="exponential", alpha=0.8, beta=0.12, alpha_range=(0.6, 1.0), beta_range=(0.08, 0.2))
SITES = [
    NewCentre(-0.50, 53.05, 9_000.0, code="N1", name="North", running_cost_per_m2=220.0),
    NewCentre(-0.40, 53.10, 4_000.0, code="N2", name="East", running_cost_per_m2=180.0),
    NewCentre(-0.33, 53.02, 6_000.0, code="N3", name="South", running_cost_per_m2=260.0),
]


@settings(max_examples=12)
@given(
    st.integers(0, 500),
    st.floats(0, 0.5),
    st.sampled_from(["responds", "fixed"]),
    st.sampled_from(["exponential", "power"]),
)
def test_an_option_is_what_the_forecast_for_it_says(seed: int, away: float, elsewhere: str, decay: str) -> None:
    market = random_market(seed, elsewhere=away)
    cost = market.cost.copy()
    cost[3], cost[4, 1] = np.inf, np.inf
    market = Market(market.areas, market.centres, cost)
    law = assume(decay=decay, alpha=0.8, beta=0.12 if decay == "exponential" else 1.5)
    found = place(market, law, SITES, floor_spaces=[3_000.0], objective="turnover", elsewhere=elsewhere)
    for option in found.options:
        site = next(one for one in SITES if one.code == option.code)
        forecast = predict(market, law, site.sized(option.floor_space_m2), elsewhere=elsewhere)
        new = forecast.centres[-1]
        for ours, theirs in zip(asdict(option.turnover).values(), asdict(new.turnover).values()):
            assert ours == pytest.approx(theirs, rel=1e-9)
        worst = min(forecast.centres[:-1], key=lambda one: one.change_percent.value)
        assert (option.hardest_hit, option.hardest_hit_percent.value) == (
            worst.name,
            pytest.approx(-worst.change_percent.value),
        )


def test_benefit_is_that_of_the_forecast() -> None:
    market = random_market(8, elsewhere=0.2)
    for elsewhere in ("responds", "fixed"):
        found = place(market, ASSUMED, SITES, floor_spaces=[3_000.0], objective="benefit", elsewhere=elsewhere)
        for option in found.options:
            site = next(one for one in SITES if one.code == option.code)
            row = predict(market, ASSUMED, site.sized(3_000.0), elsewhere=elsewhere).access[0]
            assert asdict(option.benefit) == pytest.approx(asdict(row.benefit), rel=1e-9)


def test_the_part_of_the_most_deprived_is_that_of_deciles_one_to_three() -> None:
    market = random_market(8, 30)
    option = place(market, ASSUMED, SITES[:1], floor_spaces=[3_000.0], objective="benefit").options[0]
    rows = predict(market, ASSUMED, SITES[0].sized(3_000.0)).access
    worth = {row.group: row.population * row.benefit.value for row in rows}
    mine = sum(worth.get(f"IMD decile {d}", 0.0) for d in (1, 2, 3))
    assert 0 < mine < worth["everybody"]
    assert option.benefit_to_deprived == pytest.approx(mine / worth["everybody"])


def test_regret_is_what_the_best_of_each_law_would_have_brought_more() -> None:
    found = place(random_market(2), ASSUMED, SITES, floor_spaces=[1_000.0, 3_000.0], objective="turnover")
    regrets = [option.regret for option in found.options]
    assert min(regrets) >= 0
    assert sum(option.best_in == 1.0 for option in found.options) <= 1
    for option in found.options:
        assert (option.regret < 1e-6) == (option.best_in == 1.0)


def test_the_best_is_the_best_of_all_that_were_tried() -> None:
    market = random_market(2)
    found = place(market, ASSUMED, SITES, margin=0.1)
    assert found.best is found.options[0]
    profits = [option.profit.value for option in found.options]
    assert profits == sorted(profits, reverse=True)
    for option in found.options:
        site = next(one for one in SITES if one.code == option.code)
        assert option.floor_space_m2 <= site.floor_space_m2
        expected = 0.1 * option.turnover.value - site.running_cost_per_m2 * option.floor_space_m2
        assert option.profit.value == pytest.approx(expected)
    assert sum(option.best_in for option in found.options) == pytest.approx(1.0)
    assert sum(share for _, share in found.best_site_in) == pytest.approx(1.0)
    json.dumps(asdict(found), allow_nan=False)


def test_refinement_comes_near_the_best_floor_space_of_a_fine_grid() -> None:
    market = random_market(2)
    coarse = place(market, ASSUMED, SITES[:1], margin=0.3).best
    fine = place(market, ASSUMED, SITES[:1], margin=0.3, floor_spaces=np.linspace(50, 9_000, 1_500).tolist()).best
    assert coarse.profit.value >= 0.995 * fine.profit.value


def test_larger_is_never_worse_for_turnover_and_curves_come_in_order_of_size() -> None:
    found = place(random_market(2), ASSUMED, SITES, objective="turnover")
    for site in SITES:
        curve = at_floor_space(found.options, site.code)
        assert [o.floor_space_m2 for o in curve] == sorted(o.floor_space_m2 for o in curve)
        turnover = [o.turnover.value for o in curve]
        assert turnover == sorted(turnover)


def test_limits_are_kept_and_what_breaks_them_says_by_how_much() -> None:
    market = random_market(3)
    free = place(market, ASSUMED, SITES, objective="turnover")
    cap = free.best.hardest_hit_percent.value / 2
    held = place(market, ASSUMED, SITES, objective="turnover", limits=Limits(most_loss_percent=cap))
    assert held.best.hardest_hit_percent.value <= cap
    broken = [option for option in held.options if option.breaks]
    assert broken
    assert all(option.hardest_hit_percent.value > cap and option.best_in == 0 for option in broken)
    assert "of its turnover, more than the" in broken[0].breaks[0]
    assert held.options.index(broken[0]) >= len(held.options) - len(broken)


def test_regeneration_asks_for_benefit_to_the_most_deprived() -> None:
    market = random_market(3)
    found = place(market, ASSUMED, SITES, objective="benefit", floor_spaces=[3_000.0])
    part = {option.code: option.benefit_to_deprived for option in found.options}
    wanted = max(part.values())
    limits = Limits(least_to_deprived=wanted - 1e-9)
    held = place(market, ASSUMED, SITES, objective="benefit", floor_spaces=[3_000.0], limits=limits)
    assert part[held.best.code] == wanted
    none = place(market, ASSUMED, SITES, objective="benefit", limits=Limits(least_to_deprived=1.01))
    assert none.best is None
    assert any("No option keeps the limits" in said for said in none.statements)


def test_how_sure_the_choice_is_follows_the_information() -> None:
    """Two sites nearly as good as each other: a handful of visits cannot tell them apart, many can."""
    market = random_market(14, 30, 5)
    sites = [replace(SITES[0], code="P"), replace(SITES[0], code="Q", lon=-0.36, lat=53.16, floor_space_m2=9_000.0)]
    turnover = [predict(market, ASSUMED, site).centres[-1].turnover.value for site in sites]
    sites[1] = sites[1].sized(9_000.0 * (turnover[0] / turnover[1]) ** 1.25)
    sure = []
    for visits in (8, 20_000):
        held = fit(with_flows(market, LAW, visits, 5), decay="exponential")
        sizes = [site.floor_space_m2 for site in sites]
        found = place(market, held, sites, floor_spaces=sizes, objective="turnover")
        sure.append(found.best_site_in[0][1])
    assert sure[0] < 1.0
    assert sure[1] >= sure[0]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"candidates": []}, "no candidate sites"),
        ({"candidates": [SITES[0], SITES[0]]}, "“N1” is given twice"),
        ({"objective": "fame"}, "choose one of profit, turnover, benefit"),
        ({"margin": None}, "without a margin"),
        ({"margin": 7.0}, "between 0 and 1"),
        ({"candidates": [replace(SITES[0], running_cost_per_m2=None)]}, "running cost per m² of “North”"),
        ({"floor_spaces": [-5.0]}, "above zero"),
        ({"floor_spaces": [1e9]}, "None of the floor spaces fits"),
    ],
    ids=["none", "double", "objective", "no margin", "margin in per cent", "no cost", "negative size", "too large"],
)
def test_an_unclear_question_is_refused(change: dict, sentence: str) -> None:
    asked = {"candidates": SITES, "margin": 0.1, **change}
    with pytest.raises(RetailError, match=sentence):
        place(random_market(1), ASSUMED, **asked)
