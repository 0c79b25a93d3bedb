"""The tables of a market in the data directory, named as the engine names them, and the engine's own objects from them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

if TYPE_CHECKING:
    from folkmoot.engines import retail
    from folkmoot.services.places.retail.models import Centre, Market

NEEDED = ("areas", "centres", "travel_minutes")
PARTS = (*NEEDED, "shopping_flows", "centre_candidates", "candidate_minutes", "streets", "junctions")
NEW = "new"
"""The code of a drawn centre in a forecast."""


def folder(market: Market) -> Path:
    """The folder of a market, made if need be."""
    place = Path(settings.FOLKMOOT["data"]) / "places" / "markets" / str(market.pk)
    place.mkdir(parents=True, exist_ok=True)
    return place


def keep(market: Market, tables: dict[str, pa.Table]) -> None:
    """Write the tables of a market."""
    for name in PARTS:
        if name in tables:
            pq.write_table(tables[name], folder(market) / f"{name}.parquet")


def read(market: Market) -> dict[str, pa.Table]:
    """All tables that a market has."""
    found = {name: folder(market) / f"{name}.parquet" for name in PARTS}
    return {name: pq.read_table(path) for name, path in found.items() if path.exists()}


def forget(market: Market) -> None:
    """Remove the tables of a market."""
    shutil.rmtree(folder(market), ignore_errors=True)


def engine_market(tables: dict[str, pa.Table]) -> retail.Market:
    """The market as the engine has it; raises its `RetailError` for what cannot be meant."""
    from folkmoot.engines.retail import market_from_tables

    return market_from_tables(tables)


def law(market: Market) -> retail.Calibration:
    """The law of a market that is ready."""
    from folkmoot.engines.retail import Calibration

    return Calibration.from_dict(market.law)


def newcomer(centre: Centre, tables: dict[str, pa.Table], market: retail.Market) -> retail.NewCentre:
    """A drawn centre for the engine: ways over streets where the market has them, else estimated and said to be."""
    from folkmoot.engines.retail import NewCentre

    return NewCentre(
        centre.lon, centre.lat, centre.floor_space_m2, centre.centre_class, code=NEW, name=centre.name,
        cost=_over_streets(tables, market, centre.lon, centre.lat),
    )  # fmt: skip


def _over_streets(tables: dict[str, pa.Table], market: Any, lon: float, lat: float) -> tuple[float, ...] | None:
    if "streets" not in tables or "junctions" not in tables:
        return None
    from folkmoot.engines.retail import road_minutes

    nodes, streets = tables["junctions"], tables["streets"]
    at = {node: row for row, node in enumerate(nodes["node"].to_pylist())}
    minutes, _ = road_minutes(
        np.column_stack([nodes["lon"].to_numpy(), nodes["lat"].to_numpy()]),
        [at[node] for node in streets["from_node"].to_pylist()],
        [at[node] for node in streets["to_node"].to_pylist()],
        streets["minutes"].to_numpy(),
        origins=np.column_stack([market.areas.lon, market.areas.lat]),
        destination=(lon, lat),
    )
    return tuple(minutes.tolist())
