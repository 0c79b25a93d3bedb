"""A data set of movement: what came in, what is wrong with it, until when the devices' events are kept.

The events lie in the data directory (see `folders`), never here.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.services.highways.models.rows import Row


class Origin(models.TextChoices):
    TOWN = "town", _("An invented town")
    FILES = "files", _("Files of a mobile network")


class State(models.TextChoices):
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    FAILED = "failed", _("Cannot be used")
    DELETED = "deleted", _("Events deleted")


class Dataset(Row):
    """Events of some days with their cells and zones. `report` counts, and holds nothing about any one device."""

    name = models.CharField(_("name"), max_length=120)
    origin = models.CharField(max_length=10, choices=Origin)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    # Name of the part: file name, bytes and SHA-256 of what came in.
    files = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    zones = models.PositiveIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    job = models.UUIDField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)
    deletion_reason = models.TextField(max_length=2000, blank=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["-at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="movement_data_are_named_once"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="movement_origin_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.DELETED, deleted_by__isnull=False, deleted_at__isnull=False)
                & ~Q(deletion_reason="")
                | Q(state__in=[State.CHECKING, State.FAILED], deleted_by=None, deleted_at=None)
                | Q(state=State.CHECKED, checked_at__isnull=False, deleted_by=None, deleted_at=None),
                name="movement_data_are_checked_then_deleted_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("highways:dataset", args=[self.pk])

    @property
    def is_usable(self) -> bool:
        """Evidence can be made from it."""
        return self.state == State.CHECKED

    @property
    def opt_out_version(self) -> str:
        """Which opt-out list was taken off: the first digits of its digest; empty when there was none."""
        return str(self.files.get("opt_outs", {}).get("sha256", ""))[:16]

    @property
    def digests(self) -> dict[str, Any]:
        """SHA-256 of each part, for the manifest of what is released from it."""
        return {part: about["sha256"] for part, about in sorted(self.files.items())}
