"""Every bad event gets its code and is kept aside; what is odd but true is kept and said. Nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from folkmoot.cli.mobility_check import check as command
from folkmoot.engines.mobility import quality, where
from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.schema import SemanticError, SyntacticError
from folkmoot.store.movement import parquet, session

DAY = date(2026, 3, 2)
START = datetime(2026, 3, 2, tzinfo=UTC)
# Two masts 1.4 km apart in Bristol, one in Bath (17 km away), one in London (170 km away).
CELLS = {
    "cell_id": ["HERE", "NEAR", "BATH", "FAR"],
    "latitude": [51.45, 51.45, 51.38, 51.51],
    "longitude": [-2.60, -2.58, -2.36, -0.13],
}
type Row = dict[str, Any]


@pytest.fixture(scope="module")
def backend() -> Iterator[Any]:
    with session() as opened:
        yield opened


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def event(user: Any, hours: float, cell: str | None = "HERE", **more: Any) -> Row:
    return {"user_id": user, "timestamp": at(hours), "cell_id": cell, **more}


def table(rows: list[Row], **types: pa.DataType) -> pa.Table:
    kinds = {"timestamp": pa.timestamp("us", "UTC"), "user_id": pa.string(), "cell_id": pa.string(), **types}
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: pa.array([row.get(name) for row in rows], kinds.get(name)) for name in names}
    return pa.table({**columns, "row": pa.array(range(len(rows)))})


def cells(**more: list[Any]) -> where.Cells:
    return where.cells.of({**CELLS, **more})


def verdicts(backend: Any, rows: list[Row] | pa.Table, given: where.Cells | None = None, **asked: Any) -> list[Any]:
    """The stage's code of every row, 0 where it was accepted; fails if a row is in neither half or in both."""
    held = rows if isinstance(rows, pa.Table) else table(rows)
    checked = quality.check(backend.create_table("events", held, overwrite=True), given, **asked)
    found: list[Any] = [None] * len(held)
    for row in checked.accepted.to_pyarrow().to_pylist():
        assert found[row["row"]] is None
        found[row["row"]] = 0
    for row in checked.rejected.to_pyarrow().to_pylist():
        assert found[row["row"]] is None
        assert row["reason"]
        kind = SyntacticError if row["stage"] == "syntactic" else SemanticError
        found[row["row"]] = kind(row["error"]).name
    assert None not in found, "an event was lost"
    return found


def report(backend: Any, rows: list[Row] | pa.Table, given: where.Cells | None = None, **asked: Any) -> quality.Report:
    held = rows if isinstance(rows, pa.Table) else table(rows)
    checked = quality.check(backend.create_table("events", held, overwrite=True), given)
    stored = checked.stored(backend.create_table("tagged", checked.tagged.to_pyarrow(), overwrite=True))
    return quality.report(stored, read=len(held), cells=given, **asked)


# An event by itself.


def test_an_event_without_user_or_time_or_place_is_set_aside(backend: Any) -> None:
    rows = [event(None, 8), event("", 8), {**event("a", 8), "timestamp": None}, event("a", 8, None), event("a", 8, "")]
    assert verdicts(backend, rows) == ["NULL_VALUE"] * 3 + ["NO_LOCATION_INFO"] * 2


def test_a_user_or_cell_of_control_characters_or_blanks_cannot_be_parsed(backend: Any) -> None:
    rows = [event("a\x00b", 8), event("  ", 8), event("a", 8, "HE\nRE"), event("a", 9, " HERE")]
    assert verdicts(backend, rows) == ["CANNOT_PARSE"] * 4


def test_a_pseudonym_of_bytes_is_taken_and_an_empty_one_is_not(backend: Any) -> None:
    held = table([event(b"\x01\x02", 8), event(b"", 8)], user_id=pa.binary())
    assert verdicts(backend, held, cells()) == [0, "NULL_VALUE"]


