"""A problem from three tables: what is needed where, what could open, and the travel between.

Demand: a code and a number for each area (`area`, `demand`), several numbers `demand_SERVICE` for capacities by service, and
`group` such as a deprivation decile. Sites: `site`, and where they matter `opening_cost`, `capacity` or
`capacity_SERVICE`, and `status`: existing, must open, must close. With `size` a site may have several rows: each size is a
candidate of its own, “site (size)”, with the travel of its place; sizes opened at one place stand side by side, as modules
do (Correia and Captivo 2003). Travel: see `matrices`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.engines.siting.problem import EquityLimit, Objective, Problem, ProblemError
from folkmoot.engines.siting.reading import sheet
from folkmoot.engines.siting.reading.matrices import Matrix, matrix
from folkmoot.engines.siting.reading.vintages import mismatch

AREA = ("area", "area_code", "lsoa21cd", "lsoa11cd", "lsoa", "code", "id", "lsoa21nm", "lsoa11nm", "name")
SITE = ("site", "site_code", "code", "id", "unit", "postcode", "name")
DEMAND = ("demand", "weight", "population", "pop", "admissions", "count")
GROUP = ("group", "imd_decile", "decile")
STATUS = ("status", "state")
SIZE = ("size", "scale")
YES = frozenset({"1", "yes", "y", "true", "x"})
NO = frozenset({"0", "no", "n", "false", ""})


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that is not in the problem, and why."""

    table: str
    line: int
    code: str
    reason: str


@dataclass(frozen=True, eq=False)
class Read:
    """The problem, what was set aside, and what had to be assumed, in sentences."""

    problem: Problem
    set_aside: tuple[SetAside, ...]
    statements: tuple[str, ...]


def tables(
    demand: Path | str,
    sites: Path | str | None,
    cost: Path | str,
    *,
    objective: str | Objective,
    p: int | None = None,
    radius: float | None = None,
    max_cost: float | None = None,
    equity_slack: float | None = None,
    suppressed: float | None = None,
    must_open: Iterable[str] = (),
    must_close: Iterable[str] = (),
    free: bool = False,
) -> Read:
    """Read a problem. `suppressed` is the number to count a suppressed small count as; without it they are refused.

    `free`: opening costs nothing where the table of sites does not say.
    """
    travel = matrix(cost)
    wanted = _Demand(sheet.read(demand), suppressed)
    offered = None if sites is None else _Sites(sheet.read(sites))
    aside, said = list(wanted.aside), [*travel.statements, *wanted.statements]
    known_areas, known_sites = set(travel.areas), set(travel.sites)
    if (sentence := mismatch(list(wanted.codes), travel.areas, Path(demand).name, Path(cost).name)) is not None:
        raise ProblemError(sentence)
    if offered is not None and (lost := [place for place in offered.places if place not in known_sites]):
        raise ProblemError(
            f"Site “{lost[0]}” has no column in “{Path(cost).name}” ({len(lost)} such sites). Add its travel costs, or "
            "take it out of the sites."
        )
    row_of = {code: i for i, code in enumerate(travel.areas)}
    names = travel.sites if offered is None else tuple(offered.codes)
    column_of = {code: j for j, code in enumerate(travel.sites)}
    columns = [column_of[place] for place in (travel.sites if offered is None else offered.places)]
    keep: list[str] = []
    for code in wanted.codes:
        if code not in known_areas:
            aside.append(SetAside(wanted.table, wanted.lines[code], code, f"No travel costs in “{Path(cost).name}”."))
        elif np.isnan(travel.cost[row_of[code], columns]).any():
            unknown = int(np.isnan(travel.cost[row_of[code], columns]).sum())
            aside.append(
                SetAside(
                    Path(cost).name, travel.lines[row_of[code]], code,
                    f"The travel cost to {unknown} of {len(columns)} sites is not known (blank or NaN).",
                )
            )  # fmt: skip
        else:
            keep.append(code)
    if not keep:
        raise ProblemError("No area is left: " + aside[0].reason)
    said += _about(travel, wanted, keep, aside)
    load = np.array([wanted.amounts[code] for code in keep])
    services = wanted.services
    group = None if wanted.groups is None else np.array([wanted.groups[code] for code in keep])
    extra: dict[str, Any] = {} if offered is None else offered.facts(services)
    extra["must_open"] = frozenset(extra.get("must_open", ())) | frozenset(must_open)
    extra["must_close"] = frozenset(extra.get("must_close", ())) | frozenset(must_close)
    if free:
        extra.setdefault("opening_cost", np.zeros(len(columns)))
    problem = Problem(
        objective,  # type: ignore[arg-type]
        cost=travel.cost[np.ix_([row_of[code] for code in keep], columns)],
        demand=load if services else load[:, 0],
        p=p,
        areas=tuple(keep),
        sites=names,
        radius=radius,
        max_cost=max_cost,
        services=services,
        group=group,
        equity=None if equity_slack is None else EquityLimit(equity_slack),
        **extra,
    )
    return Read(problem, tuple(aside), tuple(said))


def _about(travel: Matrix, wanted: _Demand, keep: list[str], aside: list[SetAside]) -> list[str]:
    said = []
    idle = len(set(travel.areas) - set(wanted.codes))
    if idle:
        said.append(f"{idle:,} areas of the travel matrix have no row of demand and are not in the problem.")
    if aside:
        lost = math.fsum(sum(wanted.amounts[a.code]) for a in aside if a.code in wanted.amounts)
        total = math.fsum(sum(amount) for amount in wanted.amounts.values())
        said.append(
            f"{len(aside):,} areas are set aside, with {lost:,.6g} of {total:,.6g} demand: "
            + "; ".join(f"“{a.code}” ({a.table}, line {a.line}): {a.reason}" for a in aside[:3])
            + (" …" if len(aside) > 3 else "")
        )
    return said


