"""A newcomer's costs, size and class: given, estimated and stated, or refused."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.engines.retail import (
    Areas,
    Centres,
    Market,
    NewCentre,
    RetailError,
    composite,
    costs_by_distance,
    extended,
    road_minutes,
)
from folkmoot.engines.retail.attraction import relative
from folkmoot.engines.retail.newcomer import kilometres
from folkmoot.engines.retail.tests.markets import random_market, town_tables


def test_costs_estimated_from_distance_are_near_the_true_ones_and_said_to_be_estimates() -> None:
    market = random_market(4, 30, 6)
    minutes, said = costs_by_distance(market, float(market.centres.lon[0]), float(market.centres.lat[0]))
    assert np.abs(minutes - market.cost[:, 0]).max() < 1.0
    assert "estimated as" in said
    later = extended(market, NewCentre(-0.5, 53.05, 1_000.0))
    assert any("as the crow" in sentence for sentence in later.statements)


def test_kilometres_are_those_of_the_sphere() -> None:
    areas = Areas.of(["A"], population=[1], spend=[1], lon=[0.0], lat=[0.0])
    assert kilometres(areas, 0.0, 1.0)[0] == pytest.approx(111.195, abs=0.01)


def test_grid_metres_are_converted_when_said_and_refused_when_not() -> None:
    new = NewCentre(497_500.0, 352_000.0, 1_000.0, crs="EPSG:27700")
    later = extended(random_market(4), new)
    assert later.centres.lon[-1] == pytest.approx(-0.546, abs=0.01)
    assert later.centres.lat[-1] == pytest.approx(53.056, abs=0.01)
    with pytest.raises(RetailError, match="metres of the British National Grid"):
        extended(random_market(4), NewCentre(497_500.0, 352_000.0, 1_000.0))


def test_attractiveness_that_is_not_given_is_that_of_the_class() -> None:
    centres = Centres.of(
        ["X", "Y", "Z"],
        floor_space_m2=[100, 200, 400],
        attractiveness=[300, 600, 400],
        centre_class=["town", "town", "park"],
        further={"parking": [10.0, 1000.0, 7.0]},
    )
    areas = Areas.of(["A"], population=[1], spend=[1])
    market = Market(areas, centres, np.array([[1.0, 2.0, 3.0]]))
    later = extended(market, NewCentre(0, 0, 50.0, "town", cost=(1.0,)))
    assert later.centres.attractiveness[-1] == pytest.approx(150.0)
    assert later.centres.further["parking"][-1] == pytest.approx(100.0)
    assert any("assumed to be 3 for a square metre" in said for said in later.statements)
    own = extended(market, NewCentre(0, 0, 50.0, "park", cost=(1.0,), attractiveness=75.0, further=(("parking", 8.0),)))
    assert (own.centres.attractiveness[-1], own.centres.further["parking"][-1]) == (75.0, 8.0)


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (NewCentre(-0.5, 53.0, 0.0), "must be above zero"),
        (NewCentre(-0.5, 53.0, float("nan")), "must be above zero"),
        (NewCentre(-0.5, 53.0, 9.0, code="C1"), "a centre “C1” already"),
        (NewCentre(-0.5, 53.0, 9.0, cost=(1.0, 2.0)), "12 in all"),
        (NewCentre(-0.5, 53.0, 9.0, cost=(float("nan"),) * 12), "none below zero or missing"),
        (NewCentre(-0.5, 153.0, 9.0), "not on the earth"),
        (NewCentre(float("nan"), 53.0, 9.0), "cannot be estimated"),
    ],
    ids=["no size", "size unknown", "code taken", "too few costs", "unknown costs", "off the earth", "no position"],
)
def test_an_impossible_newcomer_is_refused(new: NewCentre, sentence: str) -> None:
    with pytest.raises(RetailError, match=sentence):
        extended(random_market(4), new)


def test_minutes_over_the_streets_are_those_of_the_town() -> None:
    tables = town_tables(3, 20, 2_000)
    nodes, streets, areas = tables["junctions"], tables["streets"], tables["areas"]
    site = tables["centre_candidates"].to_pylist()[4]
    minutes, metres = road_minutes(
        np.column_stack([nodes["lon"], nodes["lat"]]),
        streets["from_node"],
        streets["to_node"],
        streets["minutes"],
        origins=np.column_stack([areas["lon"], areas["lat"]]),
        destination=(site["lon"], site["lat"]),
    )
    rows = [r["minutes"] for r in tables["candidate_minutes"].to_pylist() if r["candidate_id"] == site["candidate_id"]]
    assert minutes == pytest.approx(np.array(rows), abs=0.006)
    assert metres < 2


def test_of_two_streets_between_the_same_junctions_the_faster_is_driven() -> None:
    places = [[0.0, 53.0], [0.01, 53.0], [0.5, 53.5]]
    minutes, _ = road_minutes(places, [0, 1, 1], [1, 0, 0], [9.0, 4.0, 6.0], origins=places, destination=(0.01, 53.0))
    assert minutes.tolist() == [4.0, 0.0, np.inf]
    with pytest.raises(RetailError, match="minutes above zero"):
        road_minutes(places, [0], [1], [0.0], origins=places, destination=(0.01, 53.0))


def test_composite_attractiveness_is_the_product_and_never_zero() -> None:
    made = composite(shops=[100, 40], vacant=[20, 0], anchors=relative([4, 0]))
    assert made.tolist() == pytest.approx([80 * 5 / 3, 40 / 3])
    with pytest.raises(RetailError, match="centre number 2"):
        composite(shops=[100, 40], vacant=[20, 40])
