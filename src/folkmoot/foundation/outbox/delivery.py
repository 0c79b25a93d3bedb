"""Delivering what is due. Safe to run from several workers at once."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from folkmoot.foundation.outbox.consumers import named
from folkmoot.foundation.outbox.models import Delivery
from folkmoot.foundation.scope.context import writing_for
from folkmoot.vocabulary.events import decode

log = structlog.get_logger("folkmoot.outbox")
LONGEST_WAIT = timedelta(hours=1)


def deliver(limit: int = 100) -> int:
    """Deliver up to `limit` due messages, oldest first; return how many arrived."""
    due = Delivery.objects.filter(delivered_at=None, due_at__lte=timezone.now()).order_by("message_id", "pk")
    return sum(_attempt(key) for key in due.values_list("pk", flat=True)[:limit])


def _attempt(key: int) -> bool:
    try:
        with transaction.atomic():
            # The handler's work and the mark that it was done stand or fall together.
            delivery = (
                Delivery.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("message")
                .filter(pk=key, delivered_at=None)
                .first()
            )
            if delivery is None:
                return False
            consumer = named(delivery.consumer)
            if consumer is None:
                raise LookupError(f"Nobody is called {delivery.consumer} any more: the message waits for them.")
            event = decode(delivery.message.kind, delivery.message.body)
            with writing_for(lambda: frozenset({event.organisation})):
                consumer.handler(event)
            Delivery.objects.filter(pk=key).update(delivered_at=timezone.now(), error="")
            return True
    except Exception as fault:
        _postpone(key, fault)
        return False


def _postpone(key: int, fault: Exception) -> None:
    delivery = Delivery.objects.get(pk=key)
    wait = min(timedelta(seconds=2 ** min(delivery.attempts, 12)), LONGEST_WAIT)
    delivery.attempts, delivery.due_at, delivery.error = delivery.attempts + 1, timezone.now() + wait, str(fault)
    delivery.save(update_fields=["attempts", "due_at", "error"])
    log.warning("not delivered", consumer=delivery.consumer, attempts=delivery.attempts, error=str(fault))
