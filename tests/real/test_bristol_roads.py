"""Journeys to work around Bristol (census 2011) on its roads: all trips assigned or named, and flows that can be believed.

The zones are those of the city region alone, so nobody drives through it: motorways carry less than they do.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from folkmoot.engines.traffic import (
    Assignment,
    Change,
    Demand,
    connect,
    equilibrium,
    journeys,
    read_od,
    read_ways,
    read_zones,
    select_link,
    what_if,
)

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "mobility"
WAYS, ZONES, OD = (DATA / f"bristol_{name}" for name in ("ways.geojson", "zones.geojson", "od_2011.csv"))

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="The roads and journeys of Bristol are not here (../shared/data/mobility)."
    ),
]


@pytest.fixture(scope="module")
def found() -> Assignment:
    network = connect(read_ways(WAYS), read_zones(ZONES))
    trips = read_od(OD, network.zones, trips="car_driver", hour_share=0.3).trips
    return equilibrium(network, Demand.of(network.zones, car=trips), gap=1e-4, keep_paths=True)


def test_the_gap_is_reached_and_every_trip_is_assigned_or_named(found: Assignment) -> None:
    assert found.converged
    assert found.gap <= 1e-4
    trips = found.demand.trips[0]
    assert trips.sum() == pytest.approx(0.3 * 132_319)
    lost = sum(u.trips for u in found.unserved)
    from_zones = np.isin(found.network.start, np.arange(102))
    assert found.flows[0, from_zones].sum() + found.intrazonal[0] + lost == pytest.approx(trips.sum())
    assert lost == 0


def test_cycleways_and_railways_carry_no_cars(found: Assignment) -> None:
    said = " ".join(found.network.statements)
    assert "1,262 lines of “cycleway” are not for cars" in said
    assert "813 lines of “rail” are not for cars" in said
    assert "2,544 roads are used" in said


def test_numbered_roads_are_used_in_the_order_of_their_class(found: Assignment) -> None:
    kind, km = np.array(found.network.kind), found.network.length_m
    mean = {each: np.average(found.flows[0, kind == each], weights=km[kind == each]) for each in set(kind)}
    assert mean["primary"] > mean["secondary"] > mean["tertiary"]
    busiest = {
        road: found.flows[0, [name == road for name in found.network.name]].max() for road in ("M32", "M5", "M4")
    }
    assert min(busiest.values()) > 3 * mean["secondary"]


def test_each_motorway_is_driven_both_ways(found: Assignment) -> None:
    for road in ("M4", "M5", "M32"):
        on = np.array([name == road for name in found.network.name])
        way = found.network.xy[found.network.end[on]] - found.network.xy[found.network.start[on]]
        along = way @ np.array([1.0, 1.0])
        flow = found.flows[0, on]
        assert flow[along > 0].max() > 100
        assert flow[along < 0].max() > 100


def test_journeys_take_longer_than_on_empty_roads_and_less_than_half_a_day(found: Assignment) -> None:
    j = journeys(found)
    assert np.isfinite(j.minutes).all()
    trips = found.demand.trips[0]
    mean, free = (float((trips * m).sum() / trips.sum()) for m in (j.minutes, j.free_flow_minutes))
    assert 10 < free < mean < 45
    assert 5 < float((trips * j.km).sum() / trips.sum()) < 25


def test_whose_trips_use_the_busiest_motorway_link_adds_up_to_its_flow(found: Assignment) -> None:
    motorway = np.array([kind == "motorway" for kind in found.network.kind])
    at = int(np.where(motorway, found.flows[0], 0).argmax())
    part = select_link(found, [found.network.link_id[at]])
    assert part.trips.sum() == pytest.approx(found.flows[0, at], rel=1e-9)


def test_closing_a_busy_road_moves_its_traffic_and_costs_time(found: Assignment) -> None:
    primary = np.array([kind == "primary" for kind in found.network.kind])
    link = found.network.link_id[int(np.where(primary, found.flows[0], 0).argmax())]
    answer = what_if(found.network, found.demand, Change(close=(link,)), base=found)
    assert answer.after.converged
    assert answer.stranded == 0
    assert answer.vehicle_hours_saved < -answer.accuracy_vehicle_hours
    again = answer.after.flows[0, found.network.index(link)]
    assert again == 0


def test_the_command_reads_the_files_as_they_are_and_writes_a_map(tmp_path: Path) -> None:
    from folkmoot.cli.roads import app

    out = tmp_path / "flows.geojson"
    files = ["--network", str(WAYS), "--zones", str(ZONES), "--od", str(OD), "--out", str(out), "--json"]
    ran = CliRunner().invoke(app, ["assign", *files, "--mode-column", "car_driver", "--hour-share", "0.3"])
    assert ran.exit_code == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    assert told["converged"]
    assert told["gap"] <= 1e-4
    assert told["trips"]["car"]["asked"] == pytest.approx(39_695.7)
    assert any("origin “o”, destination “d”, trips “car_driver”" in said for said in told["statements"])
    features = json.loads(out.read_text())["features"]
    assert len(features) == told["network"]["links"] - 2 * 740
    assert all(feature["geometry"]["type"] == "LineString" for feature in features)
