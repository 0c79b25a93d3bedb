"""A study of roads, the schemes asked of it, and what was decided. Arrays of a study are files, see `kept`."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.services.highways.models.rows import Row


class Source(models.TextChoices):
    FILES = "files", _("Files of our own")
    RELEASE = "release", _("A published release of ours")
    TOWN = "town", _("An invented town")


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class Verb(models.TextChoices):
    PROPOSE = "propose", _("Proposed")
    WITHDRAW = "withdraw", _("Withdrawn")
    APPROVE = "approve", _("Approved")
    DECLINE = "decline", _("Declined")


class RoadStudy(Row):
    """A network, the trips of an hour on it, and what equilibrium makes of both.

    `facts`: sizes and assumptions as given. `findings`: what the assignment says; empty until there is one. `ranking`:
    schemes by delay saved for a pound, with what was asked.
    """

    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(max_length=10, choices=Source)
    facts = models.JSONField(default=dict)
    statements = models.JSONField(default=list)
    findings = models.JSONField(default=dict)
    ranking = models.JSONField(default=dict)
    job = models.UUIDField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    assigned_at = models.DateTimeField(null=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["-at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_road_study_is_named_once"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="road_study_source_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("highways:road_study", args=[self.pk])

    @property
    def is_assigned(self) -> bool:
        """There are flows to look at."""
        return self.assigned_at is not None


class RoadScheme(Row):
    """Changes to links at a cost, and what they do. `changes`: rows of link, what (close, widen, slow) and value."""

    study = models.ForeignKey(RoadStudy, on_delete=models.PROTECT, related_name="schemes")
    name = models.CharField(_("name"), max_length=120)
    pounds = models.PositiveBigIntegerField(_("cost in pounds"))
    changes = models.JSONField(default=list)
    findings = models.JSONField(default=dict)
    job = models.UUIDField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    run_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "name"], name="a_road_scheme_is_named_once"),
            models.CheckConstraint(condition=Q(pounds__gt=0), name="a_road_scheme_costs_something"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="road_scheme_status_is_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, proposed_by=None, decided_by=None)
                | Q(status=Status.PROPOSED, run_at__isnull=False, proposed_by__isnull=False, decided_by=None)
                | Q(
                    status__in=[Status.APPROVED, Status.DECLINED], run_at__isnull=False, proposed_by__isnull=False,
                    decided_by__isnull=False, decided_at__isnull=False,
                ),
                name="a_road_scheme_is_run_then_proposed_then_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_their_own_road_scheme",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("highways:road_scheme", args=[self.pk])

    @property
    def is_run(self) -> bool:
        """It has been assigned with its changes as they are."""
        return self.run_at is not None

    @property
    def saved(self) -> float:
        """Vehicle-hours that it saves in the hour, once it is run."""
        found: dict[str, Any] = self.findings
        return float(found["before"]["vehicle_hours"]) - float(found["after"]["vehicle_hours"])


class RoadDecision(Row):
    """A step on the way of a scheme, with its reason; none is ever changed."""

    scheme = models.ForeignKey(RoadScheme, on_delete=models.CASCADE, related_name="decisions")
    verb = models.CharField(max_length=10, choices=Verb)
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(verb__in=Verb.values), name="road_verb_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_road_decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.get_verb_display()}"
