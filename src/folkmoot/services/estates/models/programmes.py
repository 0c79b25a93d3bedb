"""A programme: a question about an estate, its answer, and how far it is on the way to a decision."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.services.estates.models.estates import Estate
from folkmoot.services.estates.models.rows import Row


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class Programme(Row):
    """What was asked, what was found, and who answers for it. `answer` is plain JSON, see `answers`."""

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="programmes")
    name = models.CharField(_("name"), max_length=120)
    question = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)
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
            models.UniqueConstraint(fields=["estate", "name"], name="a_programme_is_named_once"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="programme_status_is_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, proposed_by=None, decided_by=None)
                | Q(status=Status.PROPOSED, solved_at__isnull=False, proposed_by__isnull=False, decided_by=None)
                | Q(
                    status__in=[Status.APPROVED, Status.DECLINED], solved_at__isnull=False, proposed_by__isnull=False,
                    decided_by__isnull=False, decided_at__isnull=False,
                ),
                name="a_programme_is_solved_then_proposed_then_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_their_own_programme",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("estates:programme", args=[self.pk])

    @property
    def is_solved(self) -> bool:
        """The search has ended, if only with the reason why there is no plan."""
        return self.solved_at is not None

    @property
    def plan(self) -> dict[str, Any]:
        """The plan shown: within the limits or, where none can be, the one with the fewest sites."""
        return dict(self.answer.get("plan", {}))

    @property
    def has_plan(self) -> bool:
        return self.plan.get("objective") is not None

    @property
    def is_within_limits(self) -> bool:
        return self.has_plan and not self.answer.get("instead")