@pytest.mark.parametrize(
    "text", ["late", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "08:30", "02/03/2026 08:30", "1772438400"]
)
def test_a_time_that_cannot_be_read_is_kept_as_it_was_read(backend: Any, text: str) -> None:
    held = table([{**event("a", 8), "timestamp": text}], timestamp=pa.string())
    assert verdicts(backend, held) == ["CANNOT_PARSE"]
    rejected = quality.check(backend.table("events")).rejected.to_pyarrow().to_pylist()
    assert rejected[0]["timestamp_as_read"] == text


def test_times_as_text_are_read_with_their_offset_and_without_one_are_utc(backend: Any) -> None:
    texts = ["2026-03-02T08:00:00Z", "2026-03-02 08:00:00", "2026-03-02T09:00:00+01:00", "2026-03-02T08:00:00.250Z"]
    held = table([{**event(user, 8), "timestamp": text} for user, text in zip("abcd", texts)], timestamp=pa.string())
    assert verdicts(backend, held) == [0, 0, 0, 0]
    read = quality.check(backend.table("events")).accepted.order_by("row").to_pyarrow()["timestamp"].to_pylist()
    assert read == [at(8), at(8), at(8), at(8) + timedelta(milliseconds=250)]


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.date32()])
def test_a_time_of_an_unsupported_type_is_said_and_not_guessed(backend: Any, kind: pa.DataType) -> None:
    value = DAY if kind == pa.date32() else 1_772_438_400
    held = table([{**event("a", 8), "timestamp": value}], timestamp=kind)
    assert verdicts(backend, held) == ["UNSUPPORTED_TYPE"]


def test_an_event_outside_the_period_is_out_of_range_by_the_local_day(backend: Any) -> None:
    summer = datetime(2026, 7, 1, 22, 59, tzinfo=UTC)  # 23:59 in Britain
    rows = [{**event(user, 0), "timestamp": summer + timedelta(minutes=2 * k)} for k, user in enumerate("ab")]
    day = date(2026, 7, 1)
    assert verdicts(backend, rows, period=(day, day)) == [0, "OUT_OF_RANGE"]


def test_a_period_that_ends_before_it_starts_is_refused(backend: Any) -> None:
    with pytest.raises(MobilityError, match="before it starts"):
        verdicts(backend, [event("a", 8)], period=(DAY, DAY - timedelta(days=1)))


def test_coordinates_off_the_earth_or_not_numbers_are_set_aside(backend: Any) -> None:
    rows = [
        {"user_id": "a", "timestamp": at(8), "latitude": lat, "longitude": lon}
        for lat, lon in [("51.4", "-2.6"), ("91", "-2.6"), ("51.4", "181"), ("x", "-2.6"), ("51.4", None), ("nan", "0")]
    ]
    held = table(rows, latitude=pa.string(), longitude=pa.string())
    expected = [0, "OUT_OF_RANGE", "OUT_OF_RANGE", "CANNOT_PARSE", "NO_LOCATION_INFO", "CANNOT_PARSE"]
    assert verdicts(backend, held) == expected


def test_a_position_that_is_not_a_number_is_out_of_range(backend: Any) -> None:
    rows = [{"user_id": "a", "timestamp": at(8), "latitude": float("nan"), "longitude": -2.6}]
    assert verdicts(backend, rows) == ["OUT_OF_RANGE"]


def test_an_event_without_network_is_set_aside_only_when_networks_are_asked_for(backend: Any) -> None:
    rows = [event("a", 8, mcc="234", mnc="10"), event("a", 9, mcc=None, mnc=None)]
    assert verdicts(backend, rows) == [0, 0]
    assert verdicts(backend, rows, network=True) == [0, "NO_MNO_INFO"]


def test_the_same_event_twice_is_kept_once(backend: Any) -> None:
    rows = [event("a", 8), event("a", 8), event("a", 8), event("b", 8)]
    found = verdicts(backend, rows, cells())
    assert sorted(map(str, found[:3])) == ["0", "DUPLICATED", "DUPLICATED"]
    assert found[3] == 0


def test_of_two_positions_of_one_event_the_surer_is_kept(backend: Any) -> None:
    rows = [event("a", 8, loc_error=500.0), event("a", 8, loc_error=20.0)]
    assert verdicts(backend, rows) == ["DUPLICATED", 0]


