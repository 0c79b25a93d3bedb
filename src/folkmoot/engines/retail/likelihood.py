"""The multinomial likelihood of observed flows, its gradient and its Hessian, and Newton's way to the top.

Given how many go from each area, counts are multinomial with the probabilities of the law; that is the same as Poisson
with an effect for every origin (Baker 1994), the form in which gravity models are fitted by Flowerdew and Aitkin (1982).
Utilities are linear in the parameters, so the log-likelihood is concave and Newton's method with halving finds the one
maximum. At the maximum with exponential decay the mean cost of a trip is the observed one (Hyman 1969).

Parameters that the flows cannot tell apart, and flows so extreme that a parameter runs to infinity, are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.retail.gravity import Decay, Law, logsumexp, scaled
from folkmoot.engines.retail.model import Floats, Market, RetailError

FLAT, RUNAWAY = 1e-10, 1e-7
MOST_STEPS = 200


@dataclass(frozen=True, eq=False)
class Sample:
    """What is estimated from: `features` (areas × centres × parameters), counts and which cells count.

    Only surveyed areas with anybody in them are rows. A cell that is suppressed or out of reach is not `used`.
    """

    features: Floats
    count: Floats
    used: NDArray[np.bool_]
    rows: NDArray[np.int64]

    @property
    def total(self) -> Floats:
        """How many went from each area to any used centre."""
        return np.asarray(self.count.sum(axis=1))

    def probabilities(self, theta: Floats) -> Floats:
        """Areas × centres; 0 where not used."""
        utility = np.where(self.used, self.features @ theta, -np.inf)
        return np.asarray(np.exp(utility - logsumexp(utility)[:, None]))


def sample(market: Market, law: Law) -> Sample:
    """The sample of a market for the parameters of a law (whose values do not matter)."""
    assert market.flows is not None
    centres, cost = market.centres, market.cost
    distance = -scaled(cost, law.decay, law.least_cost)
    columns = [np.broadcast_to(np.log(centres.attractiveness), cost.shape)]
    for name, _ in law.beta:
        mine = np.ones(len(centres), dtype=bool) if name == "" else centres.centre_class == name
        columns.append(np.where(mine, distance, 0.0))
    columns += [np.broadcast_to(np.log(centres.further[name]), cost.shape) for name, _ in law.gamma]
    used = np.isfinite(market.flows) & np.isfinite(cost)
    count = np.where(used, market.flows, 0.0)
    rows = np.flatnonzero((count.sum(axis=1) > 0) & (used.sum(axis=1) > 1))
    return Sample(np.stack(columns, axis=-1)[rows], count[rows], used[rows], rows)


def log_likelihood(data: Sample, theta: Floats) -> float:
    """Σ y log P, without the multinomial coefficients, which do not depend on the parameters."""
    utility = np.where(data.used, data.features @ theta, -np.inf)
    mine = np.where(data.used, utility, 0.0)
    return float((data.count * mine).sum() - data.total @ logsumexp(utility))


def gradient(data: Sample, theta: Floats) -> Floats:
    """Σ (y − N P) x."""
    residual = data.count - data.total[:, None] * data.probabilities(theta)
    return np.asarray(np.einsum("ij,ijk->k", residual, data.features))


def information(data: Sample, theta: Floats) -> Floats:
    """Minus the Hessian: Σ N · (covariance of x under P), positive semi-definite."""
    weight = data.probabilities(theta)
    centred = data.features - np.einsum("ij,ijk->ik", weight, data.features)[:, None, :]
    return np.asarray(np.einsum("ij,ijk,ijl->kl", data.total[:, None] * weight, centred, centred))


def maximum(data: Sample, names: Sequence[str]) -> Floats:
    """The parameters of highest likelihood. Raises `RetailError` where there is no single finite one."""
    k = data.features.shape[2]
    if not len(data.rows):
        raise RetailError(
            "No area has flows to two or more centres that can be chosen between; there is nothing to calibrate on."
        )
    theta = np.zeros(k)
    start = information(data, theta)
    scale = np.sqrt(np.diag(start))
    _refuse_what_does_not_vary(scale, data, names)
    unit = start / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(unit)
    if values[0] < FLAT:
        mixed = [name for name, part in zip(names, vectors[:, 0]) if abs(part) > 0.1]
        raise RetailError(
            f"The flows cannot tell {' and '.join(mixed)} apart: what they multiply varies together. Leave one out, or "
            "add centres or areas in which they differ."
        )
    value = log_likelihood(data, theta)
    for _ in range(MOST_STEPS):
        hessian = information(data, theta)
        if np.linalg.eigvalsh(hessian / np.outer(scale, scale))[0] < RUNAWAY * values[0]:
            break
        slope = gradient(data, theta)
        step = np.linalg.solve(hessian / np.outer(scale, scale), slope / scale) / scale
        gain = float(slope @ step)
        if gain <= 1e-13 * (abs(value) + float(data.total.sum())):
            return np.asarray(theta + step)
        size = 1.0
        while log_likelihood(data, theta + size * step) < value + 1e-4 * size * gain and size > 1e-9:
            size /= 2
        theta = theta + size * step
        value = log_likelihood(data, theta)
    raise RetailError(
        "The flows are explained perfectly as the parameters grow without limit, as when everybody of an area goes to "
        "the same centre. There is no finite estimate; survey more areas or more visits."
    )


def _refuse_what_does_not_vary(scale: Floats, data: Sample, names: Sequence[str]) -> None:
    span = np.abs(data.features).max(axis=(0, 1)) * np.sqrt(float(data.total.sum()))
    for number, name in enumerate(names):
        if scale[number] <= 1e-9 * max(span[number], 1e-300):
            what = {"a": "attractiveness", "b": "cost of travel", "g": "variable"}[name[0]]
            raise RetailError(
                f"{name} cannot be estimated: the {what} it multiplies is the same for every centre that an area can "
                "choose between. State a value instead, or add centres in which it differs."
            )


def law_of(decay: Decay, classes: Sequence[str] = (), variables: Sequence[str] = (), least_cost: float = 0.0) -> Law:
    """A law whose parameters are to be estimated: one β, or one for each class."""
    betas = tuple((name, 0.0) for name in classes) or (("", 0.0),)
    return Law(decay, 0.0, betas, tuple((name, 0.0) for name in variables), least_cost)
