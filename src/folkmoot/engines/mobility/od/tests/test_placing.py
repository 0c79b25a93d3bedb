"""Where devices are put: right on average, always in the same zone, and in the town centre although nobody lives there."""

from __future__ import annotations

from collections import Counter
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
import shapely
from scipy.sparse import csr_array

from folkmoot.engines.mobility import where
from folkmoot.engines.mobility.disclose import Policy
from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.od import Settings, gather
from folkmoot.engines.mobility.od.placing import homes, placed
from folkmoot.engines.mobility.trips import drawn
from folkmoot.engines.mobility.where import Confusion, Footprint, learned
from folkmoot.store.movement import keeper, session
from folkmoot.town import movement

THREE = Footprint(
    ("A", "B"), ("W", "M", "E"), csr_array([[0.5, 0.2, 0.0], [0.0, 0.1, 0.9]]), np.array([0.3, 0.0]), np.ones(2) / 2, "signal"
)  # fmt: skip


def test_draws_come_as_often_as_the_footprint_says_and_never_change() -> None:
    users = pa.array([b"%016d" % k for k in range(20_000)], pa.binary())
    zones = drawn(users, pa.array(["A"] * 20_000), THREE)
    many = Counter(zones.to_pylist())
    for zone, chance in (("W", 0.5), ("M", 0.2), (None, 0.3)):
        assert many[zone] / 20_000 == pytest.approx(chance, abs=4 * (chance * (1 - chance) / 20_000) ** 0.5)
    turned = np.random.default_rng(1).permutation(20_000)
    assert drawn(users.take(pa.array(turned)), pa.array(["A"] * 20_000), THREE).equals(zones.take(pa.array(turned)))


def test_a_device_is_drawn_for_each_cell_by_itself_and_nowhere_on_a_cell_that_is_not_known() -> None:
    users = pa.array([f"u{k}" for k in range(4_000)])
    first, second = (drawn(users, pa.array([cell] * 4_000), THREE).to_pylist() for cell in "AB")
    both = Counter(zip(first, second, strict=True))
    assert both["W", "E"] / 4_000 == pytest.approx(0.5 * 0.9, abs=0.03)
    assert drawn(users[:3], pa.array(["?", None, "B"], pa.string()), THREE).to_pylist()[:2] == [None, None]


def test_what_devices_say_turns_an_even_prior_towards_where_they_are() -> None:
    rng = np.random.default_rng(2)
    true = np.array([0.02, 0.9, 0.08])
    hear = rng.dirichlet(np.ones(12), 3)  # P(cell | zone)
    joint = (hear / 3).T
    even = Footprint(
        tuple(f"C{k}" for k in range(12)), ("W", "M", "E"), csr_array(joint / joint.sum(axis=1, keepdims=True)), np.zeros(12),
        joint.sum(axis=1), "signal",
    )  # fmt: skip
    heard = rng.multinomial(50_000, true @ hear)
    made = learned(even, {f"C{k}": float(n) for k, n in enumerate(heard)})
    error = np.abs(made.weight @ made.probability.toarray() - true).max()
    assert error < 0.4 * np.abs(even.weight @ even.probability.toarray() - true).max()
    assert np.allclose(np.asarray(made.probability.sum(axis=1)).ravel() + made.outside, 1.0)
    with pytest.raises(MobilityError, match="“X” among them"):
        learned(even, {"X": 1.0})


def test_with_known_numbers_only_the_part_outside_is_learned() -> None:
    even = Footprint(
        ("A", "B"), ("W", "E"), csr_array([[0.5, 0.5], [0.1, 0.1]]), np.array([0.0, 0.8]), np.ones(2) / 2, "signal"
    )
    inside = learned(even, {"A": 100.0, "B": 20.0}, density=np.array([1.0, 3.0]))
    away = learned(even, {"A": 100.0, "B": 900.0}, density=np.array([1.0, 3.0]))
    for made in (inside, away):
        held = made.probability.toarray()
        assert held[:, 1] == pytest.approx(3 * held[:, 0])
    assert inside.outside[1] < 0.1 < 0.9 < away.outside[1]


def test_a_drawn_count_is_off_by_chance_alone_and_by_as_much_as_is_said() -> None:
    rng = np.random.default_rng(3)
    held = Confusion.drawn([(THREE, 1.0)])
    assert held.counted == pytest.approx(held.really)
    joint = np.hstack([THREE.probability.toarray(), THREE.outside[:, None]]) * THREE.weight[:, None]
    inside = 0
    for round_ in range(300):
        true = rng.multinomial(600, joint.ravel()).reshape(joint.shape)
        cells = pa.array([cell for row, cell in enumerate("AB") for _ in range(true[row].sum())])
        users = pa.array([f"{round_} {k}" for k in range(len(cells))])
        counted = drawn(users, cells, THREE).to_pylist().count("M")
        low, high = where.uncertainty(held, counted, "M").interval(0.95)
        inside += low <= true[:, 1].sum() <= high
    assert 0.9 <= inside / 300 <= 0.99


