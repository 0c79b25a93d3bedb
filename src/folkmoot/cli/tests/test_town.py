"""`folkmoot town build` writes what its manifest says."""

import hashlib
import json

import pyarrow.csv
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from folkmoot import town
from folkmoot.cli.town import app

runner = CliRunner()


@pytest.fixture
def built(tmp_path):
    result = runner.invoke(app, ["build", "--seed", "3", "--scale", "test", "--out", str(tmp_path / "t"), "--json"])
    assert result.exit_code == 0, result.output
    return tmp_path / "t", result.stdout


def test_json_is_the_manifest_and_nothing_else(built):
    folder, printed = built
    assert json.loads(printed) == json.loads((folder / "manifest.json").read_text())


def test_every_file_has_the_hash_and_the_rows_of_the_manifest(built):
    folder, printed = built
    files = {"manifest.json"}
    for name, entry in json.loads(printed)["tables"].items():
        for file, digest in entry["sha256"].items():
            files.add(file)
            assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == digest
        assert pyarrow.parquet.read_table(folder / f"{name}.parquet").num_rows == entry["rows"]
    assert files == {path.name for path in folder.iterdir()}


def test_parquet_gives_back_the_very_tables_of_the_town(built):
    folder, _ = built
    for name, table in town.build(seed=3, scale="test").tables.items():
        assert pyarrow.parquet.read_table(folder / f"{name}.parquet").equals(table)


def test_the_wards_can_be_read_as_csv(built):
    folder, _ = built
    assert pyarrow.csv.read_csv(folder / "wards.csv").num_rows == 8


def test_without_json_a_table_is_printed(tmp_path):
    result = runner.invoke(app, ["build", "--scale", "test", "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert "residents" in result.stdout
    assert "3,000" in result.stdout


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "t").write_text("in the way")
    result = runner.invoke(app, ["build", "--scale", "test", "--out", str(tmp_path / "t")])
    assert result.exit_code == 2
    assert "name a folder" in " ".join(result.output.replace("│", " ").split())


def test_an_unknown_scale_is_refused_with_the_choices(tmp_path):
    result = runner.invoke(app, ["build", "--scale", "galaxy", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "bench" in result.output
