"""Task networks are whole: edges join tasks of one patient, nobody waits for himself, estimates are honest."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot import town
from folkmoot.town.archetypes import SEQUENTIAL, draw_classes, refer_early
from folkmoot.town.pathways import Step, care, critical_path, task_tables

TABLES = {
    "town": lambda: town.build(seed=2, scale="test").tables,
    "A": lambda: town.hospital("A", rho=0.9, patients=500),
    "B early": lambda: town.hospital("B", rho=0.9, patients=500, early_referral=True),
    "planted": lambda: town.planted(1)[0],
    "shifting": lambda: town.shifting(1)[0],
}


@pytest.fixture(params=list(TABLES))
def tables(request):
    return TABLES[request.param]()


def test_every_edge_joins_two_tasks_of_one_patient_in_the_order_of_the_table(tables):
    tasks = tables["tasks"]
    row = {task: i for i, task in enumerate(tasks["task_id"].to_pylist())}
    owner = tasks["patient_id"].to_pylist()
    assert len(row) == len(tasks)
    for edge in tables["edges"].to_pylist():
        before, after = row[edge["before"]], row[edge["after"]]
        assert owner[before] == owner[after]
        # Every edge goes forward in the table, so the network has no cycle.
        assert before < after


def test_every_name_is_in_the_table_it_refers_to(tables):
    patients = set(tables["patients"]["patient_id"].to_pylist())
    resources = set(tables["resources"]["resource_id"].to_pylist())
    wards = set(tables["wards"]["ward_id"].to_pylist())
    assert set(tables["tasks"]["patient_id"].to_pylist()) == patients
    assert set(tables["tasks"]["resource_id"].to_pylist()) == resources | {None}
    assert set(tables["shifts"]["resource_id"].to_pylist()) == resources
    assert set(tables["rounds"]["resource_id"].to_pylist()) == {"doctor"} or tables["rounds"].num_rows == 0
    if "ward_id" in tables["tasks"].column_names:
        assert set(tables["tasks"]["ward_id"].to_pylist()) == wards


def test_durations_and_buffers_are_positive(tables):
    for table, column in (("tasks", "work_hours"), ("tasks", "estimate_hours"), ("patients", "buffer_hours")):
        assert min(tables[table][column].to_pylist()) > 0


def test_a_patient_without_imaging_has_the_second_review_right_after_the_first():
    steps = (
        Step("a", None, (), (1.0,), (1.0,)),
        Step("b", None, ("a",), (1.0,), (0.0,)),
        Step("c", None, ("b",), (1.0,), (1.0,)),
    )
    made = task_tables(pa.array(["P"]), care(1, steps, np.zeros(1, dtype=np.int64), estimate_r=0.5))
    assert made["edges"].to_pylist() == [{"before": "P/a", "after": "P/c"}]


@pytest.mark.parametrize("r", [0.0, 0.3, 0.5, 0.8, 1.0])
def test_estimates_correlate_with_the_truth_as_asked_and_are_unbiased(r):
    classes = draw_classes(3, 40_000)
    wanted = care(3, SEQUENTIAL, classes, estimate_r=r)
    k = wanted.column("recovery")
    for kind in range(3):
        work, estimate = wanted.work[classes == kind, k], wanted.estimate[classes == kind, k]
        if r == 0:
            assert np.ptp(estimate) < 1e-5
        else:
            assert np.corrcoef(np.log(work), np.log(estimate))[0, 1] == pytest.approx(r, abs=0.03)
            slope = np.cov(np.log(work), np.log(estimate))[0, 1] / np.log(estimate).var()
            assert slope == pytest.approx(1.0, abs=0.08)
        assert estimate.mean() == pytest.approx(work.mean(), rel=0.03)


def test_an_impossible_correlation_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        town.hospital("B", rho=0.9, patients=10, estimate_r=1.5)


@given(st.integers(0, 2**32), st.integers(1, 60))
def test_more_patients_do_not_change_the_first_ones(seed, n):
    few = care(seed, SEQUENTIAL, draw_classes(seed, n), estimate_r=0.5)
    many = care(seed, SEQUENTIAL, draw_classes(seed, n + 7), estimate_r=0.5)
    assert np.array_equal(few.work, many.work[:n])
    assert np.array_equal(few.estimate, many.estimate[:n])


def test_a_new_step_does_not_change_the_others():
    classes = draw_classes(1, 200)
    more = (*SEQUENTIAL, Step("follow-up", "doctor", ("transport",), (1.0, 1.0, 1.0)))
    assert np.array_equal(
        care(1, more, classes, estimate_r=0.5).work[:, :-1], care(1, SEQUENTIAL, classes, estimate_r=0.5).work
    )


def test_early_referral_never_lengthens_the_critical_path():
    wanted = care(1, SEQUENTIAL, draw_classes(1, 2_000), estimate_r=0.5)
    late, early = critical_path(SEQUENTIAL, wanted.work), critical_path(refer_early(SEQUENTIAL), wanted.work)
    assert np.all(early <= late + 1e-9)
    assert early.mean() < 0.97 * late.mean()
