"""Logs of real hospitals, read by us and, independently, by Python's csv module: the same counts, the same stays.

The data and their origins are described in the README beside them. Nothing of theirs is copied here.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from typer.testing import CliRunner

from folkmoot.cli import app
from folkmoot.engines.flow import Scenario, identify, simulate
from folkmoot.engines.flow.calibrate import calibrate, predict
from folkmoot.engines.flow.evidence import constraint_of, stays, waits
from folkmoot.engines.flow.logs import LogRead, Mapping, read_log, write_ocel, write_xes

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "hospital"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="The hospital logs are not here (../shared/data/hospital)."),
]


def rows_of(name: str, sep: str = ",") -> list[dict[str, str]]:
    """Every row of a file, by nothing but Python's csv module."""
    data = (DATA / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=sep))


@pytest.fixture(scope="module")
def sepsis() -> LogRead:
    return read_log(DATA / "sepsis_part1.csv")


@pytest.fixture(scope="module")
def bpi2011() -> LogRead:
    return read_log(DATA / "bpi2011_hospital.csv.gz")


def test_sepsis_holds_525_cases_and_7603_events_as_an_independent_reading_counts(sepsis: LogRead) -> None:
    rows = rows_of("sepsis_part1.csv", ";")
    assert (sepsis.log.cases, len(sepsis.log)) == (len({r["Case ID"] for r in rows}), len(rows)) == (525, 7603)
    assert len(sepsis.rejected) == 0
    for column, ours in (("Activity", "activity"), ("org:group", "resource"), ("Case ID", "case_id")):
        assert Counter(sepsis.log.table[ours].to_pylist()) == Counter(r[column] for r in rows)


def test_sepsis_stays_equal_those_computed_by_hand_with_local_time(sepsis: LogRead) -> None:
    london = ZoneInfo("Europe/London")
    begin, end = {}, {}
    for row in rows_of("sepsis_part1.csv", ";"):
        at = datetime.strptime(row["Complete Timestamp"], "%Y/%m/%d %H:%M:%S.%f").replace(tzinfo=london).astimezone(UTC)
        case, activity = row["Case ID"], row["Activity"]
        if activity.startswith("Admission"):
            begin[case] = min(begin.get(case, at), at)
        if activity.startswith("Release"):
            end[case] = max(end.get(case, at), at)
    expected = {c: (end[c] - begin[c]) / timedelta(hours=1) for c in begin if c in end}
    found = stays(sepsis.log, admission="Admission*", discharge="Release*")
    assert dict(zip(found.case_id, found.hours.tolist())) == pytest.approx(expected)
    assert found.summary()["median_hours"] == pytest.approx(median(expected.values()))
    assert found.open_cases == len(set(begin) - set(end))
    assert found.never_admitted == len({r["Case ID"] for r in rows_of("sepsis_part1.csv", ";")} - set(begin))


def test_sepsis_cannot_tell_waiting_from_service_and_gives_a_range(sepsis: LogRead) -> None:
    found = stays(sepsis.log)
    seen = waits(sepsis.log, found)
    assert not seen.separable
    assert sum(w.wait_hours for w in seen.resources) == pytest.approx(found.hours.sum())
    top = constraint_of(seen, np.random.Generator(np.random.Philox(key=1)))
    assert top is not None
    assert top.name == "B"
    assert seen.resources[0].wait_hours_low < seen.resources[0].wait_hours
    assert "the log cannot tell" in top.evidence


def test_sepsis_in_amsterdam_keeps_its_hours_but_for_summer_time(sepsis: LogRead) -> None:
    other = read_log(DATA / "sepsis_part1.csv", zone="Europe/Amsterdam")
    first = np.array(sepsis.log.table["completed_at"].cast("int64")) - np.array(
        other.log.table["completed_at"].cast("int64")
    )
    assert set((first / 3.6e9).round(6).tolist()) == {1.0}


