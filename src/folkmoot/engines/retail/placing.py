"""Where a new centre should stand and how large it should be, and how sure that is.

Every candidate site is tried at every floor space under every law the calibration allows. Adding one centre multiplies
each area's existing probabilities by the same factor, 1/(1 + x_i) with x_i = exp(utility of the new centre − log-sum of
the others), so all options are evaluated exactly without computing the whole market again.

Options are ranked by one objective (profit, turnover, or benefit to residents) among those that keep the limits, and
each says in what share of the laws it would have been the best of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from folkmoot.engines.retail.benefit import equivalent, mean_beta, mean_cost
from folkmoot.engines.retail.calibrate import Calibration, Interval
from folkmoot.engines.retail.forecast import ONLY_PARAMETERS, Elsewhere, refuse_other_units, under_each
from folkmoot.engines.retail.gravity import Law, shares
from folkmoot.engines.retail.model import Floats, Market, RetailError
from folkmoot.engines.retail.newcomer import Arrival, NewCentre, arrive

type Objective = Literal["profit", "turnover", "benefit"]

OBJECTIVES: tuple[Objective, ...] = ("profit", "turnover", "benefit")
SIZES, REFINED = 9, 7
LEAST_M2 = 500.0
MOST_DEPRIVED = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan must keep; None: no limit.

    `most_loss_percent`: no existing centre loses more of its turnover. `least_to_deprived`: this share of the benefit
    goes to IMD deciles 1 to 3. `least_turnover_per_m2`: pounds a year. `least_profit`: pounds a year.
    """

    most_loss_percent: float | None = None
    least_to_deprived: float | None = None
    least_turnover_per_m2: float | None = None
    least_profit: float | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One site at one floor space. `benefit` is units of travel cost a resident and trip; pounds are a year.

    `best_in` is the share of laws under which it is the best of all options that keep the limits, `regret` the mean
    amount of the objective by which the best of each law is better. `breaks` says which limits it does not keep.
    """

    code: str
    name: str
    lon: float
    lat: float
    floor_space_m2: float
    turnover: Interval
    profit: Interval | None
    benefit: Interval | None
    benefit_to_deprived: float | None
    hardest_hit: str
    hardest_hit_percent: Interval
    best_in: float
    regret: float
    breaks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """All options, the best first; those that break a limit come last. `best_site_in`: shares of laws by site."""

    status: str
    objective: str
    unit: str
    best: Option | None
    options: tuple[Option, ...]
    best_site_in: tuple[tuple[str, float], ...]
    laws_tried: int
    statements: tuple[str, ...]


def place(
    market: Market,
    calibration: Calibration,
    candidates: Sequence[NewCentre],
    *,
    floor_spaces: Sequence[float] | None = None,
    objective: Objective = "profit",
    margin: float | None = None,
    limits: Limits | None = None,
    elsewhere: Elsewhere = "responds",
    draws: int = 200,
    seed: int = 1,
    should_stop: Callable[[], bool] | None = None,
) -> Placement:
    """Rank sites and floor spaces. A candidate's own floor space is the most that fits there.

    Without `floor_spaces`, a geometric row of sizes is tried and refined around the best one of each site. `margin` is
    the share of turnover that stays after the cost of goods and sales; profit is turnover × margin − running cost per m²
    × floor space, and needs both.
    """
    refuse_other_units(market, calibration)
    _refuse_what_is_unclear(candidates, objective, margin, floor_spaces)
    arrivals = [arrive(market, candidate) for candidate in candidates]
    limits = limits or Limits()
    trial = _Trial(market, candidates, arrivals, elsewhere, margin, objective)
    sizes = [_sizes(candidate, floor_spaces) for candidate in candidates]
    if floor_spaces is None:
        sizes = _refined(trial, calibration.law, sizes, limits)
    pairs = [(k, size) for k, mine in enumerate(sizes) for size in mine]
    if not pairs:
        raise RetailError("None of the floor spaces fits on any of the candidate sites.")
    now = trial(calibration.law, pairs)
    tried, stopped = under_each(lambda law: trial(law, pairs), calibration.laws(draws, seed), should_stop)
    options = _options(trial, pairs, now, tried, calibration, limits)
    ranked = sorted(range(len(pairs)), key=lambda o: (bool(options[o].breaks), -now.score[o], o))
    sites: dict[str, float] = {candidate.code: 0.0 for candidate in candidates}
    for option in options:
        sites[option.code] += option.best_in
    ordered = tuple(options[o] for o in ranked)
    best = ordered[0] if not ordered[0].breaks else None
    return Placement(
        status=calibration.status,
        objective=objective,
        unit=market.unit,
        best=best,
        options=ordered,
        best_site_in=tuple(sorted(sites.items(), key=lambda one: (-one[1], one[0]))),
        laws_tried=len(tried),
        statements=(*stopped, *_said(calibration, arrivals, best, ordered, len(tried))),
    )


@dataclass(frozen=True, eq=False)
class _Outcome:
    """Numbers of all options under one law."""

    turnover: Floats
    profit: Floats
    benefit: Floats
    to_deprived: Floats
    loss: Floats
    score: Floats


class _Trial:
    """Evaluates options under a law."""

    def __init__(
        self,
        market: Market,
        candidates: Sequence[NewCentre],
        arrivals: Sequence[Arrival],
        elsewhere: Elsewhere,
        margin: float | None,
        objective: Objective,
    ) -> None:
        self.market, self.candidates, self.arrivals = market, candidates, arrivals
        self.elsewhere, self.margin, self.objective = elsewhere, margin, objective
        self.running = np.array([c.running_cost_per_m2 or 0.0 for c in candidates])

    def __call__(self, law: Law, pairs: Sequence[tuple[int, float]]) -> _Outcome:
        market, areas = self.market, self.market.areas
        now = shares(law, market)
        reached = np.isfinite(now.logsum)
        fixed = self.elsewhere == "fixed"
        rival = now.logsum if fixed else np.logaddexp(now.logsum, np.where(reached, now.outside, -np.inf))
        cap = np.where(reached & (not fixed), 1.0, 1.0 - areas.elsewhere)
        site = np.array([k for k, _ in pairs])
        size = np.array([s for _, s in pairs])
        with np.errstate(over="ignore", invalid="ignore"):
            x = np.exp(self._utility(law, site, size) - np.where(reached, rival, -np.inf))
            taken = np.where(np.isinf(x), 1.0, x / (1.0 + x))
        # An area that neither reaches a centre now nor would reach this one: −∞ − (−∞).
        taken = np.where(np.isnan(taken), 0.0, taken)
        turnover = (taken * cap) @ areas.spend
        base = now.to.T @ areas.spend
        lost = taken @ (now.to * areas.spend[:, None])
        loss = np.where(base > 0, 100.0 * lost / np.where(base > 0, base, 1.0), 0.0)
        gain = np.where(reached, np.log1p(np.where(np.isfinite(x), x, 0.0)) * (cap if fixed else 1.0), 0.0)
        gain = np.where(np.isnan(gain), 0.0, gain)
        typical = np.where(reached, mean_cost(market, now), 0.0)
        worth = equivalent(gain, np.where(reached, mean_beta(law, market, now), 1.0), typical, law.decay)
        everyone = max(float(areas.population.sum()), 1e-300)
        benefit = worth @ areas.population / everyone
        deprived = (areas.imd_decile >= 1) & (areas.imd_decile <= MOST_DEPRIVED)
        part = worth @ (areas.population * deprived) / everyone
        with np.errstate(divide="ignore", invalid="ignore"):
            to_deprived = np.where(benefit > 0, part / benefit, 0.0)
        profit = turnover * (self.margin or 0.0) - self.running[site] * size
        score = {"profit": profit, "turnover": turnover, "benefit": benefit}[self.objective]
        return _Outcome(turnover, profit, benefit, to_deprived, loss, score)

    def _utility(self, law: Law, site: np.ndarray, size: Floats) -> Floats:
        """Utility of every option (rows) to every area (columns)."""
        rows = []
        for candidate, arrival in zip(self.candidates, self.arrivals):
            decay = law.decay_log(arrival.cost[:, None], np.array([candidate.centre_class]))[:, 0]
            more = sum(gamma * np.log(arrival.further[name]) for name, gamma in law.gamma)
            rows.append(decay + law.alpha * np.log(arrival.pull_per_m2) + more)
        return np.asarray(np.array(rows)[site] + law.alpha * np.log(size)[:, None])


def _sizes(candidate: NewCentre, floor_spaces: Sequence[float] | None) -> list[float]:
    most = candidate.floor_space_m2
    if floor_spaces is not None:
        return sorted({float(size) for size in floor_spaces if size <= most})
    return np.geomspace(min(LEAST_M2, most / 10), most, SIZES).tolist()


def _refined(trial: _Trial, law: Law, sizes: list[list[float]], limits: Limits) -> list[list[float]]:
    """More sizes around the best size of each site, under the central law."""
    pairs = [(k, size) for k, mine in enumerate(sizes) for size in mine]
    found = trial(law, pairs)
    better = []
    for k, mine in enumerate(sizes):
        rows = [o for o, (site, _) in enumerate(pairs) if site == k]
        keeps = [not _breaks(trial, found, o, pairs[o][1], limits) for o in rows]
        scores = np.where(keeps, found.score[rows], -np.inf) if any(keeps) else found.score[rows]
        top = int(np.argmax(scores))
        low, high = mine[max(top - 1, 0)], mine[min(top + 1, len(mine) - 1)]
        better.append(sorted({*mine, *(round(float(v), 0) for v in np.linspace(low, high, REFINED + 2)[1:-1])}))
    return better


def _breaks(trial: _Trial, found: _Outcome, o: int, size: float, limits: Limits) -> tuple[str, ...]:
    """The limits that an option breaks under one law, in words."""
    said = []
    worst = int(np.argmax(found.loss[o]))
    if limits.most_loss_percent is not None and found.loss[o, worst] > limits.most_loss_percent:
        said.append(
            f"{trial.market.centres.name[worst]} would lose {found.loss[o, worst]:.1f} % of its turnover, more than the "
            f"{limits.most_loss_percent:g} % allowed."
        )
    if limits.least_to_deprived is not None and not found.to_deprived[o] >= limits.least_to_deprived:
        said.append(
            f"{found.to_deprived[o]:.0%} of the benefit goes to IMD deciles 1 to 3, less than the "
            f"{limits.least_to_deprived:.0%} asked for."
        )
    if limits.least_turnover_per_m2 is not None and found.turnover[o] < limits.least_turnover_per_m2 * size:
        said.append(
            f"It would turn over £{found.turnover[o] / size:,.0f} a m², less than the "
            f"£{limits.least_turnover_per_m2:,.0f} asked for."
        )
    if limits.least_profit is not None and found.profit[o] < limits.least_profit:
        said.append(f"Its profit of £{found.profit[o]:,.0f} is less than the £{limits.least_profit:,.0f} asked for.")
    return tuple(said)


def _options(
    trial: _Trial,
    pairs: Sequence[tuple[int, float]],
    now: _Outcome,
    tried: Sequence[_Outcome],
    calibration: Calibration,
    limits: Limits,
) -> list[Option]:
    interval, centres = calibration.interval, trial.market.centres
    breaks = [_breaks(trial, now, o, size, limits) for o, (_, size) in enumerate(pairs)]
    allowed = np.array([not said for said in breaks])
    score = np.array([one.score for one in tried])
    best_in, regret = np.zeros(len(pairs)), np.zeros(len(pairs))
    if allowed.any():
        rivals = np.where(allowed, np.where(np.isnan(score), -np.inf, score), -np.inf)
        best_in = np.bincount(rivals.argmax(axis=1), minlength=len(pairs)) / len(tried)
        regret = (rivals.max(axis=1, keepdims=True) - np.where(np.isnan(score), 0.0, score)).mean(axis=0)
    turnover, profit, benefit, loss = (
        np.array([getattr(one, name) for one in tried]) for name in ("turnover", "profit", "benefit", "loss")
    )
    found = []
    for o, (k, size) in enumerate(pairs):
        worst = int(np.argmax(now.loss[o]))
        has_profit = trial.margin is not None and trial.candidates[k].running_cost_per_m2 is not None
        worthy = bool(np.isfinite(now.benefit[o]) and np.isfinite(benefit[:, o]).all())
        found.append(
            Option(
                code=trial.candidates[k].code,
                name=trial.candidates[k].name,
                lon=trial.arrivals[k].lon,
                lat=trial.arrivals[k].lat,
                floor_space_m2=size,
                turnover=interval(float(now.turnover[o]), turnover[:, o]),
                profit=interval(float(now.profit[o]), profit[:, o]) if has_profit else None,
                benefit=interval(float(now.benefit[o]), benefit[:, o]) if worthy else None,
                benefit_to_deprived=float(now.to_deprived[o]) if worthy else None,
                hardest_hit=str(centres.name[worst]),
                hardest_hit_percent=interval(float(now.loss[o, worst]), loss[:, o, worst]),
                best_in=float(best_in[o]),
                regret=float(regret[o]),
                breaks=breaks[o],
            )
        )
    return found


def _refuse_what_is_unclear(
    candidates: Sequence[NewCentre], objective: str, margin: float | None, floor_spaces: Sequence[float] | None
) -> None:
    if not candidates:
        raise RetailError("There are no candidate sites; give at least one.")
    codes = [candidate.code for candidate in candidates]
    double = next((code for code in codes if codes.count(code) > 1), None)
    if double is not None:
        raise RetailError(f"The candidate “{double}” is given twice; give each site a code of its own.")
    if objective not in OBJECTIVES:
        raise RetailError(f"There is no objective “{objective}”; choose one of {', '.join(OBJECTIVES)}.")
    if margin is not None and not 0 <= margin <= 1:
        raise RetailError(f"The margin is {margin:g}; give the share of turnover that is kept, between 0 and 1.")
    if objective == "profit":
        bare = next((c.name for c in candidates if c.running_cost_per_m2 is None), None)
        if margin is None or bare is not None:
            lacking = "a margin" if margin is None else f"the running cost per m² of “{bare}”"
            raise RetailError(f"Profit cannot be computed without {lacking}; give it, or choose another objective.")
    if floor_spaces is not None and any(not (np.isfinite(size) and size > 0) for size in floor_spaces):
        raise RetailError("Every floor space to try must be a number of square metres above zero.")


def _said(
    calibration: Calibration, arrivals: Sequence[Arrival], best: Option | None, options: Sequence[Option], tried: int
) -> tuple[str, ...]:
    said = [*calibration.statements, *dict.fromkeys(s for arrival in arrivals for s in arrival.statements)]
    if calibration.calibrated:
        said.append(ONLY_PARAMETERS)
    if best is None:
        said.append(f"No option keeps the limits. The nearest: {options[0].name}. {' '.join(options[0].breaks)}")
    else:
        site = sum(option.best_in for option in options if option.code == best.code)
        said.append(
            f"{best.name} is the best site in {site:.0%} of the {tried} laws tried; at exactly "
            f"{best.floor_space_m2:,.0f} m² in {best.best_in:.0%}."
        )
    return tuple(said)


def at_floor_space(options: Sequence[Option], code: str) -> tuple[Option, ...]:
    """The options of one site by floor space, for a curve."""
    return tuple(sorted((o for o in options if o.code == code), key=lambda o: o.floor_space_m2))
