"""An estate from tables: sites with leases and services, and travel times, as the synthetic town writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from folkmoot.engines.estate.programme import Travel
from folkmoot.engines.estate.sites import CostLine, EstateError, EstateSite, Source
from folkmoot.vocabulary.money import Money

if TYPE_CHECKING:
    import pyarrow as pa


def sites_of(sites: pa.Table, services: pa.Table) -> tuple[EstateSite, ...]:
    """Sites of `estate_sites` with the needs of `estate_services`. Needs are floor in use: nothing is taken off again."""
    held: dict[str, dict[str, float]] = {}
    for one in services.to_pylist():
        held.setdefault(one["site_code"], {})[one["service"]] = one["m2"]
    made = []
    for number, row in enumerate(sites.to_pylist(), start=1):
        code = row["site_code"]
        source = Source("estate_sites", number, "gia_m2")
        costs = tuple(
            CostLine(name, Money(100 * row[column]), kind, Source("estate_sites", number, column))
            for name, column, kind in (
                ("running cost", "running_cost_pounds", "running"), ("rent", "rent_pounds", "rent"),
            )
            if row[column]
        )  # fmt: skip
        used = 1 - (row["empty_percent"] + row["under_used_percent"]) / 100
        office = round(max(0.0, row["non_clinical_m2"] * used), 1)
        needs = held.get(code, {}) | ({"non-clinical": office} if office else {})
        made.append(
            EstateSite(
                code=code, name=row["name"], kind=row["kind"], gia_m2=row["gia_m2"], clinical_m2=row["clinical_m2"],
                non_clinical_m2=row["non_clinical_m2"], empty_percent=row["empty_percent"],
                under_used_percent=row["under_used_percent"], costs=costs, source=source,
                backlog=tuple(
                    (risk, Money(100 * row[f"backlog_{risk}_pounds"]))
                    for risk in ("high", "significant", "moderate", "low")
                ),
                needs=tuple((s, m2) for s, m2 in needs.items() if m2 > 0), accepts=tuple(row["accepts"].split(";")),
                tenure=row["tenure"], lease_break=row["lease_break"], lease_end=row["lease_end"], lon=row.get("lon"),
                lat=row.get("lat"), needs_stated=tuple(needs),
            )
        )  # fmt: skip
    if unknown := sorted(set(held) - {site.code for site in made}):
        raise EstateError(f"estate_services speaks of site {unknown[0]}, which is not in estate_sites.")
    return tuple(made)


def travel_of(travel: pa.Table, areas: pa.Table) -> Travel:
    """Minutes from every area to every site, with the people and the deprivation decile of the table `areas`."""
    codes = areas["lsoa21cd"].to_pylist()
    sites = sorted(set(travel["site_code"].to_pylist()))
    row, column = {c: i for i, c in enumerate(codes)}, {c: j for j, c in enumerate(sites)}
    minutes = np.full((len(codes), len(sites)), np.nan)
    for one in travel.to_pylist():
        if one["lsoa21cd"] not in row:
            raise EstateError(f"estate_travel speaks of area {one['lsoa21cd']}, which is not in areas.")
        minutes[row[one["lsoa21cd"]], column[one["site_code"]]] = one["minutes"]
    people = np.asarray(areas["population"].to_numpy(), dtype=np.float64)
    return Travel(tuple(codes), people, np.asarray(areas["imd_decile"].to_numpy()), tuple(sites), minutes)