def test_a_file_without_a_needed_column_is_refused_by_name(backend: Any) -> None:
    with pytest.raises(MobilityError, match="no column timestamp"):
        verdicts(backend, pa.table({"user_id": ["a"], "cell_id": ["HERE"], "row": [0]}))
    with pytest.raises(MobilityError, match="no cell_id, and no latitude"):
        verdicts(backend, table([{"user_id": "a", "timestamp": at(8)}]))


# An event beside the cells and the device's other events.


def test_one_instant_at_two_cells_is_at_neither(backend: Any) -> None:
    rows = [event("a", 8), event("a", 8, "NEAR"), event("a", 8, "NEAR"), event("a", 9), event("b", 8)]
    found = verdicts(backend, rows, cells())
    assert found[0] == "DIFFERENT_LOCATION_DUPLICATE"
    assert sorted(found[1:3]) == ["DIFFERENT_LOCATION_DUPLICATE", "DUPLICATED"]
    assert found[3:] == [0, 0]


def test_two_events_within_one_second_are_two_instants(backend: Any) -> None:
    rows = [event("a", 8), {**event("a", 8, "NEAR"), "timestamp": at(8) + timedelta(milliseconds=300)}]
    assert verdicts(backend, rows, cells()) == [0, 0]


def test_a_cell_that_is_not_in_the_list_does_not_exist(backend: Any) -> None:
    assert verdicts(backend, [event("a", 8), event("a", 9, "GONE")], cells()) == [0, "CELL_ID_NON_EXISTENT"]


def test_an_unknown_cell_does_not_make_its_known_twin_wrong(backend: Any) -> None:
    rows = [event("a", 8), event("a", 8, "GONE")]
    assert verdicts(backend, rows, cells()) == [0, "CELL_ID_NON_EXISTENT"]


def test_a_cell_is_valid_on_its_own_local_days_only(backend: Any) -> None:
    given = cells(valid_date_start=[None, "2026-07-02", None, None], valid_date_end=[None] * 4)
    eve = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # 23:30 on the first, in Britain
    rows = [{**event("a", 0, "NEAR"), "timestamp": eve + timedelta(hours=k)} for k in range(2)]
    assert verdicts(backend, rows, given) == ["CELL_ID_NOT_VALID", 0]


def test_an_impossible_jump_there_and_back_is_one_wrong_place(backend: Any) -> None:
    rows = [event("a", 8), event("a", 8.01, "FAR"), event("a", 8.02), event("a", 8.03)]
    assert verdicts(backend, rows, cells()) == [0, "INCORRECT_EVENT_LOCATION", 0, 0]


def test_both_ends_of_a_jump_that_is_not_undone_are_suspicious(backend: Any) -> None:
    rows = [event("a", 7), event("a", 8), event("a", 8.01, "FAR"), event("a", 9, "FAR")]
    assert verdicts(backend, rows, cells()) == [0, "SUSPICIOUS_EVENT_LOCATION", "SUSPICIOUS_EVENT_LOCATION", 0]


def test_a_train_is_not_a_jump(backend: Any) -> None:
    # 170 km in 1 h 20 min; and 17 km in 6 minutes is 47 m/s, below the limit of 55.
    assert verdicts(backend, [event("a", 8), event("a", 9.34, "FAR")], cells()) == [0, 0]
    assert verdicts(backend, [event("a", 8), event("a", 8.1, "BATH")], cells()) == [0, 0]
    found = verdicts(backend, [event("a", 8), event("a", 8.05, "BATH")], cells())
    assert found == ["SUSPICIOUS_EVENT_LOCATION"] * 2


def test_a_jump_is_seen_across_events_that_are_rejected(backend: Any) -> None:
    rows = [event("a", 8), event("a", 8.005, "GONE"), event("a", 8.01, "FAR")]
    found = verdicts(backend, rows, cells())
    assert found == ["SUSPICIOUS_EVENT_LOCATION", "CELL_ID_NON_EXISTENT", "SUSPICIOUS_EVENT_LOCATION"]


