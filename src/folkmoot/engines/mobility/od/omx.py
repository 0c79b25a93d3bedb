"""Open Matrix files (OMX 0.2): HDF5 with matrices under /data and zone names under /lookup, as transport models exchange.

The layout is that of the OMX specification (openmatrix, OSPlanning); the library itself is of 2019 and needs PyTables.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.od.matrix import Floats, Matrix

VERSION = np.bytes_(b"0.2")
LOOKUP = "zone_id"


def write_omx(path: Path | str, matrices: Mapping[str, Floats], zones: tuple[str, ...]) -> None:
    """Write matrices (n × n) that share their zones. NaN stays NaN, which OMX readers take for missing."""
    import h5py

    n = len(zones)
    for name, values in matrices.items():
        if values.shape != (n, n):
            raise MobilityError(
                f"The matrix “{name}” is {values.shape[0]} × {values.shape[1]}, and there are {n} zones."
            )
    with h5py.File(path, "w") as file:
        file.attrs["OMX_VERSION"] = VERSION
        file.attrs["SHAPE"] = np.array([n, n], dtype=np.int32)
        data, lookup = file.create_group("data"), file.create_group("lookup")
        for name, values in matrices.items():
            data.create_dataset(name, data=np.asarray(values, dtype=np.float64), compression="gzip", compression_opts=1)
        lookup.create_dataset(LOOKUP, data=np.array([zone.encode() for zone in zones]))


def read_omx(path: Path | str, *, name: str | None = None) -> Matrix:
    """One matrix of a file, the only one or that of the name. Zones without a lookup are numbered from 1."""
    import h5py

    place = Path(path)
    try:
        with h5py.File(place, "r") as file:
            held: Any = file.get("data")
            if held is None or not len(held):
                raise MobilityError(f"“{place.name}” has no matrix under /data, so it is not an OMX file.")
            if name is None and len(held) > 1:
                raise MobilityError(f"“{place.name}” holds {', '.join(held)}. Say which one is meant.")
            chosen = name or next(iter(held))
            if chosen not in held:
                raise MobilityError(f"“{place.name}” has no matrix “{chosen}”; it holds {', '.join(held)}.")
            trips = np.asarray(held[chosen], dtype=np.float64)
            lookups: Any = file.get("lookup")
            first = next(iter(lookups.values())) if lookups is not None and len(lookups) else None
            names = np.arange(1, len(trips) + 1) if first is None else np.asarray(first)
    except OSError:
        raise MobilityError(f"“{place.name}” is not an HDF5 file, as OMX is.") from None
    if trips.ndim != 2 or trips.shape[0] != trips.shape[1] or len(names) != len(trips):
        raise MobilityError(
            f"“{chosen}” in “{place.name}” is {' × '.join(map(str, trips.shape))}, with {len(names)} zones."
        )
    if (trips < 0).any():
        raise MobilityError(f"“{chosen}” in “{place.name}” has negative trips.")
    zones = tuple(each.decode() if isinstance(each, bytes) else str(each) for each in names.tolist())
    return Matrix(zones, trips)
