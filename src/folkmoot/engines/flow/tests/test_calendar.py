"""Weekly shifts in local time become steps of capacity in UTC, over summer time and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.flow.calendar import Calendar, Shift

MARCH = datetime(2026, 3, 28, tzinfo=UTC)  # the clocks go forward on Sunday the 29th at 01:00 UTC
OCTOBER = datetime(2026, 10, 24, tzinfo=UTC)  # and back on Sunday the 25th at 01:00 UTC


def changes(calendar: Calendar, origin: datetime, hours: float) -> list[tuple[float, int]]:
    steps = calendar.steps(origin, hours)
    return [(t, c) for t, c in zip(steps.times.tolist(), steps.capacity.tolist()) if t < hours]


def sunday(start: int, end: int) -> Calendar:
    return Calendar((Shift(6, start, end, 1),))


def test_office_hours_move_by_an_hour_when_summer_time_begins() -> None:
    office = Calendar.weekly(days=range(7), start="09:00", end="17:00", staff=2)
    assert changes(office, MARCH, 48) == [(0.0, 0), (9.0, 2), (17.0, 0), (32.0, 2), (40.0, 0)]


def test_a_night_shift_is_an_hour_shorter_in_march_and_longer_in_october() -> None:
    night = sunday(0, 8 * 60)
    assert changes(night, MARCH, 48) == [(0.0, 0), (24.0, 1), (31.0, 0)]
    assert changes(night, OCTOBER, 48) == [(0.0, 0), (23.0, 1), (32.0, 0)]


def test_half_past_one_that_does_not_exist_is_the_moment_the_clocks_go_forward() -> None:
    assert changes(sunday(90, 180), MARCH, 48) == [(0.0, 0), (25.0, 1), (26.0, 0)]
    assert changes(sunday(30, 90), MARCH, 48) == [(0.0, 0), (24.5, 1), (25.0, 0)]


def test_two_changes_within_the_missing_hour_leave_the_later_one_in_force() -> None:
    calendar = Calendar((Shift(6, 75, 130, 3), Shift(6, 130, 240, 1)))  # 01:15 to 02:10, then to 04:00
    assert changes(calendar, MARCH, 48) == [(0.0, 0), (25.0, 3), (25.0 + 10 / 60, 1), (27.0, 0)]
    inside = Calendar((Shift(6, 65, 110, 3), Shift(6, 110, 240, 1)))  # 01:05 to 01:50: never on the clock
    steps = inside.steps(MARCH, 48)
    assert steps.hours_open(24.0, 48.0) == 2.0
    assert steps.staff_hours(24.0, 48.0) == 2.0


def test_half_past_one_that_comes_twice_is_the_first() -> None:
    assert changes(sunday(90, 180), OCTOBER, 48) == [(0.0, 0), (24.5, 1), (27.0, 0)]


def test_other_zones_have_their_own_summer() -> None:
    new_york = Calendar.weekly(days=[0], start="09:00", end="10:00", staff=1, zone="America/New_York")
    assert changes(new_york, datetime(2026, 3, 2, tzinfo=UTC), 24 * 14)[1::2] == [(14.0, 1), (7 * 24 + 13.0, 1)]


def test_a_leap_day_is_a_day_like_any_other() -> None:
    office = Calendar.weekly(days=range(7), start="09:00", end="17:00", staff=1)
    assert changes(office, datetime(2028, 2, 28, tzinfo=UTC), 72)[1::2] == [(9.0, 1), (33.0, 1), (57.0, 1)]


def test_nobody_works_on_a_closed_date() -> None:
    calendar = Calendar(Calendar.always(3).shifts, closed=frozenset({date(2026, 3, 30)}))
    assert changes(calendar, MARCH, 96) == [(0.0, 3), (47.0, 0), (71.0, 3)]  # midnight to midnight in summer time
    assert not calendar.is_constant


def test_a_team_always_there_has_one_step() -> None:
    steps = Calendar.always(4).steps(MARCH, 1e6)
    assert (steps.times.tolist(), steps.capacity.tolist()) == ([0.0], [4])
    assert Calendar.always(4).is_constant
    assert Calendar.always(4).weekly_staff_hours == 4 * 168


def test_shifts_of_one_day_add_up() -> None:
    calendar = Calendar((Shift(0, 480, 960, 2), Shift(0, 720, 1200, 1)))
    assert changes(calendar, datetime(2026, 1, 5, tzinfo=UTC), 24) == [
        (0.0, 0),
        (8.0, 2),
        (12.0, 3),
        (16.0, 1),
        (20.0, 0),
    ]
    assert calendar.peak_staff == 3
    assert calendar.weekly_staff_hours == 24.0


def test_a_calendar_begins_in_the_middle_of_a_shift() -> None:
    assert changes(sunday(0, 1440), datetime(2026, 1, 4, 10, tzinfo=UTC), 24) == [(0.0, 1), (14.0, 0)]


def test_levers_change_the_shifts_they_name() -> None:
    office = Calendar.weekly(days=range(5), start="09:00", end="17:00", staff=3)
    saturday = office.with_more_staff(1, weekdays=[5])
    assert saturday.weekly_staff_hours == 5 * 24 + 8
    assert office.with_more_staff(-5).peak_staff == 0
    assert office.with_longer_hours(90).weekly_staff_hours == 5 * 3 * 9.5
    assert office.with_longer_hours(24 * 60).shifts[0].end_minute == 1440


@pytest.mark.parametrize(
    ("shift", "sentence"),
    [
        ((7, 0, 60, 1), "names weekday 7; Monday is 0 and Sunday is 6"),
        ((0, 600, 540, 1), "must end after it starts"),
        ((0, 1380, 1500, 1), "Split a night shift at midnight"),
        ((0, 0, 60, -1), "has -1 staff; the number cannot be negative"),
    ],
)
def test_an_impossible_shift_is_refused(shift: tuple[int, int, int, int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Shift(*shift)


def test_an_origin_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        Calendar.always(1).steps(datetime(2026, 1, 5), 24)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"]),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 700), st.integers(0, 3)), max_size=6),
    st.datetimes(datetime(2016, 1, 1), datetime(2030, 1, 1)),
    st.integers(1, 400),
)
def test_at_any_moment_as_many_are_on_duty_as_the_clock_on_the_wall_says(
    zone: str, rows: list[tuple[int, int, int, int]], start: datetime, days: int
) -> None:
    from zoneinfo import ZoneInfo

    shifts = tuple(Shift(day, a, min(1440, a + length), staff) for day, a, length, staff in rows)
    origin = start.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    steps = Calendar(shifts, zone).steps(origin, days * 24.0)
    for minute in np.random.default_rng(days).integers(0, days * 1440, 50).tolist():
        moment = origin + timedelta(minutes=minute, seconds=30)
        local = moment.astimezone(ZoneInfo(zone))
        if local.fold or _near_a_change(moment, zone):
            continue
        now = local.hour * 60 + local.minute
        wanted = sum(s.staff for s in shifts if s.weekday == local.weekday() and s.start_minute <= now < s.end_minute)
        found = steps.capacity[np.searchsorted(steps.times, (minute + 0.5) / 60.0, side="right") - 1]
        assert found == wanted


def _near_a_change(moment: datetime, zone: str) -> bool:
    """Around the clocks' going back, the wall shows an hour twice and shifts begin and end at its first showing."""
    from zoneinfo import ZoneInfo

    place = ZoneInfo(zone)
    around = {(moment + timedelta(hours=h)).astimezone(place).utcoffset() for h in (-2, 0, 2)}
    return len(around) > 1
