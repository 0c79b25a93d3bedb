"""The same arguments give the same bytes however they are cut, and every table is what it says."""

import hashlib
import subprocess
import sys
import tracemalloc
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from folkmoot import town
from folkmoot.town import movement
from folkmoot.town.building import ipc_bytes
from folkmoot.town.movement import building

TWO_DAYS = {"seed": 4, "residents": 3_000, "days": 2, "first_day": date(2026, 3, 31)}


@pytest.fixture(scope="module")
def made() -> movement.Movement:
    return movement.build(**TWO_DAYS)


def test_the_same_arguments_give_the_same_bytes_in_another_process(made):
    script = (
        "from datetime import date; from folkmoot.town import movement\n"
        "print(movement.build(seed=4, residents=3_000, days=2, first_day=date(2026, 3, 31)).digest())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == made.digest(), done.stderr


def test_another_seed_gives_another_place(made):
    assert movement.build(**TWO_DAYS | {"seed": 5}).digest() != made.digest()


@pytest.mark.parametrize("rows", [997, 20_000, 10_000_000])
def test_however_the_stream_is_cut_its_bytes_are_those_of_the_tables(made, rows):
    batches = list(movement.stream(movement.world(**TWO_DAYS), batch_rows=rows))
    assert max(len(each.events) for each in batches) <= rows
    for name, parts in (
        ("events", [each.events for each in batches]),
        ("late", [each.late for each in batches]),
        ("truth_stays", [each.stays for each in batches]),
        ("truth_trips", [each.trips for each in batches]),
    ):
        whole = pa.concat_tables(parts).combine_chunks()
        assert hashlib.sha256(ipc_bytes(whole)).digest() == hashlib.sha256(ipc_bytes(made[name])).digest()


def test_a_smaller_block_size_would_be_another_town_so_it_is_no_argument(made, monkeypatch):
    # The block is part of what is drawn: this is why batches, not blocks, are what a caller chooses.
    monkeypatch.setattr(building, "BLOCK", 1_000)
    assert movement.build(**TWO_DAYS).digest() != made.digest()


def test_a_longer_period_begins_with_the_same_first_day(made):
    longer = movement.build(**TWO_DAYS | {"days": 3})
    night = pa.scalar(datetime(2026, 3, 31, 22, tzinfo=UTC), pa.timestamp("us", "UTC"))
    first, again = (pc.less(each["truth_trips"]["departed"], night) for each in (made, longer))
    assert made["truth_trips"].filter(first).equals(longer["truth_trips"].filter(again))


def test_the_town_of_build_is_what_it_was_and_has_no_movement():
    assert not set(town.build(seed=1, scale="test").tables) & {"events", "truth_stays", "ways", "cells"}


def test_events_come_in_order_of_arrival_not_of_device(made):
    events = made["events"]
    user = events["user_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    assert (np.diff(user) != 0).mean() > 0.9
    second = events["timestamp"].cast(pa.int64()).to_numpy()
    # Within each block of a day in order of time: it falls back only where a block begins.
    assert (np.diff(second) < 0).sum() < 2 * len(movement.world(**TWO_DAYS).blocks)


def test_events_have_the_columns_and_types_of_the_contract(made):
    assert made["events"].schema.equals(made["late"].schema)
    assert str(made["events"].schema.field("timestamp").type) == "timestamp[us, tz=UTC]"
    assert made["events"]["user_id"].null_count == 0
    assert set(pc.binary_length(made["events"]["user_id"]).to_pylist()) == {16}
    fraction = made["events"]["timestamp"].cast(pa.int64()).to_numpy() % 1_000_000
    assert (fraction == 0).mean() < 0.001


def test_events_lie_within_the_period_of_local_days(made):
    start, end = movement.world(**TWO_DAYS).period
    at = made["events"]["timestamp"].cast(pa.int64()).to_numpy() / 1e6
    assert start <= at.min() < start + 120
    assert end - 120 < at.max() < end


def test_zones_grow_with_residents_and_have_the_places_that_draw_people():
    kinds = {"town centre", "station", "retail park", "industrial estate", "university", "hospital", "stadium"}
    counts = []
    for residents in (3_000, 20_000, 100_000):
        zones = movement.world(residents=residents).tables["zones"]
        assert kinds < set(zones["kind"].to_pylist())
        assert zones["zone_id"].to_pylist() == sorted(set(zones["zone_id"].to_pylist()))
        counts.append(len(zones))
    assert counts[0] < counts[1] < counts[2]
    assert counts[2] == pytest.approx(100_000 / 1_700, rel=0.25)


def test_zones_do_not_overlap_and_hold_their_own_residents(made):
    from shapely import from_wkb, points, union_all

    polygons = from_wkb(made["zones"]["wkb"].to_pylist())
    assert sum(p.area for p in polygons) == pytest.approx(union_all(polygons).area)
    people = made["residents"]
    at = points(people["longitude"].to_numpy(), people["latitude"].to_numpy())
    zone = dict(zip(made["zones"]["zone_id"].to_pylist(), polygons))
    inside = [zone[code].buffer(1e-5).contains(point) for code, point in zip(people["zone_id"].to_pylist(), at)]
    assert all(inside)


def test_population_counts_every_resident_by_zone_age_and_sex(made):
    counted = made["residents"].group_by(["zone_id", "age_band", "sex"]).aggregate([([], "count_all")])
    want = {(row["zone_id"], row["age_band"], row["sex"]): row["count_all"] for row in counted.to_pylist()}
    rows = made["population"].to_pylist()
    assert {(r["zone_id"], r["age_band"], r["sex"]): r["people"] for r in rows if r["people"]} == want
    assert len(rows) == len(made["zones"]) * 7 * 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"residents": 100}, "ask for 500 or more"),
        ({"residents": 3_000_000}, "stream"),
        ({"days": 0}, "one or more"),
        ({"share": 1.0}, "between 0 and 1"),
        ({"residents": 3_000, "share": 0.99}, "ask for at most"),
    ],
)
def test_what_cannot_be_built_is_refused_in_a_sentence(wrong, words):
    with pytest.raises(ValueError, match=words):
        movement.build(**wrong)


def test_a_day_more_costs_no_more_memory():
    """What stays in memory while a place is streamed does not grow with how long it is."""
    peaks = []
    # Both periods have a day on which cells change, for which what serves where is worked out again.
    for days in (2, 5):
        made = movement.world(residents=3_000, days=days)
        tracemalloc.start()
        rows = sum(len(each.events) for each in movement.stream(made, batch_rows=10_000))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert rows > 200_000
    assert peaks[1] < 1.1 * peaks[0]
    assert peaks[1] < 120 * rows


def test_a_batch_of_no_rows_is_refused():
    with pytest.raises(ValueError, match="one or more"):
        next(movement.stream(movement.world(residents=3_000), batch_rows=0))


def test_every_public_name_is_there_and_no_other():
    for name in movement.__all__:
        assert getattr(movement, name)
    with pytest.raises(AttributeError):
        _ = movement.nothing
