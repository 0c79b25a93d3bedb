"""Rounding that is stable by key: the same people are rounded the same way, whatever the cell is called and however often.

Each cell's key is the sum of secret hashes of its devices (the cell-key method: Fraser & Wooton 2005; Thompson, Broadfoot &
Elazar 2013). A keyed hash of it decides between the two nearest multiples, up with the probability that keeps the mean
right. Asking again, under another name or as the total of its only part, gives the same number, so nothing averages out.
"""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.disclose.policy import Policy


def rounded(
    values: NDArray[np.float64], cell_keys: NDArray[np.int64], policy: Policy, *, measure: str
) -> NDArray[np.float64]:
    """Values as multiples of the base, unbiased over the keys."""
    base = float(policy.round_base)
    below = np.floor(values / base)
    up = (values / base - below) > np.array([_uniform(int(key), policy, measure) for key in cell_keys])
    return np.asarray((below + up) * base)


def _uniform(cell_key: int, policy: Policy, measure: str) -> float:
    told = hmac.new(policy.secret, f"{measure}:{cell_key}".encode(), hashlib.sha256).digest()
    return int.from_bytes(told[:8], "big") / 2.0**64
