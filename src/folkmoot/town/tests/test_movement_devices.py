"""Whose devices they are: the operator's uneven share, second and new SIMs, meters, lorries, roamers, and who opted out."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from folkmoot.town import movement


@pytest.fixture(scope="module")
def made() -> movement.Movement:
    return movement.build(seed=8, residents=12_000, days=2, first_day=date(2026, 3, 31), share=0.4)


@pytest.fixture(scope="module")
def devices(made) -> pa.Table:
    return made["truth_devices"].filter(pc.equal(made["truth_devices"]["month"], date(2026, 3, 1)))


def of(made, devices, kind, name="events"):
    users = devices.filter(pc.equal(devices["kind"], kind))["user_id"].combine_chunks()
    return made[name].filter(pc.is_in(made[name]["user_id"], users))


@pytest.mark.parametrize("share", [0.25, 0.4, 0.85])
def test_the_share_is_the_one_asked_for_over_all_residents(share):
    truth = movement.world(seed=8, residents=12_000, share=share).tables["truth_share"]
    assert pc.sum(truth["residents"]).as_py() == 12_000
    assert pc.sum(truth["with_phone"]).as_py() / 12_000 == pytest.approx(share, abs=0.015)


def test_the_share_differs_by_age_and_by_area(made):
    truth = made["truth_share"]
    by_age = {
        r["age_band"]: r["with_phone_sum"] / r["residents_sum"]
        for r in truth.group_by("age_band").aggregate([("residents", "sum"), ("with_phone", "sum")]).to_pylist()
    }
    assert by_age["0-15"] < 0.5 * by_age["75+"] < 0.5 * by_age["16-24"]
    by_zone = truth.group_by("zone_id").aggregate([("residents", "sum"), ("with_phone", "sum")]).to_pylist()
    shares = np.array([r["with_phone_sum"] / r["residents_sum"] for r in by_zone if r["residents_sum"] > 300])
    # More than chance alone would do.
    assert shares.std() > 3 * np.sqrt(0.4 * 0.6 / 900)


def test_nobody_below_eight_has_a_phone_and_infants_still_have_a_truth(made, devices):
    occupation = made["residents"]["occupation"].to_pylist()
    own = devices.filter(devices["resident"])["traveller_id"].to_pylist()
    assert "infant" not in {occupation[each] for each in own}
    infants = {i for i, each in enumerate(occupation) if each == "infant"}
    assert infants <= set(made["truth_stays"]["traveller_id"].to_pylist())


def test_a_person_with_two_sims_is_two_pseudonyms_at_the_same_places(made, devices):
    second = devices.filter(devices["second_sim"])
    assert 0.02 < len(second) / pc.sum(devices["resident"]).as_py() < 0.05
    both = devices.filter(pc.is_in(devices["traveller_id"], second["traveller_id"].combine_chunks()))
    assert len(both.group_by("user_id").aggregate([])) == len(both)
    homes = made["truth_homes"].filter(
        pc.is_in(made["truth_homes"]["traveller_id"], second["traveller_id"].combine_chunks())
    )
    grouped = homes.group_by("traveller_id").aggregate([("home_cell", "count_distinct"), ("user_id", "count")])
    assert set(grouped["home_cell_count_distinct"].to_pylist()) <= {0, 1}
    assert set(grouped["user_id_count"].to_pylist()) == {2}


def test_after_a_sim_swap_the_old_pseudonym_is_silent_and_the_new_one_speaks(made, devices):
    old = devices.filter(devices["used_until"].is_valid())
    new = devices.filter(devices["used_from"].is_valid())
    assert len(old) == len(new) > 10
    events = pa.concat_tables([made["events"], made["late"]])
    last = {
        r["user_id"]: r["timestamp_max"]
        for r in events.group_by("user_id").aggregate([("timestamp", "max")]).to_pylist()
    }
    april = made["truth_devices"].filter(pc.equal(made["truth_devices"]["month"], date(2026, 4, 1)))
    renewed = april.filter(april["used_from"].is_valid())
    first = {
        r["user_id"]: r["timestamp_min"]
        for r in events.group_by("user_id").aggregate([("timestamp", "min")]).to_pylist()
    }
    heard = 0
    for row in (*old.to_pylist(), *april.filter(april["used_until"].is_valid()).to_pylist()):
        assert last.get(row["user_id"], row["used_until"]) <= row["used_until"]
    for row in (*new.to_pylist(), *renewed.to_pylist()):
        heard += row["user_id"] in first
        assert first.get(row["user_id"], row["used_from"]) >= row["used_from"]
    assert heard > 5


def test_a_pseudonym_is_of_one_month_and_nobody_keeps_theirs(made):
    table = made["truth_devices"]
    assert len(table.group_by("user_id").aggregate([])) == len(table)
    months = made["events"].append_column(
        "month", pc.month(pc.cast(made["events"]["timestamp"], pa.timestamp("us", "Europe/London")))
    )
    grouped = months.group_by("user_id").aggregate([("month", "count_distinct")])
    assert set(grouped["month_count_distinct"].to_pylist()) == {1}


def test_a_meter_reports_from_one_cell_at_a_fixed_period(made, devices):
    seen = of(made, devices, "meter").sort_by([("user_id", "ascending"), ("timestamp", "ascending")])
    cells = seen.group_by("user_id").aggregate([("cell_id", "count_distinct")])
    assert set(cells["cell_id_count_distinct"].to_pylist()) == {1}
    user = seen["user_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    gap = np.diff(seen["timestamp"].cast(pa.int64()).to_numpy() / 60e6)[user[1:] == user[:-1]]
    assert set(np.round(gap / 15).astype(int)) == {1, 2, 4}
    assert np.abs(gap - 15 * np.round(gap / 15)).max() < 0.1


def test_lorries_drive_all_day_and_are_seen_steadily(made, devices):
    trips = made["truth_trips"].filter(pc.equal(made["truth_trips"]["mode"], "heavy goods"))
    each = trips.group_by("traveller_id").aggregate([("km", "sum"), ("km", "count")])
    assert np.median(each["km_count"].to_numpy()) / 2 > 5
    assert set(
        devices.filter(pc.is_in(devices["traveller_id"], trips["traveller_id"].combine_chunks().unique()))[
            "kind"
        ].to_pylist()
    ) == {"heavy goods vehicle"}
    per_device = of(made, devices, "heavy goods vehicle").group_by("user_id").aggregate([([], "count_all")])
    assert np.median(per_device["count_all"].to_numpy()) > 40


def test_roamers_have_a_foreign_network_and_nobody_else_has(made, devices):
    roaming = of(made, devices, "roamer")
    assert len(roaming) > 100
    assert 234 not in roaming["mcc"].to_pylist()
    assert len(set(roaming["mcc"].to_pylist())) > 3
    users = devices.filter(pc.not_equal(devices["kind"], "roamer"))["user_id"].combine_chunks()
    others = made["events"].filter(pc.is_in(made["events"]["user_id"], users))
    assert set(others["mcc"].to_pylist()) == {234}
    assert set(others["mnc"].to_pylist()) == {"99"}


def test_away_supporters_are_seen_only_on_the_day_of_the_match(made, devices):
    assert len(of(made, devices, "away supporter")) == 0
    match = movement.build(seed=8, residents=2_000, first_day=date(2026, 3, 7), event_day=date(2026, 3, 7))
    assert len(of(match, match["truth_devices"], "away supporter")) > 500


def test_who_opted_out_is_listed_for_every_month_and_is_in_the_events(made):
    out, devices = made["opt_outs"], made["truth_devices"]
    assert 0.005 < len(out) / len(devices) < 0.02
    assert set(out["month"].to_pylist()) == {date(2026, 3, 1), date(2026, 4, 1)}
    assert pc.any(pc.is_in(made["events"]["user_id"], out["user_id"].combine_chunks())).as_py()