def test_the_jump_of_one_device_says_nothing_of_another(backend: Any) -> None:
    rows = [event("a", 8), event("b", 8.001, "FAR"), event("a", 8.002), event("b", 8.003, "FAR")]
    assert verdicts(backend, rows, cells()) == [0, 0, 0, 0]


def test_ping_pong_between_near_masts_is_kept_for_stays_to_settle(backend: Any) -> None:
    rows = [event("a", 8 + k / 720, "HERE" if k % 2 else "NEAR") for k in range(20)]
    assert verdicts(backend, rows, cells()) == [0] * 20


def test_a_sim_swap_is_two_devices_and_nothing_is_lost(backend: Any) -> None:
    rows = [event("old", 8 + k / 10) for k in range(5)] + [event("new", 12 + k / 10) for k in range(5)]
    found = report(backend, rows, cells())
    assert (found.accepted, found.devices) == (10, 2)


def test_two_sims_of_one_pseudonym_far_apart_are_at_neither_place(backend: Any) -> None:
    rows = [event("a", 8), event("a", 8, "FAR"), event("a", 9), event("a", 9, "FAR")]
    assert verdicts(backend, rows, cells()) == ["DIFFERENT_LOCATION_DUPLICATE"] * 4


# What is odd but true: kept, and said.


def test_a_machine_is_flagged_and_kept(backend: Any) -> None:
    meter = [event("meter", k / 4) for k in range(90)]
    phone = [event("phone", k / 4 + (k * k % 7) / 40) for k in range(90)]
    walker = [event("walker", k / 4, "HERE" if k % 2 else "NEAR") for k in range(90)]
    found = report(backend, meter + phone + walker, cells())
    assert (found.machines, found.accepted) == (1, 270)
    flags = quality.devices(backend.table("events")).to_pyarrow().to_pylist()
    assert [row["user_id"] for row in flags if row["machine"]] == ["meter"]


def test_a_machine_that_misses_a_beat_is_still_one(backend: Any) -> None:
    rows = [event("meter", k / 4) for k in range(90) if k % 10 != 3]
    assert report(backend, rows, cells()).machines == 1


def test_a_roaming_device_is_flagged_and_kept(backend: Any) -> None:
    rows = [event("home", 8, mcc=234), event("visitor", 8, mcc=262), event("visitor", 9, mcc=262)]
    found = report(backend, table(rows, mcc=pa.int32()), cells())
    assert (found.roaming, found.accepted) == (1, 3)
    assert any("1 devices are of foreign networks" in warning for warning in found.warnings)


def test_people_who_opted_out_are_taken_away_and_counted(backend: Any) -> None:
    rows = [event("a", 8), event("b", 8), event("b", 9), event(None, 9)]
    events = backend.create_table("events", table(rows), overwrite=True)
    kept, gone = quality.without(
        events, backend.create_table("out", pa.table({"user_id": ["b", None]}), overwrite=True)
    )
    found = quality.report(quality.check(kept, cells()), read=4, opted_out=gone.count().to_pyarrow().as_py())
    assert (found.accepted, found.rejected, found.opted_out) == (1, 1, 2)


def test_a_report_that_does_not_add_up_is_refused(backend: Any) -> None:
    checked = quality.check(backend.create_table("events", table([event("a", 8)]), overwrite=True))
    with pytest.raises(MobilityError, match="1 are missing"):
        quality.report(checked, read=2)


def test_an_opt_out_list_of_other_pseudonyms_is_noticed(backend: Any) -> None:
    found = report(backend, [event("a", 8)], opt_out_listed=3)
    assert any("None of the 3 people" in warning for warning in found.warnings)


def test_pseudonyms_that_are_telephone_numbers_are_noticed(backend: Any) -> None:
    found = report(backend, [event("447700900123", 8), event("b9f3", 8)])
    assert any("1 values of user_id look like telephone numbers" in warning for warning in found.warnings)


def test_swapped_latitude_and_longitude_are_said_in_a_sentence(backend: Any) -> None:
    rows = [{"user_id": "a", "timestamp": at(k), "latitude": -2.6, "longitude": 51.4 + k / 100} for k in range(5)]
    said = report(backend, rows).warnings
    assert any(warning.startswith("Latitude and longitude are swapped: 0 of 5 positions") for warning in said)
    right = [{**row, "latitude": row["longitude"], "longitude": row["latitude"]} for row in rows]
    assert not any("swapped" in warning for warning in report(backend, right).warnings)


