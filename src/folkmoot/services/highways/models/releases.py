"""A release: a table somebody asked for, what disclosure control made of it, who decided that it may leave."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.services.highways.models.datasets import Dataset
from folkmoot.services.highways.models.rows import Row


class Status(models.TextChoices):
    WORKING = "working", _("Being made")
    UNSAFE = "unsafe", _("Stopped by disclosure control")
    CANDIDATE = "candidate", _("Waits for a decision")
    REFUSED = "refused", _("Refused")
    APPROVED = "approved", _("Approved, being published")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class LawfulBasis(models.TextChoices):
    """UK GDPR, article 6(1)."""

    PUBLIC_TASK = "public_task", _("Public task, article 6(1)(e)")
    LEGITIMATE_INTERESTS = "legitimate_interests", _("Legitimate interests, article 6(1)(f)")
    CONSENT = "consent", _("Consent, article 6(1)(a)")
    LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation, article 6(1)(c)")


_OPEN = (Status.WORKING, Status.UNSAFE, Status.CANDIDATE)
_OUT = (Status.PUBLISHED, Status.WITHDRAWN)


class Release(Row):
    """What was asked and how far it is. Numbers are in its folder alone; `report` counts cells and names no blank one."""

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="releases")
    name = models.CharField(_("name"), max_length=80)
    by_hour = models.BooleanField(default=False)
    by_mode = models.BooleanField(default=False)
    with_totals = models.BooleanField(default=True)
    k = models.PositiveIntegerField()
    minimum_k = models.PositiveIntegerField()
    round_base = models.PositiveIntegerField()
    purpose = models.TextField(_("purpose"), max_length=2000)
    lawful_basis = models.CharField(_("lawful basis"), max_length=30, choices=LawfulBasis)
    opt_out_version = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WORKING)
    report = models.JSONField(default=dict)
    # Why disclosure control stopped it: a sentence that holds no count.
    stopped_because = models.TextField(blank=True)
    # SHA-256 of the manifest that was published.
    digest = models.CharField(max_length=64, blank=True)
    job = models.UUIDField(null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    made_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["-requested_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_release_is_named_once"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="release_status_is_known"),
            models.CheckConstraint(condition=Q(lawful_basis__in=LawfulBasis.values), name="release_basis_is_known"),
            models.CheckConstraint(condition=~Q(purpose=""), name="a_release_has_a_purpose"),
            models.CheckConstraint(
                condition=Q(k__gte=F("minimum_k"), minimum_k__gte=3), name="a_release_keeps_the_threshold"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_OPEN)
                | Q(status__in=[Status.REFUSED, Status.APPROVED], decided_by__isnull=False, decided_at__isnull=False)
                | Q(status__in=_OUT, decided_by__isnull=False, decided_at__isnull=False, published_at__isnull=False)
                & ~Q(digest=""),
                name="a_release_is_decided_then_published",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.WITHDRAWN, withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                | ~Q(status=Status.WITHDRAWN) & Q(withdrawn_by=None, withdrawn_at=None),
                name="a_withdrawal_has_a_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")),
                name="nobody_approves_their_own_release",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("highways:release", args=[self.pk])

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that name a cell."""
        return ("origin", "destination", *(["hour"] * self.by_hour), *(["mode"] * self.by_mode))

    @property
    def is_out(self) -> bool:
        """Its numbers have left, so they count in every later audit: withdrawing takes none of them back."""
        return self.status in _OUT

    @property
    def shown(self) -> dict[str, Any]:
        """The disclosure report; empty before there is one."""
        return dict(self.report)
