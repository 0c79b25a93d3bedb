"""Verbs, rules and constraints: studies are filled in order, options solved, proposed and decided by two people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from folkmoot.foundation.audit.models import Event
from folkmoot.services.places import actions, rules, tables
from folkmoot.services.places.actions import NotPossible
from folkmoot.services.places.models import Option, Status, Study
from folkmoot.services.places.question import Question
from folkmoot.services.places.tests import places

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(person: Callable[..., Any], organisation: Any) -> Any:
    return person("planner", organisation)


@pytest.fixture
def approver(person: Callable[..., Any], organisation: Any) -> Any:
    return person("approver", organisation)


@pytest.fixture
def study(organisation: Any, planner: Any) -> Study:
    return places.small(organisation, planner)


def _proposed(study: Study, by: Any) -> Option:
    return actions.propose(option=places.solved(study, by), reason="Most people, least cost.", at=timezone.now(), by=by)


def test_the_tables_of_a_study_come_back_as_they_were_given(study: Study) -> None:
    held = tables.read(study)
    assert (study.areas, study.people, study.sites, study.existing) == (4, 1000, 3, 1)
    assert held.existing == ("S1",)
    assert held.minutes.tolist() == [[0, 8, 20], [4, 4, 16], [8, 0, 12], [20, 12, 0]]


def test_an_option_is_solved_checked_and_measured(study: Study, planner: Any) -> None:
    option = places.solved(study, planner)
    # Old and New hall bring Ash, Birch and Cedar within five minutes: 900 of 1,000.
    assert (option.plan["objective"], option.plan["status"], option.open_sites) == (900.0, "optimal", ["S1", "S2"])
    assert option.findings["verdict"]["holds"] is True
    everybody = option.findings["groups"][0]
    assert (everybody["before"]["mean"], everybody["after"]["mean"]) == (4.8, 2.4)
    assert (everybody["gained"], everybody["lost"]) == (300.0, 0.0)


def test_what_cannot_be_meant_is_refused_before_anything_is_kept(study: Study, planner: Any) -> None:
    with pytest.raises(NotPossible, match="4 sites are to be open and there are 3 candidates"):
        actions.ask(study=study, name="Too many", asked=Question("mclp", p=4, radius=5.0), by=planner)
    assert not study.options.exists()


def test_tables_on_which_options_stand_are_not_changed(study: Study, planner: Any) -> None:
    places.solved(study, planner)
    held = tables.part(study, "areas")
    with pytest.raises(NotPossible, match="Options stand on the tables"):
        actions.put_areas(study=study, given=places.Given(held), by=planner)


def test_an_approver_decides_with_a_reason_and_the_history_keeps_both(
    study: Study, planner: Any, approver: Any
) -> None:
    option = _proposed(study, planner)
    with pytest.raises(NotPossible, match="Give a reason"):
        actions.approve(option=option, reason=" ", at=timezone.now(), by=approver)
    approved = actions.approve(option=option, reason="Fair to all.", at=timezone.now(), by=approver)
    assert (approved.status, approved.decided_by) == (Status.APPROVED, approver)
    assert [d.verb for d in option.decisions.all()] == ["propose", "approve"]
    told = list(Event.objects.filter(action__startswith="places.").order_by("at").values_list("action", flat=True))
    assert told[-3:] == ["places.ask", "places.propose", "places.approve"]


def test_nobody_decides_their_own_proposal(study: Study, organisation: Any, planner: Any) -> None:
    option = _proposed(study, planner)
    with pytest.raises(NotPossible, match="somebody else must decide"):
        actions.approve(option=option, reason="I like it.", at=timezone.now(), by=planner)
    # Nor can anything else write it: the database holds the same.
    with pytest.raises(IntegrityError), transaction.atomic():
        Option.objects.for_organisation(organisation).filter(pk=option.pk).update(
            status=Status.APPROVED, decided_by=planner, decided_at=timezone.now()
        )


def test_an_option_without_an_answer_cannot_be_proposed_nor_written_as_proposed(
    study: Study, organisation: Any, planner: Any
) -> None:
    actions.ask(study=study, name="Waiting", asked=Question("mclp", p=2, radius=5.0), by=planner)
    option = study.options.get()
    with pytest.raises(NotPossible, match="Only an option with a plan"):
        actions.propose(option=option, reason="Now.", at=timezone.now(), by=planner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Option.objects.for_organisation(organisation).update(status=Status.PROPOSED, proposed_by=planner)


def test_a_plan_whose_check_failed_cannot_be_proposed(study: Study, planner: Any) -> None:
    option = places.solved(study, planner)
    option.findings["verdict"]["holds"] = False
    option.save()
    with pytest.raises(NotPossible, match="did not hold"):
        actions.propose(option=option, reason="Trust me.", at=timezone.now(), by=planner)


def test_a_withdrawn_proposal_is_a_draft_again(study: Study, planner: Any) -> None:
    option = actions.withdraw(option=_proposed(study, planner), reason="New counts came.", by=planner)
    assert (option.status, option.proposed_by) == (Status.DRAFT, None)


def test_roles_count_where_they_are_held(
    person: Callable[..., Any], organisation: Any, other_organisation: Any
) -> None:
    planner, reader = person("planner", organisation), person("public_reader", organisation)
    assert rules.may_plan(planner, organisation)
    assert not rules.may_plan(planner, other_organisation)
    assert not rules.may_decide(planner, organisation)
    assert rules.may_read(reader, organisation)
    assert not rules.may_see(reader, organisation)
