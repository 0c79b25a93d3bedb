"""Verbs, rules and constraints: an estate is brought in, programmes worked out, proposed and decided by two people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from folkmoot.foundation.audit.models import Event
from folkmoot.services.estates import actions, question, rules, tables
from folkmoot.services.estates.actions import NotPossible
from folkmoot.services.estates.models import Estate, Programme, Status
from folkmoot.services.estates.question import Question
from folkmoot.services.estates.tests import estates

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(person: Callable[..., Any], organisation: Any) -> Any:
    return person("planner", organisation)


@pytest.fixture
def approver(person: Callable[..., Any], organisation: Any) -> Any:
    return person("approver", organisation)


@pytest.fixture
def estate(organisation: Any, planner: Any) -> Estate:
    return estates.small(organisation, planner)


def _proposed(estate: Estate, by: Any) -> Programme:
    return actions.propose(programme=estates.solved(estate, by), reason="It saves most.", at=timezone.now(), by=by)


def test_the_tables_of_an_estate_come_back_as_they_were_given(estate: Estate) -> None:
    given, travel = estates.given(), tables.travel(estate)
    assert tables.sites(estate) == given.sites
    assert travel is not None
    assert given.travel is not None
    assert (travel.areas, travel.sites) == (given.travel.areas, given.travel.sites)
    assert travel.minutes.tolist() == given.travel.minutes.tolist()
    assert (estate.sites, estate.others, estate.total) == (5, 2, 7)


def test_a_programme_is_worked_out_checked_and_valued(estate: Estate, planner: Any) -> None:
    programme = estates.solved(estate, planner)
    plan = programme.plan
    assert (plan["sites_today"], plan["gap"] <= 0.0005) == (7, True)
    assert plan["sites_after"] <= 5
    assert programme.answer["value"]["npv"] == pytest.approx(-plan["objective"], rel=1e-6)
    assert programme.answer["frontier"]["points"][0]["sites"] == 7
    assert {row["decile"] for row in programme.answer["access"]} == {1, 9}


def test_what_cannot_be_meant_is_refused_before_anything_is_kept(estate: Estate, planner: Any) -> None:
    with pytest.raises(NotPossible, match="R1 is to be both kept and closed"):
        actions.ask(
            estate=estate, name="Both", by=planner, asked=Question(must_keep=("R1",), must_close=("R1",))
        )  # fmt: skip
    assert not estate.programmes.exists()


def test_travel_limits_without_travel_times_are_refused(organisation: Any, planner: Any) -> None:
    blind = estates.small(organisation, planner, travel=False)
    with pytest.raises(NotPossible, match="this estate has none"):
        actions.ask(estate=blind, name="Near", asked=Question(most_minutes=10.0), by=planner)


def test_where_the_limit_cannot_be_reached_the_breach_and_the_fewest_sites_are_told(
    estate: Estate, planner: Any
) -> None:
    programme = estates.solved(estate, planner, "One", max_sites=1)
    assert programme.answer["status"] == "infeasible"
    assert programme.answer["breaches"]
    assert "A limit of 1 cannot be kept" in programme.answer["instead"]
    assert not programme.is_within_limits
    with pytest.raises(NotPossible, match="breaks the limits"):
        actions.propose(programme=programme, reason="Nearly.", at=timezone.now(), by=planner)


def test_a_stated_figure_is_no_longer_listed_as_assumed_and_the_frontier_is_drawn_again(
    estate: Estate, organisation: Any, planner: Any
) -> None:
    actions.draw_frontier(estate=estate, by=planner)
    assert estates.started(organisation).error == ""
    estate.refresh_from_db()
    assert estate.frontier["points"]
    stated = actions.state_figures(estate=estate, figures={"closing_cost": 90.0}, by=planner)
    assert stated.frontier == {}
    given = {one.name: (one.value, one.given) for one in question.settings(stated).assumptions}
    assert given["closing_cost"] == (90.0, True)
    assert given["refit_clinical"] == (1500, False)


def test_an_impossible_figure_is_refused_and_nothing_is_kept(estate: Estate, planner: Any) -> None:
    with pytest.raises(NotPossible, match="cannot be above 1"):
        actions.state_figures(estate=estate, figures={"usable_empty_share": 7.0}, by=planner)
    estate.refresh_from_db()
    assert estate.assumptions == {}


def test_what_is_stated_of_a_site_counts_from_the_next_programme_on(estate: Estate, planner: Any) -> None:
    facts = {"code": "R4", "tenure": "leasehold", "lease_end": 2040, "rent": 12_000.0, "lease_break": None}
    actions.state_site(estate=estate, facts=facts, by=planner)
    one = next(site for site in question.sites(estate) if site.code == "R4")
    assert (one.tenure, one.lease_end) == ("leasehold", 2040)
    assert one.cost("rent").pence == 1_200_000


def test_desks_follow_from_people_mobile_share_peak_and_people_a_desk(estate: Estate, planner: Any) -> None:
    office = {
        "site": "R3", "headcount": 20, "mobile_share": [0.2, 0.3, 0.4], "peak_factor": [0.9, 1.0, 1.1],
        "people_per_desk": [1.2, 1.5, 2.0], "m2_per_desk": 8.0,
    }  # fmt: skip
    actions.state_desks(estate=estate, office=office, by=planner)
    # 20 × 0.7 × 1.0 ÷ 1.5 = 9.3, so 10 desks of 8 m².
    one = next(site for site in question.sites(estate) if site.code == "R3")
    assert dict(one.needs)["non-clinical"] == 80.0
    assert any("R3 needs 10 desks (6 to 15" in said for said in question.programme(Question(), estate).statements)


def test_an_approver_decides_with_a_reason_and_the_history_keeps_both(
    estate: Estate, planner: Any, approver: Any
) -> None:
    programme = _proposed(estate, planner)
    with pytest.raises(NotPossible, match="Give a reason"):
        actions.approve(programme=programme, reason=" ", at=timezone.now(), by=approver)
    approved = actions.approve(programme=programme, reason="Fair.", at=timezone.now(), by=approver)
    assert (approved.status, approved.decided_by) == (Status.APPROVED, approver)
    assert [d.verb for d in programme.decisions.all()] == ["propose", "approve"]
    told = list(Event.objects.filter(action__startswith="estates.").order_by("at").values_list("action", flat=True))
    assert told == ["estates.take_in", "estates.ask", "estates.propose", "estates.approve"]


def test_nobody_decides_their_own_proposal(estate: Estate, organisation: Any, planner: Any) -> None:
    programme = _proposed(estate, planner)
    with pytest.raises(NotPossible, match="somebody else must decide"):
        actions.approve(programme=programme, reason="I like it.", at=timezone.now(), by=planner)
    # Nor can anything else write it: the database holds the same.
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.for_organisation(organisation).filter(pk=programme.pk).update(
            status=Status.APPROVED, decided_by=planner, decided_at=timezone.now()
        )


def test_a_programme_that_was_proposed_keeps_its_plan(estate: Estate, organisation: Any, planner: Any) -> None:
    programme = estates.solved(estate, planner)
    actions.solve_again(programme=programme, by=planner)
    actions.propose(programme=programme, reason="It saves most.", at=timezone.now(), by=planner)
    assert "its plan stays as it is" in estates.started(organisation).error
    with pytest.raises(NotPossible, match="its plan stays as it is"):
        actions.solve_again(programme=programme, by=planner)


def test_a_programme_without_an_answer_cannot_be_proposed_nor_written_as_proposed(
    estate: Estate, organisation: Any, planner: Any
) -> None:
    actions.ask(estate=estate, name="Waiting", asked=Question(), by=planner)
    with pytest.raises(NotPossible, match="Only a programme with a plan"):
        actions.propose(programme=estate.programmes.get(), reason="Now.", at=timezone.now(), by=planner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.for_organisation(organisation).update(status=Status.PROPOSED, proposed_by=planner)


def test_a_withdrawn_proposal_is_a_draft_again(estate: Estate, planner: Any) -> None:
    programme = actions.withdraw(programme=_proposed(estate, planner), reason="New rents came.", by=planner)
    assert (programme.status, programme.proposed_by) == (Status.DRAFT, None)


def test_roles_count_where_they_are_held(
    person: Callable[..., Any], organisation: Any, other_organisation: Any
) -> None:
    planner, reader = person("planner", organisation), person("public_reader", organisation)
    assert rules.may_plan(planner, organisation)
    assert not rules.may_plan(planner, other_organisation)
    assert not rules.may_decide(planner, organisation)
    assert rules.may_read(reader, organisation)
    assert not rules.may_see(reader, organisation)
