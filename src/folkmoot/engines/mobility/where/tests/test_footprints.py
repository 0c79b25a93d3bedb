"""Footprints: what must hold of any, what is known of simple ones, and devices put where they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.mobility import where
from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.where.grid import over, shares
from folkmoot.engines.mobility.where.present import posterior, present
from folkmoot.engines.mobility.where.signal import dominance, reach_metres, signal

WEST, SOUTH, SIDE = -2.65, 51.40, 0.05


def square(column: int, row: int) -> str:
    w, s = WEST + column * SIDE, SOUTH + row * SIDE
    e, n = w + SIDE, s + SIDE
    return f"POLYGON (({w} {s}, {e} {s}, {e} {n}, {w} {n}, {w} {s}))"


def town(columns: int = 3, rows: int = 2) -> where.Zones:
    return where.zones.of({f"{c}{r}": square(c, r) for c in range(columns) for r in range(rows)})


def cell_at(column: float, row: float, name: str = "A", **more: Any) -> where.Cells:
    held = {"cell_id": [name], "latitude": [SOUTH + row * SIDE], "longitude": [WEST + column * SIDE]}
    return where.cells.of({**held, **{key: [value] for key, value in more.items()}})


def lattice(step: float = 0.5, **more: Any) -> where.Cells:
    """Masts in the middle of quarters of every zone."""
    at = [(c, r) for c in np.arange(step / 2, 3, step) for r in np.arange(step / 2, 2, step)]
    return where.cells.of(
        {
            "cell_id": [f"C{k}" for k in range(len(at))],
            "longitude": [WEST + c * SIDE for c, _ in at],
            "latitude": [SOUTH + r * SIDE for _, r in at],
            **{name: [value] * len(at) for name, value in more.items()},
        }
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12), st.sampled_from(["signal", "voronoi"]), st.booleans())
def test_the_zones_of_a_cell_and_outside_sum_to_one(seed: int, size: int, method: Any, weighted: bool) -> None:
    spot, zones = np.random.default_rng(seed), town()
    made = where.cells.of(
        {
            "cell_id": [f"C{k}" for k in range(size)],
            "longitude": WEST + spot.uniform(-0.3, 0.5, size),
            "latitude": SOUTH + spot.uniform(-0.3, 0.5, size),
            "azimuth_angle": [None if spot.random() < 0.5 else 360 * spot.random() for _ in range(size)],
        }
    )
    prior = {zone: float(spot.random()) for zone in zones.zone_id} if weighted else None
    found = where.footprint(made, zones, method=method, prior=prior, tile=500.0)
    total = np.asarray(found.probability.sum(axis=1)).ravel() + found.outside
    np.testing.assert_allclose(total, 1.0, atol=1e-9)
    assert (found.probability.data >= 0).all()
    assert found.weight.sum() == pytest.approx(1.0)
    rows = found.cell_zone().to_pylist()
    for cell in found.cell_id:
        assert sum(row["probability"] for row in rows if row["cell_id"] == cell) == pytest.approx(1.0)
    held = found.confusion()
    assert held.counted.sum() + found.weight[found.likely < 0].sum() == pytest.approx(1.0)
    assert held.really.sum() == pytest.approx(1.0 - found.weight @ found.outside)
    assert (held.both <= np.minimum(held.counted, held.really) + 1e-12).all()


def test_tiles_hold_the_whole_area_of_every_zone() -> None:
    zones = town()
    made = over(zones, buffer=500.0, tile=250.0)
    held = np.asarray(shares(made, zones).sum(axis=0)).ravel() * made.tile**2
    np.testing.assert_allclose(held, zones.area_m2, rtol=1e-9)


def test_tiles_grow_when_the_area_is_large() -> None:
    assert over(town(), most=1_000).tile == 800.0


@pytest.mark.parametrize("method", ["signal", "voronoi"])
def test_a_dense_network_knows_the_zone(method: Any) -> None:
    found = where.footprint(lattice(range=1500), town(), method=method)
    assert (found.effective_zones < 3).all()
    zone = [f"{int(c)}{int(r)}" for c in np.arange(0.25, 3, 0.5) for r in np.arange(0.25, 2, 0.5)]
    assert [found.likely_zone(cell) for cell in found.cell_id] == zone


def test_a_mast_between_two_zones_is_in_each_by_half() -> None:
    made = where.footprint(cell_at(1.0, 0.5), town(2, 1), method="voronoi", reach=500.0)
    parts = made.cell_zone().to_pylist()
    assert [row["zone_id"] for row in parts] == ["00", "10"]
    assert [row["probability"] for row in parts] == pytest.approx([0.5, 0.5], abs=0.02)
    assert made.effective_zones[0] == pytest.approx(2.0, abs=0.01)


def test_people_draw_the_footprint_to_where_they_are() -> None:
    zones = town(2, 1)
    for method in ("signal", "voronoi"):
        made = where.footprint(
            cell_at(1.0, 0.5, range=1000),
            zones,
            method=method,
            prior={"00": 90.0, "10": 10.0},  # type: ignore[arg-type]
        )
        assert made.probability.toarray()[0] == pytest.approx([0.9, 0.1], abs=0.02)


def test_a_sector_is_heard_in_front_of_it() -> None:
    east = where.footprint(cell_at(1.5, 0.5, azimuth_angle=90, horizontal_beam_width=65, range=4000), town(3, 1))
    west = where.footprint(cell_at(1.5, 0.5, azimuth_angle=270, horizontal_beam_width=65, range=4000), town(3, 1))
    a, b = east.probability.toarray()[0], west.probability.toarray()[0]
    assert a[2] > 3 * a[0]
    assert b[0] > 3 * b[2]


def test_a_sector_of_three_parts_a_mast_as_the_others_do() -> None:
    held = {"cell_id": ["N", "SE", "SW"], "latitude": [SOUTH + SIDE / 2] * 3, "longitude": [WEST + SIDE * 1.5] * 3}
    made = signal(where.cells.of({**held, "azimuth_angle": [0, 120, 240]}), over(town(3, 1), tile=200.0))
    heard = np.asarray(made.likelihood.sum(axis=0)).ravel()
    assert heard[heard > 0] == pytest.approx(1.0)
    tiles = np.asarray(made.likelihood.sum(axis=1)).ravel()
    assert tiles.max() / tiles.min() < 1.4


def test_a_small_cell_is_heard_less_far_than_a_large_one() -> None:
    large, small = reach_metres(cell_at(0, 0))[0], reach_metres(cell_at(0, 0, cell_type="micro"))[0]
    assert large > 10_000 > 1_000 > small
    assert dominance(np.array([-92.5]))[0] == 0.5


def test_at_most_ten_cells_share_a_tile() -> None:
    made = signal(lattice(0.25), over(town(), buffer=0.0, tile=500.0)).likelihood.tocsc()
    assert np.diff(made.indptr).max() == 10


def test_cells_that_are_passed_over_would_not_have_been_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    from folkmoot.engines.mobility.where import signal as room

    spot = np.random.default_rng(2)
    at = {"latitude": SOUTH + 0.2 * spot.random(400), "longitude": WEST + 0.3 * spot.random(400)}
    azimuth = [None if k % 5 == 0 else 360 * spot.random() for k in range(400)]
    made = where.cells.of({"cell_id": [f"C{k}" for k in range(400)], **at, "azimuth_angle": azimuth})
    tiles = over(town(), buffer=0.0, tile=400.0)
    monkeypatch.setattr(room, "CHUNK", 20)
    some = room.signal(made, tiles).likelihood
    monkeypatch.setattr(room, "CHUNK", 400)
    every = room.signal(made, tiles).likelihood
    assert abs(some - every).max() < 1e-6


def test_a_cell_far_away_is_outside() -> None:
    for method in ("signal", "voronoi"):
        made = where.footprint(cell_at(60, 60), town(), method=method)  # type: ignore[arg-type]
        assert made.outside.tolist() == [1.0]
        assert made.likely_zone("A") is None


def test_a_cell_that_moved_has_two_footprints_and_one_renamed_has_one() -> None:
    held = {
        "cell_id": ["M", "M", "OLD", "NEW"],
        "latitude": [SOUTH + SIDE / 2] * 4,
        "longitude": [WEST + SIDE * at for at in (0.5, 2.5, 1.5, 1.5)],
        "valid_date_start": [None, "2026-03-05", None, "2026-03-05"],
        "valid_date_end": ["2026-03-04", None, "2026-03-04", None],
        "range": [1500] * 4,
    }
    made = where.footprint(
        where.cells.of(held), town(3, 1), method="voronoi", first=date(2026, 3, 1), last=date(2026, 3, 8)
    )
    assert {cell: made.likely_zone(cell) for cell in made.cell_id} == {"M": "00", "OLD": "10", "M@2026-03-05": "20"}
    assert made.weight.sum() == pytest.approx(1.0)


def test_cells_of_other_days_leave_the_footprint_alone() -> None:
    held = {
        "cell_id": ["A", "B"],
        "latitude": [SOUTH + SIDE / 2] * 2,
        "longitude": [WEST + SIDE * at for at in (0.5, 0.6)],
    }
    dated = where.cells.of({**held, "valid_date_end": [None, "2026-01-01"]})
    with_it = where.footprint(dated, town(), first=date(2026, 3, 1), last=date(2026, 3, 2), tile=500.0)
    alone = where.footprint(cell_at(0.5, 0.5), town(), tile=500.0)
    assert with_it.cell_id == ("A",)
    np.testing.assert_allclose(with_it.probability.toarray(), alone.probability.toarray())


def test_a_period_without_cells_is_refused() -> None:
    dated = cell_at(0.5, 0.5, valid_date_end="2026-01-01")
    with pytest.raises(MobilityError, match="No cell was there in the period"):
        where.footprint(dated, town(), first=date(2026, 3, 1), last=date(2026, 3, 2))


def test_a_prior_that_lacks_a_zone_is_refused_by_name() -> None:
    with pytest.raises(MobilityError, match="no number for 5 of 6 zones"):
        where.footprint(lattice(), town(), prior={"00": 1.0}, tile=500.0)


def test_devices_improve_on_the_prior_and_none_is_lost() -> None:
    zones, made = town(3, 1), lattice(0.5, range=2500)
    made = made.on(date(2026, 3, 2))
    covered = signal(made, over(zones, buffer=1_000.0, tile=250.0))
    even = posterior(covered, zones, keys=made.cell_id)
    # Everybody is in the western zone: the cells see them by their likelihood there.
    inside = shares(covered.grid, zones).toarray()[:, 0] > 0.99
    seen = np.asarray(covered.likelihood[:, np.flatnonzero(inside)].sum(axis=1)).ravel()
    devices = dict(zip(made.cell_id, (1000 * seen / seen.sum()).tolist()))
    first = sum(devices[cell] * even.probability.toarray()[row, 0] for row, cell in enumerate(made.cell_id))
    found = present(covered, zones, devices, keys=made.cell_id)
    total = found.devices.sum() + found.outside + found.unplaced
    assert total == pytest.approx(1000.0)
    assert found.devices[0] > 1.2 * first
    assert 1 <= found.steps <= 20


def test_devices_on_a_cell_that_is_not_there_are_refused() -> None:
    covered = signal(cell_at(0.5, 0.5), over(town(), tile=1000.0))
    with pytest.raises(MobilityError, match="“X” among them"):
        present(covered, town(), {"X": 3.0}, keys=("A",))


def test_the_interval_of_a_count_holds_the_truth_as_often_as_it_says() -> None:
    """Devices spread as the prior says, each on a cell by chance; counted by likeliest zone."""
    spot, zones = np.random.default_rng(11), town()
    made = where.footprint(lattice(0.5, range=2500), zones, prior=dict.fromkeys(zones.zone_id, 100.0), tile=250.0)
    joint = np.hstack([made.probability.toarray(), made.outside[:, None]]) * made.weight[:, None]
    held = made.confusion()
    inside, rounds = 0, 400
    for _ in range(rounds):
        drawn = spot.multinomial(5_000, joint.ravel()).reshape(joint.shape)
        counted = int(drawn[made.likely == 0].sum())
        low, high = where.uncertainty(held, counted, zones.zone_id[0]).interval(0.95)
        inside += low <= drawn[:, 0].sum() <= high
    assert 0.92 <= inside / rounds <= 0.99


def test_a_pair_of_zones_is_less_sure_than_either_end() -> None:
    made = where.footprint(lattice(0.5, range=3000), town(), tile=250.0)
    zone = where.uncertainty(made, 1000, "00")
    pair = where.uncertainty(made, 1000, "00", "20")
    assert pair.random > zone.random > 0
    assert where.uncertainty(made, 4000, "00").random == pytest.approx(zone.random / 2)


def test_a_count_without_a_zone_or_of_no_number_is_refused() -> None:
    made = where.footprint(lattice(), town(), method="voronoi")
    with pytest.raises(MobilityError, match="no zone “99”"):
        where.uncertainty(made, 10, "99")
    with pytest.raises(MobilityError, match="not a number of devices"):
        where.uncertainty(made, float("nan"), "00")
