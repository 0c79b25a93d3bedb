"""A footprint: for every cell, the probability of each zone, and how sure that is.

Effective number of zones is exp of Shannon's entropy of a cell's probabilities: 1 where the zone is certain.

>>> from scipy.sparse import csr_array
>>> half = Footprint(("A", "B"), ("W", "E"), csr_array([[0.5, 0.5], [1.0, 0.0]]), np.zeros(2), np.ones(2) / 2, "voronoi")
>>> half.effective_zones.round(2).tolist()
[2.0, 1.0]
>>> half.cell_zone().to_pylist()[-1]
{'cell_id': 'B', 'zone_id': 'W', 'probability': 1.0}
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError

if TYPE_CHECKING:
    import pyarrow as pa

type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Footprint:
    """P(zone | cell). Rows of `probability` and `outside` (the part in no zone) sum to 1 for every cell."""

    cell_id: tuple[str, ...]
    zone_id: tuple[str, ...]
    probability: Any
    """scipy csr_array, cells × zones."""
    outside: Floats
    weight: Floats
    """Expected share of all devices on each cell, by the prior; sums to 1. What the errors of counts are weighted by."""
    method: str
    statements: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        total = np.asarray(self.probability.sum(axis=1)).ravel() + self.outside
        assert np.allclose(total, 1.0, atol=1e-9), "the probabilities of a cell do not sum to 1"

    def __len__(self) -> int:
        return len(self.cell_id)

    @cached_property
    def entropy(self) -> Floats:
        """Shannon's entropy of each cell's zones (outside is one), in nats."""
        held = self.probability
        terms = held.copy()
        terms.data = -held.data * np.log(np.where(held.data > 0, held.data, 1.0))
        away = -self.outside * np.log(np.where(self.outside > 0, self.outside, 1.0))
        return np.maximum(np.asarray(terms.sum(axis=1)).ravel() + away, 0.0)

    @property
    def effective_zones(self) -> Floats:
        """exp(entropy): among how many equally likely zones a device of the cell would be as unsure."""
        return np.exp(self.entropy)

    @cached_property
    def likely(self) -> NDArray[np.int64]:
        """Number of the likeliest zone of each cell, −1 where outside all is likelier than inside. Ties: the first code."""
        held = self.probability.tocsr()
        found = np.full(len(self), -1, dtype=np.int64)
        for row in range(len(self)):
            at = slice(held.indptr[row], held.indptr[row + 1])
            if held.data[at].size and self.outside[row] <= 0.5:
                best = held.indices[at][held.data[at] >= held.data[at].max() * (1 - 1e-12)]
                found[row] = min(best, key=lambda zone: self.zone_id[zone])
        return found

    @cached_property
    def _at(self) -> dict[str, int]:
        return {cell: row for row, cell in enumerate(self.cell_id)}

    def likely_zone(self, cell: str) -> str | None:
        """Code of the cell's likeliest zone, None where it is outside all."""
        if cell not in self._at:
            raise MobilityError(f"There is no cell “{cell}” in the footprint. Check the cells' table.")
        zone = self.likely[self._at[cell]]
        return None if zone < 0 else self.zone_id[zone]

    def likely_zones(self) -> pa.Table:
        """cell_id, zone_id (null outside), probability of being there, effective_zones."""
        import pyarrow as pa

        zones = [None if zone < 0 else self.zone_id[zone] for zone in self.likely]
        held = self.probability.tocsr()
        sure = [
            float(self.outside[row]) if zone < 0 else float(held[row, zone]) for row, zone in enumerate(self.likely)
        ]
        return pa.table(
            {
                "cell_id": pa.array(self.cell_id, pa.string()),
                "zone_id": pa.array(zones, pa.string()),
                "probability": pa.array(sure, pa.float64()),
                "effective_zones": pa.array(self.effective_zones, pa.float64()),
            }
        )

    def cell_zone(self) -> pa.Table:
        """cell_id, zone_id, probability: a row for each pair above zero; outside has a null zone. Sums to 1 per cell."""
        import pyarrow as pa

        held = self.probability.tocoo()
        away = np.flatnonzero(self.outside > 0)
        cells = np.concatenate([held.row, away]).astype(np.int64)
        zones = np.concatenate([held.col, np.full(len(away), -1)]).astype(np.int64)
        parts = np.concatenate([held.data, self.outside[away]])
        kept = parts > 0
        cells, zones, parts = cells[kept], zones[kept], parts[kept]
        order = np.lexsort((zones, cells))
        codes = [None if zone < 0 else self.zone_id[zone] for zone in zones[order]]
        return pa.table(
            {
                "cell_id": pa.array([self.cell_id[cell] for cell in cells[order]], pa.string()),
                "zone_id": pa.array(codes, pa.string()),
                "probability": pa.array(parts[order], pa.float64()),
            }
        )

    def confusion(self) -> Any:
        """How often a device counted in a zone really is there: see `confusion.Confusion`."""
        from folkmoot.engines.mobility.where.confusion import Confusion

        return Confusion.of(self)
