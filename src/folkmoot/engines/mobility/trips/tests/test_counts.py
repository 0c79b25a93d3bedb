"""Purposes, tours, zones and the rows that disclosure counts."""

from __future__ import annotations

from datetime import date

import ibis
import pyarrow as pa
import pytest

from folkmoot.engines.mobility import MobilityError, trips
from folkmoot.engines.mobility.trips.tests.making import at, cells, rows, stays

ZONES = ibis.memtable(
    pa.table(
        {
            "cell_id": ["home", "home", "home2", "near", "work", "shop", "far"],
            "zone_id": ["E2", "E1", "E1", "E1", "E3", "E3", None],
            "probability": [0.5, 0.5, 1.0, 1.0, 0.9, 0.6, 1.0],
        }
    )
)
LABELS = ibis.memtable(
    pa.table({"user_id": ["a", "b"], "home_cell": ["home", None], "work_cell": pa.array(["work", None], pa.string())})
)


def day(user: str) -> tuple[tuple[str, str, str, str], ...]:
    return (
        (user, "00:00", "08:00", "home"), (user, "08:30", "12:00", "work"), (user, "12:30", "13:00", "shop"),
        (user, "13:30", "17:00", "work"), (user, "17:30", "18:00", "shop"), (user, "18:30", "23:00", "home2"),
    )  # fmt: skip


MADE = stays(*day("a"), *day("b"))


def test_purpose_is_told_by_the_ends_and_nobody_without_a_home_is_dropped() -> None:
    made = trips.purpose(trips.between(MADE, cells()), LABELS, cells=cells())
    found = rows(made, "user_id", "departed")
    assert [row["purpose"] for row in found] == ["HBW", "NHB", "NHB", "NHB", "HBO", *["unknown"] * 5]
    told = trips.unlabelled(made)
    assert (told.trips, told.unknown) == (10, 5)
    assert told.statement.startswith("5 of 10 trips (50 %)")


def test_home_seen_from_another_antenna_is_still_home_only_where_cells_are_known() -> None:
    without = rows(trips.purpose(trips.between(MADE, cells()), LABELS), "user_id", "departed")
    assert without[4]["purpose"] == "NHB"


def test_a_tour_begins_when_home_is_left() -> None:
    more = stays(*day("a"), ("a", "23:20", "23:50", "shop"))
    found = rows(trips.tours(trips.between(more, cells()), LABELS, cells=cells()), "departed")
    assert [row["tour"] for row in found] == [1, 1, 1, 1, 1, 2]


def test_a_device_without_a_home_has_no_tours() -> None:
    found = rows(trips.tours(trips.between(stays(*day("b")), cells()), LABELS, cells=cells()))
    assert {row["tour"] for row in found} == {None}


def test_the_likely_zone_of_a_cell_ties_to_the_first_code() -> None:
    found = {row["cell_id"]: row["zone_id"] for row in rows(trips.likely(ZONES))}
    assert found == {"home": "E1", "home2": "E1", "near": "E1", "work": "E3", "shop": "E3", "far": None}


def test_contributions_count_each_device_once_for_each_journey_with_how_often() -> None:
    made = trips.between(MADE, cells())
    found = rows(trips.contributions(made, ZONES), "user_id", "origin", "destination")
    assert [tuple(row.values()) for row in found if row["user_id"] == "a"] == [
        ("E1", "E3", "a", 1), ("E3", "E1", "a", 1), ("E3", "E3", "a", 3),
    ]  # fmt: skip
    assert sum(row["trips"] for row in found) == 10


def test_the_hour_is_that_of_the_clock_on_the_wall() -> None:
    summer = stays(
        ("a", "2026-06-01 00:00", "2026-06-01 07:30", "home"), ("a", "2026-06-01 08:00", "2026-06-01 09:00", "work")
    )
    made = trips.between(summer, cells())
    when = date(2026, 6, 1)
    (only,) = rows(trips.contributions(made, ZONES, hour=True, first=when, last=when))
    assert only["hour"] == 8


def test_the_hour_that_happens_twice_is_one_hour() -> None:
    when = date(2026, 10, 25)
    night = stays(
        ("a", "2026-10-24 20:00", "2026-10-25 00:10", "home"), ("a", "2026-10-25 00:40", "2026-10-25 01:10", "work"),
        ("a", "2026-10-25 01:40", "2026-10-25 02:10", "home"),
    )  # fmt: skip
    made = trips.between(night, cells())
    assert [row["hour"] for row in rows(trips.contributions(made, ZONES, hour=True, first=when, last=when))] == [1, 1]


def test_journeys_out_of_the_zones_say_so_or_are_left_out_on_request() -> None:
    made = trips.between(stays(("a", "00:00", "08:00", "home"), ("a", "09:00", "10:00", "far")), cells())
    (kept,) = rows(trips.contributions(made, ZONES))
    assert (kept["origin"], kept["destination"]) == ("E1", "outside")
    assert rows(trips.contributions(made, ZONES, outside=None)) == []


def test_asking_for_what_trips_do_not_have_is_refused() -> None:
    made = trips.between(MADE, cells())
    with pytest.raises(MobilityError, match="no column purpose"):
        trips.contributions(made, ZONES, purpose=True)
    with pytest.raises(MobilityError, match="first and last"):
        trips.contributions(made, ZONES, hour=True)


def test_people_by_road_are_fewer_vehicles_by_purpose() -> None:
    counts = ibis.memtable(
        pa.table(
            {
                "purpose": ["HBW", "HBO", "unknown", "HBW"],
                "mode": ["road", "road", "road", "rail"],
                "trips": [107, 169, 155, 5],
            }
        )
    )
    assert [round(row["vehicles"], 9) if row["vehicles"] else None for row in rows(trips.vehicles(counts))] == [
        100.0, 100.0, 100.0, None,
    ]  # fmt: skip
    assert rows(trips.vehicles(counts.drop("purpose"), occupancy=2.0))[0]["vehicles"] == 53.5
    with pytest.raises(MobilityError, match="without a driver"):
        trips.vehicles(counts, occupancy=0.5)


def test_times_of_trips_are_those_of_stays() -> None:
    assert rows(trips.between(MADE, cells()), "user_id", "departed")[0]["departed"] == at("08:00")
