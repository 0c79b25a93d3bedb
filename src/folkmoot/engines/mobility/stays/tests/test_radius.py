"""Stays on coordinates: what they are by hand, what they never are, and what the peers lose."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from math import radians, sin
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.mobility.stays import _dwell, radius
from folkmoot.engines.mobility.stays.radius import Rule
from folkmoot.engines.mobility.stays.reading import of_table
from folkmoot.engines.mobility.stays.tests import roaming
from folkmoot.engines.mobility.stays.tests.plainly import at

DEGREE = 111_194.92664455873
"""Metres of a degree of latitude on a sphere of 6,371 km."""
HOME = (51.45, -2.58)
FIXES = st.lists(
    st.tuples(
        st.sampled_from("xy"),
        st.floats(0, 14_400, allow_nan=False).map(lambda s: at(round(s, 3))),
        st.sampled_from([0.0, 0.0, 30.0, 90.0, 180.0, 400.0, 5_000.0]).map(lambda m: HOME[0] + m / DEGREE),
        st.sampled_from([0.0, 0.0, 50.0, 120.0, 9_000.0]).map(lambda m: HOME[1] + m / DEGREE),
    ),
    max_size=60,
)


def north(*moves: tuple[float, float]) -> list[roaming.Fix]:
    """Fixes of one device from (seconds, metres north of home)."""
    return [("x", at(second), HOME[0] + metres / DEGREE, HOME[1]) for second, metres in moves]


def stays(fixes: list[roaming.Fix], rule: Rule) -> list[tuple[Any, ...]]:
    return roaming.found(radius.stays(of_table(roaming.table(fixes)), rule))


@given(FIXES, st.booleans(), st.booleans())
def test_stays_are_what_they_are_by_hand(fixes: list[Any], drop: bool, last: bool) -> None:
    rule = Rule(150.0, 300.0, 1800.0, close_at_gap=not drop, include_last=last)
    assert stays(fixes, rule) == sorted(
        roaming.stays(fixes, radius=150.0, min_stay=300.0, max_gap=1800.0, drop_at_gap=drop, last=last)
    )


@settings(max_examples=25)
@given(FIXES, st.booleans())
def test_rows_of_a_device_never_overlap_and_no_fix_is_lost(fixes: list[Any], heard: bool) -> None:
    rows = radius.stays(of_table(roaming.table(fixes)), Rule(150.0, 300.0, 1800.0, heard=heard)).to_pylist()
    assert sum(row["events"] for row in rows) == len(fixes)
    for user in "xy":
        mine = [row for row in rows if row["user_id"] == user]
        times = [when for who, when, _, _ in fixes if who == user]
        assert all(one["end"] <= two["start"] for one, two in pairwise(mine))
        if mine:
            assert (mine[0]["start"], mine[-1]["end"]) == (min(times), max(times))
            assert [row["open"] for row in mine] == [False] * (len(mine) - 1) + [True]
        for row in mine:
            lasts = row["end"] - row["start"]
            assert row["state"] != "stay" or lasts >= timedelta(seconds=300)
            assert row["state"] != "unknown" or lasts > timedelta(seconds=1800)
            if not heard:  # then time is covered without a hole
                assert lasts >= timedelta(0)


@settings(max_examples=25)
@given(FIXES, st.randoms())
def test_the_order_of_fixes_is_nothing(fixes: list[Any], random: Any) -> None:
    shuffled = random.sample(fixes, len(fixes))
    first, second = (radius.stays(of_table(roaming.table(each)), Rule(150.0)) for each in (fixes, shuffled))
    assert first.sort_by([("user_id", "ascending"), ("start", "ascending"), ("end", "ascending")]).equals(
        second.sort_by([("user_id", "ascending"), ("start", "ascending"), ("end", "ascending")])
    )


@settings(max_examples=25)
@given(FIXES)
def test_every_fix_of_a_stay_is_within_the_radius_of_its_first(fixes: list[Any]) -> None:
    rows = radius.stays(of_table(roaming.table(fixes)), Rule(150.0, 300.0, 1800.0, heard=True)).to_pylist()
    for row in (row for row in rows if row["state"] == "stay"):
        inside = sorted(fix for fix in fixes if fix[0] == row["user_id"] and row["start"] <= fix[1] <= row["end"])
        # Fixes of the very first or last instant may belong to what is before or after.
        core = [fix for fix in inside if row["start"] < fix[1] < row["end"]]
        anchors = [fix for fix in inside if fix[1] == row["start"]]
        assert any(all(roaming.metres(anchor, fix) < 150.0 + 1e-6 for fix in core) for anchor in anchors)


def test_a_fix_at_the_radius_is_outside_and_a_stay_of_exactly_the_least_time_is_one() -> None:
    away = north((0, 0), (300, 0), (600, 500))
    assert [row[2] for row in stays(away, radius.peers(100, 600, 3600, include_last=False))] == [at(600)]
    assert stays(away, radius.peers(100, 600.000001, 3600, include_last=False)) == []
    assert len(stays(north((0, 0), (400, 100.01), (700, 100.01)), Rule(100, 600))) == 0
    assert len(stays(north((0, 0), (400, 99.99), (700, 99.99)), Rule(100, 600))) == 1


def test_what_a_gap_cuts_off_and_what_the_data_cut_off_are_stays_of_ours_and_not_of_trackintels() -> None:
    fixes = north((0, 0), (800, 0), (9_000, 0), (9_700, 0))
    assert [(row[1], row[2], row[4]) for row in stays(fixes, Rule(100, 600, 3600))] == [
        (at(0), at(800), False),
        (at(9_000), at(9_700), True),
    ]
    assert stays(fixes, radius.peers(100, 600, 3600, include_last=False)) == []
    assert [row[1] for row in stays(fixes, radius.peers(100, 600, 3600))] == [at(9_000)]


def test_a_place_on_the_date_line_lies_on_the_date_line() -> None:
    fixes = [("x", at(100 * k), 10.0, 179.9999 if k % 2 else -179.9999) for k in range(9)]
    (row,) = radius.stays(of_table(roaming.table(fixes)), Rule(200)).to_pylist()
    assert row["state"] == "stay"
    assert abs(abs(row["longitude"]) - 180.0) < 1e-4


@given(
    st.floats(-89.9, 89.9), st.floats(-180, 180), st.floats(-80, 80), st.floats(-180, 180),
    st.sampled_from([1e-5, 1e-3, 0.1, 1.0]),
)  # fmt: skip
def test_the_quick_haversine_is_the_haversine(lat: float, lon: float, up: float, along: float, scale: float) -> None:
    other = max(-90.0, min(90.0, lat + up * scale)), lon + along * scale
    fast = _dwell.haversine(lat, lon, np.cos(np.radians(lat)), np.sin(np.radians(lat)), *other)
    slow = (
        sin(radians(other[0] - lat) / 2) ** 2
        + np.cos(np.radians(lat)) * np.cos(np.radians(other[0])) * sin(radians(other[1] - lon) / 2) ** 2
    )
    assert fast == pytest.approx(slow, rel=1e-11, abs=1e-30)


@pytest.mark.parametrize("metres", [0.0, -5.0, float("nan"), 2e7])
def test_a_circle_must_be_one(metres: float) -> None:
    with pytest.raises(ValueError, match="no circle on the earth"):
        Rule(metres)
