"""The bound holds for every policy and for the best possible schedule, and is reached where the best is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot import town
from folkmoot.engines.flow.bounds import lower_bound
from folkmoot.engines.flow.model import Scenario
from folkmoot.engines.flow.policy import RULES
from folkmoot.engines.flow.queues import in_a_row, tandem
from folkmoot.engines.flow.sim.simulate import simulate
from folkmoot.engines.flow.tests.oracle import best_mean_stay
from folkmoot.engines.flow.tests.random_hospitals import hospitals
from folkmoot.engines.flow.tests.scenarios import at, hospital, office, task

POLICIES = sorted(set(RULES) - {"given"})


def mean_stay(scenario: Scenario, policy: str) -> float:
    return float(simulate(scenario, policy).stays.mean())


@settings(max_examples=300, deadline=None, derandomize=True)
@given(hospitals(most=10))
def test_no_policy_beats_the_bound(scenario: Scenario) -> None:
    bound = lower_bound(scenario)
    for policy in POLICIES:
        result = simulate(scenario, policy)
        if result.finished.all():
            assert result.stays.mean() >= bound.mean_hours - 1e-9, policy
            assert bound.gap(result.stays.mean()) >= -1e-9


@settings(max_examples=150, deadline=None, derandomize=True)
@given(hospitals(beds=False, most=10), st.data())
def test_the_bound_holds_for_any_part_of_the_patients(scenario: Scenario, data: st.DataObject) -> None:
    numbers = list(range(len(scenario.patients)))
    who = np.array(sorted(data.draw(st.lists(st.sampled_from(numbers), min_size=1, unique=True))))
    bound = lower_bound(scenario, who)
    assert bound.counted == len(who)
    for policy in ("fcfs", "clairvoyant", "index-ageing"):
        result = simulate(scenario, policy)
        stays = (result.discharged - scenario.patients.admitted)[who]
        assert stays.mean() >= bound.mean_hours - 1e-9


@pytest.mark.parametrize("hours", ["24/7", "office"])
@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_no_policy_beats_the_bound_in_the_archetype_hospitals(name: str, hours: str) -> None:
    scenario = Scenario.from_tables(town.hospital(name, rho=0.95, hours=hours, patients=2500, seed=9))
    bound = lower_bound(scenario)
    assert bound.mean_hours >= bound.critical_path
    for policy in POLICIES:
        assert mean_stay(scenario, policy) >= bound.mean_hours, policy


def test_a_patient_alone_stays_as_long_as_the_bound_says() -> None:
    tasks = [
        task("ann", "x", "team", 5.0),
        task("ann", "rest", None, 30.0, "x"),
        task("ann", "y", "team", 2.0, "x"),
        task("ann", "z", "team", 1.0, "rest", "y"),
    ]
    scenario = hospital({"ann": at(14)}, tasks, {"team": office()})
    bound = lower_bound(scenario)
    assert bound.mean_hours == bound.critical_path == mean_stay(scenario, "fcfs")
    assert bound.binding == "critical path"


def test_on_one_machine_with_everybody_there_shortest_first_reaches_the_bound() -> None:
    work = np.random.default_rng(1).exponential(2.0, (40, 1))
    scenario = in_a_row(np.zeros(40), work, np.zeros(40, dtype=np.int64), [1])
    bound = lower_bound(scenario)
    assert bound.binding == "station-1"
    assert mean_stay(scenario, "sept") == pytest.approx(bound.mean_hours, rel=1e-12)


def test_with_closing_hours_and_everybody_there_shortest_first_reaches_the_bound() -> None:
    lengths = [0.5, 1.25, 2.0, 3.5, 6.0, 7.5, 9.0]
    names = [f"p{i}" for i in range(len(lengths))]
    tasks = [task(n, "x", "team", h) for n, h in zip(names, lengths)]
    scenario = hospital({n: at(3) for n in names}, tasks, {"team": office()})
    assert mean_stay(scenario, "sept") == pytest.approx(lower_bound(scenario).mean_hours, rel=1e-12)


def test_the_half_of_its_duration_that_one_person_cannot_skip_tightens_the_bound() -> None:
    pair = hospital({n: at(0) for n in "ab"}, [task(n, "see", "team", 10.0) for n in "ab"], {"team": 2})
    assert lower_bound(pair).mean_hours == mean_stay(pair, "fcfs") == 10.0


def test_with_ample_staff_the_bound_is_the_stay() -> None:
    scenario = tandem([500, 500], 0.05, 300, np.random.default_rng(2))
    assert lower_bound(scenario).mean_hours == pytest.approx(mean_stay(scenario, "fcfs"), rel=1e-12)


def test_the_bound_of_a_busy_server_is_far_above_the_critical_path() -> None:
    scenario = tandem([1], 0.95, 5_000, np.random.default_rng(3))
    bound = lower_bound(scenario)
    assert bound.mean_hours > 2.0 * bound.critical_path
    assert mean_stay(scenario, "clairvoyant") < 1.5 * bound.mean_hours


def test_more_staff_never_raise_the_bound() -> None:
    scenario = tandem([3], 0.95, 2_000, np.random.default_rng(4))
    resource = scenario.resources[0]
    bounds = []
    for extra in range(4):
        more = replace(resource, calendar=resource.calendar.with_more_staff(extra))
        bounds.append(lower_bound(scenario.with_resource(more)).mean_hours)
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[0] > bounds[1]


def test_whoever_leaves_early_counts_with_what_they_stayed() -> None:
    patients = {"leaver": at(0, leaves_at=at(2)["admitted_at"]), "ann": at(0)}
    scenario = hospital(patients, [task(n, "x", "team", 6.0) for n in patients], {"team": 1})
    assert lower_bound(scenario).mean_hours == 4.0
    assert mean_stay(scenario, "fcfs") == 5.0


def test_a_hospital_without_patients_has_the_bound_nought() -> None:
    assert lower_bound(hospital({}, [], {"team": 1})).mean_hours == 0.0


def snapshot(seed: int, *, calendars: bool) -> Scenario:
    """Up to seven patients in whole hours: one to three tasks, some side by side, one or two teams."""
    rng = np.random.default_rng(seed)
    day = (
        [(d, 0, 360, 2) for d in range(7)]
        + [(d, 480, 720, 1) for d in range(7)]
        + [(d, 840, 1440, 2) for d in range(7)]
    )
    teams = {"team": day if calendars else int(rng.integers(1, 3)), "desk": 1}
    patients, tasks = {}, []
    for i in range(int(rng.integers(4, 8))):
        name = f"p{i}"
        patients[name] = at(0 if i == 0 else int(rng.integers(0, 8)))
        for k in range(int(rng.integers(1, 4))):
            after = [f"t{m}" for m in range(k) if rng.random() < 0.6]
            team = ["team", "team", "desk", None][int(rng.integers(0, 4))]
            tasks.append(task(name, f"t{k}", team, float(rng.integers(1, 5)), *after))
    return hospital(patients, tasks, teams)


@pytest.mark.parametrize("calendars", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_the_best_possible_schedule_does_not_beat_the_bound(seed: int, calendars: bool) -> None:
    scenario = snapshot(seed, calendars=calendars)
    orders = {policy: simulate(scenario, policy) for policy in POLICIES}
    best = best_mean_stay(scenario, int(np.ceil(max(o.discharged.max() for o in orders.values()))))
    assert best.proved
    assert lower_bound(scenario).mean_hours <= best.mean_hours + 1e-9
    assert min(o.stays.mean() for o in orders.values()) >= best.mean_hours - 1e-9


def test_the_index_comes_near_the_best_possible_schedule() -> None:
    """The mean over forty snapshots: by how much an order, and the bound, miss the optimum. Estimates are the truth."""
    missed: dict[str, list[float]] = {"index-ageing": [], "index": [], "fcfs": [], "bound": []}
    for seed in range(100, 140):
        scenario = snapshot(seed, calendars=bool(seed % 2))
        longest = float(simulate(scenario, "index").discharged.max())
        best = best_mean_stay(scenario, int(np.ceil(longest)) + 4, effort=3.0)
        if best.proved:
            missed["bound"].append(1.0 - lower_bound(scenario).mean_hours / best.mean_hours)
            for policy in ("index-ageing", "index", "fcfs"):
                missed[policy].append(mean_stay(scenario, policy) / best.mean_hours - 1.0)
    assert len(missed["bound"]) >= 36
    mean = {name: float(np.mean(values)) for name, values in missed.items()}
    assert mean["index"] < 0.04  # 3.0 %
    assert mean["index-ageing"] < 0.04  # 3.0 %
    assert mean["fcfs"] > 2.0 * mean["index"]  # 7.4 %
    assert mean["bound"] < 0.10  # 7.9 %
