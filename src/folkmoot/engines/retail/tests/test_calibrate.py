"""Calibration: the gradient is the gradient, the maximum is the maximum, and the theory of Hyman holds."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.retail import Areas, Calibration, Centres, Law, Market, RetailError, assume, fit
from folkmoot.engines.retail.likelihood import gradient, information, law_of, log_likelihood, maximum, sample
from folkmoot.engines.retail.spread import dispersion
from folkmoot.engines.retail.tests.markets import random_market, town_market, with_flows

LAW = Law("exponential", 0.9, (("", 0.12),))
CLASSES = Law("exponential", 1.1, (("park", 0.06), ("town", 0.14)), (("parking", 0.4),))


@settings(max_examples=25)
@given(st.integers(0, 5_000), st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4))
def test_gradient_and_information_are_those_of_finite_differences(seed: int, theta: list[float]) -> None:
    market = with_flows(random_market(seed, classes=True), CLASSES, 50, seed)
    data = sample(market, law_of("power", market.centres.classes, ["parking"]))
    at, step = np.array(theta), 1e-5
    slope, curve = gradient(data, at), information(data, at)
    for k in range(4):
        ahead = np.eye(4)[k] * step
        difference = (log_likelihood(data, at + ahead) - log_likelihood(data, at - ahead)) / (2 * step)
        assert difference == pytest.approx(slope[k], rel=1e-5, abs=1e-3)
        bend = -(gradient(data, at + ahead) - gradient(data, at - ahead)) / (2 * step)
        assert np.allclose(bend, curve[k], rtol=1e-4, atol=1e-3)


def test_two_areas_and_two_centres_are_solved_by_hand() -> None:
    """Two log-odds, two unknowns: ln(y₁/y₂) = α ln(A₁/A₂) − β (c₁ − c₂) in both areas."""
    areas = Areas.of(["A", "B"], population=[1, 1], spend=[1, 1])
    cost, flows = np.array([[4.0, 9.0], [11.0, 5.0]]), np.array([[70.0, 30.0], [45.0, 55.0]])
    market = Market(areas, Centres.of(["X", "Y"], floor_space_m2=[8_000, 3_000]), cost, flows=flows)
    odds = np.log(flows[:, 0] / flows[:, 1])
    matrix = np.column_stack([np.full(2, np.log(8 / 3)), -(cost[:, 0] - cost[:, 1])])
    alpha, beta = np.linalg.solve(matrix, odds)
    found = fit(market, decay="exponential")
    assert [p.value for p in found.parameters] == pytest.approx([alpha, beta])
    assert found.fit is not None
    assert found.fit.deviance == pytest.approx(0.0, abs=1e-9)


@given(st.integers(0, 500))
@settings(max_examples=15)
def test_the_fitted_mean_cost_of_a_trip_is_the_observed_one(seed: int) -> None:
    found = fit(with_flows(random_market(seed), LAW, 300, seed), decay="exponential").fit
    assert found is not None
    assert found.mean_cost_fitted == pytest.approx(found.mean_cost_observed, rel=1e-7)


def test_power_decay_reproduces_the_mean_logarithm_instead() -> None:
    market = with_flows(random_market(4), LAW, 300, 4)
    data = sample(market, law_of("power"))
    theta = maximum(data, ("alpha", "beta"))
    fitted = data.total[:, None] * data.probabilities(theta)
    assert (fitted * np.log(market.cost)).sum() == pytest.approx((data.count * np.log(market.cost)).sum())


def test_the_true_decay_has_the_lower_aic() -> None:
    for decay, beta in (("exponential", 0.12), ("power", 1.6)):
        market = with_flows(random_market(8, 30, 8), Law(decay, 0.9, (("", beta),)), 2_000, 8)
        found = fit(market)
        assert found.law.decay == decay
        assert found.fit is not None
        assert found.other_decay is not None
        assert found.fit.aic < found.other_decay.aic


def test_a_poisson_regression_with_an_effect_for_every_area_finds_the_same() -> None:
    """Baker (1994): iteratively reweighted least squares on counts, with a dummy for each origin, is an independent way
    to the same estimates and the same standard errors."""
    market = with_flows(random_market(12, 15, 6), LAW, 400, 12)
    assert market.flows is not None
    y, n, m = market.flows.ravel(), 15, 6
    size = np.tile(np.log(market.centres.floor_space_m2), n)
    x = np.column_stack([size, -market.cost.ravel(), np.kron(np.eye(n), np.ones((m, 1)))])
    eta = np.log(y + 0.5)
    for _ in range(40):
        mu = np.exp(eta)
        left = x.T @ (mu[:, None] * x)
        coefficients = np.linalg.solve(left, x.T @ (mu * (eta + (y - mu) / mu)))
        eta = x @ coefficients
    errors = np.sqrt(np.diag(np.linalg.inv(x.T @ (np.exp(eta)[:, None] * x))))[:2]
    found = fit(market, decay="exponential").parameters
    assert [p.value for p in found] == pytest.approx(coefficients[:2], rel=1e-6)
    assert [p.error_information for p in found] == pytest.approx(errors, rel=1e-6)


def test_where_a_cost_is_zero_power_decay_is_left_out_and_that_is_said() -> None:
    market = with_flows(random_market(6), LAW, 300, 6)
    cost = market.cost.copy()
    cost[0, 0] = 0.0
    market = Market(market.areas, market.centres, cost, flows=market.flows)
    found = fit(market)
    assert (found.law.decay, found.other_decay) == ("exponential", None)
    assert any("Power decay was not tried" in said for said in found.statements)
    assert fit(market, least_cost=0.5).other_decay is not None
    with pytest.raises(RetailError, match="state a least cost"):
        fit(market, decay="power")


def test_flows_without_chance_give_the_parameters_back_exactly() -> None:
    market = random_market(2, classes=True)
    from folkmoot.engines.retail import shares

    exact = Market(market.areas, market.centres, market.cost, flows=1e6 * shares(CLASSES, market).to)
    found = fit(exact, decay="exponential", beta_by_class=True, variables=["parking"])
    assert found.law.vector == pytest.approx(CLASSES.vector, rel=1e-6)
    assert found.law.names == ("alpha", "beta[park]", "beta[town]", "gamma[parking]")


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    market = with_flows(random_market(6), LAW, 300, 6)
    assert market.flows is not None
    rows, cols = np.argsort(np.sin(np.arange(12))), np.argsort(np.cos(np.arange(5)))
    turned = Market(
        Areas.of(market.areas.code[rows], population=1, spend=1),
        Centres.of(market.centres.code[cols], floor_space_m2=market.centres.floor_space_m2[cols]),
        market.cost[rows][:, cols],
        flows=market.flows[rows][:, cols],
    )
    assert fit(turned).law.vector == pytest.approx(fit(market).law.vector, rel=1e-9)


def test_dispersion_is_about_one_for_independent_visits_and_more_for_real_ones() -> None:
    market = random_market(9, 80, 10)
    even, wild = (with_flows(market, LAW, 500, 9, clumps) for clumps in (None, 40.0))
    values = []
    for one in (even, wild):
        data = sample(one, law_of("exponential"))
        values.append(dispersion(data, maximum(data, ("alpha", "beta"))))
    assert values[0] == pytest.approx(1.0, abs=0.25)
    assert values[1] > 3
    said = " ".join(fit(wild).statements)
    assert "intervals are widened" in said


def test_one_visit_where_none_could_be_expected_does_not_blow_dispersion_up() -> None:
    """Pearson's X² alone would be about a million here; Fletcher's correction takes the stray cell for what it is."""
    market = with_flows(random_market(9, 80, 10), LAW, 500, 9)
    assert market.flows is not None
    cost, flows = market.cost.copy(), market.flows.copy()
    cost[0, 0], flows[0, 0] = 180.0, 1.0
    data = sample(Market(market.areas, market.centres, cost, flows=flows), law_of("exponential"))
    assert dispersion(data, LAW.vector) < 2.0


def test_the_error_by_area_is_the_sandwich_worked_out_by_hand() -> None:
    market = with_flows(random_market(9, 10, 4), LAW, 200, 9, 30.0)
    held = fit(market, decay="exponential")
    data = sample(market, law_of("exponential"))
    theta = held.law.vector
    left = data.count - data.total[:, None] * data.probabilities(theta)
    scores = np.array([[row @ data.features[i, :, k] for k in range(2)] for i, row in enumerate(left)])
    bread = np.linalg.inv(information(data, theta))
    errors = np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread) * 10 / 9)
    assert [p.error_by_area for p in held.parameters] == pytest.approx(errors, rel=1e-6)


def test_suppressed_cells_and_areas_without_survey_are_left_out_and_counted() -> None:
    whole = with_flows(random_market(5, 40, 6), LAW, 900, 5)
    assert whole.flows is not None
    flows = whole.flows.copy()
    flows[7] = np.nan
    flows[3, 2] = np.nan
    found = fit(Market(whole.areas, whole.centres, whole.cost, flows=flows), decay="exponential")
    assert found.fit is not None
    assert (found.fit.areas, found.fit.cells) == (39, 39 * 6 - 1)
    assert {(one.count, one.first) for one in found.set_aside} == {(1, "A3 → C2"), (1, "A7")}
    assert found.law.vector == pytest.approx(fit(whole, decay="exponential").law.vector, rel=0.05)


def test_a_flow_where_there_is_no_way_is_set_aside() -> None:
    market = with_flows(random_market(5), LAW, 900, 5)
    cost = market.cost.copy()
    cost[0, 0] = np.inf
    found = fit(Market(market.areas, market.centres, cost, flows=market.flows))
    assert any("no way" in one.reason and one.count == 1 for one in found.set_aside)


def test_everybody_in_one_cell_has_no_finite_answer() -> None:
    market = random_market(1)
    flows = np.zeros_like(market.cost)
    flows[2, market.cost[2].argmin()] = 500
    with pytest.raises(RetailError, match="no finite estimate"):
        fit(Market(market.areas, market.centres, market.cost, flows=flows), decay="exponential")


def test_centres_of_one_size_cannot_tell_alpha() -> None:
    market = random_market(1)
    centres = Centres.of(market.centres.code, floor_space_m2=5_000)
    flows = with_flows(market, LAW, 100, 1).flows
    with pytest.raises(RetailError, match="alpha cannot be estimated"):
        fit(Market(market.areas, centres, market.cost, flows=flows))


def test_variables_that_vary_together_are_refused_by_name() -> None:
    market = with_flows(random_market(1), LAW, 100, 1)
    size = market.centres.floor_space_m2
    centres = Centres.of(market.centres.code, floor_space_m2=size, further={"shops": size**2})
    with pytest.raises(RetailError, match=r"cannot tell alpha and gamma\[shops\] apart"):
        fit(Market(market.areas, centres, market.cost, flows=market.flows), variables=["shops"])


def test_people_who_do_not_mind_distance_have_a_beta_near_zero() -> None:
    market = with_flows(random_market(3, 60, 6), Law("exponential", 1.0, (("", 0.0),)), 500, 3)
    beta = fit(market, decay="exponential").parameters[1]
    assert beta.low < 0 < beta.high


def test_without_flows_there_is_nothing_to_fit_and_what_is_assumed_says_so() -> None:
    with pytest.raises(RetailError, match="no flows"):
        fit(random_market(1))
    assumed = assume("minutes", alpha=1.0, beta=2.0)
    assert assumed.status == "uncalibrated"
    assert not assumed.calibrated
    assert "assumption" in assumed.statements[0]
    assert [(p.low, p.high) for p in assumed.parameters] == [(0.5, 1.5), (1.0, 3.0)]
    tried = np.array([law.vector for law in assumed.laws()])
    assert (tried.min(axis=0).tolist(), tried.max(axis=0).tolist()) == ([0.5, 1.0], [1.5, 3.0])


def test_a_calibration_survives_json() -> None:
    for held in (fit(town_market(3)), assume()):
        assert Calibration.from_dict(json.loads(json.dumps(asdict(held), allow_nan=False))) == held
    with pytest.raises(RetailError, match="not a calibration"):
        Calibration.from_dict({"status": "calibrated"})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("covariance", [[1.0]]),
        ("status", "perfect"),
        ("level", 1.0),
        ("parameters", []),
        ("covariance", [[1e999] * 2] * 2),
    ],
    ids=["covariance", "status", "level", "parameters", "infinite"],
)
def test_a_calibration_that_was_tampered_with_is_refused(key: str, value: object) -> None:
    held = json.loads(json.dumps(asdict(fit(town_market(3)))))
    with pytest.raises(RetailError, match="fit it again"):
        Calibration.from_dict({**held, key: value})


def test_laws_drawn_have_the_covariance_of_the_estimates() -> None:
    found = fit(town_market(2))
    drawn = np.array([law.vector for law in found.laws(20_000, seed=3)])
    assert np.cov(drawn.T) == pytest.approx(np.array(found.covariance), rel=0.05)
    assert found.laws(5, seed=3) == found.laws(5, seed=3) != found.laws(5, seed=4)
