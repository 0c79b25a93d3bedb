"""Devices that are not people walking about: machines (one cell, a fixed beat) and visitors' phones. Flagged, not rejected.

A machine is a device that was seen in one cell only, at least 20 times, with four gaps in five within a tenth of its shortest
gap, and that at least half a minute. A phone that lies at home is seen in one cell, but not on a beat.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.instants import seconds

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNITED_KINGDOM = ("234", "235")
LEAST_EVENTS, LEAST_GAP_SECONDS, EVEN, SHARE = 20, 30, 1.1, 0.8


def devices(events: ir.Table, *, home: Sequence[str] = UNITED_KINGDOM) -> ir.Table:
    """user_id, events, machine, roaming (its network's country is none of `home`) for each device of accepted events."""
    import ibis

    table: Any = events
    one: Any = table.cell_id if "cell_id" in table.columns else None
    if one is None:
        one = table.latitude.cast("string") + " " + table.longitude.cast("string")
    held = table.mutate(
        place_=one, at_=seconds(table.timestamp), away_=_away(table, home), sent_=table.timestamp.notnull()
    )
    by_device = held.group_by("user_id").aggregate(
        events=held.count(), first_=held.place_.min(), last_=held.place_.max(), roaming=held.away_.any()
    )
    still = by_device.filter((by_device.first_ == by_device.last_) & (by_device.events >= LEAST_EVENTS))
    kept = held.semi_join(still, "user_id")
    over = ibis.window(group_by="user_id", order_by=["timestamp"])
    gaps = kept.mutate(gap_=kept.at_ - kept.at_.lag().over(over))
    least = gaps.group_by("user_id").aggregate(least_=gaps.gap_.min())
    beside = gaps.inner_join(least, "user_id")
    even = (beside.gap_.cast("float64") <= beside.least_.cast("float64") * EVEN).ifelse(1.0, 0.0)
    beat = beside.filter(beside.gap_.notnull()).mutate(even_=even)
    share = beat.group_by("user_id").aggregate(share_=beat.even_.mean(), beat_=beat.least_.min())
    on_a_beat = share.filter((share.share_ >= SHARE) & (share.beat_ >= LEAST_GAP_SECONDS)).select(machine_="user_id")
    joined = by_device.left_join(on_a_beat, by_device.user_id == on_a_beat.machine_)
    return joined.mutate(machine=joined.machine_.notnull()).select("user_id", "events", "machine", "roaming")


def _away(table: Any, home: Sequence[str]) -> Any:
    import ibis

    country: Any = None
    if "mcc" in table.columns:
        country = table.mcc
    if "plmn" in table.columns:
        of_plmn = table.plmn.substr(0, 3)
        country = of_plmn if country is None else country.fill_null(of_plmn)
    if country is None:
        return ibis.literal(False)
    return (country.notnull() & ~country.isin(list(home))).fill_null(False)
