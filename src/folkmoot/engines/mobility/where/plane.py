"""The plane in which lengths are metres: British National Grid in Great Britain, an equal-area plane of its own elsewhere.

>>> chosen = choose([-2.6, -2.5], [51.4, 51.5])
>>> chosen.name
'EPSG:27700'
>>> x, y = chosen.metres([-2.0], [49.0])
>>> round(float(x[0]), -2), round(float(y[0]), -2)
(400000.0, -100000.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Floats = NDArray[np.float64]

GREAT_BRITAIN = (-9.0, 49.0, 2.5, 61.5)
"""West, south, east, north in degrees: where EPSG:27700 is meant to be used, coastal waters included."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A projection by name, from degrees (WGS 84) to metres."""

    name: str

    def metres(self, longitude: ArrayLike, latitude: ArrayLike) -> tuple[Floats, Floats]:
        """Eastings and northings."""
        x, y = _transformer(self.name).transform(np.asarray(longitude, float), np.asarray(latitude, float))
        return np.asarray(x, float), np.asarray(y, float)

    def projected(self, geometry: Any) -> Any:
        """The shapely geometry (or array of them) in metres."""
        import shapely

        return shapely.transform(geometry, lambda at: np.column_stack(self.metres(at[:, 0], at[:, 1])))


def choose(longitude: ArrayLike, latitude: ArrayLike) -> Plane:
    """British National Grid if every position lies in its area, else an equal-area plane about their middle."""
    lon, lat = np.asarray(longitude, float), np.asarray(latitude, float)
    west, south, east, north = GREAT_BRITAIN
    if lon.min() >= west and lon.max() <= east and lat.min() >= south and lat.max() <= north:
        return Plane("EPSG:27700")
    middle_lon, middle_lat = (lon.min() + lon.max()) / 2, (lat.min() + lat.max()) / 2
    return Plane(f"+proj=laea +lat_0={middle_lat:.4f} +lon_0={middle_lon:.4f} +datum=WGS84 +units=m +no_defs")


@lru_cache(maxsize=8)
def _transformer(name: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", name, always_xy=True)
