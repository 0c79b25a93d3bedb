"""The fixed order, each step taking only what the one before it makes: count → threshold → protect → expand → round.

>>> import pyarrow as pa
>>> seen = pa.table({"origin": ["A"] * 12 + ["B"], "destination": ["B"] * 13, "user_id": [f"u{i}" for i in range(13)],
...                  "trips": [1] * 13})
>>> from folkmoot.engines.mobility.disclose import Policy, count, release
>>> made = release(count(seen, ["origin", "destination"]), policy=Policy(k=10, secret=b"sixteen bytes ok"), name="Monday",
...                domain={"origin": ["A", "B"], "destination": ["A", "B"]})
>>> made.table["origin"].to_pylist(), made.suppressed["origin"].to_pylist()
(['A'], ['A', 'B', 'B'])
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from folkmoot.engines.mobility.disclose import tabling
from folkmoot.engines.mobility.disclose.counting import RawCounts
from folkmoot.engines.mobility.disclose.policy import Policy, Reason
from folkmoot.engines.mobility.disclose.protecting import Protected, protect
from folkmoot.engines.mobility.disclose.provenance import Provenance
from folkmoot.engines.mobility.disclose.published import Published
from folkmoot.engines.mobility.disclose.releasable import Releasable, published_of, sealed
from folkmoot.engines.mobility.disclose.rounding import rounded
from folkmoot.engines.mobility.disclose.tabling import Layout, lay_out
from folkmoot.engines.mobility.disclose.thresholding import Judged, threshold
from folkmoot.engines.mobility.errors import MobilityError

type Floats = NDArray[np.float64]
type LocationError = Callable[[Mapping[str, str], float], float]
"""(keys, devices about) → relative standard error of not knowing where in a footprint people are: of the network alone."""

Z95 = 1.959964


@dataclass(frozen=True, eq=False)
class Expanded:
    """What may be shown, expanded to the population. Nothing is judged from here on."""

    protected: Protected
    values: Floats = field(repr=False)


@dataclass(frozen=True, eq=False, slots=True)
class _About:
    """What is the same at every step of one release."""

    name: str
    measure: str
    layout: Layout
    dates: tuple[str, ...]
    fixed: Mapping[str, str]
    units: Mapping[str, tuple[str, ...]]
    unit: float
    whole: bool


def release(
    raw: RawCounts,
    *,
    policy: Policy,
    name: str,
    domain: Mapping[str, Sequence[object]],
    measure: str = "trips",
    dates: Sequence[str] = (),
    fixed: Mapping[str, str] | None = None,
    units: Mapping[str, Sequence[str]] | None = None,
    earlier: Sequence[Published] = (),
    location_error: LocationError | None = None,
    provenance: Provenance | None = None,
) -> Releasable:
    """Make a table safe to publish.

    `domain`: every value each key may take, so that an empty cell looks like a small one. `units`: for zones made of
    smaller ones, the codes of these. With `earlier` releases the table is protected against what they tell as well.
    Raises `MobilityError` when the policy has no secret, a value lies outside its domain, or nothing done here can keep
    `earlier` releases from giving a cell away.
    """
    if type(raw) is not RawCounts:
        raise TypeError(f"A release begins with distinct raw devices, as count() makes them, not {type(raw).__name__}.")
    if not policy.secret:
        raise MobilityError(
            "Rounding needs a secret of 16 bytes or more: Policy(secret=…). Keep it for later releases."
        )
    judged = threshold(raw, policy)
    about = _about(judged, name, measure, domain, dates, fixed or {}, units or {})
    show = _shower(about)
    protected = protect(judged, show, earlier=tuple(earlier))
    if not protected.audit.safe:
        raise MobilityError(
            f"“{name}” cannot be released beside the earlier releases: {protected.audit.given_away[0].sentence} Publish it "
            "in other zones or hours, or not at all."
        )
    return _rounded(expand(protected), about, location_error, provenance or Provenance())


def expand(protected: Protected) -> Expanded:
    """Trips times weights, of the cells that may be shown; NaN for the blanks."""
    if type(protected) is not Protected:
        raise TypeError(
            f"Only a protected table is expanded, not {type(protected).__name__}: the threshold comes first."
        )
    judged = protected.judged
    return Expanded(protected, np.where(_shown(judged), judged.raw.table["expanded"].to_numpy(), np.nan))


def _shown(judged: Judged) -> NDArray[np.bool_]:
    return tabling.free(judged.reasons)


def _about(
    judged: Judged, name: str, measure: str, domain: Mapping[str, Sequence[object]], dates: Sequence[str],
    fixed: Mapping[str, str], units: Mapping[str, Sequence[str]],
) -> _About:  # fmt: skip
    raw = judged.raw
    spelled = {key: tuple(dict.fromkeys(str(value) for value in domain.get(key, ()))) for key in raw.keys}
    layout = lay_out(raw, spelled)
    finest = layout.finest & _shown(judged)
    devices, expanded = raw.table["devices"].to_numpy(), raw.table["expanded"].to_numpy()
    mean = float(expanded[finest].sum() / devices[finest].sum()) if finest.any() else 1.0
    whole = bool(np.array_equal(expanded, raw.table["trips"].to_numpy()))
    return _About(
        name, measure, layout, tuple(dates), dict(fixed), {key: tuple(parts) for key, parts in units.items()},
        _two_digits_up(mean), whole,
    )  # fmt: skip


def _two_digits_up(value: float) -> float:
    if value <= 1.0:
        return 1.0
    scale = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(math.ceil(value / scale - 1e-9) * scale, 12)


def _shower(about: _About) -> Callable[[Judged], Published]:
    """What would be published of a judged table, for the audit."""

    def show(judged: Judged) -> Published:
        values = _values(np.where(_shown(judged), judged.raw.table["expanded"].to_numpy(), np.nan), judged, about)
        table = tabling.shown(about.layout, values, judged.reasons)
        blanks = tabling.blanks(about.layout, judged.reasons, every=False)
        return Published(
            about.name, judged.raw.keys, judged.raw.totals, judged.raw.additive, about.measure, judged.policy.k,
            judged.policy.round_base, about.unit, about.whole, table, blanks, about.layout.domain, about.dates, about.fixed,
            about.units,
        )  # fmt: skip

    return show


def _values(expanded: Floats, judged: Judged, about: _About) -> Floats:
    values = expanded.copy()
    there = np.isfinite(values)
    keys = judged.raw.table["cell_key"].to_numpy()[there]
    values[there] = rounded(values[there], keys, judged.policy, measure=about.measure)
    return values


def _rounded(
    expanded: Expanded, about: _About, location_error: LocationError | None, provenance: Provenance
) -> Releasable:
    judged = expanded.protected.judged
    policy = judged.policy
    table = tabling.shown(about.layout, _values(expanded.values, judged, about), judged.reasons)
    blanks = tabling.blanks(about.layout, judged.reasons, every=True)
    low, high = _interval(table, judged.raw.keys, about, policy, location_error)
    table = table.rename_columns([*judged.raw.keys, about.measure])
    table = table.append_column("low", pa.array(low)).append_column("high", pa.array(high))
    told = pa.array([policy.said(reason) for reason in Reason], pa.string())
    said = told.take(pc.index_in(blanks["reason"], value_set=pa.array([reason.value for reason in Reason])))
    manifest = _manifest(expanded, about, table, blanks, location_error, provenance)
    return sealed(published_of(manifest, table, blanks), table, blanks.append_column("why", said), manifest)


def _interval(
    table: pa.Table, keys: tuple[str, ...], about: _About, policy: Policy, location_error: LocationError | None
) -> tuple[Floats, Floats]:
    """95 % bounds from the published value alone, so that they tell nothing more: rounding, sampling, location."""
    value = table["value"].to_numpy()
    where = np.zeros(len(table))
    if location_error is not None:
        for row, (cell, many) in enumerate(zip(table.select(keys).to_pylist(), value / about.unit, strict=True)):
            where[row] = location_error({k: v for k, v in cell.items() if v is not None}, float(many))
    base = float(policy.round_base)
    spread = Z95 * np.sqrt(base**2 / 6 + about.unit * value * (not about.whole) + (where * value) ** 2)
    low = np.maximum(0.0, np.floor((value - spread) / base) * base)
    return low, np.ceil((value + spread) / base) * base


def _manifest(
    expanded: Expanded, about: _About, table: pa.Table, blanks: pa.Table, location_error: LocationError | None,
    provenance: Provenance,
) -> dict[str, Any]:  # fmt: skip
    judged, checked = expanded.protected.judged, expanded.protected.audit
    raw, policy = judged.raw, judged.policy
    blanked = {row["values"]: row["counts"] for row in pc.value_counts(blanks["reason"]).to_pylist()}
    # Those that are merely few are not all listed in a large table; what is neither shown nor blank for more is one.
    whole = sum(math.prod(len(about.layout.domain[key]) for key in level) for level in about.layout.levels)
    few = whole - len(table) - sum(n for why, n in blanked.items() if why != Reason.FEW.value)
    blanked = ({Reason.FEW.value: few} if few else {}) | {w: n for w, n in blanked.items() if w != Reason.FEW.value}
    parts = ["rounding"] + ["sampling"] * (not about.whole) + ["location"] * (location_error is not None)
    return {
        "name": about.name,
        "measure": about.measure,
        "keys": list(raw.keys),
        "totals": [list(level) for level in raw.totals],
        "additive": raw.additive,
        "domain": {key: list(values) for key, values in about.layout.domain.items()},
        "dates": list(about.dates),
        "fixed": dict(about.fixed),
        "units": {key: list(parts) for key, parts in about.units.items()},
        "policy": {
            "k": policy.k, "round_base": policy.round_base, "dominance": policy.dominance, "rounding": "cell key",
            "secret": hashlib.sha256(b"folkmoot secret " + policy.secret).hexdigest()[:16],
            "order": ["distinct raw devices", "threshold", "complementary suppression", "expansion", "rounding"],
        },
        "unit": about.unit,
        "whole": about.whole,
        "cells": len(table),
        "blanks": blanked,
        "blank_rule": f"A cell that is in neither file is blank: {policy.said(Reason.FEW)}",
        "interval": f"95 %, from the published value alone: {', '.join(parts)}.",
        "audit": checked.record(),
        **provenance.record(),
    }  # fmt: skip