def test_an_hour_without_events_is_named_as_the_clock_shows_it(backend: Any) -> None:
    rows = [event("a", hour) for hour in range(24) if hour != 3]
    said = report(backend, rows, period=(DAY, DAY)).warnings
    assert "1 hours have no event: 2026-03-02 03:00 GMT. Was a delivery lost?" in said


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_of_23_or_25_hours_is_whole(backend: Any, day: date, hours: int) -> None:
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    start -= 3600 if day.month == 10 else 0  # midnight in Britain, still summer time in October
    rows = [
        {**event("a", 0), "timestamp": datetime.fromtimestamp(start + 3600 * k, UTC) + timedelta(minutes=5)}
        for k in range(hours)
    ]
    found = report(backend, rows, period=(day, day))
    assert [(each.day, each.hours, each.accepted) for each in found.days] == [(str(day), hours, hours)]
    assert not any("no event" in warning for warning in found.warnings)


def test_everything_at_one_instant_is_said(backend: Any) -> None:
    rows = [event(f"u{k}", 8) for k in range(5)]
    assert any("All 5 events are at one instant" in warning for warning in report(backend, rows).warnings)


def test_times_that_are_only_days_are_said(backend: Any) -> None:
    rows = [event("a", 24 * k) for k in range(5)]
    assert any("Every event is at midnight" in warning for warning in report(backend, rows).warnings)


def test_a_day_far_from_the_others_is_outside_the_control_limits(backend: Any) -> None:
    sizes = [20, 21, 20, 19, 20, 4, 21]
    rows = [event("a", 24 * day + k / 10) for day, size in enumerate(sizes) for k in range(size)]
    said = [warning for warning in report(backend, rows).warnings if "mean ± 3 SD" in warning]
    assert {warning[:13] for warning in said} == {"On 2026-03-07"}


def test_an_activity_across_midnight_is_on_two_days_and_whole(backend: Any) -> None:
    rows = [event("a", 23.9 + k / 20) for k in range(4)]
    found = report(backend, rows, cells())
    assert [(day.day, day.accepted) for day in found.days] == [("2026-03-02", 2), ("2026-03-03", 2)]


# Late data, and cells that change.


def test_events_that_come_three_days_late_touch_their_own_day(backend: Any) -> None:
    late = backend.create_table("late", table([event("a", 8), event("a", 80)]), overwrite=True)
    assert quality.days_touched(late) == {DAY: 1, DAY + timedelta(days=3): 1}


def test_a_day_that_is_run_again_with_late_events_stays_the_same(backend: Any) -> None:
    day = backend.create_table("day", table([event("a", 8), event("a", 8.5, "NEAR"), event("b", 9)]), overwrite=True)
    late = backend.create_table("late", table([event("a", 8.2), event("b", 9)]), overwrite=True)
    once, again = quality.union(day, late), quality.union(day, late, late, day)
    columns = ["user_id", "timestamp", "cell_id"]
    first, second = (
        quality.check(each, cells()).accepted.select(*columns).order_by(columns).to_pyarrow() for each in (once, again)
    )
    assert first.to_pylist() == second.to_pylist()
    assert first.num_rows == 4


def test_batches_with_different_columns_are_refused(backend: Any) -> None:
    one = backend.create_table("one", table([event("a", 8)]), overwrite=True)
    other = backend.create_table("other", table([event("a", 8, mcc="234")]), overwrite=True)
    with pytest.raises(MobilityError, match="mcc is not in all"):
        quality.union(one, other)


