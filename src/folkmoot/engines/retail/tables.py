"""A market from tables, as files hold them: a row an area, a centre, a pair. What cannot be used is set aside and counted.

============== =====================================================================================================
areas          lsoa21cd (or area_code), population, spend_pounds or spend_per_head_pounds; optionally name, lon, lat,
               age_… (people of each band), imd_decile, car_access_share, classification, elsewhere_share
centres        centre_id, floor_space_m2; optionally name, centre_class, attractiveness, running_cost_per_m2, lon, lat
               and any further numbers that are asked for by name
travel_minutes lsoa21cd, centre_id, minutes (or km, or cost): a pair that is left out has no way
shopping_flows lsoa21cd, centre_id, visits (or pounds): a pair left out is zero if its area has any row; “<10”, “*” or
               an empty cell is a suppressed count
============== =====================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from folkmoot.engines.retail.columns import AREA, CENTRE, codes_of, find, numbers
from folkmoot.engines.retail.model import (
    WGS84,
    Areas,
    Centres,
    Floats,
    Market,
    RetailError,
    SetAside,
    unique_codes,
)
from folkmoot.engines.retail.newcomer import NewCentre

if TYPE_CHECKING:
    import pyarrow as pa

COSTS = {"minutes": "minutes", "km": "kilometres", "kilometres": "kilometres", "cost": "units of cost"}
FLOWS = {"visits": "visits", "trips": "visits", "flow": "visits", "pounds": "pounds", "spend_pounds": "pounds"}
NO_WAY = 4_294_967.0
"""Some routers write 2³² − 1 milliseconds where there is no way."""
MIXED = 0.05


def market_from_tables(
    tables: Mapping[str, pa.Table],
    *,
    crs: str = WGS84,
    variables: Sequence[str] = (),
    spending: bool = True,
    cost_matrix: Floats | None = None,
    unit: str = "minutes",
) -> Market:
    """Build a market from the tables described above. Raises `RetailError` in a sentence for what is impossible.

    `cost_matrix` (areas × centres in the order of their tables) replaces the table of travel times. `spending=False`
    lets spending be missing, which calibration does not need.
    """
    for name in ("areas", "centres"):
        if name not in tables:
            raise RetailError(f"The table of {name} is missing.")
        if not len(tables[name]):
            raise RetailError(f"The table of {name} has no rows.")
    areas, area_column = _areas(tables["areas"], crs, spending)
    aside: list[SetAside] = []
    said: list[str] = []
    centres, kept = _centres(tables["centres"], crs, variables, aside)
    if cost_matrix is not None:
        cost = np.asarray(cost_matrix, dtype=np.float64)
        if cost.ndim == 2 and cost.shape[1] == len(kept):
            cost = cost[:, kept]
    elif "travel_minutes" in tables:
        cost, unit = _costs(tables["travel_minutes"], areas, centres, area_column, aside, said)
    else:
        raise RetailError("The table of travel costs is missing; give minutes or kilometres for pairs.")
    flows, flow_unit = None, "visits"
    if tables.get("shopping_flows") is not None:
        flows, flow_unit = _flows(tables["shopping_flows"], areas, centres, area_column, aside, said)
    return Market(areas, centres, cost, unit, flows, flow_unit, tuple(said), tuple(aside))


def candidates_from_table(
    table: pa.Table, market: Market, minutes: pa.Table | None = None, *, crs: str = WGS84
) -> list[NewCentre]:
    """Candidate sites: candidate_id, lon, lat, largest_m2 (or floor_space_m2) and optionally name, centre_class and
    running_cost_per_m2; `minutes` has lsoa21cd, candidate_id, minutes."""
    code = unique_codes(codes_of(table, ("candidate_id", "code", "site_id"), "candidates"), "candidate")
    size_name = find(table, ("largest_m2", "floor_space_m2"), "candidates")
    columns = {name: _filled(table, name, "candidates") for name in ("lon", "lat", size_name)}
    running = numbers(table, "running_cost_per_m2") if "running_cost_per_m2" in table.column_names else None
    name = _text(table, "name") or code.tolist()
    kind = _text(table, "centre_class") or [""] * len(code)
    costs: dict[str, Floats] = {}
    if minutes is not None:
        place = {c: i for i, c in enumerate(market.areas.code.tolist())}
        for area, candidate, value in zip(
            codes_of(minutes, AREA, "travel times of candidates"),
            codes_of(minutes, ("candidate_id", "code", "site_id"), "travel times of candidates"),
            numbers(minutes, find(minutes, tuple(COSTS), "travel times of candidates")),
        ):
            row = costs.setdefault(candidate, np.full(len(place), np.inf))
            if area in place and np.isfinite(value) and value < NO_WAY:
                row[place[area]] = value
    return [
        NewCentre(
            lon=float(columns["lon"][i]),
            lat=float(columns["lat"][i]),
            floor_space_m2=float(columns[size_name][i]),
            centre_class=kind[i],
            code=str(code[i]),
            name=name[i],
            running_cost_per_m2=None if running is None or np.isnan(running[i]) else float(running[i]),
            cost=tuple(costs[str(code[i])].tolist()) if str(code[i]) in costs else None,
            crs=crs,
        )
        for i in range(len(code))
    ]


def _areas(table: pa.Table, crs: str, spending: bool) -> tuple[Areas, str]:
    column = find(table, AREA, "areas")
    code = codes_of(table, AREA, "areas")
    has = set(table.column_names)
    optional: dict[str, Any] = {}
    if {"lon", "lat"} <= has:
        optional |= {"lon": numbers(table, "lon"), "lat": numbers(table, "lat")}
    for ours, theirs in (("imd_decile", "imd_decile"), ("car_access", "car_access_share")):
        if theirs in has:
            optional[ours] = numbers(table, theirs)
    if "imd_decile" in optional:
        optional["imd_decile"] = np.nan_to_num(optional["imd_decile"], nan=0.0)
    if "elsewhere_share" in has:
        optional["elsewhere"] = _filled(table, "elsewhere_share", "areas")
    ages = {n: _filled(table, n, "areas") for n in table.column_names if n.startswith("age_")}
    if "spend_pounds" in has:
        optional["spend"] = _filled(table, "spend_pounds", "areas")
    elif "spend_per_head_pounds" in has:
        optional["spend_per_head"] = _filled(table, "spend_per_head_pounds", "areas")
    elif spending:
        raise RetailError(
            "The areas have neither spend_pounds nor spend_per_head_pounds; turnover cannot be foretold without what "
            "people spend."
        )
    else:
        optional["spend_per_head"] = 0.0
    return Areas.of(
        code, population=_filled(table, "population", "areas"), name=_text(table, "name"), crs=crs,
        classification=_text(table, "classification"), age=ages, **optional,
    ), column  # fmt: skip


def _centres(table: pa.Table, crs: str, variables: Sequence[str], aside: list[SetAside]) -> tuple[Centres, list[int]]:
    code = codes_of(table, CENTRE, "centres")
    unique_codes(code, "centre")
    size = _filled(table, "floor_space_m2", "centres")
    closed = np.flatnonzero(size == 0)
    if len(closed):
        aside.append(SetAside.of("The centre has no floor space.", code[closed[0]], closed))
    kept = np.flatnonzero(size != 0)
    table = table.take(kept)
    optional: dict[str, Any] = {
        name: numbers(table, name)
        for name in ("attractiveness", "running_cost_per_m2", "lon", "lat")
        if name in table.column_names
    }
    missing = [name for name in variables if name not in table.column_names]
    if missing:
        raise RetailError(f"The centres have no column “{missing[0]}”; there are: {', '.join(table.column_names)}.")
    return Centres.of(
        [code[i] for i in kept], floor_space_m2=size[kept], name=_text(table, "name"), crs=crs,
        centre_class=_text(table, "centre_class"), further={name: _filled(table, name, "centres") for name in variables},
        **optional,
    ), kept.tolist()  # fmt: skip


def _costs(
    table: pa.Table, areas: Areas, centres: Centres, area_column: str, aside: list[SetAside], said: list[str]
) -> tuple[Floats, str]:
    name = find(table, tuple(COSTS), "travel costs")
    row, col, keep = _pairs(table, areas, centres, area_column, "travel cost", aside, said)
    value = numbers(table, name)[keep]
    missing = np.isnan(value)
    if missing.any():
        first = f"{areas.code[row[missing][0]]} → {centres.code[col[missing][0]]}"
        aside.append(SetAside.of("The travel cost is missing; the pair is out of reach.", first, keep[missing]))
    far = value >= NO_WAY
    if far.any():
        first = f"{areas.code[row[far][0]]} → {centres.code[col[far][0]]}"
        aside.append(SetAside.of("The travel cost is a router's sign for “no way”.", first, keep[far]))
    row, col, value = row[~missing & ~far], col[~missing & ~far], value[~missing & ~far]
    _refuse_doubles(row, col, areas, centres)
    cost = np.full((len(areas), len(centres)), np.inf)
    cost[row, col] = value
    nowhere = ~np.isfinite(cost).any(axis=1)
    if nowhere.all():
        raise RetailError("No area reaches any centre by the table of travel costs; check the codes in it.")
    if nowhere.any():
        said.append(f"{int(nowhere.sum())} areas have no way to any centre in the table of travel costs.")
    return cost, COSTS[name]


def _flows(
    table: pa.Table, areas: Areas, centres: Centres, area_column: str, aside: list[SetAside], said: list[str]
) -> tuple[Floats, str]:
    name = find(table, tuple(FLOWS), "flows")
    row, col, keep = _pairs(table, areas, centres, area_column, "flow", aside, said)
    value = numbers(table, name)[keep]
    negative = value < 0
    if negative.any():
        i = int(np.flatnonzero(negative)[0])
        raise RetailError(
            f"The flow from “{areas.code[row[i]]}” to “{centres.code[col[i]]}” is {value[i]:g}; a count cannot be below "
            "zero. If negative numbers mark suppressed counts, leave those cells empty."
        )
    flows = np.full((len(areas), len(centres)), np.nan)
    flows[np.unique(row)] = 0.0
    # A suppressed count (NaN) makes the whole cell unknown; several rows of a pair add up.
    np.add.at(flows, (row, col), value)
    doubles = len(row) - len(set(zip(row.tolist(), col.tolist())))
    if doubles:
        said.append(f"{doubles} rows of flows repeat a pair; they were added up.")
    return flows, FLOWS[name]


def _pairs(
    table: pa.Table,
    areas: Areas,
    centres: Centres,
    area_column: str,
    what: str,
    aside: list[SetAside],
    said: list[str],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row and column of every usable row, and which rows those are; the others are set aside."""
    column = find(table, AREA, f"{what}s")
    if {column, area_column} == {"lsoa11cd", "lsoa21cd"}:
        raise RetailError(
            f"The areas are given by {area_column} and the {what}s by {column}: LSOAs of 2011 and of 2021 are not the "
            "same areas. Convert one with the look-up of the Office for National Statistics."
        )
    origin, target = codes_of(table, AREA, f"{what}s"), codes_of(table, CENTRE, f"{what}s")
    at = {code: i for i, code in enumerate(areas.code.tolist())}
    to = {code: j for j, code in enumerate(centres.code.tolist())}
    row = np.array([at.get(code, -1) for code in origin], dtype=np.int64)
    col = np.array([to.get(code, -1) for code in target], dtype=np.int64)
    for wrong, kind, codes in ((row < 0, "area", origin), (col < 0, "centre", target)):
        if wrong.any():
            strangers = np.flatnonzero(wrong)
            reason = f"The {kind} of the {what} is not in its table."
            aside.append(SetAside.of(reason, codes[int(strangers[0])], strangers))
    strange = {code for code, i in zip(origin, row) if i < 0}
    if strange and len(strange) > MIXED * len(set(origin)):
        said.append(
            f"{len(strange)} of {len(set(origin))} area codes among the {what}s are not among the areas; this happens when "
            "areas of 2011 and of 2021 are mixed."
        )
    keep = np.flatnonzero((row >= 0) & (col >= 0))
    if not len(keep):
        raise RetailError(f"Not one {what} is between an area and a centre of the tables; check the codes.")
    return row[keep], col[keep], keep


def _refuse_doubles(row: np.ndarray, col: np.ndarray, areas: Areas, centres: Centres) -> None:
    pair = row * len(centres) + col
    order = np.argsort(pair, kind="stable")
    again = np.flatnonzero(np.diff(pair[order]) == 0)
    if len(again):
        k = order[again[0] + 1]
        raise RetailError(
            f"The travel cost from “{areas.code[row[k]]}” to “{centres.code[col[k]]}” is given twice; leave one out."
        )


def _filled(table: pa.Table, name: str, what: str) -> Floats:
    """A column without gaps."""
    if name not in table.column_names:
        raise RetailError(f"The {what} have no column “{name}”; there are: {', '.join(table.column_names)}.")
    values = numbers(table, name)
    gap = np.flatnonzero(np.isnan(values))
    if len(gap):
        raise RetailError(f"{name} of the {what} is missing or not a number in row {gap[0] + 1}; fill it in.")
    return values


def _text(table: pa.Table, name: str) -> list[str] | None:
    if name not in table.column_names:
        return None
    return ["" if value is None else str(value) for value in table[name].to_pylist()]
