"""Would the law have foretold a centre that it had not seen? Each existing centre is left out in turn and foretold.

Intervals of parameters say how well a law is known, not how right it is. The question put to this package is about a
centre that does not exist yet, so the honest test is to calibrate without one of those that do (on the visits to the
others, which the independence of irrelevant alternatives allows), to add it as if it were new, and to compare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from folkmoot.engines.retail.calibrate import fit
from folkmoot.engines.retail.gravity import Decay, shares
from folkmoot.engines.retail.model import Areas, Centres, Market, RetailError


@dataclass(frozen=True, slots=True)
class Foretold:
    """One centre left out: flows to it as observed and as foretold, and the difference in per cent of the observed."""

    code: str
    name: str
    observed: float
    foretold: float
    error_percent: float


@dataclass(frozen=True, slots=True)
class HoldOut:
    """All centres left out in turn. Errors are absolute; `left_aside` could not be foretold, each with its reason."""

    centres: tuple[Foretold, ...]
    median_error_percent: float
    worst_error_percent: float
    left_aside: tuple[tuple[str, str], ...]
    statement: str


def hold_out(
    market: Market,
    *,
    decay: Decay | Literal["auto"] = "auto",
    beta_by_class: bool = False,
    variables: Sequence[str] = (),
    least_cost: float = 0.0,
    codes: Sequence[str] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> HoldOut:
    """Leave out each centre (or those of these codes), calibrate on the rest and foretell it. As `fit` otherwise."""
    if market.flows is None:
        raise RetailError("This market has no flows, so that nothing foretold could be compared with them.")
    every = market.centres.code.tolist()
    unknown = [code for code in codes or () if code not in every]
    if unknown:
        raise RetailError(f"There is no centre “{unknown[0]}” to leave out.")
    found, aside = [], []
    for j, code in enumerate(every):
        if codes is not None and code not in codes:
            continue
        if should_stop is not None and should_stop():
            aside.append((code, "The work was stopped before."))
            continue
        try:
            law = fit(
                _without(market, j),
                decay=decay,
                beta_by_class=beta_by_class,
                variables=variables,
                least_cost=least_cost,
            ).law
            going = shares(law, _all_spent_here(market)).to
        except RetailError as error:
            aside.append((code, str(error)))
            continue
        seen = np.isfinite(market.flows[:, j])
        sent = np.where(np.isfinite(market.flows), market.flows, 0.0).sum(axis=1)
        observed, foretold = float(market.flows[seen, j].sum()), float(sent[seen] @ going[seen, j])
        if observed <= 0:
            aside.append((code, "Nobody was observed to go there."))
            continue
        missed = 100.0 * (foretold / observed - 1.0)
        found.append(Foretold(code, str(market.centres.name[j]), observed, foretold, missed))
    if not found:
        reasons = f" {aside[0][1]}" if aside else ""
        raise RetailError(f"No centre could be left out and foretold.{reasons}")
    errors = np.abs([one.error_percent for one in found])
    median, worst = float(np.median(errors)), float(errors.max())
    return HoldOut(
        tuple(found),
        median,
        worst,
        tuple(aside),
        f"Left out in turn and foretold from the others, {len(found)} centres were missed by {median:.0f} % in the median "
        f"and {worst:.0f} % at worst. A new centre may be missed by as much.",
    )


def _without(market: Market, j: int) -> Market:
    kept = np.flatnonzero(np.arange(len(market.centres)) != j)
    if not len(kept):
        raise RetailError("The only centre cannot be left out.")
    old = market.centres
    centres = Centres.of(
        old.code[kept].tolist(),
        floor_space_m2=old.floor_space_m2[kept],
        attractiveness=old.attractiveness[kept],
        centre_class=old.centre_class[kept].tolist(),
        further={name: values[kept] for name, values in old.further.items()},
    )
    assert market.flows is not None
    return Market(market.areas, centres, market.cost[:, kept], market.unit, market.flows[:, kept], market.flow_unit)


def _all_spent_here(market: Market) -> Market:
    """The market for those who were observed: they did go to one of its centres."""
    areas = Areas.of(market.areas.code.tolist(), population=market.areas.population, spend=0.0)
    return Market(areas, market.centres, market.cost, market.unit)
