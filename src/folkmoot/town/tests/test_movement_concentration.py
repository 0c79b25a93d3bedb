"""Flows gather enough that much of what is published survives a threshold of ten raw devices."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from folkmoot.town import movement

K = 10


def survivors(made: movement.Movement, *by: str) -> tuple[int, int, float]:
    """Cells of the true OD of those with a phone, cells with at least K of them, and the share of trips in these."""
    trips = made["truth_trips"]
    seen = made["truth_devices"]["traveller_id"].combine_chunks().unique()
    trips = trips.filter(pc.is_in(trips["traveller_id"], seen))
    trips = trips.append_column("hour", pc.hour(pc.cast(trips["departed"], pa.timestamp("us", "Europe/London"))))
    cells = trips.group_by(["origin_zone", "destination_zone", *by]).aggregate(
        [("traveller_id", "count_distinct"), ("traveller_id", "count")]
    )
    devices, count = cells["traveller_id_count_distinct"].to_numpy(), cells["traveller_id_count"].to_numpy()
    return len(cells), int((devices >= K).sum()), float(count[devices >= K].sum() / count.sum())


def test_at_demo_scale_many_cells_of_an_hour_survive():
    made = movement.build(seed=1, residents=40_000)
    cells, kept, share = survivors(made, "hour")
    assert kept > 800
    assert share > 0.4
    # And many do not, so that suppression has work to do.
    assert kept < 0.5 * cells


def test_with_ten_thousand_residents_a_third_or_more_of_a_days_trips_survive():
    _, kept, share = survivors(movement.build(seed=1, residents=10_000))
    assert share > 0.34
    assert kept > 60


def test_also_for_an_operator_with_a_quarter_of_the_market():
    _, _, share = survivors(movement.build(seed=1, residents=10_000, share=0.25))
    assert share > 0.34


@pytest.mark.parametrize("seed", [2, 3])
def test_trips_are_far_from_uniform(seed):
    made = movement.build(seed=seed, residents=10_000)
    pairs = made["truth_trips"].group_by(["origin_zone", "destination_zone"]).aggregate([([], "count_all")])
    count = np.sort(pairs["count_all"].to_numpy())[::-1]
    tenth = count[: len(count) // 10].sum() / count.sum()
    assert tenth > 0.3