def sized(place: str, size: str) -> str:
    """The code of a candidate: of a place, or of one of the sizes that could stand there.

    >>> sized("Civic hall", "large"), sized("Civic hall", "")
    ('Civic hall (large)', 'Civic hall')
    """
    return f"{place} ({size})" if size else place


class _Demand:
    """The table of demand, read row by row."""

    def __init__(self, table: sheet.Sheet, suppressed: float | None) -> None:
        self.table = table.name
        code = table.needs("area codes", *AREA)
        by_service = [(j, h[7:].strip("_ ")) for j, h in enumerate(table.head) if h.lower().startswith("demand_")]
        self.services = tuple(name for _, name in by_service)
        columns = [j for j, _ in by_service] or [table.needs("demand", *DEMAND)]
        group = table.column(*GROUP)
        self.groups: dict[str, str] | None = None if group is None else {}
        self.amounts: dict[str, list[float]] = {}
        self.lines: dict[str, int] = {}
        self.aside: list[SetAside] = []
        guessed = 0
        for row, line in zip(table.rows, table.lines):
            name = row[code]
            if not name:
                raise ProblemError(f"Line {line} of “{table.name}” has no area code. Write it, or take the line out.")
            if name in self.lines:
                raise ProblemError(
                    f"“{table.name}” has area “{name}” on lines {self.lines[name]} and {line}. Add them up, or keep one."
                )
            self.lines[name] = line
            kinds = [sheet.kind(row[j]) for j in columns]
            if "unknown" in kinds:
                self.aside.append(
                    SetAside(table.name, line, name, "Its demand is not known (blank or not applicable).")
                )
                continue
            if "suppressed" in kinds and suppressed is None:
                cell = row[columns[kinds.index("suppressed")]]
                raise ProblemError(
                    f"Line {line} of “{table.name}”: the demand of area “{name}” is “{cell}”, a suppressed small count. Say "
                    "what to count it as (for example --suppressed 2.5), so that nobody is left out by it."
                )
            guessed += "suppressed" in kinds
            self.amounts[name] = [
                float(suppressed or 0) if k == "suppressed" else _amount(table, line, name, row[j], table.head[j])
                for k, j in zip(kinds, columns)
            ]
            if self.groups is not None and group is not None:
                self.groups[name] = row[group]
        self.codes = tuple(self.amounts)
        self.statements = (
            [f"{guessed:,} areas have a suppressed small count of demand, counted as {suppressed:g} each."]
            if guessed
            else []
        )


class _Sites:
    """The table of sites, read row by row."""

    def __init__(self, table: sheet.Sheet) -> None:
        self._table = table
        place, size = table.needs("site codes", *SITE), table.column(*SIZE)
        self.codes: dict[str, int] = {}
        self.places: list[str] = []
        for row, line in zip(table.rows, table.lines):
            name = row[place]
            if not name:
                raise ProblemError(f"Line {line} of “{table.name}” has no site code. Write it, or take the line out.")
            code = sized(name, row[size] if size is not None else "")
            if code in self.codes:
                raise ProblemError(
                    f"“{table.name}” has site “{code}” on lines {self.codes[code]} and {line}. Keep one"
                    + (", or give each its own size." if size is None else ".")
                )
            self.codes[code] = line
            self.places.append(name)

    def facts(self, services: tuple[str, ...]) -> dict[str, Any]:
        """What the table says of the sites, as arguments of `Problem`."""
        table, facts = self._table, dict[str, Any]()
        if (j := table.column("opening_cost", "fixed_cost")) is not None:
            facts["opening_cost"] = self._numbers(j)
        by_service = [table.column(f"capacity_{name}") for name in services]
        if services and any(j is not None for j in by_service):
            if None in by_service:
                raise ProblemError(
                    f"“{table.name}” has no column “capacity_{services[by_service.index(None)]}”; demand names that service."
                )
            facts["capacity"] = np.column_stack([self._numbers(j) for j in by_service if j is not None])
        elif (j := table.column("capacity")) is not None:
            facts["capacity"] = self._numbers(j)
        facts["must_open"] = self._flagged("must_open", "must keep", "must_open")
        facts["must_close"] = self._flagged("must_close", "must close", "must_close")
        facts["existing"] = self._flagged("existing", "existing")
        return facts

    def _numbers(self, column: int) -> list[float]:
        t = self._table
        return [
            _amount(t, line, code, row[column], t.head[column]) for code, row, line in zip(self.codes, t.rows, t.lines)
        ]

    def _flagged(self, column: str, *words: str) -> frozenset[str]:
        t, found = self._table, set()
        flag, status = t.column(column), t.column(*STATUS)
        for code, row, line in zip(self.codes, t.rows, t.lines):
            if flag is not None:
                cell = row[flag].lower()
                if cell not in YES | NO:
                    raise ProblemError(f"Line {line} of “{t.name}”: {column} should be yes or no and is “{row[flag]}”.")
                if cell in YES:
                    found.add(code)
            if status is not None and any(
                w in row[status].lower() for w in (*words, *(w.replace("_", " ") for w in words))
            ):
                found.add(code)
        return frozenset(found)


def _amount(table: sheet.Sheet, line: int, code: str, cell: str, heading: str) -> float:
    found = sheet.number(cell)
    if found is None or not 0 <= found < math.inf:
        raise ProblemError(
            f"Line {line} of “{table.name}”: {heading} of “{code}” is “{cell}”; it must be a number of at least 0."
        )
    return found
