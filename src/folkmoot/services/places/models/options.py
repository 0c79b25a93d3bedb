"""An option: a question to the solver, its plan with the certificate, and how far it is on the way to a decision."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.services.places.models.rows import Row
from folkmoot.services.places.models.studies import Study


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class Option(Row):
    """What was asked, what was found, and who answers for it. `plan` is the engine's record, certificate included."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="options")
    name = models.CharField(_("name"), max_length=120)
    question = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    findings = models.JSONField(default=dict)
    alternatives = models.JSONField(default=dict)
    robustness = models.JSONField(default=dict)
    job = models.UUIDField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    solved_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "name"], name="an_option_is_named_once"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="option_status_is_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, proposed_by=None, decided_by=None)
                | Q(status=Status.PROPOSED, solved_at__isnull=False, proposed_by__isnull=False, decided_by=None)
                | Q(
                    status__in=[Status.APPROVED, Status.DECLINED], solved_at__isnull=False, proposed_by__isnull=False,
                    decided_by__isnull=False, decided_at__isnull=False,
                ),
                name="an_option_is_solved_then_proposed_then_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_their_own_proposal",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("places:option", args=[self.pk])

    @property
    def is_solved(self) -> bool:
        """The solver has answered, if only that there is no plan."""
        return self.solved_at is not None

    @property
    def has_plan(self) -> bool:
        return bool(self.plan) and self.plan.get("objective") is not None

    @property
    def open_sites(self) -> list[Any]:
        return list(self.plan.get("open", []))
