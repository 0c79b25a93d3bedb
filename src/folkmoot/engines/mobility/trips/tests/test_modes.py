"""Modes: probabilities that sum to one, and each kind of evidence moves them the right way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ibis
import pyarrow as pa
import pytest

from folkmoot.engines.mobility import MobilityError, trips
from folkmoot.engines.mobility.trips.tests.making import at, rows, stays

START = at("08:00")


def trip(minutes: float, metres: int | None, user: str = "a") -> dict[str, Any]:
    return {
        "user_id": user, "departed": START, "arrived": START + timedelta(minutes=minutes), "origin_cell": "o",
        "destination_cell": "d", "distance_metres": metres,
    }  # fmt: skip


def table(*made: dict[str, Any]) -> Any:
    when = pa.timestamp("us", "UTC")
    schema = pa.schema(
        [("user_id", pa.string()), ("departed", when), ("arrived", when), ("origin_cell", pa.string()),
         ("destination_cell", pa.string()), ("distance_metres", pa.int64())]
    )  # fmt: skip
    return ibis.memtable(pa.Table.from_pylist(list(made), schema))


LINES = ibis.memtable(pa.table({"cell_id": ["r1", "r2", "r3", "x1"], "rail": [True, True, True, False]}))
NOBODY_HOME = ibis.memtable(pa.table({"user_id": ["lorry", "person"], "home_cell": [None, "h"]}))


def moves(*passed: str) -> Any:
    return stays(*(("a", f"08:{5 + i:02}", f"08:{5 + i:02}", cell, "move") for i, cell in enumerate(passed)))


def test_the_four_probabilities_sum_to_one() -> None:
    devices = ibis.memtable(pa.table({"user_id": ["a"], "p_heavy": [0.3]}))
    made = [trip(10 * n, 700 * n * n) for n in range(1, 8)]
    for row in rows(trips.mode(table(*made), moves("r1", "x1"), LINES, devices)):
        assert sum(row[f"p_{name}"] for name in trips.MODES) == pytest.approx(1.0, abs=1e-12)
        assert row["p_heavy"] == 0.3


def test_a_short_slow_trip_is_on_foot_and_a_long_one_at_its_speed_is_not() -> None:
    walk, drive = rows(trips.mode(table(trip(15, 1_000), trip(31, 15_000))), "distance_metres")
    assert (walk["mode"], drive["mode"]) == ("slow", "road")


def test_cells_along_the_railway_make_a_rail_trip_and_other_cells_a_drive() -> None:
    fast = table(trip(20, 15_000))
    by_rail = rows(trips.mode(fast, moves("r1", "r2", "r3"), LINES))[0]
    by_road = rows(trips.mode(fast, moves("x1", "x1", "r1"), LINES))[0]
    without = rows(trips.mode(fast))[0]
    assert by_rail["p_rail"] > without["p_rail"] > by_road["p_rail"]
    assert (by_rail["passed"], by_rail["passed_rail"], by_road["passed"]) == (3, 3, 2)
    assert by_road["mode"] == "road"


def test_where_every_cell_lies_along_the_railway_passing_them_says_little() -> None:
    fast = table(trip(20, 15_000))
    dense = rows(trips.mode(fast, moves("r1", "r2", "r3"), LINES, rail_share_of_cells=0.89))[0]
    sparse = rows(trips.mode(fast, moves("r1", "r2", "r3"), LINES, rail_share_of_cells=0.1))[0]
    assert dense["p_rail"] < 0.2 < sparse["p_rail"]


def test_moves_of_another_time_are_not_passed() -> None:
    later = stays(("a", "12:00", "12:00", "r1", "move"), ("b", "08:05", "08:05", "r1", "move"))
    assert rows(trips.mode(table(trip(20, 15_000)), later, LINES))[0]["passed"] == 0


def test_a_trip_without_a_distance_has_no_mode() -> None:
    (only,) = rows(trips.mode(table(trip(20, None))))
    assert (only["mode"], only["p_road"]) == ("unknown", None)


def test_a_trip_that_could_be_either_is_not_called() -> None:
    (only,) = rows(trips.mode(table(trip(15, 3_500)), sure=0.999))
    assert only["mode"] == "unknown"


def test_a_device_that_drives_all_day_without_a_home_is_heavy_goods() -> None:
    hours = [START + timedelta(hours=n) for n in range(9)]
    rounds = [trip(50, 20_000, "lorry") | {"departed": t, "arrived": t + timedelta(minutes=50)} for t in hours]
    found = {
        row["user_id"]: row for row in rows(trips.heavy(table(*rounds, trip(30, 9_000, "person")), NOBODY_HOME, days=1))
    }
    assert found["lorry"]["driving_hours"] == 7.5
    assert found["lorry"]["p_heavy"] > 0.9
    assert found["person"]["p_heavy"] < 0.005


def test_beliefs_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(MobilityError, match="must sum to 1"):
        trips.Beliefs(shares=((float("inf"), (0.5, 0.1, 0.1)),))
    with pytest.raises(MobilityError, match="above 0"):
        trips.Beliefs(heavy_share=0.0)


def test_corridors_are_measured_on_the_ground() -> None:
    held = pa.table({"cell_id": ["on", "off"], "latitude": [51.5, 51.5], "longitude": [-2.6, -2.58]})
    line = {"features": [{"geometry": {"type": "LineString", "coordinates": [[-2.6, 51.4], [-2.6, 51.6]]}}]}
    found = trips.corridors(held, line, line, within_metres=1_000).to_pylist()
    assert [row["rail"] for row in found] == [True, False]
    assert found[1]["rail_metres"] == pytest.approx(1_387, rel=0.01)
    assert trips.corridors(held, line).to_pylist()[0]["rail_metres"] is None


def test_a_map_that_cannot_be_read_names_the_feature() -> None:
    held = pa.table({"cell_id": ["on"], "latitude": [51.5], "longitude": [-2.6]})
    with pytest.raises(MobilityError, match="Feature 1 of the rails"):
        trips.corridors(held, None, {"features": [{"geometry": None}]})
