"""The roads join everything, the bridge is the bottleneck, and routes are shortest paths over the table of ways."""

import heapq

import numpy as np
import pytest

from folkmoot.town import movement
from folkmoot.town.movement import routes


@pytest.fixture(scope="module")
def world() -> movement.World:
    return movement.world(seed=2, residents=20_000)


def graph(world, without=frozenset()):
    joined = {}
    for row in world.tables["ways"].to_pylist():
        if row["name"] in without:
            continue
        minutes = 60 * row["metres"] / 1000 / (int(row["maxspeed"].split()[0]) * 1.609344)
        joined.setdefault(row["from_node"], []).append((row["to_node"], minutes))
        if row["oneway"] == "no":
            joined.setdefault(row["to_node"], []).append((row["from_node"], minutes))
    return joined


def minutes_from(joined, origin):
    best, queue = {}, [(0.0, origin)]
    while queue:
        minutes, node = heapq.heappop(queue)
        if node not in best:
            best[node] = minutes
            for other, more in joined.get(node, []):
                heapq.heappush(queue, (minutes + more, other))
    return best


def test_everything_can_be_reached_from_everywhere_also_when_the_bridge_is_closed(world):
    nodes = set(range(len(world.place.land.x)))
    for without in (frozenset(), frozenset({"Town Bridge"})):
        joined = graph(world, without)
        for origin in (0, 3, int(world.place.land.gateways[0])):
            assert nodes <= set(minutes_from(joined, origin))


def test_minutes_of_routes_are_those_of_the_table_of_ways(world):
    for origin in (0, 5, int(world.place.land.gateways[1])):
        best = minutes_from(graph(world), origin)
        want = np.array([best[place] for place in range(len(world.place.land.x))])
        assert world.place.routes.road_minutes[origin] == pytest.approx(want, abs=0.02)


def test_closing_the_bridge_makes_the_way_to_the_industrial_estate_longer(world):
    estate = world.place.land.of_kind("industrial estate")
    assert minutes_from(graph(world, {"Town Bridge"}), 0)[estate] > 1.3 * minutes_from(graph(world), 0)[estate]


def test_the_town_bridge_holds_less_than_the_road_it_is_part_of(world):
    ways = world.tables["ways"].to_pylist()
    (bridge,) = [row for row in ways if row["name"] == "Town Bridge"]
    assert bridge["lanes"] == 2
    approach = [row for row in ways if {row["from_node"], row["to_node"]} & {bridge["from_node"], bridge["to_node"]}]
    assert max(row["capacity"] for row in approach) > 2 * bridge["capacity"]


def test_capacity_follows_class_and_lanes(world):
    for row in world.tables["ways"].to_pylist():
        each_way = row["lanes"] if row["oneway"] == "yes" else max(row["lanes"] // 2, 1)
        assert row["capacity"] % each_way == 0
        assert (row["highway"] == "motorway") == (row["oneway"] == "yes")
    by_class = {row["highway"]: row["capacity"] for row in world.tables["ways"].to_pylist() if not row["bridge"]}
    assert by_class["motorway"] > by_class["primary"] > by_class["secondary"] > by_class["residential"]


def test_a_journey_starts_and_ends_where_it_should_and_keeps_its_speed(world):
    land, r = world.place.land, world.place.routes
    n = len(land.x)
    origin, destination = (axis.ravel() for axis in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
    no = np.zeros(len(origin), dtype=bool)
    for share, place in ((0.0, origin), (1.0, destination)):
        x, y = r.where(origin, destination, no, np.full(len(origin), share))
        assert x == pytest.approx(land.x[place], abs=1e-3)
        assert y == pytest.approx(land.y[place], abs=1e-3)
    steps = [
        np.array(r.where(origin, destination, no, np.full(len(origin), s))) for s in np.linspace(0, 1, routes.POINTS)
    ]
    far = np.hypot(*(np.array(steps[1:]) - np.array(steps[:-1])).transpose(1, 0, 2)).max(axis=0)
    fastest = 70 * 1.609344 / 60 * r.road_minutes.ravel() / (routes.POINTS - 1)
    assert (far <= fastest + 1e-3).all()


def test_a_train_passes_the_stations_of_its_line(world):
    land, r = world.place.land, world.place.routes
    home, work = land.kind.index("dormitory"), land.of_kind("town centre")
    assert r.rail_row[home, work] >= 0
    share = np.linspace(0, 1, 400)
    x, y = r.where(np.full(400, home), np.full(400, work), np.ones(400, dtype=bool), share)
    line = routes.railway(land)
    for station in (1, 2):
        assert np.hypot(x - line.x[station], y - line.y[station]).min() < 0.5
    ride = 1000 * np.hypot(np.diff(x), np.diff(y)) / (60 * r.rail_minutes[home, work] / 399)
    assert 15 < ride.max() < 30


def test_the_railway_goes_over_the_river_and_does_not_jam(world):
    land = world.place.land
    line = routes.railway(land)
    assert land.west_of_river(line.x[0], line.y[0])
    assert not land.west_of_river(line.x[1], line.y[1])
