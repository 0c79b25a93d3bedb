"""The archetype hospitals are those of the notes, and scenarios differ only where they say."""

import numpy as np
import pytest

from folkmoot import town
from folkmoot.town import archetypes
from folkmoot.town.pathways import care, critical_path


def column(table, name):
    return np.array(table[name].to_pylist())


def social_hours_open(tables, days):
    row = [r for r in tables["shifts"].to_pylist() if r["resource_id"] == "social"]
    return sum((r["end_minute"] - r["start_minute"]) / 60 * r["staff"] for r in row) * days / 7


@pytest.mark.parametrize("name", ["A", "B", "C"])
@pytest.mark.parametrize("hours", ["24/7", "office"])
def test_the_mean_critical_path_is_81_to_83_hours(name, hours):
    classes = archetypes.draw_classes(1, 20_000)
    steps = archetypes._steps(name)
    assert 81 <= critical_path(steps, care(1, steps, classes, estimate_r=0.5).work).mean() <= 83
    tables = town.hospital(name, rho=0.9, hours=hours, patients=20_000)
    assert column(tables["tasks"], "work_hours").sum() == pytest.approx(
        care(1, steps, classes, estimate_r=0.5).work.sum()
    )


@pytest.mark.parametrize(("name", "hours"), [("A", "24/7"), ("A", "office"), ("B", "24/7"), ("B", "office")])
@pytest.mark.parametrize("rho", [0.85, 0.97])
def test_social_care_has_the_utilisation_asked_for_in_its_open_hours(name, hours, rho):
    tables = town.hospital(name, rho=rho, hours=hours, patients=40_000)
    resource, work = column(tables["tasks"], "resource_id"), column(tables["tasks"], "work_hours")
    admitted = tables["patients"]["admitted_at"].cast("int64").to_numpy() / 8.64e10
    days = admitted.max() - 20_454.0
    assert work[resource == "social"].sum() / social_hours_open(tables, days) == pytest.approx(rho, rel=0.04)


def test_nobody_else_is_busy_more_than_half_the_time():
    for name in "ABC":
        for hours in ("24/7", "office"):
            tables = town.hospital(name, rho=0.97, hours=hours, patients=10_000)
            resource, work = column(tables["tasks"], "resource_id"), column(tables["tasks"], "work_hours")
            shifts = tables["shifts"].to_pylist()
            load = {
                key: work[resource == key].sum()
                / sum((r["end_minute"] - r["start_minute"]) * r["staff"] for r in shifts if r["resource_id"] == key)
                for key in archetypes.NAMES
            }
            assert all(load[key] < 0.55 * load["social"] for key in load if key != "social")


def test_classes_are_50_30_20_and_needs_those_of_the_notes():
    a, b = (town.hospital(name, rho=0.9, patients=20_000) for name in "AB")
    kind = column(b["patients"], "patient_class")
    assert [np.mean(kind == name) for name in archetypes.CLASSES] == pytest.approx([0.5, 0.3, 0.2], abs=0.01)
    assert np.mean(column(b["tasks"], "code") == "social-assessment") * len(b["tasks"]) / 20_000 == pytest.approx(
        0.6, abs=0.01
    )
    in_a = {task.split("/")[0] for task in column(a["tasks"], "task_id") if task.endswith("social-assessment")}
    assert in_a == set(column(a["patients"], "patient_id")[kind == "complex"])


def test_early_referral_changes_edges_and_nothing_else():
    late, early = (town.hospital("B", rho=0.9, patients=1_000, early_referral=choice) for choice in (False, True))
    for name in late:
        assert late[name].equals(early[name]) is (name != "edges")


def test_load_and_hours_change_arrivals_and_staff_but_not_the_draws():
    one = town.hospital("B", rho=0.85, hours="24/7", patients=1_000)
    other = town.hospital("B", rho=0.97, hours="office", patients=1_000)
    assert one["tasks"].equals(other["tasks"])
    assert not one["patients"]["admitted_at"].equals(other["patients"]["admitted_at"])


def test_the_quality_of_estimates_does_not_touch_the_truth():
    one, other = (town.hospital("B", rho=0.9, patients=1_000, estimate_r=r) for r in (0.2, 0.9))
    assert one["tasks"]["work_hours"].equals(other["tasks"]["work_hours"])
    assert not one["tasks"]["estimate_hours"].equals(other["tasks"]["estimate_hours"])


def test_c_is_b_with_surges_that_keep_the_mean():
    b, c = (town.hospital(name, rho=0.9, patients=50_000) for name in "BC")
    assert b["tasks"].equals(c["tasks"])
    days = [t["patients"]["admitted_at"].cast("int64").to_numpy() / 8.64e10 - 20_454.0 for t in (b, c)]
    assert days[1].max() == pytest.approx(days[0].max(), rel=0.12)
    counts = [np.bincount(d.astype(int))[:-1] for d in days]
    # A Poisson count has variance equal to its mean; surges of log sd .35 add (e^{.35²} − 1) · mean².
    assert counts[0].var() / counts[0].mean() == pytest.approx(1.0, abs=0.12)
    expected = 1 + np.expm1(0.35**2) * counts[1].mean()
    assert counts[1].var() / counts[1].mean() == pytest.approx(expected, rel=0.35)


def test_buffers_are_1_6_times_the_estimated_path_with_a_spread_of_30_per_cent():
    tables = town.hospital("B", rho=0.9, patients=20_000)
    wanted = care(1, archetypes.SEQUENTIAL, archetypes.draw_classes(1, 20_000), estimate_r=0.5)
    ratio = column(tables["patients"], "buffer_hours") / critical_path(wanted.steps, wanted.estimate)
    assert ratio.mean() == pytest.approx(1.6, rel=0.01)
    assert ratio.std() / ratio.mean() == pytest.approx(0.3, rel=0.03)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"name": "D"}, "choose A, B or C"), ({"hours": "nights"}, "“24/7” or “office”"), ({"rho": 0.0}, "above zero")],
)
def test_an_impossible_hospital_is_refused_in_words(wrong, words):
    with pytest.raises(ValueError, match=words):
        town.hospital(**({"name": "A", "rho": 0.9} | wrong))
