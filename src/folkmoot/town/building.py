"""Build a whole town from a seed and a scale."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pyarrow as pa

from folkmoot.town import acute, borough, estate, shops, streets


@dataclass(frozen=True, slots=True)
class Scale:
    """Neighbourhoods, residents, and the hospital's size."""

    neighbourhoods: int
    residents: int
    hospital: acute.Size


SCALES: Mapping[str, Scale] = MappingProxyType(
    {
        "demo": Scale(60, 40_000, acute.Size(days=91, per_day=28.0, beds=1.0)),
        "test": Scale(20, 3_000, acute.Size(days=15, per_day=17.0, beds=0.6)),
        "bench": Scale(600, 800_000, acute.Size(days=770, per_day=260.0, beds=10.0)),
    }
)


@dataclass(frozen=True, eq=False, slots=True)
class Town:
    """A town as Arrow tables, the same bytes for the same seed and scale."""

    seed: int
    scale: str
    tables: Mapping[str, pa.Table]

    def __getitem__(self, name: str) -> pa.Table:
        return self.tables[name]

    def digest(self) -> str:
        """SHA-256 over the names and the Arrow IPC bytes of all tables."""
        total = hashlib.sha256()
        for name in sorted(self.tables):
            total.update(name.encode())
            total.update(ipc_bytes(self.tables[name]))
        return total.hexdigest()


def build(seed: int = 1, scale: str = "demo") -> Town:
    """The town of a seed: `demo` for people to look at, `test` for tests, `bench` for benchmarks.

    >>> town = build(seed=1, scale="test")
    >>> sorted(town.tables)  # doctest: +NORMALIZE_WHITESPACE
    ['areas', 'candidate_minutes', 'centre_candidates', 'centres', 'edges', 'estate_services',
     'estate_sites', 'estate_travel', 'junctions', 'patients', 'places', 'residents', 'resources', 'retail_truth',
     'rounds', 'shifts', 'shopping_flows', 'siting_candidates', 'siting_minutes', 'streets', 'tasks', 'travel_minutes',
     'truth', 'wards']
    """
    if scale not in SCALES:
        raise ValueError(f"There is no scale “{scale}”; choose one of {', '.join(SCALES)}.")
    size = SCALES[scale]
    places = borough.places(seed, size.neighbourhoods)
    residents = borough.people(seed, size.residents, places)
    tables = {"places": places, "residents": borough.residents_table(residents, places)}
    tables |= acute.hospital(seed, size.hospital, residents)
    tables["truth"] = acute.TRUTH.table()
    web = streets.lay(seed, places)
    tables |= shops.tables(seed, web, residents, places)
    tables |= estate.tables(seed, web, tables["areas"])
    return Town(seed, scale, MappingProxyType({name: table.combine_chunks() for name, table in tables.items()}))


def ipc_bytes(table: pa.Table) -> pa.Buffer:
    """A table in the Arrow IPC stream format."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()
