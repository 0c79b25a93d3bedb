"""The log's tables. Everything is text, so that the stand-alone reader needs no knowledge of Django.

Rows of Event, Leaf, Node and Head are never changed: triggers refuse it (migration 0002). Salts may be deleted:
that is how a person's values are forgotten while every old proof still verifies.
"""

from typing import ClassVar

from django.db import models


class Event(models.Model):
    """Something done or seen. `body` is the canonical JSON that is hashed; the columns repeat it, to be searched."""

    id = models.CharField(primary_key=True, max_length=36)
    at = models.CharField(max_length=32)
    actor = models.CharField(max_length=64)
    organisation = models.CharField(max_length=36, blank=True)
    action = models.CharField(max_length=100)
    target = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        db_table = "audit_event"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "at"], name="audit_of_organisation"),
            models.Index(fields=["target"], name="audit_of_target"),
            models.Index(fields=["actor", "at"], name="audit_of_actor"),
        ]


class Pending(models.Model):
    """An event committed with its change, waiting for its place in the tree."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "audit_pending"


class Salt(models.Model):
    """What makes an event's digests impossible to guess; deleting it forgets the values."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="+")
    salt = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_salt"


class Leaf(models.Model):
    """The event's place: 1, 2, 3… without gaps, given by the one sequencer."""

    seq = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="leaf")
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_leaf"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_places_begin_at_one"),
        ]


class Node(models.Model):
    """The hash of a perfect subtree above the leaves, kept so that proofs need no replay."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_node"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["level", "index"], name="audit_node_once"),
        ]


class Head(models.Model):
    """A signed tree head, as it was written to the witness directory."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    at = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    class Meta:
        db_table = "audit_head"
