"""Every file of a siting problem that cannot be meant is refused with the row and what to do; every odd one is not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from folkmoot.cli.siting import app
from folkmoot.engines.siting.access import Speeds, network, roads, travel_times
from folkmoot.engines.siting.problem import Problem, ProblemError
from folkmoot.engines.siting.reading import matrix, orlib, positions, tables, tsplib
from folkmoot.engines.siting.solve import solve

DEMAND = "area,demand\nA,1\nB,2\nC,3\n"
COST = "area,x,y\nA,1,5\nB,4,2\nC,9,1\n"
SITES = "site\nx\ny\n"


@pytest.fixture
def read(tmp_path):
    def given(demand=DEMAND, cost=COST, sites=SITES, objective="p-center", **limits):
        for name, text in (("demand", demand), ("cost", cost), ("sites", sites)):
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        limits = {"p": 1, **limits} if objective == "p-center" else limits
        return tables(*(tmp_path / f"{n}.csv" for n in ("demand", "sites", "cost")), objective=objective, **limits)

    return given


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({"cost": COST.replace("4,2", "-4,2")}, r"“B” \(line 3\).*-4"),
        ({"cost": COST.replace("4,2", "-9223372036854775808,2")}, "NaN cast to an integer"),
        ({"cost": COST.replace("4,2", "four,2")}, "Line 3 of “cost.csv”.*“four”"),
        ({"cost": COST + "A,3,3\n"}, "“A” more than once"),
        ({"cost": "area,x\nA,1\nB,4\nC,9\n"}, "“y” has no column"),
        ({"cost": "area,site,cost\nA,x,1\nA,x,2\n"}, "lines 2 and 3"),
        ({"demand": DEMAND.replace("B,2", "B,-2")}, "Line 3.*“-2”"),
        ({"demand": DEMAND.replace("B,2", "B,inf")}, "Line 3.*“inf”"),
        ({"demand": DEMAND.replace("B,2", "B,many")}, "Line 3.*“many”"),
        ({"demand": DEMAND.replace("B,2", "B,*")}, "Line 3.*suppressed"),
        ({"demand": DEMAND.replace("B,2", "B,<5")}, "Line 3.*suppressed"),
        ({"demand": DEMAND + "A,1\n"}, "“A” on lines 2 and 5"),
        ({"demand": DEMAND.replace("C,3", ",3")}, "Line 4.*no area code"),
        ({"demand": "area,size\nA,1\n"}, "needs a column of demand"),
        ({"demand": "area,demand\n"}, "no rows"),
        ({"demand": "area,demand\nA,1,2\n"}, "Line 2.*3 cells"),
        ({"sites": "site\nx\nx\n"}, "lines 2 and 3"),
        ({"sites": "site,must_open,must_close\nx,yes,yes\ny,no,no\n"}, "cannot be both"),
        ({"sites": "site,must_open\nx,perhaps\ny,no\n"}, "yes or no"),
        ({"sites": "site,opening_cost\nx,1\ny,-3\n"}, "Line 3.*“-3”"),
        ({"p": 3}, "3 sites are to be open"),
        ({"p": 0}, "0 sites"),
        ({"p": 1, "must_open": ["x", "y"]}, "2 sites must be open"),
        ({"must_open": ["z"]}, "“z” is listed under must open"),
        ({"objective": "p-centre"}, "no objective “p-centre”"),
        ({"objective": "mclp", "p": 1}, "needs a radius"),
        ({"objective": "cflp"}, "opening cost|capacity"),
        ({"equity_slack": 1.0}, "group"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_row(read, spoilt, said):
    with pytest.raises(ProblemError, match=r"(?s)" + said):
        read(**spoilt)


def test_an_unknown_cost_sets_the_area_aside_and_says_how_much_demand_went_with_it(read):
    found = read(cost=COST.replace("4,2", "NaN,2"))
    (aside,) = found.set_aside
    assert (aside.table, aside.line, aside.code) == ("cost.csv", 3, "B")
    assert found.problem.areas == ("A", "C")
    assert any("2 of 6 demand" in sentence for sentence in found.statements)


def test_unknown_demand_sets_the_area_aside(read):
    found = read(demand=DEMAND.replace("B,2", "B,Not Applicable"))
    assert [(a.line, a.code) for a in found.set_aside] == [(3, "B")]


def test_suppressed_counts_are_counted_as_what_people_say(read):
    found = read(demand=DEMAND.replace("B,2", "B,*"), suppressed=2.5)
    assert found.problem.demand.tolist() == [1, 2.5, 3]
    assert "1 areas have a suppressed small count" in found.statements[0]


@pytest.mark.parametrize("mark", ["inf", "4294967.295"])
def test_unreachable_is_infinity_whoever_wrote_it(read, mark):
    found = read(cost=COST.replace("4,2", f"{mark},2"))
    assert np.isinf(found.problem.cost[1, 0])
    assert "unreachable" in found.statements[-1]


def test_a_pair_missing_from_a_long_table_is_unreachable_and_said_to_be(tmp_path):
    (tmp_path / "long.csv").write_text("area,site,minutes\nA,x,1\nB,y,2\n", encoding="utf-8")
    found = matrix(tmp_path / "long.csv")
    assert np.isinf(found.cost).sum() == 2
    assert "2 pairs are not in" in found.statements[0]


def test_codes_stay_text_and_order_changes_no_value(read):
    zeros = DEMAND.replace("A", "007"), COST.replace("A", "007")
    found = read(demand=zeros[0], cost=zeros[1])
    assert "007" in found.problem.areas
    mixed = read(demand="area,demand\nC,3\nA,1\nB,2\n", sites="site\ny\nx\n")
    assert solve(mixed.problem).value == solve(read().problem).value
    assert mixed.problem.fingerprint == read().problem.fingerprint


def test_two_vintages_of_small_areas_are_named(read):
    old = [f"E0100{k:04d}" for k in range(100)]
    new = [*old[:90], *(f"E0103{k:04d}" for k in range(5000, 5010))]
    demand = "lsoa21cd,demand\n" + "".join(f"{code},1\n" for code in new)
    cost = "area,x,y\n" + "".join(f"{code},1,2\n" for code in old)
    with pytest.raises(ProblemError, match=r"(?s)90\.0%.*10 are missing.*2011 and 2021.*look-up"):
        read(demand=demand, cost=cost)


def test_codes_against_names_are_named(read):
    with pytest.raises(ProblemError, match="by code and the other by name"):
        read(demand="lsoa,demand\nE01000001,1\n", cost="area,x,y\nWelwyn Hatfield 010F,1,2\n")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("site,x,y\na,-2.6,51.4\nb,-2.5,51.5\nc,358000,172000\n", "mixes two coordinate systems.*row 4, “c”"),
        ("site,lon,lat\na,358000,172000\n", "says its coordinates are degrees"),
        ("site,easting,northing\na,-2.6,51.4\n", "says its coordinates are metres"),
        ("site,x,y\na,9358000,172000\n", "outside the British National Grid"),
        ("site,lon,lat\na,,51.4\n", "Row 2.*no place"),
        ("site,lon,lat\na,1,51\na,1,52\n", "“a” more than once"),
        ("site,postcode\na,BS1\n", "lon and lat"),
    ],
)
def test_places_of_two_coordinate_systems_are_refused(tmp_path, rows, said):
    (tmp_path / "sites.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(ProblemError, match=r"(?s)" + said):
        positions(tmp_path / "sites.csv")


def test_eastings_and_northings_become_degrees(tmp_path):
    (tmp_path / "sites.csv").write_text("site,easting,northing\na,358000,172000\n", encoding="utf-8")
    found = positions(tmp_path / "sites.csv")
    assert found.lonlat[0] == pytest.approx([-2.607, 51.445], abs=0.01)
    assert "27700" in found.statements[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line"),
        ("3 2 1\n1 2 5\n", "2 edges and has 1"),
        ("3 1 1\n1 9 5\n", "Line 2"),
        ("3 1 1\n1 2 -5\n", "Line 2"),
        ("3 1 1\n1 two 5\n", "Line 2"),
        ("3 1 7\n1 2 5\n", "7 sites"),
    ],
)
def test_graphs_cut_short_or_wrong_are_refused(tmp_path, text, said):
    (tmp_path / "pmed.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError, match=said):
        orlib(tmp_path / "pmed.txt")


def test_of_edges_given_twice_the_last_wins_and_what_is_apart_is_infinitely_far(tmp_path):
    (tmp_path / "pmed.txt").write_text("3 2 1\n1 2 5\n2 1 9\n", encoding="utf-8")
    found = orlib(tmp_path / "pmed.txt", objective="p-center")
    assert found.cost[0, 1] == 9
    assert np.isinf(found.cost[0, 2])
    assert solve(found).status == "infeasible"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EDGE_WEIGHT_TYPE : GEO\nDIMENSION : 1\nNODE_COORD_SECTION\n1 0 0\n", "GEO"),
        ("EDGE_WEIGHT_TYPE : EUC_2D\nDIMENSION : 2\nNODE_COORD_SECTION\n1 0 0\n", "has 1"),
        ("EDGE_WEIGHT_TYPE : EUC_2D\nDIMENSION : 1\nNODE_COORD_SECTION\n1 0\n", "Line 4"),
        ("EDGE_WEIGHT_TYPE : EUC_2D\nDIMENSION : 1\nNODE_COORD_SECTION\n1 0 nan\n", "no place"),
    ],
)
def test_points_that_are_no_points_are_refused(tmp_path, text, said):
    (tmp_path / "p.tsp").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError, match=said):
        tsplib(tmp_path / "p.tsp", p=1)


def test_an_npz_without_codes_or_with_the_wrong_shape_is_refused(tmp_path):
    np.savez(tmp_path / "a.npz", cost=np.ones((2, 2)))
    with pytest.raises(ProblemError, match="areas"):
        matrix(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", cost=np.ones((2, 3)), areas=np.array(["a", "b"]), sites=np.array(["x", "y"]))
    with pytest.raises(ProblemError, match="2 × 3"):
        matrix(tmp_path / "b.npz")
    (tmp_path / "c.npz").write_text("no")
    with pytest.raises(ProblemError, match="cannot be read"):
        matrix(tmp_path / "c.npz")


def test_streets_in_metres_or_that_are_none_are_refused(tmp_path):
    with pytest.raises(ProblemError, match="no degree"):
        network([[(358000, 172000), (358100, 172000)]])
    (tmp_path / "s.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(ProblemError, match="no line"):
        roads(tmp_path / "s.geojson")
    with pytest.raises(ProblemError, match="speed above 0"):
        network([[(0, 0), (0.1, 0)]], speeds=Speeds(default_kmh=0))
    with pytest.raises(ProblemError, match="Eastings"):
        travel_times(network([[(0, 0), (0.1, 0)]]), [(358000, 172000)], [(0, 0)])


def test_odd_problems_are_solved():
    assert solve(Problem("p-center", cost=[[3.0]], p=1)).value == 3
    assert solve(Problem("p-center", cost=[[1, 2], [2, 1]], p=2)).value == 1
    assert solve(Problem("mclp", cost=[[1, 2]], demand=[0], p=1, radius=5)).value == 0
    assert solve(Problem("lscp", cost=[[1, 1], [1, 1]], radius=1)).value == 1
    assert solve(Problem("uflp", cost=[[0, 0]], opening_cost=[0, 0])).value == 0
    huge = 2.0**40
    assert solve(Problem("p-center", cost=[[huge, huge + 1]], p=1)).value == huge


def _run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_damaged_or_foreign_plan_does_not_verify(tmp_path):
    (tmp_path / "d.csv").write_text(DEMAND, encoding="utf-8")
    (tmp_path / "c.csv").write_text(COST, encoding="utf-8")
    files = ("--demand", tmp_path / "d.csv", "--cost", tmp_path / "c.csv", "--p", 1)
    plan = tmp_path / "plan.json"
    assert _run("solve", *files, "--objective", "p-center", "--out", plan, "--json").exit_code == 0
    assert _run("verify", plan, *files).exit_code == 0
    held = json.loads(plan.read_text())
    for change in (
        {"objective": 1.0},
        {"bound": 99.0},
        {"open": ["x", "y"]},
        {"certificate": {"kind": "none", "data": {}}},
    ):
        plan.write_text(json.dumps(held | change))
        assert _run("verify", plan, *files).exit_code == 1, change
    plan.write_text("{")
    assert _run("verify", plan, *files).exit_code == 2
    plan.write_text(json.dumps(held))
    assert _run("verify", plan, *files[:-1], 2).exit_code == 1


def test_a_formula_in_a_group_is_harmless_in_the_table_written(tmp_path):
    (tmp_path / "d.csv").write_text("area,demand,group\nA,1,=1+1\nB,2,@x\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text("area,x,y\nA,1,5\nB,4,2\n", encoding="utf-8")
    out = tmp_path / "access.csv"
    found = _run("access", "--demand", tmp_path / "d.csv", "--cost", tmp_path / "c.csv", "--after", "x", "--out", out)
    assert found.exit_code == 0, found.output
    with Path(out).open(encoding="utf-8", newline="") as file:
        assert {row["group"] for row in csv.DictReader(file)} == {"all", "'=1+1", "'@x"}


@pytest.mark.parametrize(
    "words",
    [
        ("solve",),
        ("solve", "--orlib", "nowhere.txt"),
        ("solve", "--demand", "nowhere.csv", "--cost", "c.csv"),
        ("verify", "nowhere.json"),
        ("access", "--demand", "nowhere.csv"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(words):
    found = _run(*words)
    assert found.exit_code == 2
    assert "Traceback" not in found.output


def test_no_plan_is_told_with_its_reason_and_exit_status_1(tmp_path):
    (tmp_path / "d.csv").write_text(DEMAND, encoding="utf-8")
    (tmp_path / "c.csv").write_text(COST, encoding="utf-8")
    found = _run(
        "solve",
        "--demand",
        tmp_path / "d.csv",
        "--cost",
        tmp_path / "c.csv",
        "--objective",
        "lscp",
        "--radius",
        1,
        "--json",
    )
    assert found.exit_code == 1
    told = json.loads(found.stdout)
    assert told["status"] == "infeasible"
    assert "nearest site is “y”, at 2" in told["explanation"][0]
