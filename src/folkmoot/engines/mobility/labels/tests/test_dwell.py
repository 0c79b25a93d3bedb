"""Homes and work: nights are nights, local time is local, and thin support stays null."""

from __future__ import annotations

from datetime import date

import pytest

from folkmoot.engines.mobility import MobilityError, labels
from folkmoot.engines.mobility.trips.tests.making import cells, rows, stays

WEEK = {"first": date(2026, 3, 2), "last": date(2026, 3, 8)}


def night(day: int, cell: str, user: str = "a") -> tuple[str, str, str, str]:
    return (user, f"2026-03-{day:02} 22:00", f"2026-03-{day + 1:02} 06:00", cell)


def test_a_night_over_midnight_is_one_night_not_two_dates() -> None:
    (only,) = rows(labels.home(stays(night(2, "home")), **WEEK, min_nights=1))
    assert (only["home_cell"], only["home_nights"], only["home_share"]) == ("home", 1, 1.0)


def test_home_is_where_most_nights_are_dwelled_with_its_share() -> None:
    week = stays(night(2, "home"), night(3, "home"), night(4, "home"), night(5, "far"))
    (only,) = rows(labels.home(week, **WEEK))
    assert (only["home_cell"], only["home_nights"], only["home_share"]) == ("home", 3, 0.75)


def test_days_say_nothing_of_a_home() -> None:
    (only,) = rows(labels.home(stays(("a", "09:00", "17:00", "work"), night(2, "home")), **WEEK, min_nights=1))
    assert only["home_cell"] == "home"


def test_a_device_without_enough_nights_stays_with_a_null_and_its_support() -> None:
    found = rows(labels.home(stays(night(2, "home"), ("b", "10:00", "11:00", "shop")), **WEEK), "user_id")
    assert [row["home_cell"] for row in found] == [None, None]
    assert [row["home_nights"] for row in found] == [1, None]


def test_night_is_local_summer_and_winter() -> None:
    # 20:30 to 21:00 UTC is 21:30 to 22:00 in London in June, and before the night in December.
    for first, expected in ((date(2026, 6, 1), 1), (date(2026, 12, 1), None)):
        evening = stays(("a", f"{first} 20:30", f"{first} 21:00", "home"))
        (only,) = rows(labels.home(evening, first=first, last=first))
        assert only["home_nights"] == expected


def test_the_night_clocks_go_forward_lasts_nine_hours_and_the_night_they_go_back_eleven() -> None:
    for day, hours in ((date(2026, 3, 28), 9), (date(2026, 10, 24), 11), (date(2026, 6, 6), 10)):
        long = stays(("a", f"{day} 12:00", f"{date.fromordinal(day.toordinal() + 1)} 12:00", "home"))
        cut = rows(labels.clipped(long, (21, 7), first=day, last=date.fromordinal(day.toordinal() + 1)))
        assert [row["seconds"] for row in cut] == [hours * 3600]


def test_equal_dwell_is_decided_alike_every_time() -> None:
    (only,) = rows(labels.home(stays(night(3, "near"), night(2, "home")), **WEEK, min_nights=1))
    assert only["home_cell"] == "home"


def test_work_is_where_weekdays_are_dwelled_away_from_home() -> None:
    days = [(("a", f"2026-03-{d:02} 09:30", f"2026-03-{d:02} 16:30", "work")) for d in (2, 3, 4)]
    homely = [night(d, "home") for d in (2, 3, 4)] + [("a", "2026-03-05 08:00", "2026-03-05 18:00", "home")]
    (only,) = rows(labels.places(stays(*days, *homely), **WEEK))
    assert (only["home_cell"], only["work_cell"], only["work_days"]) == ("home", "work", 3)
    assert only["work_share"] == pytest.approx(21 / 29)


def test_a_weekend_is_not_work() -> None:
    days = [(("a", f"2026-03-{d:02} 09:30", f"2026-03-{d:02} 16:30", "work")) for d in (7, 8)]
    (only,) = rows(labels.places(stays(*days, *(night(d, "home") for d in (2, 3, 4))), **WEEK))
    assert (only["work_cell"], only["work_days"]) == (None, None)


def test_another_sector_of_the_home_is_not_work() -> None:
    days = [(("a", f"2026-03-{d:02} 09:30", f"2026-03-{d:02} 16:30", "near")) for d in (2, 3, 4)]
    table = stays(*days, *(night(d, "home") for d in (2, 3, 4)))
    assert rows(labels.places(table, **WEEK))[0]["work_cell"] == "near"
    assert rows(labels.places(table, **WEEK, cells=cells()))[0]["work_cell"] is None


def test_without_a_home_no_work_is_told() -> None:
    (only,) = rows(labels.places(stays(("a", "09:00", "17:00", "work")), first=date(2026, 3, 2), last=date(2026, 3, 2)))
    assert (only["home_cell"], only["work_cell"]) == (None, None)


def test_one_day_of_data_gives_homes_and_says_how_little_they_rest_on() -> None:
    day = date(2026, 3, 2)
    one = stays(("a", "00:00", "07:00", "home"), ("b", "10:00", "11:00", "shop"))
    found = labels.coverage(labels.places(one, first=day, last=day), labels.Support.of(day, day))
    assert (found.devices, found.with_home, found.with_work) == (2, 1, 0)
    assert found.statements[0].startswith("1 of 2 devices (50 %) have a home")
    assert "guesses from one day" in found.statements[1]


def test_move_and_unknown_are_not_dwelled() -> None:
    moving = stays(("a", "22:00", "23:00", "far", "move"), ("a", "23:00", "23:30", None, "unknown"), night(3, "home"))
    (only,) = rows(labels.home(moving, **WEEK, min_nights=1))
    assert (only["home_cell"], only["home_share"]) == ("home", 1.0)


def test_a_clock_wrong_by_years_does_not_make_thousands_of_nights() -> None:
    wrong = stays(("a", "1970-01-01 00:00", "2026-03-03 00:00", "home"), night(3, "far"))
    (only,) = rows(labels.home(wrong, **WEEK, min_nights=1))
    assert only["home_nights"] <= 3


def test_a_period_backwards_is_refused() -> None:
    with pytest.raises(MobilityError, match="before it begins"):
        labels.home(stays(night(2, "home")), first=date(2026, 3, 8), last=date(2026, 3, 2))


def test_permanence_is_the_share_of_known_time_and_frequency_that_of_days() -> None:
    two = stays(
        ("a", "00:00", "18:00", "home"),
        ("a", "18:30", "20:30", "shop"),
        ("a", "2026-03-03 00:00", "2026-03-03 20:00", "home"),
    )
    found = {row["cell_id"]: row for row in rows(labels.permanence(two, **WEEK))}
    assert (found["home"]["permanence"], found["home"]["frequency"]) == (0.95, 1.0)
    assert (found["shop"]["days"], found["shop"]["frequency"]) == (1, 0.5)


def test_the_usual_environment_is_the_fewest_cells_that_hold_most_of_the_time() -> None:
    two = stays(("a", "00:00", "12:00", "home"), ("a", "12:30", "18:30", "work"), ("a", "19:00", "20:00", "shop"))
    found = labels.usual_environment(two, **WEEK, share=0.9)
    assert [row["cell_id"] for row in rows(found, "cell_id")] == ["home", "work"]