def test_homes_follow_residents_and_other_ends_what_goes_on() -> None:
    zones = where.zones.of(
        {name: shapely.box(west, 51.4, west + 0.1, 51.5) for name, west in (("W", -2.7), ("M", -2.6), ("E", -2.5))}
    )
    made = pa.table(
        {"user_id": ["u"] * 3 + ["v"], "origin_cell": ["A", "B", "A", "B"], "destination_cell": ["B", "A", "B", "B"]}
    )
    places = pa.table({"user_id": ["u", "v", "w"], "home_cell": ["A", None, "A"]})
    put = placed(
        ibis.memtable(made), ibis.memtable(places), THREE, zones, residents={"W": 1, "M": 0, "E": 0},
        activity={"W": 0, "M": 0, "E": 5},
    )  # fmt: skip
    zone = {(row["user_id"], row["cell_id"]): row["zone_id"] for row in put.zones.to_pylist()}
    assert zone["u", "B"] == zone["v", "B"] == "E"
    assert zone["u", "A"] in {"W", None}
    lived = {row["user_id"]: row["home_zone"] for row in put.homes.to_pylist()}
    assert lived["v"] is None
    assert zone["u", "A"] == lived["u"]


@pytest.mark.parametrize("seed", [1, 5])
def test_the_intervals_of_homes_hold_the_truth_in_most_zones(seed: int) -> None:
    """Homes as the town has them, each device on its home's cell; where they are put is what is tried."""
    town = movement.build(seed=seed, residents=40_000)
    zones = _zones(town)
    truth = town["truth_homes"]
    places = ibis.memtable(truth.select(["user_id", "home_cell"]))
    even = where.footprint(where.cells.of(town["cells"]), zones)
    residents = dict(zip(town["zones"]["zone_id"].to_pylist(), map(float, town["zones"]["residents"].to_pylist())))
    lived, held = homes(places, even, zones, residents)
    put, true = Counter(lived["home_zone"].to_pylist()), Counter(truth["home_zone"].to_pylist())
    confusion = Confusion.drawn([(held, 1.0)])
    inside = 0
    for zone in zones.zone_id:
        error = where.uncertainty(confusion, put[zone], zone).relative_standard_error
        spread = 1.96 * put[zone] * np.hypot(error, Settings().footprint_error)
        inside += abs(put[zone] - true[zone]) <= spread
    assert inside >= 0.85 * len(zones.zone_id)


def _zones(town: Any) -> Any:
    shapes = [shapely.from_wkb(each) for each in town["zones"]["wkb"].to_pylist()]
    return where.zones.of(dict(zip(town["zones"]["zone_id"].to_pylist(), shapes, strict=True)))


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, dict[tuple[str, str], int], Any]:
    """A town of 40,000 in which the most go where the fewest live: what is released, the truth, and the zones."""
    town = movement.build(seed=1, residents=40_000)
    zones = _zones(town)
    with session() as backend:
        evidence = gather(
            backend.create_table("events", town["events"]), where.cells.of(town["cells"]), zones, threads=2,
            population=town["population"], keep=keeper(backend, tmp_path_factory.mktemp("kept")),
        )  # fmt: skip
    ends = (
        [zone or "outside" for zone in town["truth_trips"][f"{end}_zone"].to_pylist()]
        for end in ("origin", "destination")
    )
    truth = Counter(zip(*ends, strict=True))
    return evidence.release(policy=Policy(k=10, secret=b"a secret of tests"), name="the day"), truth, town["zones"]


def test_released_trips_are_where_the_true_ones_are(matrix: Any) -> None:
    made, truth, _ = matrix
    rows = made.table.to_pylist()
    found, true = np.array([[row["trips"], truth[row["origin"], row["destination"]]] for row in rows]).T
    assert np.corrcoef(found, true)[0, 1] ** 2 > 0.45


def test_the_centre_is_found_although_few_live_there(matrix: Any) -> None:
    made, truth, zones = matrix
    into = Counter()
    for (_, destination), trips in truth.items():
        into[destination] += trips
    ((most, _),) = into.most_common(1)
    people = dict(zip(zones["zone_id"].to_pylist(), zones["residents"].to_pylist(), strict=True))
    assert people[most] < np.median(list(people.values()))
    came: Counter[str] = Counter()
    for row in made.table.to_pylist():
        came[row["destination"]] += row["trips"]
    assert came.most_common(1)[0][0] == most


def test_nearly_every_home_is_in_a_zone_and_weights_need_no_cap(matrix: Any) -> None:
    made, _, _ = matrix
    told = " ".join(made.manifest["statements"])
    assert "No weight is above" not in told
    assert "effective sample size" in told
