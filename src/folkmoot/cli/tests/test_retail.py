"""`folkmoot retail` as somebody types it: files or a town in, one JSON object or tables out, sentences for mistakes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from folkmoot.cli.retail import app
from folkmoot.engines.retail.tests.markets import town_tables
from folkmoot.town import shops

runner = CliRunner()
FILES = {"--areas": "areas", "--centres": "centres", "--cost": "travel_minutes", "--flows": "shopping_flows"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `folkmoot town build` writes it, with CSV beside."""
    folder = tmp_path_factory.mktemp("town")
    for name, table in town_tables(4, 40, 12_000).items():
        pyarrow.parquet.write_table(table, folder / f"{name}.parquet")
        pyarrow.csv.write_csv(table, folder / f"{name}.csv")
    return folder


def files(town: Path, *, flows: bool = True) -> list[str]:
    """The options that name the CSV files of a town."""
    return [part for flag, name in FILES.items() if flows or flag != "--flows" for part in (flag, f"{town / name}.csv")]


def asked(*words: str) -> dict:
    """The JSON object that a command prints, and nothing else."""
    result = runner.invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*words: str) -> str:
    """The sentence with which a command exits with status 2."""
    result = runner.invoke(app, list(words))
    assert result.exit_code == 2, result.output
    return " ".join(result.output.replace("│", " ").split())


def test_the_law_of_the_town_is_found_from_its_folder_and_from_csv_alike(town: Path) -> None:
    by_folder, by_files = asked("fit", "--town", str(town)), asked("fit", *files(town))
    assert by_folder["parameters"] == by_files["parameters"]
    assert by_folder["status"] == "calibrated"
    for parameter, truth in zip(by_folder["parameters"], (shops.ALPHA, shops.BETA_PER_MINUTE)):
        assert parameter["low"] < truth < parameter["high"]


def test_what_fit_writes_predict_reads(town: Path, tmp_path: Path) -> None:
    held = tmp_path / "FIT.json"
    printed = asked("fit", "--town", str(town), "--decay", "exponential", "--out", str(held))
    assert json.loads(held.read_text()) == printed
    new = ("--new", "-0.52,53.07,1500,retail park")
    found = asked("predict", "--town", str(town), "--fit", str(held), *new)
    assert found["status"] == "calibrated"
    assert found["centres"][-1]["is_new"]
    assert found["visitors"]["mix"]
    # Without a file the flows of the town are used, which is the same.
    assert asked("predict", "--town", str(town), *new)["centres"] == found["centres"]


def test_a_check_leaves_every_centre_out_and_forecasts_repeat_what_it_found(town: Path, tmp_path: Path) -> None:
    found = asked("fit", "--town", str(town), "--check", "--out", str(tmp_path / "FIT.json"))
    assert len(found["hold_out"]["centres"]) == 10
    said = asked("predict", "--town", str(town), "--fit", str(tmp_path / "FIT.json"))["statements"]
    assert found["hold_out"]["statement"] in said
    assert "Each centre left out" in runner.invoke(app, ["fit", "--town", str(town), "--check"]).output


def test_without_flows_everything_is_uncalibrated(town: Path) -> None:
    for more in ((), ("--alpha", "1", "--beta", "0.15")):
        found = asked("predict", *files(town, flows=False), "--new", "-0.52,53.07,1500", *more)
        assert found["status"] == "uncalibrated"
        assert any("assumption" in said for said in found["statements"])
    shown = runner.invoke(app, ["predict", *files(town, flows=False)])
    assert "Uncalibrated forecast" in shown.output


def test_costs_to_a_new_centre_are_driven_given_or_estimated(town: Path, tmp_path: Path) -> None:
    site = pyarrow.parquet.read_table(town / "centre_candidates.parquet").to_pylist()[2]
    minutes = [
        (row["lsoa21cd"], row["minutes"])
        for row in pyarrow.parquet.read_table(town / "candidate_minutes.parquet").to_pylist()
        if row["candidate_id"] == site["candidate_id"]
    ]
    given = tmp_path / "minutes.csv"
    with given.open("w", newline="") as file:
        csv.writer(file).writerows([("lsoa21cd", "minutes"), *minutes])
    new = ("--new", f"{site['lon']},{site['lat']},1200,{site['centre_class']}")
    driven = asked("predict", "--town", str(town), *new)["centres"][-1]["turnover"]["value"]
    by_file = asked("predict", *files(town), *new, "--new-cost", str(given))["centres"][-1]["turnover"]["value"]
    estimated = asked("predict", *files(town), *new)
    assert driven == pytest.approx(by_file, rel=1e-3)
    assert any("as the crow" in said for said in estimated["statements"])


def test_a_matrix_may_be_given_as_npz(town: Path, tmp_path: Path) -> None:
    table = pyarrow.parquet.read_table(town / "travel_minutes.parquet")
    matrix = table["minutes"].to_numpy().reshape(40, -1)
    np.savez(tmp_path / "cost.npz", cost=matrix)
    words = [word if not word.endswith("travel_minutes.csv") else str(tmp_path / "cost.npz") for word in files(town)]
    assert asked("fit", *words)["parameters"] == asked("fit", *files(town))["parameters"]
    (tmp_path / "cost.npz").write_bytes(b"no archive")
    assert "is not a NumPy .npz file" in refused("fit", *words)


