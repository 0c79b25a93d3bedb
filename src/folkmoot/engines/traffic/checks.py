"""What a network must be before anything is assigned to it, each fault with its link and its remedy."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from folkmoot.engines.traffic.network import RoadNetwork


def check_network(network: RoadNetwork) -> None:
    """Refuse links of unequal columns, twice the same id, impossible times, capacities and ends."""
    from folkmoot.engines.traffic.network import TrafficError

    m, n = network.m, network.n
    for name in ("start", "end", "length_m", "lanes", "free_flow_minutes", "capacity_vph", "b", "power", "closed"):
        if len(getattr(network, name)) != m:
            raise TrafficError(f"The column {name} has {len(getattr(network, name))} values for {m} links.")
    if m == 0:
        raise TrafficError("The network has no link. Check that the file holds roads of a class that cars may use.")
    twice = [link for link, count in Counter(network.link_id).items() if count > 1]
    if twice:
        raise TrafficError(
            f"The link id “{twice[0]}” occurs more than once ({len(twice):,} such ids). Give every link its own."
        )

    def refuse(bad: np.ndarray, what: str) -> None:
        if bad.any():
            k = int(np.flatnonzero(bad)[0])
            more = f" (and {int(bad.sum()) - 1:,} more)" if bad.sum() > 1 else ""
            raise TrafficError(f"Link {network.link_id[k]}{more} {what}")

    refuse((network.start < 0) | (network.start >= n) | (network.end < 0) | (network.end >= n),
           "begins or ends at a node that is not there.")  # fmt: skip
    t, cap = network.free_flow_minutes, network.capacity_vph
    refuse(~(np.isfinite(t) & (t >= 0)), "has no free-flow time of 0 or more. Correct its length or its speed.")
    refuse(~((network.b >= 0) & (network.power >= 0)), "has a negative b or power. Both must be 0 or more.")
    refuse(~(cap > 0) & (network.b > 0),
           "has no capacity above 0. Give it one, or close the link instead.")  # fmt: skip
    if not 0 <= network.first_thru_node <= n or len(network.zones) > n:
        raise TrafficError(f"The first node of through traffic or the number of zones is beyond the {n:,} nodes.")
    again = [zone for zone, count in Counter(network.zones).items() if count > 1]
    if again:
        raise TrafficError(f"The zone “{again[0]}” occurs more than once. Every zone needs a code of its own.")
