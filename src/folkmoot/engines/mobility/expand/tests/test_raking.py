"""Raking: margins are met, the cap holds, and what cannot be met is said."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.expand import Margin, rake, weigh


@given(st.integers(0, 10_000), st.integers(30, 300))
def test_every_margin_is_met_where_no_weight_is_capped(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    groups = [np.concatenate([np.arange(size), rng.integers(0, size, n - size)]) for size in (5, 4, 2)]
    truth = rng.lognormal(2, 0.4, n)
    margins = [Margin(str(i), g, np.bincount(g, truth)) for i, g in enumerate(groups)]
    raked = rake(n, margins, cap=None, rounds=5000)
    assert raked.converged
    for margin in margins:
        np.testing.assert_allclose(np.bincount(margin.group, raked.weights), margin.wanted, rtol=1e-5)
    assert 1 <= raked.effective_sample_size <= n + 1e-6


def test_a_cap_holds_and_what_it_costs_is_said() -> None:
    zone = np.array([0] * 99 + [1])
    raked = rake(100, [Margin("zone", zone, np.array([500.0, 500.0]))], cap=5.0)
    assert raked.weights.max() == pytest.approx(50.0)
    assert raked.capped == 1
    assert not raked.converged
    assert any("held at 50.0" in said for said in raked.statements)


def test_people_whom_no_device_stands_for_are_counted() -> None:
    raked = rake(2, [Margin("zone", np.array([0, 0]), np.array([50.0, 25.0]))], cap=None)
    assert raked.unreached == {"zone": 25.0}
    assert any("25 people" in said for said in raked.statements)
    assert any("who carries no phone" in said for said in raked.statements)


def test_margins_of_two_populations_are_refused() -> None:
    with pytest.raises(MobilityError, match="different populations"):
        rake(2, [Margin("a", np.array([0, 0]), np.array([50.0])), Margin("b", np.array([0, 0]), np.array([60.0]))])


PEOPLE = {
    "zone_id": ["A", "A", "B", "B"],
    "age_band": ["old", "young"] * 2,
    "sex": ["all"] * 4,
    "people": [30, 70, 60, 40],
}


def test_devices_are_raked_to_zone_and_age_and_those_without_a_home_get_the_mean() -> None:
    devices = pa.table(
        {
            "user_id": list("abcdef"), "home_zone": ["A", "A", "B", "B", "B", None],
            "age_band": ["old", "young", "old", "young", None, "old"],
        }
    )  # fmt: skip
    weights = weigh(devices, pa.table(PEOPLE), cap=None)
    by = dict(zip("abcdef", weights.table["weight"].to_pylist(), strict=True))
    assert by["a"] + by["b"] == pytest.approx(100, rel=1e-4)
    assert by["c"] + by["d"] + by["e"] == pytest.approx(100, rel=1e-4)
    old, young = by["a"] + by["c"], by["b"] + by["d"]
    assert old / young == pytest.approx(90 / 110, rel=1e-4), "the one of unknown age is neither"
    assert by["f"] == pytest.approx(200 / 5, rel=1e-4)
    assert weights.homeless == 1
    assert "1 of 6 devices" in weights.statements[-1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"people": [30, -1, 60, 40]}, "Row 3 of the population"),
        ({"people": [30, None, 60, 40]}, "Row 3 of the population"),
        ({"zone_id": ["A", "A", "A", "B"], "age_band": ["old", "young", "old", "young"]}, "Rows 2 and 4"),
    ],
)
def test_a_population_that_cannot_be_is_refused_with_its_row(change: dict[str, list[object]], sentence: str) -> None:
    with pytest.raises(MobilityError, match=sentence):
        weigh(pa.table({"user_id": ["a"], "home_zone": ["A"]}), pa.table(PEOPLE | change))
