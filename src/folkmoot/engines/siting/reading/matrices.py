"""Travel from areas to sites: a wide or long CSV, or an npz with `cost`, `areas` and `sites`. Codes stay text.

A wide table has a row for each area, headed by the sites; a long one a row for each pair (area, site, cost), and a pair
that is not in it is one that cannot be travelled. “inf”, and the 4294967.295 that pandana writes, mean unreachable;
a blank or NaN means unknown: the area is set aside, because neither near nor unreachable would be true.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.engines.siting.reading import sheet

PANDANA = 4294967.295
"""2^32 − 1 thousandths: what pandana gives for unreachable (measured)."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """`cost` (n × m): infinity where unreachable, NaN where unknown. `lines[i]` is where row i came from."""

    areas: tuple[str, ...]
    sites: tuple[str, ...]
    cost: NDArray[np.float64]
    lines: tuple[int, ...]
    statements: tuple[str, ...] = ()


def matrix(path: Path | str) -> Matrix:
    """Read a matrix of travel costs from CSV, wide or long, or from npz."""
    path = Path(path)
    found = _npz(path) if path.suffix == ".npz" else _csv(sheet.read(path))
    for what, codes in (("area", found.areas), ("site", found.sites)):
        seen: dict[str, int] = {}
        for k, code in enumerate(codes):
            if code in seen:
                raise ProblemError(
                    f"“{path.name}” has the {what} “{code}” more than once (rows {seen[code] + 1} and {k + 1}). Keep one."
                )
            seen[code] = k
    cost, said = found.cost.copy(), list(found.statements)
    below = cost < 0
    if below.any():
        i, j = map(int, np.argwhere(below)[0])
        extra = " Such a number is NaN cast to an integer." if cost[i, j] < -(2**62) else ""
        raise ProblemError(
            f"“{path.name}”: the cost from area “{found.areas[i]}” (line {found.lines[i]}) to site “{found.sites[j]}” is "
            f"{cost[i, j]:g}; it must be at least 0 ({int(below.sum())} such cells).{extra}"
        )
    marks = np.abs(cost - PANDANA) < 5e-4
    if marks.any():
        cost[marks] = math.inf
        said.append(
            f"{int(marks.sum()):,} cells hold 4294967.295, pandana's mark for unreachable; they are unreachable."
        )
    if np.isinf(cost).any():
        said.append(f"{int(np.isinf(cost).sum()):,} pairs of area and site are unreachable.")
    return Matrix(found.areas, found.sites, cost, found.lines, tuple(said))


def _npz(path: Path) -> Matrix:
    if not path.exists():
        raise ProblemError(f"There is no file “{path}”.")
    try:
        with np.load(path, allow_pickle=False) as held:
            arrays = {name: held[name] for name in ("cost", "areas", "sites") if name in held}
    except (ValueError, OSError) as error:
        raise ProblemError(f"“{path.name}” cannot be read as npz: {error}.") from None
    missing = [name for name in ("cost", "areas", "sites") if name not in arrays]
    if missing:
        raise ProblemError(
            f"“{path.name}” has no array “{missing[0]}”; it needs cost (n × m), areas (n) and sites (m)."
        )
    cost = arrays["cost"]
    if cost.ndim != 2 or cost.shape != (len(arrays["areas"]), len(arrays["sites"])) or cost.dtype.kind not in "fiu":
        raise ProblemError(
            f"“{path.name}”: cost is {' × '.join(map(str, cost.shape))} of {cost.dtype} for {len(arrays['areas'])} areas "
            f"and {len(arrays['sites'])} sites; it must be numbers, a row for each area and a column for each site."
        )
    areas, sites = (tuple(str(code) for code in arrays[name].tolist()) for name in ("areas", "sites"))
    return Matrix(areas, sites, cost.astype(np.float64), tuple(range(1, len(areas) + 1)))


def _csv(table: sheet.Sheet) -> Matrix:
    site = table.column("site", "site_code", "destination", "to")
    area = table.column("area", "area_code", "origin", "from")
    if site is not None and area is not None and len(table.head) <= 6:
        return _long(table, area, site)
    cost = np.empty((len(table.rows), len(table.head) - 1))
    for k, row in enumerate(table.rows):
        try:
            cost[k] = [float(cell) for cell in row[1:]]
        except ValueError:
            cost[k] = [_cell(table, k, j, cell) for j, cell in enumerate(row[1:], start=1)]
    return Matrix(tuple(row[0] for row in table.rows), table.head[1:], cost, table.lines)


def _long(table: sheet.Sheet, area: int, site: int) -> Matrix:
    value = table.needs("travel cost", "cost", "minutes", "time", "metres", "distance")
    areas = {code: i for i, code in enumerate(dict.fromkeys(row[area] for row in table.rows))}
    sites = {code: j for j, code in enumerate(dict.fromkeys(row[site] for row in table.rows))}
    cost = np.full((len(areas), len(sites)), math.inf)
    first: dict[tuple[int, int], int] = {}
    lines = [0] * len(areas)
    for k, row in enumerate(table.rows):
        at = (areas[row[area]], sites[row[site]])
        if at in first:
            raise ProblemError(
                f"“{table.name}” gives the pair “{row[area]}”, “{row[site]}” on lines {first[at]} and {table.lines[k]}. "
                "Keep one."
            )
        first[at] = table.lines[k]
        lines[at[0]] = lines[at[0]] or table.lines[k]
        cost[at] = _cell(table, k, value, row[value])
    said = []
    if len(first) < cost.size:
        said.append(f"{cost.size - len(first):,} pairs are not in “{table.name}” and count as unreachable.")
    return Matrix(tuple(areas), tuple(sites), cost, tuple(lines), tuple(said))


def _cell(table: sheet.Sheet, row: int, column: int, cell: str) -> float:
    kind = sheet.kind(cell)
    if kind == "unknown":
        return math.nan
    found = sheet.number(cell)
    if found is None:
        raise ProblemError(
            f"Line {table.lines[row]} of “{table.name}”, column “{table.head[column]}”, holds “{cell}”, which is not a "
            "number. Write a number, “inf” where there is no way, or leave it blank where it is not known."
        )
    return found
