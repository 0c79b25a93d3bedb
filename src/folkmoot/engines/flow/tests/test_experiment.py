"""The evidence: paired, with intervals and bound, whatever the number of workers; and what the order is worth."""

from __future__ import annotations

import pytest

from folkmoot import town
from folkmoot.engines.flow import Scenario, compare, five_steps, histories
from folkmoot.engines.flow.experiment import Interval


def maker(name: str, hours: str, rho: float, patients: int = 8000):
    def make(seed: int) -> Scenario:
        return Scenario.from_tables(town.hospital(name, rho=rho, hours=hours, patients=patients, seed=seed))

    return make


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "hours", "rho"),
    [("A", "office", 0.95), ("B", "24/7", 0.95), ("B", "office", 0.90), ("B", "office", 0.95), ("C", "office", 0.90)],
)
def test_the_index_with_ageing_beats_toc_and_fcfs_without_starving_anyone(name, hours, rho):
    found = compare(
        maker(name, hours, rho), ["fcfs", "toc", "index-ageing", "clairvoyant"], against="fcfs", seeds=range(201, 207)
    )
    ours = found["index-ageing"]
    assert ours.change.value <= 0.0
    assert found.change("index-ageing", "toc").value <= 0.0
    assert ours.p99_ratio <= 1.25
    assert 0.0 <= found["clairvoyant"].gap <= ours.gap


def test_no_policy_is_below_its_bound_and_everybody_is_counted():
    found = compare(maker("B", "office", 0.9, 3000), ["fcfs", "index"], against="fcfs", seeds=(1, 2))
    for outcome in found.outcomes:
        assert outcome.mean.value >= outcome.bound
        assert outcome.unfinished == 0
    women, men = (next(g for g in found["fcfs"].groups if g.label == f"Sex {s}") for s in ("female", "male"))
    assert women.patients + men.patients == found.patients


def test_the_numbers_do_not_depend_on_the_number_of_workers():
    make = maker("B", "office", 0.9, 1500)
    one = compare(make, ["fcfs", "toc"], against="fcfs", seeds=(1, 2, 3), workers=1)
    two = compare(make, ["fcfs", "toc"], against="fcfs", seeds=(1, 2, 3), workers=2)
    assert one == two


def test_an_interval_of_one_history_is_not_invented():
    assert Interval.of([3.0]).low != Interval.of([3.0]).low  # NaN
    wide = Interval.of([1.0, 3.0])
    assert wide.low < wide.value == 2.0 < wide.high


def test_the_five_steps_come_in_order_each_with_its_own_bound():
    source = maker("B", "office", 0.9, 3000)(7)
    reports: list[tuple[int, int]] = []
    found = five_steps(source, make=histories(source), seeds=(1, 2, 3), progress=lambda *p: reports.append(p))
    assert found.constraint.resource_id == "social"
    names = [step.name for step in found.steps]
    assert names[0] == "as it is"
    assert names[-2:] == ["subordinate: refer earlier", "elevate"]
    assert found.steps[-1].bound_hours < found.steps[0].bound_hours
    assert found.steps[-1].total.high < 0
    assert all(step.gap >= 0 for step in found.steps)
    assert reports[-1][0] == reports[-1][1]
    assert found.elevations[0].saved_bed_hours_a_week >= found.elevations[-1].saved_bed_hours_a_week
