"""Events waiting to be delivered, and to whom."""

from typing import ClassVar

from django.db import models


class Message(models.Model):
    """An event as it was published, in the transaction of the change it tells of."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=100)
    body = models.TextField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "outbox_message"


class Delivery(models.Model):
    """One message on its way to one consumer."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    consumer = models.CharField(max_length=100)
    delivered_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        db_table = "outbox_delivery"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["message", "consumer"], name="outbox_once_to_each"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=models.Q(delivered_at=None), name="outbox_due"),
        ]
