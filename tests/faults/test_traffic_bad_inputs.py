"""Every network, demand and count that cannot be meant is refused with the row that is wrong and what to do about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from folkmoot.cli.roads import app
from folkmoot.engines.traffic import (
    Demand,
    RoadNetwork,
    Scheme,
    TrafficError,
    VehicleClass,
    connect,
    equilibrium,
    rank,
    read_counts,
    read_network,
    read_od,
    read_schemes,
    read_trips,
    read_ways,
    read_zones,
)
from folkmoot.engines.traffic.whatif import Change

LINE = [[-2.6, 51.45], [-2.59, 51.45]]
ROAD = {"highway": "primary", "maxspeed": "30 mph"}


def feature(line: Any = LINE, facts: dict[str, Any] | None = None, kind: str = "LineString") -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": ROAD if facts is None else facts,
        "geometry": {"type": kind, "coordinates": line},
    }


def collection(path: Path, *features: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def zone(code: Any, at: tuple[float, float] = (-2.6, 51.45)) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"zone_id": code}, "geometry": {"type": "Point", "coordinates": at}}


WAYS = [
    ([feature([[-2.6, 51.45], [None, 51.45]])], "Feature 1 .* without two points"),
    ([feature(), feature([[-2.6, 51.45]])], "Feature 2 .* without two points"),
    ([feature([[358000, 173000], [358100, 173000]])], "Convert the file to WGS 84"),
    ([feature(facts={"highway": "cycleway"})], "no line that cars may use among its 1 features"),
    ([feature(facts={**ROAD, "maxspeed": "0 mph"})], "speed limit of 0"),
    ([feature(facts={**ROAD, "lanes": "many"})], "'many' lanes"),
    ([feature(facts={**ROAD, "oneway": "yes"})], "reached from each other"),
    ([], "no line that cars may use"),
]


@pytest.mark.parametrize(("features", "said"), WAYS)
def test_roads_that_cannot_be_driven_are_refused(tmp_path: Path, features: list[Any], said: str) -> None:
    with pytest.raises(TrafficError, match=said):
        read_ways(collection(tmp_path / "ways.geojson", *features))


@pytest.mark.parametrize("content", ["{", '{"type": "Point"}', "[]", '{"features": 3}', "\ufeff"])
def test_a_file_that_is_no_geojson_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ways.geojson"
    path.write_text(content)
    with pytest.raises(TrafficError, match="is not GeoJSON with features"):
        read_ways(path)
    with pytest.raises(TrafficError, match="There is no file"):
        read_ways(tmp_path / "absent.geojson")


ZONES = [
    ([], "has no zone"),
    ([zone("A"), zone("A")], "“A” occurs twice"),
    ([zone("A"), zone(None)], "Zone 2 .* has no zone_id"),
    ([{**zone("A"), "geometry": None}], r"Zone 1 .* \(A\) has no place"),
    ([{**zone("A"), "properties": {"colour": "red"}}], "has no property with the code of a zone"),
]


@pytest.mark.parametrize(("features", "said"), ZONES)
def test_zones_without_code_or_place_are_refused(tmp_path: Path, features: list[Any], said: str) -> None:
    with pytest.raises(TrafficError, match=said):
        read_zones(collection(tmp_path / "zones.geojson", *features))


def test_zones_with_longitude_and_latitude_exchanged_are_recognised(tmp_path: Path) -> None:
    network = read_ways(collection(tmp_path / "ways.geojson", feature()))
    swapped = read_zones(collection(tmp_path / "zones.geojson", zone("A", (51.45, -2.6)), zone("B", (51.45, -2.59))))
    with pytest.raises(TrafficError, match="longitude and latitude are exchanged"):
        connect(network, swapped)


def test_zones_far_from_all_roads_are_refused(tmp_path: Path) -> None:
    network = read_ways(collection(tmp_path / "ways.geojson", feature()))
    with pytest.raises(TrafficError, match="No zone has a road within 10 km"):
        connect(network, read_zones(collection(tmp_path / "zones.geojson", zone("A", (1.2, 52.6)))))


TABLES = [
    ("origin,destination,trips\nA,X,3\n", "Row 2 .* the zone “X”, which is not among the 2 zones"),
    ("origin,destination,trips\nA,B,3\nB,A,-1\n", "Row 3 .* '-1' for trips"),
    ("origin,destination,trips\nA,B,nan\n", "Row 2 .* 'nan' for trips"),
    ("origin,destination,trips\nA,B,many\n", "Row 2 .* 'many' for trips"),
    ("origin,destination,trips\nA,B\n", "Row 2 .* has 2 values, not 3"),
    ("origin,destination,weight\nA,B,3\n", "no column for trips. .* --trips-column"),
    ("a,b,trips\nA,B,3\n", "no column for the origin. .* --origin-column"),
    ("", "is empty"),
]


@pytest.mark.parametrize(("text", "said"), TABLES)
def test_trips_that_are_none_are_refused_with_their_row(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "od.csv"
    path.write_text(text)
    with pytest.raises(TrafficError, match=said):
        read_od(path, ["A", "B"])


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "od.csv"
    path.write_bytes(b"\xff\xfe\x00origin")
    with pytest.raises(TrafficError, match="not a CSV file in UTF-8"):
        read_od(path, ["A"])


COUNTS = [
    ("link_id,count\n1,100\n7,50\n", "Row 3 .* the link “7”, which the network does not have"),
    ("link_id,count\n1,100\n1,50\n", "Row 3 .* a second time"),
    ("link_id,count\n1,-5\n", "Row 2 .* '-5' for a count"),
    ("link_id,count\n", "has no count"),
    ("link_id,colour\n1,red\n", "no column for"),
]


@pytest.mark.parametrize(("text", "said"), COUNTS)
def test_counts_on_unknown_links_or_of_nothing_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(text)
    with pytest.raises(TrafficError, match=said):
        read_counts(path, RoadNetwork.of([(1, 2, 10, 1000)], zones=2))


SCHEMES = [
    ("scheme,pounds,change,link_id,value\nA,1e6,raise,1,2\n", "Row 2 .* the change “raise”"),
    ("scheme,pounds,change,link_id,value\nA,1e6,widen,1,\n", "Row 2 .* needs numbers"),
    ("scheme,pounds,change,link_id,value\nA,1e6,close,1,\nA,2e6,close,2,\n", "Row 3 .* another cost"),
    ("scheme,pounds,change,link_id,value\nA,0,close,1,\n", "cost above 0 pounds"),
    ("scheme,pounds\nA,0\n", "no column for change"),
]


@pytest.mark.parametrize(("text", "said"), SCHEMES)
def test_schemes_without_change_or_cost_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "schemes.csv"
    path.write_text(text)
    with pytest.raises(TrafficError, match=said):
        read_schemes(path)


HEAD = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 2\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 2\n<END OF METADATA>\n"
ROW = "1 2 1000 1 5 0.15 4 0 0 1 ;\n"
NETS = [
    (HEAD + ROW, "announces 2 links and holds 1"),
    (HEAD + ROW + "2 1 1000 ;\n", "Line 7 .* has 3 values"),
    (HEAD + ROW + "2 1 wide 1 5 0.15 4 0 0 1 ;\n", "Line 7"),
    (HEAD + ROW + "2 1 0 1 5 0.15 4 0 0 1 ;\n", "Link 2 has no capacity above 0"),
    (HEAD + ROW + "2 1 1000 1 -5 0.15 4 0 0 1 ;\n", "Link 2 has no free-flow time of 0 or more"),
    (HEAD + ROW + "2 9 1000 1 5 0.15 4 0 0 1 ;\n", "Link 2 begins or ends at a node that is not there"),
    (HEAD.replace("<NUMBER OF ZONES> 2\n", "") + ROW, "does not say <NUMBER OF ZONES>"),
    ("1 2 3\n", "no line <END OF METADATA>"),
]


@pytest.mark.parametrize(("text", "said"), NETS)
def test_tntp_networks_cut_short_or_impossible_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x_net.tntp"
    path.write_text(text)
    with pytest.raises(TrafficError, match=said):
        read_network(path)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<TOTAL OD FLOW> 9.0\n<END OF METADATA>\nOrigin 1\n2 : 4.0;\n", "announces 9.0 trips and holds 4.0"),
        ("<END OF METADATA>\nOrigin 1\n7 : 4.0;\n", "Line 3 .* zone 7"),
        ("<END OF METADATA>\n2 : 4.0;\n", "Line 2"),
    ],
)
def test_tntp_trips_cut_short_or_of_another_network_are_refused(tmp_path: Path, body: str, said: str) -> None:
    path = tmp_path / "x_trips.tntp"
    path.write_text(body)
    with pytest.raises(TrafficError, match=said):
        read_trips(path, RoadNetwork.of([(1, 2, 10, 1000)], zones=2))


def test_a_link_id_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    same = [
        feature(facts={**ROAD, "osm_id": 5}),
        feature([[-2.6, 51.45], [-2.6, 51.46]], {**ROAD, "osm_id": 5, "ref": "A4"}),
    ]
    with pytest.raises(TrafficError, match=r"link id “5\.1” occurs more than once"):
        read_ways(collection(tmp_path / "ways.geojson", *same))


def test_demand_of_other_zones_classes_or_numbers_is_refused() -> None:
    network = RoadNetwork.of([(1, 2, 10, 1000)], zones=2)
    with pytest.raises(TrafficError, match="Read the demand with the zones of the network"):
        equilibrium(network, Demand.of(["A", "B"], car=[[0, 1], [0, 0]]))
    with pytest.raises(TrafficError, match=r"from “1” to “2” are nan"):
        Demand.of(["1", "2"], car=[[0, np.nan], [0, 0]])
    with pytest.raises(TrafficError, match="shape"):
        Demand.of(["1", "2"], car=[[0, 1]])
    with pytest.raises(TrafficError, match="above 0"):
        VehicleClass("tank", pcu=0)
    tram = VehicleClass("tram", banned_kinds=frozenset({"street"}))
    with pytest.raises(TrafficError, match="the kind “street”, and the network has none"):
        equilibrium(network, Demand.of(network.zones, classes={"tram": tram}, tram=[[0, 1], [0, 0]]))


def test_no_scheme_and_two_of_a_name_are_refused() -> None:
    network = RoadNetwork.of([(1, 2, 10, 1000)], zones=2)
    demand = Demand.of(network.zones, car=[[0, 1], [0, 0]])
    twice = [Scheme("A", Change(close=("1",)), 1.0)] * 2
    for schemes, said in (([], "no scheme"), (twice, "Two schemes are named “A”")):
        with pytest.raises(TrafficError, match=said):
            rank(network, demand, schemes, generator=np.random.default_rng(1))


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "x_net.tntp").write_text(HEAD + ROW + "2 1 1000 1 5 0.15 4 0 0 1 ;\n")
    (tmp_path / "od.csv").write_text("origin,destination,trips\n1,2,300\n2,1,200\n1,1,10\n")
    return ["--network", str(tmp_path / "x_net.tntp"), "--od", str(tmp_path / "od.csv")]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["whatif", "--close", "77"], "There is no link “77”"),
        (["whatif", "--widen", "1"], "--widen takes LINK_ID=LANES"),
        (["whatif"], "Nothing changes"),
        (["assign", "--select-link", "77"], "There is no link “77”"),
        (["assign", "--algorithm", "magic"], "There is no algorithm “magic”"),
        (["assign", "--outside", "maybe"], "--outside is refuse or leave"),
        (["assign", "--hour-share", "0"], "must be above 0"),
        (["bottlenecks", "--profile", "noon"], "--profile is a time and numbers"),
    ],
)
def test_the_command_says_one_sentence_and_no_traceback(files: list[str], asked: list[str], said: str) -> None:
    ran = CliRunner().invoke(app, [asked[0], *files, *asked[1:]])
    assert ran.exit_code == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_roads_from_geojson_ask_for_zones(tmp_path: Path) -> None:
    ways = collection(tmp_path / "ways.geojson", feature())
    ran = CliRunner().invoke(app, ["assign", "--network", str(ways), "--od", str(tmp_path / "od.csv")])
    assert ran.exit_code == 2
    assert "need --zones" in ran.stderr
