"""Does a calibration predict? Learn from the first part of a log, and compare with the stays of the later part.

Only what was known by the split is learned: stays that had ended by then, and of the others what had happened so far.
Beside the prediction stand two yardsticks: the distribution of the earlier stays themselves (Kaplan and Meier's, so that
those not yet ended count), and the distance that chance alone gives between the later stays and their own law, which no
prediction can be expected to beat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.flow.calibrate.routing import Unfinished, routing, weight_to_the_right
from folkmoot.engines.flow.evidence import Stays, stays
from folkmoot.engines.flow.evidence.stays import MICROSECONDS_IN_AN_HOUR, micros
from folkmoot.engines.flow.logs.log import EventLog, LogError

LEVELS = (0.5, 0.75, 0.9, 0.95)
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Prediction:
    """Distances are Kolmogorov's (0 is perfect). `quantiles`: level, predicted and observed hours."""

    learned_from: int
    tested_on: int
    distance: float
    distance_of_earlier_stays: float
    noise: float
    mean_predicted: float
    mean_observed: float
    quantiles: tuple[tuple[float, float, float], ...]
    statements: tuple[str, ...]


def predict(
    log: EventLog,
    *,
    split: float = 0.7,
    admission: str | None = None,
    discharge: str | None = None,
    seed: int = 1,
    draws: int = 20_000,
) -> Prediction:
    """Learn from stays that ended before the admission at quantile `split`; test on those admitted from then on."""
    found = stays(log, admission=admission, discharge=discharge)
    end, names = micros(log.table, "completed_at"), log.table["activity"].to_pylist()
    begin_at, end_at = end[found.first], end[found.last]
    if not 0.0 < split < 1.0:
        raise LogError(f"The split is a share between 0 and 1, such as 0.7; it is {split}.")
    border = np.quantile(begin_at, split) if len(begin_at) else 0
    early, late = end_at < border, begin_at >= border
    if early.sum() < FEWEST or late.sum() < FEWEST:
        raise LogError(
            f"The split leaves {int(early.sum())} stays to learn from and {int(late.sum())} to test on; each needs "
            f"{FEWEST}. Choose another split or a longer log."
        )
    closed, unfinished = [], []
    for first, last, done in zip(found.first.tolist(), found.last.tolist(), early.tolist()):
        known = last + 1 if done else first + int(np.searchsorted(end[first : last + 1], border))
        hours = ((end[first:known] - end[first]) / MICROSECONDS_IN_AN_HOUR).tolist()
        if done:
            closed.append((names[first:known], hours))
        elif known > first:
            lasted = float((border - end[first]) / MICROSECONDS_IN_AN_HOUR)
            unfinished.append(Unfinished(names[first:known], hours, lasted))
    rng = np.random.Generator(np.random.Philox(key=seed))
    predicted = routing(closed, unfinished).stays(draws, rng)
    observed = found.hours[late]
    earlier = np.sort(found.hours[early])
    weight = weight_to_the_right(earlier, np.array([stay.lasted for stay in unfinished]))
    earlier = rng.choice(earlier, draws, p=weight)
    return Prediction(
        learned_from=int(early.sum()),
        tested_on=int(late.sum()),
        distance=_distance(predicted, observed),
        distance_of_earlier_stays=_distance(earlier, observed),
        noise=_noise(observed, rng),
        mean_predicted=float(predicted.mean()),
        mean_observed=float(observed.mean()),
        quantiles=tuple((q, float(np.quantile(predicted, q)), float(np.quantile(observed, q))) for q in LEVELS),
        statements=_statements(found, int(early.sum()), len(unfinished)),
    )


def _statements(found: Stays, ended: int, going: int) -> tuple[str, ...]:
    said = [found.statement]
    if found.discharge is None:
        said.append(
            "No activity says that a patient has left, so the last event of a case was taken for its end. Cases cut off by "
            "the end of the log look short, and what is called observed is uncertain."
        )
    if going > ended:
        said.append(
            f"By the split {going} stays had begun and not ended, more than the {ended} that had. Long stays are hardly "
            "known then, and the prediction is of little use: choose a later split or a longer log."
        )
    return tuple(said)


def _distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    from scipy.stats import ks_2samp

    return float(ks_2samp(a, b, method="asymp").statistic)


def _noise(values: NDArray[np.float64], rng: np.random.Generator, times: int = 200) -> float:
    """Median distance between random halves, scaled from halves to the distance of the whole from its own law."""
    half = len(values) // 2
    found = []
    for _ in range(times):
        mixed = rng.permutation(values)
        found.append(_distance(mixed[:half], mixed[half:]))
    return float(np.median(found)) / 2.0
