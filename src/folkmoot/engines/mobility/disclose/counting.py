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

from folkmoot.engines.mobility.errors import MobilityError

if TYPE_CHECKING:
    import ibis.expr.types as ir

MEASURED = ("devices", "trips", "expanded", "largest", "cell_key")


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

    `totals`: for each total the keys that stay, for example `[("origin",), ()]`. `additive=False` for counts of distinct
    devices (`trips` 1 each), whose parts do not add up. Raises `MobilityError` on a missing column, a null key, trips
    that are no positive whole number, or a weight that is not above zero.
    """
    table = contributions if isinstance(contributions, pa.Table) else contributions.to_pyarrow()
    keys = tuple(keys)
    wanted = {*keys, "user_id", "trips"}
    if gone := wanted - set(table.column_names):
        raise MobilityError(f"Contributions lack the column {', '.join(sorted(gone))}.")
    checked = _checked(table, keys)
    levels = [keys, *(tuple(level) for level in totals)]
    for level in levels[1:]:
        if not set(level) < set(keys):
            raise MobilityError(f"A total keeps some of the keys {', '.join(keys)}; {', '.join(level)} is none such.")
    parts = [_level(checked, level, keys, table.schema) for level in levels]
    return RawCounts(keys, tuple(levels[1:]), additive, pa.concat_tables(parts))


def tallies(contributions: ir.Table, keys: Sequence[str]) -> ir.Table:
    """The same counts of one level as an expression, for any backend: devices, trips and the most trips of one device."""
    each = contributions.group_by([*keys, "user_id"]).agg(trips=contributions.trips.sum().cast("int64"))
    return each.group_by(list(keys)).agg(
        devices=each.count().cast("int64"), trips=each.trips.sum().cast("int64"), largest=each.trips.max().cast("int64")
    )


def _checked(table: pa.Table, keys: tuple[str, ...]) -> pa.Table:
    for name in keys:
        if nulls := table[name].null_count:
            raise MobilityError(f"{nulls:,} contributions have no {name}. Give those their own value, as “outside”.")
    trips = table["trips"].cast(pa.int64())
    if len(trips) and (trips.null_count or pc.min(trips).as_py() < 1):
        raise MobilityError("Trips of a device in a cell are a whole number of at least 1. Leave out rows with none.")
    if "weight" in table.column_names:
        weight = table["weight"].cast(pa.float64())
        if weight.null_count or not bool(
            pc.all(pc.and_(pc.is_finite(weight), pc.greater(weight, 0.0))).as_py() in (True, None)
        ):
            raise MobilityError("Every weight must be a number above 0. Devices without one cannot stand for anybody.")
    else:
        weight = pa.chunked_array([pa.array(np.ones(len(table)))])
    return (
        table.select([*keys, "user_id"])
        .append_column("trips", trips)
        .append_column("expanded", pc.multiply(trips.cast(pa.float64()), weight))
    )


def _level(table: pa.Table, level: tuple[str, ...], keys: tuple[str, ...], schema: pa.Schema) -> pa.Table:
    each = table.group_by([*level, "user_id"]).aggregate([("trips", "sum"), ("expanded", "sum")])
    each = each.append_column("record_key", _record_keys(each["user_id"]))
    found: Any = each.group_by(list(level)).aggregate(
        [
            ("user_id", "count"),
            ("trips_sum", "sum"),
            ("expanded_sum", "sum"),
            ("trips_sum", "max"),
            ("record_key", "sum"),
        ]
    )
    columns = {name: found[name] if name in level else pa.nulls(len(found), schema.field(name).type) for name in keys}
    columns |= {
        "devices": found["user_id_count"].cast(pa.int64()),
        "trips": found["trips_sum_sum"].cast(pa.int64()),
        "expanded": found["expanded_sum_sum"],
        "largest": found["trips_sum_max"].cast(pa.int64()),
        "cell_key": found["record_key_sum"].cast(pa.int64()),
    }
    return pa.table(columns)


def _record_keys(users: Any) -> pa.Array:
    """31 bits a device, so that the sum over four thousand million devices still fits; no secret yet, `rounding` adds it."""
    coded = users.combine_chunks().dictionary_encode()
    names = coded.dictionary.cast(pa.binary()) if pa.types.is_string(coded.dictionary.type) else coded.dictionary
    if not (pa.types.is_binary(names.type) or pa.types.is_fixed_size_binary(names.type)):
        names = names.cast(pa.string()).cast(pa.binary())
    keys = np.fromiter(
        (int.from_bytes(hashlib.blake2b(name.as_py(), digest_size=4).digest(), "big") >> 1 for name in names),
        dtype=np.int64, count=len(names),
    )  # fmt: skip
    return pa.array(keys[coded.indices.to_numpy()]) if len(coded) else pa.array([], pa.int64())
