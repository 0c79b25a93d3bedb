"""Every market that cannot be modelled is refused with the row that is wrong; every odd row is set aside and counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from folkmoot.engines.retail import (
    Areas,
    Centres,
    Market,
    RetailError,
    assume,
    candidates_from_table,
    fit,
    market_from_tables,
    predict,
)

Tables = dict[str, pa.Table]


def good() -> Tables:
    """Three areas and two centres, all of it plain."""
    return {
        "areas": pa.table(
            {
                "lsoa21cd": ["E01000001", "E01000002", "E01000003"],
                "name": ["Inner", "Middle", "Outer"],
                "lon": [-0.55, -0.53, -0.50],
                "lat": [53.05, 53.06, 53.08],
                "population": [1500, 1600, 1400],
                "spend_pounds": [4e6, 5e6, 6e6],
                "imd_decile": [1, 5, 9],
                "car_access_share": [0.5, 0.7, 0.9],
                "age_0_64": [1200, 1300, 1000],
                "age_65_plus": [300, 300, 400],
            }
        ),
        "centres": pa.table(
            {
                "centre_id": ["X", "Y"],
                "floor_space_m2": [9000.0, 3000.0],
                "centre_class": ["town", "park"],
                "lon": [-0.55, -0.51],
                "lat": [53.05, 53.07],
            }
        ),
        "travel_minutes": pa.table(
            {
                "lsoa21cd": ["E01000001", "E01000001", "E01000002", "E01000002", "E01000003", "E01000003"],
                "centre_id": ["X", "Y"] * 3,
                "minutes": [2.0, 9.0, 5.0, 6.0, 11.0, 3.0],
            }
        ),
        "shopping_flows": pa.table(
            {
                "lsoa21cd": ["E01000001", "E01000001", "E01000002", "E01000002", "E01000003", "E01000003"],
                "centre_id": ["X", "Y"] * 3,
                "visits": [80, 20, 60, 40, 30, 70],
            }
        ),
    }


def with_cell(tables: Tables, name: str, column: str, row: int, value: Any) -> Tables:
    table = tables[name]
    values = table[column].to_pylist()
    values[row] = value
    if isinstance(value, str):
        values = [None if v is None else str(v) for v in values]
    index = table.column_names.index(column)
    return {**tables, name: table.set_column(index, column, pa.array(values))}


def cell(name: str, column: str, row: int, value: Any) -> Callable[[Tables], Tables]:
    return lambda tables: with_cell(tables, name, column, row, value)


def without(name: str, *columns: str) -> Callable[[Tables], Tables]:
    if not columns:
        return lambda tables: {k: v for k, v in tables.items() if k != name}
    return lambda tables: {**tables, name: tables[name].drop_columns(list(columns))}


def renamed(name: str, old: str, new: str) -> Callable[[Tables], Tables]:
    return lambda tables: {
        **tables,
        name: tables[name].rename_columns([new if c == old else c for c in tables[name].column_names]),
    }


def doubled(name: str, row: int) -> Callable[[Tables], Tables]:
    return lambda tables: {**tables, name: pa.concat_tables([tables[name], tables[name].slice(row, 1)])}


def emptied(name: str) -> Callable[[Tables], Tables]:
    return lambda tables: {**tables, name: tables[name].slice(0, 0)}


NAN, INF = float("nan"), float("inf")

REFUSED = {
    "no areas": (without("areas"), "table of areas is missing"),
    "no centres": (without("centres"), "table of centres is missing"),
    "no costs": (without("travel_minutes"), "table of travel costs is missing"),
    "areas of no rows": (emptied("areas"), "table of areas has no rows"),
    "centres of no rows": (emptied("centres"), "table of centres has no rows"),
    "no codes": (without("areas", "lsoa21cd"), "none of the columns lsoa21cd"),
    "an area twice": (doubled("areas", 1), "“E01000002” is in rows 2 and 4"),
    "a centre twice": (doubled("centres", 0), "“X” is in rows 1 and 3"),
    "an empty code": (cell("areas", "lsoa21cd", 1, ""), "Row 2 has no area code"),
    "nobody knows how many people": (
        cell("areas", "population", 1, None),
        "population of the areas is missing .* row 2",
    ),
    "fewer than no people": (cell("areas", "population", 1, -4), "population of “E01000002” .row 2. is -4"),
    "infinite people": (cell("areas", "population", 1, INF), "is inf"),
    "people in words": (cell("areas", "population", 1, "many"), "population in row 2 is “many”"),
    "no spending": (without("areas", "spend_pounds"), "neither spend_pounds nor spend_per_head_pounds"),
    "negative spending": (cell("areas", "spend_pounds", 0, -1.0), "spend of “E01000001”"),
    "decile eleven": (cell("areas", "imd_decile", 0, 11), "whole number from 1"),
    "decile and a half": (cell("areas", "imd_decile", 0, 1.5), "whole number from 1"),
    "cars in per cent": (cell("areas", "car_access_share", 0, 50.0), "not a percentage"),
    "negative ages": (cell("areas", "age_65_plus", 0, -3), "age_65_plus of “E01000001”"),
    "no floor space known": (cell("centres", "floor_space_m2", 0, None), "floor_space_m2 of the centres is missing"),
    "negative floor space": (cell("centres", "floor_space_m2", 0, -9.0), "floor_space_m2 of “X”"),
    "grid metres": (cell("areas", "lon", 0, 497500.0), "British National Grid"),
    "latitude 153": (cell("areas", "lat", 0, 153.0), "not on the earth"),
    "negative minutes": (cell("travel_minutes", "minutes", 0, -2.0), "from area “E01000001” to centre “X” is -2"),
    "minutes in words": (cell("travel_minutes", "minutes", 0, "soon"), "minutes in row 1 is “soon”"),
    "a pair twice": (doubled("travel_minutes", 3), "from “E01000002” to “Y” is given twice"),
    "no cost column": (without("travel_minutes", "minutes"), "none of the columns minutes, km"),
    "other areas altogether": (renamed("travel_minutes", "lsoa21cd", "lsoa11cd"), "2011 and of 2021 are not the same"),
    "flows of other areas": (renamed("shopping_flows", "lsoa21cd", "lsoa11cd"), "2011 and of 2021 are not the same"),
    "negative visits": (cell("shopping_flows", "visits", 0, -80), "a count cannot be below zero"),
    "visits in words": (cell("shopping_flows", "visits", 0, "lots"), "visits in row 1 is “lots”"),
}


@pytest.mark.parametrize(("spoil", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_an_impossible_market_is_refused_in_a_sentence(spoil: Callable[[Tables], Tables], sentence: str) -> None:
    with pytest.raises(RetailError, match=sentence) as refused:
        market_from_tables(spoil(good()))
    assert str(refused.value).endswith(".")


def test_the_good_market_is_read_as_it_is() -> None:
    market = market_from_tables(good())
    assert market.set_aside == ()
    assert market.cost.tolist() == [[2.0, 9.0], [5.0, 6.0], [11.0, 3.0]]
    assert market.flows is not None
    assert market.flows.tolist() == [[80, 20], [60, 40], [30, 70]]


ASIDE = {
    "a flow of an unknown area": (cell("shopping_flows", "lsoa21cd", 0, "E01999999"), "area of the flow is not", 1),
    "a flow to an unknown centre": (cell("shopping_flows", "centre_id", 1, "online"), "centre of the flow is not", 1),
    "a cost of an unknown area": (
        cell("travel_minutes", "lsoa21cd", 0, "E01999999"),
        "area of the travel cost is not",
        1,
    ),
    "a missing cost": (cell("travel_minutes", "minutes", 0, None), "travel cost is missing", 1),
    "a NaN cost": (cell("travel_minutes", "minutes", 0, NAN), "travel cost is missing", 1),
    "a router's no way": (cell("travel_minutes", "minutes", 0, 4294967.295), "router's sign", 1),
    "a centre without floor space": (cell("centres", "floor_space_m2", 1, 0.0), "no floor space", 1),
}


@pytest.mark.parametrize(("spoil", "reason", "count"), ASIDE.values(), ids=ASIDE.keys())
def test_an_odd_row_is_set_aside_and_counted(spoil: Callable[[Tables], Tables], reason: str, count: int) -> None:
    import re

    market = market_from_tables(spoil(good()))
    mine = [one for one in market.set_aside if re.search(reason, one.reason)]
    assert [one.count for one in mine] == [count]
    assert mine[0].first
    assert len(mine[0].rows) == count


@pytest.mark.parametrize("mark", ["<10", "< 5", "*", "**", "c", "..", "-", "", "NaN", "n/a"])
def test_a_suppressed_count_is_unknown_not_zero_and_is_counted(mark: str) -> None:
    market = market_from_tables(with_cell(good(), "shopping_flows", "visits", 3, mark))
    assert market.flows is not None
    assert np.isnan(market.flows[1, 1])
    found = fit(market, decay="exponential")
    assert [(one.count, one.first) for one in found.set_aside if "suppressed" in one.reason] == [(1, "E01000002 → Y")]


def test_an_area_without_rows_was_not_surveyed_while_a_pair_without_a_row_is_zero() -> None:
    tables = good()
    tables["shopping_flows"] = tables["shopping_flows"].slice(0, 3)
    market = market_from_tables(tables)
    assert market.flows is not None
    assert market.flows[:2].tolist() == [[80, 20], [60, 0]]
    assert np.isnan(market.flows[2]).all()


def test_areas_of_two_vintages_are_suspected_aloud() -> None:
    flows = with_cell(good(), "shopping_flows", "lsoa21cd", 4, "E01033333")
    flows = with_cell(flows, "shopping_flows", "lsoa21cd", 5, "E01033333")
    market = market_from_tables(flows)
    assert any("areas of 2011 and of 2021 are mixed" in said for said in market.statements)


def test_an_area_without_any_way_keeps_its_spending_as_served_by_none() -> None:
    tables = good()
    tables["travel_minutes"] = tables["travel_minutes"].slice(0, 4)
    market = market_from_tables({**tables, "shopping_flows": None})
    found = predict(market, assume())
    assert found.unserved_areas == ("E01000003",)
    assert found.unserved == 6e6
    assert sum(one.turnover.value for one in found.centres) == pytest.approx(9e6)


def test_grid_positions_are_converted_when_said() -> None:
    tables = good()
    for name, rows in (("areas", 3), ("centres", 2)):
        for row in range(rows):
            tables = with_cell(tables, name, "lon", row, 497_500.0 + 1000 * row)
            tables = with_cell(tables, name, "lat", row, 352_000.0)
    market = market_from_tables(tables, crs="EPSG:27700")
    assert market.areas.lon[0] == pytest.approx(-0.546, abs=0.01)
    with pytest.raises(RetailError, match="“EPSG:3857” are not understood"):
        market_from_tables(tables, crs="EPSG:3857")


def test_repeated_flows_are_added_up_and_said() -> None:
    market = market_from_tables(doubled("shopping_flows", 0)(good()))
    assert market.flows is not None
    assert market.flows[0, 0] == 160
    assert any("added up" in said for said in market.statements)


def test_numbers_written_for_people_are_read() -> None:
    tables = with_cell(good(), "areas", "spend_pounds", 0, "£4,000,000")
    assert market_from_tables(tables).areas.spend[0] == 4e6


def test_candidates_without_position_or_size_are_refused() -> None:
    market = market_from_tables(good())
    sites = pa.table({"candidate_id": ["N1"], "lon": [-0.5], "lat": [None], "largest_m2": [900.0]})
    with pytest.raises(RetailError, match="lat of the candidates is missing or not a number in row 1"):
        candidates_from_table(sites, market)
    with pytest.raises(RetailError, match="largest_m2, floor_space_m2"):
        candidates_from_table(sites.drop_columns(["largest_m2"]), market)


MATRICES = {
    "transposed": ([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "2 × 3, but there are 3 areas and 2 centres"),
    "NaN": ([[1.0, 2.0], [NAN, 5.0], [3.0, 4.0]], "“B” to centre “X” is nan"),
    "negative": ([[1.0, 2.0], [3.0, -5.0], [3.0, 4.0]], "“B” to centre “Y” is -5"),
}


@pytest.mark.parametrize(("cost", "sentence"), MATRICES.values(), ids=MATRICES.keys())
def test_a_matrix_that_does_not_fit_is_refused(cost: list[list[float]], sentence: str) -> None:
    areas = Areas.of(["A", "B", "C"], population=[1, 1, 1], spend=[1, 1, 1])
    with pytest.raises(RetailError, match=sentence):
        Market(areas, Centres.of(["X", "Y"], floor_space_m2=[1, 2]), cost)


def test_infinite_flows_are_refused() -> None:
    areas = Areas.of(["A"], population=[1], spend=[1])
    with pytest.raises(RetailError, match="flows from area “A” to centre “X” is inf"):
        Market(areas, Centres.of(["X"], floor_space_m2=[1]), [[1.0]], flows=[[INF]])
