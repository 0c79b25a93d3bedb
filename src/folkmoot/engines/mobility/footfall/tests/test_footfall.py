"""Presence, visits, dwell, returns, roles and catchments: contributions that disclosure counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import pyarrow as pa
import pytest

from folkmoot.engines.mobility import MobilityError, footfall
from folkmoot.engines.mobility.trips.tests.making import rows, stays

DAY = {"first": date(2026, 3, 2), "last": date(2026, 3, 2)}
CELL_AREA = ibis.memtable(
    pa.table(
        {
            "cell_id": ["c1", "c2", "c3", "c3", "c4"],
            "zone_id": ["centre", "centre", "centre", "park", None],
            "probability": [0.9, 0.6, 0.3, 0.2, 1.0],
        }
    )
)


def served() -> Any:
    return footfall.areas(CELL_AREA)


def pairs(table: Any, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in columns) for row in rows(table))


def test_an_area_is_its_probable_cells_and_a_small_one_the_best_cell_there_is() -> None:
    listed = footfall.areas(CELL_AREA, min_probability=0.5)
    assert pairs(listed, "area", "cell_id") == [("centre", "c1"), ("centre", "c2"), ("park", "c3")]
    fit = {row["area"]: (row["cells"], row["purity"], row["completeness"]) for row in rows(footfall.fit(listed))}
    assert fit["centre"] == (2, pytest.approx(0.75), pytest.approx(1.5 / 1.8))
    assert fit["park"] == (1, pytest.approx(0.2), pytest.approx(1.0))


def test_cells_are_taken_as_long_as_they_add_more_of_the_area_than_of_its_neighbours() -> None:
    # F of c1 alone 1.8/2.8, of c1 and c2 3/3.8, of all three 3.6/4.8.
    assert pairs(served(), "area", "cell_id") == [("centre", "c1"), ("centre", "c2"), ("park", "c3")]


def test_a_wide_cell_that_has_most_devices_belongs_to_the_area_although_it_reaches_beyond() -> None:
    held = pa.table(
        {"cell_id": ["small", "wide"], "zone_id": ["centre"] * 2, "probability": [1.0, 0.4], "weight": [0.01, 0.5]}
    )
    assert pairs(footfall.areas(ibis.memtable(held)), "cell_id") == [("small",), ("wide",)]
    alike = footfall.areas(ibis.memtable(held.drop_columns("weight")))
    assert pairs(alike, "cell_id") == [("small",)]


def test_an_area_given_as_a_list_of_cells_needs_no_probabilities() -> None:
    listed = ibis.memtable(pa.table({"cell_id": ["c1", "c4"], "zone_id": ["mine", "mine"]}))
    assert pairs(footfall.areas(listed), "area", "cell_id") == [("mine", "c1"), ("mine", "c4")]


def test_a_device_in_several_hours_counts_in_each_and_once_a_day() -> None:
    there = stays(("a", "09:30", "11:15", "c1"), ("a", "11:20", "11:50", "c2"), ("b", "10:00", "11:00", "c1"))
    found = footfall.presence(there, served(), **DAY)
    assert pairs(found, "hour", "user_id", "seconds", "trips") == [
        (9, "a", 1800, 1), (10, "a", 3600, 1), (10, "b", 3600, 1), (11, "a", 2700, 1),
    ]  # fmt: skip
    assert pairs(footfall.visitors(there, served(), **DAY), "user_id", "seconds") == [("a", 8100), ("b", 3600)]


def test_hours_are_local_and_the_one_that_happens_twice_is_one() -> None:
    night = stays(("a", "2026-10-25 00:15", "2026-10-25 01:45", "c1"))
    day = date(2026, 10, 25)
    found = footfall.presence(night, served(), first=day, last=day)
    assert pairs(found, "hour", "seconds") == [(1, 5400)]


def test_a_stay_over_midnight_is_a_visitor_of_both_days() -> None:
    late = stays(("a", "23:30", "2026-03-03 00:30", "c1"))
    found = footfall.visitors(late, served(), first=date(2026, 3, 2), last=date(2026, 3, 3))
    assert footfall.dated(found.order_by("day").to_pyarrow())["day"].to_pylist() == ["2026-03-02", "2026-03-03"]


def test_who_passes_through_is_counted_only_on_request() -> None:
    passing = stays(("a", "09:00", "09:05", "c1", "move"))
    assert rows(footfall.presence(passing, served(), **DAY)) == []
    assert len(rows(footfall.presence(passing, served(), **DAY, states=("stay", "move")))) == 1


def test_a_short_absence_does_not_end_a_visit_and_a_long_one_does() -> None:
    there = stays(
        ("a", "09:00", "10:00", "c1"), ("a", "10:20", "11:00", "c2"), ("a", "13:00", "13:10", "c1"),
        ("b", "09:00", "17:30", "c1"),
    )  # fmt: skip
    found = footfall.visits(there, served())
    assert pairs(found, "user_id", "visit", "seconds") == [("a", 1, 7200), ("a", 2, 600), ("b", 1, 30_600)]
    assert pairs(footfall.dwell(found), "user_id", "dwell", "trips") == [
        ("a", "120 to 240 min", 1), ("a", "under 15 min", 1), ("b", "480 min and over", 1),
    ]  # fmt: skip


def test_returning_is_coming_on_another_day_not_twice_on_one() -> None:
    there = stays(
        ("a", "09:00", "10:00", "c1"), ("a", "15:00", "16:00", "c1"), ("b", "09:00", "10:00", "c1"),
        ("b", "2026-03-03 09:00", "2026-03-03 10:00", "c1"),
    )  # fmt: skip
    week = {"first": date(2026, 3, 2), "last": date(2026, 3, 8)}
    found = footfall.visits(there, served())
    assert pairs(footfall.returns(found, **week), "user_id", "days") == [("a", "1 day"), ("b", "2 days")]
    assert pairs(footfall.newcomers(found, **week), "user_id", "kind") == [
        ("a", "first"), ("b", "first"), ("b", "returned"),
    ]  # fmt: skip


PLACES = ibis.memtable(
    pa.table(
        {"user_id": ["r", "w", "v", "n"], "home_cell": ["c1", "c4", "c4", None], "work_cell": [None, "c2", None, None]}
    )
)


def test_residents_workers_and_visitors_are_kept_apart() -> None:
    there = stays(*((user, "09:00", "10:00", "c1") for user in "rwvnx"))
    told = footfall.roles(footfall.visits(there, served()), PLACES, served())
    assert pairs(told, "user_id", "role") == [
        ("n", "unknown"), ("r", "resident"), ("v", "visitor"), ("w", "worker"), ("x", "unknown"),
    ]  # fmt: skip


def test_a_catchment_counts_each_device_once_at_its_home_and_drops_nobody() -> None:
    there = stays(*((user, "09:00", "10:00", "c1") for user in "rwvn"), ("r", "12:00", "13:00", "c1"))
    zones = ibis.memtable(pa.table({"cell_id": ["c1", "c4"], "zone_id": ["E1", None], "probability": [1.0, 1.0]}))
    found = footfall.catchment(footfall.visits(there, served()), PLACES, zones)
    assert pairs(found, "user_id", "home_zone") == [("n", "unknown"), ("r", "E1"), ("v", "outside"), ("w", "outside")]


def test_bands_that_do_not_rise_are_refused() -> None:
    with pytest.raises(MobilityError, match="rise"):
        footfall.dwell_labels((30, 15))


def test_stays_without_cells_are_refused() -> None:
    with pytest.raises(MobilityError, match="no column cell_id"):
        footfall.visits(stays(("a", "09:00", "10:00", "c1")).drop("cell_id"), served())
