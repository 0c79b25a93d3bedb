"""Where an estate comes from: ERIC files as published, with travel times and other facts where a trust has them.

The trust of the invented town is in `seed`.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.engines.estate import EstateError, EstateSite, Settings, Travel, with_inputs


@dataclass(frozen=True, eq=False)
class Given:
    """What was read for an estate, before it is kept."""

    sites: tuple[EstateSite, ...]
    price_year: str
    others: int = 0
    travel: Travel | None = None
    aggregates: tuple[dict[str, Any], ...] = ()
    set_aside: tuple[dict[str, Any], ...] = ()
    statements: tuple[str, ...] = ()
    assumptions: dict[str, float] = field(default_factory=dict)
    stated: tuple[dict[str, Any], ...] = ()
    offices: tuple[dict[str, Any], ...] = ()
    clinics: tuple[dict[str, Any], ...] = ()


def of_eric(
    sites: Path, code: str, *, trusts: Path | None, travel: Path | None, plan: Path | None, others: int | None
) -> Given:
    """One organisation of an ERIC site file. What cannot be known is said, and never guessed."""
    from folkmoot.engines.estate import read_eric, read_trusts, site_count

    read = read_eric(sites)
    trust = read.trust(code.upper())
    count = site_count(trust, read_trusts(trusts) if trusts else None)
    stated = _plan(plan)
    known = with_inputs(trust.sites, stated, plan.name if plan else "plan.toml")
    if not any(site.is_open for site in known.sites):
        raise EstateError(
            f"{read.file} names no site of {trust.name}: all are within aggregate rows, which are not places. Name its "
            "sites as [[site]] in plan.toml."
        )
    unnamed = others if others is not None else known.limits.get("other_sites")
    if unnamed is None:
        if count.others is None and trust.aggregates:
            raise EstateError(
                f"{count.statement} Without either, a number of sites cannot be promised: give the trust file, or the "
                "number of sites that are in no row of their own."
            )
        unnamed = max(0, (count.others or 0) - known.named_others)
    return Given(
        trust.sites, read.vintage, int(unnamed), _travel(travel) if travel else None,
        tuple(
            {
                "code": one.code, "name": one.name, "m2": one.gia_m2, "pounds": float(one.cost.pounds),
                "file": one.source.file, "row": one.source.row,
            }
            for one in trust.aggregates
        ),
        tuple({"row": one.row, "code": one.code, "reason": one.reason} for one in read.rejected),
        (*read.statements, count.statement),
        {one.name: one.value for one in known.settings.assumptions if one.given},
        *(tuple(stated.get(part, ())) for part in ("site", "offices", "clinic")),
    )  # fmt: skip


def _plan(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EstateError(f"{path.name} is no TOML: {error}.") from None
    if strange := [name for name in found if name not in ("assumptions", "limits", "site", "offices", "clinic")]:
        raise EstateError(f"{path.name} has “{strange[0]}”, which is not known.")
    if asked := [name for name in found.get("limits", {}) if name != "other_sites"]:
        raise EstateError(f"{path.name} has the limit “{asked[0]}”: ask for it in a programme, not here.")
    Settings.of(found.get("assumptions", {}), source=path.name)
    return found


def _travel(path: Path) -> Travel:
    """A CSV of area, population, imd_decile, site, minutes: one row for every area and site."""
    from folkmoot.engines.estate.eric import decoded

    reader = csv.DictReader(decoded(path.read_bytes()).splitlines())
    wanted = {"area", "population", "imd_decile", "site", "minutes"}
    if missing := sorted(wanted - set(reader.fieldnames or ())):
        raise EstateError(f"{path.name} lacks the column “{missing[0]}”; it needs {', '.join(sorted(wanted))}.")
    minutes: dict[tuple[str, str], float] = {}
    people: dict[str, tuple[float, int]] = {}
    for number, row in enumerate(reader, start=2):
        try:
            key = (row["area"], row["site"].upper())
            if key in minutes:
                raise ValueError(f"{key[0]} and {key[1]} are there twice")
            minutes[key] = float(row["minutes"])
            here = (float(row["population"]), int(row["imd_decile"]))
            if not 1 <= here[1] <= 10:
                raise ValueError(f"the decile of {key[0]} is {here[1]}; deciles run from 1 to 10")
            if people.setdefault(row["area"], here) != here:
                raise ValueError(f"{key[0]} has two populations or deciles")
        except (ValueError, AttributeError, TypeError) as error:
            raise EstateError(f"Row {number} of {path.name} cannot be used: {error}.") from None
    if not minutes:
        raise EstateError(f"{path.name} has no rows under its heading; leave the file out, or give minutes.")
    areas, there = sorted(people), sorted({site for _, site in minutes})
    if lacking := [(a, s) for a in areas for s in there if (a, s) not in minutes]:
        raise EstateError(f"{path.name} has no minutes from {lacking[0][0]} to {lacking[0][1]}; give every pair.")
    table = np.array([[minutes[a, s] for s in there] for a in areas])
    weights = np.array([people[a][0] for a in areas])
    return Travel(tuple(areas), weights, np.array([people[a][1] for a in areas]), tuple(there), table)
