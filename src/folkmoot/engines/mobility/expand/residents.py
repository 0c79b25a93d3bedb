"""Weights for devices whose home zone is known, from a table of population by zone, age band and sex.

>>> import pyarrow as pa
>>> people = pa.table({"zone_id": ["A", "B"], "age_band": ["all"] * 2, "sex": ["all"] * 2, "people": [100, 50]})
>>> devices = pa.table({"user_id": ["u", "v", "w"], "home_zone": ["A", "A", "B"]})
>>> weigh(devices, people, cap=None).table["weight"].to_pylist()
[50.0, 50.0, 50.0]
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.expand.raking import Margin, Raked, rake
from folkmoot.engines.mobility.schema import POPULATION


@dataclass(frozen=True, eq=False)
class Weights:
    """`table`: user_id, weight. Devices without a home zone have the mean weight, and are counted in `homeless`."""

    table: pa.Table = field(repr=False)
    raked: Raked
    homeless: int

    @property
    def published(self) -> tuple[str, ...]:
        """The same for everybody: shares to the nearest twentieth, since exact counts of devices tell who came or went."""
        raked, devices = self.raked, max(len(self.table), 1)
        margins = ", ".join(raked.worst).replace("zone_id", "zone").replace("age_band", "age")
        said = [
            f"Expansion makes devices add up to residents by {margins}; it cannot correct for who carries no phone, or why.",
            f"{about(raked.effective_sample_size / max(len(raked.weights), 1))} of the devices would tell as much if all "
            "weighed the same (effective sample size).",
        ]
        if raked.capped:
            said.append(f"No weight is above {raked.cap:,.1f}; some zones fall short of their residents for that.")
        if self.homeless:
            said.append(
                f"{about(self.homeless / devices)} of devices have no home in these zones and are given the mean weight."
            )
        return tuple(said)

    @property
    def statements(self) -> tuple[str, ...]:
        """The raking's, and how many devices have no home."""
        total = len(self.table)
        share = self.homeless / total if total else 0.0
        said = f"{self.homeless:,} of {total:,} devices ({share:.1%}) have no home in these zones; they get the mean weight."
        return (*self.raked.statements, said) if self.homeless else self.raked.statements


def weigh(devices: pa.Table, population: pa.Table, *, cap: float | None = 5.0) -> Weights:
    """Rake devices (user_id, home_zone[, age_band, sex]) to the margins zone, age band and sex of a population.

    Age and sex are raked only where devices have them. Raises `MobilityError` on missing columns, two rows for the same
    group, or people that are no number of at least 0.
    """
    POPULATION.check(population.column_names, what="population")
    people = _people(population)
    housed = pc.is_valid(devices["home_zone"].combine_chunks())
    known = devices.filter(housed)
    margins = [
        _margin(known, population, people, ours, theirs)
        for ours, theirs in (("home_zone", "zone_id"), ("age_band", "age_band"), ("sex", "sex"))
        if ours in devices.column_names
    ]
    raked = rake(len(known), margins, cap=cap)
    mean = float(raked.weights.mean()) if len(known) else 1.0
    weights = np.full(len(devices), mean)
    weights[housed.to_numpy(zero_copy_only=False)] = np.where(raked.weights > 0, raked.weights, mean)
    table = pa.table({"user_id": devices["user_id"], "weight": pa.array(weights)})
    return Weights(table, raked, len(devices) - len(known))


def about(share: float) -> str:
    """A share to the nearest twentieth, as the beginning of a sentence.

    >>> about(0.913), about(0.011)
    ('About 90 %', 'Fewer than 5 %')
    """
    near = round(share * 20) * 5
    return f"About {near} %" if near else "Fewer than 5 %"


def _people(population: pa.Table) -> NDArray[np.float64]:
    people = pc.cast(population["people"], pa.float64())
    bad = np.flatnonzero(~(pc.fill_null(people, np.nan).to_numpy() >= 0))
    if len(bad):
        raise MobilityError(f"Row {bad[0] + 2} of the population has no number of people of at least 0. Correct it.")
    groups = population.select(["zone_id", "age_band", "sex"]).to_pylist()
    seen: dict[tuple[str, ...], int] = {}
    for row, group in enumerate(groups, start=2):
        key = tuple(str(value) for value in group.values())
        if key in seen:
            raise MobilityError(f"Rows {seen[key]} and {row} of the population are the same group: {', '.join(key)}.")
        seen[key] = row
    return np.asarray(people.to_numpy(), dtype=np.float64)


def _margin(devices: pa.Table, population: pa.Table, people: NDArray[np.float64], ours: str, theirs: str) -> Margin:
    names = population[theirs].cast(pa.string()).combine_chunks().dictionary_encode()
    wanted = np.bincount(names.indices.to_numpy(), people, minlength=len(names.dictionary))
    found = pc.index_in(devices[ours].cast(pa.string()), value_set=names.dictionary)
    return Margin(theirs, pc.fill_null(found, -1).to_numpy().astype(np.int64), wanted)
