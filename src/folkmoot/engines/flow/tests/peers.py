"""The three-station model in the two simulators people use for this: SimPy and Ciw, each written as its manual would.

Poisson arrivals, one an hour; stations in a row with exponential services, `utilisation` each; patients of two classes,
the urgent served first, nobody interrupted. Each function returns the stays of discharged patients in hours.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np


def stays_by_simpy(
    servers: Sequence[int], utilisation: float, patients: int, rng: np.random.Generator, *, urgent_share: float
) -> np.ndarray:
    """One process a patient. Random numbers are drawn in bulk, which is quicker than one by one."""
    import simpy

    gaps = rng.standard_exponential(patients).tolist()
    services = (rng.standard_exponential((patients, len(servers))) * utilisation * np.asarray(servers)).tolist()
    ranks = (rng.random(patients) >= urgent_share).astype(int).tolist()
    environment = simpy.Environment()
    stations = [simpy.PriorityResource(environment, capacity=c) for c in servers]
    stays: list[float] = [0.0] * patients

    def patient(number: int) -> Generator[Any, Any, None]:
        admitted = environment.now
        for station, service in zip(stations, services[number]):
            with station.request(priority=ranks[number]) as turn:
                yield turn
                yield environment.timeout(service)
        stays[number] = environment.now - admitted

    def door() -> Generator[Any, Any, None]:
        for number in range(patients):
            yield environment.timeout(gaps[number])
            environment.process(patient(number))

    environment.process(door())
    environment.run()
    return np.array(stays)


def stays_by_ciw(
    servers: Sequence[int], utilisation: float, patients: int, seed: int, *, urgent_share: float
) -> np.ndarray:
    """A network of two classes. Ciw draws its own random numbers."""
    import ciw

    stations = len(servers)
    route = [[1.0 if j == i + 1 else 0.0 for j in range(stations)] for i in range(stations)]
    service = [ciw.dists.Exponential(1.0 / (utilisation * c)) for c in servers]
    elsewhere = [None] * (stations - 1)
    network = ciw.create_network(
        arrival_distributions={
            "urgent": [ciw.dists.Exponential(urgent_share), *elsewhere],
            "routine": [ciw.dists.Exponential(1.0 - urgent_share), *elsewhere],
        },
        service_distributions={"urgent": service, "routine": service},
        routing={"urgent": route, "routine": route},
        number_of_servers=list(servers),
        priority_classes={"urgent": 0, "routine": 1},
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(patients, method="Finish")
    gone = simulation.nodes[-1].all_individuals
    return np.array([one.data_records[-1].exit_date - one.data_records[0].arrival_date for one in gone])