def test_a_cell_that_moved_is_two_places_and_one_that_was_renamed_is_one(backend: Any) -> None:
    given = where.cells.of(
        {
            "cell_id": ["M", "M", "OLD", "NEW"],
            "latitude": [51.45, 51.50, 51.40, 51.40],
            "longitude": [-2.6, -2.6, -2.6, -2.6],
            "valid_date_start": [None, "2026-03-03", None, "2026-03-03"],
            "valid_date_end": ["2026-03-02", None, "2026-03-02", None],
        }
    )
    rows = [event("a", 8, "M"), event("a", 32, "M"), event("b", 8, "OLD"), event("b", 32, "NEW"), event("b", 33, "OLD")]
    assert verdicts(backend, rows, given) == [0, 0, 0, 0, "CELL_ID_NOT_VALID"]
    accepted = quality.check(backend.table("events"), given).accepted
    held = where.versions.keyed(accepted, given, first=DAY, last=DAY + timedelta(days=1))
    keys = held.order_by("row").to_pyarrow()["cell_id"].to_pylist()
    assert keys == ["M", "M@2026-03-03", "OLD", "OLD"]


def test_the_positions_of_a_cell_that_moved_are_those_of_the_day(backend: Any) -> None:
    moved = {"cell_id": ["M", "M", "HERE"], "latitude": [51.45, 51.51, 51.45], "longitude": [-2.6, -0.13, -2.6]}
    dates = {"valid_date_start": [None, "2026-03-03", None], "valid_date_end": ["2026-03-02", None, None]}
    given = where.cells.of({**moved, **dates})
    assert verdicts(backend, [event("a", 8, "M"), event("a", 8.01)], given) == [0, 0]
    assert verdicts(backend, [event("a", 32, "M"), event("a", 32.01)], given) == ["SUSPICIOUS_EVENT_LOCATION"] * 2


# All faults together, planted in a town, with the truth of each.


def test_every_planted_fault_gets_its_code_and_no_sound_event_does(backend: Any) -> None:
    from folkmoot.town.movement import build
    from folkmoot.town.movement.faulty import faults

    made = build(seed=1, residents=3_000)
    planted = faults(made, 0.02, 7)
    given = where.cells.of(made["cells"])
    truth = {row["row"]: row["error"] for row in planted.truth.to_pylist()}
    assert len(set(truth.values())) == 11
    held = planted.text.append_column("row", pa.array(range(len(planted.text))))
    found = verdicts(backend, held, given, period=(made.days[0], made.days[-1]), network=True)
    wrong = {row: code for row, code in enumerate(found) if code != truth.get(row, 0)}
    assert not wrong


# Both backends give every event the same verdict, sub-second times, ties and jumps included.

TWELVE = where.cells.of(
    {
        "cell_id": [f"C{k}" for k in range(12)],
        "latitude": [51.2 + 0.03 * k for k in range(12)],
        "longitude": [-2.6 + 0.05 * (k % 5) for k in range(12)],
        "valid_date_end": [None] * 10 + ["2026-03-01", "2026-03-02"],
    }
)


def feed_with_ties(path: Path) -> Path:
    """3,000 events in text, few instants so that ties are many, and every kind of fault."""
    spot = np.random.default_rng(5)
    size = 3_000
    start = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1000)
    at = start + spot.integers(0, 40, size) * 1_800_000 + spot.integers(0, 3, size) * 400
    texts = [f"{datetime.fromtimestamp(each / 1000, UTC):%Y-%m-%dT%H:%M:%S}.{each % 1000:03d}Z" for each in at.tolist()]
    for row in spot.integers(0, size, 60).tolist():
        texts[row] = str(spot.choice(["", "2026", "2026-02-30T10:00:00Z", "soon", "2026-03-09T00:00:00Z", "10:00"]))
    user = [f"u{k}" for k in spot.integers(0, 120, size)]
    cell = [f"C{k}" for k in spot.integers(0, 13, size)]
    for row in spot.integers(0, size, 40).tolist():
        user[row] = str(spot.choice(["", " a", "b\n"]))
        cell[row + 0] = "" if row % 2 else cell[row]
    pq.write_table(pa.table({"user_id": user, "timestamp": texts, "cell_id": cell, "row": pa.array(range(size))}), path)
    return path


def verdicts_by_row(backend: Any, path: Path) -> list[dict[str, Any]]:
    day = date(2026, 3, 2)
    checked = quality.check(parquet(backend, path), TWELVE, period=(day, day))
    held = checked.tagged.select("row", "verdict").to_pyarrow().to_pylist()
    return sorted(held, key=lambda row: row["row"])


