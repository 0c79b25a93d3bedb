"""A binary heap of (time, code) in two parallel arrays, ordered by time and then by code.

The second key makes the order of simultaneous events a matter of rule, not of accident. An event is mostly followed by
a later one of the same people, so the loop leaves the first place vacant and `replace_first` fills it: one walk down the
heap instead of one down and one up. `drop_first` walks to the bottom before it places the last event (Wegener 1993).
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from folkmoot.engines._compiled import inlined


@inlined
def push(times, codes, size, time, code):
    """Add one event; the arrays must have room. Returns the new size."""
    rise(times, codes, size, time, code)
    return size + 1


@inlined
def rise(times, codes, hole, time, code):
    """Put an event at or above the empty place `hole`."""
    while hole > 0:
        parent = (hole - 1) >> 1
        if times[parent] < time or (times[parent] == time and codes[parent] <= code):
            break
        times[hole] = times[parent]
        codes[hole] = codes[parent]
        hole = parent
    times[hole] = time
    codes[hole] = code


@inlined
def drop_first(times, codes, size):
    """Remove the earliest event (at index 0). Returns the new size."""
    size -= 1
    hole = 0
    child = 1
    while child < size:
        right = child + 1
        if right < size and (
            times[right] < times[child] or (times[right] == times[child] and codes[right] < codes[child])
        ):
            child = right
        times[hole] = times[child]
        codes[hole] = codes[child]
        hole = child
        child = 2 * hole + 1
    rise(times, codes, hole, times[size], codes[size])
    return size


@inlined
def replace_first(times, codes, size, time, code):
    """Put an event in the place of the earliest one."""
    hole = 0
    child = 1
    while child < size:
        right = child + 1
        if right < size and (
            times[right] < times[child] or (times[right] == times[child] and codes[right] < codes[child])
        ):
            child = right
        if time < times[child] or (time == times[child] and code <= codes[child]):
            break
        times[hole] = times[child]
        codes[hole] = codes[child]
        hole = child
        child = 2 * hole + 1
    times[hole] = time
    codes[hole] = code
