"""From ways, zones, tables and TNTP files to networks and demand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.engines.traffic import (
    Demand,
    TrafficError,
    connect,
    equilibrium,
    read_network,
    read_od,
    read_trips,
    read_ways,
    read_zones,
)
from folkmoot.engines.traffic.network import CONNECTOR

type Line = list[tuple[float, float]]


def ways_file(path: Path, ways: list[tuple[Line, dict[str, Any]]]) -> Path:
    features = [
        {"type": "Feature", "properties": facts, "geometry": {"type": "LineString", "coordinates": line}}
        for line, facts in ways
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def zones_file(path: Path, places: dict[str, tuple[float, float]]) -> Path:
    features = [
        {"type": "Feature", "properties": {"zone_id": code, "name": code.lower()},
         "geometry": {"type": "Point", "coordinates": at}}
        for code, at in places.items()
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


PRIMARY = {"highway": "primary", "maxspeed": "30 mph"}


def test_a_line_without_junctions_is_one_link_each_way_that_keeps_its_shape(tmp_path: Path) -> None:
    first, second = [(0, 50), (0.001, 50), (0.002, 50.001)], [(0.002, 50.001), (0.003, 50)]
    network = read_ways(ways_file(tmp_path / "w.geojson", [(first, PRIMARY), (second, PRIMARY)]))
    assert network.link_id == ("1.1", "1.1r")
    assert network.geometry[0] is not None
    assert network.geometry[0].tolist() == [list(p) for p in [*first, second[1]]]
    assert network.geometry[1] is not None
    assert network.geometry[1].tolist() == network.geometry[0].tolist()[::-1]
    km = network.length_m[0] / 1000
    assert network.free_flow_minutes[0] == pytest.approx(km / (30 * 1.609344) * 60)


def test_ways_are_cut_where_they_share_a_point_and_not_where_they_cross(tmp_path: Path) -> None:
    along = [(0, 50), (0.001, 50), (0.002, 50)]
    joins, bridges = [(0.001, 50), (0.001, 50.001)], [(0.0005, 49.999), (0.0005, 50.001)]
    network = read_ways(ways_file(tmp_path / "w.geojson", [(along, PRIMARY), (joins, PRIMARY), (bridges, PRIMARY)]),
                        join_ends_m=0)  # fmt: skip
    assert network.m == 6  # three arms of one junction, each way; the bridge meets nothing
    assert any("not joined both ways" in said for said in network.statements)


def test_one_way_roads_lead_one_way_and_roundabouts_need_no_tag(tmp_path: Path) -> None:
    a, b, c = (0, 50), (0.001, 50), (0.0005, 50.001)
    ways = [
        ([a, b], {**PRIMARY, "oneway": "yes"}),
        ([c, b], {**PRIMARY, "oneway": "-1"}),
        ([c, a], {**PRIMARY, "junction": "roundabout"}),
    ]
    network = read_ways(ways_file(tmp_path / "w.geojson", ways), simplify=False)
    at = [tuple(p) for p in network.xy]
    assert {(at[s], at[e]) for s, e in zip(network.start, network.end)} == {(a, b), (b, c), (c, a)}


def test_what_is_only_called_a_road_has_its_class_from_its_number_and_limit(tmp_path: Path) -> None:
    def ring(ref: str | None, limit: str | None, y: float, x: float = 0.0) -> list[tuple[Line, dict[str, Any]]]:
        facts = {"highway": "road", "ref": ref, "maxspeed": limit}
        a, b, c = (x, y), (x + 0.01, y), (x, y + 0.01)
        return [([a, b], facts), ([b, c], facts), ([c, a], facts)]

    def kinds(*ways: list[tuple[Line, dict[str, Any]]]) -> set[str]:
        path = ways_file(tmp_path / "w.geojson", [w for part in ways for w in part])
        return set(read_ways(path, simplify=False).kind)

    assert kinds(ring("M4", "70 mph", 50)) == {"motorway"}
    assert kinds(ring("A4", "40 mph", 50)) == {"primary"}
    assert kinds(ring("A4", "70 mph", 50)) == {"dual_carriageway"}
    assert kinds(ring("B4", None, 50)) == {"secondary"}
    assert kinds(ring(None, None, 50)) == {"tertiary"}
    assert kinds(ring("M4", "70 mph", 50), ring(None, "50 mph", 50)) == {"motorway", "motorway_link"}


def test_cycleways_and_rails_are_left_out_and_counted(tmp_path: Path) -> None:
    line: Line = [(0, 50), (0.001, 50)]
    ways = [(line, PRIMARY), (line, {"highway": "cycleway"}), (line, {"highway": "rail"}), (line, {"highway": "rail"})]
    network = read_ways(ways_file(tmp_path / "w.geojson", ways))
    assert "2 lines of “rail” are not for cars and are left out." in network.statements
    assert "1 lines of “cycleway” are not for cars and are left out." in network.statements
    assert network.m == 2


def test_lanes_are_of_both_ways_unless_it_is_one_way(tmp_path: Path) -> None:
    ways = [([(0, 50), (0.01, 50)], {**PRIMARY, "lanes": "4"})]
    network = read_ways(ways_file(tmp_path / "w.geojson", ways))
    assert network.lanes.tolist() == [2, 2]
    assert network.capacity_vph.tolist() == [3180, 3180]


def test_ends_that_stop_short_are_joined_when_asked_or_when_much_is_cut_off(tmp_path: Path) -> None:
    short: Line = [(0.0055, 50.0003), (0.0055, 50.004)]  # 33 m from the road below
    ways = [([(0, 50), (0.01, 50)], PRIMARY), (short, PRIMARY)]
    path = ways_file(tmp_path / "w.geojson", ways)
    assert read_ways(path, join_ends_m=0).m == 2
    for network in (read_ways(path), read_ways(path, join_ends_m=40)):
        assert network.m == 6
        assert any("1 of 4 road ends" in said for said in network.statements)
    assert read_ways(path, join_ends_m=20).m == 2


def test_a_road_that_ends_beside_a_motorway_does_not_enter_it(tmp_path: Path) -> None:
    ring = [(0, 50), (0.01, 50), (0.01, 50.01), (0, 50)]
    ways: list[tuple[Line, dict[str, Any]]] = [(ring, {"highway": "motorway"}),
                                               ([(0.005, 49.9998), (0.005, 49.99)], PRIMARY)]  # fmt: skip
    network = read_ways(ways_file(tmp_path / "w.geojson", ways), join_ends_m=60)
    assert any("0 of 2 road ends" in said for said in network.statements)


def test_zones_reach_the_nearest_junctions_but_never_a_motorway(tmp_path: Path) -> None:
    ways: list[tuple[Line, dict[str, Any]]] = [
        ([(0, 50), (0.02, 50)], PRIMARY),
        ([(0.02, 50), (0.02, 50.02), (0, 50.02), (0, 50)], {"highway": "motorway", "oneway": "no"}),
        ([(0.02, 50), (0.03, 50)], {"highway": "primary", "maxspeed": "50"}),
    ]
    network = connect(
        read_ways(ways_file(tmp_path / "w.geojson", ways)),
        read_zones(zones_file(tmp_path / "z.geojson", {"A": (0.001, 50.0), "B": (0.029, 50.0), "C": (1.0, 50.0)})),
        per_zone=1,
    )
    assert network.zones == ("A", "B", "C")
    assert network.first_thru_node == 3
    connectors = [k for k, kind in enumerate(network.kind) if kind == CONNECTOR]
    assert [network.link_id[k] for k in connectors] == ["A>1", "B>1", "A<1", "B<1"]
    assert "1 zones have no junction within 10 km: C." in network.statements
    found = equilibrium(network, Demand.of(network.zones, car=[[0, 10, 5], [0, 0, 0], [0, 0, 0]]))
    assert [(u.destination, u.trips) for u in found.unserved] == [("C", 5.0)]
    assert found.flows.sum(axis=0).max() == 10


NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 3
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 3
<END OF METADATA>

~ \tInit node \tTerm node \tCapacity \tLength \tFree Flow Time \tB\tPower\tSpeed limit \tToll \tType\t;
\t1\t3\t1000\t2\t0\t0.15\t4\t0\t0\t1\t;
\t3\t2\t1000\t2\t6\t0.15\t0\t0\t0\t1\t;  ~ power 0
\t2 1 500 1 4 0 0 0 0 1;
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 70.0
<END OF METADATA>
Origin  1
    1 :      0.0;     2 :     60.0;
Origin  2
    1 :     10.0;
"""


