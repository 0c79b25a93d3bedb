"""`folkmoot estate` as a person meets it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from typer.testing import CliRunner

from folkmoot.cli.estate import app
from folkmoot.engines.estate import DEFAULTS, with_inputs


def run(*words: str) -> str:
    ran = CliRunner().invoke(app, list(words))
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def test_the_template_is_a_toml_file_that_changes_nothing_until_edited(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    run("template", str(path))
    made = with_inputs([], tomllib.loads(path.read_text(encoding="utf-8")))
    assert made.settings.assumptions == DEFAULTS
    assert not made.limits
    again = CliRunner().invoke(app, ["template", str(path)])
    assert again.exit_code == 2
    assert "not overwritten" in again.stderr


def test_every_line_of_the_template_is_understood_once_its_hash_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    run("template", str(path))
    lines = [line.removeprefix("# ") for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if line.startswith("[") or (line[:1].islower() and " = " in line)]
    stated = tomllib.loads("\n".join(kept))
    stated["site"][0] |= {"gia_m2": 900}
    made = with_inputs([], stated)
    assert {site.code for site in made.sites} == {"RXX02", "HUB1", "SMALL1"}
    assert made.named_others == 1
    assert made.limits["max_sites"] == 69
    assert made.settings.assumption("refit_clinical").given
    assert any("desks" in said for said in made.statements)


def test_assumptions_are_listed_with_their_ranges() -> None:
    listed = json.loads(run("assumptions", "--json"))["assumptions"]
    assert len(listed) == len(DEFAULTS)
    assert all(one["low"] <= one["value"] <= one["high"] for one in listed)
