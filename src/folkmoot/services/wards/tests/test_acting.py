"""Verbs, rules and questions of the wards."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from folkmoot.foundation.audit.models import Event
from folkmoot.foundation.outbox.models import Message
from folkmoot.services.wards import actions, path, queries, rules
from folkmoot.services.wards.actions import NotPossible
from folkmoot.services.wards.models import Delay, Hospital, TaskStatus
from folkmoot.services.wards.tests import hospital

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(organisation: Any) -> Hospital:
    return hospital.small(organisation)


@pytest.fixture
def clinician(person: Any, organisation: Any) -> Any:
    return person("clinician", organisation)


def _actions() -> list[str]:
    return list(Event.objects.order_by("at").values_list("action", flat=True))


def test_the_first_of_the_list_is_taken_without_a_word(place: Hospital, clinician: Any) -> None:
    task = hospital.first_task(place)
    assert queries.position(task=task) == 1
    taken = actions.take(task=task, at=timezone.now(), position=1, reason="", by=clinician)
    assert (taken.status, taken.held_by) == (TaskStatus.RUNNING, clinician)
    assert _actions() == ["wards.take"]


def test_taking_somebody_lower_asks_for_a_reason_and_keeps_it(place: Hospital, clinician: Any) -> None:
    task = place.stays.get(pseudonym="P-3").tasks.get(number=0)
    assert queries.position(task=task) == 3
    with pytest.raises(NotPossible, match="not the first of the list"):
        actions.take(task=task, at=timezone.now(), position=3, reason="", by=clinician)
    actions.take(task=task, at=timezone.now(), position=3, reason="family", by=clinician)
    kept = Delay.objects.for_organisation(place.organisation_id).get()
    assert (kept.out_of_order, kept.position, kept.reason) == (True, 3, "family")


def test_a_task_taken_twice_says_so(place: Hospital, clinician: Any) -> None:
    task = hospital.first_task(place)
    actions.take(task=task, at=timezone.now(), position=1, reason="", by=clinician)
    with pytest.raises(NotPossible, match="Social care assessment cannot be taken"):
        actions.take(task=task, at=timezone.now(), position=1, reason="", by=clinician)


def test_what_waited_only_for_a_task_is_ready_when_it_is_done(place: Hospital, clinician: Any) -> None:
    task = hospital.first_task(place)
    following = task.stay.tasks.get(number=1)
    assert following.ready_at is None
    now = timezone.now()
    actions.finish(task=task, at=now, by=clinician)
    following.refresh_from_db()
    assert following.ready_at == now


def test_a_patient_with_nothing_left_goes_home_and_others_are_told(place: Hospital, clinician: Any) -> None:
    stay = place.stays.get(pseudonym="P-1")
    for task in stay.tasks.all():
        actions.finish(task=task, at=timezone.now(), by=clinician)
    stay.refresh_from_db()
    assert stay.left_at is not None
    assert [m.kind for m in Message.objects.all()] == ["PatientDeparted"]


def test_the_first_planned_date_stays_and_moves_are_counted(place: Hospital, clinician: Any) -> None:
    stay = place.stays.get(pseudonym="P-1")
    first = stay.first_planned_discharge
    actions.plan(stay=stay, discharge=first + timedelta(days=2), by=clinician)
    actions.plan(stay=stay, discharge=first + timedelta(days=2), by=clinician)
    stay.refresh_from_db()
    assert (stay.first_planned_discharge, stay.planned_discharge_moves) == (first, 1)
    with pytest.raises(NotPossible, match="after the admission"):
        actions.plan(stay=stay, discharge=stay.admitted_at, by=clinician)


def test_the_discharge_ready_date_begins_once_and_is_rescinded(place: Hospital, clinician: Any) -> None:
    stay, now = place.stays.get(pseudonym="P-1"), timezone.now()
    actions.assess(stay=stay, meets_criteria=False, at=now, by=clinician)
    actions.assess(stay=stay, meets_criteria=False, at=now + timedelta(hours=5), by=clinician)
    assert stay.discharge_ready_at == now
    actions.assess(stay=stay, meets_criteria=True, at=now + timedelta(hours=6), by=clinician)
    assert stay.discharge_ready_at is None


def test_an_order_that_is_not_offered_is_refused(place: Hospital, clinician: Any) -> None:
    with pytest.raises(NotPossible):
        actions.choose_order(hospital=place, policy="clairvoyant", by=clinician)


def test_looking_at_the_board_is_recorded_before_it_is_shown(place: Hospital, clinician: Any) -> None:
    found = queries.board(hospital=place, by=clinician)
    assert len(found.rows) == 3
    assert _actions() == ["consulted"]


def test_the_page_trusts_no_position_but_its_own(client: Client, place: Hospital, clinician: Any) -> None:
    client.force_login(clinician)
    last = place.stays.get(pseudonym="P-3").tasks.get(number=0)
    sent = {"verb": "take", "position": "1", "form_token": str(uuid4())}
    client.post(f"/wards/tasks/{last.pk}/", sent)
    last.refresh_from_db()
    assert last.status == TaskStatus.OPEN


def test_a_role_counts_only_where_it_is_held(person: Any, organisation: Any, other_organisation: Any) -> None:
    from folkmoot.foundation.identity.models import Membership

    user = person("analyst", organisation)
    Membership.objects.create(user=user, organisation=other_organisation, role="clinician")
    assert rules.may_see_patients(user, other_organisation)
    assert not rules.may_see_patients(user, organisation)
    assert rules.may_analyse(user, organisation)


def test_an_auditor_sees_no_patient(person: Any, organisation: Any) -> None:
    assert not rules.may_enter(person("auditor", organisation))


def test_a_day_is_green_when_the_critical_path_moved(place: Hospital, clinician: Any) -> None:
    stay = place.stays.get(pseudonym="P-1")
    london = ZoneInfo("Europe/London")
    noon = datetime.combine(date(2026, 3, 2), datetime.min.time(), london) + timedelta(hours=12)
    beside = hospital.task(stay, stay.tasks.get(number=0).team, "imaging", 2, ready=noon - timedelta(hours=5))
    short = stay.tasks.get(number=2)
    assert not path.moved_on(list(stay.tasks.all()), noon.date())
    # Imaging leads home in 2 hours, the assessment and what follows it in 4: imaging holds nobody.
    stay.tasks.filter(number=0).update(ready_at=noon - timedelta(hours=9))
    actions.finish(task=beside, at=noon, by=clinician)
    assert short.pk == beside.pk
    assert not path.moved_on(list(stay.tasks.all()), noon.date())
    actions.finish(task=stay.tasks.get(number=0), at=noon, by=clinician)
    assert path.moved_on(list(stay.tasks.all()), noon.date())
    assert not path.moved_on(list(stay.tasks.all()), noon.date() + timedelta(days=1))
