"""Numbers for pseudonyms: a hash table with open addressing, exact, whose look-ups wait for memory together.

A slot holds sixteen bytes of the pseudonym itself, which is all of most, so that a look-up is one miss of the cache; the
rest of longer ones is compared where it lies. Values are worked off in blocks: first all their hashes, then a glance at all
their slots, whose misses overlap, then the look-ups, which find them near.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from folkmoot.engines._compiled import inlined, jit

MIX, FOLD, EIGHT, NONE = np.uint64(0x9E3779B97F4A7C15), np.uint64(32), np.uint64(8), np.uint64(0)
LOW = np.uint64(0xFFFFFFFF)
BLOCK = 256


@inlined
def _word(data: Any, at: int, end: int) -> Any:
    """Up to eight bytes as one number; where there are eight, the compiler makes one load of it."""
    found = NONE
    if at + 8 <= end:
        for k in range(8):
            found |= np.uint64(data[at + k]) << (EIGHT * np.uint64(k))
    else:
        for k in range(end - at):
            found |= np.uint64(data[at + k]) << (EIGHT * np.uint64(k))
    return found


@inlined
def _hash(data: Any, begin: int, end: int) -> Any:
    found = np.uint64(end - begin) * MIX
    for at in range(begin, end, 8):
        found = (found ^ _word(data, at, end)) * MIX
        found ^= found >> FOLD
    return found * MIX


@inlined
def _same(data: Any, begin: int, end: int, pool: Any, at: int) -> bool:
    k = 16
    while k < end - begin and data[begin + k] == pool[at + k]:
        k += 1
    return k >= end - begin


@inlined
def _shift(slots: int) -> Any:
    """By how much to shift a hash to have as many bits as number the slots."""
    bits = 0
    while (1 << bits) < slots:
        bits += 1
    return np.uint64(64 - bits)


@jit
def code(
    data: Any, offsets: Any, done: int, known: int, slots: Any, ends: Any, pool: Any, codes: Any, first: Any
) -> Any:
    """Number the values from row `done` on; new ones from `known` on, their rows into `first`.

    Stops where table or pool is too full; returns how far it came, how many are known then, and the sum of what was glanced
    at. A slot is the first eight bytes, the second eight, length and number + 1, and the hash. ends[k] is where the bytes of
    number k end in `pool`.
    """
    rows, mask, shift = len(offsets) - 1, np.int64(len(slots) - 1), _shift(len(slots))
    hashes, ones, twos = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    glanced = NONE
    while done < rows:
        many = min(BLOCK, rows - done)
        for i in range(many):
            begin, end = np.int64(offsets[done + i]), np.int64(offsets[done + i + 1])
            hashes[i] = _hash(data, begin, end)
            ones[i] = _word(data, begin, end)
            twos[i] = _word(data, begin + 8, end) if end > begin + 8 else NONE
        for i in range(many):
            glanced += slots[np.int64(hashes[i] >> shift), 2]
        for i in range(many):
            begin, end = np.int64(offsets[done + i]), np.int64(offsets[done + i + 1])
            size = np.uint64(end - begin) << FOLD
            slot = np.int64(hashes[i] >> shift)
            while True:
                told = slots[slot, 2]
                if told == NONE:
                    used = ends[known - 1] if known else np.int64(0)
                    if 2 * known >= len(slots) or known >= len(ends) or used + (end - begin) > len(pool):
                        return done + i, known, glanced
                    slots[slot, 0], slots[slot, 1], slots[slot, 2] = ones[i], twos[i], size | np.uint64(known + 1)
                    slots[slot, 3] = hashes[i]
                    for k in range(end - begin):
                        pool[used + k] = data[begin + k]
                    ends[known] = used + (end - begin)
                    first[known] = done + i
                    codes[done + i] = known
                    known += 1
                    break
                if slots[slot, 0] == ones[i] and slots[slot, 1] == twos[i] and (told & ~LOW) == size:
                    number = np.int64(told & LOW) - 1
                    if end - begin <= 16 or _same(data, begin, end, pool, ends[number] - (end - begin)):
                        codes[done + i] = number
                        break
                slot = (slot + 1) & mask
        done += many
    return done, known, glanced


@jit
def place(old: Any, slots: Any) -> None:
    """Put what an old table holds into a new and empty one."""
    mask, shift = len(slots) - 1, _shift(len(slots))
    for k in range(len(old)):
        if old[k, 2] != NONE:
            slot = np.int64(old[k, 3] >> shift)
            while slots[slot, 2] != NONE:
                slot = (slot + 1) & mask
            for word in range(4):
                slots[slot, word] = old[k, word]
