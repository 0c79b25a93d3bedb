"""The planted law is found again: stated intervals cover the truth as often as they say.

Over forty towns the parameters' standardised errors must have the spread of a normal distribution (χ² of their squares,
both sides, so that intervals which are too wide fail as well), and the intervals that are shown must cover.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, chi2

from folkmoot.engines.retail import Calibration, Law, fit
from folkmoot.engines.retail.tests.markets import random_market, town_market, with_flows
from folkmoot.town import shops

TOWNS = 40
TRUTH = np.array([shops.ALPHA, shops.BETA_PER_MINUTE])


def covered(found: Calibration, truth: np.ndarray) -> list[bool]:
    return [p.low <= true <= p.high for p, true in zip(found.parameters, truth)]


@pytest.fixture(scope="module")
def fitted() -> list[Calibration]:
    return [fit(town_market(seed)) for seed in range(1, TOWNS + 1)]


def test_the_form_of_decay_is_recognised_in_every_town(fitted: list[Calibration]) -> None:
    assert {found.law.decay for found in fitted} == {"exponential"}


def test_stated_intervals_cover_the_planted_parameters(fitted: list[Calibration]) -> None:
    hits = np.array([covered(found, TRUTH) for found in fitted])
    assert (hits.mean(axis=0) >= 0.85).all()
    # They may not be wide by mere caution either: half of each would miss in a good part of the towns.
    half = np.array(
        [[abs(p.value - true) <= (p.high - p.low) / 4 for p, true in zip(found.parameters, TRUTH)] for found in fitted]
    )
    assert (half.mean(axis=0) < 0.95).all()


def test_errors_by_the_observed_information_are_neither_too_small_nor_too_large(fitted: list[Calibration]) -> None:
    z = np.array([[(p.value - t) / p.error_information for p, t in zip(f.parameters, TRUTH)] for f in fitted])
    low, high = chi2.ppf([0.0005, 0.9995], TOWNS)
    for squares in (z**2).sum(axis=0):
        assert low < squares < high
    plain = (np.abs(z) < 1.96).sum(axis=0)
    assert (plain >= binom.ppf(0.001, TOWNS, 0.95)).all()


def test_estimates_are_not_biased(fitted: list[Calibration]) -> None:
    values = np.array([found.law.vector for found in fitted])
    error = values.std(axis=0, ddof=1) / TOWNS**0.5
    assert (np.abs(values.mean(axis=0) - TRUTH) < 3.5 * error).all()


def test_betas_of_classes_and_further_exponents_are_found_again() -> None:
    truth = Law("exponential", 1.1, (("park", 0.06), ("town", 0.14)), (("parking", 0.4),))
    hits = []
    for seed in range(20):
        market = with_flows(random_market(seed, 50, 12, classes=True), truth, 300, seed)
        found = fit(market, decay="exponential", beta_by_class=True, variables=["parking"])
        hits.append(covered(found, truth.vector))
    assert (np.mean(hits, axis=0) >= 0.85).all()


def test_when_visits_are_not_independent_only_the_widened_intervals_cover() -> None:
    """Neighbours shop alike: forty times as much variation as two thousand independent visits an area would have."""
    truth = Law("exponential", 0.9, (("", 0.12),))
    shown, plain = [], []
    for seed in range(30):
        found = fit(with_flows(random_market(seed, 50, 12), truth, 2_000, seed, clumps=50.0), decay="exponential")
        shown.append(covered(found, truth.vector))
        plain.append([abs(p.value - t) < 1.96 * p.error_information for p, t in zip(found.parameters, truth.vector)])
    assert (np.mean(shown, axis=0) >= 0.85).all()
    assert (np.mean(plain, axis=0) < 0.6).all()
