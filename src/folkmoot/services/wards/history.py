"""The hospital's past, as tables in the data directory: what its arrivals and patients are usually like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from folkmoot.engines.flow import Scenario
from folkmoot.services.wards.census import team_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from folkmoot.services.wards.models import Hospital

PARTS = ("patients", "tasks", "edges", "rounds")


def folder(name: str) -> Path:
    """A folder of this room in the data directory, made if need be."""
    place = Path(settings.FOLKMOOT["data"]) / "wards" / name
    place.mkdir(parents=True, exist_ok=True)
    return place


def keep(hospital: Hospital, tables: Mapping[str, pa.Table]) -> None:
    """Write the history of a hospital and remember where."""
    hospital.history = str(hospital.pk)
    for part in PARTS:
        pq.write_table(tables[part], folder(hospital.history) / f"{part}.parquet")
    hospital.save(update_fields=["history"])


def scenario(hospital: Hospital) -> Scenario | None:
    """The past with today's teams; None where no history is kept."""
    if not hospital.history:
        return None
    place = folder(hospital.history)
    tables = {part: pq.read_table(place / f"{part}.parquet") for part in PARTS}
    tables["tasks"] = tables["tasks"].drop_columns([c for c in ("ward_id",) if c in tables["tasks"].column_names])
    return Scenario.from_tables({**tables, **team_tables(hospital)})
