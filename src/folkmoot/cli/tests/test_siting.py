"""`folkmoot siting` as somebody types it: tables in, one JSON object or sentences out, a plan that verifies."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from folkmoot.cli.siting import app

runner = CliRunner()
DEMAND = "area,demand,group\nA,400,9\nB,300,5\nC,200,5\nD,100,1\n"
SITES = "site,status,opening_cost,capacity\nM,existing,900,700\nQ,,600,500\nR,,500,500\n"
COST = "area,M,Q,R\nA,0,8,20\nB,4,4,16\nC,8,0,12\nD,20,12,0\n"


@pytest.fixture
def tables(tmp_path: Path) -> list[str]:
    for name, text in (("demand", DEMAND), ("sites", SITES), ("cost", COST)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return [part for name in ("demand", "sites", "cost") for part in (f"--{name}", str(tmp_path / f"{name}.csv"))]


def asked(*words: str) -> dict[str, Any]:
    result = runner.invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*words: str) -> str:
    result = runner.invoke(app, list(words))
    assert result.exit_code == 2, result.output
    return " ".join(result.output.replace("│", " ").split())


def test_a_plan_is_solved_and_said_in_one_object(tables: list[str]) -> None:
    found = asked("solve", *tables, "--p", "2")
    assert {"status", "objective", "bound", "gap", "open", "seconds"} <= set(found)
    # M and Q: A 0, B 4, C 0, D 12 → 300 × 4 + 100 × 12.
    assert (found["status"], found["objective"], found["open"]) == ("optimal", 2400, ["M", "Q"])
    assert found["bound"] == 2400
    assert found["gap"] == 0


def test_what_solve_writes_verify_believes_only_for_the_same_question(tables: list[str], tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    asked("solve", *tables, "--p", "2", "--out", str(plan))
    assert asked("verify", str(plan), *tables, "--p", "2")["holds"] is True
    other = runner.invoke(app, ["verify", str(plan), *tables, "--p", "1"])
    assert (other.exit_code, "for another problem" in other.output) == (1, True)
    told = json.loads(plan.read_text(encoding="utf-8"))
    told["objective"] -= 100
    plan.write_text(json.dumps(told), encoding="utf-8")
    spoilt = runner.invoke(app, ["verify", str(plan), *tables, "--p", "2"])
    assert (spoilt.exit_code, "The sites are worth 2,400, and the plan says 2,300." in spoilt.output) == (1, True)


def test_rows_in_another_order_are_the_same_problem_and_its_plan_holds(tables: list[str], tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    asked("solve", *tables, "--p", "2", "--out", str(plan))
    for name, text in (("demand", DEMAND), ("sites", SITES), ("cost", COST)):
        head, *rows = text.splitlines()
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    assert asked("verify", str(plan), *tables, "--p", "2")["holds"] is True


def test_rows_set_aside_are_kept_beside_the_plan(tables: list[str], tmp_path: Path) -> None:
    (tmp_path / "demand.csv").write_text(DEMAND + "=E,50,1\n", encoding="utf-8")
    plan = tmp_path / "plan.json"
    assert asked("solve", *tables, "--p", "2", "--out", str(plan))["set_aside"] == 1
    with (tmp_path / "plan.set-aside.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["line"], row["code"]) for row in rows] == [("6", "'=E")]
    assert "No travel costs" in rows[0]["reason"]


def test_alternatives_say_what_is_exchanged(tables: list[str]) -> None:
    found = asked("alternatives", *tables, "--p", "2", "--count", "1", "--within", "0.5")
    other = found["alternatives"][0]
    assert found["open"] == ["M", "Q"]
    assert len(other["opened"]) == len(other["closed"]) == 1
    assert other["extra"] <= 0.5 * found["objective"]


def test_a_group_may_not_be_served_worse_than_today(tables: list[str], tmp_path: Path) -> None:
    (tmp_path / "demand.csv").write_text(DEMAND.replace("C,200", "C,500"), encoding="utf-8")
    free = asked("solve", *tables, "--p", "1")
    fair = asked("solve", *tables, "--p", "1", "--equity-slack", "0")
    assert free["open"] == ["Q"]  # takes A from 0 to 8 minutes away
    assert fair["open"] == ["M"]


def test_demand_that_is_not_known_is_drawn_and_the_plan_tried(tables: list[str], tmp_path: Path) -> None:
    found = asked("uncertain", *tables, "--p", "2", "--draws", "40", "--spread", "0.8", "--seed", "3")
    assert found["draws"] == found["proved"] == 40
    shares = {each["site"]: each["share"] for each in found["chosen"]}
    assert sum(shares.values()) == pytest.approx(2)  # two sites in every best plan
    assert shares["M"] == max(shares.values())
    assert 0 <= found["mean_regret"] <= found["worst_regret"]
    assert (
        asked("uncertain", *tables, "--p", "2", "--draws", "40", "--spread", "0.8", "--seed", "3")["chosen"]
        == (found["chosen"])
    )
    still = asked("uncertain", *tables, "--p", "2", "--draws", "3", "--spread", "0")
    assert (still["worst_regret"], {each["share"] for each in still["chosen"]}) == (0, {1.0})


def test_a_plan_for_another_problem_is_not_tried(tables: list[str], tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    asked("solve", *tables, "--p", "2", "--out", str(plan))
    assert "is a plan for another problem" in refused("uncertain", *tables, "--p", "1", "--plan", str(plan))


def test_two_sources_at_once_are_refused(tables: list[str], tmp_path: Path) -> None:
    assert "Give one of" in refused("solve", *tables, "--orlib", str(tmp_path / "pmed1.txt"), "--p", "2")
