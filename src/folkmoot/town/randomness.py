"""Random numbers of the town: one Philox generator for each purpose, so that a new table never changes an old one.

The key is the SHA-256 of the seed and the purpose, hence the same on every machine and in every process, whatever
PYTHONHASHSEED says (Salmon et al. 2011, “Parallel random numbers: as easy as 1, 2, 3”).

>>> float(generator(1, "arrivals").random()) == float(generator(1, "arrivals").random())
True
>>> float(generator(1, "arrivals").random()) == float(generator(1, "ages").random())
False
"""

from __future__ import annotations

import hashlib

import numpy as np


def generator(seed: int, *purpose: str) -> np.random.Generator:
    """The generator for one purpose under one seed. Row i of what it draws belongs to patient or resident i."""
    name = "/".join((str(int(seed)), *purpose))
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "little")
    return np.random.Generator(np.random.Philox(key=key))
