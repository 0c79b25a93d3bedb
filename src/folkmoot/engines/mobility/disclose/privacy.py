"""Differential privacy in place of a threshold, by OpenDP (extra `privacy`), with a budget that is spent once.

Each device is held to so many cells and so many trips in each, so that its leaving changes the table by at most their product
(the sensitivity). Discrete Laplace noise of scale sensitivity ÷ ε on every cell of the domain, the empty ones too, then
hides whether it was there (Dwork, McSherry, Nissim & Smith 2006; Ghosh, Roughgarden & Sundararajan 2009). ε adds up over
releases: a `Budget` is the sum, and refuses what would go beyond it. Noise is drawn by OpenDP and differs from run to run.

>>> Budget(total=1.0).spend("Monday", 0.4, "2026-03-02").remaining
0.6
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from folkmoot.engines.mobility.disclose.provenance import Provenance
from folkmoot.engines.mobility.disclose.releasable import Releasable, published_of, sealed
from folkmoot.engines.mobility.errors import MobilityError

MEASURE = "noisy_trips"
CELLS = 5_000_000


@dataclass(frozen=True, slots=True)
class Budget:
    """ε that may be spent on one body of data in all, and what has been: (release, ε, when)."""

    total: float
    spent: tuple[tuple[str, float, str], ...] = ()

    @property
    def remaining(self) -> float:
        """What is left, to nine places, so that sums of decimals come out."""
        return round(self.total - math.fsum(epsilon for _, epsilon, _ in self.spent), 9)

    def spend(self, name: str, epsilon: float, at: str) -> Budget:
        """The budget after a release. Raises `MobilityError` when it does not suffice."""
        if not epsilon > 0:
            raise MobilityError(f"ε is {epsilon:g}; it must be above 0.")
        if epsilon > self.remaining:
            raise MobilityError(
                f"“{name}” asks for ε = {epsilon:g}, and {self.remaining:g} of {self.total:g} is left. What is spent does "
                "not come back: ask for less, or do not release."
            )
        return Budget(self.total, (*self.spent, (name, epsilon, at)))


def read_budget(path: Path) -> Budget:
    """The budget kept in a file."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return Budget(float(held["total"]), tuple((str(n), float(e), str(at)) for n, e, at in held["spent"]))
    except FileNotFoundError:
        raise MobilityError(
            f"There is no budget “{path.name}”. Begin one with the ε that may be spent in all."
        ) from None
    except (json.JSONDecodeError, KeyError, TypeError, ValueError):
        raise MobilityError(
            f"The budget “{path.name}” cannot be read. Restore it; without it nothing may be released."
        ) from None


def write_budget(path: Path, budget: Budget, *, before: Budget | None) -> None:
    """Keep a budget, if the file still says `before` (None: there is none yet). Two at once cannot both spend the same ε."""
    lock = path.with_name(path.name + ".lock")
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise MobilityError(f"Somebody else is spending from “{path.name}”. Try again when that is done.") from None
    try:
        if (read_budget(path) if path.exists() else None) != before:
            raise MobilityError(f"“{path.name}” was spent from in the meantime. Read it again.")
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps({"total": budget.total, "spent": budget.spent}), encoding="utf-8")
        part.replace(path)
    finally:
        lock.unlink()


