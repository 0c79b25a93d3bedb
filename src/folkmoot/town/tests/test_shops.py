"""The areas add up to the residents, the shops are where they should be, and visits follow the planted law."""

import numpy as np
import pytest
from scipy.stats import chi2

from folkmoot import town
from folkmoot.town import shops

TOWN = town.build(seed=5, scale="test")


def matrix(table: str, column: str) -> np.ndarray:
    return TOWN[table][column].to_numpy().reshape(len(TOWN["areas"]), -1)


def test_areas_count_every_resident_once_in_every_band() -> None:
    areas = TOWN["areas"]
    bands = sum(areas[name].to_numpy() for name in shops.AGE_BANDS)
    assert (bands == areas["population"].to_numpy()).all()
    assert areas["population"].to_numpy().sum() == len(TOWN["residents"])


def test_car_access_is_that_of_the_residents() -> None:
    rows = TOWN["residents"].to_pylist()
    code = TOWN["areas"]["lsoa21cd"][3].as_py()
    mine = [row["car_access"] for row in rows if row["lsoa21cd"] == code]
    assert TOWN["areas"]["car_access_share"][3].as_py() == pytest.approx(sum(mine) / len(mine), abs=1e-4)


def test_the_places_of_the_town_are_the_areas_in_the_same_order() -> None:
    for name in ("lsoa21cd", "lon", "lat", "imd_decile"):
        assert TOWN["areas"][name].equals(TOWN["places"][name])


def test_no_two_sites_stand_on_the_same_spot() -> None:
    nodes = [n for t in ("centres", "centre_candidates", "siting_candidates") for n in TOWN[t]["node"].to_pylist()]
    assert len(nodes) == len(set(nodes))
    assert min(nodes) >= len(TOWN["areas"])


def test_visits_follow_the_planted_law() -> None:
    minutes, visits = matrix("travel_minutes", "minutes"), matrix("shopping_flows", "visits")
    truth = dict(zip(TOWN["retail_truth"]["key"].to_pylist(), TOWN["retail_truth"]["value"].to_pylist()))
    size = TOWN["centres"]["floor_space_m2"].to_numpy()
    weight = size ** float(truth["alpha"]) * np.exp(-float(truth["beta_per_minute"]) * minutes)
    expected = visits.sum(axis=1, keepdims=True) * weight / weight.sum(axis=1, keepdims=True)
    pearson = ((visits - expected) ** 2 / expected).sum()
    freedom = visits.shape[0] * (visits.shape[1] - 1)
    assert chi2.ppf(0.0005, freedom) < pearson < chi2.ppf(0.9995, freedom)


def test_siting_candidates_are_of_three_kinds_and_some_exist() -> None:
    rows = TOWN["siting_candidates"].to_pylist()
    assert {row["kind"] for row in rows} == {"charge point", "library", "health hub"}
    assert 0 < sum(row["existing"] for row in rows) < len(rows)
    assert len({row["site_id"] for row in rows}) == len(rows)


def test_a_table_of_times_is_complete() -> None:
    for table, other in (("candidate_minutes", "centre_candidates"), ("siting_minutes", "siting_candidates")):
        assert len(TOWN[table]) == len(TOWN["areas"]) * len(TOWN[other])
        assert np.isfinite(TOWN[table]["minutes"].to_numpy()).all()
