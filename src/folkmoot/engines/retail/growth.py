"""What becomes of all centres in the long run: which grow, which shrink, which die, with a new centre and without.

Harris and Wilson (1978): a centre grows while its turnover exceeds its costs, dW_j/dt = ε (D_j(W) − K_j W_j), so at
rest D_j = K_j W_j. That balance is a stationary point of

    F(W) = (1/α) Σ_i E_i log Σ_j W_j^α a_j f(c_ij) − Σ_j K_j W_j .

In x = log W the first term is convex. Its tangent at the present point therefore lies below it, and maximising the
tangent minus the cost gives W_j ← D_j(W) / K_j: that plain iteration never decreases F, for any α, and needs no damping
(a minorise–maximise algorithm). For α ≤ 1, F is concave in W and all balances have the same F; for α < 1 there is one
balance, with every centre alive. For α > 1 large centres draw more than in proportion, there are many balances and which
is reached depends on where the system starts: several starts are tried and the number of different ends is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from folkmoot.engines.retail.calibrate import Calibration
from folkmoot.engines.retail.forecast import refuse_other_units
from folkmoot.engines.retail.gravity import Law, logsumexp
from folkmoot.engines.retail.model import Floats, Market, RetailError
from folkmoot.engines.retail.newcomer import NewCentre, extended

type Costs = Literal["present", "given"]

DEAD = 1e-4
"""A centre below this share of its floor space (of the mean if it is new) has died."""
STEADY = 0.01
BALANCED = 1e-9
SAFE = 1e-200
"""Sums of weights above this have lost nothing to underflow; below it, logarithms are used."""


@dataclass(frozen=True, slots=True)
class SizeChange:
    """One centre's floor space now, in the long run without the new centre and with it, and the verdict on the last.

    `with_low_m2` to `with_high_m2` and `survives_in` (a share) are over the laws that the calibration allows.
    """

    code: str
    name: str
    is_new: bool
    now_m2: float
    without_m2: float
    with_m2: float
    change_percent: float
    with_low_m2: float
    with_high_m2: float
    survives_in: float
    verdict: Literal["grows", "shrinks", "steady", "dies", "new", "new, but does not survive"]


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """The balance reached from the present. `residual` is the largest |D − K W| as a share of all spending.

    `ends` counts the different balances found from `starts` starting points; above 1, the outcome depends on history.
    `stable`: without the new centre, a small disturbance of the balance dies out.
    """

    status: str
    alpha: float
    centres: tuple[SizeChange, ...]
    converged: bool
    steps: int
    residual: float
    starts: int
    ends: int
    unique: bool
    stable: bool
    statements: tuple[str, ...]


def equilibrium(
    market: Market,
    calibration: Calibration,
    new: NewCentre | None = None,
    *,
    costs: Costs | float = "present",
    starts: int = 8,
    draws: int = 24,
    steps: int = 50_000,
    seed: int = 1,
    should_stop: Callable[[], bool] | None = None,
) -> Equilibrium:
    """The long run. `costs` per m² a year: "present" takes each centre to be in balance today (its present turnover per
    m², the new one's being the mean of its class), "given" takes the running costs of the centres, a number is for all.

    Only what is spent in centres counts; the share spent elsewhere stays as it is. Raises `RetailError` for an α that is
    not above zero.
    """
    refuse_other_units(market, calibration)
    law = calibration.law
    if law.alpha <= 0:
        raise RetailError(f"With an α of {law.alpha:g} floor space draws nobody and no size is in balance.")
    later = extended(market, new) if new is not None else market
    system = _System(later, law)
    cost = _costs(market, later, law, costs)
    present = later.centres.floor_space_m2
    old = np.arange(len(present)) < len(market.centres)
    stop = should_stop or (lambda: False)
    without = system.settle(np.where(old, present, 0.0), cost, steps, stop)
    ended = system.settle(present, cost, steps, stop) if new is not None else without
    tried = _tried(market, later, calibration.laws(draws, seed), costs, steps, stop)
    ends = _different_ends(system, cost, ended.size, present, starts, steps, seed, stop)
    stable = system.stable(without.size)
    unique = law.alpha < 1 or (law.alpha == 1 and ends == 1)
    changes = tuple(
        _change(later, int(j), bool(old[j]), float(without.size[j]), float(ended.size[j]), tried[:, j], new is not None)
        for j in range(len(present))
    )
    return Equilibrium(
        status=calibration.status,
        alpha=law.alpha,
        centres=changes,
        converged=without.converged and ended.converged,
        steps=without.steps + (ended.steps if new is not None else 0),
        residual=max(without.residual, ended.residual),
        starts=1 + starts,
        ends=ends,
        unique=unique,
        stable=stable,
        statements=(*calibration.statements, *_said(law, costs, ended, ends, starts, stable)),
    )


@dataclass(frozen=True, eq=False)
class _Rest:
    size: Floats
    converged: bool
    steps: int
    residual: float


class _System:
    """Turnover of every centre as a function of all floor spaces, everything else of the law held."""

    def __init__(self, market: Market, law: Law) -> None:
        centres = market.centres
        self.alpha = law.alpha
        # Attractiveness is floor space times a quality per m² that stays as it is.
        quality = law.alpha * (np.log(centres.attractiveness) - np.log(centres.floor_space_m2))
        for name, gamma in law.gamma:
            quality = quality + gamma * np.log(centres.further[name])
        fixed = quality + law.decay_log(market.cost, centres.centre_class)
        served = np.isfinite(fixed).any(axis=1)
        self.fixed = fixed[served]
        self.money = (market.areas.spend * (1.0 - market.areas.elsewhere))[served]
        self.weight = np.exp(self.fixed - self.fixed.max(axis=1, keepdims=True))

    def turnover(self, size: Floats) -> Floats:
        """D_j at these floor spaces; what no living centre can be reached for is spent nowhere."""
        pull = (size / max(float(size.max()), 1e-300)) ** self.alpha
        sums = self.weight @ pull
        if sums.min(initial=1.0) > SAFE:
            return np.asarray(pull * (self.weight.T @ (self.money / sums)))
        utility = self._utility(size)
        total = logsumexp(utility)
        alive = np.isfinite(total)
        probability = np.exp(utility[alive] - total[alive, None])
        return np.asarray(self.money[alive] @ probability)

    def potential(self, size: Floats, cost: Floats) -> float:
        """F(W)."""
        total = logsumexp(self._utility(size))
        alive = np.isfinite(total)
        return float(self.money[alive] @ total[alive] / self.alpha - cost @ size)

    def stable(self, size: Floats) -> bool:
        """Whether W ← D(W)/K contracts near a balance: the eigenvalues of ∂ log D_j / ∂ log W_k are below 1."""
        alive = size > 0
        utility = self._utility(size)[:, alive]
        total = logsumexp(utility)
        served = np.isfinite(total)
        probability = np.exp(utility[served] - total[served, None])
        drawn = self.money[served] @ probability
        together = (probability * self.money[served, None]).T @ probability
        slope = self.alpha * (np.eye(len(drawn)) - together / np.where(drawn > 0, drawn, 1.0)[:, None])
        return bool(np.abs(np.linalg.eigvals(slope)).max(initial=0.0) < 1.0)

    def _utility(self, size: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(self.fixed + self.alpha * np.log(size))

    def settle(self, size: Floats, cost: Floats, steps: int, stop: Callable[[], bool]) -> _Rest:
        """Iterate W ← D(W)/K until balance, or until the steps are used up."""
        everything = max(float(self.money.sum()), 1e-300)
        size = np.array(size)
        # What has fallen this low cannot matter any more, and its logarithm must not underflow.
        floor = 1e-14 * everything / max(float(cost.max()), 1e-300)
        residual = np.inf
        for step in range(1, steps + 1):
            drawn = self.turnover(size)
            residual = float(np.abs(drawn - cost * size).max()) / everything
            if residual <= BALANCED:
                return _Rest(size, True, step, residual)
            if step % 64 == 0 and stop():
                return _Rest(size, False, step, residual)
            size = drawn / cost
            size[size < floor] = 0.0
        return _Rest(size, False, steps, residual)


def _costs(market: Market, later: Market, law: Law, costs: Costs | float) -> Floats:
    """K_j of every centre."""
    n = len(later.centres)
    if costs == "given":
        given = later.centres.running_cost_per_m2
        if np.isnan(given).any() or (given <= 0).any():
            name = later.centres.name[np.flatnonzero(np.isnan(given) | (given <= 0))[0]]
            raise RetailError(f"“{name}” has no running cost per m² above zero; give it, or take the present turnover.")
        return given
    if not isinstance(costs, str):
        if not (np.isfinite(costs) and costs > 0):
            raise RetailError(f"The cost per m² is {costs:g}; it must be above zero.")
        return np.full(n, float(costs))
    if costs != "present":
        raise RetailError(f"Costs “{costs}” are not understood; say present, given, or a number of pounds per m².")
    now = _System(market, law).turnover(market.centres.floor_space_m2) / market.centres.floor_space_m2
    dead = now <= 0
    now = np.where(dead, now[~dead].mean() if (~dead).any() else 1.0, now)
    if n == len(market.centres):
        return now
    alike = market.centres.centre_class == later.centres.centre_class[-1]
    alike = alike if alike.any() else np.ones(len(market.centres), dtype=bool)
    space = market.centres.floor_space_m2[alike]
    return np.append(now, float(now[alike] @ space / space.sum()))


def _different_ends(
    system: _System,
    cost: Floats,
    end: Floats,
    present: Floats,
    starts: int,
    steps: int,
    seed: int,
    stop: Callable[[], bool],
) -> int:
    """How many different balances are reached from the present, from equal sizes and from random ones."""
    found = [end]
    total = float(present.sum())
    rng = np.random.Generator(np.random.Philox(key=[seed, 0]))
    for number in range(starts):
        share = np.full(len(present), 1.0) if number == 0 else rng.dirichlet(np.ones(len(present)))
        rest = system.settle(total * share / share.sum(), cost, steps, stop)
        tolerance = 1e-3 * float(system.money.sum())
        if rest.converged and all(np.abs(cost * (rest.size - other)).max() > tolerance for other in found):
            found.append(rest.size)
    return len(found)


def _tried(
    market: Market,
    later: Market,
    laws: Sequence[Law],
    costs: Costs | float,
    steps: int,
    stop: Callable[[], bool],
) -> Floats:
    """Floor spaces at rest under each of several laws; laws without a positive α have no balance and are left out."""
    present = later.centres.floor_space_m2
    rests = [
        _System(later, law).settle(present, _costs(market, later, law, costs), steps, stop).size
        for law in laws
        if law.alpha > 0 and not stop()
    ]
    return np.array(rests).reshape(-1, len(present))


def _change(later: Market, j: int, old: bool, without: float, ended: float, tried: Floats, added: bool) -> SizeChange:
    now = float(later.centres.floor_space_m2[j])
    base = without if old and added else now
    percent = 100.0 * (ended / base - 1.0) if base > 0 else 0.0
    if not old:
        verdict = "new" if ended > DEAD * now else "new, but does not survive"
    elif ended <= DEAD * now:
        verdict = "dies"
    else:
        verdict = "steady" if abs(percent) < 100 * STEADY else "grows" if percent > 0 else "shrinks"
    return SizeChange(
        str(later.centres.code[j]), str(later.centres.name[j]), not old, now if old else 0.0, without, ended,
        percent if old else 0.0, float(tried.min(initial=ended)), float(tried.max(initial=ended)),
        float((tried > DEAD * now).mean()) if len(tried) else float(ended > DEAD * now),
        verdict,  # type: ignore[arg-type]
    )  # fmt: skip


def _said(law: Law, costs: Costs | float, ended: _Rest, ends: int, starts: int, stable: bool) -> list[str]:
    said = []
    if costs == "present":
        said.append(
            "Each centre is taken to be in balance today: its cost of a square metre is what it turns over there now."
        )
    if not ended.converged:
        said.append(
            f"The balance was not reached: after {ended.steps:,} steps {ended.residual:.2g} of all spending is still "
            "out of balance."
        )
    if law.alpha > 1:
        said.append(
            f"α is {law.alpha:.2f}, above 1: large centres draw more than in proportion and may take everything. From "
            f"{1 + starts} starting points, different balances reached: {ends}. The one shown is that from the present "
            "floor spaces."
        )
    if not stable:
        said.append(
            "The balance without the new centre is itself unstable: any small disturbance would tip it, so what follows "
            "the new centre cannot all be put down to it."
        )
    if law.alpha == 1:
        said.append("α is 1: balances may not be unique in floor space, although all are equally good.")
    return said
