"""`folkmoot flow` as people and programs use it: one JSON object or a sentence, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from folkmoot.cli.flow import app
from folkmoot.cli.town import write
from folkmoot.town import build

LOG = """case;what;when;team
A;Admission;2026-03-02 08:00;Front door
A;Assessment;2026-03-02 12:00;Social care
A;Release;2026-03-03 09:00;Ward
B;Admission;2026-03-02 09:00;Front door
B;Assessment;2026-03-04 09:00;Social care
B;Release;2026-03-04 10:00;Ward
C;Admission;not a time;Front door
"""
COLUMNS = ("--case", "case", "--activity", "what", "--timestamp", "when", "--resource", "team", "--sep", ";")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write(build(seed=1, scale="test"), folder)
    return folder


def run(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def test_analyse_prints_one_object_and_writes_three_files(log, tmp_path):
    out = tmp_path / "out"
    found = json.loads(run("analyse", log, *COLUMNS, "--out", out, "--json"))
    assert (found["cases"], found["events"]) == (2, 6)
    assert found["rejected"] == [{"reason": found["rejected"][0]["reason"], "count": 1}]
    assert found["stays"]["count"] == 2
    assert found["stays"]["mean_hours"] == pytest.approx((25 + 49) / 2)
    assert found["constraint"]["name"] == "Social care"
    assert 0 <= found["constraint"]["confidence"] <= 1
    team = next(r for r in found["resources"] if r["name"] == "Social care")
    assert team["events"] == 2
    assert team["wait_hours"] == pytest.approx(4 + 48)
    assert 0 < team["share"] < 1
    assert {p.name for p in out.iterdir()} == {"log.parquet", "rejected.csv", "report.html"}
    assert "not a time" in (out / "rejected.csv").read_text(encoding="utf-8")


def test_a_mapping_file_says_the_same_as_flags_and_flags_win(log, tmp_path):
    mapping = tmp_path / "map.toml"
    mapping.write_text('case = "case"\nactivity = "what"\ntimestamp = "when"\nresource = "nobody"\n', encoding="utf-8")
    found = json.loads(
        run("analyse", log, "--mapping", mapping, "--resource", "team", "--out", tmp_path / "o", "--json")
    )
    assert found["mapping"]["resource"] == "team"
    assert found["events"] == 6


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("analyse", "absent.csv", "--out", "x"), "There is no file “absent.csv”."),
        (("simulate", "--policy", "fastest", "--town", "x"), "There is no policy “fastest”."),
    ],
)
def test_bad_input_is_a_sentence_and_exit_status_2(words, sentence):
    assert sentence in run(*words, code=2)


def test_a_wrong_column_is_answered_with_the_columns_there_are(log, tmp_path):
    said = run("analyse", log, "--case", "patient", "--out", tmp_path / "o", code=2)
    assert "There is no column “patient”" in said
    assert "case, what, when, team" in said


def test_simulate_and_focus_print_one_object_each(town):
    simulated = json.loads(run("simulate", "--town", town, "--replications", 2, "--json"))
    assert simulated["baseline"] == "fcfs"
    assert {o["name"] for o in simulated["outcomes"]} == {"fcfs", "index-ageing", "clairvoyant"}
    assert all(o["mean"]["value"] >= o["bound"] for o in simulated["outcomes"])
    focused = json.loads(run("focus", "--town", town, "--replications", 2, "--json"))
    assert focused["steps"][0]["name"] == "as it is"
    assert focused["constraint"]["pressures"]
    assert focused["elevations"]


def test_a_log_without_starts_is_not_simulated_on_invented_capacity(log):
    columns = log.with_suffix(".toml")
    columns.write_text('case = "case"\nactivity = "what"\ntimestamp = "when"\nresource = "team"\n', encoding="utf-8")
    assert "completion times only" in run("simulate", "--log", log, "--mapping", columns, code=2)


def test_order_gives_every_team_a_list_with_reasons(town):
    mornings = [f"2026-01-{day}T07:30" for day in range(10, 20)]
    found = [json.loads(run("order", "--town", town, "--at", at, "--json")) for at in mornings]
    teams = [team for morning in found for team in morning["resources"]]
    assert any(len(team["waiting"]) > 1 for team in teams)
    for team in teams:
        assert [line["position"] for line in team["waiting"]] == list(range(1, len(team["waiting"]) + 1))
        assert all(line["why"].endswith(".") for line in team["waiting"])


def test_a_moment_that_is_none_is_refused(town):
    assert "is not a moment" in run("order", "--town", town, "--at", "tomorrow", code=2)
