"""Markets for tests: those of the town, and small random ones."""

from __future__ import annotations

import numpy as np

from folkmoot.engines.retail import Areas, Centres, Law, Market, market_from_tables, shares
from folkmoot.town import borough, shops, streets

RETAIL = ("areas", "centres", "travel_minutes", "shopping_flows")


def town_tables(seed: int, neighbourhoods: int = 60, residents: int = 20_000) -> dict:
    """The retail tables of a town, without its hospital."""
    places = borough.places(seed, neighbourhoods)
    people = borough.people(seed, residents, places)
    return shops.tables(seed, streets.lay(seed, places), people, places)


def town_market(seed: int, neighbourhoods: int = 60, residents: int = 20_000) -> Market:
    tables = town_tables(seed, neighbourhoods, residents)
    return market_from_tables({name: tables[name] for name in RETAIL})


def random_market(seed: int, n: int = 12, m: int = 5, *, elsewhere: float = 0.0, classes: bool = False) -> Market:
    """Areas and centres at random in a square of 20 km, costs a minute and a half a kilometre."""
    rng = np.random.Generator(np.random.Philox(key=[seed, 1]))
    home, shop = rng.uniform(0, 20, (n, 2)), rng.uniform(0, 20, (m, 2))
    cost = 0.5 + 1.5 * np.hypot(*(home[:, None] - shop).transpose(2, 0, 1))
    areas = Areas.of(
        [f"A{i}" for i in range(n)],
        population=rng.integers(200, 3000, n),
        spend_per_head=rng.uniform(2000, 5000, n),
        imd_decile=rng.integers(1, 11, n),
        car_access=rng.uniform(0.4, 0.95, n),
        classification=[("inner", "outer")[i % 2] for i in range(n)],
        age={"age_0_64": rng.integers(50, 500, n), "age_65_plus": rng.integers(10, 200, n)},
        lon=-0.55 + home[:, 0] / 67,
        lat=53 + home[:, 1] / 111,
        elsewhere=elsewhere,
    )
    centres = Centres.of(
        [f"C{j}" for j in range(m)],
        floor_space_m2=rng.uniform(500, 20_000, m),
        centre_class=[("town", "park")[j % 2] if classes else "" for j in range(m)],
        running_cost_per_m2=rng.uniform(150, 300, m),
        lon=-0.55 + shop[:, 0] / 67,
        lat=53 + shop[:, 1] / 111,
        further={"parking": rng.uniform(10, 900, m)},
    )
    return Market(areas, centres, cost)


def with_flows(market: Market, law: Law, visits: int, seed: int, clumps: float | None = None) -> Market:
    """The market with multinomial flows of a law. With `clumps`, neighbours shop alike: each area's probabilities are
    drawn from a Dirichlet distribution of that concentration around the law's, which keeps their mean."""
    rng = np.random.Generator(np.random.Philox(key=[seed, 2]))
    chance = shares(law, market).to
    if clumps is not None:
        chance = np.array([rng.dirichlet(clumps * row) for row in chance])
    flows = rng.multinomial(visits, chance / chance.sum(axis=1, keepdims=True)).astype(float)
    return Market(market.areas, market.centres, market.cost, market.unit, flows)
