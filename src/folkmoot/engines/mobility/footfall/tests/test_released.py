"""What is computed from released counts, quantiles, rates, rings, mixes and changes; and that nothing else is taken."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from folkmoot.engines.mobility import MobilityError, disclose, footfall

POLICY = disclose.Policy(k=10, round_base=1, secret=b"sixteen bytes ok")


def released(key: str, counts: dict[str, int], domain: list[str] | None = None) -> Any:
    """A release of so many devices each, one area."""
    values = [value for value, number in counts.items() for _ in range(number)]
    table = pa.table(
        {
            "area": ["centre"] * len(values),
            key: values,
            "user_id": [f"u{n}" for n in range(len(values))],
            "trips": [1] * len(values),
        }
    )
    raw = disclose.count(table, ["area", key], additive=False)
    return disclose.release(
        raw, policy=POLICY, name="test", domain={"area": ["centre"], key: domain or list(counts)}, measure="visitors"
    )


def test_quantiles_of_dwell_come_from_released_bands() -> None:
    made = released("dwell", {"under 15 min": 100, "15 to 30 min": 100, "30 to 60 min": 200, "480 min and over": 40})
    found = {told.share: told.minutes for told in footfall.dwell_quantiles(made, shares=(0.25, 0.5, 0.95))}
    assert found[0.25] == pytest.approx(16.5, abs=1)
    assert found[0.5] == pytest.approx(33, abs=1.5)
    assert found[0.95] is None


def test_a_quantile_says_when_a_band_was_suppressed() -> None:
    made = released("dwell", {"under 15 min": 100, "15 to 30 min": 3})
    assert [told.complete for told in footfall.dwell_quantiles(made, shares=(0.5,))] == [False]


def test_the_return_rate_is_told_only_where_no_band_is_suppressed() -> None:
    assert footfall.return_rate(released("days", {"1 day": 75, "2 days": 25}))["centre"] == pytest.approx(
        0.25, abs=0.02
    )
    assert footfall.return_rate(released("days", {"1 day": 75, "2 days": 4}))["centre"] is None


def test_rings_hold_the_nearest_zones_until_the_share_is_reached() -> None:
    made = released("home_zone", {"near": 50, "middle": 30, "far": 20, "outside": 40})
    centres = {"near": (-2.6, 51.51), "middle": (-2.6, 51.55), "far": (-2.6, 51.70)}
    found = footfall.rings(made, centres, {"centre": (-2.6, 51.5)})
    assert [ring.zones for ring in found] == [1, 2, 3]
    assert [ring.kilometres for ring in found] == pytest.approx([1.112, 5.56, 22.24], rel=0.001)
    assert found[0].visitors == pytest.approx(100, abs=3)
    with pytest.raises(MobilityError, match="no centre"):
        footfall.rings(made, centres, {})


def test_the_mix_of_visitors_is_that_of_where_they_live() -> None:
    made = released("home_zone", {"rich": 30, "poor": 90})
    people = pa.table(
        {
            "zone_id": ["rich", "rich", "poor", "poor"], "kind": ["deprivation"] * 4, "group": ["1", "10", "1", "10"],
            "people": [0, 1_000, 900, 100],
        }
    )  # fmt: skip
    found = {mix.group: mix for mix in footfall.demographics(made, people)}
    assert found["1"].share == pytest.approx(0.9 * 0.75, abs=0.02)
    assert found["1"].of_everybody == 0.45
    assert found["1"].index == pytest.approx(150, abs=5)
    assert sum(mix.share for mix in found.values()) == pytest.approx(1.0)


def test_counts_that_are_not_released_are_refused() -> None:
    raw = pa.table({"area": ["centre"], "home_zone": ["near"], "trips": [5]})
    for told in (footfall.dwell_quantiles, footfall.return_rate):
        with pytest.raises(MobilityError, match="has released"):
            told(raw)
    with pytest.raises(MobilityError, match="has released"):
        footfall.rings(raw, {}, {})
    with pytest.raises(MobilityError, match="has released"):
        footfall.demographics(raw, pa.table({"zone_id": [], "kind": [], "group": [], "people": []}))


def series(rng: np.random.Generator, days: int, level: float, noise: float = 0.05) -> np.ndarray:
    return level * np.exp(rng.normal(0, noise, days))


def test_a_day_that_touches_area_and_control_alike_is_no_change() -> None:
    base = {f"d{i}": 100.0 + i for i in range(8)}
    told = footfall.change(
        base | {"x": 500.0}, {day: 2 * value for day, value in (base | {"x": 500.0}).items()}, days=["x"]
    )
    assert (round(told.percent, 9), round(told.people, 9)) == (0, 0)


def test_the_interval_of_a_change_holds_the_truth_as_often_as_it_says() -> None:
    rng, held, drawn = np.random.default_rng(4), 0, 400
    days = [f"d{i:02}" for i in range(14)]
    for _ in range(drawn):
        shared = np.exp(rng.normal(0, 0.3, 14))
        area, control = series(rng, 14, 200) * shared, series(rng, 14, 900) * shared
        area[12:] *= 1.3
        told = footfall.change(dict(zip(days, area)), dict(zip(days, control)), days=days[12:])
        held += told.low <= 30 <= told.high
    # Binomial: 380 of 400, standard deviation 4.4.
    assert 366 <= held <= 394


def test_a_suppressed_day_is_left_out_and_named_and_too_few_are_refused() -> None:
    base = {"d1": 100.0, "d2": 105.0, "d3": 98.0}
    told = footfall.change(base | {"x": 300.0}, base | {"x": 100.0, "d4": 99.0}, days=["x", "y"])
    assert told.left_out == ("d4", "y")
    assert "+19" in told.statement or "+2" in told.statement
    with pytest.raises(MobilityError, match="three in all"):
        footfall.change({"d1": 100.0, "x": 90.0}, {"d1": 100.0, "x": 90.0}, days=["x"])
