"""Bottlenecks, what-ifs, schemes, estimation and validation on networks whose answer can be worked out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from folkmoot.engines.traffic import (
    Change,
    Count,
    Demand,
    Guards,
    Profile,
    RoadNetwork,
    Scheme,
    TrafficError,
    Uncertainty,
    bottlenecks,
    changed,
    equilibrium,
    geh,
    geojson,
    journeys,
    rank,
    read_counts,
    read_schemes,
    spiess,
    validate,
    what_if,
)
from folkmoot.engines.traffic.bottleneck import queues
from folkmoot.engines.traffic.tests.sioux_falls import LINKS, TRIPS
from folkmoot.engines.traffic.validation import journey_times_within, within_flow_criteria


@pytest.fixture(scope="module")
def falls() -> tuple[RoadNetwork, Demand]:
    network = RoadNetwork.of(LINKS, zones=24)
    return network, Demand.of(network.zones, car=np.array(TRIPS) * 100.0)


def test_a_queue_stands_from_when_arrivals_exceed_capacity_until_they_are_served() -> None:
    profile = Profile(8 * 60, (0.5, 1.5, 1.5, 0.5, 0.5, 0.5))
    waiting, hours, ends = queues(np.array([1000.0]), np.array([1000.0]), profile)
    assert waiting[:, 0].tolist() == [0, 125, 250, 125, 0, 0]
    assert hours[0] == pytest.approx(0.25 * (62.5 + 187.5 + 187.5 + 62.5))
    assert ends[0] == pytest.approx(1.25)


def test_a_queue_that_outlasts_the_profile_has_no_end() -> None:
    network = RoadNetwork.of([(1, 2, 10, 100)], zones=2)
    found = equilibrium(network, Demand.of(network.zones, car=[[0, 500], [0, 0]]))
    worst = bottlenecks(found)[0]
    assert worst.queue_from == "07:00"
    assert worst.queue_until is None
    assert worst.delay_vehicle_hours == pytest.approx(500 * 10 * 0.15 * 5**4 / 60)


def test_everything_that_arrives_leaves_or_waits() -> None:
    flow, capacity = np.array([900.0, 1200.0, 50.0]), np.array([800.0, 1000.0, np.inf])
    profile = Profile(0, (1.5, 0.2, 1.9, 0.4, 1.0))
    waiting, _, _ = queues(flow, capacity, profile)
    left = 0.0
    for t, factor in enumerate(profile.factor):
        before = waiting[t - 1] if t else np.zeros(3)
        served = before + factor * flow * 0.25 - waiting[t]
        assert (served <= capacity * 0.25 + 1e-9).all()
        left += served
    assert left + waiting[-1] == pytest.approx(sum(profile.factor) * flow * 0.25)


def test_closing_a_used_link_ends_where_a_cold_start_ends(falls: tuple[RoadNetwork, Demand]) -> None:
    network, demand = falls
    change = Change(close=("43",))
    answer = what_if(network, demand, change, gap=1e-5)
    cold = equilibrium(changed(network, change), demand, gap=1e-5)
    assert answer.after.flows[0, 42] == 0
    assert answer.after.objective == pytest.approx(cold.objective, rel=2e-5)
    assert answer.vehicle_hours_saved < 0


def test_opening_again_undoes_closing(falls: tuple[RoadNetwork, Demand]) -> None:
    network, demand = falls
    closed = changed(network, Change(close=("43",)))
    again = what_if(closed, demand, Change(reopen=("43",)), gap=1e-4)
    assert again.after.objective == pytest.approx(equilibrium(network, demand, gap=1e-4).objective, rel=2e-4)
    assert again.after.flows[0, 42] > 0


def test_widening_doubles_capacity_and_a_speed_gives_minutes() -> None:
    network = RoadNetwork.of([(1, 2, 10, 1000, 0.15, 4, 5000)], zones=2)
    after = changed(network, Change(widen={"1": 2}, slow={"1": 30}))
    assert after.capacity_vph[0] == 2000
    assert after.free_flow_minutes[0] == pytest.approx(10)
    assert changed(network, Change(slow={"1": 15})).free_flow_minutes[0] == pytest.approx(20)


def test_a_warm_start_needs_fewer_iterations_than_a_cold_one(falls: tuple[RoadNetwork, Demand]) -> None:
    network, demand = falls
    change = Change(widen={"16": 1.2})
    answer = what_if(network, demand, change, gap=1e-4)
    assert answer.after.iterations < equilibrium(changed(network, change), demand, gap=1e-4).iterations
    assert answer.vehicle_hours_saved > answer.accuracy_vehicle_hours


def test_closing_the_only_road_strands_trips_and_says_so() -> None:
    network = RoadNetwork.of([(1, 2, 10, 1000), (2, 1, 10, 1000)], zones=2)
    answer = what_if(network, Demand.of(network.zones, car=[[0, 300], [100, 0]]), Change(close=("1",)))
    assert answer.stranded == 300
    assert "300 trips an hour lose their only road" in " ".join(answer.statements())
    assert answer.after.flows[0].tolist() == [0, 100]


def test_the_cheaper_of_two_equal_schemes_is_first_and_one_that_strands_is_last() -> None:
    network = RoadNetwork.of([(1, 2, 10, 1000), (2, 1, 10, 1000)], zones=2)
    demand = Demand.of(network.zones, car=[[0, 1500], [1500, 0]])
    schemes = [
        Scheme("dear", Change(widen={"1": 2}), 2e6),
        Scheme("cheap", Change(widen={"2": 2}), 1e6),
        Scheme("shut", Change(close=("1",)), 1e3),
    ]
    found = rank(network, demand, schemes, generator=np.random.default_rng(3), draws=30)
    assert [r.scheme.name for r in found.schemes] == ["cheap", "dear", "shut"]
    cheap, dear, shut = found.schemes
    assert cheap.saved == pytest.approx(dear.saved)
    assert cheap.per_million == pytest.approx(2 * dear.per_million)
    assert cheap.saved_low < cheap.saved < cheap.saved_high
    assert shut.stranded == 1500
    assert any("without a road" in said for said in found.statements)


def test_the_same_seed_ranks_the_same_and_intervals_grow_with_uncertainty() -> None:
    network = RoadNetwork.of([(1, 2, 10, 1000)], zones=2)
    demand, scheme = Demand.of(network.zones, car=[[0, 1500], [0, 0]]), [Scheme("x", Change(widen={"1": 2}), 1e6)]

    def once(cv: float) -> tuple[float, ...]:
        found = rank(
            network, demand, scheme, generator=np.random.default_rng(5), uncertainty=Uncertainty(cv, 0.0), draws=20
        )
        return found.schemes[0].draws

    assert once(0.1) == once(0.1)
    assert np.std(once(0.3)) > 2 * np.std(once(0.1))


def test_draws_have_the_asked_mean_and_spread() -> None:
    demand = Demand.of(["A", "B"], car=[[0, 100], [0, 0]])
    rng = np.random.default_rng(1)
    drawn = np.array([Uncertainty(0.2, 0.0).draw(demand, rng).trips[0, 0, 1] for _ in range(4000)])
    assert drawn.mean() == pytest.approx(100, rel=0.02)
    assert drawn.std() == pytest.approx(20, rel=0.05)
    low, high = demand.trips * 0.9, demand.trips * 1.1
    drawn = np.array([Uncertainty.of_bounds(low, high).draw(demand, rng).trips[0, 0, 1] for _ in range(4000)])
    assert drawn.std() == pytest.approx(10 / 1.96, rel=0.05)


def test_schemes_are_read_with_several_changes_under_one_cost(tmp_path: Path) -> None:
    path = tmp_path / "schemes.csv"
    path.write_text("scheme,pounds,change,link_id,value\nBypass,1e6,widen,1,3\nBypass,,close,2,\nBus,5e5,slow,1,20\n")
    bypass, bus = read_schemes(path)
    assert bypass == Scheme("Bypass", Change(close=("2",), widen={"1": 3.0}), 1e6)
    assert bus.change.slow == {"1": 20.0}


def test_estimation_finds_a_demand_that_made_the_counts(falls: tuple[RoadNetwork, Demand]) -> None:
    network, truth = falls
    wave = 1 + 0.15 * np.sin(np.arange(24))[:, None] * np.cos(np.arange(24))[None, :]
    counted = equilibrium(network, truth.times(wave[None]), gap=1e-5)
    counts = [Count(network.link_id[k], float(counted.flows[0, k])) for k in range(0, network.m, 2)]
    found = spiess(network, truth, counts, iterations=8, gap=1e-5)
    assert found.misfit[-1] < 0.15 * found.misfit[0]
    assert all(a > b for a, b in zip(found.misfit, found.misfit[1:]))
    held_out = np.arange(1, network.m, 2)  # links that were not counted come nearer too
    before = equilibrium(network, truth, gap=1e-5).flows[0, held_out] - counted.flows[0, held_out]
    after = found.assignment.flows[0, held_out] - counted.flows[0, held_out]
    assert (after**2).sum() < (before**2).sum()


def test_estimation_stays_within_its_guards(falls: tuple[RoadNetwork, Demand]) -> None:
    network, demand = falls
    base = equilibrium(network, demand, gap=1e-3)
    counts = [Count(network.link_id[k], 2.0 * float(base.flows[0, k])) for k in range(0, network.m, 6)]
    guards = Guards(cell_factor=1.3, total_share=0.02, length_share=0.01)
    found = spiess(network, demand, counts, guards=guards, iterations=4, gap=1e-3)
    some = demand.trips[0] > 0
    factor = found.demand.trips[0][some] / demand.trips[0][some]
    assert factor.max() <= 1.3 + 1e-9
    assert factor.min() >= 1 / 1.3 - 1e-9
    assert abs(found.change.total_after / found.change.total_before - 1) <= 0.02 + 1e-9
    assert abs(found.change.mean_km_after / found.change.mean_km_before - 1) <= 0.01 + 1e-9
    loose = spiess(network, demand, counts, guards=Guards(1.3, 0.5, 0.5), iterations=4, gap=1e-3)
    assert loose.change.total_after > found.change.total_after  # the guard on the total did hold it back
    assert found.misfit[-1] < found.misfit[0]


def test_counts_that_are_met_change_nothing(falls: tuple[RoadNetwork, Demand]) -> None:
    network, demand = falls
    base = equilibrium(network, demand, gap=1e-3, keep_paths=True)
    counts = [Count(network.link_id[k], float(base.flows[0, k])) for k in range(10)]
    found = spiess(network, demand, counts, gap=1e-3)
    assert found.ended == "the counts are met"
    assert np.array_equal(found.demand.trips, demand.trips)


def test_geh_and_flow_criteria_are_those_usually_quoted() -> None:
    assert geh([1100, 0, 0], [1000, 0, 8]) == pytest.approx([3.0861, 0, 4], abs=1e-4)
    counted = [600, 600, 1000, 1000, 3000, 3000]
    modelled = [700, 701, 1150, 1151, 3400, 3401]
    assert within_flow_criteria(modelled, counted).tolist() == [True, False] * 3
    assert journey_times_within([3.9, 4.1, 23.0, 23.1], [3, 3, 20, 20]).tolist() == [True, False, True, False]


def test_screenlines_add_up_their_links_and_decide_whether_it_passes(tmp_path: Path) -> None:
    network = RoadNetwork.of([(1, 2, 10, 1000), (2, 1, 10, 1000)], zones=2)
    found = equilibrium(network, Demand.of(network.zones, car=[[0, 500], [400, 0]]))
    path = tmp_path / "counts.csv"
    path.write_text("link_id,count,screenline\n1,520,River\n2,390,River\n")
    fit = validate(found, read_counts(path, network))
    assert (fit.screenlines[0].modelled, fit.screenlines[0].counted) == (900, 910)
    assert fit.passes
    path.write_text("link_id,count,screenline\n1,590,River\n2,450,River\n")
    assert not validate(found, read_counts(path, network)).passes


def test_journey_times_are_those_of_the_roads_at_equilibrium(falls: tuple[RoadNetwork, Demand]) -> None:
    found = equilibrium(*falls, gap=1e-4)
    j = journeys(found)
    assert (j.minutes >= j.free_flow_minutes - 1e-9).all()
    assert np.diag(j.minutes).tolist() == [0] * 24
    trips = found.demand.trips[0]
    assert float((trips * j.minutes).sum()) == pytest.approx(found.vehicle_hours * 60 * (1 - found.gap), rel=1e-9)


def test_links_are_written_with_what_a_map_needs(falls: tuple[RoadNetwork, Demand]) -> None:
    found = equilibrium(*falls, gap=1e-2)
    feature = geojson(found)["features"][0]
    assert feature["geometry"] is None
    wanted = {"link_id", "name", "class", "flow", "flow_car", "capacity", "voc", "minutes", "delay_vehicle_hours"}
    assert wanted <= set(feature["properties"])
    assert feature["properties"]["flow"] == pytest.approx(found.flows[0, 0], abs=1e-3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change(close=("9",)), "no link “9”"),
        (Change(widen={"1": 0}), "cannot have 0 lanes"),
        (Change(slow={"1": -3}), "cannot be driven at -3"),
        (Change(close=("1",), reopen=("1",)), "at once"),
    ],
)
def test_changes_that_cannot_be_meant_are_refused(change: Change, said: str) -> None:
    with pytest.raises(TrafficError, match=said):
        changed(RoadNetwork.of([(1, 2, 10, 1000)], zones=2), change)
