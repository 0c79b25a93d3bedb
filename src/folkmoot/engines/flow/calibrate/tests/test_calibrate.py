"""Calibration: what was planted in a log is found again, and what cannot be known is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.flow import Scenario, simulate
from folkmoot.engines.flow.calibrate import arrivals, calibrate, fit, predict, routing
from folkmoot.engines.flow.calibrate.routing import END, Unfinished, weight_to_the_right
from folkmoot.engines.flow.calibrate.tables import predecessors
from folkmoot.engines.flow.evidence.idle import at_once, idle_hours
from folkmoot.engines.flow.evidence.tests.made_logs import MONDAY, made_log
from folkmoot.engines.flow.logs import EventLog, LogError

HOUR = 3_600_000_000


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=seed))


def arriving(rate_of_hour, weeks: int = 60, seed: int = 1) -> np.ndarray:
    """Times of a Poisson process whose rate depends on the hour of the week (UTC)."""
    draw = rng(seed)
    counts = draw.poisson([rate_of_hour(h) for h in range(168)] * weeks)
    hours = np.repeat(np.arange(168 * weeks), counts) + draw.random(counts.sum())
    return (hours * HOUR).astype(np.int64) + int(MONDAY.timestamp() * 1e6)


def test_the_rate_of_each_hour_of_the_week_is_found_again() -> None:
    found = arrivals(arriving(lambda h: 4.0 if 8 <= h % 24 < 20 else 1.0), "UTC")
    day = found.rate.reshape(7, 24)
    assert day[:, 8:20].mean() == pytest.approx(4.0, rel=0.05)
    assert np.delete(day, np.s_[8:20], axis=1).mean() == pytest.approx(1.0, rel=0.05)
    assert found.per_day == pytest.approx(60.0, rel=0.03)


def test_poisson_arrivals_look_poisson_and_clustered_ones_do_not() -> None:
    calm = arrivals(arriving(lambda h: 2.0), "UTC")
    assert 0.8 < calm.dispersion < 1.2
    assert calm.p_poisson > 0.01
    single = arriving(lambda h: 0.5)
    burst = arrivals(np.repeat(single, 4), "UTC")
    assert burst.dispersion > 2.5
    assert burst.p_poisson < 1e-6


def test_growth_is_found_as_a_change_a_year() -> None:
    draw = rng(3)
    days = np.arange(730)
    counts = draw.poisson(20 * (1 + 0.5 * days / 365.25))
    moments = (np.repeat(days, counts) * 24 + draw.random(counts.sum()) * 24) * HOUR
    found = arrivals(moments.astype(np.int64) + int(MONDAY.timestamp() * 1e6), "UTC")
    assert found.trend == pytest.approx(100 * 0.5 / 1.5, abs=5)


def test_a_lognormal_is_recognised_and_a_mixture_is_not() -> None:
    draw = rng()
    good = fit("surgery", draw.lognormal(1.0, 0.5, 2000))
    assert (good.mu, good.sigma) == (pytest.approx(1.0, abs=0.05), pytest.approx(0.5, abs=0.03))
    assert good.good
    poor = fit("mixture", np.concatenate([draw.normal(1, 0.01, 1000), draw.normal(9, 0.01, 1000)]))
    assert not poor.good


def test_too_few_durations_fit_nothing() -> None:
    assert np.isnan(fit("rare", np.array([1.0, 2.0])).mu)


def test_weights_are_equal_when_nothing_is_censored() -> None:
    assert weight_to_the_right(np.array([1.0, 2.0, 3.0]), np.empty(0)).tolist() == pytest.approx([1 / 3] * 3)


def test_a_censored_time_gives_its_weight_to_the_right() -> None:
    # Kaplan–Meier by hand: 1/4 falls at 1; the one lost at 1.5 shares its quarter between 2 and 3.
    assert weight_to_the_right(np.array([1.0, 2.0, 3.0]), np.array([1.5])).tolist() == pytest.approx(
        [0.25, 0.375, 0.375]
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=30))
def test_weights_agree_with_scipys_kaplan_meier(pairs: list[tuple[float, float]]) -> None:
    from scipy.stats import CensoredData, ecdf

    times = np.array([min(a, b) for a, b in pairs])
    seen = np.array([a <= b for a, b in pairs])
    if not seen.any():
        return
    ours = weight_to_the_right(np.sort(times[seen]), times[~seen])
    curve = ecdf(CensoredData.right_censored(times, ~seen)).cdf
    mass = np.diff(np.concatenate([[0.0], curve.probabilities]))
    expected = mass[np.isin(curve.quantiles, times[seen])]
    summed = [ours[np.sort(times[seen]) == t].sum() for t in np.unique(times[seen])]
    assert summed == pytest.approx((expected / expected.sum()).tolist(), abs=1e-9)


def test_a_chain_with_one_way_is_walked_as_it_was() -> None:
    made = routing([(["A", "B", "C"], [0.0, 2.0, 5.0])] * 30)
    assert set(made.stays(50, rng()).tolist()) == {5.0}


def test_the_share_of_each_way_is_found_again() -> None:
    made = routing([(["A", "B"], [0.0, 2.0])] * 70 + [(["A", "C"], [0.0, 9.0])] * 30, bands=1)
    drawn = made.stays(20_000, rng())
    assert set(drawn.tolist()) == {2.0, 9.0}
    assert (drawn == 9.0).mean() == pytest.approx(0.3, abs=0.015)


def test_stays_that_have_not_ended_lengthen_what_is_expected() -> None:
    ended = [(["A", "B"], [0.0, h]) for h in (1.0, 2.0, 3.0, 10.0, 20.0)] * 10
    waiting = [Unfinished(["A"], [0.0], 5.0)] * 20
    plain, censored = routing(ended, bands=1), routing(ended, waiting, bands=1)
    assert censored.stays(20_000, rng()).mean() > 1.15 * plain.stays(20_000, rng()).mean()


def test_a_walk_in_circles_comes_to_an_end() -> None:
    made = routing([(["A", "B"] * 40, list(map(float, range(80))))])
    assert len(made.stays(10, rng())) == 10
    assert END in made.target


def test_people_at_work_at_once_are_counted_over_busy_time() -> None:
    begin = np.array([0, 0, 0, 10, 20], dtype=np.int64)
    end = np.array([10, 10, 1, 20, 30], dtype=np.int64)
    assert at_once(begin, end) == 2


def test_events_follow_all_that_ended_before_and_nothing_that_went_beside() -> None:
    begin = np.array([0, 2, 1, 6], dtype=np.int64)
    end = np.array([1, 4, 5, 8], dtype=np.int64)
    assert predecessors(begin, end) == [[], [0], [0], [1, 2]]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), min_size=1, max_size=9))
def test_the_order_kept_is_the_order_there_was(intervals: list[tuple[int, int]]) -> None:
    rows = sorted((s + d, k, s) for k, (s, d) in enumerate(intervals))
    end, begin = np.array([r[0] for r in rows]), np.array([r[2] for r in rows])
    found = predecessors(begin, end)
    reach: list[set[int]] = [set() for _ in rows]
    for _ in rows:
        for i, before in enumerate(found):
            reach[i] |= set(before).union(*(reach[j] for j in before)) if before else set()
    for i in range(len(rows)):
        truly = {j for j in range(len(rows)) if end[j] < begin[i] or (end[j] == begin[i] and j < i)}
        assert reach[i] == truly


def test_idle_hours_are_those_open_and_with_somebody_free() -> None:
    opened = np.zeros(168, dtype=bool)
    opened[72 + 9 : 72 + 17] = True  # Thursday 1 January 1970, nine to five
    begin, end = np.array([10]) * HOUR, np.array([12]) * HOUR
    since, until = np.array([8, 9, 11, 16]) * HOUR, np.array([20, 11, 11, 40]) * HOUR
    assert idle_hours(begin, end, 1, opened, since, until).tolist() == [6.0, 1.0, 0.0, 1.0]
    assert idle_hours(begin, end, 2, opened, since, until).tolist() == [8.0, 2.0, 0.0, 1.0]


def clinic(patients: int = 400, seed: int = 2) -> EventLog:
    """One doctor day and night, first come first served, two hours' recovery, then a quick check-out."""
    draw = rng(seed)
    came = np.cumsum(draw.exponential(1.2, patients))
    free, events = 0.0, []
    for k, at in enumerate(came.tolist()):
        begin = max(at + 0.2, free)
        free = begin + float(draw.exponential(1.0))
        leave = free + 2.0 + float(draw.random())
        events += [
            (str(k), "Admission", "desk", at, at + 0.2), (str(k), "Doctor", "doctor", begin, free),
            (str(k), "Discharge", "desk", leave, leave + 0.1),
        ]  # fmt: skip
    return made_log(*events, zone="UTC")


