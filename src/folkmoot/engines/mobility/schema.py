"""Contracts of movement data: what columns a table of events, cells, zones or population has, and of which kind.

Names follow eurostat/multimno (v1.0, 2025), the European reference pipeline, so that files pass from one to the other.
Times are instants in UTC; places are WGS 84 degrees; lengths metres.

>>> CELL.required
('cell_id', 'latitude', 'longitude')
>>> EVENT.missing(["user_id", "cell_id"])
('timestamp',)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType

from folkmoot.engines.mobility.errors import MobilityError


@dataclass(frozen=True, slots=True)
class Contract:
    """Columns a table must and may have, and other names under which they are found."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def missing(self, columns: Iterable[str]) -> tuple[str, ...]:
        """The required columns that are not there."""
        there = set(columns)
        return tuple(name for name in self.required if name not in there)

    def renames(self, columns: Iterable[str]) -> dict[str, str]:
        """{contract's name: the name found}, for columns that go by another name."""
        there = list(columns)
        return {
            ours: next(name for name in others if name in there)
            for ours, others in self.aliases.items()
            if ours not in there and any(name in there for name in others)
        }

    def check(self, columns: Iterable[str], *, what: str) -> None:
        """Raise `MobilityError` naming every missing column of `what` (a file's name)."""
        there = list(columns)
        if gone := self.missing(there):
            raise MobilityError(
                f"“{what}” has no column {', '.join(gone)}. A table of {self.name} needs {', '.join(self.required)}; "
                f"this one has {', '.join(there) or 'no columns'}. Rename or add the columns."
            )


EVENT = Contract(
    "events",
    ("user_id", "timestamp"),
    ("cell_id", "latitude", "longitude", "loc_error", "mcc", "mnc", "plmn"),
    MappingProxyType(
        {"user_id": ("uid", "user"), "timestamp": ("datetime",), "latitude": ("lat",), "longitude": ("lng", "lon")}
    ),
)
CELL = Contract(
    "cells",
    ("cell_id", "latitude", "longitude"),
    (
        "altitude", "antenna_height", "directionality", "azimuth_angle", "elevation_angle", "horizontal_beam_width",
        "vertical_beam_width", "power", "range", "frequency", "technology", "valid_date_start", "valid_date_end",
        "cell_type",
    ),
    MappingProxyType({"latitude": ("lat",), "longitude": ("lon", "lng")}),
)  # fmt: skip
ZONE = Contract(
    "zones",
    ("zone_id",),
    ("name",),
    MappingProxyType({"zone_id": ("geo_code", "lsoa21cd", "msoa21cd", "lsoa11cd", "msoa11cd", "code")}),
)
POPULATION = Contract(
    "population", ("zone_id", "age_band", "sex", "people"), (), MappingProxyType({"zone_id": ZONE.aliases["zone_id"]})
)
STAYS = ("user_id", "start", "end", "cell_id", "events", "state", "open")
"""Columns of stays by cell; stays by coordinates have latitude and longitude in place of the cell."""


class SyntacticError(IntEnum):
    """What is wrong with an event by itself (multimno's codes)."""

    NO_ERROR = 0
    NULL_VALUE = 1
    OUT_OF_RANGE = 2
    UNSUPPORTED_TYPE = 3
    CANNOT_PARSE = 4
    NO_MNO_INFO = 5
    NO_LOCATION_INFO = 6
    DUPLICATED = 7


class SemanticError(IntEnum):
    """What is wrong with an event beside the cells and the events before it (multimno's codes)."""

    NO_ERROR = 0
    CELL_ID_NON_EXISTENT = 1
    CELL_ID_NOT_VALID = 2
    INCORRECT_EVENT_LOCATION = 3
    SUSPICIOUS_EVENT_LOCATION = 4
    DIFFERENT_LOCATION_DUPLICATE = 5
