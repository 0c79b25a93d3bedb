"""Told if and only if it happened; at least once to each; once in the database."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from folkmoot.foundation import outbox
from folkmoot.foundation.identifiers import uuid7
from folkmoot.foundation.identity.models import Organisation
from folkmoot.foundation.outbox import consumers
from folkmoot.foundation.outbox.models import Delivery, Message
from folkmoot.vocabulary.events import BedFreed, Event, PatientDeparted

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    events: list[Event] = []
    outbox.consume(BedFreed, "test.listener", events.append)
    yield events
    consumers.forget("test.listener")


@pytest.fixture
def freed(organisation: Any) -> BedFreed:
    return BedFreed(id=uuid7(), occurred_at=timezone.now(), organisation=organisation.pk, ward="A1", bed="4")


def test_an_event_reaches_who_listens_and_nobody_else(heard: list[Event], freed: BedFreed) -> None:
    outbox.publish(freed)
    outbox.publish(
        PatientDeparted(id=uuid7(), occurred_at=timezone.now(), organisation=freed.organisation, stay="S", ward="A1")
    )
    assert heard == []
    assert outbox.deliver() == 1
    assert heard == [freed]
    assert outbox.deliver() == 0


def test_what_is_rolled_back_is_not_told(heard: list[Event], freed: BedFreed) -> None:
    with transaction.atomic():
        outbox.publish(freed)
        transaction.set_rollback(True)
    outbox.deliver()
    assert heard == []


def test_the_same_event_published_twice_is_told_once(heard: list[Event], freed: BedFreed) -> None:
    outbox.publish(freed)
    outbox.publish(freed)
    outbox.deliver()
    assert heard == [freed]
    assert Message.objects.count() == 1


def test_a_handler_that_fails_leaves_nothing_behind_and_is_tried_again(freed: BedFreed) -> None:
    calls: list[Event] = []

    def handler(event: Event) -> None:
        calls.append(event)
        Organisation.objects.create(code=f"made{len(calls)}", name="made")
        if len(calls) == 1:
            raise ConnectionError("The bed board does not answer.")

    outbox.consume(BedFreed, "test.listener", handler)
    try:
        outbox.publish(freed)
        assert outbox.deliver() == 0
        waiting = Delivery.objects.get()
        assert (waiting.attempts, waiting.error) == (1, "The bed board does not answer.")
        assert outbox.deliver() == 0, "not before its time"
        Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        assert outbox.deliver() == 1
        assert [each.code for each in Organisation.objects.filter(name="made")] == ["made2"]
    finally:
        consumers.forget("test.listener")


def test_one_failing_listener_does_not_keep_the_others_waiting(heard: list[Event], freed: BedFreed) -> None:
    def broken(event: Event) -> None:
        raise ValueError("No.")

    outbox.consume(BedFreed, "test.a_broken_one", broken)
    try:
        outbox.publish(freed)
        assert outbox.deliver() == 1
        assert heard == [freed]
    finally:
        consumers.forget("test.a_broken_one")


def test_a_message_for_somebody_who_left_waits_for_them(heard: list[Event], freed: BedFreed) -> None:
    outbox.publish(freed)
    consumers.forget("test.listener")
    assert outbox.deliver() == 0
    assert "waits for them" in Delivery.objects.get().error


def test_two_listeners_of_one_name_are_refused(heard: list[Event]) -> None:
    with pytest.raises(ValueError, match="Two consumers are called"):
        outbox.consume(BedFreed, "test.listener", lambda event: None)


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused(
    heard: list[Event], person: Callable[..., Any], organisation: Any
) -> None:
    event = BedFreed(id=uuid7(), occurred_at=timezone.now(), organisation=organisation.pk, ward="A1", bed="4")
    with pytest.raises(RuntimeError, match="outside a transaction"):
        outbox.publish(event)