def test_a_simulated_log_gives_back_its_hospital() -> None:
    log = clinic()
    made = calibrate(log)
    assert made.capacity["doctor"] == 1
    assert made.calendars["doctor"].all()
    ran = simulate(Scenario.from_tables(made.to_tables()), "fcfs")
    assert float(np.mean(ran.stays)) == pytest.approx(float(made.found.hours.mean()), rel=0.02)
    assert any("had somebody free" in said for said in made.statements)


def test_a_log_of_completions_gives_no_teams_and_says_why() -> None:
    log = made_log(
        *[e for k in range(30) for e in ((str(k), "A", "a", None, float(k)), (str(k), "B", "b", None, k + 5.0))]
    )
    made = calibrate(log)
    assert not made.separable
    with pytest.raises(LogError, match="has completion times only"):
        made.to_tables()
    assert set(made.stays(20, rng()).tolist()) == {5.0}


def test_a_log_in_which_nobody_left_teaches_nothing() -> None:
    with pytest.raises(LogError, match="nothing to learn from"):
        calibrate(made_log(("1", "Admission", "a", None, 1.0), ("2", "Release", "a", None, 1.0)))


def steady(patients: int = 1500) -> EventLog:
    draw = rng(5)
    events = []
    for k, at in enumerate(np.cumsum(draw.exponential(6.0, patients)).tolist()):
        first, second = draw.lognormal(3, 0.5), draw.lognormal(3.5, 0.6)
        way = "Surgery" if draw.random() < 0.4 else "Medicine"
        stay = first + second * (2 if way == "Surgery" else 1)
        events += [
            (str(k), "Admission", None, None, at),
            (str(k), way, None, None, at + first),
            (str(k), "Release", None, None, at + stay),
        ]
    return made_log(*events, zone="UTC")


