"""Events of one device together and in order of time: buckets of devices, then places counted, then small sorts."""

from __future__ import annotations

from typing import Any

import numpy as np

from folkmoot.engines.mobility.stays._compiled import inlined, jit


@jit
def parted(codes: Any, width: int, begins: Any, rows: Any, devices: Any) -> None:
    """Order rows by bucket, the last `width` bits of the code: those of bucket k are rows[begins[k]:begins[k + 1]].

    `devices` is, in the same order, the device's number within its bucket: the code without those bits.
    """
    buckets = 1 << width
    for k in range(buckets + 1):
        begins[k] = 0
    for i in range(len(codes)):
        begins[(codes[i] & (buckets - 1)) + 1] += 1
    for k in range(buckets):
        begins[k + 1] += begins[k]
    for i in range(len(codes)):
        k = codes[i] & (buckets - 1)
        place = begins[k]
        rows[place] = i
        devices[place] = codes[i] >> width
        begins[k] = place + 1
    for k in range(buckets, 0, -1):
        begins[k] = begins[k - 1]
    begins[0] = 0


@jit
def placed(devices: Any, values: Any, nexts: Any, found: Any) -> None:
    """Put each value at the next free place of its device; `nexts` is left as it was."""
    for i in range(len(devices)):
        k = devices[i]
        found[nexts[k]] = values[i]
        nexts[k] += 1


@inlined
def _sort(keys: Any, n: int) -> None:
    """Sort the first n keys; few or nearly sorted ones by insertion."""
    if n > 40:
        keys[:n].sort()
        return
    for i in range(1, n):
        key = keys[i]
        j = i - 1
        while j >= 0 and keys[j] > key:
            keys[j + 1] = keys[j]
            j -= 1
        keys[j + 1] = key


@inlined
def _bits(most: int) -> int:
    found = 0
    while most > 0:
        most >>= 1
        found += 1
    return found


@jit
def by_time_and_cell(at: Any, cell: Any, starts: Any, cells: int) -> None:
    """Sort each device's events by (at, cell) in place; those of device k lie from starts[k] to starts[k + 1]."""
    longest = 0
    for k in range(len(starts) - 1):
        longest = max(longest, starts[k + 1] - starts[k])
    keys = np.empty(longest, np.int64)
    width = _bits(cells)
    for k in range(len(starts) - 1):
        low, high = starts[k], starts[k + 1]
        ordered = True
        least = most = at[low] if low < high else 0
        for i in range(low + 1, high):
            if at[i] < at[i - 1] or (at[i] == at[i - 1] and cell[i] < cell[i - 1]):
                ordered = False
            least, most = min(least, at[i]), max(most, at[i])
        if ordered:
            continue
        n = high - low
        if _bits(most - least) + width <= 62:
            for i in range(n):
                keys[i] = ((at[low + i] - least) << width) | cell[low + i]
            _sort(keys, n)
            for i in range(n):
                at[low + i] = least + (keys[i] >> width)
                cell[low + i] = keys[i] & ((1 << width) - 1)
        else:
            order = np.argsort(at[low:high], kind="mergesort")
            at[low:high] = at[low:high][order]
            cell[low:high] = cell[low:high][order]
            for i in range(low + 1, high):
                j = i
                while j > low and at[j - 1] == at[j] and cell[j - 1] > cell[j]:
                    cell[j - 1], cell[j] = cell[j], cell[j - 1]
                    j -= 1


@jit
def by_time_and_place(at: Any, latitude: Any, longitude: Any, starts: Any) -> None:
    """Sort each device's events by (at, latitude, longitude) in place."""
    longest = 0
    for k in range(len(starts) - 1):
        longest = max(longest, starts[k + 1] - starts[k])
    keys, spare = np.empty(longest, np.int64), np.empty(longest, np.float64)
    width = _bits(longest)
    for k in range(len(starts) - 1):
        low, high = starts[k], starts[k + 1]
        ordered, tied = True, False
        least = most = at[low] if low < high else 0
        for i in range(low + 1, high):
            ordered &= at[i] >= at[i - 1]
            tied |= at[i] == at[i - 1]
            least, most = min(least, at[i]), max(most, at[i])
        n = high - low
        if not ordered:
            tied = True
            if _bits(most - least) + width <= 62:
                for i in range(n):
                    keys[i] = ((at[low + i] - least) << width) | i
                _sort(keys, n)
                for i in range(n):
                    at[low + i] = least + (keys[i] >> width)
                    keys[i] &= (1 << width) - 1
            else:
                order = np.argsort(at[low:high], kind="mergesort")
                at[low:high] = at[low:high][order]
                keys[:n] = order
            for i in range(n):
                spare[i] = latitude[low + keys[i]]
            latitude[low:high] = spare[:n]
            for i in range(n):
                spare[i] = longitude[low + keys[i]]
            longitude[low:high] = spare[:n]
        if tied:
            for i in range(low + 1, high):
                j = i
                while (
                    j > low
                    and at[j - 1] == at[j]
                    and (
                        latitude[j - 1] > latitude[j]
                        or (latitude[j - 1] == latitude[j] and longitude[j - 1] > longitude[j])
                    )
                ):
                    latitude[j - 1], latitude[j] = latitude[j], latitude[j - 1]
                    longitude[j - 1], longitude[j] = longitude[j], longitude[j - 1]
                    j -= 1
