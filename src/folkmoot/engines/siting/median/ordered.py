"""For each client the sites in order of cost: what the bound walks along, and what swapping looks at.

Cost and site are packed into one whole number each, (cost << bits) | site, and sorted as numbers: several times faster
than sorting places, and equal costs come in the order of the sites.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Sites = NDArray[np.int32]
type Fixing = NDArray[np.int8]

BLOCK = 512
"""Clients sorted at once: what is packed stays small."""


@dataclass(frozen=True, eq=False)
class Lists:
    """For each client the sites cheaper than `cap`, ascending: entries start[i] … start[i + 1]. u_i stays within."""

    start: Ints
    site: Sites
    price: Floats
    cap: Floats
    """Above this u_i never needs to go, or may not, as the list ends there."""
    low: Floats
    """The client's cheapest site left: below it u_i only loses."""


def ordered(cost: Floats, far: float) -> Lists:
    """The lists of all sites (cost: sites × clients); `far` and dearer is left out."""
    m, n = cost.shape
    bits = max(1, (m - 1).bit_length())
    packs = float(cost.max(initial=0.0)) < 2.0 ** (62 - bits)
    site, price = np.empty((n, m), dtype=np.int32), np.empty((n, m))
    for a in range(0, n, BLOCK):
        rows = cost[:, a : a + BLOCK].T
        if packs:
            packed = np.ascontiguousarray(rows).astype(np.int64)
            packed <<= bits
            packed |= np.arange(m)
            packed.sort(axis=1)
            price[a : a + BLOCK], site[a : a + BLOCK] = packed >> bits, packed & ((1 << bits) - 1)
        else:
            order = np.argsort(rows, axis=1, kind="stable")
            price[a : a + BLOCK], site[a : a + BLOCK] = np.take_along_axis(rows, order, axis=1), order
    low = price[:, 0].copy() if m else np.full(n, far)
    if n and m and float(price[:, -1].max()) >= far:
        within = price < far
        start = np.r_[0, np.cumsum(within.sum(axis=1))]
        return Lists(start, site[within], price[within], np.full(n, far), np.minimum(low, far))
    return Lists(np.arange(n + 1) * m, site.ravel(), price.ravel(), np.full(n, far), low)


def within(lists: Lists, keep: NDArray[np.bool_], p: int, widest: float) -> Lists:
    """The lists of the sites kept, by their new numbers. One of the m − p + 1 cheapest is open: no u_i exceeds them."""
    kept = keep[lists.site]
    number = np.cumsum(keep, dtype=np.int32) - np.int32(1)
    start = np.r_[0, np.cumsum(kept)][lists.start]
    site, price = number[lists.site[kept]], lists.price[kept]
    last = start[:-1] + (int(keep.sum()) - p)
    cap = np.full(len(lists.cap), widest)
    inside = last < start[1:]
    cap[inside] = np.minimum(price[last[inside]], widest)
    low = cap.copy()
    some = start[1:] > start[:-1]
    low[some] = np.minimum(price[start[:-1][some]], cap[some])
    return Lists(start, site, price, cap, low)


@njit(cache=True)
def _restricted(
    start: Ints, site: Sites, price: Floats, cap: Floats, fixing: Fixing
) -> tuple[Ints, Sites, Floats, Floats, Floats]:
    n = len(cap)
    fewer = np.zeros(n + 1, np.int64)
    caps, low = cap.copy(), cap.copy()
    count = 0
    for i in range(n):
        for k in range(start[i], start[i + 1]):
            if price[k] >= caps[i]:
                break
            state = fixing[site[k]]
            if state > 0:
                caps[i] = price[k]
            elif state == 0:
                count += 1
    sites, prices = np.empty(count, np.int32), np.empty(count)
    count = 0
    for i in range(n):
        low[i] = caps[i]
        for k in range(start[i], start[i + 1]):
            if price[k] >= caps[i]:
                break
            if fixing[site[k]] == 0:
                low[i] = min(low[i], price[k])
                sites[count] = site[k]
                prices[count] = price[k]
                count += 1
        fewer[i + 1] = count
    return fewer, sites, prices, caps, low


def restricted(lists: Lists, fixing: Fixing, cap: Floats | None = None) -> Lists:
    """The lists where some sites are open (1), others closed (−1): no u_i need exceed its cheapest open site, or cap."""
    old = lists if cap is None else replace(lists, cap=np.minimum(cap, lists.cap))
    return Lists(*_restricted(old.start, old.site, old.price, old.cap, fixing))
