"""`folkmoot mobility stays` as somebody types it: Parquet, folders or text in; rows and one JSON object out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from folkmoot.cli.mobility_stays import stays

app = typer.Typer()
app.command()(stays)
LINES = ["uid,datetime,cell_id", "007,2026-06-01 12:00:00,A", "007,2026-06-01 12:02:00,B", "007,2026-06-01 12:04:00,A",
         "007,2026-06-01 12:20:00,A", "8,2026-06-01 12:00:00,B"]  # fmt: skip


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text("\n".join(LINES) + "\n")
    return path


def asked(*words: object) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    result = CliRunner().invoke(app, [*map(str, words), "--threads", "1", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    return told, sorted(pq.read_table(told["out"]).to_pylist(), key=lambda row: (row["user_id"], row["start"]))


def refused(*words: object) -> str:
    result = CliRunner().invoke(app, [*map(str, words)])
    assert result.exit_code == 2, result.output
    return " ".join(result.output.split())


def test_text_with_other_names_of_columns_is_read_and_pseudonyms_keep_their_noughts(text: Path, tmp_path: Path) -> None:
    told, rows = asked(text, "--out", tmp_path / "stays.parquet")
    assert (told["events"], told["devices"], told["stay"], told["move"], told["open"]) == (5, 2, 1, 3, 2)
    assert [(row["user_id"], row["cell_id"], row["events"]) for row in rows] == [
        ("007", "A", 1), ("007", "B", 1), ("007", "A", 2), ("8", "B", 1),
    ]  # fmt: skip


def test_parquet_a_folder_and_zipped_text_with_zones_are_the_same(text: Path, tmp_path: Path) -> None:
    _, wanted = asked(text, "--out", tmp_path / "a.parquet")
    zoned = tmp_path / "zoned.csv.gz"
    rows = [line.split(",") for line in LINES[1:]]
    with gzip.open(zoned, "wt") as file:
        file.write("\n".join([LINES[0], *(f"{who},{at.replace(' 12', 'T13')}+01:00,{cell}" for who, at, cell in rows)]))
    assert asked(zoned, "--out", tmp_path / "b.parquet")[1] == wanted
    folder = tmp_path / "events"
    folder.mkdir()
    names = ("uid", "datetime", "cell_id")
    table = pa.table({name: [row[k] for row in rows] for k, name in enumerate(names)})
    table = table.set_column(1, "datetime", table["datetime"].cast(pa.timestamp("us")))
    pq.write_table(table.slice(0, 2), folder / "1.parquet")
    pq.write_table(table.slice(2), folder / "2.parquet")
    assert asked(folder, "--out", tmp_path / "c.parquet")[1] == wanted


def test_cells_that_are_near_take_ping_pong_out(text: Path, tmp_path: Path) -> None:
    cells = tmp_path / "cells.csv"
    cells.write_text("cell_id,lat,lon\nA,51.45,-2.58\nB,51.451,-2.58\n")
    told, rows = asked(text, "--cells", cells, "--out", tmp_path / "stays.parquet")
    assert [(row["user_id"], row["cell_id"], row["events"]) for row in rows] == [("007", "A", 4), ("8", "B", 1)]
    assert told["stay"] == 1


def test_what_cannot_be_done_is_said_in_a_sentence(text: Path, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "stays.parquet")
    assert "has no column latitude, longitude" in refused(text, "--mode", "radius", *out)
    assert "--mode town is not understood" in refused(text, "--mode", "town", *out)
    assert "There is no backend “polars”" in refused(text, "--backend", "polars", *out)
    assert "There is no file" in refused(tmp_path / "none.parquet", *out)
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(b"PAR1 and no more")
    assert "is not a Parquet file" in refused(torn, *out)
    text.write_text("uid,datetime,cell_id\n7,yesterday,A\n")
    assert "Times cannot be read" in refused(text, *out)
    text.write_text("uid,datetime,cell_id\n7,,A\n")
    assert "not one event" in refused(text, *out)
    assert not (tmp_path / "stays.parquet").exists()
