"""What better choice is worth to people: consumer surplus in the unit of travel cost.

Williams (1977): the worth of a set of alternatives is the log-sum of their utilities, and a change of it divided by β is
the fall in travel cost that everybody would find as good. With exponential decay that is exact for one β; with a β for
each class the mean β of those who go is taken. With power decay the equivalent is a proportional fall of all costs,
exp(−Δ/β), shown in units by multiplying with the mean cost of the area's trips.

>>> import numpy as np
>>> float(equivalent(np.array([0.2]), np.array([0.1]), np.array([9.0]), "exponential")[0])
2.0
"""

from __future__ import annotations

import numpy as np

from folkmoot.engines.retail.gravity import Decay, Law, Shares
from folkmoot.engines.retail.model import Floats, Market


def equivalent(gain: Floats, beta: Floats, mean_cost: Floats, decay: Decay) -> Floats:
    """Units of cost a trip that a gain in log-sum is worth; NaN where β is not above zero, for then cost is no cost."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(beta > 0, gain / beta, np.nan)
    return np.asarray(ratio if decay == "exponential" else mean_cost * -np.expm1(-ratio))


def mean_beta(law: Law, market: Market, now: Shares) -> Floats:
    """Mean β over those who go to any centre, area by area (0 where nobody can)."""
    going = now.to.sum(axis=1)
    betas = law.betas(market.centres.centre_class)
    return np.asarray(np.where(going > 0, now.to @ betas / np.where(going > 0, going, 1.0), 0.0))


def mean_cost(market: Market, now: Shares) -> Floats:
    """Mean cost of a trip from each area over those who go to a centre; NaN where nobody can."""
    going = now.to.sum(axis=1)
    spent = (now.to * np.where(np.isfinite(market.cost), market.cost, 0.0)).sum(axis=1)
    return np.asarray(np.where(going > 0, spent / np.where(going > 0, going, 1.0), np.nan))
