"""How sure the estimates are: standard errors of four kinds, of which the widest interval is used.

Textbook errors take visits as independent draws. Real flows are not: neighbours shop alike and one centre is nicer than
its floor space. So beside the observed information (1) stand a correction for overdispersion (2: quasi-likelihood,
Wedderburn 1974, with Pearson's dispersion corrected for small counts by Fletcher 2012) and errors clustered by origin
area (3) and, with ten centres or more, by centre (4: the sandwich of Liang and Zeger 1986, times G/(G−1), Student's t
with G−1 degrees). A clustered error is itself noisy with few clusters, which is why it may widen an interval and never
narrow it. Correlations between the parameters are those of (1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.engines.retail.likelihood import Sample, information
from folkmoot.engines.retail.model import Floats

LEAST_CENTRES = 10


@dataclass(frozen=True, eq=False)
class Spread:
    """Standard errors by kind (None where there are too few clusters), half-widths of the intervals, and covariance."""

    information: Floats
    dispersed: Floats
    by_area: Floats | None
    by_centre: Floats | None
    half_width: Floats
    dispersion: float
    covariance: Floats
    """What draws are made from: its standard errors are the half-widths over the normal quantile."""


def spread(data: Sample, theta: Floats, level: float) -> Spread:
    """The errors of estimates at the maximum."""
    from scipy.stats import norm, t

    normal = float(norm.ppf(0.5 + level / 2))
    inverse = np.linalg.inv(information(data, theta))
    plain = np.sqrt(np.diag(inverse))
    phi = dispersion(data, theta)
    dispersed = plain * np.sqrt(max(1.0, phi))
    weight = data.probabilities(theta)
    residual = data.count - data.total[:, None] * weight
    centred = data.features - np.einsum("ij,ijk->ik", weight, data.features)[:, None, :]
    score = residual[:, :, None] * centred
    half = normal * dispersed
    errors: list[Floats | None] = []
    for axis, least in ((1, 2), (0, LEAST_CENTRES)):
        scores = score.sum(axis=axis)
        groups = int(np.abs(scores).any(axis=1).sum())
        if groups < max(least, len(theta) + 1):
            errors.append(None)
            continue
        found = np.sqrt(np.diag(inverse @ (scores.T @ scores) @ inverse) * groups / (groups - 1))
        half = np.maximum(half, float(t.ppf(0.5 + level / 2, groups - 1)) * found)
        errors.append(found)
    correlation = inverse / np.outer(plain, plain)
    covariance = correlation * np.outer(half / normal, half / normal)
    return Spread(plain, dispersed, errors[0], errors[1], half, phi, covariance)


def dispersion(data: Sample, theta: Floats) -> float:
    """Pearson's X² over its degrees of freedom, corrected for small expected counts; about 1 for independent visits."""
    expected = (data.total[:, None] * data.probabilities(theta))[data.used]
    seen = data.count[data.used]
    possible = expected > 0
    expected, seen = expected[possible], seen[possible]
    freedom = len(seen) - len(data.rows) - len(theta)
    if freedom <= 0:
        return 1.0
    relative = (seen - expected) / expected
    return float((relative**2 * expected).sum() / freedom / max(1.0 + float(relative.mean()), 1e-12))
