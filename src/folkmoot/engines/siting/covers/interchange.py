"""A good choice to begin with: greedy adding, then swaps while they gain (Church and ReVelle 1974, GAS)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.covers.choice import Choice

type Bools = NDArray[np.bool_]


def started(choice: Choice, begin: Bools | None = None) -> Bools | None:
    """A choice that keeps every limit, by greedy adding to what it begins with; None where greed does not find one."""
    chosen = choice.fixed.copy() if begin is None else begin | choice.fixed
    room = len(chosen) if choice.most is None else min(choice.most, len(chosen))
    open_reach = ~choice.reach[:, chosen].any(axis=1)
    open_gain = ~choice.gains[:, chosen].any(axis=1)
    while int(chosen.sum()) < room:
        if open_reach.any():  # what must be covered comes first; what a column costs divides what it does
            worth = choice.reach[open_reach].sum(axis=0) / np.maximum(choice.price, 1e-12)
        else:
            worth = choice.gain[open_gain] @ choice.gains[open_gain] - choice.price
        worth = np.where(chosen, -np.inf, worth)
        j = int(worth.argmax())
        if worth[j] <= 0:
            break
        chosen[j] = True
        open_reach &= ~choice.reach[:, j]
        open_gain &= ~choice.gains[:, j]
    for j in np.flatnonzero(chosen & ~choice.fixed)[::-1]:  # LSCP: what later columns made needless
        chosen[j] = False
        if not (choice.price[j] > 0 and choice.holds(chosen)):
            chosen[j] = True
    return chosen if choice.holds(chosen) else None


def improved(choice: Choice, chosen: Bools, rounds: int = 200) -> Bools:
    """The choice after the best swap of one column for another, again and again until none gains."""
    if not len(choice.gain) or len(choice.reach) or len(choice.cuts):
        return chosen
    chosen = chosen.copy()
    gains = choice.gains.astype(np.float64)
    for _ in range(rounds):
        times = gains[:, chosen].sum(axis=1)
        best, swap = 1e-9 * max(1.0, float(choice.gain.sum())), None
        for out in np.flatnonzero(chosen & ~choice.fixed):
            bare = times - gains[:, out] == 0  # uncovered once `out` is gone
            loss = choice.gain[bare & choice.gains[:, out]].sum()
            win = choice.gain[bare] @ gains[bare] - loss + choice.price[out] - choice.price
            win[chosen] = -np.inf
            j = int(win.argmax())
            if win[j] > best:
                best, swap = float(win[j]), (out, j)
        if swap is None:
            break
        chosen[swap[0]], chosen[swap[1]] = False, True
    return chosen
