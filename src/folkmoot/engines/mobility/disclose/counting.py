"""Count distinct raw devices: the first step, before any weight is looked at, and the only way to `RawCounts`.

Contributions are what each device gave to each cell: the key columns, `user_id`, `trips` and, where the device stands
for more people than itself, `weight`. A device that made a hundred trips is one device.

The record key of a device is a secret hash; their sum is the cell's key (Fraser & Wooton 2005), by which rounding later
stays the same for the same people under whatever name, date or query the cell is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError

if TYPE_CHECKING:
    import ibis.expr.types as ir

type Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RawCounts:
    """Counts no one outside may see. It shows its size and nothing else, and no export takes it.

    `table`: the key columns (null where a row is a total over that key), then `devices`, `trips`, `expanded` (trips times
    weight), `largest` (the most trips of one device) and `cell_key`.
    """

    keys: tuple[str, ...]
    totals: tuple[tuple[str, ...], ...]
    additive: bool
    table: pa.Table = field(repr=False)


def count(
    contributions: pa.Table | ir.Table,
    keys: Sequence[str],
    *,
    totals: Sequence[Sequence[str]] = (),
    additive: bool = True,
) -> RawCounts:
    """Distinct devices and trips of every cell, and of every total asked for.

    `totals`: for each total the keys that stay, for example `[("origin",), ()]`. `additive=False` counts distinct devices,
    each with its mean weight, however many trips it made; such parts do not add up. Raises `MobilityError` on a missing
    column, a null key, trips that are no positive whole number, or a weight that is not above zero.
    """
    table = contributions if isinstance(contributions, pa.Table) else contributions.to_pyarrow()
    keys = tuple(keys)
    wanted = {*keys, "user_id", "trips"}
    if gone := wanted - set(table.column_names):
        raise MobilityError(f"Contributions lack the column {', '.join(sorted(gone))}.")
    levels = [keys, *(tuple(level) for level in totals)]
    for level in levels[1:]:
        if not set(level) < set(keys):
            raise MobilityError(f"A total keeps some of the keys {', '.join(keys)}; {', '.join(level)} is none such.")
    coded = _coded(table, keys)
    return RawCounts(
        keys, tuple(levels[1:]), additive, pa.concat_tables([_level(coded, level, additive) for level in levels])
    )


def tallies(contributions: ir.Table, keys: Sequence[str]) -> ir.Table:
    """The same counts of one level as an expression, for any backend: devices, trips and the most trips of one device."""
    each = contributions.group_by([*keys, "user_id"]).agg(trips=contributions.trips.sum().cast("int64"))
    return each.group_by(list(keys)).agg(
        devices=each.count().cast("int64"), trips=each.trips.sum().cast("int64"), largest=each.trips.max().cast("int64")
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Coded:
    """Contributions as whole numbers: `codes` and `values` of every key, the device, its record key, trips and weight."""

    codes: dict[str, Ints]
    values: dict[str, pa.Array]
    device: Ints
    record_key: Ints
    trips: Ints
    expanded: NDArray[np.float64]


def _coded(table: pa.Table, keys: tuple[str, ...]) -> _Coded:
    for name in keys:
        if nulls := table[name].null_count:
            raise MobilityError(f"{nulls:,} contributions have no {name}. Give those their own value, as “outside”.")
    trips = table["trips"].cast(pa.int64())
    if len(trips) and (trips.null_count or pc.min(trips).as_py() < 1):
        raise MobilityError("Trips of a device in a cell are a whole number of at least 1. Leave out rows with none.")
    weight = np.ones(len(table))
    if "weight" in table.column_names:
        weight = pc.fill_null(table["weight"].cast(pa.float64()), np.nan).to_numpy()
        if not bool((np.isfinite(weight) & (weight > 0)).all()):
            raise MobilityError("Every weight must be a number above 0. Devices without one cannot stand for anybody.")
    encoded = {name: table[name].combine_chunks().dictionary_encode() for name in (*keys, "user_id")}
    codes = {name: column.indices.to_numpy().astype(np.int64) for name, column in encoded.items()}
    return _Coded(
        {name: codes[name] for name in keys}, {name: encoded[name].dictionary for name in keys}, codes["user_id"],
        _record_keys(encoded["user_id"].dictionary), trips.to_numpy(), trips.to_numpy() * weight,
    )  # fmt: skip


def _level(held: _Coded, level: tuple[str, ...], additive: bool) -> pa.Table:
    """Sums over each device in each cell, then over each cell; cells are runs of the sorted rows."""
    cell = np.zeros(len(held.device), dtype=np.int64)
    for name in level:
        cell = cell * len(held.values[name]) + held.codes[name]
    order = np.lexsort((held.device, cell))
    cell, device = cell[order], held.device[order]
    begins = np.flatnonzero(np.r_[len(cell) > 0, (cell[1:] != cell[:-1]) | (device[1:] != device[:-1])])
    trips, expanded = (_summed(values[order], begins) for values in (held.trips, held.expanded))
    if not additive:  # a device is one visitor, however often it came
        trips, expanded = np.ones_like(trips), expanded / np.maximum(trips, 1)
    rows, cell = order[begins], cell[begins]
    starts = np.flatnonzero(np.r_[len(cell) > 0, cell[1:] != cell[:-1]])
    first = rows[starts]
    columns = {
        name: values.take(pa.array(held.codes[name][first])) if name in level else pa.nulls(len(first), values.type)
        for name, values in held.values.items()
    }
    measured = {
        "devices": np.diff(np.r_[starts, len(cell)]),
        "trips": _summed(trips, starts),
        "expanded": _summed(expanded, starts),
        "largest": np.maximum.reduceat(trips, starts) if len(starts) else trips[:0],
        "cell_key": _summed(held.record_key[held.device[rows]], starts),
    }
    return pa.table(columns | {name: pa.array(values) for name, values in measured.items()})


def _summed(values: Any, begins: Ints) -> Any:
    return np.add.reduceat(values, begins) if len(begins) else values[:0]


def _record_keys(devices: pa.Array) -> Ints:
    """31 bits a device, so that sums over four thousand million of them fit. `rounding` adds the secret."""
    names = devices
    if not (pa.types.is_binary(names.type) or pa.types.is_fixed_size_binary(names.type)):
        names = names.cast(pa.string()).cast(pa.binary())
    digests = (hashlib.blake2b(name, digest_size=4).digest() for name in names.to_pylist())
    return np.fromiter((int.from_bytes(each, "big") >> 1 for each in digests), dtype=np.int64, count=len(names))
