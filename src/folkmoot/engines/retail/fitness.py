"""How well a calibrated law reproduces the flows it was calibrated on.

Deviance against a null in which every reachable centre draws alike; SRMSE, the standardised root mean square error of
Knudsen and Fotheringham (1986); the squared correlation of counts; and the mean cost of a trip, which exponential decay
reproduces exactly at the maximum of the likelihood (Hyman 1969).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.engines.retail.likelihood import Sample, log_likelihood
from folkmoot.engines.retail.model import Floats


@dataclass(frozen=True, slots=True)
class Fit:
    """Goodness of fit. `deviance_explained` and `r_squared` are shares; `srmse` is 0 for a perfect fit."""

    areas: int
    cells: int
    flows: float
    log_likelihood: float
    aic: float
    deviance: float
    null_deviance: float
    deviance_explained: float
    srmse: float
    r_squared: float
    mean_cost_observed: float
    mean_cost_fitted: float
    dispersion: float


def fitness(data: Sample, theta: Floats, cost: Floats, dispersion: float) -> Fit:
    """The fit of parameters to a sample; `cost` is areas × centres for the rows of the sample."""
    fitted = data.total[:, None] * data.probabilities(theta)
    null = np.where(data.used, data.total[:, None] / data.used.sum(axis=1, keepdims=True), 0.0)
    seen, used = data.count, data.used
    known = np.where(used, cost, 0.0)
    value = log_likelihood(data, theta)
    deviance, null_deviance = _deviance(seen, fitted), _deviance(seen, null)
    y, mu = seen[used], fitted[used]
    vary = y.std() > 0 and mu.std() > 0
    return Fit(
        areas=len(data.rows),
        cells=int(used.sum()),
        flows=float(seen.sum()),
        log_likelihood=value,
        aic=2 * len(theta) - 2 * value,
        deviance=deviance,
        null_deviance=null_deviance,
        deviance_explained=1.0 - deviance / null_deviance if null_deviance > 0 else 0.0,
        srmse=float(np.sqrt(((y - mu) ** 2).mean()) / y.mean()),
        r_squared=float(np.corrcoef(y, mu)[0, 1] ** 2) if vary else 0.0,
        mean_cost_observed=float((seen * known).sum() / seen.sum()),
        mean_cost_fitted=float((fitted * known).sum() / fitted.sum()),
        dispersion=dispersion,
    )


def _deviance(seen: Floats, fitted: Floats) -> float:
    some = seen > 0
    tiny = np.finfo(np.float64).tiny
    return float(2 * (seen[some] * np.log(seen[some] / np.maximum(fitted[some], tiny))).sum())
