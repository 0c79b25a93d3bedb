"""Limits on travel: an area keeps what it can reach, and no deprivation decile is made worse by more than was allowed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from folkmoot.engines.estate import EstateError, Programme, Settings, Travel, check, frontier, plan
from folkmoot.engines.estate.tests.small import site

# Area 1 is poor and near A, area 2 rich and near BIG; A is dear, so money alone would close it.
TRAVEL = Travel(
    ("E1", "E2"),
    np.array([100.0, 300.0]),
    np.array([1, 10]),
    ("A", "B", "BIG"),
    np.array([[5.0, 20, 40], [35.0, 20, 5]]),
)
SITES = (
    site("A", pounds=2_000_000),
    site("B", pounds=1_500_000),
    site("BIG", spare=(("floor", 9000.0),)),
)


def programme(**limits: float) -> Programme:
    travel = replace(TRAVEL, **limits)  # type: ignore[arg-type]
    return Programme(SITES, Settings(), clinical=frozenset({"outpatient"}), travel=travel)


def test_money_alone_would_close_both_dear_sites() -> None:
    assert sorted(plan(programme()).closed) == ["A", "B"]


def test_an_area_within_reach_of_a_service_stays_within_reach() -> None:
    assert plan(programme(most_minutes=25.0)).closed == ("A",)  # B is 20 minutes from area 1
    assert plan(programme(most_minutes=10.0)).closed == ("B",)  # only A is within 10 minutes of it


def test_no_deprivation_decile_is_made_worse_by_more_than_allowed() -> None:
    assert sorted(plan(programme(decile_worse_by=36.0)).closed) == ["A", "B"]
    assert plan(programme(decile_worse_by=16.0)).closed == ("A",)  # 5 → 20 minutes for decile 1
    assert plan(programme(decile_worse_by=1.0)).closed == ("B",)


def test_the_check_refuses_a_plan_that_breaks_a_limit_on_travel() -> None:
    found = plan(programme())
    with pytest.raises(EstateError, match="E1 loses outpatient"):
        check(found, programme(most_minutes=25.0))
    with pytest.raises(EstateError, match="decile 1 travels too long"):
        check(found, programme(decile_worse_by=10.0))


def test_the_frontier_tells_how_far_people_travel() -> None:
    points = {point.sites: point for point in frontier(programme()).points}
    assert points[3].mean_minutes == pytest.approx(5.0)
    assert points[1].mean_minutes == pytest.approx((100 * 40 + 300 * 5) / 400)
    assert points[1].worst_minutes == pytest.approx(40.0)


def test_work_moves_no_farther_than_was_allowed() -> None:
    near = replace(SITES[0], lon=-0.55, lat=53.0)
    far = replace(SITES[2], lon=-0.55, lat=53.5)  # 55.6 km north
    both = Programme((near, far), Settings(), max_sites=1, must_keep=frozenset({"BIG"}))
    assert plan(replace(both, most_km=56.0)).closed == ("A",)
    assert plan(replace(both, most_km=55.0)).status == "infeasible"
    with pytest.raises(EstateError, match="lon and lat"):
        plan(Programme(SITES, Settings(), most_km=5.0))
