"""Intervals measure real time, whatever the clocks on the wall do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.vocabulary.intervals import Interval

LONDON = ZoneInfo("Europe/London")
moments = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.sampled_from([UTC, LONDON]))
pairs = st.tuples(moments, moments).map(lambda two: sorted(two, key=lambda m: m.astimezone(UTC)))
intervals = pairs.map(lambda two: Interval(*two))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_has_23_hours_in_march_and_25_in_october(day, hours):
    assert Interval.of_day(day, LONDON).hours == hours


def test_the_repeated_hour_of_october_is_two_hours():
    first = datetime(2026, 10, 25, 1, 0, tzinfo=LONDON)
    second = datetime(2026, 10, 25, 2, 0, tzinfo=LONDON)
    assert Interval(first, second).length == timedelta(hours=2)


@given(intervals, intervals)
def test_overlap_is_symmetric_and_within_both(one, other):
    both = one.overlap(other)
    assert both == other.overlap(one)
    assert one.overlaps(other) is (both is not None)
    if both is not None:
        assert both.length <= min(one.length, other.length)
        assert one.contains(both.start)
        assert other.contains(both.start)


@given(intervals)
def test_an_interval_holds_its_start_and_not_its_end(interval):
    assert not interval.contains(interval.end)
    assert interval.contains(interval.start) is (interval.length > timedelta(0))


def test_touching_intervals_share_no_time():
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert Interval(noon - hour, noon).overlap(Interval(noon, noon + hour)) is None


def test_the_same_moments_in_two_zones_are_one_interval():
    here = Interval(datetime(2026, 7, 1, 10, tzinfo=LONDON), datetime(2026, 7, 1, 11, tzinfo=LONDON))
    there = Interval(datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 7, 1, 10, tzinfo=UTC))
    assert here == there
    assert len({here, there}) == 1


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        Interval(datetime(2026, 1, 5), datetime(2026, 1, 6, tzinfo=UTC))


def test_an_interval_does_not_end_before_it_starts():
    with pytest.raises(ValueError, match="before it starts"):
        Interval(datetime(2026, 1, 6, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC))
