"""A piece of background work, as the person who asked for it sees it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.foundation.identifiers import uuid7
from folkmoot.foundation.scope.models import OrganisationScoped


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting to start")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Job(OrganisationScoped):
    """Who asked for what, how far it is, and how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    worker = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Seconds, best value, bound: what the page draws while a search closes in.
    trail = models.JSONField(default=list)
    stop_asked_at = models.DateTimeField(null=True)

    class Meta(OrganisationScoped.Meta):
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=[State.DONE, State.FAILED], finished_at__isnull=False)
                | models.Q(state__in=[State.WAITING, State.RUNNING], finished_at__isnull=True),
                name="job_finished_when_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def ended(self) -> bool:
        return self.state in {State.DONE, State.FAILED}
