"""The same three stations in other people's simulators."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.engines.flow.queues import tandem
from folkmoot.engines.flow.sim.simulate import simulate
from folkmoot.engines.flow.tests.peers import stays_by_ciw, stays_by_simpy
from folkmoot.engines.flow.tests.theory import batch_means

SERVERS, UTILISATION, URGENT = (20, 4, 60), 0.9, 0.2


def stays(patients: int, seed: int) -> np.ndarray:
    scenario = tandem(SERVERS, UTILISATION, patients, np.random.default_rng(seed), urgent_share=URGENT)
    return simulate(scenario, "fcfs").stays


@pytest.mark.parametrize("seed", [1, 2])
def test_every_single_stay_is_simpys(seed: int) -> None:
    """SimPy, given the same arrivals and services, keeps every patient exactly as long."""
    theirs = stays_by_simpy(SERVERS, UTILISATION, 10_000, np.random.default_rng(seed), urgent_share=URGENT)
    np.testing.assert_allclose(stays(10_000, seed), theirs, rtol=0, atol=1e-8)


@pytest.mark.slow
def test_mean_stays_agree_with_ciw_within_their_intervals() -> None:
    theirs = batch_means(stays_by_ciw(SERVERS, UTILISATION, 60_000, 5, urgent_share=URGENT), batches=20, level=0.99)
    ours = batch_means(stays(400_000, 3), batches=20, level=0.99)
    assert ours.overlaps(theirs), (ours, theirs)
    assert theirs.is_sharp(0.1)
    assert ours.is_sharp(0.05)
