"""Trips between stays: what is one, what is not, and that nothing is lost."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.mobility import MobilityError, trips
from folkmoot.engines.mobility.trips.tests.making import CELLS, at, cells, rows, stays

DAY = (
    ("a", "00:00", "08:00", "home"),
    ("a", "08:10", "08:10", "shop", "move"),
    ("a", "08:30", "17:00", "work"),
    ("a", "17:30", "23:00", "home"),
)


def test_a_trip_departs_when_one_stay_ends_and_arrives_when_the_next_begins() -> None:
    out, back = rows(trips.between(stays(*DAY), cells()), "departed")
    assert (out["departed"], out["arrived"]) == (at("08:00"), at("08:30"))
    assert (out["origin_cell"], out["destination_cell"], out["distance_metres"]) == ("home", "work", 5560)
    assert (back["origin_cell"], back["destination_cell"]) == ("work", "home")


def test_a_trip_over_midnight_is_one_trip() -> None:
    late = stays(("a", "20:00", "23:40", "shop"), ("a", "2026-03-03 00:20", "2026-03-03 07:00", "home"))
    (only,) = rows(trips.between(late, cells()))
    assert (only["departed"], only["arrived"]) == (at("23:40"), at("2026-03-03 00:20"))


def test_another_antenna_of_the_same_place_is_no_trip() -> None:
    hopping = stays(
        ("a", "00:00", "08:00", "home"), ("a", "08:05", "09:00", "home2"), ("a", "09:05", "10:00", "near"),
        ("a", "10:05", "11:00", "near"),
    )  # fmt: skip
    assert rows(trips.between(hopping, cells())) == []
    counted = {row["verdict"]: row["pairs"] for row in rows(trips.verdicts(hopping, cells()))}
    assert counted == {"near": 2, "same": 1}


def test_a_silence_breaks_a_trip_and_is_counted() -> None:
    silent = stays(("a", "00:00", "08:00", "home"), ("a", "12:00", "13:00", "work"), ("a", "13:30", "14:00", "shop"))
    assert [row["origin_cell"] for row in rows(trips.between(silent, cells()))] == ["work"]
    counted = {row["verdict"]: row["pairs"] for row in rows(trips.verdicts(silent, cells()))}
    assert counted == {"silence": 1, "trip": 1}


def test_a_silence_in_the_middle_of_moving_breaks_it_too() -> None:
    moving = [("a", "00:00", "08:00", "home"), ("a", "08:10", "08:12", "near", "move")]
    heard = stays(*moving, ("a", "10:00", "10:05", "shop", "move"), ("a", "11:30", "12:00", "work"))
    silent = stays(*moving, ("a", "11:00", "11:05", "shop", "move"), ("a", "11:30", "12:00", "work"))
    assert len(rows(trips.between(heard, cells()))) == 1
    assert rows(trips.between(silent, cells())) == []


def test_a_long_journey_that_is_heard_of_all_the_way_is_a_trip() -> None:
    hops = [("a", f"{hour:02}:00", f"{hour:02}:10", "near", "move") for hour in range(9, 17)]
    long = stays(("a", "00:00", "08:00", "home"), *hops, ("a", "17:00", "23:00", "far"))
    (only,) = rows(trips.between(long, cells()))
    assert only["distance_metres"] == 44_478


def test_a_row_of_unknown_whereabouts_is_not_a_stay() -> None:
    gap = stays(
        ("a", "00:00", "08:00", "home"), ("a", "08:00", "09:30", None, "unknown"), ("a", "09:30", "12:00", "work")
    )
    (only,) = rows(trips.between(gap, cells()))
    assert (only["departed"], only["arrived"]) == (at("08:00"), at("09:30"))


def test_a_cell_nobody_knows_keeps_its_trip_without_a_distance() -> None:
    strange = stays(("a", "00:00", "08:00", "home"), ("a", "08:30", "09:00", "nowhere"))
    (only,) = rows(trips.between(strange, cells()))
    assert only["distance_metres"] is None
    (counted,) = rows(trips.verdicts(strange, cells()))
    assert (counted["verdict"], counted["unplaced"]) == ("trip", 1)


def test_a_cell_that_moved_is_where_it_was_that_day_and_doubles_no_trip() -> None:
    moved = CELLS.slice(0, 1).append_column("valid_date_start", pa.array([None], pa.date32()))
    moved = moved.append_column("valid_date_end", pa.array([None], pa.date32()))
    day = [at("2026-03-02 00:00").date(), at("2026-03-03 00:00").date()]
    work = pa.table(
        {
            "cell_id": ["work", "work"],
            "latitude": [51.55, 51.60],
            "longitude": [-2.60, -2.60],
            "valid_date_start": pa.array([None, day[1]], pa.date32()),
            "valid_date_end": pa.array([day[0], None], pa.date32()),
        }
    )
    two_days = stays(
        ("a", "00:00", "08:00", "home"), ("a", "08:30", "17:00", "work"), ("a", "17:30", "23:50", "home"),
        ("a", "2026-03-03 00:10", "2026-03-03 08:00", "home"), ("a", "2026-03-03 08:30", "2026-03-03 09:00", "work"),
    )  # fmt: skip
    found = rows(trips.between(two_days, ibis.memtable(pa.concat_tables([moved, work]))), "departed")
    assert [row["distance_metres"] for row in found] == [5560, 5560, 11_120]


def test_devices_do_not_continue_each_other() -> None:
    two = stays(("a", "00:00", "08:00", "home"), ("b", "08:30", "09:00", "work"))
    assert rows(trips.verdicts(two, cells())) == []


def test_stays_by_coordinates_are_refused_with_what_to_do() -> None:
    with pytest.raises(MobilityError, match=r"no column cell_id.*coordinates need the cell"):
        trips.between(stays(*DAY).drop("cell_id"), cells())


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.integers(0, 200), st.sampled_from(CELLS["cell_id"].to_pylist()),
            st.sampled_from(["stay", "move"]),
        ),
        max_size=14,
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_every_pair_of_stays_has_one_verdict_whatever_the_order_of_rows(seen: list, shuffled) -> None:
    clock, made = {"a": 0, "b": 0}, []
    for user, minutes, cell, state in seen:
        begin = clock[user] + minutes
        clock[user] = begin + 15
        made.append(
            (
                user,
                *(f"2026-03-0{2 + m // 1440} {m // 60 % 24:02}:{m % 60:02}" for m in (begin, begin + 15)),
                cell,
                state,
            )
        )
    if not made:
        return
    counted = sum(row["pairs"] for row in rows(trips.verdicts(stays(*made), cells())))
    mixed = list(made)
    shuffled.shuffle(mixed)
    order = ("user_id", "departed")
    assert rows(trips.between(stays(*made), cells()), *order) == rows(trips.between(stays(*mixed), cells()), *order)
    most = sum(row[4] == "stay" for row in made)
    least = sum(max(0, sum(row[0] == user and row[4] == "stay" for row in made) - 1) for user in "ab")
    assert least <= counted <= most