def test_the_first_part_of_sepsis_predicts_the_later_stays_about_as_well_as_chance_allows(sepsis: LogRead) -> None:
    found = predict(sepsis.log, split=0.7)
    assert found.learned_from + found.tested_on == 379
    assert found.distance < 1.6 * found.noise
    assert found.distance < found.distance_of_earlier_stays + 0.03
    assert found.mean_predicted == pytest.approx(found.mean_observed, rel=0.1)
    errors = {level: predicted / observed - 1 for level, predicted, observed in found.quantiles}
    assert abs(errors[0.9]) < 0.1
    assert abs(errors[0.95]) < 0.1
    assert abs(errors[0.5]) < 0.2


def test_bpi2011_holds_150291_events_of_1143_cases_and_reads_dates_as_dates(bpi2011: LogRead) -> None:
    rows = rows_of("bpi2011_hospital.csv.gz")
    assert (len(bpi2011.log), bpi2011.log.cases) == (len(rows), len({r["case_id"] for r in rows})) == (150_291, 1_143)
    assert len(bpi2011.rejected) == 0
    assert bpi2011.log.day_resolution
    expected = Counter(
        (r["case_id"], (datetime.fromtimestamp(float(r["timestamp"]), UTC) + timedelta(hours=2)).date()) for r in rows
    )
    ours = zip(bpi2011.log.table["case_id"].to_pylist(), bpi2011.log.table["completed_at"].to_pylist())
    assert Counter((case, at.date()) for case, at in ours) == expected
    assert all(at.hour == 0 for at in bpi2011.log.table["completed_at"][:1000].to_pylist())
    assert bpi2011.log.table["resource"].null_count == sum(not r["group"].strip() for r in rows) == 16


