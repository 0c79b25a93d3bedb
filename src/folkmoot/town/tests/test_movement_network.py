"""What the network sees agrees with where people are, and has the faults that such data have."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from folkmoot.town import movement
from folkmoot.town.movement import network

LONDON = ZoneInfo("Europe/London")
KM = 111.32


def seconds(instants: pa.ChunkedArray) -> np.ndarray:
    return instants.cast(pa.int64()).to_numpy() / 1e6


@pytest.fixture(scope="module")
def made() -> movement.Movement:
    # The period runs over the end of a month, so that pseudonyms change, and over the day on which cells change.
    return movement.build(seed=6, residents=4_000, days=4, first_day=date(2026, 4, 28))


@pytest.fixture(scope="module")
def events(made) -> dict[str, np.ndarray]:
    """Every event with its traveller, kind of device and the place of its cell."""
    table, devices, cells = made["events"], made["truth_devices"], made["cells"]
    row = pc.index_in(table["user_id"].combine_chunks(), devices["user_id"].combine_chunks()).to_numpy()
    cell = pc.index_in(table["cell_id"].combine_chunks(), cells["cell_id"].combine_chunks()).to_numpy()
    return {
        "row": row,
        "traveller": devices["traveller_id"].to_numpy()[row],
        "kind": np.array(devices["kind"].to_pylist())[row],
        "at": seconds(table["timestamp"]),
        "cell": cell,
        "lon": cells["longitude"].to_numpy()[cell],
        "lat": cells["latitude"].to_numpy()[cell],
    }


def km_between(lon, lat, other_lon, other_lat) -> np.ndarray:
    return np.hypot((lon - other_lon) * KM * np.cos(np.radians(53.05)), (lat - other_lat) * KM)


def test_every_event_is_of_a_known_device_and_a_known_cell(made):
    assert pc.all(pc.is_in(made["events"]["user_id"], made["truth_devices"]["user_id"].combine_chunks())).as_py()
    assert pc.all(pc.is_in(made["events"]["cell_id"], made["cells"]["cell_id"].combine_chunks())).as_py()


def test_every_cell_an_event_names_was_there_on_that_local_day(made, events):
    changed = date(2026, 4, 30)
    midnight = datetime(2026, 4, 30, tzinfo=LONDON).timestamp()
    names = np.array(made["events"]["cell_id"].to_pylist())
    rows = made["cells"].to_pylist()
    after = {r["cell_id"] for r in rows if r["valid_date_end"] is None}
    before = {r["cell_id"] for r in rows if r["valid_date_start"] < changed}
    assert set(names[events["at"] < midnight]) <= before
    assert set(names[events["at"] >= midnight]) <= after
    assert set(names[events["at"] < midnight]) - after
    assert set(names[events["at"] >= midnight]) - before


def test_a_cell_was_renamed_one_moved_one_closed_and_one_opened(made):
    rows = made["cells"].to_pylist()
    ended = [r for r in rows if r["valid_date_end"] == date(2026, 4, 29)]
    begun = [r for r in rows if r["valid_date_start"] == date(2026, 4, 30)]
    assert len(ended) == len(begun) == 3
    moved = {r["cell_id"] for r in ended} & {r["cell_id"] for r in begun}
    assert len(moved) == 1
    there = {(r["longitude"], r["latitude"]) for r in ended if r["cell_id"] not in moved}
    assert len([r for r in begun if (r["longitude"], r["latitude"]) in there and r["cell_id"] not in moved]) == 1


def test_cells_have_sectors_beams_and_small_ones_stand_in_the_centre(made):
    cells = made["cells"]
    macro = np.array(cells["cell_type"].to_pylist()) == "macrocell"
    assert (cells["horizontal_beam_width"].to_numpy()[macro] == 65).all()
    assert cells["azimuth_angle"].filter(pa.array(~macro)).null_count == (~macro).sum()
    away = km_between(cells["longitude"].to_numpy(), cells["latitude"].to_numpy(), -0.55, 53.05)
    assert np.median(away[~macro]) < 0.6 * np.median(away[macro])


def test_at_night_a_phone_is_seen_near_its_home_and_mostly_by_its_usual_cell(made, events):
    homes, residents = made["truth_homes"], made["residents"]
    night = datetime(2026, 4, 29, 1, tzinfo=LONDON).timestamp()
    asleep = (events["at"] > night) & (events["at"] < night + 4 * 3600) & (events["traveller"] < 4_000)
    asleep &= events["kind"] != "night worker"
    who = events["traveller"][asleep]
    lon, lat = residents["longitude"].to_numpy()[who], residents["latitude"].to_numpy()[who]
    away = km_between(events["lon"][asleep], events["lat"][asleep], lon, lat)
    assert np.median(away) < 1.2
    assert np.quantile(away, 0.99) < 5.0
    usual = dict(zip(homes["traveller_id"].to_pylist(), homes["home_cell"].to_pylist()))
    names = np.array(made["cells"]["cell_id"].to_pylist())[events["cell"][asleep]]
    match = np.mean([usual[each] == name for each, name in zip(who.tolist(), names)])
    assert 0.7 < match < 0.97


def test_a_device_in_a_stay_is_seen_at_cells_near_the_zone_of_that_stay(made, events):
    """Every stay of the truth against the events within it, by zone middles."""
    stays, zones = made["truth_stays"], made["zones"]
    away_from_home = stays.filter(pc.and_(pc.not_equal(stays["activity"], "home"), stays["zone_id"].is_valid()))
    away_from_home = away_from_home.sort_by([("traveller_id", "ascending"), ("start", "ascending")])
    order = np.lexsort((events["at"], events["traveller"]))
    key = events["traveller"][order] * 1e10 + events["at"][order]
    who = away_from_home["traveller_id"].to_numpy() * 1e10
    first = np.searchsorted(key, who + seconds(away_from_home["start"]))
    last = np.searchsorted(key, who + seconds(away_from_home["end"]))
    span = np.repeat(np.arange(len(first)), last - first)
    row = order[np.concatenate([np.arange(a, b) for a, b in zip(first, last)])]
    place = pc.index_in(away_from_home["zone_id"].combine_chunks(), zones["zone_id"].combine_chunks()).to_numpy()[span]
    away = km_between(
        events["lon"][row], events["lat"][row], zones["lon"].to_numpy()[place], zones["lat"].to_numpy()[place]
    )
    assert len(away) > 20_000
    assert np.median(away) < 1.3
    assert np.quantile(away, 0.98) < 5.0


def test_phones_that_lie_still_change_between_neighbouring_cells(events):
    still = (
        np.isin(events["kind"], ["retired", "at home", "full-time worker"])
        & (events["at"] % 86_400 > 0)
        & (events["at"] % 86_400 < 4 * 3600)
    )
    order = np.lexsort((events["at"][still], events["row"][still]))
    row, cell = events["row"][still][order], events["cell"][still][order]
    same = row[1:] == row[:-1]
    changes = (cell[1:] != cell[:-1])[same].mean()
    assert 0.05 < changes < 0.5
    back = (cell[2:] == cell[:-2]) & (cell[1:-1] != cell[:-2]) & same[1:] & same[:-1]
    assert back.sum() > 50


def test_no_device_jumps_further_than_ten_kilometres_faster_than_fifty_five_metres_a_second(made, events):
    cells = made["cells"]
    twice = {row["values"] for row in cells["cell_id"].value_counts().to_pylist() if row["counts"] > 1}
    kept = ~np.isin(np.array(cells["cell_id"].to_pylist())[events["cell"]], list(twice))
    order = np.lexsort((events["at"][kept], events["row"][kept]))
    row, at, lon, lat = (events[name][kept][order] for name in ("row", "at", "lon", "lat"))
    same = row[1:] == row[:-1]
    metres = 1000 * km_between(lon[1:], lat[1:], lon[:-1], lat[:-1])[same]
    gap = np.maximum(np.diff(at)[same], 1e-6)
    assert ((metres > 10_000) & (metres / gap > 55)).sum() == 0


def test_trains_are_seen_by_cells_along_the_line_one_after_another(made, events):
    trips = made["truth_trips"].filter(pc.equal(made["truth_trips"]["mode"], "rail"))
    zone = dict(zip(made["zones"]["zone_id"].to_pylist(), made["zones"]["kind"].to_pylist()))
    order = np.lexsort((events["at"], events["traveller"]))
    key = events["traveller"][order] * 1e10 + events["at"][order]
    seen = 0
    for trip in trips.to_pylist():
        if zone.get(trip["origin_zone"]) != "dormitory" or zone.get(trip["destination_zone"]) != "town centre":
            continue
        first, last = np.searchsorted(
            key, trip["traveller_id"] * 1e10 + np.array([trip["departed"].timestamp(), trip["arrived"].timestamp()])
        )
        lon = events["lon"][order[first:last]]
        if len(lon) >= 3:
            seen += 1
            # Westward but for the noise of which cell serves.
            assert lon[0] - lon[-1] > -0.03
            assert (np.diff(lon) < 0.08).all()
    assert seen >= 10


def test_some_hours_have_no_events_for_phones_are_off_or_out_of_coverage(made, events):
    place = movement.world(seed=6, residents=4_000, days=4, first_day=date(2026, 4, 28)).place
    cells = movement.world(seed=6, residents=4_000).cells
    cover = network.coverage(6, place.land, cells, cells.valid(date(2026, 3, 2)))
    town = np.hypot(*np.meshgrid(np.linspace(-3, 3, 50), np.linspace(-3, 3, 50))) < 3.5
    x, y = (axis[town] for axis in np.meshgrid(np.linspace(-3, 3, 50), np.linspace(-3, 3, 50)))
    covered = cover.covered[cover.pixel(x, y)]
    assert 0.95 < covered.mean() < 1.0
    devices = made["truth_devices"]
    assert len(np.unique(events["row"])) < len(devices)


def test_late_events_are_few_of_the_period_and_not_among_the_others(made):
    late, events = made["late"], made["events"]
    assert 0.001 < len(late) / len(events) < 0.006
    keys = {(a, b) for a, b in zip(late["user_id"].to_pylist(), late["timestamp"].cast(pa.int64()).to_pylist())}
    there = zip(events["user_id"].to_pylist(), events["timestamp"].cast(pa.int64()).to_pylist())
    assert not keys & set(there)


def test_a_few_events_come_twice(made):
    events = made["events"]
    counted = events.group_by(["user_id", "timestamp", "cell_id"]).aggregate([([], "count_all")])
    twice = pc.sum(pc.equal(counted["count_all"], 2)).as_py()
    assert 0.0003 < twice / len(events) < 0.002
    assert pc.max(counted["count_all"]).as_py() == 2


def test_a_device_is_seen_some_forty_times_a_day(events):
    phones = ~np.isin(
        events["kind"], ["meter", "heavy goods vehicle", "away supporter", "visitor", "commuter from outside"]
    )
    per_day = phones.sum() / 4 / (len(np.unique(events["traveller"][phones])))
    assert 30 < per_day < 50
