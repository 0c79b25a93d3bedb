"""The streets are a planar connected web, and every travel time is a shortest path over the table of streets."""

import heapq

import numpy as np
import pytest

from folkmoot import town
from folkmoot.town import borough, streets

TOWN = town.build(seed=5, scale="test")


@pytest.fixture(scope="module")
def web() -> streets.Streets:
    return streets.lay(5, borough.places(5, 20))


def crosses(web: streets.Streets, a: int, b: int) -> bool:
    """Whether two streets cross between their ends, by the signs of four triangles."""
    p, q, r, s = web.start[a], web.end[a], web.start[b], web.end[b]
    if len({int(p), int(q), int(r), int(s)}) < 4:
        return False

    def side(i: int, j: int, k: int) -> float:
        along = (web.east[j] - web.east[i]) * (web.north[k] - web.north[i])
        return float(along - (web.north[j] - web.north[i]) * (web.east[k] - web.east[i]))

    return side(p, q, r) * side(p, q, s) < 0 and side(r, s, p) * side(r, s, q) < 0


def test_everybody_can_drive_everywhere(web: streets.Streets) -> None:
    assert np.isfinite(web.minutes(np.arange(len(web.east)))).all()


def test_no_two_streets_cross_except_at_a_junction(web: streets.Streets) -> None:
    n = len(web.start)
    assert not any(crosses(web, a, b) for a in range(n) for b in range(a + 1, n))


def test_the_way_back_takes_as_long_as_the_way_there(web: streets.Streets) -> None:
    nodes = np.arange(0, len(web.east), 7)
    there = web.minutes(nodes)[:, nodes]
    assert np.allclose(there, there.T, rtol=0, atol=0.0101)


def test_travel_minutes_are_shortest_paths_over_the_table_of_streets() -> None:
    joined: dict[int, list[tuple[int, float]]] = {}
    for row in TOWN["streets"].to_pylist():
        joined.setdefault(row["from_node"], []).append((row["to_node"], row["minutes"]))
        joined.setdefault(row["to_node"], []).append((row["from_node"], row["minutes"]))
    centre = TOWN["centres"].to_pylist()[2]
    best, queue = {}, [(0.0, centre["node"])]
    while queue:
        minutes, node = heapq.heappop(queue)
        if node in best:
            continue
        best[node] = minutes
        for other, more in joined[node]:
            heapq.heappush(queue, (minutes + more, other))
    home = dict(zip(TOWN["areas"]["lsoa21cd"].to_pylist(), TOWN["areas"]["node"].to_pylist()))
    rows = [row for row in TOWN["travel_minutes"].to_pylist() if row["centre_id"] == centre["centre_id"]]
    assert len(rows) == 20
    for row in rows:
        assert row["minutes"] == pytest.approx(best[home[row["lsoa21cd"]]], abs=0.0051)


def test_main_roads_are_faster_than_the_high_street() -> None:
    table = TOWN["streets"]
    kph = 0.06 * table["metres"].to_numpy() / table["minutes"].to_numpy()
    road = np.array(table["road"].to_pylist())
    assert np.median(kph[road == "main road"]) > np.median(kph[road == "street"])
    assert np.median(kph[road == "street"]) > np.median(kph[road == "high street"])
