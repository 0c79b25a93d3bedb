"""Desire lines: a released matrix as straight lines between the middles of zones, in GeoJSON (RFC 7946)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from folkmoot.engines.mobility.disclose.releasable import Releasable
from folkmoot.engines.mobility.errors import MobilityError


def desire_lines(
    made: Releasable, centroids: Mapping[str, tuple[float, float]], *, most: int | None = None
) -> dict[str, Any]:
    """Both directions of a pair are two lines. `most`: only so many, the largest. Blanks have no line.

    Raises `TypeError` for anything that has not been released.
    """
    if not isinstance(made, Releasable):
        raise TypeError(f"Only what disclose releases may be drawn, not {type(made).__name__}.")
    measure, keys = made.published.measure, made.published.keys
    if "origin" not in keys or "destination" not in keys:
        raise MobilityError(f"“{made.published.name}” has no origins and destinations to join by lines.")
    rows = [row for row in made.table.to_pylist() if all(row[key] is not None for key in keys)]
    rows = [row for row in rows if row["origin"] != row["destination"]]
    rows.sort(key=lambda row: (-row[measure], *(row[key] for key in keys)))
    placed = [row for row in rows if row["origin"] in centroids and row["destination"] in centroids]
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "LineString",
                "coordinates": [list(centroids[row["origin"]]), list(centroids[row["destination"]])],
            },
            "properties": row,
        }
        for row in placed[:most]
    ]
    return {"type": "FeatureCollection", "features": features, "left_out": len(rows) - len(features)}
