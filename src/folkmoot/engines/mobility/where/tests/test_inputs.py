"""Tables of cells, zones and population that cannot be right are refused with the row that is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from folkmoot.engines.mobility import where
from folkmoot.engines.mobility.errors import MobilityError

GOOD: dict[str, list[Any]] = {"cell_id": ["A", "B"], "latitude": ["51.45", "51.46"], "longitude": ["-2.6", "-2.5"]}


def ring(west: float, south: float, size: float = 0.1) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: Any, ring_: Any, kind: str = "Polygon") -> dict[str, Any]:
    coordinates = [ring_] if kind == "Polygon" else ring_
    return {
        "type": "Feature", "properties": {"zone_id": code, "name": "Somewhere"},
        "geometry": {"type": kind, "coordinates": coordinates},
    }  # fmt: skip


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"cell_id": ["A", ""]}, "Row 3: cell_id is empty"),
        ({"latitude": ["51.45", "north"]}, "Row 3: latitude “north” is not a number"),
        ({"latitude": ["51.45", ""]}, "Row 3: there is no latitude or no longitude"),
        ({"latitude": ["51.45", "91"]}, "Row 3: latitude 91 and longitude -2.5 are not degrees"),
        ({"latitude": ["172000", "51.4"], "longitude": ["359000", "-2.6"]}, "they look like eastings and northings"),
        ({"latitude": ["-2.6", "-2.5"], "longitude": ["51.45", "51.46"]}, "Latitude and longitude are swapped"),
        ({"azimuth_angle": ["361", "0"]}, "Row 2: azimuth_angle 361 is not between 0 and 360"),
        ({"azimuth_angle": ["-1", "0"]}, "Row 2: azimuth_angle -1 is not between 0 and 360"),
        ({"horizontal_beam_width": ["0", "65"]}, "Row 2: horizontal_beam_width is 0"),
        ({"power": ["-3", "10"]}, "Row 2: power -3 is not between 0"),
        ({"directionality": ["2", "0"]}, "Row 2: directionality “2” is neither"),
        ({"directionality": ["1", "0"]}, "Row 2: directionality says a sector, but there is no azimuth_angle"),
        ({"cell_type": ["giga", ""]}, "Row 2: cell_type “giga” is not"),
        ({"valid_date_start": ["soon", ""]}, "Row 2: valid_date_start “soon” is not a date"),
        ({"valid_date_start": ["2026-03-09", ""], "valid_date_end": ["2026-03-01", ""]}, "before it starts"),
        ({"cell_id": ["A", "A"]}, "Row 3: cell “A” is there twice"),
    ],
)
def test_a_cell_that_cannot_be_right_is_refused_by_row(columns: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    held = {**GOOD, **columns}
    lines = [",".join(held), *(",".join(row) for row in zip(*held.values()))]
    (tmp_path / "cells.csv").write_text("\n".join(lines))
    with pytest.raises(MobilityError) as caught:
        where.cells.read(tmp_path / "cells.csv")
    assert sentence in str(caught.value)
    assert "cells.csv" in str(caught.value)


def test_one_cell_swapped_among_many_is_found() -> None:
    columns = {"cell_id": list("ABCDE"), "latitude": [51.4] * 4 + [-2.6], "longitude": [-2.6] * 4 + [51.4]}
    with pytest.raises(MobilityError, match=r"Row 5: latitude -2\.6 and longitude 51\.4 are swapped"):
        where.cells.of(columns)


def test_every_fault_is_counted_though_five_are_shown() -> None:
    columns = {"cell_id": [f"C{k}" for k in range(9)], "latitude": [51.4] * 9, "longitude": [-2.6] * 9}
    with pytest.raises(MobilityError, match="and 4 more"):
        where.cells.of({**columns, "azimuth_angle": [400] * 9})


def test_a_cell_may_come_again_on_other_days() -> None:
    held = where.cells.of({**GOOD, "cell_id": ["A", "A"], "valid_date_start": ["", "2026-03-02"],
                           "valid_date_end": ["2026-03-01", ""]})  # fmt: skip
    assert where.versions.keys(held) == ("A", "A@2026-03-02")


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(MobilityError, match=r"no column latitude.*this one has cell_id, longitude, height"):
        where.cells.of({"cell_id": ["A"], "longitude": [1.0], "height": [3]})


def test_cells_come_from_parquet_and_under_other_names(tmp_path: Path) -> None:
    pq.write_table(pa.table({"cell_id": [7], "lat": [51.4], "lon": [-2.6]}), tmp_path / "cells.parquet")
    held = where.cells.read(tmp_path / "cells.parquet")
    assert (held.cell_id, held.latitude.tolist()) == (("7",), [51.4])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "has no rows"), ("a,b\n1\n", "Row 2 of"), ("a,a\n1,2\n", "two columns named “a”")],
)
def test_a_file_that_is_no_table_is_refused(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "cells.csv").write_text(text)
    with pytest.raises(MobilityError, match=sentence):
        where.cells.read(tmp_path / "cells.csv")


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        ({"type": "Topology"}, "is not GeoJSON with features"),
        (collection({"type": "Feature", "properties": {"id": 1}, "geometry": None}), "have no code"),
        (collection(feature("Z", ring(-2.6, 51.4)), feature("", ring(-2.4, 51.4))), "Row 2: the zone has no zone_id"),
        (collection(feature("Z", ring(-2.6, 51.4)), feature("Z", ring(-2.4, 51.4))), "the code “Z” is also that"),
        (collection(feature("Z", [-2.6, 51.4], "Point")), "is a Point, not a Polygon"),
        (collection(feature("Z", ring(359000, 172000, 100))), "looks like eastings and northings"),
        (collection(feature("Z", [[-2.6, 51.4], [-2.5, 51.5], [-2.5, 51.4], [-2.6, 51.5], [-2.6, 51.4]])), "not valid"),
        (collection(feature("Z", [[-2.6, "x"], [-2.5, 51.5], [-2.5, 51.4], [-2.6, 51.4]])), "pairs of numbers"),
        (collection(feature("Y", ring(-2.6, 51.4)), feature("Z", ring(-2.55, 51.4))), "“Z” overlaps “Y” by 50%"),
        (collection({**feature("Z", ring(-2.6, 51.4)), "geometry": None}), "the zone has no geometry"),
    ],
)
def test_zones_that_cannot_be_right_are_refused(held: Any, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "zones.geojson").write_text(json.dumps(held))
    with pytest.raises(MobilityError) as caught:
        where.zones.read(tmp_path / "zones.geojson")
    assert sentence in str(caught.value)


def test_zones_may_call_their_code_by_other_names() -> None:
    made = feature("x", ring(-2.6, 51.4))
    made["properties"] = {"msoa11cd": "E02000001"}
    assert where.zones.from_geojson(collection(made)).zone_id == ("E02000001",)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"people": ["-1", "3"]}, "people -1 is negative"),
        ({"people": ["many", "3"]}, "people “many” is not a number"),
        ({"people": ["", "3"]}, "people is empty"),
        ({"sex": ["f", "f"]}, "Z, 16-64, f is also in row 1"),
    ],
)
def test_population_that_cannot_be_right_is_refused(columns: dict[str, Any], sentence: str) -> None:
    good = {"zone_id": ["Z", "Z"], "age_band": ["16-64", "16-64"], "sex": ["f", "m"], "people": ["10", "12"]}
    with pytest.raises(MobilityError, match=sentence):
        where.population.of({**good, **columns})
