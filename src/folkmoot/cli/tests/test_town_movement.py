"""`folkmoot town movement` writes what its manifest says, the same bytes as the engine's tables, in bounded parts."""

import hashlib
import json
from datetime import date

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from folkmoot.cli import town_movement
from folkmoot.cli.town import app
from folkmoot.town import movement

runner = CliRunner()
ASKED = [
    "movement",
    "--residents",
    "3000",
    "--days",
    "2",
    "--first-day",
    "2026-03-06",
    "--event-day",
    "2026-03-07",
    "--seed",
    "3",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("movement") / "m"
    whole, town_movement.PART_ROWS = town_movement.PART_ROWS, 20_000
    rows, town_movement.BATCH_ROWS = town_movement.BATCH_ROWS, 7_000
    try:
        result = runner.invoke(app, [*ASKED, "--out", str(folder), "--json"])
    finally:
        town_movement.PART_ROWS, town_movement.BATCH_ROWS = whole, rows
    assert result.exit_code == 0, result.output
    return folder, result.stdout


def test_json_is_the_manifest_and_nothing_else(built):
    folder, printed = built
    assert json.loads(printed) == json.loads((folder / "manifest.json").read_text())


def test_every_file_is_in_the_manifest_with_its_hash(built):
    folder, printed = built
    files = {"manifest.json"}
    for entry in json.loads(printed)["tables"].values():
        for file, digest in entry["sha256"].items():
            files.add(file)
            assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == digest
    assert files == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_events_lie_in_parts_by_local_day_and_are_those_of_the_tables(built):
    folder, printed = built
    made = movement.build(seed=3, residents=3_000, days=2, first_day=date(2026, 3, 6), event_day=date(2026, 3, 7))
    parts = [folder / file for file in json.loads(printed)["tables"]["events"]["sha256"]]
    assert {part.parent.name for part in parts} == {"date=2026-03-06", "date=2026-03-07"}
    assert len(parts) > 4
    assert pyarrow.parquet.ParquetFile(parts[0]).num_row_groups > 1
    read = pa.concat_tables([pyarrow.parquet.ParquetFile(part).read() for part in parts])
    assert read.equals(made["events"])
    for name in ("late", "truth_stays", "truth_trips", "truth_homes", "truth_devices", "residents", "opt_outs"):
        assert pyarrow.parquet.read_table(folder / f"{name}.parquet").equals(made[name])


def test_zones_ways_and_rail_are_geojson(built):
    folder, _ = built
    for name, key, kind in (
        ("zones", "zone_id", "Polygon"),
        ("ways", "way_id", "LineString"),
        ("rail", "rail_id", "LineString"),
    ):
        features = json.loads((folder / f"{name}.geojson").read_text())["features"]
        stations = [feature for feature in features if feature["geometry"]["type"] == "Point"]
        assert len(stations) == (3 if name == "rail" else 0), "stations are with the railway, by which rail is told"
        features = [feature for feature in features if feature not in stations]
        assert len({feature["properties"][key] for feature in features}) == len(features) > 0
        assert {feature["geometry"]["type"] for feature in features} == {kind}
    assert {"highway", "maxspeed", "oneway", "lanes", "capacity"} <= set(
        json.loads((folder / "ways.geojson").read_text())["features"][0]["properties"]
    )


def test_cells_and_population_are_csv(built):
    folder, _ = built
    assert pyarrow.csv.read_csv(folder / "population.csv").column_names == ["zone_id", "age_band", "sex", "people"]
    cells = pyarrow.csv.read_csv(folder / "cells.csv")
    assert {"cell_id", "latitude", "longitude", "azimuth_angle", "valid_date_start", "valid_date_end"} <= set(
        cells.column_names
    )


def test_without_json_a_table_is_printed(tmp_path):
    result = runner.invoke(app, ["movement", "--residents", "1000", "--out", str(tmp_path / "m")])
    assert result.exit_code == 0
    assert "truth_trips" in result.stdout


def test_a_folder_with_something_in_it_is_not_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = runner.invoke(app, ["movement", "--residents", "1000", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "name a new one" in " ".join(result.output.replace("│", " ").split())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_cannot_be_built_is_said_in_a_sentence(tmp_path):
    result = runner.invoke(app, ["movement", "--residents", "10", "--out", str(tmp_path / "m")])
    assert result.exit_code == 2
    assert "ask for 500 or more" in result.output
