"""Changes of a scheme as rows (link, what, value), and the engine's own change; and links as people know them.

>>> change_of([{"link": "7", "what": "widen", "value": 2.0}, {"link": "9", "what": "close", "value": None}])
Change(close=('9',), reopen=(), widen={'7': 2.0}, slow={})
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from folkmoot.engines.traffic import Change, RoadNetwork

WHAT = ("close", "widen", "slow")
POINTS = 8


def change_of(rows: Iterable[Mapping[str, Any]]) -> Change:
    """The rows as one change; of two rows about the same thing of a link the later counts."""
    from folkmoot.engines.traffic import Change

    held = list(rows)
    by = {what: {row["link"]: row["value"] for row in held if row["what"] == what} for what in WHAT}
    return Change(close=tuple(by["close"]), widen=by["widen"], slow=by["slow"])


def opposite(network: RoadNetwork, k: int) -> int | None:
    """The same road the other way, if there is one: its ends exchanged, its name, class and length alike."""
    back = np.flatnonzero((network.start == network.end[k]) & (network.end == network.start[k]))
    for other in back.tolist():
        alike = (network.name[other], network.kind[other]) == (network.name[k], network.kind[k])
        if alike and abs(network.length_m[other] - network.length_m[k]) < 1:
            return int(other)
    return None


def both_ways(network: RoadNetwork) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """(m,) whether a link has another between its ends the other way, so that the map draws each on its own side."""
    pairs = set(zip(network.start.tolist(), network.end.tolist()))
    return np.array([(b, a) in pairs for a, b in zip(network.start.tolist(), network.end.tolist())], dtype=bool)


def bearing(network: RoadNetwork, k: int) -> int | None:
    """Which of the eight points of the compass a link leads to, north being 0; None where it has no place."""
    line = network.geometry[k]
    a, b = (line[0], line[-1]) if line is not None else (network.xy[network.start[k]], network.xy[network.end[k]])
    east = (b[0] - a[0]) * (np.cos(np.radians(a[1])) if network.geographic else 1.0)
    north = b[1] - a[1]
    if not np.isfinite([east, north]).all() or (east == 0 and north == 0):
        return None
    return int(np.floor(np.degrees(np.arctan2(east, north)) / 45 + 0.5)) % POINTS


def search(network: RoadNetwork, words: str, most: int) -> list[int]:
    """Links whose number, name or id holds the words, shortest id first among equals; at most `most`."""
    wanted = words.strip().casefold()
    ids = [k for k in range(network.m) if network.link_id[k].casefold() == wanted]
    named = [k for k in range(network.m) if network.kind[k] != "connector" and wanted in network.name[k].casefold()]
    return list(dict.fromkeys([*ids, *named]))[:most]
