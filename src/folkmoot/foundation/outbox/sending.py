"""Publishing an event together with the change it tells of."""

from django.db import transaction
from django.utils import timezone

from folkmoot.foundation.outbox.consumers import of
from folkmoot.foundation.outbox.models import Delivery, Message
from folkmoot.vocabulary.events import Event, encode


def publish(event: Event) -> None:
    """Tell everyone who listens, once the surrounding transaction commits. Publishing the same id twice is once."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            f"{type(event).__name__} was published outside a transaction, so it could be told without having happened: "
            "decorate the action with @transaction.atomic."
        )
    kind, body = encode(event)
    message, new = Message.objects.get_or_create(id=event.id, defaults={"kind": kind, "body": body})
    if new:
        now = timezone.now()
        Delivery.objects.bulk_create(Delivery(message=message, consumer=each.name, due_at=now) for each in of(event))