def test_bpi2011_keeps_identifiers_with_leading_zeros_and_the_order_of_the_file_within_a_day(bpi2011: LogRead) -> None:
    first = [r for r in bpi2011.log.table.to_pylist() if r["case_id"] == "00000000"]
    rows = [(k, r) for k, r in enumerate(rows_of("bpi2011_hospital.csv.gz"), start=1) if r["case_id"] == "00000000"]
    assert [r["row"] for r in first] == [
        k for k, r in sorted(rows, key=lambda pair: (float(pair[1]["timestamp"]) // 86400, pair[0]))
    ]


def test_bpi2011_stays_are_whole_days_from_first_to_last_event(bpi2011: LogRead) -> None:
    found = stays(bpi2011.log)
    days = defaultdict(list)
    for row in rows_of("bpi2011_hospital.csv.gz"):
        days[row["case_id"]].append((datetime.fromtimestamp(float(row["timestamp"]), UTC) + timedelta(hours=2)).date())
    expected = {case: 24.0 * (max(all_) - min(all_)).days for case, all_ in days.items()}
    assert dict(zip(found.case_id, found.hours.tolist())) == expected


def test_billing_sets_the_one_event_without_a_case_aside() -> None:
    rows = rows_of("hospital_billing.csv.gz")
    read = read_log(DATA / "hospital_billing.csv.gz")
    assert read.rejected.counts() == [("The row names no case.", 1)]
    lost = next(k for k, r in enumerate(rows, start=1) if not r["case_id"])
    assert read.rejected.table["row"].to_pylist() == [lost]
    kept = json.loads(read.rejected.table["fields"][0].as_py())
    assert kept == {k: v for k, v in rows[lost - 1].items() if v}
    assert (len(read.log), read.rows) == (len(rows) - 1, len(rows)) == (49_950, 49_951)
    assert read.log.cases == 9_999
    assert read.log.table["resource"].null_count == sum(not r["resource"] for r in rows) == 23_576


def test_patients_join_2721_starts_to_their_completions() -> None:
    rows = rows_of("patients.csv")
    begin = {r["handling_id"]: r for r in rows if r["registration_type"] == "start"}
    end = {r["handling_id"]: r for r in rows if r["registration_type"] == "complete"}
    read = read_log(DATA / "patients.csv")
    assert (read.rows, read.paired, len(read.log), len(read.rejected)) == (5442, 2721, 2721, 0)
    expected = Counter((end[i]["patient"], end[i]["handling"], begin[i]["time"], end[i]["time"]) for i in end)
    text = "%Y-%m-%dT%H:%M:%SZ"
    ours = Counter(
        (r["case_id"], r["activity"], r["started_at"].strftime(text), r["completed_at"].strftime(text))
        for r in read.log.table.to_pylist()
    )
    assert ours == expected


def test_patients_waits_equal_a_plain_walk_back_along_each_path() -> None:
    log = read_log(DATA / "patients.csv").log
    found = stays(log)
    rows = log.table.to_pylist()
    expected: Counter[str] = Counter()
    for first, last in zip(found.first.tolist(), found.last.tolist()):
        case, here = rows[first : last + 1], rows[last]
        while here is not rows[first]:
            before = [r for r in case if r is not here and r["completed_at"] <= here["started_at"]]
            enabling = max(before, key=lambda r: (r["completed_at"], r["row"]))
            expected[here["resource"]] += (here["started_at"] - enabling["completed_at"]) / timedelta(hours=1)
            here = enabling
    ours = {w.name: w.wait_hours for w in waits(log, found).resources if w.wait_hours}
    assert ours == pytest.approx({name: hours for name, hours in expected.items() if hours})


def test_patients_queue_for_r2_though_they_wait_longest_for_r7_and_the_simulator_agrees() -> None:
    log = read_log(DATA / "patients.csv").log
    seen = waits(log, stays(log))
    found = constraint_of(seen, np.random.Generator(np.random.Philox(key=1)))
    assert found is not None
    assert (found.name, seen.resources[0].name) == ("r2", "r7")
    assert identify(Scenario.from_tables(calibrate(log).to_tables())).name == "r2"


def test_patients_simulated_from_their_calibration_stay_as_long_as_they_did() -> None:
    made = calibrate(read_log(DATA / "patients.csv").log)
    ran = simulate(Scenario.from_tables(made.to_tables()), "fcfs")
    assert float(np.mean(ran.stays)) == pytest.approx(float(made.found.hours.mean()), rel=0.05)
    assert float(np.quantile(ran.stays, 0.95)) == pytest.approx(float(np.quantile(made.found.hours, 0.95)), rel=0.05)


@pytest.mark.parametrize("name", ["sepsis_part1.csv", "patients.csv", "hospital_billing.csv.gz"])
def test_logs_come_back_the_same_from_xes_and_ocel(tmp_path: Path, name: str) -> None:
    table = read_log(DATA / name).log.table
    columns = ["case_id", "activity", "resource", "started_at", "completed_at"]
    keys = [(column, "ascending") for column in columns]
    for write, file in ((write_xes, "log.xes"), (write_ocel, "log.jsonocel")):
        write(table, tmp_path / file)
        read = read_log(tmp_path / file)
        assert len(read.rejected) == 0
        assert read.log.table.select(columns).sort_by(keys).equals(table.select(columns).sort_by(keys))


def test_a_sitrep_is_no_log_and_the_columns_it_has_are_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["flow", "analyse", str(DATA / "ae_attendances.csv"), "--out", str(tmp_path), "--json"]
    )
    assert result.exit_code == 2
    assert "The columns are: period, org_code, type, attendances, breaches, admissions" in result.stderr


def test_dates_of_stranded_patients_are_read_with_the_day_first() -> None:
    mapping = Mapping(case="age", activity="stranded.label", timestamp="admit_date", keep="frailty_index")
    read = read_log(DATA / "stranded_data.csv", mapping)
    rows = rows_of("stranded_data.csv")
    assert len(read.log) == len(rows) == 768
    assert Counter(at.strftime("%d/%m/%Y") for at in read.log.table["completed_at"].to_pylist()) == Counter(
        r["admit_date"] for r in rows
    )
    assert "No index item" in read.log.table["frailty_index"].to_pylist()


def test_analysing_sepsis_on_the_command_line_gives_the_same_figures_and_a_report(tmp_path: Path) -> None:
    arguments = ["--sep", ";", "--admission", "Admission*", "--discharge", "Release*", "--out", str(tmp_path), "--json"]
    result = CliRunner().invoke(app, ["flow", "analyse", str(DATA / "sepsis_part1.csv"), *arguments])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["cases"], found["events"], found["rejected"]) == (525, 7603, [])
    assert found["stays"]["count"] == 387
    assert "Patient flow in sepsis_part1.csv" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "log.parquet").exists()
    assert (tmp_path / "rejected.csv").exists()
