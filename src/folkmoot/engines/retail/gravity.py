"""The law: with what probability somebody of area i goes to centre j.

Huff (1963): P_ij = A_jᵅ f(c_ij) / Σ_k A_kᵅ f(c_ik), with f(c) = exp(−βc) or c^(−β), and β of the centre's class if the
law has several. Further variables X multiply in as X_j^γ (the multiplicative competitive interaction model of Nakanishi
and Cooper 1974). Times what people of i spend, it is the production-constrained model of Wilson (1971). In logarithms it
is linear in its parameters, so probabilities are computed from utilities by log-sum-exp and never overflow.

What goes elsewhere (online, out of the market) is an alternative of its own: its utility is set so that each area's
stated share goes there now, and a new centre may draw from it.

>>> import numpy as np
>>> law = Law("exponential", alpha=1.0, beta=(("", 0.1),))
>>> near, far = np.exp(law.decay_log(np.array([[0.0, 10.0]]), np.array(["", ""])))[0]
>>> round(float(far / near), 4)
0.3679
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from folkmoot.engines.retail.model import Centres, Floats, Market, RetailError, Texts

type Decay = Literal["exponential", "power"]


@dataclass(frozen=True, slots=True)
class Law:
    """α, β (pairs of class and value; a single pair with class "" serves all) and γ of further variables.

    β is per unit of cost for exponential decay and a pure number for power decay, where costs below `least_cost` count
    as `least_cost`.
    """

    decay: Decay
    alpha: float
    beta: tuple[tuple[str, float], ...]
    gamma: tuple[tuple[str, float], ...] = ()
    least_cost: float = 0.0

    def __post_init__(self) -> None:
        if self.decay not in ("exponential", "power"):
            raise RetailError(f"There is no decay “{self.decay}”; choose exponential or power.")
        numbers = [self.alpha, self.least_cost, *(b for _, b in self.beta), *(g for _, g in self.gamma)]
        if not self.beta or not np.isfinite(numbers).all():
            raise RetailError("A law needs a finite α and at least one finite β.")
        if self.least_cost < 0:
            raise RetailError(f"The least cost is {self.least_cost:g}; it cannot be below zero.")

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, in the order of `vector`."""
        betas = tuple(f"beta[{name}]" if name else "beta" for name, _ in self.beta)
        return ("alpha", *betas, *(f"gamma[{name}]" for name, _ in self.gamma))

    @property
    def vector(self) -> Floats:
        """The parameters as an array: α, the βs, the γs."""
        return np.array([self.alpha, *(b for _, b in self.beta), *(g for _, g in self.gamma)])

    def with_vector(self, values: Floats) -> Law:
        """The same law with other values of its parameters."""
        k = len(self.beta)
        return Law(
            self.decay,
            float(values[0]),
            tuple((name, float(v)) for (name, _), v in zip(self.beta, values[1 : 1 + k])),
            tuple((name, float(v)) for (name, _), v in zip(self.gamma, values[1 + k :])),
            self.least_cost,
        )

    def betas(self, centre_class: Texts) -> Floats:
        """β of each centre by its class; a sentence if a class has none."""
        table = dict(self.beta)
        if set(table) == {""}:
            return np.full(len(centre_class), table[""])
        unknown = sorted(set(centre_class.tolist()) - set(table))
        if unknown:
            raise RetailError(
                f"The law has no β for centres of class “{unknown[0]}”; it has one for {', '.join(sorted(table))}."
            )
        return np.array([table[name] for name in centre_class.tolist()])

    def decay_log(self, cost: Floats, centre_class: Texts) -> Floats:
        """log f(c), −∞ where there is no way."""
        beta = self.betas(centre_class)
        return np.asarray(np.where(np.isfinite(cost), -beta * scaled(cost, self.decay, self.least_cost), -np.inf))

    def attraction_log(self, centres: Centres) -> Floats:
        """log of Aᵅ · Π X^γ for each centre."""
        total = self.alpha * np.log(centres.attractiveness)
        for name, gamma in self.gamma:
            if name not in centres.further:
                raise RetailError(f"The law uses “{name}”, which the centres do not have.")
            total = total + gamma * np.log(centres.further[name])
        return np.asarray(total)

    def utilities(self, market: Market) -> Floats:
        """log of A_jᵅ f(c_ij), areas × centres, −∞ where there is no way."""
        return self.attraction_log(market.centres) + self.decay_log(market.cost, market.centres.centre_class)


def scaled(cost: Floats, decay: Decay, least_cost: float = 0.0) -> Floats:
    """What β multiplies: the cost itself, or its logarithm for power decay. Unreachable pairs give 0; mask them.

    Raises `RetailError` for a cost of zero under power decay, whose attraction would be infinite.
    """
    known = np.where(np.isfinite(cost), cost, 1.0)
    if decay == "exponential":
        return np.where(np.isfinite(cost), cost, 0.0)
    known = np.maximum(known, least_cost)
    if (known <= 0).any():
        i = np.argwhere(known <= 0)[0]
        where = " × ".join(str(int(k) + 1) for k in i)
        raise RetailError(
            f"A cost is zero (cell {where}) and power decay makes a centre at no distance infinitely attractive; "
            "state a least cost, such as 1 minute, or use exponential decay."
        )
    return np.asarray(np.log(known))


@dataclass(frozen=True, eq=False)
class Shares:
    """Where people of each area go: `to` a centre (areas × centres), `elsewhere`, or `unserved` (they reach none).

    `logsum` is log Σ_j exp(utility) over the centres; `outside` the utility of going elsewhere (−∞: nobody does; NaN:
    not known, since the area reaches no centre). Each row of `to` plus `elsewhere` plus `unserved` is 1.
    """

    to: Floats
    elsewhere: Floats
    unserved: Floats
    logsum: Floats
    outside: Floats


def logsumexp(utility: Floats) -> Floats:
    """log Σ exp over the last axis; −∞ for a row of −∞, without warnings."""
    top = utility.max(axis=-1, initial=-np.inf)
    safe = np.where(np.isfinite(top), top, 0.0)
    total = np.exp(utility - safe[..., None]).sum(axis=-1)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(total) + safe)


def shares(law: Law, market: Market, outside: Floats | None = None) -> Shares:
    """Probabilities under a law. `outside` keeps the utility of going elsewhere as it was in another situation."""
    utility = law.utilities(market)
    total = logsumexp(utility)
    reached = np.isfinite(total)
    away = market.areas.elsewhere
    with np.errstate(divide="ignore"):
        fresh = np.where(reached, np.log(away) - np.log1p(-away) + np.where(reached, total, 0.0), np.nan)
    outside = fresh if outside is None else np.where(np.isnan(outside), fresh, outside)
    everything = np.logaddexp(total, np.where(reached, outside, -np.inf))
    base = np.where(reached, everything, 0.0)
    to = np.where(reached[:, None], np.exp(utility - base[:, None]), 0.0)
    elsewhere = np.where(reached, np.exp(np.where(reached, outside, 0.0) - base), away)
    return Shares(to, elsewhere, np.where(reached, 0.0, 1.0 - away), total, outside)
