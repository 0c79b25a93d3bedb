"""Roam and dwell on coordinates, one device after another: where does it leave the circle around where it came to rest?

The great-circle distance is compared by its haversine, ½(1 − cos), without an inverse; for small differences sines are
their series, exact to the last bits of a double, so that most fixes cost no transcendental function.
"""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

from folkmoot.engines._compiled import inlined, jit

STAY, MOVE, UNKNOWN = 0, 1, 2
SMALL = 0.01


@inlined
def _half_sine_squared(angle: float) -> float:
    """sin²(angle / 2), by its series below 0.01, whose next term is below 1e-18 of it."""
    if abs(angle) < SMALL:
        x = 0.25 * angle * angle
        return x * (1.0 - x / 3.0 * (1.0 - x * (2.0 / 15.0) * (1.0 - x / 14.0)))
    half: float = sin(0.5 * angle)
    return half * half


@inlined
def haversine(latitude: float, longitude: float, cosine: float, sine: float, lat: float, lon: float) -> float:
    """sin² of half the angle between two points in degrees; cosine and sine are those of the first latitude."""
    up, along = (lat - latitude) * (pi / 180.0), (lon - longitude) * (pi / 180.0)
    other: float
    if abs(up) < SMALL:
        x = up * up
        other = cosine * (1.0 - x / 2.0 * (1.0 - x / 12.0 * (1.0 - x / 30.0))) - sine * up * (
            1.0 - x / 6.0 * (1.0 - x / 20.0 * (1.0 - x / 42.0))
        )
    else:
        other = cos(lat * (pi / 180.0))
    found: float = _half_sine_squared(up) + cosine * other * _half_sine_squared(along)
    return found


@jit
def dwelt(
    at: Any, latitude: Any, longitude: Any, starts: Any, limit: float, max_gap: int, min_stay: int, heard: bool,
    close_at_gap: bool, include_last: bool, device: Any, start: Any, end: Any, north: Any, east: Any, events: Any,
    state: Any, is_open: Any,
) -> int:  # fmt: skip
    """Write the rows and return how many; `limit` is the haversine of the radius.

    `heard`: a stay ends with its last fix, not with the first one outside. `close_at_gap`: what was a stay before a gap
    remains one. Rows between stays are one `move` from the first fix of it to the next stay, or to the last fix.
    """
    row = 0
    for k in range(len(starts) - 1):
        low, high = starts[k], starts[k + 1]
        anchor, moving = low, low
        cosine, sine = cos(latitude[low] * (pi / 180.0)) if low < high else 0.0, 0.0
        if low < high:
            sine = sin(latitude[low] * (pi / 180.0))
        for i in range(low + 1, high + 1):
            last = i == high
            late = not last and at[i] - at[i - 1] > max_gap
            if not last and not late:
                away = haversine(latitude[anchor], longitude[anchor], cosine, sine, latitude[i], longitude[i])
                if away < limit:
                    continue
            # The fixes from `anchor` to before i are within the radius.
            closed = last or late
            leaves = at[i - 1] if closed or heard else at[i]
            stays = leaves - at[anchor] >= min_stay
            if last:
                stays = stays and include_last
            elif late:
                stays = stays and close_at_gap
            if stays:
                if moving < anchor:
                    until = at[anchor - 1] if heard else at[anchor]
                    row = _moved(device, start, end, north, east, events, state, is_open, row, k, at, moving, anchor,
                                 until, False)  # fmt: skip
                device[row], start[row], end[row] = k, at[anchor], leaves
                events[row], state[row], is_open[row] = i - anchor, STAY, last
                up, along = 0.0, 0.0
                for j in range(anchor, i):
                    up += latitude[j] - latitude[anchor]
                    turn = longitude[j] - longitude[anchor]
                    along += turn - 360.0 if turn > 180.0 else turn + 360.0 if turn < -180.0 else turn
                north[row] = latitude[anchor] + up / (i - anchor)
                mean = longitude[anchor] + along / (i - anchor)
                east[row] = mean - 360.0 if mean > 180.0 else mean + 360.0 if mean < -180.0 else mean
                row += 1
                moving = i
            if closed:
                if moving < i:
                    row = _moved(device, start, end, north, east, events, state, is_open, row, k, at, moving, i,
                                 at[i - 1], last)  # fmt: skip
                if late:
                    device[row], start[row], end[row] = k, at[i - 1], at[i]
                    north[row] = east[row] = 0.0
                    events[row], state[row], is_open[row] = 0, UNKNOWN, False
                    row += 1
                moving = i
            if not last:
                anchor = i
                cosine, sine = cos(latitude[i] * (pi / 180.0)), sin(latitude[i] * (pi / 180.0))
    return row


@inlined
def _moved(
    device: Any, start: Any, end: Any, north: Any, east: Any, events: Any, state: Any, is_open: Any, row: int, k: int,
    at: Any, moving: int, stop: int, until: int, last: bool,
) -> int:  # fmt: skip
    device[row], start[row], end[row] = k, at[moving], until
    north[row] = east[row] = 0.0
    events[row], state[row], is_open[row] = stop - moving, MOVE, last
    return row + 1
