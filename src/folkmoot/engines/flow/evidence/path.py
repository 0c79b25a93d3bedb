"""The path of a stay: the chain of events, back from the discharge, each of which waited for the one before.

An event is enabled by the latest completion of the same case at or before its own start. Concurrent work is therefore
not taken to wait for each other: of two tests in hand at once both are enabled by what ended before they began, and only
the one that ended last before the next step lies on the path. The waits and services along the path add up to the stay.
Where starts are unknown the event before is the one that enables.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NONE = int(np.iinfo(np.int64).min)

type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]


def enabling(case: Ints, begin: Ints, end: Ints) -> Ints:
    """Position of the event that enabled each event, −1 where there is none. Events are sorted by case and end;
    `begin` is `NONE` where unknown."""
    n = len(case)
    index = np.arange(n)
    enabled = np.where(np.concatenate([[False], case[1:] == case[:-1]]) if n else index < 0, index - 1, -1)
    known = begin != NONE
    instant = known & (begin == end)
    asking = index[known]
    # At one moment: first what ends, then events of no length one after the other, then what begins.
    owner = np.concatenate([index, asking])
    moment = np.concatenate([end, begin[asking]])
    turn = np.concatenate([np.where(instant, 2 * index + 1, -1), np.where(instant[asking], 2 * asking, 2 * n + 1)])
    is_end = np.arange(n + len(asking)) < n
    order = np.lexsort((turn, moment, case[owner]))
    latest = np.maximum.accumulate(np.where(is_end[order], np.arange(len(order)), -1))
    place = np.flatnonzero(~is_end[order])
    found = np.where(latest[place] >= 0, owner[order][latest[place]], -1)
    who = owner[order][place]
    enabled[who] = np.where((found >= 0) & (case[found] == case[who]), found, -1)
    return np.asarray(enabled, dtype=np.int64)


def on_path(enabled: Ints, end: Ints, first: Ints, last: Ints, admitted: Ints) -> Bools:
    """Which events lie on the path of their stay, from `last` back to `first` or to the moment of admission."""
    found = np.zeros(len(enabled), dtype=np.bool_)
    here, stop, since = last, first, admitted
    while len(here):
        found[here] = True
        before = enabled[here]
        going = (here != stop) & (before >= 0)
        going &= np.where(before >= 0, end[before], NONE) >= since
        here, stop, since = before[going], stop[going], since[going]
    return found
