"""The town's estate: big enough, possible to shrink, its tables agreeing, and a planted one whose best plan is known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from folkmoot import town
from folkmoot.engines.estate import Settings, plan, programme_of, sites_of, travel_of
from folkmoot.town.estate import SERVICES, planted_estate

BUILT = town.build(seed=1, scale="test")


def test_the_trust_has_more_than_a_hundred_sites_with_leases_and_costs() -> None:
    sites = BUILT["estate_sites"]
    assert len(sites) >= 100
    assert len(set(sites["site_code"].to_pylist())) == len(sites)
    leased = pc.equal(sites["tenure"], "leasehold")
    assert 20 <= pc.sum(leased).as_py() <= 70
    assert pc.is_valid(sites["lease_end"]).to_pylist() == leased.to_pylist()
    for row in sites.to_pylist():
        assert row["lease_break"] is None or row["lease_break"] <= row["lease_end"]
        assert 0 <= row["clinical_m2"] + row["non_clinical_m2"] <= 1.02 * row["gia_m2"]
        assert row["running_cost_pounds"] > 0


def test_travel_times_are_given_from_every_area_to_every_site() -> None:
    found = travel_of(BUILT["estate_travel"], BUILT["areas"])
    assert found.minutes.shape == (len(BUILT["areas"]), len(BUILT["estate_sites"]))
    assert np.isfinite(found.minutes).all()


def test_every_service_of_a_site_is_one_that_the_site_accepts() -> None:
    for site in sites_of(BUILT["estate_sites"], BUILT["estate_services"]):
        assert {service for service, _ in site.needs} <= set(site.accepts)


def planted(worth: int) -> tuple[str, ...]:
    sites = planted_estate(6, worth=worth)
    needs = [
        {"site_code": row["site_code"], "service": row["accepts"], "sessions_a_week": 1.0, "m2_a_session": 1.0,
         "m2": row["clinical_m2"] if row["site_code"].startswith("SMALL") else 0.0}
        for row in sites.to_pylist()
    ]  # fmt: skip
    programme = programme_of(sites_of(sites, pa.Table.from_pylist(needs, schema=SERVICES)), Settings(), must_keep=set())
    return plan(programme).closed


def test_the_planted_estate_closes_exactly_the_sites_that_are_worth_it() -> None:
    for worth in (0, 3, 6):
        assert sorted(planted(worth)) == [f"SMALL{k}" for k in range(worth)]


def test_while_a_plan_is_sought_its_value_and_bound_are_heard_and_it_can_be_stopped_by_what_is_heard() -> None:
    sites = sites_of(BUILT["estate_sites"], BUILT["estate_services"])
    asked = programme_of(sites, Settings(), max_sites=len(sites) - 20)
    heard: list[tuple[float | None, float]] = []
    found = plan(
        asked,
        progress=lambda value, bound: heard.append((value, bound)),
        should_stop=lambda: any(value is not None for value, _ in heard),
    )
    value, bound = heard[-1]
    assert value is not None
    assert bound <= value
    assert found.status in ("feasible", "optimal")
    assert found.objective is not None
    # In thousands of pounds; what is found after is no worse than what was heard.
    assert found.objective <= 1000 * value + 1
