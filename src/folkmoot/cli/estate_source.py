"""Where the estate commands read from: ERIC files, plan.toml, travel times, or the tables of a town."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from folkmoot.engines.estate import Aggregate, Programme, SiteCount, Travel


@dataclass(frozen=True)
class Given:
    """A programme, and what was read to make it."""

    name: str
    programme: Programme
    count: SiteCount | None
    aggregates: tuple[Aggregate, ...]
    statements: tuple[str, ...]


def proper(name: str) -> str:
    """ERIC writes names in capitals: “ST MARY'S NHS TRUST” becomes “St Mary's NHS Trust”."""
    small = {"and", "of", "the", "on"}
    words = [w if w == "NHS" else w.lower() if w.lower() in small else w.capitalize() for w in name.split()]
    return " ".join([words[0].capitalize() if words[0] != "NHS" else "NHS", *words[1:]]) if words else name


def totals(sites: Path, trusts: Path | None) -> dict[str, SiteCount] | None:
    """The trust file: the one named, or the one that lies beside the site file under the name it was published with."""
    from folkmoot.engines.estate import read_trusts

    beside = sites.with_name(sites.name.replace("sites", "trusts"))
    if trusts is None and (beside == sites or not beside.is_file()):
        return None
    return read_trusts(trusts or beside)


def stated(inputs: Path | None) -> dict[str, Any]:
    """plan.toml as a dictionary."""
    if inputs is None:
        return {}
    if not inputs.is_file():
        raise ValueError(f"There is no file {inputs}; `folkmoot estate template` writes one to start from.")
    try:
        return tomllib.loads(inputs.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{inputs.name} is no TOML: {error}.") from None


def from_eric(
    sites: Path, org: str, trusts: Path | None, inputs: Path | None, travel: Path | None, max_sites: int | None
) -> Given:
    """The programme of one organisation of an ERIC site file."""
    from folkmoot.engines.estate import read_eric, site_count, with_inputs
    from folkmoot.engines.estate.eric import COLUMNS

    read = read_eric(sites)
    trust = read.trust(org.upper())
    count = site_count(trust, totals(sites, trusts))
    known = with_inputs(trust.sites, stated(inputs), inputs.name if inputs else "plan.toml")
    limits = dict(known.limits)
    others = limits.pop("other_sites", None)
    if others is None:
        if count.others is None and trust.aggregates:
            raise ValueError(f"{count.statement} Without either, a number of sites cannot be promised.")
        others = max(0, (count.others or 0) - known.named_others)
    if not trust.sites and not any(site.is_open for site in known.sites):
        raise ValueError(
            f"{read.file} names no site of {trust.name}: all are within aggregate rows, which are not places. Name its sites "
            "as [[site]] in plan.toml."
        )
    said = [*read.statements, count.statement, *known.statements]
    said += [f"Row {one.row} ({one.code}) was set aside: {one.reason}" for one in read.rejected if org in one.code]
    if trust.aggregates:
        area = sum(a.gia_m2 or 0.0 for a in trust.aggregates)
        said.append(
            f"{others} sites are counted as kept and never closed, being in no row of their own; the aggregate row holds "
            f"{area:,.0f} m². Name them as [[site]] with one_of_others in plan.toml to plan with them."
        )
    if read.vintage == "2014-15":
        said.append(
            f"2014-15 knows “{COLUMNS['empty'][1]}” only, which is read as empty floor; under-used floor is unknown."
        )
    programme = _programme(known.sites, known.settings, limits, travel, max_sites, others=int(others), said=tuple(said))
    return Given(proper(trust.name), replace(programme, price_year=read.vintage), count, trust.aggregates, tuple(said))


def from_town(folder: Path, inputs: Path | None, max_sites: int | None) -> Given:
    """The programme of the town's trust, from the tables that `folkmoot town build` wrote."""
    from folkmoot.engines.estate import with_inputs
    from folkmoot.engines.estate.tables import sites_of, travel_of

    tables = {}
    for name in ("estate_sites", "estate_services", "estate_travel", "areas"):
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise ValueError(
                f"{folder} holds no {name}.parquet; write a town there with `folkmoot town build --out {folder}`."
            )
        import pyarrow.parquet

        tables[name] = pyarrow.parquet.read_table(path)
    sites = sites_of(tables["estate_sites"], tables["estate_services"])
    known = with_inputs(sites, stated(inputs), inputs.name if inputs else "plan.toml")
    limits = dict(known.limits)
    found = travel_of(tables["estate_travel"], tables["areas"])
    found = replace(
        found, most_minutes=limits.pop("most_minutes", None), decile_worse_by=limits.pop("decile_worse_by", None)
    )
    limits |= {"travel": found, "price_year": "the town's year"}
    others = int(limits.pop("other_sites", 0))
    said = ("An invented trust of the synthetic town.", *known.statements)
    programme = _programme(known.sites, known.settings, limits, None, max_sites, others=others, said=said)
    return Given("Aldermoor Health and Care", programme, None, (), said)


def _programme(
    sites: Any,
    settings: Any,
    limits: dict[str, Any],
    travel: Path | None,
    max_sites: int | None,
    *,
    others: int,
    said: Any,
) -> Programme:
    from folkmoot.engines.estate import programme_of

    if max_sites is not None:
        limits["max_sites"] = max_sites
    near = {name: limits.pop(name, None) for name in ("most_minutes", "decile_worse_by")}
    if travel is not None:
        limits["travel"] = replace(travel_times(travel), **near)
    elif any(value is not None for value in near.values()):
        raise ValueError("most_minutes and decile_worse_by need travel times; give them with --travel.")
    return programme_of(sites, settings, others=others, statements=said, **limits)


def travel_times(path: Path) -> Travel:
    """A CSV of area, population, imd_decile, site, minutes: one row for every area and site."""
    import numpy as np

    from folkmoot.engines.estate import Travel
    from folkmoot.engines.estate.eric import decoded

    reader = csv.DictReader(decoded(path.read_bytes()).splitlines())
    wanted = {"area", "population", "imd_decile", "site", "minutes"}
    if missing := sorted(wanted - set(reader.fieldnames or ())):
        raise ValueError(f"{path.name} lacks the column “{missing[0]}”; it needs {', '.join(sorted(wanted))}.")
    minutes: dict[tuple[str, str], float] = {}
    people: dict[str, tuple[float, int]] = {}
    for number, row in enumerate(reader, start=2):
        try:
            key = (row["area"], row["site"].upper())
            if key in minutes:
                raise ValueError(f"{key[0]} and {key[1]} are there twice")
            minutes[key] = float(row["minutes"])
            people[row["area"]] = (float(row["population"]), int(row["imd_decile"]))
        except (ValueError, AttributeError, TypeError) as error:
            raise ValueError(f"Row {number} of {path.name} cannot be used: {error}.") from None
    areas, sites = sorted(people), sorted({site for _, site in minutes})
    if lacking := [(a, s) for a in areas for s in sites if (a, s) not in minutes]:
        raise ValueError(f"{path.name} has no minutes from {lacking[0][0]} to {lacking[0][1]}; give every pair.")
    table = np.array([[minutes[a, s] for s in sites] for a in areas])
    weights = np.array([people[a][0] for a in areas])
    return Travel(tuple(areas), weights, np.array([people[a][1] for a in areas]), tuple(sites), table)
