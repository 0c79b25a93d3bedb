"""Levers change what they say and nothing else; earlier referral keeps every order that still matters."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot import town
from folkmoot.engines.flow import Scenario, add_staff, earlier_referral, lower_bound, open_longer, refer_early, simulate
from folkmoot.engines.flow.levers import edges, speed_up


@pytest.fixture(scope="module")
def hospital() -> Scenario:
    return Scenario.from_tables(town.hospital("B", rho=0.9, hours="office", patients=3000, seed=4))


def test_the_referral_proposed_takes_social_care_and_therapy_off_the_recovery(hospital):
    referral = earlier_referral(hospital, "social")
    assert referral is not None
    assert referral.instead_of == "recovery"
    assert set(referral.codes) == {"therapy", "social-assessment"}


def test_no_referral_is_proposed_where_no_delay_stands_before(hospital):
    assert earlier_referral(hospital, "imaging") is None


def test_recovery_still_ends_before_discharge_after_an_early_referral(hospital):
    referral = earlier_referral(hospital, "social")
    early = refer_early(hospital, referral)
    result = simulate(early, "fcfs")
    tasks = early.tasks
    recovery = tasks.code == "recovery"
    assert np.all(result.ended[recovery] <= result.discharged[tasks.patient[recovery]] + 1e-9)
    source, target = edges(early)
    assert np.all(source < target)
    assert not np.any((tasks.code[source] == "recovery") & np.isin(tasks.code[target], referral.codes))
    assert np.all(result.ended[source] <= result.ready[target] + 1e-9)


def test_an_early_referral_shortens_the_stay_and_its_bound(hospital):
    early = refer_early(hospital, earlier_referral(hospital, "social"))
    assert simulate(early, "fcfs").stays.mean() < simulate(hospital, "fcfs").stays.mean()
    assert lower_bound(early).mean_hours < lower_bound(hospital).mean_hours


def test_one_more_person_on_saturday_opens_saturday(hospital):
    changed = add_staff(hospital, "social", 1, [5])
    before = hospital.resources[hospital.resource_index("social")].calendar
    after = changed.resources[changed.resource_index("social")].calendar
    assert after.weekly_staff_hours == before.weekly_staff_hours + 8
    assert simulate(changed, "fcfs").stays.mean() < simulate(hospital, "fcfs").stays.mean()


def test_longer_hours_and_lighter_work_shorten_the_stay(hospital):
    base = simulate(hospital, "fcfs").stays.mean()
    assert simulate(open_longer(hospital, "social", 60), "fcfs").stays.mean() < base
    assert simulate(speed_up(hospital, "social", 1.1), "fcfs").stays.mean() < base


def test_work_cannot_be_divided_by_nothing(hospital):
    with pytest.raises(ValueError, match="give a factor above 0"):
        speed_up(hospital, "social", 0.0)
