"""The simulator against queueing theory: Erlang, Pollaczek and Khinchine, Cobham, Little, Kleinrock, Lindley."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from folkmoot.engines.flow.policy import RULES
from folkmoot.engines.flow.queues import in_a_row, tandem
from folkmoot.engines.flow.sim.simulate import Result, simulate
from folkmoot.engines.flow.tests.theory import batch_means, wait_in_mg1, wait_in_mmc, waits_by_class

PATIENTS = 600_000


def rng(*key: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=np.array([31, *key][-2:], dtype=np.uint64)))


def waits(result: Result) -> np.ndarray:
    return np.asarray(result.begun - result.ready)


@pytest.mark.parametrize(("servers", "utilisation"), [(1, 0.5), (1, 0.9), (2, 0.7), (4, 0.9), (20, 0.8), (60, 0.9)])
def test_waits_in_mmc_are_erlangs(servers: int, utilisation: float) -> None:
    result = simulate(tandem([servers], utilisation, PATIENTS, rng(servers, int(100 * utilisation))), "fcfs")
    found = batch_means(waits(result))
    expected = wait_in_mmc(servers, utilisation, utilisation * servers)
    assert found.holds(expected), (found, expected)
    assert found.is_sharp(0.2)


@pytest.mark.parametrize("cv", [0.5, 1.5])
def test_waits_in_mg1_are_pollaczeks_and_khinchines(cv: float) -> None:
    result = simulate(tandem([1], 0.8, PATIENTS, rng(1, int(10 * cv)), cv=cv), "fcfs")
    found = batch_means(waits(result))
    assert found.holds(wait_in_mg1(0.8, 0.8, cv))
    assert found.is_sharp(0.2)


@pytest.mark.parametrize("servers", [1, 4])
def test_waits_of_two_classes_on_exponential_servers_are_cobhams(servers: int) -> None:
    scenario = tandem([servers], 0.9, PATIENTS, rng(2, servers), urgent_share=0.3)
    result = simulate(scenario, "fcfs")
    until_free = wait_in_mmc(servers, 0.9, 0.9 * servers) * (1.0 - 0.9)
    expected = waits_by_class(until_free, [0.27, 0.63])
    for priority in (0, 1):
        found = batch_means(waits(result)[scenario.patients.priority == priority])
        assert found.holds(expected[priority]), (priority, found, expected)
        assert found.is_sharp(0.2)


def test_waits_of_two_classes_with_lognormal_service_are_cobhams() -> None:
    scenario = tandem([1], 0.85, PATIENTS, rng(3, 1), urgent_share=0.4, cv=0.7)
    result = simulate(scenario, "fcfs")
    expected = waits_by_class(0.85 * 0.85 * (1 + 0.49) / 2, [0.34, 0.51])
    for priority in (0, 1):
        found = batch_means(waits(result)[scenario.patients.priority == priority])
        assert found.holds(expected[priority]), (priority, found, expected)
        assert found.is_sharp(0.2)


def test_the_number_waiting_over_time_is_what_little_says() -> None:
    """The time average of the queue, counted from its ups and downs, against λ times Erlang's wait (λ is one)."""
    result = simulate(tandem([3], 0.85, PATIENTS, rng(4, 3)), "fcfs")
    moments = np.concatenate([result.ready, result.begun])
    change = np.concatenate([np.ones(PATIENTS), -np.ones(PATIENTS)])
    order = np.argsort(moments, kind="stable")
    moments, level = moments[order], np.cumsum(change[order])
    area = np.concatenate([[0.0], np.cumsum(np.diff(moments) * level[:-1])])
    hours = np.arange(0.0, moments[-1], 1.0)
    found = batch_means(np.diff(np.interp(hours, moments, area)))
    assert found.holds(wait_in_mmc(3, 0.85, 0.85 * 3))
    assert found.is_sharp(0.2)


def test_the_second_of_two_exponential_stations_sees_poisson_arrivals() -> None:
    result = simulate(tandem([5, 2], 0.8, PATIENTS, rng(5, 2)), "fcfs")  # Burke 1956
    found = batch_means(waits(result)[1::2])
    assert found.holds(wait_in_mmc(2, 0.8, 1.6))
    assert found.is_sharp(0.2)


@pytest.mark.parametrize("policy", sorted(set(RULES) - {"given", "fcfs"}))
def test_no_order_of_one_server_changes_the_work_in_the_system(policy: str) -> None:
    """Kleinrock's conservation law (1965) holds path by path: Σ work × wait is one for all orders that never idle and
    never interrupt, because ∫ (work in the system) dt = Σ work × wait + Σ work² ÷ 2. So are the busy periods."""
    scenario = tandem([1], 0.9, 20_000, rng(6, 1), urgent_share=0.2, cv=1.2)
    buffer = rng(6, 2).uniform(2.0, 40.0, 20_000)
    scenario = replace(scenario, patients=replace(scenario.patients, buffer=buffer))
    base, other = simulate(scenario, "fcfs"), simulate(scenario, policy)
    work = scenario.tasks.work
    assert not np.array_equal(base.begun, other.begun) or policy in ("admission", "rounds")
    np.testing.assert_allclose(work @ waits(other), work @ waits(base), rtol=1e-9)
    np.testing.assert_allclose(busy_periods(other), busy_periods(base), atol=1e-6)


def busy_periods(result: Result) -> np.ndarray:
    """Ends of the periods in which the only server never rests."""
    order = np.argsort(result.begun, kind="stable")
    begun, ended = result.begun[order], np.maximum.accumulate(result.ended[order])
    return np.asarray(np.append(ended[:-1][begun[1:] > ended[:-1] + 1e-6], ended[-1]))


def test_among_orders_blind_to_work_the_mean_wait_is_one_and_the_same() -> None:
    scenario = tandem([1], 0.85, PATIENTS, rng(7, 1), cv=0.8)
    coin = rng(7, 2).random(PATIENTS)
    in_turn, at_random = simulate(scenario, "fcfs"), simulate(scenario, "given", given=coin)
    difference = batch_means(waits(at_random) - waits(in_turn))
    assert difference.holds(0.0)
    assert difference.half < 0.05 * waits(in_turn).mean()
    assert waits(at_random).std() > 1.2 * waits(in_turn).std()


def test_shortest_first_beats_every_order_blind_to_work() -> None:
    scenario = tandem([1], 0.9, 100_000, rng(8, 1), cv=1.0)
    assert waits(simulate(scenario, "sept")).mean() < 0.7 * waits(simulate(scenario, "fcfs")).mean()


def test_the_same_arrivals_and_services_give_lindleys_waits_exactly() -> None:
    """W(n+1) = max(0, W(n) + S(n) − A(n+1)) (Lindley 1952), one server, first come first served."""
    generator = rng(9, 1)
    admitted = np.cumsum(generator.standard_exponential(5_000))
    work = generator.lognormal(-0.6, 0.8, 5_000)
    result = simulate(in_a_row(admitted, work[:, None], np.ones(5_000, dtype=np.int64), [1]), "fcfs")
    free = 0.0
    for arrival, service, begun in zip(admitted, work, result.begun):
        start = max(arrival, free)
        assert begun == start
        free = start + service
