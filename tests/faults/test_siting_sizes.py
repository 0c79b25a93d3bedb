"""At what scale: a site with several rows of different sizes, each a candidate of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from folkmoot.engines.siting.plan import Status
from folkmoot.engines.siting.problem import ProblemError
from folkmoot.engines.siting.reading import tables
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.verify import verify

DEMAND = "area,demand\nA,400\nB,300\nC,200\nD,100\n"
COST = "area,Mill,Quay\nA,1,9\nB,2,9\nC,9,1\nD,9,2\n"
SITES = "site,size,capacity,opening_cost\nMill,small,500,900\nMill,large,1000,1500\nQuay,small,300,600\nQuay,large,600,1100\n"


@pytest.fixture
def read(tmp_path: Path):
    def of(sites: str, objective: str = "cflp"):
        for name, text in (("demand", DEMAND), ("cost", COST), ("sites", sites)):
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tables(*(tmp_path / f"{name}.csv" for name in ("demand", "sites", "cost")), objective=objective).problem

    return of


def test_the_scale_of_each_site_is_chosen_with_its_place(read):
    problem = read(SITES)
    plan = solve(problem)
    # Mill must hold A and B (700): large. Quay holds C and D (300): small is enough.
    assert plan.open == ("Mill (large)", "Quay (small)")
    assert plan.value == 1500 + 600 + 400 + 600 + 200 + 200
    assert plan.status is Status.OPTIMAL
    assert verify(problem, plan).holds


def test_all_sizes_of_a_place_are_reached_alike(read):
    problem = read(SITES)
    assert problem.sites == ("Mill (small)", "Mill (large)", "Quay (small)", "Quay (large)")
    assert problem.cost[:, 0].tolist() == problem.cost[:, 1].tolist() == [1, 2, 9, 9]


def test_a_size_given_twice_is_refused_with_both_lines(read):
    with pytest.raises(ProblemError, match=r"site “Mill \(small\)” on lines 2 and 6"):
        read(SITES + "Mill,small,1,1\n")


def test_a_site_given_twice_without_sizes_is_told_of_them(read):
    with pytest.raises(ProblemError, match="Keep one, or give each its own size"):
        read("site,capacity\nMill,500\nMill,900\n")


def test_a_size_at_a_place_without_travel_is_named_by_its_place(read):
    with pytest.raises(ProblemError, match="Site “Wharf” has no column"):
        read(SITES + "Wharf,small,500,900\n")