def test_results_are_written_as_csv_that_no_spreadsheet_runs(town: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    table = pyarrow.parquet.read_table(town / "centres.parquet").to_pylist()
    table[0]["name"] = "=HYPERLINK(1)"
    centres = tmp_path / "centres.csv"
    with centres.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    words = [str(centres) if word.endswith("/centres.csv") else word for word in files(town)]
    result = runner.invoke(app, ["predict", *words, "--new", "-0.52,53.07,1500", "--out", str(folder)])
    assert result.exit_code == 0, result.output
    with (folder / "centres.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["name"] == "'=HYPERLINK(1)"
    assert {row["status"] for row in rows} == {"calibrated"}
    assert (folder / "visitors.csv").read_text().count("\n") > 10
    assert (folder / "catchment.csv").read_text().count("\n") > 10


def test_sites_are_ranked_and_written(town: Path, tmp_path: Path) -> None:
    out = tmp_path / "options.csv"
    found = asked("place", "--town", str(town), "--margin", "0.09", "--most-loss", "20", "--out", str(out))
    assert found["best"] == found["options"][0]
    assert len(out.read_text().splitlines()) == len(found["options"]) + 1
    sizes = asked("place", "--town", str(town), "--objective", "benefit", "--floor-spaces", "400,800")
    assert {option["floor_space_m2"] for option in sizes["options"]} <= {400.0, 800.0}
    shown = runner.invoke(app, ["place", "--town", str(town), "--objective", "turnover"])
    assert "Calibrated: the best floor space of each site" in shown.output


def test_the_long_run_is_told(town: Path) -> None:
    found = asked("equilibrium", "--town", str(town), "--new", "-0.52,53.07,1500,retail park")
    assert found["converged"]
    assert found["centres"][-1]["is_new"]
    shown = runner.invoke(app, ["equilibrium", "--town", str(town), "--costs", "250"])
    assert "in the long run" in shown.output


MISTAKES = {
    "nothing": (("fit",), "Give --areas, --centres, --cost"),
    "both": (("fit", "--town", "TOWN", "--areas", "x.csv"), "not both"),
    "no folder": (("fit", "--town", "/nowhere/at/all"), "folkmoot town build"),
    "no town in it": (("fit", "--town", "/"), "holds no town with shops"),
    "decay": (("fit", "--town", "TOWN", "--decay", "linear"), "choose auto, exponential or power"),
    "variable": (("fit", "--town", "TOWN", "--variables", "charm"), "no column “charm”"),
    "half a law": (("predict", "--town", "TOWN", "--alpha", "1"), "both --alpha and --beta"),
    "two laws": (("predict", "--town", "TOWN", "--fit", "f.json", "--alpha", "1", "--beta", "1"), "not both"),
    "no fit": (("predict", "--town", "TOWN", "--fit", "/nowhere.json"), "no file"),
    "not a new centre": (("predict", "--town", "TOWN", "--new", "here"), "is not a new centre"),
    "no class": (("predict", "--town", "TOWN", "--new", "-0.5,53,900,bazaar"), "no class “bazaar”"),
    "grid": (("predict", "--town", "TOWN", "--new", "497500,352000,900"), "British National Grid"),
    "no margin": (("place", "--town", "TOWN"), "without a margin"),
    "sizes": (("place", "--town", "TOWN", "--margin", "0.1", "--floor-spaces", "big"), "not a row of floor spaces"),
    "costs": (("equilibrium", "--town", "TOWN", "--costs", "cheap"), "not understood"),
    "elsewhere": (("predict", "--town", "TOWN", "--elsewhere", "maybe"), "responds or fixed"),
}


@pytest.mark.parametrize(("words", "sentence"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_answered_in_a_sentence(town: Path, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in refused(*(str(town) if word == "TOWN" else word for word in words))


BROKEN = {
    "empty": ("", "has no rows"),
    "head only": ("lsoa21cd,population\n", "has no rows"),
    "ragged": ("lsoa21cd,population\nA,1,2\n", "Row 2 of “areas.csv” has 3 cells"),
    "double": ("lsoa21cd,lsoa21cd\nA,1\n", "two columns named “lsoa21cd”"),
    "latin": ("lsoa21cd,name\nA,Caf\xe9\n", "not a CSV file in UTF-8"),
}


@pytest.mark.parametrize(("text", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_named(town: Path, tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "areas.csv").write_bytes(text.encode("latin-1"))
    words = [str(tmp_path / "areas.csv") if word.endswith("areas.csv") else word for word in files(town)]
    assert sentence in refused("fit", *words)


def test_a_file_that_is_not_a_calibration_is_refused(town: Path, tmp_path: Path) -> None:
    for text, sentence in (("{}", "not a calibration"), ("[1]", "no JSON object"), ("{", "is not JSON")):
        (tmp_path / "F.json").write_text(text)
        assert sentence in refused("predict", "--town", str(town), "--fit", str(tmp_path / "F.json"))
