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


LINES = ibis.memtable(pa.table({"cell_id": ["r1", "r2", "r3"], "rail": [0.4, 0.3, 0.3]}))
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


def crowd(*cells: str, trips_each: int = 30) -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
    """Other devices' trips, each past one of the cells."""
    users = [f"{cell}{n}" for cell in cells for n in range(trips_each)]
    passed = [(user, "08:10", "08:10", user[:2], "move") for user in users]
    return [trip(20, 15_000, user) for user in users], passed


def rail_of(own: tuple[str, ...], others: tuple[str, ...]) -> dict[str, Any]:
    made, passed = crowd(*others)
    mine = [("a", f"08:{5 + i:02}", f"08:{5 + i:02}", cell, "move") for i, cell in enumerate(own)]
    told = trips.mode(table(trip(20, 15_000), *made), stays(*mine, *passed), LINES)
    return next(row for row in rows(told) if row["user_id"] == "a")


def test_cells_that_serve_the_railway_make_a_rail_trip_and_other_cells_a_drive() -> None:
    by_rail = rail_of(("r1", "r2", "r3"), ("x1", "x2", "x3"))
    by_road = rail_of(("x1", "x2"), ("x1", "x2", "x3"))
    without = rows(trips.mode(table(trip(20, 15_000))))[0]
    assert by_rail["p_rail"] > 0.9 > without["p_rail"] > by_road["p_rail"]
    assert (by_rail["passed"], by_road["passed"], without["passed"]) == (3, 2, 0)
    assert (by_rail["mode"], by_road["mode"]) == ("rail", "road")


def test_a_road_beside_the_railway_that_everybody_takes_says_little_for_rail() -> None:
    apart = rail_of(("r1", "r2", "r3"), ("x1", "x2", "x3"))
    beside = rail_of(("r1", "r2", "r3"), ("r1", "r2", "r3"))
    without = rows(trips.mode(table(trip(20, 15_000))))[0]
    assert beside["p_rail"] < apart["p_rail"]
    assert beside["p_rail"] == pytest.approx(without["p_rail"], abs=0.03)


def test_moves_of_another_time_or_device_are_not_passed() -> None:
    later = stays(("a", "12:00", "12:00", "r1", "move"), ("b", "08:05", "08:05", "r1", "move"))
    assert rows(trips.mode(table(trip(20, 15_000)), later, LINES))[0]["passed"] == 0


def test_a_silence_around_a_trip_does_not_make_a_drive_a_walk() -> None:
    (only,) = rows(trips.mode(table(trip(50, 9_000))))
    assert only["mode"] == "road"


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


LINE = {"geometry": {"type": "LineString", "coordinates": [[-2.6, 51.48], [-2.6, 51.52]]}}


def test_a_line_is_served_by_the_cells_beside_it_and_look_at_it() -> None:
    held = pa.table(
        {
            "cell_id": ["at", "away", "off"], "latitude": [51.5] * 3, "longitude": [-2.601, -2.601, -2.20],
            "azimuth_angle": [90.0, 270.0, 270.0], "horizontal_beam_width": [65.0] * 3,
        }
    )  # fmt: skip
    found = {
        row["cell_id"]: row for row in trips.corridors(held, {"features": [LINE]}, {"features": [LINE]}).to_pylist()
    }
    assert sum(row["rail"] for row in found.values()) == pytest.approx(1.0)
    assert found["at"]["rail"] > 3 * found["away"]["rail"] > 0
    assert found["off"]["rail"] < 0.01
    assert found["at"]["rail_metres"] == pytest.approx(69, abs=2)


def test_stations_add_to_the_cells_where_people_wait() -> None:
    held = pa.table({"cell_id": ["north", "south"], "latitude": [51.52, 51.48], "longitude": [-2.6, -2.6]})
    stop = {"geometry": {"type": "Point", "coordinates": [-2.6, 51.52]}}
    alone = trips.corridors(held, None, {"features": [LINE]}).column("rail").to_pylist()
    waited = trips.corridors(held, None, {"features": [LINE, stop]}).column("rail").to_pylist()
    assert alone[0] == pytest.approx(0.5, abs=0.02)
    assert waited[0] == pytest.approx(0.7 * alone[0] + 0.3, abs=0.001)


def test_without_a_map_nothing_is_said() -> None:
    held = pa.table({"cell_id": ["a"], "latitude": [51.5], "longitude": [-2.6]})
    assert trips.corridors(held).to_pylist()[0]["rail"] is None


def test_a_map_that_cannot_be_read_names_the_feature() -> None:
    held = pa.table({"cell_id": ["on"], "latitude": [51.5], "longitude": [-2.6]})
    with pytest.raises(MobilityError, match="Feature 1 of the rails"):
        trips.corridors(held, None, {"features": [{"geometry": None}]})