def noisy(
    contributions: pa.Table,
    keys: Sequence[str],
    *,
    domain: Mapping[str, Sequence[object]],
    epsilon: float,
    budget: Budget,
    name: str,
    at: str,
    most_cells: int = 4,
    most_trips: int = 2,
    dates: Sequence[str] = (),
    provenance: Provenance | None = None,
) -> tuple[Releasable, Budget]:
    """A table with noise on every cell, and the budget after it. Keep the budget before you publish the table.

    Raises `MobilityError` when the budget does not suffice, the domain is too large, or OpenDP is not installed.
    """
    try:
        import opendp.prelude as dp
    except ImportError:
        raise MobilityError("OpenDP is not installed: pip install 'folkmoot[privacy]'.") from None
    after = budget.spend(name, epsilon, at)
    spelled = {key: tuple(dict.fromkeys(str(value) for value in domain[key])) for key in keys}
    size = math.prod(len(values) for values in spelled.values())
    if size > CELLS:
        raise MobilityError(
            f"The table has {size:,} cells; noise on more than {CELLS:,} says nothing. Use fewer zones or hours."
        )
    bounded = _bounded(contributions, keys, most_cells, most_trips)
    true = _table(bounded, keys, spelled, size)
    dp.enable_features("contrib")
    scale = most_cells * most_trips / epsilon
    noise = dp.m.make_laplace(dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int), scale=scale)
    values = np.maximum(np.array(noise(true.tolist()), dtype=np.float64), 0.0)
    return _released(
        values,
        scale,
        noise.map(most_cells * most_trips),
        keys,
        spelled,
        name,
        dates,
        provenance,
        (most_cells, most_trips),
    ), after


def _bounded(contributions: pa.Table, keys: Sequence[str], most_cells: int, most_trips: int) -> pa.Table:
    """Of each device at most so many cells, those of most trips, and so many trips in each."""
    each = contributions.group_by([*keys, "user_id"]).aggregate([("trips", "sum")])
    order = [("user_id", "ascending"), ("trips_sum", "descending"), *((key, "ascending") for key in keys)]
    each = each.sort_by(order)
    users = each["user_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    begins = np.flatnonzero(np.r_[True, users[1:] != users[:-1]]) if len(users) else np.empty(0, dtype=np.int64)
    rank = np.arange(len(users)) - np.repeat(begins, np.diff(np.r_[begins, len(users)]))
    kept = each.filter(pa.array(rank < most_cells))
    return kept.append_column("trips", pc.min_element_wise(kept["trips_sum"], pa.scalar(most_trips, pa.int64())))


def _table(bounded: pa.Table, keys: Sequence[str], spelled: Mapping[str, tuple[str, ...]], size: int) -> Any:
    at = np.zeros(len(bounded), dtype=np.int64)
    for key in keys:
        index = pc.index_in(bounded[key].cast(pa.string()), value_set=pa.array(spelled[key], pa.string()))
        if index.null_count:
            raise MobilityError(
                f"A value of {key} is not in its domain. Give every value it may take, fixed beforehand."
            )
        at = at * len(spelled[key]) + index.to_numpy()
    return np.bincount(at, bounded["trips"].to_numpy(), minlength=size).astype(np.int64)


def _released(
    values: Any, scale: float, epsilon: float, keys: Sequence[str], spelled: Mapping[str, tuple[str, ...]], name: str,
    dates: Sequence[str], provenance: Provenance | None, bounds: tuple[int, int],
) -> Releasable:  # fmt: skip
    rows = list(product(*(spelled[key] for key in keys)))
    away = math.ceil(scale * math.log(1 / 0.05))
    columns: dict[str, Any] = {key: pa.array([row[i] for row in rows], pa.string()) for i, key in enumerate(keys)}
    table = pa.table(columns | {MEASURE: values, "low": np.maximum(values - away, 0.0), "high": values + away})
    nothing = pa.table({name: pa.array([], pa.string()) for name in (*keys, "reason", "why")})
    manifest: dict[str, Any] = {
        "name": name, "measure": MEASURE, "keys": list(keys), "totals": [], "additive": True,
        "domain": {key: list(each) for key, each in spelled.items()}, "dates": list(dates), "fixed": {}, "units": {},
        "policy": {
            "privacy": "differential", "mechanism": "discrete Laplace (OpenDP)", "epsilon": epsilon, "delta": 0.0,
            "scale": scale, "most_cells": bounds[0], "most_trips": bounds[1], "unit": "device", "k": 0, "round_base": 1,
        },
        "unit": 1.0, "whole": False, "cells": len(table), "blanks": {},
        "interval": "95 %, of the noise alone; trips beyond the bounds of a device are not in it.",
        **(provenance or Provenance()).record(),
    }  # fmt: skip
    return sealed(published_of(manifest, table, nothing), table, nothing, manifest)
