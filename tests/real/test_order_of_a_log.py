"""`folkmoot flow order` on a real emergency department's log: only who was in, only what was known, first things first."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from folkmoot.cli.flow import app

LOG = Path(__file__).parents[3] / "shared" / "data" / "hospital" / "sepsis_part1.csv"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not LOG.exists(), reason="the real logs of ../shared/data are not here"),
]
ZONE = ZoneInfo("Europe/London")
AT = datetime(2014, 3, 1, 9, tzinfo=ZONE)


@pytest.fixture(scope="module")
def found() -> dict:
    result = CliRunner().invoke(app, ["order", str(LOG), "--at", "2014-03-01T09:00", "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def cases() -> dict[str, list[tuple[datetime, str]]]:
    """An independent reading: events of each case by time."""
    events: dict[str, list[tuple[datetime, str]]] = {}
    with LOG.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            when = datetime.strptime(row["Complete Timestamp"], "%Y/%m/%d %H:%M:%S.%f").replace(tzinfo=ZONE)
            events.setdefault(row["Case ID"], []).append((when, row["Activity"]))
    return events


def test_everybody_on_a_list_had_come_and_had_not_been_released(found, cases):
    waiting = [line["patient"] for team in found["resources"] for line in team["waiting"]]
    assert len(waiting) == len(set(waiting)) == found["patients"] > 10
    for patient in waiting:
        before = [name for when, name in cases[patient] if when <= AT]
        assert before
        assert not any(name.startswith("Release") for name in before)


def test_nobody_seen_within_the_last_day_and_not_released_is_missing(found, cases):
    waiting = {line["patient"] for team in found["resources"] for line in team["waiting"]}
    for patient, events in cases.items():
        before = [(when, name) for when, name in events if when <= AT]
        released = any(name.startswith("Release") for _, name in before)
        if before and not released and (AT - max(when for when, _ in before)).total_seconds() < 86_400:
            assert patient in waiting


def test_the_future_changes_nothing(found, tmp_path):
    cut = tmp_path / "cut.csv"
    lines = LOG.read_text(encoding="utf-8-sig").splitlines()
    known = [line for line in lines[1:] if line.split(";")[2] <= "2014/03/01 09:00:00.000"]
    cut.write_text("\n".join([lines[0], *known]), encoding="utf-8")
    result = CliRunner().invoke(
        app, ["order", str(cut), "--at", "2014-03-01T09:00", "--discharge", "Release*", "--json"]
    )
    assert result.exit_code == 0, result.stderr
    again = json.loads(result.stdout)
    assert again["resources"] == found["resources"]


def test_a_moment_before_anybody_had_left_is_refused_in_a_sentence():
    result = CliRunner().invoke(app, ["order", str(LOG), "--at", "2013-11-08T09:00"])
    assert result.exit_code == 2
    assert "at least 10 are needed" in result.stderr or "Nobody is in hospital" in result.stderr
