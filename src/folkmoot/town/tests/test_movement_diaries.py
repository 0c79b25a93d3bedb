"""Diaries close, follow the clock on the wall, and fill the day as people do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from folkmoot.town import movement
from folkmoot.town.movement import calendar, venues

LONDON = ZoneInfo("Europe/London")


def local_hours(instants: pa.ChunkedArray) -> np.ndarray:
    wall = pc.local_timestamp(pc.cast(instants, pa.timestamp("us", "Europe/London")))
    return wall.cast(pa.int64()).to_numpy() / 3.6e9 % 24


def seconds(instants: pa.ChunkedArray) -> np.ndarray:
    return instants.cast(pa.int64()).to_numpy() / 1e6


@pytest.fixture(scope="module")
def week() -> movement.Movement:
    # Thursday to Monday, with the clocks going forward on Sunday 29 March and school holidays from the Monday.
    return movement.build(seed=2, residents=3_000, days=5, first_day=date(2026, 3, 26), event_day=date(2026, 3, 28))


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2030])
def test_wall_clock_times_are_those_of_the_time_zone_database(year):
    for number in range(0, 366, 1):
        day = date(year, 1, 1) + timedelta(number)
        for hour in (0, 1, 2, 3, 12, 26):
            wall = datetime(day.year, day.month, day.day, tzinfo=LONDON) + timedelta(hours=hour)
            there = wall.astimezone(UTC)
            if there.astimezone(LONDON).replace(tzinfo=None) != wall.replace(tzinfo=None):
                continue  # An hour that the clocks skip.
            assert float(calendar.to_utc(day, np.array(hour * 3600.0))) == there.timestamp()


def test_times_never_run_backwards_when_the_clock_does():
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        assert (np.diff(calendar.to_utc(day, np.arange(0, 30 * 3600, 60.0))) >= 0).all()


def test_bank_holidays_are_those_that_were_proclaimed():
    assert calendar.bank_holidays(2025) == {
        date(2025, 1, 1), date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 5), date(2025, 5, 26), date(2025, 8, 25),
        date(2025, 12, 25), date(2025, 12, 26),
    }  # fmt: skip
    assert {date(2026, 12, 25), date(2026, 12, 28)} < calendar.bank_holidays(2026)
    assert {date(2027, 12, 27), date(2027, 12, 28)} < calendar.bank_holidays(2027)


def test_every_diary_closes(week):
    """Stay, trip, stay, trip …: each trip leaves where a stay ended, when it ended, and arrives where the next begins."""
    stays = week["truth_stays"].sort_by([("traveller_id", "ascending"), ("start", "ascending")])
    trips = week["truth_trips"].sort_by([("traveller_id", "ascending"), ("departed", "ascending")])
    who = stays["traveller_id"].to_numpy()
    same = who[1:] == who[:-1]
    left, came = np.flatnonzero(same), np.flatnonzero(same) + 1
    finished = ~stays["open"].to_numpy(zero_copy_only=False)
    assert finished[left].all()
    # A trip that is still under way when the period ends has no stay after it, one under way at its start none before.
    end = movement.world(seed=2, residents=3_000, days=5, first_day=date(2026, 3, 26)).period[1]
    done = trips.filter(pa.array(seconds(trips["arrived"]) < end))
    assert len(done) == len(left)
    assert (seconds(done["departed"]) == seconds(stays["end"])[left]).all()
    assert (seconds(done["arrived"]) == seconds(stays["start"])[came]).all()
    zones = np.array(stays["zone_id"].fill_null("outside").to_pylist())
    assert (zones[left] == np.array(done["origin_zone"].fill_null("outside").to_pylist())).all()
    assert (zones[came] == np.array(done["destination_zone"].fill_null("outside").to_pylist())).all()


def test_everybody_is_at_home_at_four_in_the_morning_but_the_night_shift(week):
    four = datetime(2026, 3, 30, 4, tzinfo=LONDON).timestamp()
    stays = week["truth_stays"]
    then = stays.filter(pa.array((seconds(stays["start"]) <= four) & (seconds(stays["end"]) > four)))
    resident = then.filter(pc.less(then["traveller_id"], 3_000))
    assert len(resident) == 3_000
    away = resident.filter(pc.not_equal(resident["activity"], "home"))
    occupation = dict(enumerate(week["residents"]["occupation"].to_pylist()))
    assert len(away) > 0
    assert {occupation[each] for each in away["traveller_id"].to_pylist()} == {"night worker"}


def test_a_home_stay_over_midnight_is_one_stay(week):
    stays = week["truth_stays"]
    resident = stays.filter(pc.less(stays["traveller_id"], 3_000))
    midnight = datetime(2026, 3, 28, tzinfo=LONDON).timestamp()
    start, end = seconds(resident["start"]), seconds(resident["end"])
    assert ((start < midnight) & (end > midnight)).sum() > 2_800
    assert (end == midnight).sum() == 0


def test_the_way_there_and_back_is_at_the_same_hours_before_and_after_the_clock_change(week):
    trips = week["truth_trips"]
    work = trips.filter(pc.and_(pc.equal(trips["purpose"], "HBW"), pc.equal(trips["activity"], "work")))
    hour, day = local_hours(work["arrived"]), np.floor((seconds(work["departed"]) - 1_774_483_200) / 86_400)
    before, after = hour[day == 0], hour[day == 4]
    assert datetime.fromtimestamp(1_774_483_200, UTC) == datetime(2026, 3, 26, tzinfo=UTC)
    for morning in (before, after):
        counted, _ = np.histogram(morning, bins=np.arange(25))
        assert np.argmax(counted) == 8
    assert np.median(before) == pytest.approx(np.median(after), abs=0.3)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)]
)
def test_a_day_has_as_many_hours_as_the_clock_gives_it(day, hours):
    made = movement.build(seed=1, residents=1_500, first_day=day)
    seen = seconds(made["events"]["timestamp"])
    assert np.ceil(seen.max() - seen.min()) == pytest.approx(hours * 3600, abs=900)
    counted = np.histogram(seen, bins=seen.min() + np.arange(hours + 1) * 3600)[0]
    assert (counted[:-1] > 0).all()
    quiet = local_hours(made["events"]["timestamp"])
    assert ((quiet > 1) & (quiet < 5)).mean() < 0.10 * hours / 24 * 1.2


def test_weekdays_peak_morning_and_evening_and_weekends_at_midday(week):
    trips = week["truth_trips"]
    day = np.floor((seconds(trips["departed"]) - 1_774_483_200) / 86_400).astype(int)
    hour = local_hours(trips["departed"])
    thursday, saturday = (np.histogram(hour[day == each], bins=np.arange(25))[0] for each in (0, 2))
    assert np.argmax(thursday[5:11]) + 5 in (7, 8)
    assert np.argmax(thursday[14:20]) + 14 in (15, 16, 17)
    assert thursday[8] > 1.4 * thursday[11]
    assert saturday[8] < 0.4 * thursday[8]


def test_school_is_out_in_the_holidays_and_at_weekends(week):
    stays = week["truth_stays"].filter(pc.equal(week["truth_stays"]["activity"], "education"))
    occupation = np.array(week["residents"]["occupation"].to_pylist())
    pupils = stays.filter(pa.array(occupation[stays["traveller_id"].to_numpy()] == "pupil"))
    days = np.unique(np.floor((seconds(pupils["start"]) - 1_774_483_200) / 86_400))
    assert days.tolist() == [0, 1]


def test_a_match_brings_thousands_where_few_come_on_another_day(week):
    stays = week["truth_stays"].filter(pc.equal(week["truth_stays"]["activity"], "match"))
    days = np.unique(np.floor((seconds(stays["start"]) - 1_774_483_200) / 86_400))
    assert days.tolist() == [2]
    assert len(stays) > 0.12 * 3_000
    kick_off, final = (datetime(2026, 3, 28, *each, tzinfo=LONDON).timestamp() for each in ((15, 5), (16, 50)))
    assert (seconds(stays["start"]) < kick_off + 1_800).mean() > 0.97
    assert (seconds(stays["end"]) > final).mean() > 0.97
    stadium = week["zones"].filter(pc.equal(week["zones"]["kind"], "stadium"))["zone_id"][0].as_py()
    assert set(stays["zone_id"].to_pylist()) == {stadium}


def test_on_a_weekday_the_match_is_in_the_evening():
    made = movement.build(seed=3, residents=3_000, first_day=date(2026, 3, 4), event_day=date(2026, 3, 4))
    stays = made["truth_stays"].filter(pc.equal(made["truth_stays"]["activity"], "match"))
    assert len(stays) > 300
    assert np.median(local_hours(stays["start"])) == pytest.approx(19.3, abs=0.4)
    assert np.median(local_hours(stays["end"])) == pytest.approx(21.7, abs=0.3)


def test_work_and_shops_are_drawn_to_few_places(week):
    trips = week["truth_trips"]
    for activity, least in (("work", 0.5), ("shopping", 0.45)):
        mine = trips.filter(pc.equal(trips["activity"], activity))
        counts = sorted((row["counts"] for row in mine["destination_zone"].value_counts().to_pylist()), reverse=True)
        assert sum(counts[:3]) / sum(counts) > least


def test_the_odds_of_two_shops_follow_the_law_of_gravity():
    place = movement.world(seed=1, residents=40_000).place
    shop = venues.lay(1, place.land)["shop"]
    chance = np.diff(shop.reach, prepend=0.0, axis=1)[: place.land.zones]
    away = np.hypot(place.land.x[:, None] - shop.x, place.land.y[:, None] - shop.y)[: place.land.zones]
    odds, further = np.log(chance[:, 0] / chance[:, 9]), away[:, 0] - away[:, 9]
    slope, _ = np.polyfit(further, odds, 1)
    assert slope == pytest.approx(-venues.BETA["shop"], abs=1e-6)


def test_trains_run_only_along_the_corridor_and_faster_than_a_bus(week):
    trips = week["truth_trips"]
    hours = (seconds(trips["arrived"]) - seconds(trips["departed"])) / 3600
    km, mode = trips["km"].to_numpy(), np.array(trips["mode"].to_pylist())
    rail, bus = mode == "rail", mode == "bus"
    assert rail.sum() > 50
    assert np.median(km[rail] / hours[rail]) > 1.2 * np.median(km[bus & (km > 6)] / hours[bus & (km > 6)])
    kinds = dict(zip(week["zones"]["zone_id"].to_pylist(), week["zones"]["kind"].to_pylist()))
    ends = {
        kinds.get(code, "outside")
        for name in ("origin_zone", "destination_zone")
        for code in trips.filter(pa.array(rail))[name].to_pylist()
    }
    assert {"dormitory", "town centre"} < ends
    assert (hours[mode == "walk"] < 1.0).all()


def test_who_takes_a_car_out_brings_it_home(week):
    """Who left by train has no car where the train arrives (who never had one may be taken along)."""
    has_car = week["residents"]["car_access"].to_numpy(zero_copy_only=False)
    trips = week["truth_trips"].filter(pc.less(week["truth_trips"]["traveller_id"], 3_000))
    trips = trips.sort_by([("traveller_id", "ascending"), ("departed", "ascending")])
    who, mode = trips["traveller_id"].to_numpy(), np.array(trips["mode"].to_pylist())
    to_home = np.array(trips["activity"].to_pylist()) == "home"
    after_train = (mode[:-1] == "rail") & (who[1:] == who[:-1]) & ~to_home[:-1]
    after_train &= has_car[who[:-1]]
    assert after_train.sum() > 20
    assert (mode[1:][after_train] != "car").all()