def test_tntp_files_are_read_with_comments_constant_costs_and_zero_times(tmp_path: Path) -> None:
    (tmp_path / "a_net.tntp").write_text(NET)
    (tmp_path / "a_trips.tntp").write_text(TRIPS)
    (tmp_path / "a_node.tntp").write_text("Node X Y ;\n1 0 0 ;\n2 1 1 ;\n3 2 1 ;\n")
    network = read_network(tmp_path / "a_net.tntp", nodes=tmp_path / "a_node.tntp", metres_per_unit=1609.344)
    assert network.zones == ("1", "2")
    assert network.first_thru_node == 2
    assert network.minutes([5000, 5000, 5000]).tolist() == pytest.approx([0, 6.9, 4])
    assert network.xy[2].tolist() == [2, 1]
    demand = read_trips(tmp_path / "a_trips.tntp", network)
    assert demand.trips[0].tolist() == [[0, 60], [10, 0]]
    assert equilibrium(network, demand).flows[0].tolist() == [60, 60, 10]


def test_trips_are_read_by_usual_names_added_up_and_said(tmp_path: Path) -> None:
    path = tmp_path / "od.csv"
    path.write_text("o,d,all,hour,car_driver\nA,B,50,8,30\nA,B,9,9,4\nB,A,7,8,\n")
    table = read_od(path, ["A", "B"], hour_share=0.5)
    assert table.trips.tolist() == [[0, 17], [0, 0]]
    assert table.low is None
    said = " ".join(table.statements)
    assert "34 trips of 2 rows" in said
    assert "trips “car_driver”" in said
    assert "1 rows have no trips" in said
    assert read_od(path, ["A", "B"], hour="8", trips="all").trips.tolist() == [[0, 50], [7, 0]]


def test_bounds_of_trips_come_along_where_the_file_has_them(tmp_path: Path) -> None:
    path = tmp_path / "od.csv"
    path.write_text("origin,destination,trips,low,high\nA,B,30,25,36\n")
    table = read_od(path, ["A", "B"])
    assert table.low is not None
    assert table.high is not None
    assert (table.low[0, 1], table.high[0, 1]) == (25, 36)


def test_zones_beyond_the_map_can_be_left_out_and_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "od.csv"
    path.write_text("origin,destination,trips\nA,B,30\nA,X,12\n")
    table = read_od(path, ["A", "B"], leave_outside=True)
    assert table.trips.sum() == 30
    assert "1 rows with 12 trips begin or end outside" in " ".join(table.statements)
    with pytest.raises(TrafficError, match="Row 3"):
        read_od(path, ["A", "B"])


def test_demand_is_scaled_cell_by_cell() -> None:
    demand = Demand.of(["A", "B"], car=[[0, 10], [4, 0]]).times(np.array([[[1, 2], [0.5, 1]]]))
    assert demand.trips[0].tolist() == [[0, 20], [2, 0]]
