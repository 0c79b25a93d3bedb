"""`folkmoot flow analyse` and `calibrate`: one JSON object, three files, and a sentence for what cannot be."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from folkmoot.cli import app
from folkmoot.engines.flow.logs import read_log

LOG = """Spell;Activity;When;Team;Age
01;Admission ward;05/01/2026 09:00;ward;080
01;Therapy;06/01/2026 09:00;therapy;080
01;Release home;07/01/2026 09:00;ward;080
02;Admission ward;05/01/2026 10:00;ward;=1+1
02;Therapy;09/01/2026 10:00;therapy;=1+1
02;Release home;09/01/2026 12:00;ward;=1+1
03;Admission ward;13/01/2026 10:00;ward;50
;Therapy;13/01/2026 11:00;therapy;=HYPERLINK("x")
04;Release home;14/01/2026 11:00;ward;40
04;Admission ward;15/01/2026 11:00;ward;40
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["flow", *map(str, arguments)])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "hospital.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def test_json_is_one_object_with_all_that_is_promised(log: Path, tmp_path: Path) -> None:
    result = run("analyse", log, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["cases"], found["events"], found["rows"]) == (3, 7, 10)
    assert {r["reason"]: r["count"] for r in found["rejected"]} == {
        "The row names no case.": 1,
        "The last discharge of the case comes before its first admission (a negative stay).": 2,
    }
    assert found["stays"]["count"] == 2
    assert found["stays"]["open_cases"] == 1
    assert found["stays"]["mean_hours"] == pytest.approx((48 + 98) / 2)
    assert found["stays"]["median_hours"] == pytest.approx(73)
    assert found["stays"]["p95_hours"] == pytest.approx(48 + 0.95 * 50)
    therapy = found["resources"][0]
    assert (therapy["name"], therapy["events"], therapy["wait_hours"]) == ("therapy", 2, 120.0)
    assert therapy["share"] == pytest.approx(120 / 146)
    assert found["separable"] is False
    assert found["constraint"]["name"] == "therapy"
    assert 0 <= found["constraint"]["confidence"] <= 1
    assert found["mapping"]["case"] == "Spell"
    assert "“When” was read with the day first." in found["statements"]


def test_the_folder_holds_the_log_the_rejected_rows_and_a_report(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("analyse", log, "--out", out, "--keep", "Age").exit_code == 0
    again = read_log(out / "log.parquet")
    assert len(again.log) == 7
    assert again.log.table["Age"].to_pylist()[0] == "080"
    with (out / "rejected.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["row"] for row in rows] == ["8", "9", "10"]
    assert rows[0]["Age"] == '\'=HYPERLINK("x")'
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "therapy" in page
    assert "http" not in page.split("<body", 1)[1].replace("http://www.w3.org/2000/svg", "")
    assert not list(out.glob("*.part"))


def test_what_was_set_aside_and_what_was_assumed_is_told_to_people_too(log: Path, tmp_path: Path) -> None:
    text = " ".join(run("analyse", log, "--out", tmp_path / "out").stdout.split())
    assert "Set aside: 1 × The row names no case." in text
    assert "Stays run from the first “Admission*” to the last “Release*”." in text
    assert "waiting and service cannot be told apart" in text


def test_flags_win_over_the_toml_file(log: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text('case = "Spell"\nresource = "Age"\nsep = ";"\ndayfirst = false\n', encoding="utf-8")
    found = json.loads(
        run(
            "analyse", log, "--out", tmp_path / "o", "--mapping", mapping, "--dayfirst", "--resource", "Team", "--json"
        ).stdout
    )
    assert found["mapping"]["resource"] == "Team"
    assert found["stays"]["count"] == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--case", "Spel"], "There is no column “Spel” for the case. Did you mean “Spell”?"),
        (["--discharge", "Exit*"], "No activity matches the discharge “Exit*”."),
        (["--zone", "Mars"], "“Mars” is not a time zone"),
        (["--sep", "::"], "“::” is not a separator"),
        (["--mapping", "none.toml"], "There is no mapping “none.toml”."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_with_exit_2(
    log: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    result = run("analyse", log, "--out", tmp_path / "out", *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_a_log_that_is_not_there_and_a_folder_that_is_a_file_are_refused(log: Path, tmp_path: Path) -> None:
    assert "There is no file" in run("analyse", tmp_path / "no.csv", "--out", tmp_path / "out").stderr
    assert run("analyse", log, "--out", log).exit_code == 2


def test_a_log_without_one_good_row_still_gives_its_report(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("case,activity,time\n,a,2020-01-01 10:00\n1,b,never\n", encoding="utf-8")
    result = run("analyse", path, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["events"], found["stays"]["count"], found["constraint"]) == (0, 0, None)
    assert (tmp_path / "out" / "report.html").exists()


def test_the_same_log_and_seed_give_the_same_bytes(log: Path, tmp_path: Path) -> None:
    outputs = [run("analyse", log, "--out", tmp_path / name, "--json").stdout for name in ("a", "b")]
    assert outputs[0] == outputs[1]
    for name in ("log.parquet", "rejected.csv", "report.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_calibrate_says_how_well_the_first_part_predicts_the_later(tmp_path: Path) -> None:
    rows = [
        f"{k},{name},2026-{1 + k // 25:02d}-{1 + k % 25:02d} {hour}:00\n"
        for k in range(200)
        for name, hour in (("Admission", 10), ("Release", 11 + k % 7))
    ]
    path = tmp_path / "log.csv"
    path.write_text("case,activity,time\n" + "".join(rows), encoding="utf-8")
    found = json.loads(run("calibrate", path, "--split", "0.6", "--json").stdout)
    assert found["learned_from"] + found["tested_on"] == pytest.approx(200, abs=1)
    assert found["mean_predicted"] == pytest.approx(found["mean_observed"], rel=0.05)
    assert found["distance"] < 0.1
    assert run("calibrate", path, "--split", "7").exit_code == 2