def test_a_steady_hospital_is_predicted_within_chance() -> None:
    found = predict(steady(), split=0.7)
    assert found.distance < 2.5 * found.noise
    for _, predicted, observed in found.quantiles:
        assert predicted == pytest.approx(observed, rel=0.15)
    assert found.mean_predicted == pytest.approx(found.mean_observed, rel=0.06)


def test_nothing_after_the_split_is_learned() -> None:
    log = steady(600)
    early = predict(log, split=0.6)
    rows = log.table.to_pylist()
    border = sorted(r["completed_at"] for r in rows if r["activity"] == "Admission")[359]
    changed = [
        r | {"activity": "Nonsense"} if r["completed_at"] > border and r["activity"] in ("Surgery", "Medicine") else r
        for r in rows
    ]
    import pyarrow as pa

    other = EventLog(pa.Table.from_pylist(changed, schema=log.table.schema), log.zone, False, False)
    assert predict(other, split=0.6).mean_predicted == early.mean_predicted


@pytest.mark.parametrize("split", [0.0, 1.0, -3.0])
def test_a_split_outside_the_log_is_refused(split: float) -> None:
    with pytest.raises(LogError, match="between 0 and 1"):
        predict(steady(60), split=split)


def test_a_log_too_short_to_split_is_refused() -> None:
    with pytest.raises(LogError, match="each needs 20"):
        predict(steady(30), split=0.5)


def test_a_log_without_discharges_says_that_its_ends_are_uncertain() -> None:
    log = made_log(
        *[e for k in range(90) for e in ((str(k), "A", None, None, 9.0 * k), (str(k), "B", None, None, 9.0 * k + 5))]
    )
    assert any("No activity says that a patient has left" in said for said in predict(log, split=0.5).statements)
