"""Aldermoor and its hospital look like a town and a hospital."""

import functools
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from folkmoot import town
from folkmoot.town.acute import BY_HOUR
from folkmoot.vocabulary.identifiers import Lsoa21, NhsNumber

build = functools.cache(town.build)


@pytest.fixture(scope="module")
def demo():
    return build(1, "demo")


def column(table, name):
    return np.array(table[name].to_pylist())


def test_every_resident_has_a_valid_nhs_number_of_the_test_range_and_no_two_the_same():
    numbers = build(1, "test")["residents"]["nhs_number"].to_pylist()
    assert all(NhsNumber.parse(number).is_for_tests for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_every_neighbourhood_has_a_valid_code_and_every_resident_one_of_them(demo):
    codes = demo["places"]["lsoa21cd"].to_pylist()
    assert all(str(Lsoa21.parse(code)) == code for code in codes)
    assert set(demo["residents"]["lsoa21cd"].to_pylist()) <= set(codes)
    assert sorted(set(demo["places"]["imd_decile"].to_pylist())) == list(range(1, 11))


def test_patients_are_adults_of_the_town_and_nobody_comes_twice(demo):
    residents = {row["nhs_number"]: row for row in demo["residents"].to_pylist()}
    numbers = demo["patients"]["nhs_number"].to_pylist()
    assert len(set(numbers)) == len(numbers)
    for row in demo["patients"].to_pylist():
        person = residents[row["nhs_number"]]
        assert (row["sex"], row["imd_decile"]) == (person["sex"], person["imd_decile"])
        years = (date(2026, 1, 5) - person["born"]).days / 365.25
        assert row["age"] == int(years)
        assert row["age"] >= 18


def test_the_demo_has_eight_wards_and_380_beds(demo):
    assert demo["wards"].num_rows == 8
    assert sum(demo["wards"]["beds"].to_pylist()) == 380


def test_patients_come_on_the_day_the_clocks_go_forward(demo):
    london = ZoneInfo("Europe/London")
    days = {moment.astimezone(london).date() for moment in demo["patients"]["admitted_at"].to_pylist()}
    assert date(2026, 3, 29) in days
    assert min(demo["patients"]["admitted_at"].to_pylist()) >= datetime(2026, 1, 5, tzinfo=UTC)


def test_emergencies_follow_the_profile_of_the_local_clock():
    patients = [row for seed in range(1, 7) for row in build(seed, "demo")["patients"].to_pylist()]
    london = ZoneInfo("Europe/London")
    hours = np.array([r["admitted_at"].astimezone(london).hour for r in patients if r["admission"] == "emergency"])
    share = np.bincount(hours, minlength=24) / len(hours)
    expected = BY_HOUR / BY_HOUR.sum()
    error = np.sqrt(expected * (1 - expected) / len(hours))
    assert np.all(np.abs(share - expected) < 4.5 * error)


def test_elective_patients_come_on_weekdays_and_emergencies_most_on_mondays():
    patients = [row for seed in range(1, 7) for row in build(seed, "demo")["patients"].to_pylist()]
    london = ZoneInfo("Europe/London")
    days = {
        kind: [r["admitted_at"].astimezone(london).weekday() for r in patients if r["admission"] == kind]
        for kind in ("elective", "emergency")
    }
    assert max(days["elective"]) <= 4
    assert np.argmax(np.bincount(days["emergency"])) == 0


def test_the_old_and_the_deprived_need_more_support_after_discharge(demo):
    patients = demo["patients"]
    support = np.array([int(p[1]) for p in patients["pathway"].to_pylist()])
    age, decile = column(patients, "age"), column(patients, "imd_decile")
    assert support[age >= 80].mean() > 2 * support[age < 60].mean()
    old = age >= 70
    assert support[old & (decile <= 3)].mean() > support[old & (decile >= 8)].mean()


def test_a_few_in_a_hundred_come_before_everybody_else(demo):
    priority = column(demo["patients"], "clinical_priority")
    assert 0.02 < np.mean(priority == 0) < 0.07
    conditions = demo["patients"]["condition"].to_pylist()
    assert {c for c, p in zip(conditions, priority) if p == 0} == {"sepsis", "stroke"}
    assert {c for c, p in zip(conditions, priority) if p == 1} == {None}


def test_strokes_recover_on_the_stroke_ward(demo):
    wards = {row["ward_id"] for row in demo["patients"].to_pylist() if row["condition"] == "stroke"}
    assert wards == {"STROKE"}


def test_some_leave_before_their_pathway_ends_and_none_before_coming(demo):
    rows = [row for row in demo["patients"].to_pylist() if row["leaves_at"] is not None]
    assert 0.005 < len(rows) / demo["patients"].num_rows < 0.05
    assert all(row["leaves_at"] > row["admitted_at"] for row in rows)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_social_care_is_far_the_fullest_team(seed):
    made = build(seed, "demo")
    resource, work = column(made["tasks"], "resource_id"), column(made["tasks"], "work_hours")
    shifts = made["shifts"].to_pylist()
    rho = {
        key: work[resource == key].sum()
        / (13 * sum((r["end_minute"] - r["start_minute"]) / 60 * r["staff"] for r in shifts if r["resource_id"] == key))
        for key in made["resources"]["resource_id"].to_pylist()
    }
    truth = dict(zip(*(made["truth"][name].to_pylist() for name in ("key", "value"))))
    assert truth["constraint"] == truth["busiest"] == max(rho, key=rho.get) == "social"
    assert rho["social"] == pytest.approx(0.98, abs=0.02)
    assert max(value for key, value in rho.items() if key != "social") < 0.75


def test_a_town_too_small_for_its_hospital_is_refused_in_words():
    from folkmoot.town import acute, borough

    places = borough.places(1, 10)
    with pytest.raises(ValueError, match="cannot all be different people"):
        acute.hospital(1, acute.Size(days=30, per_day=20.0, beds=1.0), borough.people(1, 300, places))


def test_the_bench_town_has_about_200_000_patients():
    assert build(1, "bench")["patients"].num_rows == pytest.approx(200_000, rel=0.05)
