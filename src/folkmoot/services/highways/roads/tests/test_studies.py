"""Studies and schemes by their verbs: taken in, assigned, changed, run, ranked, proposed and decided, every step audited."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from folkmoot.engines.traffic import TrafficError
from folkmoot.foundation.audit.models import Event
from folkmoot.services.highways.actions.audited import NotPossible
from folkmoot.services.highways.roads import actions, kept, presenters, sources
from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy
from folkmoot.services.highways.roads.tests import nets

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(person: Callable[..., Any], organisation: Any) -> Any:
    return person("planner", organisation)


@pytest.fixture
def study(organisation: Any, planner: Any) -> RoadStudy:
    return nets.study(organisation, planner)


def test_the_narrow_bridge_is_the_worst_and_has_a_queue(study: RoadStudy) -> None:
    assert [row["name"] for row in study.findings["busiest"]] == ["B17", "A7", "", ""]
    worst = study.findings["worst"][0]
    assert (worst["name"], worst["kind"]) == ("B17", "secondary")
    assert worst["voc"] > 1
    assert worst["from"] is not None
    assert max(worst["queue"]) > 0
    assert study.findings["converged"]
    assert study.findings["gap"] <= 1e-4
    assert [step for step, _gap in study.findings["trail"]] == list(range(1, study.findings["iterations"] + 1))


def test_what_is_kept_is_what_was_found(study: RoadStudy, tmp_path: Path) -> None:
    from folkmoot.engines.traffic import equilibrium

    given = nets.given(tmp_path)
    fresh = equilibrium(given.network, given.demand, gap=1e-4)
    base = kept.base(study)
    np.testing.assert_array_equal(base.flows, fresh.flows)
    assert base.vehicle_hours == fresh.vehicle_hours
    assert base.network.link_id == given.network.link_id
    for one, two in zip(base.network.geometry, given.network.geometry, strict=True):
        assert (one is None) == (two is None)
        assert one is None or np.array_equal(one, two)


def test_a_file_in_which_nothing_can_be_found_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(TrafficError, match=r"Row 3 of “trips.csv” has 'many'"):
        nets.given(tmp_path, trips="origin,destination,trips\nA,B,1\nB,A,many\n")
    with pytest.raises(TrafficError, match=r"Row 2 of “trips\.csv” has the zone “Z”"):
        nets.given(tmp_path, trips="origin,destination,trips\nA,Z,1\n")


@pytest.mark.parametrize(
    ("trips", "said"),
    [
        ("origin,destination,people\nA,B,1\n", "the field “Column of trips”"),
        ("origin,destination,trips\nA,Z,1\n", "the box “Leave out trips beyond the zones”"),
    ],
)
def test_somebody_at_a_page_is_told_of_fields_not_of_options(tmp_path: Path, trips: str, said: str) -> None:
    with pytest.raises(TrafficError) as refused:
        nets.given(tmp_path, trips=trips)
    told = sources.on_a_page(str(refused.value))
    assert said in told
    assert "--" not in told


def test_people_become_vehicles_and_heavy_goods_are_added(tmp_path: Path) -> None:
    asked = sources.Asked(hour_share=0.5, occupancy=1.25, heavy_share=0.1)
    given = nets.given(tmp_path, asked)
    cars, heavy = given.demand.total("car"), given.demand.total("heavy")
    assert cars == pytest.approx(3740 * 0.5 / 1.25)
    assert heavy / (cars + heavy) == pytest.approx(0.1)
    assert given.low is not None
    assert given.low[0, 0, 1] == pytest.approx(2500 * 0.5 / 1.25)
    said = " ".join(given.statements())
    assert "1.25 people in each vehicle" in said
    assert "0.1 of all vehicles are heavy goods" in said


def test_widening_the_bridge_saves_time_and_closing_it_costs_some(study: RoadStudy, planner: Any) -> None:
    wider = nets.scheme(study, planner)
    closed = nets.scheme(study, planner, "No bridge", what="close", value=None)
    assert wider.saved > 1
    assert closed.saved < -1
    assert len(wider.changes) == 2
    after = kept.after(closed)
    k = after.network.index(nets.bridge(study))
    assert after.network.closed[k]
    assert after.flows[:, k].sum() == 0
    assert {row["name"] for row in wider.findings["rows"]} >= {"A7", "B17"}


def test_a_change_after_a_run_makes_the_run_void(study: RoadStudy, planner: Any) -> None:
    scheme = nets.scheme(study, planner)
    scheme = actions.take_back(scheme=scheme, number=1, by=planner)
    assert (scheme.is_run, len(scheme.changes), scheme.findings) == (False, 1, {})
    with pytest.raises(NotPossible, match="run it first"):
        actions.propose(scheme=scheme, reason="Good.", at=timezone.now(), by=planner)


@pytest.mark.parametrize(
    ("link", "said"), [("nowhere", "There is no link “nowhere”"), ("A<1", "joins a zone to the roads")]
)
def test_what_is_no_road_cannot_be_changed(study: RoadStudy, planner: Any, link: str, said: str) -> None:
    scheme = nets.scheme(study, planner, wait=True)
    if link == "A<1":
        link = next(each for each in kept.network(study).link_id if each.startswith("A"))
    with pytest.raises(NotPossible, match=said):
        actions.change(scheme=scheme, link=link, what="close", value=None, both_ways=True, by=planner)


def test_schemes_are_ranked_by_time_for_a_pound_with_intervals(study: RoadStudy, planner: Any) -> None:
    nets.scheme(study, planner)
    nets.scheme(study, planner, "Wider and dear", pounds=20_000_000)
    actions.rank(study=study, asked={"draws": 4, "cell_cv": 0.2, "total_cv": 0.05}, by=planner)
    assert nets.started(study.organisation).error == ""
    study.refresh_from_db()
    first, second = study.ranking["rows"]
    assert [first["name"], second["name"]] == ["Wider bridge", "Wider and dear"]
    value, low, high = first["per_million"]
    assert low < value < high or low < high
    assert first["saved"] == second["saved"]
    assert first["first_in"] == 1.0
    assert study.ranking["bounds"]
    shown: Any = presenters.ranking(study)
    assert shown["stale"] == ""
    actions.take_back(scheme=study.schemes.get(name="Wider bridge"), number=1, by=planner)
    again: Any = presenters.ranking(study)
    assert "Wider bridge" in again["stale"]


def test_nobody_decides_their_own_scheme_and_a_decided_one_stays(
    study: RoadStudy, planner: Any, person: Callable[..., Any]
) -> None:
    approver = person("approver", study.organisation)
    scheme = actions.propose(scheme=nets.scheme(study, planner), reason="Good.", at=timezone.now(), by=planner)
    with pytest.raises(NotPossible, match="somebody else"):
        actions.decide(scheme=scheme, verb="approve", reason="Mine.", at=timezone.now(), by=planner)
    with pytest.raises(NotPossible, match="proposed, so its flows stay"):
        actions.assign(study=study, by=planner)
    scheme = actions.decide(scheme=scheme, verb="approve", reason="Fair.", at=timezone.now(), by=approver)
    with pytest.raises(NotPossible, match="not a draft any more"):
        actions.change(scheme=scheme, link="1", what="close", value=None, both_ways=False, by=planner)
    steps = Event.objects.filter(action__startswith="highways.").values_list("action", flat=True)
    assert {"highways.take_roads", "highways.assign", "highways.propose_scheme", "highways.approve_scheme"} <= set(
        steps
    )


def test_the_database_itself_refuses_a_scheme_decided_by_its_proposer(study: RoadStudy, planner: Any) -> None:
    scheme = actions.propose(scheme=nets.scheme(study, planner), reason="Good.", at=timezone.now(), by=planner)
    rows = RoadScheme.objects.for_organisation(study.organisation).filter(pk=scheme.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(status="approved", decided_by=planner, decided_at=timezone.now())


def test_counts_are_held_beside_the_flows(organisation: Any, planner: Any) -> None:
    base = nets.study(organisation, planner)
    link = nets.bridge(base)
    counted = nets.study(organisation, planner, "Counted", counts=f"link_id,count\n{link},2400\n")
    fit = counted.findings["fit"]
    assert fit["rows"][0]["link"] == link
    assert fit["rows"][0]["geh"] < 20
    assert presenters.study(counted, [])["fit"]["told"].startswith("GEH is below 5 on")


def test_the_map_has_every_road_once_each_way_and_no_connector(study: RoadStudy, planner: Any, client: Client) -> None:
    client.force_login(planner)
    answer = client.get(f"/highways/roads/{study.pk}/flows.geojson").json()
    keys = [each["properties"]["key"] for each in answer["features"]]
    network = kept.network(study)
    assert sorted(keys) == sorted(link for link, kind in zip(network.link_id, network.kind) if kind != "connector")
    assert all(each["properties"]["side"] for each in answer["features"])
    fullest = next(each for each in answer["features"] if each["properties"]["key"] == nets.bridge(study))
    assert fullest["properties"]["class"] == 5
    assert {each["properties"]["class"] for each in answer["features"]} <= {1, 2, 3, 4, 5}


def test_a_release_gives_its_trips_and_no_blank_cell(tmp_path: Path, study: RoadStudy) -> None:
    import pyarrow as pa

    class Released:
        published = type("P", (), {"measure": "trips", "keys": ("origin", "destination", "hour", "mode")})
        table = pa.table(
            {
                "origin": ["A", "A", "A", None, "B", "A"], "destination": ["B", "B", "C", "B", "A", "B"],
                "hour": ["8", "9", "8", "8", "8", "8"], "mode": ["road", "road", "rail", "road", "heavy", "heavy"],
                "trips": [900.0, 400.0, 50.0, 900.0, 30.0, 10.0], "low": [800.0, 1.0, 1.0, 1.0, 20.0, 5.0],
                "high": [1000.0, 1.0, 1.0, 1.0, 40.0, 15.0],
            }
        )  # fmt: skip
        suppressed = pa.table({"origin": ["C"], "reason": ["few"]})

    nets.given(tmp_path)
    found = sources.from_release(
        Released(),  # type: ignore[arg-type]
        "March", tmp_path / "roads.geojson", tmp_path / "zones.geojson", sources.Asked(hour=8, occupancy=1.5),
    )  # fmt: skip
    assert found.demand.total("car") == pytest.approx(900 / 1.5)
    assert found.demand.total("heavy") == 40
    assert found.low[0].sum() == pytest.approx(800 / 1.5)
    assert found.high[1].sum() == 55
    assert "1 cells were held back" in " ".join(found.statements())


def test_the_demonstration_has_a_scheme_approved_and_one_proposed_and_is_made_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from folkmoot.foundation.identity.personas import make
    from folkmoot.services.highways.roads import seed

    make()
    monkeypatch.setattr(seed, "RESIDENTS", 3000)
    monkeypatch.setattr(seed, "TRIPS_EACH", 15.0)
    seed.demo()
    seed.demo()
    everybody = RoadScheme.objects.across_organisations(because="the test looks at all of the demonstration")
    assert sorted(each.status for each in everybody) == ["approved", "draft", "proposed"]
    ranked = everybody.first().study.ranking["rows"]
    assert len(ranked) == 3
    assert "invented" in " ".join(everybody.first().study.statements)
