"""Plans against the best of all plans, and what must hold of each."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from folkmoot.engines.estate import EstateError, Programme, Settings, check, frontier, plan
from folkmoot.engines.estate.tests.small import by_enumeration, estate, site
from folkmoot.vocabulary.money import Money


@pytest.mark.parametrize("seed", range(60))
def test_a_plan_costs_as_little_as_the_best_of_all_plans(seed: int) -> None:
    programme = estate(seed)
    best = by_enumeration(programme)
    found = plan(programme)
    if best is None:
        assert found.status == "infeasible"
        assert found.breaches
        return
    assert found.status == "optimal"
    assert found.objective == pytest.approx(best, abs=1.0)
    assert found.bound is not None
    assert found.bound <= found.objective + 1e-6
    assert found.gap == pytest.approx(0.0, abs=1e-6)
    assert check(found, programme)


def test_the_random_estates_are_of_every_kind() -> None:
    bests = [by_enumeration(estate(seed)) for seed in range(60)]
    assert 5 <= sum(best is None for best in bests) <= 45
    assert sum(best is not None and best < 0 for best in bests) >= 5


def one_receiver(**figures: object) -> tuple:
    return (site("A"), site("B", needs=(("outpatient", 200.0),)), site("BIG", spare=(("floor", 5000.0),), **figures))


def test_the_order_of_rows_does_not_change_the_value() -> None:
    for seed in range(12):
        programme = estate(seed)
        turned = replace(programme, sites=programme.sites[::-1])
        assert plan(turned).objective == pytest.approx(plan(programme).objective, abs=0.01)


def test_a_lease_that_may_not_be_left_holds_its_site() -> None:
    sites = (site("A", lease_end=2035, rent=1), site("BIG", spare=(("floor", 5000.0),)))
    held = Programme(sites, Settings(), max_sites=1, early_exit="forbid", start_year=2027)
    assert plan(held).status == "infeasible"
    assert plan(replace(held, early_exit="pay")).closed == ("A",)


def test_leaving_at_the_break_costs_no_rent_and_after_it_the_rest_of_the_lease() -> None:
    leased = site("A", lease_break=2028, lease_end=2035)
    assert [leased.released(year) for year in (2027, 2028, 2029, 2040)] == [2028, 2028, 2035, 2040]


def test_a_new_site_receives_only_after_the_year_in_which_it_opens() -> None:
    new = site("NEW", is_open=False, needs=(), spare=(("floor", 2000.0),), pounds=1)
    found = plan(Programme((site("A", pounds=900_000), new), Settings(), must_close=frozenset({"A"})))
    years = {step.site: step.year for step in found.steps}
    assert years["A"] == years["NEW"] + 1
    assert [step.site for step in found.steps] == ["NEW", "A"]


def test_a_ward_does_not_move_into_an_office() -> None:
    ward = site("WARD", needs=(("inpatient: acute", 100.0),), accepts=("inpatient: acute",))
    office = site("OFFICE", spare=(("floor", 9000.0),), accepts=("non-clinical",))
    found = plan(Programme((ward, office), Settings(), max_sites=1, must_keep=frozenset({"OFFICE"})))
    assert found.status == "infeasible"
    assert any("inpatient: acute is short by 100 m²" in breach.sentence for breach in found.breaches)


def test_a_capital_budget_too_small_is_named_with_its_year_and_amount() -> None:
    sites = (site("A", pounds=1_000_000), site("BIG", spare=(("floor", 5000.0),)))
    settings = Settings.of({"plan_years": 1, "appraisal_years": 30})
    found = plan(
        Programme(sites, settings, max_sites=1, capital=(Money(100_000_00),), clinical=frozenset({"outpatient"}))
    )
    breach = next(one for one in found.breaches if one.limit == "capital budget")
    # 600 m² × £1,500 + 300 m² × £500, and 24 % on top, less the £100,000 there are.
    assert breach.by == pytest.approx((600 * 1500 + 300 * 500) * 1.24 - 100_000, abs=1)
    assert breach.calendar_year == 2027


def test_rent_already_owed_above_the_revenue_budget_is_refused_at_once() -> None:
    sites = (site("A", rent=500_000, lease_end=2040), site("B"))
    with pytest.raises(EstateError, match=r"below the rent already committed by leases, £500,000\.00"):
        plan(Programme(sites, Settings(), revenue=(Money(100),) * 5))


def test_a_plan_that_was_stopped_says_so_and_never_calls_itself_optimal() -> None:
    stopped = plan(estate(3), should_stop=lambda: True)
    assert stopped.status in ("unknown", "feasible")
    assert stopped.objective is None or stopped.bound is None or stopped.bound <= stopped.objective


def test_the_check_refuses_a_plan_that_was_tampered_with() -> None:
    programme = Programme(one_receiver(), Settings(), max_sites=1)
    found = plan(programme)
    assert found.sites_after == 1
    fewer = tuple(replace(step, moves=step.moves[:-1]) for step in found.steps)
    with pytest.raises(EstateError, match="refused by its check"):
        check(replace(found, steps=fewer), programme)
    with pytest.raises(EstateError, match="must be kept"):
        check(found, replace(programme, must_keep=frozenset({"A"})))


def test_the_frontier_never_gets_dearer_when_more_sites_are_allowed() -> None:
    for seed in range(10):
        curve = frontier(replace(estate(seed), capital=None, revenue=None))
        costs = [point.at_most for point in curve.points if point.at_most is not None]
        assert costs == sorted(costs)
        assert all(p.bound is None or p.cost is None or p.bound <= p.cost + 1e-6 for p in curve.points)


def test_the_frontier_ends_where_no_smaller_estate_is_feasible() -> None:
    programme = Programme(one_receiver(), Settings(), max_sites=2)
    curve = frontier(programme)
    assert [point.sites for point in curve.points] == [3, 2, 1]
    assert curve.fewest == 1
    assert curve.fewest_proved
    assert [point.wanted for point in curve.points] == [False, True, False]


def test_other_sites_are_counted_and_never_closed() -> None:
    found = plan(Programme(one_receiver(), Settings(), others=10, max_sites=11))
    assert found.sites_today == 13
    assert found.sites_after == 11
    assert plan(Programme(one_receiver(), Settings(), others=10, max_sites=10)).status == "infeasible"


def test_a_plan_can_be_written_as_json() -> None:
    assert (
        json.loads(json.dumps(asdict(plan(Programme(one_receiver(), Settings(), max_sites=2)))))["status"] == "optimal"
    )
