"""What people give that cannot be used: every case is a sentence that names the row or the limit, or is counted."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from folkmoot.cli.estate import app
from folkmoot.engines.estate import EstateError, Programme, Settings, Travel, read_eric, read_trusts, with_inputs
from folkmoot.engines.estate.tests.small import site
from folkmoot.vocabulary.money import Money

HEAD = (
    "Organisation Code", "Organisation Name", "Organisation Type", "Site Code", "Site Name", "Site Type",
    "Gross internal floor area (m²)", "Clinical space (m²)", "Non-clinical space (m²)", "Floor area - empty (%)",
    "Floor area - under used (%)", "Cleaning service cost (£)",
)  # fmt: skip
GOOD = (
    "RXX",
    "A TRUST",
    "ACUTE",
    "RXX01",
    "A HOSPITAL",
    "1. General acute hospital",
    "1,000",
    "600",
    "300",
    "5",
    "0",
    "9",
)


def eric(path: Path, *changes: dict[str, str], encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, HEAD)
        writer.writeheader()
        for change in changes:
            writer.writerow(dict(zip(HEAD, GOOD, strict=True)) | change)
    return path


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Gross internal floor area (m²)": "about 400"}, "“about 400” is not a number"),
        ({"Gross internal floor area (m²)": "Not Applicable"}, "not known or 0"),
        ({"Gross internal floor area (m²)": "-5"}, "out of range"),
        ({"Gross internal floor area (m²)": "nan"}, "not a number"),
        ({"Gross internal floor area (m²)": "inf"}, "not a number"),
        ({"Floor area - empty (%)": "140"}, "out of range"),
        ({"Site Code": ""}, "no site code"),
        ({"Site Code": "RXX00"}, "already in row 2"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_number_and_the_reason(
    change: dict[str, str], reason: str, tmp_path: Path
) -> None:
    read = read_eric(eric(tmp_path / "sites.csv", {"Site Code": "RXX00"}, change))
    assert [site.code for site in read.trusts["RXX"].sites] == ["RXX00"]
    assert [one.row for one in read.rejected] == [3]
    assert reason in read.rejected[0].reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_square_metres_and_thousands_are_read_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    read = read_eric(eric(tmp_path / "sites.csv", {}, encoding=encoding))
    assert read.trusts["RXX"].sites[0].gia_m2 == 1000.0


@pytest.mark.parametrize("code", ["AGGRE", "RXX99"])
def test_an_aggregate_row_never_becomes_a_place(code: str, tmp_path: Path) -> None:
    read = read_eric(eric(tmp_path / "sites.csv", {"Site Code": code, "Site Type": "AGGREGATE SITE"}))
    assert not read.trusts["RXX"].sites
    assert len(read.trusts["RXX"].aggregates) == 1


def test_an_unknown_percentage_is_counted_and_not_read_as_a_number(tmp_path: Path) -> None:
    read = read_eric(eric(tmp_path / "sites.csv", {"Floor area - empty (%)": "Not Applicable"}))
    assert read.trusts["RXX"].sites[0].empty_percent is None
    assert read.unknown["Floor area - empty (%)"] == 1


def test_files_that_are_no_site_files_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "no.csv").write_text("a,b\n1,2\n")
    with pytest.raises(EstateError, match="no ERIC file"):
        read_eric(tmp_path / "no.csv")
    with pytest.raises(EstateError, match="no file absent"):
        read_eric(tmp_path / "absent.csv")
    with pytest.raises(EstateError, match="Number of sites"):
        read_trusts(eric(tmp_path / "sites.csv", {}))
    with pytest.raises(EstateError, match="no organisation “RYY”"):
        read_eric(tmp_path / "sites.csv").trust("RYY")


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"assumptions": {"refit": 1}}, "no assumption “refit”"),
        ({"assumptions": {"running_follows_share": 1.5}}, "cannot be above 1"),
        ({"assumptions": {"refit_clinical": float("nan")}}, "must be a number"),
        ({"assumptions": {"plan_years": 2.5}}, "whole number"),
        ({"assumptions": {"appraisal_years": 2}}, "at least as long"),
        ({"limits": {"maxsites": 3}}, "“maxsites”, which is not known"),
        ({"limits": {"capital": ["many"]}}, "pounds as a number"),
        ({"site": [{"code": "AGGRE"}]}, "AGGRE stands for many sites"),
        ({"site": [{"code": "NEW"}]}, "must state its gia_m2"),
        ({"clinic": [{"site": "A"}]}, "lacks “service”"),
        ({"offices": [{"site": "ZZ", "headcount": 1, "mobile_share": [0, 0, 0], "peak_factor": [1, 1, 1],
                       "people_per_desk": [1, 1, 1], "m2_per_desk": 8}]}, "neither the data nor the file"),
    ],
)  # fmt: skip
def test_a_misspelt_or_impossible_input_is_refused(stated: dict[str, object], sentence: str) -> None:
    with pytest.raises(EstateError, match=sentence):
        with_inputs([site("A")], stated)


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"must_keep": frozenset({"Z"})}, "not among the 2 sites"),
        ({"must_keep": frozenset({"A"}), "must_close": frozenset({"A"})}, "both kept and closed"),
        ({"max_sites": 0}, "leave no estate"),
        ({"others": -1}, "other sites cannot be"),
        ({"capital": (Money(1),)}, "has 1 years; the plan has 5"),
        ({"early_exit": "maybe"}, "say pay or forbid"),
    ],
)
def test_limits_that_contradict_each_other_are_refused(limits: dict[str, object], sentence: str) -> None:
    with pytest.raises(EstateError, match=sentence):
        Programme((site("A"), site("B")), Settings(), **limits)  # type: ignore[arg-type]


def test_a_site_given_twice_or_with_an_impossible_lease_or_area_is_refused() -> None:
    with pytest.raises(EstateError, match="given twice"):
        Programme((site("A"), site("A")), Settings())
    with pytest.raises(EstateError, match="after it ends"):
        Programme((site("A", lease_break=2030, lease_end=2029),), Settings())
    with pytest.raises(EstateError, match="negative or no number"):
        Programme((site("A", gia_m2=float("nan")),), Settings())


@pytest.mark.parametrize("minutes", [float("nan"), float("inf"), -1.0])
def test_impossible_travel_times_are_refused_with_area_and_site(minutes: float) -> None:
    with pytest.raises(EstateError, match="from E1 to A"):
        Travel(("E1",), np.array([10.0]), np.array([1]), ("A",), np.array([[minutes]]))


def test_errors_of_the_command_are_one_sentence_and_status_2(tmp_path: Path) -> None:
    path = eric(tmp_path / "sites.csv", {}, {"Site Code": "AGGRE"})
    for options, sentence in (
        (["plan", "--out", str(tmp_path / "o")], "Give either --sites"),
        (["plan", "--sites", str(path), "--out", str(tmp_path / "o")], "Give --org"),
        (["plan", "--sites", str(path), "--org", "RXX", "--out", str(tmp_path / "o")], "cannot be promised"),
    ):
        ran = CliRunner().invoke(app, options)
        assert ran.exit_code == 2
        assert sentence in ran.stderr


def test_a_name_that_is_a_formula_does_not_run_in_a_spreadsheet(tmp_path: Path) -> None:
    path = eric(
        tmp_path / "sites.csv", {"Site Name": "=HYPERLINK(1)", "Cleaning service cost (£)": "9,000,000"},
        {"Site Code": "RXX02", "Gross internal floor area (m²)": "9000", "Floor area - empty (%)": "50"},
    )  # fmt: skip
    (tmp_path / "plan.toml").write_text("[limits]\nother_sites = 0\nmax_sites = 1\n")
    out = tmp_path / "out"
    options = ["plan", "--sites", str(path), "--org", "RXX", "--inputs", str(tmp_path / "plan.toml"), "--out", str(out)]
    assert CliRunner().invoke(app, options).exit_code == 0
    assert "'=HYPERLINK(1)" in (out / "plan.csv").read_text(encoding="utf-8")
    assert "<script" not in (out / "report.html").read_text(encoding="utf-8")
