"""Where something is: a position on the earth, and what the registers call it.

>>> hospital = Place(lon=-0.5500, lat=53.0500)
>>> round(hospital.metres_to(Place(lon=-0.5351, lat=53.0500)))
996
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from folkmoot.vocabulary.identifiers import Lsoa21, Uprn

EARTH_RADIUS_METRES = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Place:
    """A position in degrees (WGS 84, longitude first as in GeoJSON), with its property and neighbourhood if known."""

    lon: float
    lat: float
    uprn: Uprn | None = None
    lsoa21cd: Lsoa21 | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lon) and -180 <= self.lon <= 180):
            raise ValueError(f"The longitude {self.lon} is not between −180 and 180 degrees.")
        if not (math.isfinite(self.lat) and -90 <= self.lat <= 90):
            hint = " Perhaps longitude and latitude are swapped." if abs(self.lat) <= 180 else ""
            raise ValueError(f"The latitude {self.lat} is not between −90 and 90 degrees.{hint}")

    def metres_to(self, other: Place) -> float:
        """Great-circle distance by the haversine formula (mean radius of IUGG), within .5 % of the ellipsoid."""
        here, there = math.radians(self.lat), math.radians(other.lat)
        half_lat, half_lon = (there - here) / 2, math.radians(other.lon - self.lon) / 2
        chord = math.sin(half_lat) ** 2 + math.cos(here) * math.cos(there) * math.sin(half_lon) ** 2
        return 2 * EARTH_RADIUS_METRES * math.asin(min(1.0, math.sqrt(chord)))

    @property
    def coordinates(self) -> tuple[float, float]:
        """Longitude and latitude, in the order of GeoJSON (RFC 7946)."""
        return (self.lon, self.lat)
