"""Harris and Wilson's balance: turnover pays for floor space everywhere, and known cases come out as known."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from folkmoot.engines.retail import Areas, Centres, Law, Market, NewCentre, RetailError, assume, equilibrium, growth
from folkmoot.engines.retail.growth import _System
from folkmoot.engines.retail.newcomer import extended
from folkmoot.engines.retail.tests.markets import random_market

NEW = NewCentre(-0.45, 53.08, 6_000.0)


def law(alpha: float, beta: float = 0.12) -> Law:
    return Law("exponential", alpha, (("", beta),))


def held(alpha: float, beta: float = 0.12) -> object:
    return assume(decay="exponential", alpha=alpha, beta=beta, alpha_range=(alpha, alpha), beta_range=(beta, beta))


@settings(max_examples=12)
@given(st.integers(0, 400), st.floats(0.2, 0.95))
def test_at_rest_every_centre_turns_over_what_it_costs(seed: int, alpha: float) -> None:
    market = random_market(seed, elsewhere=0.1)
    found = equilibrium(market, held(alpha), costs="given", starts=2)
    assert found.converged
    assert found.unique
    assert found.ends == 1
    size = np.array([one.with_m2 for one in found.centres])
    drawn = _System(market, law(alpha)).turnover(size)
    cost = market.centres.running_cost_per_m2
    assert np.abs(drawn - cost * size).max() <= 2e-9 * market.areas.spend.sum()
    assert (cost * size).sum() == pytest.approx(0.9 * market.areas.spend.sum())
    json.dumps(asdict(found), allow_nan=False)


@settings(max_examples=10)
@given(st.integers(0, 400), st.floats(0.3, 2.5))
def test_the_iteration_never_loses_potential_whatever_alpha_is(seed: int, alpha: float) -> None:
    market = random_market(seed)
    system, cost = _System(market, law(alpha)), market.centres.running_cost_per_m2
    size = market.centres.floor_space_m2
    values = []
    for _ in range(60):
        values.append(system.potential(size, cost))
        size = system.turnover(size) / cost
        size[size < 1e-250] = 0.0
    assert (np.diff(values) >= -1e-9 * abs(values[-1])).all()


def test_turnover_is_the_same_by_weights_as_by_logarithms(monkeypatch: pytest.MonkeyPatch) -> None:
    market = random_market(7)
    system, size = _System(market, law(1.3)), market.centres.floor_space_m2 * np.array([1, 0, 1e-9, 1, 1])
    quick = system.turnover(size)
    monkeypatch.setattr(growth, "SAFE", np.inf)
    assert system.turnover(size) == pytest.approx(quick, rel=1e-12)
    assert quick.sum() == pytest.approx(market.areas.spend.sum())


def test_below_alpha_of_one_an_optimiser_finds_the_same_balance() -> None:
    market = random_market(6, 8, 4)
    system, cost = _System(market, law(0.7)), market.centres.running_cost_per_m2
    best = minimize(
        lambda x: -system.potential(np.exp(x), cost) / 1e6,
        np.log(market.centres.floor_space_m2),
        method="BFGS",
        options={"gtol": 1e-9},
    )
    found = equilibrium(market, held(0.7), costs="given")
    assert [one.with_m2 for one in found.centres] == pytest.approx(np.exp(best.x), rel=1e-3)


def symmetric(alpha: float, sizes: tuple[float, float]) -> tuple[float, ...]:
    """Two like areas, each next to one of two centres."""
    areas = Areas.of(["A", "B"], population=[1, 1], spend=[1e6, 1e6])
    market = Market(areas, Centres.of(["X", "Y"], floor_space_m2=sizes), np.array([[2.0, 5.0], [5.0, 2.0]]))
    return tuple(one.with_m2 for one in equilibrium(market, held(alpha, 0.2), costs=200.0).centres)


def test_two_like_centres_share_alike_while_alpha_is_small() -> None:
    assert symmetric(0.8, (9_000, 1_000)) == pytest.approx((5_000, 5_000), rel=1e-4)


def test_the_larger_of_two_like_centres_takes_everything_when_alpha_is_large() -> None:
    assert symmetric(2.0, (5_100, 4_900)) == pytest.approx((10_000, 0), abs=1e-3)
    assert symmetric(2.0, (4_900, 5_100)) == pytest.approx((0, 10_000), abs=1e-3)


def test_the_symmetric_balance_tips_at_the_alpha_worked_out_by_hand() -> None:
    """With p and 1−p the shares of the near and the far centre, ∂logD/∂logW has the eigenvalue 4αp(1−p) across."""
    near = 1 / (1 + np.exp(-0.2 * 3))
    tips = 1 / (4 * near * (1 - near))
    areas = Areas.of(["A", "B"], population=[1, 1], spend=[1e6, 1e6])
    market = Market(areas, Centres.of(["X", "Y"], floor_space_m2=[5e3, 5e3]), np.array([[2.0, 5.0], [5.0, 2.0]]))
    for alpha, stable in ((0.97 * tips, True), (1.03 * tips, False)):
        assert equilibrium(market, held(alpha, 0.2)).stable is stable


def test_above_alpha_of_one_history_matters_and_that_is_said() -> None:
    found = equilibrium(random_market(3), held(2.5, 0.05), costs="given")
    assert not found.unique
    assert found.ends > 1
    assert any("starting points" in said for said in found.statements)
    assert any(one.verdict == "dies" for one in found.centres)


def test_today_is_in_balance_unless_costs_are_given() -> None:
    market = random_market(5)
    found = equilibrium(market, held(0.8))
    assert {one.verdict for one in found.centres} == {"steady"}
    assert found.steps == 1


def test_a_new_centre_shrinks_its_neighbours_and_takes_what_they_lose() -> None:
    market = random_market(5)
    found = equilibrium(market, held(0.6), NEW)
    new = found.centres[-1]
    assert (new.is_new, new.verdict) == (True, "new")
    nearest = int(np.argmin(np.hypot(67 * (market.centres.lon - NEW.lon), 111 * (market.centres.lat - NEW.lat))))
    assert found.centres[nearest].verdict == "shrinks"
    assert found.centres[nearest].with_m2 < found.centres[nearest].without_m2


def test_a_new_centre_costs_what_its_class_costs_today() -> None:
    market = random_market(5, classes=True)
    new = NewCentre(-0.45, 53.08, 6_000.0, "park")
    costs = growth._costs(market, extended(market, new), law(0.8), "present")
    drawn = _System(market, law(0.8)).turnover(market.centres.floor_space_m2)
    park = market.centres.centre_class == "park"
    assert costs[:-1] == pytest.approx(drawn / market.centres.floor_space_m2)
    assert costs[-1] == pytest.approx(drawn[park].sum() / market.centres.floor_space_m2[park].sum())


def test_ranges_are_over_the_laws_allowed() -> None:
    wide = assume(decay="exponential", alpha=0.7, beta=0.12, alpha_range=(0.4, 0.9))
    for one in equilibrium(random_market(5), wide, NEW).centres:
        assert one.with_low_m2 <= one.with_m2 <= one.with_high_m2
        assert 0 <= one.survives_in <= 1


def test_a_stopped_run_says_that_the_balance_was_not_reached() -> None:
    found = equilibrium(random_market(5), held(1.0), costs="given", steps=3)
    assert not found.converged
    assert any("not reached" in said for said in found.statements)
    stopped = equilibrium(random_market(5), held(1.0), NEW, should_stop=lambda: True)
    assert not stopped.converged


@pytest.mark.parametrize(
    ("alpha", "costs", "sentence"),
    [(0.0, "present", "no size is in balance"), (0.8, -3.0, "above zero"), (0.8, "cheap", "not understood")],
    ids=["alpha", "negative", "word"],
)
def test_what_has_no_balance_is_refused(alpha: float, costs: object, sentence: str) -> None:
    with pytest.raises(RetailError, match=sentence):
        equilibrium(random_market(5), held(alpha), costs=costs)


def test_running_costs_that_are_missing_are_asked_for() -> None:
    with pytest.raises(RetailError, match="has no running cost"):
        equilibrium(random_market(5), held(0.8), NEW, costs="given")
