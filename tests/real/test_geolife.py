"""Real tracks (two people of GeoLife, five months, a fix every few seconds) through `folkmoot mobility stays --mode radius`.

The stays are those that the plain loop of the unit tests finds on the same rows, with the textbook distance; none is shorter
than asked (scikit-mobility issue 138), and the last of each person is there.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from folkmoot.cli.mobility_stays import stays
from folkmoot.engines.mobility.stays.tests import roaming

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "mobility" / "geolife_sample.txt.gz"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_file(), reason="The tracks of GeoLife are not here (../shared/data/mobility)."),
]

app = typer.Typer()
app.command()(stays)


@pytest.fixture(scope="module")
def fixes() -> list[roaming.Fix]:
    with gzip.open(DATA, "rt") as file:
        assert next(file).split(",") == ["lat", "lng", "datetime", "uid\n"]
        rows = [line.rstrip("\n").split(",") for line in file]
    return [(who, datetime.fromisoformat(at).replace(tzinfo=UTC), float(lat), float(lng)) for lat, lng, at, who in rows]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Any]:
    out = tmp_path_factory.mktemp("geolife") / "stays.parquet"
    words = [str(DATA), "--mode", "radius", "--radius", "200", "--min-stay", "1200", "--max-gap", "3600"]
    result = CliRunner().invoke(app, [*words, "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout), pq.read_table(out)


def test_every_fix_is_read_and_in_one_row(asked: tuple[dict[str, Any], Any], fixes: list[roaming.Fix]) -> None:
    told, found = asked
    assert told["events"] == len(fixes) == 217_653
    assert sum(found["events"].to_pylist()) == 217_653
    assert told["devices"] == 2


def test_the_stays_are_those_of_the_plain_loop(asked: tuple[dict[str, Any], Any], fixes: list[roaming.Fix]) -> None:
    _, found = asked
    plain = sorted(roaming.stays(fixes, radius=200.0, min_stay=1200.0, max_gap=3600.0))
    assert roaming.found(found) == plain
    assert len(plain) > 100


def test_none_is_shorter_than_asked_and_none_overlap(asked: tuple[dict[str, Any], Any]) -> None:
    rows = asked[1].to_pylist()
    stayed = [row for row in rows if row["state"] == "stay"]
    assert min(row["end"] - row["start"] for row in stayed) >= timedelta(seconds=1200)
    for who in ("001", "005"):
        mine = sorted((row["start"], row["end"]) for row in rows if row["user_id"] == who)
        assert all(one[1] <= two[0] for one, two in pairwise(mine))


def test_the_last_row_of_each_person_reaches_the_last_fix(
    asked: tuple[dict[str, Any], Any], fixes: list[roaming.Fix]
) -> None:
    last = {row["user_id"]: row["end"] for row in asked[1].to_pylist() if row["open"]}
    assert last == {who: max(at for user, at, _, _ in fixes if user == who) for who in ("001", "005")}


def test_people_stay_in_the_day_within_the_region_and_for_part_of_what_is_seen(
    asked: tuple[dict[str, Any], Any],
) -> None:
    rows = asked[1].to_pylist()
    stayed = [row for row in rows if row["state"] == "stay"]
    # Beijing, and journeys from it.
    assert all(18 < row["latitude"] < 54 and 73 < row["longitude"] < 135 for row in stayed)
    seen = sum(((row["end"] - row["start"]) for row in rows if row["state"] != "unknown"), timedelta())
    at_places = sum(((row["end"] - row["start"]) for row in stayed), timedelta())
    assert 0.4 < at_places / seen < 0.95
