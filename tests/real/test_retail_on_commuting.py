"""The estimator on real flows: journeys to work around Bristol (census 2011). They are not shopping, and none is claimed.

Zones are origins and destinations; a destination's attractiveness is how many come to it from all zones, and costs are
kilometres between the middles of zones. What is checked is the estimator: Hyman's property, a better fit than equal
shares, decay with distance, intervals that admit how far real flows are from independent draws, and by how much a large
destination is missed when the others foretell it. docs/explanation/who-would-come.md quotes these figures.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from folkmoot.engines.retail import Areas, Calibration, Centres, Market, fit, hold_out
from folkmoot.engines.retail.newcomer import kilometres

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "mobility"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="The journeys to work are not here (../shared/data/mobility)."),
]


@pytest.fixture(scope="module")
def market() -> Market:
    from shapely.geometry import shape

    features = json.loads((DATA / "bristol_zones.geojson").read_text())["features"]
    middle = {f["properties"]["geo_code"]: shape(f["geometry"]).centroid for f in features}
    code = sorted(middle)
    at = {zone: i for i, zone in enumerate(code)}
    flows = np.zeros((len(code), len(code)))
    with (DATA / "bristol_od_2011.csv").open() as file:
        for row in csv.DictReader(file):
            flows[at[row["o"]], at[row["d"]]] += float(row["all"])
    lon, lat = [middle[zone].x for zone in code], [middle[zone].y for zone in code]
    areas = Areas.of(code, population=flows.sum(axis=1), spend_per_head=0.0, lon=lon, lat=lat)
    come = flows.sum(axis=0)
    kept = np.flatnonzero(come > 0)
    centres = Centres.of([code[j] for j in kept], floor_space_m2=come[kept])
    cost = np.column_stack([kilometres(areas, lon[j], lat[j]) for j in kept])
    return Market(areas, centres, cost, "kilometres", flows[:, kept])


@pytest.fixture(scope="module")
def found(market: Market) -> Calibration:
    return fit(market, least_cost=0.5)


def test_every_journey_of_the_file_is_used(found: Calibration) -> None:
    assert found.fit is not None
    assert found.fit.flows == 238_805
    assert found.fit.areas == 102


def test_people_mind_distance_and_follow_jobs(found: Calibration) -> None:
    alpha, beta = found.parameters
    assert alpha.low > 0
    assert beta.low > 0


def test_four_fifths_of_the_deviance_of_equal_shares_are_explained(found: Calibration) -> None:
    assert found.fit is not None
    assert found.fit.deviance < 0.2 * found.fit.null_deviance


def test_exponential_decay_keeps_the_mean_journey_to_the_metre(market: Market) -> None:
    fitted = fit(market, decay="exponential").fit
    assert fitted is not None
    assert fitted.mean_cost_fitted == pytest.approx(fitted.mean_cost_observed, abs=1e-6)


def test_real_flows_are_far_from_independent_and_intervals_say_so(found: Calibration) -> None:
    assert found.fit is not None
    assert found.fit.dispersion > 5
    for parameter in found.parameters:
        assert parameter.high - parameter.low > 4 * 1.96 * parameter.error_information


def test_counts_vary_28_times_as_much_as_draws_and_the_error_by_centre_is_29_times_the_textbook_one(
    found: Calibration,
) -> None:
    assert found.fit is not None
    assert round(found.fit.dispersion) == 28
    beta = found.parameters[1]
    assert beta.error_by_centre is not None
    assert beta.error_information is not None
    assert round(beta.error_by_centre / beta.error_information) == 29


def test_the_fifteen_largest_destinations_are_missed_by_12_per_cent_in_the_median_and_45_at_worst(
    market: Market,
) -> None:
    assert market.flows is not None
    largest = np.argsort(-np.nansum(market.flows, axis=0), kind="stable")[:15]
    held_out = hold_out(market, codes=[str(market.centres.code[j]) for j in largest], least_cost=0.5)
    assert len(held_out.centres) == 15
    assert held_out.left_aside == ()
    assert round(held_out.median_error_percent) == 12
    assert round(held_out.worst_error_percent) == 45
