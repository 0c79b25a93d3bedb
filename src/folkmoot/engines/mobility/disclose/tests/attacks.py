"""Made-up contributions for attacks: so many devices from here to there, each with its own name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from folkmoot.engines.mobility.disclose import Policy, Published, RawCounts, Releasable, count, release

SECRET = b"a secret of tests"
PLAIN = Policy(k=10, round_base=1, secret=SECRET)
"""Without rounding, so that attacks have exact numbers to work with."""
ZONES = ("A", "B", "C", "D")


def seen(
    rows: Iterable[tuple[Any, ...]], keys: tuple[str, ...] = ("origin", "destination"), start: int = 0
) -> pa.Table:
    """Rows of (key values…, devices[, trips each[, weight]])."""
    columns: dict[str, list[Any]] = {name: [] for name in (*keys, "user_id", "trips", "weight")}
    number = start
    for row in rows:
        *key, devices = row[: len(keys) + 1]
        trips, weight = (*row[len(keys) + 1 :], *(1, 1.0)[len(row) - len(keys) - 1 :])
        for _ in range(devices):
            for name, value in zip(
                (*keys, "user_id", "trips", "weight"), (*key, f"u{number}", trips, weight), strict=True
            ):
                columns[name].append(value)
            number += 1
    return pa.table(columns)


def raw(rows: Iterable[tuple[Any, ...]], keys: tuple[str, ...] = ("origin", "destination"), **more: Any) -> RawCounts:
    return count(seen(rows, keys), keys, **more)


def released(
    rows: Iterable[tuple[Any, ...]], *, keys: tuple[str, ...] = ("origin", "destination"), totals: Any = (),
    policy: Policy = PLAIN, zones: tuple[str, ...] = ZONES, **more: Any,
) -> Releasable:  # fmt: skip
    domain = {name: zones for name in keys if name in ("origin", "destination", "zone")} | more.pop("domain", {})
    return release(raw(rows, keys, totals=totals), policy=policy, domain=domain, **({"name": "new"} | more))


def unprotected(rows: Iterable[tuple[Any, ...]], **more: Any) -> Published:
    """The same as its reader would have it had nobody protected the blanks: only the threshold."""
    from folkmoot.engines.mobility.disclose import releasing
    from folkmoot.engines.mobility.disclose.auditing import Audit
    from folkmoot.engines.mobility.disclose.protecting import Protected

    original = releasing.protect
    releasing.protect = lambda judged, show, earlier=(): Protected(judged, Audit((), 0, 0, 0, (), 0.0))  # type: ignore[assignment]
    try:
        return released(rows, **more).published
    finally:
        releasing.protect = original


def values(made: Releasable | Published) -> dict[tuple[Any, ...], float]:
    """{keys: value} of what is shown."""
    published = made.published if isinstance(made, Releasable) else made
    names = published.keys
    return {tuple(row[name] for name in names): row["value"] for row in published.table.to_pylist()}


def blanks(made: Releasable) -> dict[tuple[Any, ...], str]:
    """{keys: reason} of what is not."""
    return {tuple(row[name] for name in made.published.keys): row["reason"] for row in made.suppressed.to_pylist()}
