"""Each device's cells put into zones: drawn with the chances of the footprint, once for each device and cell.

Putting everybody of a cell into its likeliest zone leaves the other zones it serves without anybody, and makes of every error
one in the same direction. A draw is right on average, a device stays one device, which disclosure counts, and it is in the
same zone whenever it is on that cell: the draw is a number made of pseudonym and cell, the same on every machine and day.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

    from folkmoot.engines.mobility.where.result import Footprint

ONE, TWO, STEP = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB), np.uint64(0x9E3779B97F4A7C15)


def drawn(users: Any, cells: Any, footprint: Footprint) -> pa.Array:
    """The zone (null outside all and on unknown cells) of each pair of an Arrow array of pseudonyms and one of cell keys.

    >>> import pyarrow as pa
    >>> from scipy.sparse import csr_array
    >>> from folkmoot.engines.mobility.where import Footprint
    >>> half = Footprint(("A",), ("W", "E"), csr_array([[0.5, 0.5]]), np.zeros(1), np.ones(1), "voronoi")
    >>> made = drawn(pa.array(list("abcdefgh") * 2), pa.array(["A"] * 16), half).to_pylist()
    >>> made[:8] == made[8:], sorted(set(made))
    (True, ['E', 'W'])
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    row = pc.fill_null(pc.index_in(cells, value_set=pa.array(footprint.cell_id, pa.string())), -1)
    at = np.asarray(_whole(row), np.int64)
    held = footprint.probability.tocsr()
    held.sort_indices()
    # Running sums cell after cell, each cell's from its own number on, so that one search serves all.
    sums = np.cumsum(held.data)
    before = np.append(0.0, sums)[held.indptr[:-1]]
    cell = np.repeat(np.arange(len(footprint)), np.diff(held.indptr))
    edges = cell + np.minimum(sums - before[cell], 1.0)
    place = np.searchsorted(edges, np.maximum(at, 0) + _chance(users, cells), side="right")
    inside = (at >= 0) & (place < held.indptr[np.maximum(at, 0) + 1])
    zones = pa.array(footprint.zone_id, pa.string())
    number = held.indices[np.where(inside, place, 0)] if held.nnz else np.zeros(len(at), np.int64)
    return zones.take(pa.array(number, pa.int64(), mask=~inside))


def _chance(users: Any, cells: Any) -> NDArray[np.float64]:
    """A number from 0 to 1 for each pair (the finaliser of splitmix64, Steele et al. 2014, over two digests)."""
    mixed = _mix(_digests(users) + STEP * _mix(_digests(cells)))
    return (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53


def _mix(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    value = (value ^ (value >> np.uint64(30))) * ONE
    value = (value ^ (value >> np.uint64(27))) * TWO
    return value ^ (value >> np.uint64(31))


def _digests(values: Any) -> NDArray[np.uint64]:
    """Eight bytes of BLAKE2b of each value (anything for a null); values repeat, so each is digested once."""
    coded = _whole(values).dictionary_encode()
    if not len(coded.dictionary):
        return np.zeros(len(coded), np.uint64)
    each = (value if isinstance(value, bytes) else str(value).encode() for value in coded.dictionary.to_pylist())
    made = b"".join(hashlib.blake2b(value, digest_size=8).digest() for value in each)
    return np.frombuffer(made, dtype="<u8").astype(np.uint64)[np.asarray(coded.indices.fill_null(0))]


def _whole(values: Any) -> Any:
    import pyarrow as pa

    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
