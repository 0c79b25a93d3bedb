"""The estate of an invented trust, Aldermoor Health and Care: 112 sites with leases, floor, costs and what they are for.

Site kinds differ in what they may take: only units with wards take wards, offices take desks alone. About every third
site is leased, half of those with a break. Floor stands empty or under-used more often in the small and old ones, which is
why fewer sites are possible. `estate_services` says how many sessions a week each site holds of each service and how many
m² a session needs a week; `estate_travel` how long the way to each site is.

`planted_estate` is a second, tiny one whose best plan can be told from its construction, for tests.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from folkmoot.town.borough import Floats, Ints
from folkmoot.town.randomness import generator
from folkmoot.town.streets import Streets

SITES = 112
FIRST_YEAR = 2027

# Kind, how many, m² from and to, clinical share, £ a year per m², services it holds, services it could take besides.
KINDS = (
    ("Community hospital", 6, 2_500, 9_000, 0.72, 145, ("inpatient", "physiotherapy", "outpatient"), ("children",)),
    ("Health centre", 26, 500, 2_200, 0.64, 118, ("outpatient", "physiotherapy", "children"), ("podiatry",)),
    ("Clinic", 46, 120, 650, 0.66, 124, ("outpatient", "podiatry"), ("physiotherapy", "children")),
    ("Children's centre", 14, 180, 700, 0.58, 121, ("children",), ("outpatient",)),
    ("Office", 20, 150, 2_600, 0.0, 104, (), ()),
)
ROADS = (
    "Abbey", "Brook", "Canal", "Dyke", "Elm", "Forge", "Granary", "Heron", "Infirmary", "Junction", "Kiln", "Lime",
    "Maltings", "Nursery", "Orchard", "Parade", "Quarry", "Ropewalk", "Station", "Tannery", "Union", "Vicarage", "Wharf",
    "Yarrow",
)  # fmt: skip
M2_A_SESSION = {"inpatient": 0.0, "outpatient": 1.9, "physiotherapy": 3.1, "podiatry": 1.6, "children": 2.4}


def tables(seed: int, streets: Streets, areas: pa.Table) -> dict[str, pa.Table]:
    """`estate_sites`, `estate_services` and `estate_travel`."""
    chance = generator(seed, "estate")
    nodes = np.sort(generator(seed, "estate-places").choice(len(streets.east), size=SITES, replace=False)).astype(
        np.int64
    )
    kinds = [kind for kind in KINDS for _ in range(kind[1])]
    order = chance.permutation(SITES)
    rows = [_site(chance, int(k), kinds[int(order[k])]) for k in range(SITES)]
    sites = pa.Table.from_pylist([row for row, _ in rows], schema=SCHEMA)
    sites = sites.append_column("lon", pa.array(streets.lon(nodes))).append_column("lat", pa.array(streets.lat(nodes)))
    services = pa.Table.from_pylist([one for _, held in rows for one in held], schema=SERVICES)
    return {"estate_sites": sites, "estate_services": services, "estate_travel": _travel(streets, nodes, areas, sites)}


SCHEMA = pa.schema(
    [
        ("site_code", pa.string()), ("name", pa.string()), ("kind", pa.string()), ("tenure", pa.string()),
        ("lease_break", pa.int64()), ("lease_end", pa.int64()), ("gia_m2", pa.float64()), ("clinical_m2", pa.float64()),
        ("non_clinical_m2", pa.float64()), ("rooms", pa.int64()), ("empty_percent", pa.float64()),
        ("under_used_percent", pa.float64()), ("running_cost_pounds", pa.int64()), ("rent_pounds", pa.int64()),
        ("backlog_high_pounds", pa.int64()), ("backlog_significant_pounds", pa.int64()),
        ("backlog_moderate_pounds", pa.int64()), ("backlog_low_pounds", pa.int64()), ("accepts", pa.string()),
    ]
)  # fmt: skip
SERVICES = pa.schema(
    [
        ("site_code", pa.string()), ("service", pa.string()), ("sessions_a_week", pa.float64()),
        ("m2_a_session", pa.float64()), ("m2", pa.float64()),
    ]
)  # fmt: skip


def _site(
    chance: np.random.Generator, k: int, kind: tuple[str, int, int, int, float, int, tuple[str, ...], tuple[str, ...]]
) -> tuple[dict[str, object], list[dict[str, object]]]:
    name, _, low, high, share, per_m2, holds, besides = kind
    code = f"ALD{k + 1:03d}"
    gia = float(round(low + (high - low) * chance.random() ** 2))
    used_for_patients = round(gia * share * (0.92 + 0.16 * chance.random()), 0) if share else 0.0
    small = gia < 700
    empty = round(float(np.clip(chance.gamma(1.3, 6.0 if small else 3.5), 0, 45)), 1)
    under = round(float(np.clip(chance.gamma(1.5, 9.0 if small else 7.0), 0, 50)), 1)
    leased = chance.random() < 0.36
    end = FIRST_YEAR + int(chance.integers(1, 14)) if leased else None
    breaks = FIRST_YEAR + int(chance.integers(0, end - FIRST_YEAR)) if end and chance.random() < 0.5 else None
    backlog = [int(gia * rate * chance.gamma(0.7, 1.0)) for rate in (9, 34, 48, 27)]
    row: dict[str, object] = {
        "site_code": code,
        "name": f"{ROADS[k % len(ROADS)]} {'Street' if k < 24 else 'Road' if k < 48 else 'Lane' if k < 72 else 'Way'} {name}",
        "kind": name, "tenure": "leasehold" if leased else "freehold", "lease_break": breaks, "lease_end": end,
        "gia_m2": gia, "clinical_m2": used_for_patients, "non_clinical_m2": round(gia * 0.94 - used_for_patients),
        "rooms": int(used_for_patients // 18), "empty_percent": empty, "under_used_percent": under,
        "running_cost_pounds": int(gia * per_m2 * (0.85 + 0.3 * chance.random())),
        "rent_pounds": int(gia * (70 + 50 * chance.random())) if leased else 0,
        "backlog_high_pounds": backlog[0], "backlog_significant_pounds": backlog[1],
        "backlog_moderate_pounds": backlog[2], "backlog_low_pounds": backlog[3],
        "accepts": ";".join((*holds, *besides, "non-clinical")),
    }  # fmt: skip
    weight = chance.random(len(KINDS)) + 0.4
    in_use = used_for_patients * max(0.0, 1 - (empty + under) / 100)
    held: list[dict[str, object]] = []
    for s, service in enumerate(holds):
        m2 = round(in_use * float(weight[s] / weight[: len(holds)].sum()), 1)
        each = M2_A_SESSION[service]
        sessions = round(m2 / each, 1) if each else 0.0
        held.append(
            {"site_code": code, "service": service, "sessions_a_week": sessions, "m2_a_session": each, "m2": m2}
        )
    return row, held


def _travel(streets: Streets, nodes: Ints, areas: pa.Table, sites: pa.Table) -> pa.Table:
    minutes: Floats = streets.minutes(nodes)[:, : streets.places].T
    area, site = np.repeat(np.arange(streets.places), SITES), np.tile(np.arange(SITES), streets.places)
    return pa.table(
        {
            "lsoa21cd": areas["lsoa21cd"].combine_chunks().take(pa.array(area)),
            "site_code": sites["site_code"].combine_chunks().take(pa.array(site)),
            "minutes": pa.array(minutes.ravel()),
        }
    )


def planted_estate(pairs: int = 6, *, worth: int = 4) -> pa.Table:
    """`pairs` of a small site and a hub with just enough empty floor for it and for no other; closing `worth` of them pays.

    The best plan closes exactly the `worth` dear ones: the cheap ones cost less to keep than to refit for.
    """
    rows = []
    for k in range(pairs):
        m2 = 200.0 + 10 * k
        dear = k < worth
        only = f"service {k}"
        for code, hub in ((f"SMALL{k}", False), (f"HUB{k}", True)):
            rows.append(
                {
                    "site_code": code, "name": code.title(), "kind": "Clinic", "tenure": "freehold", "lease_break": None,
                    "lease_end": None, "gia_m2": 1000.0 if hub else m2, "clinical_m2": m2, "non_clinical_m2": 0.0,
                    "rooms": 1, "empty_percent": 50.0 if hub else 0.0, "under_used_percent": 0.0,
                    "running_cost_pounds": 900_000 if hub else 300_000 if dear else 1_000, "rent_pounds": 0,
                    **{f"backlog_{risk}_pounds": 0 for risk in ("high", "significant", "moderate", "low")},
                    "accepts": only,
                }
            )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SCHEMA)
