"""`folkmoot roads` on a small network: one JSON object, files that were asked for, sentences otherwise."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from folkmoot.cli.roads import app

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 3
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 4
<END OF METADATA>
1 2 1000 8000 10 0.15 4 0 0 1 ;
1 3 1000 5000 6 0.15 4 0 0 1 ;
3 2 1000 5000 6 0.15 4 0 0 1 ;
2 1 1000 8000 10 0.15 4 0 0 1 ;
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "x_net.tntp").write_text(NET)
    (tmp_path / "x_node.tntp").write_text("1 -2.6 51.4\n2 -2.5 51.4\n3 -2.55 51.45\n")
    (tmp_path / "od.csv").write_text("origin,destination,trips,low,high\n1,2,2600,2400,2800\n2,1,100,90,110\n")
    (tmp_path / "hgv.csv").write_text("origin,destination,trips\n1,2,40\n")
    return ["--network", str(tmp_path / "x_net.tntp"), "--od", str(tmp_path / "od.csv")]


def run(command: str, files: list[str], *more: str) -> dict[str, Any]:
    ran = CliRunner().invoke(app, [command, *files, *more, "--json"])
    assert ran.exit_code == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def test_assign_writes_flows_of_both_classes_and_whose_they_are(files: list[str], tmp_path: Path) -> None:
    out, minutes = tmp_path / "flows.geojson", tmp_path / "minutes.csv"
    told = run("assign", files, "--heavy", str(tmp_path / "hgv.csv"), "--out", str(out), "--select-link", "2",
               "--journeys-out", str(minutes), "--gap", "1e-6")  # fmt: skip
    assert told["converged"]
    rows = {f["properties"]["link_id"]: f["properties"] for f in json.loads(out.read_text())["features"]}
    assert rows["1"]["flow_car"] + rows["2"]["flow_car"] == pytest.approx(2600, abs=0.01)
    assert rows["1"]["flow_heavy"] + rows["2"]["flow_heavy"] == pytest.approx(40, abs=0.01)
    assert told["select"]["2"]["trips"] == pytest.approx(rows["2"]["flow"], abs=0.01)
    assert told["trips"]["heavy"]["asked"] == 40
    assert {row["origin"] for row in csv.DictReader(minutes.open())} == {"1", "2"}


def test_people_are_told_in_sentences_and_a_table(files: list[str]) -> None:
    ran = CliRunner().invoke(app, ["assign", *files])
    assert ran.exit_code == 0, ran.stderr
    assert "• Relative gap" in ran.stdout
    assert "All of them are taken to be driven in one hour" in ran.stdout
    assert "Busiest links" in ran.stdout


def test_whatif_shows_before_beside_after(files: list[str], tmp_path: Path) -> None:
    told = run("whatif", files, "--close", "2", "--out", str(tmp_path / "after.geojson"))
    assert told["vehicle_hours_saved"] < 0
    links = {link["link_id"]: link for link in told["links"]}
    assert links["2"]["after"] == 0
    assert links["1"]["after"] == pytest.approx(2600)
    assert (tmp_path / "after.geojson").exists()
    assert run("whatif", files, "--widen", "1=3")["vehicle_hours_saved"] > 0
    assert run("whatif", files, "--slow", "1=10")["vehicle_hours_saved"] < 0


def test_bottlenecks_are_listed_with_their_queues(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "worst.csv"
    told = run("bottlenecks", files, "--profile", "08:00 1 1 0.1 0.1 0.1 0.1", "--out", str(out))
    worst = told["bottlenecks"][0]
    assert worst["link_id"] == "1"
    assert worst["queue_from"] == "08:00"
    assert worst["queue_until"] > "08:30"
    assert len(worst["queue"]) == 6
    assert len(out.read_text().splitlines()) > 1


def test_rank_takes_intervals_from_the_file(files: list[str], tmp_path: Path) -> None:
    schemes = tmp_path / "schemes.csv"
    schemes.write_text("scheme,pounds,change,link_id,value\nA,1000000,widen,1,2\nB,9000000,widen,1,2\n")
    told = run("rank", files, "--schemes", str(schemes), "--draws", "6")
    assert [each["scheme"] for each in told["schemes"]] == ["A", "B"]
    assert told["schemes"][0]["first_in"] == 1
    assert "each cell by its own interval" in " ".join(told["statements"])


def test_estimate_writes_a_matrix_that_meets_its_counts(files: list[str], tmp_path: Path) -> None:
    counts, out = tmp_path / "counts.csv", tmp_path / "new.csv"
    counts.write_text("link_id,count\n4,110\n")
    told = run("estimate", files, "--counts", str(counts), "--out", str(out))
    assert told["after"]["geh_below_5"] == 1
    cells = {(row["origin"], row["destination"]): float(row["trips"]) for row in csv.DictReader(out.open())}
    assert cells["2", "1"] == pytest.approx(110, rel=0.01)
    assert cells["1", "2"] == pytest.approx(2600, rel=0.01)
