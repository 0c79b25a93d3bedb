"""What a link costs at a flow, its slope and its integral, and the exact step along a direction.

t(x) = t₀ + k·xᵖ with k = t₀·b ÷ capacityᵖ. Power 0 and infinite capacity are constants: they go into t₀.
Beckmann, McGuire & Winsten (1956): the equilibrium minimises Σ ∫₀ˣ t(u) du.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from folkmoot.engines._compiled import jit

if TYPE_CHECKING:
    from folkmoot.engines.traffic.network import Floats, RoadNetwork


@dataclass(frozen=True, eq=False)
class Cost:
    """(m,) each: constant part, coefficient and power."""

    base: Floats
    k: Floats
    power: Floats

    @staticmethod
    def of(network: RoadNetwork) -> Cost:
        """The functions of a network's links."""
        t0, b = network.free_flow_minutes, network.b
        power = np.where((network.power > 0) & (b > 0), network.power, 1.0)
        grows = (network.power > 0) & (b > 0) & np.isfinite(network.capacity_vph)
        capacity = np.where(grows, network.capacity_vph, 1.0)
        always = (network.power == 0) & (b > 0)
        return Cost(np.where(always, t0 * (1 + b), t0), np.where(grows, t0 * b / capacity**power, 0.0), power)

    def minutes(self, flow: Floats) -> Floats:
        """(m,) minutes at a flow (m,)."""
        out = np.empty(len(self.base))
        fill(self.base, self.k, self.power, flow, out)
        return out

    def slope(self, flow: Floats) -> Floats:
        """(m,) minutes for one unit more."""
        out = np.empty(len(self.base))
        fill_slope(self.k, self.power, flow, out)
        return out

    def integral(self, flow: Floats) -> float:
        """Beckmann's objective."""
        return float(integral(self.base, self.k, self.power, flow))


@jit
def raised(x, p):  # type: ignore[no-untyped-def]
    if p == 4.0:
        square = x * x
        return square * square
    if p == 1.0:
        return x
    return x**p


@jit
def fill(base, k, power, flow, out):  # type: ignore[no-untyped-def]
    for a in range(base.size):
        out[a] = base[a] if k[a] == 0.0 else base[a] + k[a] * raised(flow[a], power[a])


@jit
def fill_slope(k, power, flow, out):  # type: ignore[no-untyped-def]
    for a in range(k.size):
        p, x = power[a], flow[a]
        if k[a] == 0.0:
            out[a] = 0.0
        elif p == 4.0:
            out[a] = 4.0 * k[a] * x * x * x
        elif p == 1.0:
            out[a] = k[a]
        elif x > 0.0:
            out[a] = k[a] * p * x ** (p - 1.0)
        else:
            out[a] = 0.0


@jit
def integral(base, k, power, flow):  # type: ignore[no-untyped-def]
    total = 0.0
    for a in range(base.size):
        x = flow[a]
        total += x * base[a]
        if k[a] != 0.0:
            total += k[a] * x * raised(x, power[a]) / (power[a] + 1.0)
    return total


@jit
def along(base, k, power, flow, direction, step):  # type: ignore[no-untyped-def]
    """The derivative of the objective along a direction, and its own derivative, at a step."""
    first = 0.0
    second = 0.0
    for a in range(base.size):
        d = direction[a]
        if d == 0.0:
            continue
        if k[a] == 0.0:
            first += base[a] * d
            continue
        p = power[a]
        x = flow[a] + step * d
        if x < 0.0:
            x = 0.0
        if p == 4.0:
            cube = k[a] * x * x * x
            first += (base[a] + cube * x) * d
            second += 4.0 * cube * d * d
        else:
            first += (base[a] + k[a] * raised(x, p)) * d
            if x > 0.0:
                second += k[a] * p * x ** (p - 1.0) * d * d
    return first, second


@jit
def exact_step(base, k, power, flow, direction, fixed):  # type: ignore[no-untyped-def]
    """The step in [0, 1] where the objective along a direction is least; `fixed` is the slope that costs add always.

    Newton's method kept within a bracket that halves when Newton would leave it.
    """
    low, high = 0.0, 1.0
    slope, _ = along(base, k, power, flow, direction, 1.0)
    if slope + fixed <= 0.0:
        return 1.0
    slope, bend = along(base, k, power, flow, direction, 0.0)
    at_zero = slope + fixed
    if at_zero >= 0.0:
        return 0.0
    step = -at_zero / bend if bend > 0.0 else 0.5
    if not (0.0 < step < 1.0):
        step = 0.5
    for _ in range(100):
        slope, bend = along(base, k, power, flow, direction, step)
        slope += fixed
        if slope > 0.0:
            high = step
        else:
            low = step
        if abs(slope) <= 1e-13 * abs(at_zero) or high - low < 1e-15:
            break
        new = step - slope / bend if bend > 0.0 else low
        if not (low < new < high):
            new = 0.5 * (low + high)
        if new == step:
            break
        step = new
    return step
