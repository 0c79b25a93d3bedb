"""A plan that was tampered with, or is for another problem, is not believed."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from folkmoot.engines.siting.plan import Certificate
from folkmoot.engines.siting.problem import Problem
from folkmoot.engines.siting.record import plan_of, record_of
from folkmoot.engines.siting.solve import solve
from folkmoot.engines.siting.verify import verify


def town(seed: int = 6, n: int = 80, p: int = 5) -> Problem:
    rng = np.random.default_rng(seed)
    return Problem("p-median", cost=np.floor(rng.random((n, n)) * 1000), p=p)


@pytest.fixture(scope="module")
def solved():
    problem = town()
    plan = solve(problem)
    assert plan.certificate.kind == "tree"
    assert any("split" in node for node in plan.certificate.data["nodes"])
    return problem, plan


def data_of(plan):
    return json.loads(json.dumps(plan.certificate.data))


def test_a_plan_survives_being_written_and_read(solved):
    problem, plan = solved
    again = plan_of(json.loads(json.dumps(record_of(plan))))
    assert again == plan
    assert verify(problem, again).holds


def test_a_better_value_is_not_believed(solved):
    problem, plan = solved
    found = verify(problem, replace(plan, value=plan.value - 1, bound=plan.bound - 1))
    assert not found.value_holds
    assert found.value == plan.value


def test_a_better_bound_is_not_believed(solved):
    problem, plan = solved
    found = verify(problem, replace(plan, bound=plan.bound + 1))
    assert found.value_holds
    assert not found.bound_holds


def test_another_problem_is_refused(solved):
    problem, plan = solved
    cost = np.array(problem.cost)
    cost[0, 0] += 1
    found = verify(Problem("p-median", cost=cost, p=problem.p), plan)
    assert not found.value_holds
    assert not found.bound_holds


def test_a_branch_cut_off_is_noticed(solved):
    problem, plan = solved
    data = data_of(plan)
    k = next(k for k, node in enumerate(data["nodes"]) if "split" in node)
    data["nodes"][k]["split"][2] = data["nodes"][k]["split"][1]
    assert not verify(problem, replace(plan, certificate=Certificate("tree", data))).bound_holds


def test_a_site_closed_without_reason_is_noticed(solved):
    problem, plan = solved
    data = data_of(plan)
    data["nodes"][0].setdefault("fixed", []).append([0, [plan.open[0]], []])
    assert not verify(problem, replace(plan, certificate=Certificate("tree", data))).bound_holds


def test_multipliers_cannot_be_swapped(solved):
    problem, plan = solved
    data = data_of(plan)
    data["multipliers"] = [data["multipliers"][-1]] * len(data["multipliers"])
    assert not verify(problem, replace(plan, certificate=Certificate("tree", data))).bound_holds


@pytest.mark.parametrize("damage", ["multipliers", "nodes", "unit", "step"])
def test_a_certificate_with_a_part_missing_is_refused_in_a_sentence(solved, damage):
    problem, plan = solved
    data = data_of(plan)
    del data[damage]
    found = verify(problem, replace(plan, certificate=Certificate("tree", data)))
    assert not found.bound_holds
    assert "damaged" in found.statements[-1]


def test_a_coarser_unit_cannot_round_the_bound_up(solved):
    problem, plan = solved
    data = {**data_of(plan), "unit": [1000, 1]}
    assert not verify(problem, replace(plan, certificate=Certificate("tree", data))).bound_holds


def test_a_site_too_many_is_noticed(solved):
    problem, plan = solved
    more = next(code for code in problem.sites if code not in plan.open)
    assert not verify(problem, replace(plan, open=(*plan.open, more))).value_holds


def test_a_bound_that_rests_on_the_solver_is_said_to(solved):
    problem, plan = solved
    found = verify(problem, replace(plan, certificate=Certificate("solver-trusted")))
    assert found.value_holds
    assert not found.bound_holds
    assert "rests on the solver HiGHS" in found.statements[-1]
