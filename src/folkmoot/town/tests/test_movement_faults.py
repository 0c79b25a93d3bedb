"""Every fault is planted, with the truth of which rows and which code, and nothing else is touched."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from folkmoot.town import movement

KM = 111.32


@pytest.fixture(scope="module")
def made() -> movement.Movement:
    return movement.build(seed=1, residents=3_000, days=2)


@pytest.fixture(scope="module")
def bad(made) -> movement.Faulty:
    return movement.faults(made, rate=0.02, seed=3)


def rows(bad, fault, table="events"):
    which = bad.truth.filter(pc.equal(bad.truth["fault"], fault))["row"].combine_chunks()
    return getattr(bad, table).take(which)


def test_every_kind_of_fault_is_there_with_its_code(bad):
    found = {(r["fault"], r["stage"], r["code"], r["error"]) for r in bad.truth.to_pylist()}
    assert found == {(fault, *what) for fault, what in movement.FAULTS.items()}


def test_about_as_many_rows_are_bad_as_asked_for(bad):
    assert len(bad.truth) / len(bad.events) == pytest.approx(0.02, rel=0.25)
    assert len(set(bad.truth["row"].to_pylist())) == len(bad.truth)


def test_the_same_seed_plants_the_same_faults(made, bad):
    again = movement.faults(made, rate=0.02, seed=3)
    assert again.events.equals(bad.events)
    assert again.text.equals(bad.text)
    assert not movement.faults(made, rate=0.02, seed=4).truth.equals(bad.truth)


@pytest.mark.parametrize(
    ("fault", "column"),
    [("no user", "user_id"), ("no time", "timestamp"), ("no cell", "cell_id"), ("no network", "mcc")],
)
def test_a_field_that_is_missing_is_missing_only_there(bad, fault, column):
    missing = rows(bad, fault)
    assert missing[column].null_count == len(missing)
    expected = len(missing) + (len(rows(bad, "time that cannot be read")) if column == "timestamp" else 0)
    assert bad.events[column].null_count == expected


def test_a_time_that_cannot_be_read_is_text_that_is_no_instant(bad):
    text = rows(bad, "time that cannot be read", "text")["timestamp"].to_pylist()
    assert len(set(text)) > 2
    for each in set(text):
        with pytest.raises(pa.ArrowInvalid):
            pa.scalar(each).cast(pa.timestamp("us", "UTC"))


def test_times_out_of_the_period_are_before_and_after_it(made, bad):
    start, end = pc.min(made["events"]["timestamp"]).as_py(), pc.max(made["events"]["timestamp"]).as_py()
    assert pc.max(rows(bad, "before the period")["timestamp"]).as_py() < start
    assert pc.min(rows(bad, "after the period")["timestamp"]).as_py() > end


def test_a_duplicate_follows_its_original(bad):
    where = bad.truth.filter(pc.equal(bad.truth["fault"], "duplicate"))["row"].to_numpy()
    assert bad.events.take(pa.array(where)).equals(bad.events.take(pa.array(where - 1)))


def test_one_instant_two_cells_are_both_told(bad):
    two = rows(bad, "two cells at one instant")
    grouped = two.group_by(["user_id", "timestamp"]).aggregate([("cell_id", "count_distinct"), ([], "count_all")])
    assert set(grouped["cell_id_count_distinct"].to_pylist()) == {2}
    assert set(grouped["count_all"].to_pylist()) == {2}


def test_unknown_cells_are_in_no_list_and_gone_cells_were_there_before(made, bad):
    cells = made["cells"].to_pylist()
    assert not set(rows(bad, "unknown cell")["cell_id"].to_pylist()) & {r["cell_id"] for r in cells}
    ended = {r["cell_id"]: r["valid_date_end"] for r in cells if r["valid_date_end"]}
    for row in rows(bad, "cell not valid that day").to_pylist():
        assert row["timestamp"].date() > ended[row["cell_id"]] or row["timestamp"].date() == date(2026, 3, 3)


def test_jumps_are_further_and_faster_than_anything_can_go(made, bad):
    cells = {
        r["cell_id"]: (r["longitude"] * KM * np.cos(np.radians(53.05)), r["latitude"] * KM)
        for r in made["cells"].to_pylist()
    }
    of_device: dict[bytes, list[tuple[object, int]]] = {}
    for number, row in enumerate(bad.events.to_pylist()):
        if row["user_id"] and row["timestamp"] and row["cell_id"] in cells:
            of_device.setdefault(row["user_id"], []).append((row["timestamp"], number, cells[row["cell_id"]]))
    label = dict(zip(bad.truth["row"].to_pylist(), bad.truth["fault"].to_pylist()))
    found = 0
    for seen in of_device.values():
        seen.sort()
        for i, (at, number, here) in enumerate(seen):
            if label.get(number) == "impossible jump":
                found += 1
                for other in (seen[i - 1], seen[i + 1]):
                    km = np.hypot(here[0] - other[2][0], here[1] - other[2][1])
                    assert km > 10
                    assert 1000 * km / abs((at - other[0]).total_seconds()) > 55
    assert found == len(rows(bad, "impossible jump")) > 20


def key(table):
    return set(
        zip(table["user_id"].to_pylist(), table["timestamp"].cast(pa.int64()).to_pylist(), table["cell_id"].to_pylist())
    )


def test_rows_without_a_label_are_the_events_that_were_built(made, bad):
    sound = np.ones(len(bad.events), dtype=bool)
    sound[bad.truth["row"].to_numpy()] = False
    kept = bad.events.filter(pa.array(sound))
    assert key(kept) <= key(made["events"])
    assert len(key(kept)) == len(kept)


def test_text_says_what_the_types_say(bad):
    assert bad.text["mcc"].cast(pa.int32()).equals(bad.events["mcc"])
    read = ~np.isin(
        np.arange(len(bad.text)),
        bad.truth.filter(pc.equal(bad.truth["fault"], "time that cannot be read"))["row"].to_numpy(),
    )
    there = bad.text.filter(pa.array(read))["timestamp"]
    assert there.cast(pa.timestamp("us", "UTC")).equals(bad.events.filter(pa.array(read))["timestamp"])


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_a_rate_that_makes_no_sense_is_refused(made, rate):
    with pytest.raises(ValueError, match="at most"):
        movement.faults(made, rate=rate)
