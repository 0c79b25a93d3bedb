"""Where Aldermoor shops: who lives in each area and what they spend, the centres, and visits drawn from a known law.

The visits follow Huff's law exactly (Huff 1963): from area i a visit goes to centre j with probability proportional to
A_jᵅ · exp(−β · minutes_ij), A being floor space, with the α and β of the table `retail_truth`. A calibration that is
any good finds them again. The classification of areas is invented; it only has the shape of an output area
classification. Candidate sites for a new centre and for public infrastructure stand at junctions of the same streets.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from folkmoot.town.borough import Floats, Ints, Residents
from folkmoot.town.randomness import generator
from folkmoot.town.streets import Streets

ALPHA, BETA_PER_MINUTE = 0.9, 0.16
"""The planted law: attraction rises a little slower than floor space, and falls e-fold for every 6¼ minutes."""

VISITS_PER_RESIDENT = 0.3
SPEND_PER_HEAD = 4_400.0
RESIDENTS = 40_000
"""The town for which the floor spaces below are meant; they grow and shrink with the residents."""

AGE_BANDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "age_0_15": (0, 15),
        "age_16_24": (16, 24),
        "age_25_44": (25, 44),
        "age_45_64": (45, 64),
        "age_65_79": (65, 79),
        "age_80_plus": (80, 200),
    }
)

# Name, class, km east and north of the middle, floor space in m² before chance, shops, anchors.
CENTRES = (
    ("Market Place", "town centre", 0.1, 0.0, 20_700, 310, 6),
    ("Staithe Retail Park", "retail park", 3.6, -2.2, 9_400, 24, 5),
    ("Northgate", "district centre", -0.6, 3.4, 3_700, 62, 2),
    ("Westwell Cross", "district centre", -3.9, -0.5, 3_200, 55, 2),
    ("Southfield Parade", "local centre", 0.5, -3.9, 1_150, 21, 1),
    ("Eastbrook Row", "local centre", 4.3, 1.8, 850, 18, 1),
    ("Moorside Retail Park", "retail park", -4.4, 3.5, 7_000, 17, 4),
    ("Priory Street", "local centre", 2.0, 2.6, 1_000, 19, 1),
    ("Castle Dyke", "district centre", -2.2, -3.6, 2_900, 48, 2),
    ("Windmill Lane", "local centre", -2.4, 1.6, 750, 16, 0),
)
RUNNING_COST = {"town centre": 310.0, "retail park": 260.0, "district centre": 230.0, "local centre": 200.0}

NEW_CENTRE_SITES = (
    "Former maltings", "Bus depot", "Ring road east", "Canal basin", "Old infirmary", "Railway goods yard",
    "Racecourse corner", "Corn exchange", "Gasworks", "North fields", "Brickworks", "Cattle market",
)  # fmt: skip

SITE_KINDS = (
    # Kind, how many for a hundred areas (at least three), capacity a year, pounds a year.
    ("charge point", 50.0, 5_500, 9_000.0),
    ("library", 20.0, 40_000, 190_000.0),
    ("health hub", 20.0, 60_000, 940_000.0),
)


def tables(seed: int, streets: Streets, residents: Residents, places: pa.Table) -> dict[str, pa.Table]:
    """`areas`, `centres`, `travel_minutes`, `shopping_flows`, `centre_candidates`, `siting_candidates` and the rest."""
    taken: set[int] = set()
    areas = _areas(residents, places)
    count = 6 if len(places) < 40 else len(CENTRES)
    scale = len(residents) / RESIDENTS
    centres, centre_nodes = _centres(seed, streets, count, scale, taken)
    candidates, candidate_nodes = _candidates(seed, streets, scale, taken)
    sites, site_nodes = _sites(seed, streets, taken)
    home = np.arange(streets.places)
    minutes = streets.minutes(np.concatenate([centre_nodes, candidate_nodes, site_nodes]))[:, home].T
    by_centre, by_candidate, by_site = np.split(
        minutes, [len(centre_nodes), len(centre_nodes) + len(candidate_nodes)], axis=1
    )
    code = areas["lsoa21cd"].combine_chunks()
    return {
        **streets.tables(),
        "areas": areas,
        "centres": centres,
        "centre_candidates": candidates,
        "siting_candidates": sites,
        "travel_minutes": _long(code, centres["centre_id"], "centre_id", "minutes", by_centre),
        "candidate_minutes": _long(code, candidates["candidate_id"], "candidate_id", "minutes", by_candidate),
        "siting_minutes": _long(code, sites["site_id"], "site_id", "minutes", by_site),
        "shopping_flows": _flows(seed, areas, centres, by_centre),
        "retail_truth": pa.table(
            {
                "key": pa.array(["decay", "alpha", "beta_per_minute", "attractiveness"], pa.string()),
                "value": pa.array(["exponential", str(ALPHA), str(BETA_PER_MINUTE), "floor_space_m2"], pa.string()),
            }
        ),
    }


def _areas(residents: Residents, places: pa.Table) -> pa.Table:
    n = len(places)
    population = np.bincount(residents.place, minlength=n)
    bands = {
        name: np.bincount(residents.place[(residents.age >= low) & (residents.age <= high)], minlength=n)
        for name, (low, high) in AGE_BANDS.items()
    }
    car = np.bincount(residents.place[residents.car], minlength=n) / np.maximum(population, 1)
    decile = places["imd_decile"].to_numpy()
    spend = np.round(population * SPEND_PER_HEAD * (0.72 + 0.05 * decile), 0)
    old = (bands["age_65_79"] + bands["age_80_plus"]) / np.maximum(population, 1)
    young = (bands["age_16_24"] + bands["age_25_44"]) / np.maximum(population, 1)
    return pa.table(
        {
            "lsoa21cd": places["lsoa21cd"],
            "name": places["name"],
            "lon": places["lon"],
            "lat": places["lat"],
            "node": pa.array(np.arange(n)),
            "population": pa.array(population),
            **{name: pa.array(count) for name, count in bands.items()},
            "imd_decile": places["imd_decile"],
            "car_access_share": pa.array(np.round(car, 4)),
            "classification": _classification(decile, old, young),
            "spend_pounds": pa.array(spend),
            "elsewhere_share": pa.array(np.round(0.16 + 0.012 * decile, 3)),
        }
    )


def _classification(decile: Ints, old: Floats, young: Floats) -> pa.Array:
    """An invented classification of areas, by deprivation and age."""
    names = ("Terraces and flats", "Estates with children", "Mixed suburbs", "Settled suburbs", "Retired edges")
    kind = np.where(decile <= 3, np.where(young > np.median(young), 0, 1), np.where(decile <= 7, 2, 3))
    kind = np.where((decile > 4) & (old > np.quantile(old, 0.75)), 4, kind)
    return pa.array(names, pa.string()).take(pa.array(kind))


def _centres(seed: int, streets: Streets, count: int, scale: float, taken: set[int]) -> tuple[pa.Table, Ints]:
    rows = CENTRES[:count]
    nodes = np.array([streets.nearest_free(row[2], row[3], taken) for row in rows])
    chance = generator(seed, "centre-sizes").uniform(0.85, 1.15, len(CENTRES))[:count]
    vacant = generator(seed, "vacant-shops").uniform(0.04, 0.22, len(CENTRES))[:count]
    leisure = generator(seed, "leisure-shops").uniform(0.10, 0.35, len(CENTRES))[:count]
    shops = np.array([row[5] for row in rows])
    return pa.table(
        {
            "centre_id": pa.array([f"RC{i + 1:02d}" for i in range(count)], pa.string()),
            "name": pa.array([row[0] for row in rows], pa.string()),
            "centre_class": pa.array([row[1] for row in rows], pa.string()),
            "lon": pa.array(streets.lon(nodes)),
            "lat": pa.array(streets.lat(nodes)),
            "node": pa.array(nodes),
            "floor_space_m2": pa.array(np.round(np.array([row[4] for row in rows]) * chance * scale, -1)),
            "running_cost_per_m2": pa.array([RUNNING_COST[row[1]] for row in rows]),
            "shops": pa.array(shops),
            "vacant_shops": pa.array(np.floor(shops * vacant).astype(np.int64)),
            "leisure_shops": pa.array(np.floor(shops * leisure).astype(np.int64)),
            "anchors": pa.array([row[6] for row in rows]),
        }
    ), nodes


def _candidates(seed: int, streets: Streets, scale: float, taken: set[int]) -> tuple[pa.Table, Ints]:
    """Twelve places where a new centre could be built."""
    n = len(NEW_CENTRE_SITES)
    away = 0.9 + 5.2 * np.sqrt(generator(seed, "candidate-radius").random(n))
    bearing = 2 * np.pi * (np.arange(n) + generator(seed, "candidate-bearing").random(n)) / n
    nodes = np.array(
        [streets.nearest_free(float(r * np.cos(b)), float(r * np.sin(b)), taken) for r, b in zip(away, bearing)]
    )
    centre = np.hypot(streets.east[nodes], streets.north[nodes]) < 2.5
    largest = np.round(generator(seed, "candidate-sizes").uniform(1_800, 11_500, n) * scale, -1)
    cost = np.where(centre, 290.0, 235.0) + np.round(generator(seed, "candidate-costs").uniform(-15, 25, n))
    return pa.table(
        {
            "candidate_id": pa.array([f"NC{i + 1:02d}" for i in range(n)], pa.string()),
            "name": pa.array(NEW_CENTRE_SITES, pa.string()),
            "lon": pa.array(streets.lon(nodes)),
            "lat": pa.array(streets.lat(nodes)),
            "node": pa.array(nodes),
            "centre_class": pa.array(np.where(centre, "district centre", "retail park").tolist(), pa.string()),
            "largest_m2": pa.array(largest),
            "running_cost_per_m2": pa.array(cost),
        }
    ), nodes


def _sites(seed: int, streets: Streets, taken: set[int]) -> tuple[pa.Table, Ints]:
    """Sites for charge points, libraries and health hubs, a fifth of which exist already."""
    columns: dict[str, list[object]] = {
        name: [] for name in ("site_id", "name", "kind", "capacity", "yearly_cost_pounds", "existing")
    }
    nodes: list[int] = []
    for kind, share, capacity, cost in SITE_KINDS:
        count = min(max(3, round(share * streets.places / 100)), (len(streets.east) - streets.places - len(taken)) // 2)
        spot = generator(seed, "siting", kind).random((count, 4))
        for number, (away, bearing, size, price) in enumerate(spot):
            r, b = 6.6 * np.sqrt(away), 2 * np.pi * bearing
            nodes.append(streets.nearest_free(float(r * np.cos(b)), float(r * np.sin(b)), taken))
            columns["site_id"].append(f"{kind[0].upper()}{number + 1:03d}")
            columns["name"].append(f"{kind.capitalize()} {number + 1}")
            columns["kind"].append(kind)
            columns["capacity"].append(round(capacity * (0.6 + 0.8 * float(size))))
            columns["yearly_cost_pounds"].append(round(cost * (0.75 + 0.5 * float(price)), -2))
            columns["existing"].append(number % 5 == 0)
    at = np.array(nodes)
    made = pa.table(columns)
    for name, values in (("lon", streets.lon(at)), ("lat", streets.lat(at)), ("node", at)):
        made = made.append_column(name, pa.array(values))
    return made, at


def _flows(seed: int, areas: pa.Table, centres: pa.Table, minutes: Floats) -> pa.Table:
    """Visits of one survey: multinomial draws from the planted law, for every area one draw; nobody's zeros are left out."""
    size = centres["floor_space_m2"].to_numpy()
    utility = ALPHA * np.log(size) - BETA_PER_MINUTE * minutes
    weight = np.exp(utility - utility.max(axis=1, keepdims=True))
    visits = np.round(VISITS_PER_RESIDENT * areas["population"].to_numpy()).astype(np.int64)
    drawn = generator(seed, "shopping-visits").multinomial(visits, weight / weight.sum(axis=1, keepdims=True))
    return _long(areas["lsoa21cd"].combine_chunks(), centres["centre_id"], "centre_id", "visits", drawn)


def _long(code: pa.Array, other: pa.ChunkedArray, other_name: str, name: str, values: Floats | Ints) -> pa.Table:
    """A matrix of areas by something as a long table."""
    rows, columns = values.shape
    return pa.table(
        {
            "lsoa21cd": code.take(pa.array(np.repeat(np.arange(rows), columns))),
            other_name: other.combine_chunks().take(pa.array(np.tile(np.arange(columns), rows))),
            name: pa.array(np.ascontiguousarray(values).ravel()),
        }
    )
