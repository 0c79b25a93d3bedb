"""Files as planners have them: what is taken in, what is set aside, and what is refused in which words."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.services.places import uploads

AREAS = "area,name,people,lon,lat,imd_decile,age_65_plus,car_access_share\n"


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _areas(folder: Path, text: str, name: str = "areas.csv", **options: Any) -> uploads.Given:
    return uploads.areas(uploads.layer(_file(folder, name, text)), **options)


def _table(codes: list[str], key: str = "area", **columns: Any) -> pa.Table:
    n = len(codes)
    return pa.table({key: codes, "lon": [-0.5 + 0.1 * k for k in range(n)], "lat": [53.0] * n, **columns})


def test_areas_come_with_deciles_and_with_people_over_65_and_without_a_car(tmp_path: Path) -> None:
    given = _areas(tmp_path, AREAS + "E1,Ash,200,-0.5,53.0,3,40,0.75\n")
    row = given.table.to_pylist()[0]
    assert (row["area"], row["people"], row["decile"], row["older"], row["without_car"]) == ("E1", 200, "3", 40, 50)


def test_rows_without_people_or_position_are_set_aside_and_named(tmp_path: Path) -> None:
    text = AREAS + "E1,,200,-0.5,53.0,3,40,0.75\nE2,,n/a,-0.5,53.0,3,4,0.5\nE3,,9,,,3,4,0.5\n"
    given = _areas(tmp_path, text)
    assert given.table["area"].to_pylist() == ["E1"]
    assert [(a.line, a.code) for a in given.aside] == [(3, "E2"), (4, "E3")]
    assert given.aside[1].reason == "It has no position."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("area,people\nE1,5\n", "has no positions"),
        ("area,lon,lat\nE1,-0.5,53\n", "needs a column of people"),
        ("area,people,lon,lat\nE1,many,-0.5,53\n", "Line 2 of “a.csv”: people of “E1” is “many”"),
        ("area,people,lon,lat\nE1,-4,-0.5,53\n", "must be a number of at least 0"),
        ("area,people,lon,lat\nE1,inf,-0.5,53\n", "must be a number of at least 0"),
        ("area,people,lon,lat\nE1,5,-0.5,53\nE1,6,-0.4,53\n", "has “E1” twice, in line 2 and 3"),
        ("area,people,lon,lat\n,5,-0.5,53\n", "Line 2 of “a.csv” has no code"),
        ("area,people,lon,lat\n=cmd|'/C calc'!A0,5,-0.5,53\n", "begins like a formula of a spreadsheet"),
        ("area,people,lon,lat\nE1,5,530000,180000\n", "530000, which is no degree"),
        ("area,people,lon,lat\nE1,5,53.1,-0.5\nE2,5,53.2,-0.4\n", "longitude and latitude look swapped"),
        ("area,people,lon,lat\nE1,*,-0.5,53\n", "a suppressed small count"),
        ("area,people,lon,lat\nE1,unknown,-0.5,53\n", "No area of “a.csv” is left"),
        ("area,people,lon,lat,car_access_share\nE1,5,-0.5,53,75\n", "a share lies between 0 and 1"),
    ],
    ids=range(13),
)  # fmt: skip
def test_areas_that_cannot_be_meant_are_refused_with_the_row(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ProblemError) as refused:
        _areas(tmp_path, text, "a.csv")
    assert sentence in str(refused.value)


def test_suppressed_counts_are_counted_as_the_planner_says_and_the_study_says_so(tmp_path: Path) -> None:
    given = _areas(tmp_path, "area,people,lon,lat\nE1,<5,-0.5,53\nE2,9,-0.4,53\n", suppressed=2.5)
    assert given.table["people"].to_pylist() == [2.5, 9.0]
    assert "1 areas have a suppressed small count of people, counted as 2.5 each." in given.statements


def test_eastings_and_northings_become_degrees(tmp_path: Path) -> None:
    given = _areas(tmp_path, "area,people,easting,northing\nE1,5,530034,180381\n")
    row = given.table.to_pylist()[0]
    # Trafalgar Square: 51° 30′ 27″ N, 0° 7′ 40″ W.
    assert (row["lon"], row["lat"]) == (pytest.approx(-0.1277, abs=2e-4), pytest.approx(51.5074, abs=2e-4))


def test_polygons_keep_their_shape_and_get_a_point_inside(tmp_path: Path) -> None:
    ring = [[-0.5, 53.0], [-0.4, 53.0], [-0.4, 53.1], [-0.5, 53.1], [-0.5, 53.0]]
    feature = {
        "type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"code": "E1", "population": 12},
    }  # fmt: skip
    given = _areas(tmp_path, json.dumps({"type": "FeatureCollection", "features": [feature]}), "areas.geojson")
    row = given.table.to_pylist()[0]
    assert row["shape"] is not None
    assert -0.5 < row["lon"] < -0.4
    assert 53.0 < row["lat"] < 53.1


def test_a_geopackage_of_the_national_grid_is_converted_and_said_to_be(tmp_path: Path) -> None:
    import pyogrio
    import shapely

    path = tmp_path / "sites.gpkg"
    pyogrio.raw.write(
        path, geometry=shapely.to_wkb([shapely.Point(530047, 180422)]), fields=np.array(["site", "existing"], dtype=object),
        field_data=[np.array(["S1"], dtype=object), np.array(["yes"], dtype=object)], crs="EPSG:27700",
        geometry_type="Point", driver="GPKG",
    )  # fmt: skip
    given = uploads.sites(uploads.layer(path))
    assert given.table["lon"].to_pylist() == [pytest.approx(-0.12765, abs=2e-4)]
    assert given.table["existing"].to_pylist() == [True]
    assert given.statements == ("Positions were converted from EPSG:27700 to WGS 84.",)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("areas.xlsx", "", "is not a CSV, GeoJSON or GeoPackage file by its name"),
        ("areas.geojson", "{not json", "cannot be read as a layer of features"),
        ("areas.gpkg", "no database", "cannot be read as a layer of features"),
        ("areas.csv", "area,people,lon,lat\n", "has no rows below its heading"),
    ],
    ids=range(4),
)
def test_files_that_are_not_what_they_seem_are_refused(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    with pytest.raises(ProblemError, match=sentence):
        _areas(tmp_path, text, name)


def test_sites_say_in_their_own_words_whether_they_exist(tmp_path: Path) -> None:
    text = "site,lon,lat,existing\nS1,-0.5,53,yes\nS2,-0.4,53,\nS3,-0.3,53,perhaps\n"
    with pytest.raises(ProblemError, match=r"Line 4 of “sites\.csv”: existing is “perhaps”; write yes"):
        uploads.sites(uploads.layer(_file(tmp_path, "sites.csv", text)))


def test_areas_without_travel_are_set_aside_and_sites_without_are_refused(tmp_path: Path) -> None:
    areas, sites = _table(["E1", "E2", "E3"]), _table(["S1", "S2"], "site")
    way = uploads.from_file(_file(tmp_path, "t.csv", "area,S1,S2\nE1,4,inf\nE2,nan,3\n"), areas, sites)
    assert way.minutes.tolist() == [[4.0, np.inf]]
    assert [(a.code, a.reason) for a in way.aside] == [
        ("E2", "The time to 1 of 2 sites is not known."), ("E3", "It has no row of travel times."),
    ]  # fmt: skip
    with pytest.raises(ProblemError, match="Site “S2” has no column"):
        uploads.from_file(_file(tmp_path, "u.csv", "area,S1\nE1,4\nE2,5\nE3,6\n"), areas, sites)


def test_areas_of_another_census_are_not_silently_lost(tmp_path: Path) -> None:
    areas = _table([f"E0100000{k}" for k in range(8)])
    rows = "".join(f"E0103400{k},5\n" for k in range(4)) + "".join(f"E0100000{k},5\n" for k in range(4))
    with pytest.raises(ProblemError, match="two vintages of small areas"):
        uploads.from_file(_file(tmp_path, "t.csv", "area,S1\n" + rows), areas, _table(["S1"], "site"))


def test_straight_lines_are_said_to_be_an_assumption() -> None:
    way = uploads.straight(_table(["E1", "E2"]), _table(["S1"], "site"), kmh=30, detour=1.3)
    # A tenth of a degree of longitude at 53° north is 6.692 km.
    assert way.minutes.tolist() == [[0.0], [pytest.approx(6.692 * 1.3 / 30 * 60, abs=0.01)]]
    assert way.statements[0].startswith("Assumed, not measured")


def test_ways_over_streets_leave_out_who_lives_away_from_any(tmp_path: Path) -> None:
    street = {
        "type": "Feature", "properties": {"highway": "residential", "maxspeed": "30 mph"},
        "geometry": {"type": "LineString", "coordinates": [[-0.5, 53.0], [-0.4, 53.0]]},
    }  # fmt: skip
    path = _file(tmp_path, "streets.geojson", json.dumps({"type": "FeatureCollection", "features": [street]}))
    way = uploads.over_streets(path, _table(["E1", "E2", "E3"]), _table(["S1"], "site"), mode="car")
    assert way.keep == [0, 1]
    assert way.minutes[1, 0] == pytest.approx(6.692 / 48.28 * 60, abs=0.02)
    assert [a.code for a in way.aside] == ["E3"]
