"""The tables of an estate in the data directory: `sites` and, where known, `travel`, as Parquet that any tool can read.

`sites` holds one row for each place, with its costs and where each figure was read as lists of structs; money in pence.
`travel`: area, people, decile, site, minutes; every pair. They are written once and never changed.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from folkmoot.engines.estate import CostLine, EstateSite, Source, Travel
from folkmoot.vocabulary.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from folkmoot.services.estates.models import Estate

SOURCE = pa.struct([("file", pa.string()), ("row", pa.int64()), ("column", pa.string())])
MONEY = pa.struct([("pence", pa.int64())])
COST = pa.struct([("name", pa.string()), ("amount", MONEY), ("kind", pa.string()), ("source", SOURCE)])
AREA = pa.struct([("service", pa.string()), ("m2", pa.float64())])
BACKLOG = pa.struct([("risk", pa.string()), ("pence", pa.int64())])
TEXTS = pa.list_(pa.string())
SITES = pa.schema(
    [
        ("code", pa.string()), ("name", pa.string()), ("kind", pa.string()), ("gia_m2", pa.float64()),
        ("clinical_m2", pa.float64()), ("non_clinical_m2", pa.float64()), ("empty_percent", pa.float64()),
        ("under_used_percent", pa.float64()), ("costs", pa.list_(COST)), ("source", SOURCE),
        ("backlog", pa.list_(BACKLOG)), ("needs", pa.list_(AREA)), ("spare", pa.list_(AREA)), ("accepts", TEXTS),
        ("tenure", pa.string()), ("lease_break", pa.int64()), ("lease_end", pa.int64()), ("lon", pa.float64()),
        ("lat", pa.float64()), ("is_open", pa.bool_()), ("opening_cost", MONEY), ("unknown", TEXTS),
        ("needs_stated", TEXTS),
    ]
)  # fmt: skip


def folder(estate: Estate) -> Path:
    """The folder of an estate, made if need be."""
    place = Path(settings.FOLKMOOT["data"]) / "estates" / str(estate.pk)
    place.mkdir(parents=True, exist_ok=True)
    return place


def keep(estate: Estate, sites: Iterable[EstateSite], travel: Travel | None) -> None:
    """Write the tables of a new estate."""
    pq.write_table(pa.Table.from_pylist([_row(site) for site in sites], schema=SITES), folder(estate) / "sites.parquet")
    if travel is not None:
        pq.write_table(_long(travel), folder(estate) / "travel.parquet")


def sites(estate: Estate) -> tuple[EstateSite, ...]:
    """The sites as they were read."""
    return tuple(_site(row) for row in pq.read_table(folder(estate) / "sites.parquet").to_pylist())


def travel(estate: Estate) -> Travel | None:
    """Minutes from areas to sites; None where nobody gave them."""
    path = folder(estate) / "travel.parquet"
    if not path.exists():
        return None
    table = pq.read_table(path)
    there = list(dict.fromkeys(table["site"].to_pylist()))
    minutes = table["minutes"].to_numpy().reshape(-1, len(there))
    first = table.take(list(range(0, len(table), len(there))))
    return Travel(
        tuple(first["area"].to_pylist()),
        first["people"].to_numpy().astype(np.float64),
        first["decile"].to_numpy().astype(np.int64),
        tuple(there),
        minutes.astype(np.float64),
    )


def _long(travel: Travel) -> pa.Table:
    count = len(travel.sites)
    return pa.table(
        {
            "area": np.repeat(np.array(travel.areas), count), "people": np.repeat(travel.population, count),
            "decile": np.repeat(travel.imd_decile, count), "site": np.tile(np.array(travel.sites), len(travel.areas)),
            "minutes": np.ascontiguousarray(travel.minutes).ravel(),
        }
    )  # fmt: skip


def _row(site: EstateSite) -> dict[str, Any]:
    return asdict(site) | {
        "backlog": [{"risk": risk, "pence": amount.pence} for risk, amount in site.backlog],
        "needs": [{"service": service, "m2": m2} for service, m2 in site.needs],
        "spare": [{"service": pool, "m2": m2} for pool, m2 in site.spare],
    }


def _site(row: dict[str, Any]) -> EstateSite:
    areas = {name: tuple((each["service"], each["m2"]) for each in row[name]) for name in ("needs", "spare")}
    texts = {name: tuple(row[name]) for name in ("accepts", "unknown", "needs_stated")}
    costs = tuple(
        CostLine(each["name"], Money(each["amount"]["pence"]), each["kind"], Source(**each["source"]))
        for each in row["costs"]
    )
    return EstateSite(
        **{
            **row, **areas, **texts, "costs": costs, "source": Source(**row["source"]),
            "backlog": tuple((each["risk"], Money(each["pence"])) for each in row["backlog"]),
            "opening_cost": Money(row["opening_cost"]["pence"]),
        }
    )  # fmt: skip
