"""Candidate sites: where something stands or could stand. A code and a position; where known capacity and costs.

A site may have several rows that differ in `size`: each is a candidate of its own, and `place` is the site they share.
"""

from __future__ import annotations

import math

import pyarrow as pa

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.engines.siting.reading import sheet
from folkmoot.engines.siting.reading.problems import SIZE, sized
from folkmoot.services.places.uploads.areas import code_of
from folkmoot.services.places.uploads.layers import Aside, Given, Layer

CODE = ("site", "site_id", "site_code", "code", "id", "uprn", "postcode")
NAME = ("name", "site_name")
EXISTING = ("existing", "open", "status", "state")
CAPACITY = ("capacity",)
OPENING_COST = ("opening_cost", "yearly_cost_pounds", "fixed_cost", "cost")
YES = frozenset({"1", "1.0", "yes", "y", "true", "x", "existing", "open", "existing site"})
NO = frozenset({"0", "0.0", "no", "n", "false", "", "candidate", "closed", "new", "proposed"})


def sites(layer: Layer) -> Given:
    """The table of candidate sites, existing ones marked."""
    table = layer.sheet
    code, name, existing = table.needs("site codes", *CODE), table.column(*NAME), table.column(*EXISTING)
    numbers = {
        key: column
        for key, column in (("capacity", table.column(*CAPACITY)), ("opening_cost", table.column(*OPENING_COST)))
        if column is not None
    }
    size = table.column(*SIZE)
    seen: dict[str, int] = {}
    aside: list[Aside] = []
    kept: dict[str, list[object]] = {"site": [], "name": [], "lon": [], "lat": [], "existing": [], "place": []}
    kept |= {key: [] for key in numbers}
    for k, (row, line) in enumerate(zip(table.rows, table.lines)):
        label = "" if size is None else row[size]
        at = code_of(layer, code, seen, k, size=label)
        if layer.lon[k] is None or layer.lat[k] is None:
            aside.append(Aside(table.name, line, at, "It has no position."))
            continue
        kept["site"].append(at), kept["name"].append(sized(row[name], label) if name is not None and row[name] else at)
        kept["place"].append(row[code])
        kept["lon"].append(layer.lon[k]), kept["lat"].append(layer.lat[k])
        kept["existing"].append(existing is not None and _flag(layer, k, existing))
        for key, column in numbers.items():
            kept[key].append(_number(layer, k, column, at))
    if not kept["site"]:
        raise ProblemError(f"No site of “{table.name}” is left: {aside[0].reason}")
    return Given(pa.table(kept), tuple(aside), layer.statements)


def _flag(layer: Layer, k: int, column: int) -> bool:
    table = layer.sheet
    cell = table.rows[k][column].strip().lower()
    if cell not in YES | NO:
        raise ProblemError(
            f"{layer.row} {table.lines[k]} of “{table.name}”: {table.head[column]} is “{table.rows[k][column]}”; "
            f"write yes for a site that exists, no for one that could be opened."
        )
    return cell in YES


def _number(layer: Layer, k: int, column: int, code: str) -> float:
    table = layer.sheet
    found = sheet.number(table.rows[k][column])
    if found is None or not 0 <= found < math.inf:
        raise ProblemError(
            f"{layer.row} {table.lines[k]} of “{table.name}”: {table.head[column]} of “{code}” is "
            f"“{table.rows[k][column]}”; it must be a number of at least 0."
        )
    return found
