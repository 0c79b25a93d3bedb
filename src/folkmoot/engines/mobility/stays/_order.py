"""Events of one device together and in order of time: buckets of devices, then places counted, then small sorts."""

from __future__ import annotations

from typing import Any

import numpy as np

from folkmoot.engines._compiled import inlined, jit

STRETCH = 32


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


@jit
def merge_sorted(keys: Any, others: Any, spare: Any, spare_others: Any, n: int) -> None:
    """Sort the first n pairs by (key, other): short stretches by insertion, then merged two by two."""
    for low in range(0, n, STRETCH):
        for i in range(low + 1, min(low + STRETCH, n)):
            key, other = keys[i], others[i]
            j = i - 1
            while j >= low and (keys[j] > key or (keys[j] == key and others[j] > other)):
                keys[j + 1], others[j + 1] = keys[j], others[j]
                j -= 1
            keys[j + 1], others[j + 1] = key, other
    width = STRETCH
    while width < n:
        for low in range(0, n - width, 2 * width):
            middle, high = low + width, min(low + 2 * width, n)
            for i in range(low, middle):
                spare[i], spare_others[i] = keys[i], others[i]
            i, j, k = low, middle, low
            while i < middle:
                if j < high and (keys[j] < spare[i] or (keys[j] == spare[i] and others[j] < spare_others[i])):
                    keys[k], others[k] = keys[j], others[j]
                    j += 1
                else:
                    keys[k], others[k] = spare[i], spare_others[i]
                    i += 1
                k += 1
        width *= 2


@inlined
def _longest(starts: Any) -> int:
    found = 0
    for k in range(len(starts) - 1):
        found = max(found, starts[k + 1] - starts[k])
    return found


@jit
def by_time_and_cell(at: Any, cell: Any, starts: Any) -> None:
    """Sort each device's events by (at, cell) in place; those of device k lie from starts[k] to starts[k + 1]."""
    longest = _longest(starts)
    spare, spare_cells = np.empty(longest, np.int64), np.empty(longest, np.int32)
    for k in range(len(starts) - 1):
        low, high = starts[k], starts[k + 1]
        ordered = True
        for i in range(low + 1, high):
            ordered &= at[i] > at[i - 1] or (at[i] == at[i - 1] and cell[i] >= cell[i - 1])
        if not ordered:
            merge_sorted(at[low:high], cell[low:high], spare, spare_cells, high - low)


@jit
def by_time_and_place(at: Any, latitude: Any, longitude: Any, starts: Any) -> None:
    """Sort each device's events by (at, latitude, longitude) in place."""
    longest = _longest(starts)
    spare, values = np.empty(longest, np.int64), np.empty(longest, np.float64)
    rows, spare_rows = np.empty(longest, np.int32), np.empty(longest, np.int32)
    for k in range(len(starts) - 1):
        low, high = starts[k], starts[k + 1]
        ordered, tied = True, False
        for i in range(low + 1, high):
            ordered &= at[i] >= at[i - 1]
            tied |= at[i] == at[i - 1]
        if not ordered:
            for i in range(high - low):
                rows[i] = i
            merge_sorted(at[low:high], rows, spare, spare_rows, high - low)
            for i in range(high - low):
                values[i] = latitude[low + rows[i]]
            latitude[low:high] = values[: high - low]
            for i in range(high - low):
                values[i] = longitude[low + rows[i]]
            longitude[low:high] = values[: high - low]
        if tied or not ordered:
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
