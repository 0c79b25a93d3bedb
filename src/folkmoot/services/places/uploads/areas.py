"""Areas: who lives where. A code, people and a position; where known deprivation decile, people over 65, without a car."""

from __future__ import annotations

import math
from collections.abc import Callable

import pyarrow as pa

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.engines.siting.reading import sheet
from folkmoot.engines.siting.reading.problems import sized
from folkmoot.services.places.uploads.layers import Aside, Given, Layer

CODE = ("area", "area_code", "lsoa21cd", "lsoa11cd", "lsoa", "oa21cd", "code", "id")
NAME = ("name", "area_name", "lsoa21nm", "lsoa11nm")
PEOPLE = ("people", "population", "residents", "pop", "demand", "count")
DECILE = ("decile", "imd_decile", "group")
OLDER = ("older", "age_65_plus", "over_65", "people_65_plus")
OLDER_PARTS = ("age_65_79", "age_80_plus")
WITHOUT_CAR = ("without_car", "no_car", "people_without_car")
CAR_SHARE = ("car_access_share", "share_with_car")
RUNS = ("=", "+", "-", "@")


def code_of(layer: Layer, column: int, seen: dict[str, int], k: int, size: str = "") -> str:
    """The code of a row, with its size; refused where it is missing, given twice, or would run in a spreadsheet."""
    table, line = layer.sheet, layer.sheet.lines[k]
    code = table.rows[k][column]
    if not code:
        raise ProblemError(f"{layer.row} {line} of “{table.name}” has no code. Write it, or take the row out.")
    if code.startswith(RUNS):
        raise ProblemError(
            f"{layer.row} {line} of “{table.name}”: the code “{code}” begins like a formula of a spreadsheet. Change it."
        )
    code = sized(code, size)
    if code in seen:
        raise ProblemError(
            f"“{table.name}” has “{code}” twice, in {layer.row.lower()} {seen[code]} and {line}. Keep one of them."
        )
    seen[code] = line
    return code


def areas(layer: Layer, *, suppressed: float | None = None) -> Given:
    """The table of areas. `suppressed` is what a suppressed small count of people counts as."""
    table = layer.sheet
    code, people = table.needs("area codes", *CODE), table.needs("people", *PEOPLE)
    name, decile = table.column(*NAME), table.column(*DECILE)
    older, without = _older(table), _without_car(table)
    seen: dict[str, int] = {}
    aside: list[Aside] = []
    guessed = 0
    kept: dict[str, list[object]] = {"area": [], "name": [], "lon": [], "lat": [], "people": []}
    extra: dict[str, list[object]] = {
        key: [] for key, there in (("decile", decile), ("older", older), ("without_car", without)) if there is not None
    }
    shapes: list[bytes | None] = []
    for k, (row, line) in enumerate(zip(table.rows, table.lines)):
        at = code_of(layer, code, seen, k)
        kind = sheet.kind(row[people])
        if kind == "suppressed" and suppressed is None:
            raise ProblemError(
                f"{layer.row} {line} of “{table.name}”: the people of “{at}” are “{row[people]}”, a suppressed "
                f"small count. Say below what to count it as, so that nobody is left out by it."
            )
        reason = _why_aside(layer, k, kind)
        if reason:
            aside.append(Aside(table.name, line, at, reason))
            continue
        guessed += kind == "suppressed"
        count = float(suppressed or 0) if kind == "suppressed" else _count(layer, k, people, at)
        kept["area"].append(at), kept["name"].append(row[name] if name is not None and row[name] else at)
        kept["lon"].append(layer.lon[k]), kept["lat"].append(layer.lat[k]), kept["people"].append(count)
        if decile is not None:
            extra["decile"].append(row[decile])
        if older is not None:
            extra["older"].append(min(count, older(layer, k, at, count)))
        if without is not None:
            extra["without_car"].append(min(count, without(layer, k, at, count)))
        shapes.append(layer.shapes[k] if layer.shapes else None)
    if not kept["area"]:
        raise ProblemError(f"No area of “{table.name}” is left: {aside[0].reason}")
    made = pa.table({**kept, **extra})
    if any(shapes):
        made = made.append_column("shape", pa.array(shapes, pa.binary()))
    said = [*layer.statements]
    if guessed:
        said.append(f"{guessed:,} areas have a suppressed small count of people, counted as {suppressed:g} each.")
    return Given(made, tuple(aside), tuple(said))


def _why_aside(layer: Layer, k: int, kind: str) -> str:
    if kind == "unknown":
        return "How many people live there is not known (blank or not applicable)."
    if layer.lon[k] is None or layer.lat[k] is None:
        return "It has no position."
    return ""


def _count(layer: Layer, k: int, column: int, code: str) -> float:
    table = layer.sheet
    found = sheet.number(table.rows[k][column])
    if found is None or not 0 <= found < math.inf:
        raise ProblemError(
            f"{layer.row} {table.lines[k]} of “{table.name}”: {table.head[column]} of “{code}” is "
            f"“{table.rows[k][column]}”; it must be a number of at least 0."
        )
    return found


type Reader = Callable[[Layer, int, str, float], float]


def _older(table: sheet.Sheet) -> Reader | None:
    whole = table.column(*OLDER)
    parts = [table.column(name) for name in OLDER_PARTS]
    if whole is not None:
        return lambda layer, k, code, people: _count(layer, k, whole, code)
    if None in parts:
        return None
    return lambda layer, k, code, people: sum(_count(layer, k, column, code) for column in parts if column is not None)


def _without_car(table: sheet.Sheet) -> Reader | None:
    whole, share = table.column(*WITHOUT_CAR), table.column(*CAR_SHARE)
    if whole is not None:
        return lambda layer, k, code, people: _count(layer, k, whole, code)
    if share is None:
        return None

    def by_share(layer: Layer, k: int, code: str, people: float) -> float:
        found = _count(layer, k, share, code)
        if found > 1:
            raise ProblemError(
                f"{layer.row} {table.lines[k]} of “{table.name}”: {table.head[share]} of “{code}” is {found:g}; a share lies "
                "between 0 and 1."
            )
        return people * (1 - found)

    return by_share