def test_duckdb_and_spark_agree_on_every_event(spark: Any, tmp_path: Path) -> None:
    path = feed_with_ties(tmp_path / "events.parquet")
    with session() as here:
        ours = verdicts_by_row(here, path)
    theirs = verdicts_by_row(spark, path)
    assert len(ours) == len(theirs) == 3_000
    assert len({row["verdict"] for row in ours}) > 9
    assert [a for a, b in zip(ours, theirs) if a != b] == []


# The command.


def run(*arguments: Any) -> Any:
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    rows = [event("a", 8), event("a", 8.01, "FAR"), event("a", 8.02), event("b", 8, None), event("c", 9)]
    pq.write_table(table(rows), tmp_path / "events.parquet")
    lines = zip(CELLS["cell_id"], CELLS["latitude"], CELLS["longitude"])
    text = "cell_id,latitude,longitude\n" + "".join(f"{c},{lat},{lon}\n" for c, lat, lon in lines)
    (tmp_path / "cells.csv").write_text(text)
    (tmp_path / "opt_out.csv").write_text("user_id\nc\n")
    return tmp_path


def test_the_command_keeps_both_halves_and_prints_one_object(files: Path) -> None:
    out = files / "out"
    done = run(
        files / "events.parquet",
        "--cells",
        files / "cells.csv",
        "--opt-out",
        files / "opt_out.csv",
        "--out",
        out,
        "--json",
    )
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["read"], said["accepted"], said["rejected"], said["opted_out"]) == (5, 2, 2, 1)
    assert pq.read_table(out / "accepted.parquet")["row"].to_pylist() == [0, 2]
    rejected = pq.read_table(out / "rejected.parquet").sort_by("row").to_pylist()
    assert [(row["row"], row["stage"], row["error"]) for row in rejected] == [(1, "semantic", 3), (3, "syntactic", 6)]
    assert json.loads((out / "report.json").read_text()) == said


def test_the_command_speaks_to_people(files: Path) -> None:
    done = run(files / "events.parquet", "--cells", files / "cells.csv")
    assert done.exit_code == 0, done.output
    assert "3 of 5 events accepted" in done.stdout
    assert "INCORRECT_EVENT" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing.parquet"], "There is no file"),
        (["cells.csv"], "is not a Parquet file"),
        (["events.parquet", "--cells", "nothing.csv"], "There is no file"),
        (["events.parquet", "--first", "2026-03-02"], "Give both --first and --last"),
        (["events.parquet", "--first", "soon", "--last", "2026-03-02"], "is not a date"),
        (["events.parquet", "--zone", "Moon/Base"], "There is no time zone"),
        (["events.parquet", "--opt-out", "cells.csv"], "has no column user_id"),
    ],
)
def test_the_command_refuses_in_sentences(files: Path, arguments: list[str], sentence: str) -> None:
    named = [str(files / each) if "." in each and not each.startswith("-") else each for each in arguments]
    done = run(*named)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.output


def test_a_file_of_which_nothing_is_accepted_fails(files: Path) -> None:
    pq.write_table(table([event("a", 8, "GONE")]), files / "none.parquet")
    assert run(files / "none.parquet", "--cells", files / "cells.csv").exit_code == 1


def test_an_opt_out_list_for_pseudonyms_of_bytes_is_hexadecimal(files: Path) -> None:
    pq.write_table(table([event(b"\x0a\x0b", 8), event(b"\x01", 8)], user_id=pa.binary()), files / "bytes.parquet")
    (files / "hex.csv").write_text("user_id\n0a0b\n")
    done = run(files / "bytes.parquet", "--opt-out", files / "hex.csv", "--json")
    assert json.loads(done.stdout)["opted_out"] == 1
    (files / "hex.csv").write_text("user_id\nsmith\n")
    done = run(files / "bytes.parquet", "--opt-out", files / "hex.csv")
    assert done.exit_code == 2
    assert "is not hexadecimal" in done.stderr
